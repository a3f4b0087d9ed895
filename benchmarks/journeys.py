"""Four weeks of journeys with satisfaction: 2,000 contacts a day, 100 replications."""

import tempfile
from collections.abc import Callable
from pathlib import Path

from benchmarks.measure import Measurement, command, processor_seconds

SCENARIO = """
[center]
name = "Four weeks of journeys"
days = 28
open = "08:00-20:00"
busyness = "8%"
[queue.calls]
volume = "1200 a day"
talk = "lognormal 5min cv 0.9"
wrap = "exponential 40s"
patience = "exponential 3min"
resolved = "74%"
resolution = { transferred = "86%", context_lost = "92%" }
retry = { share = "40%", after = "exponential 15min" }
repeat = { share = "55%", after = "lognormal 1day cv 1", carried = "50%", lost = "+20%" }
transfer = { chat = { share = "5%", carried = "60%", lost = "+50s" } }
[queue.chat]
channel = "chat"
volume = "800 a day"
talk = "lognormal 8min cv 0.7"
patience = "exponential 4min"
resolved = "68%"
repeat = { share = "50%", after = "exponential 12h", by = "calls", carried = "20%", lost = "+25%" }
[bot.chat]
tried = "80%"
session = "lognormal 2min cv 0.6"
contained = "25%"
resolved = "60%"
handover = { carried = "30%", talk = "-40s", lost = "+20s" }
[group.phones]
agents = 14
skills = { calls = 1 }
tenure = [{ share = "20%", speed = "85%", resolves = "90%" }]
wage = 22
[group.digital]
agents = 8
skills = { chat = { level = 1, at_once = 2, speed = ["100%", "80%"] }, calls = 2 }
wage = 20
[touchpoint.delivery]
owner = "logistics"
[issue.parcel]
touchpoint = "delivery"
queues = { calls = "30%", chat = "35%" }
talk = "-10%"
prevented = "5%"
notice = { reached = "50%", settled = "20%" }
[issue.bill]
queues = { calls = "20%", chat = "15%" }
resolves = "90%"
[segment.regular]
share = "35%"
value = 210
patience = "120%"
[satisfaction]
"""


def four_weeks() -> Measurement:
    """Processor time of ``ccplan run`` of 100 replications, both cores together, in seconds."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "journeys.toml"
        file.write_text(SCENARIO, encoding="utf-8")
        command("run", str(file), "--runs", "1")  # compiles the kernel if needed
        return Measurement(
            processor_seconds(lambda: command("run", str(file), "--runs", "100")), "s"
        )


JOURNEYS: dict[str, Callable[[], Measurement]] = {
    "100 times four weeks of 2,000 contacts a day, with journeys": four_weeks,
}
