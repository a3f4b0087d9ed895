"""An interrupted forecast leaves nothing half-written."""

import os
import signal
import subprocess
import sys

import pytest

PROGRAM = """
import signal, sys, time
signal.signal(signal.SIGINT, signal.default_int_handler)
from pathlib import Path
from sim.cli import main

def until_interrupted(what):
    print(what, flush=True)
    time.sleep(60)

{replaced}
main(sys.argv[1:])
"""
WHILE_FORECASTING = """
from sim.history.forecast import forecast_volumes
forecast_volumes.forecast_queues = lambda *_, **__: until_interrupted("forecasting")
"""
WHILE_WRITING = """
Path.replace = lambda self, target: until_interrupted("writing")
"""
HISTORY = "date,time,queue,offered\n" + "".join(
    f"2026-01-{day:02},{hour:02}:00,calls,{20 + day}\n"
    for day in range(5, 26)
    for hour in range(9, 12)
)


@pytest.mark.skipif(os.name != "posix", reason="signals as POSIX has them")
@pytest.mark.parametrize(
    "replaced", [pytest.param(WHILE_FORECASTING, marks=pytest.mark.slow), WHILE_WRITING]
)
def test_nothing_half_written_is_left(tmp_path, replaced):
    (tmp_path / "history.csv").write_text(HISTORY, encoding="utf-8")
    (tmp_path / "forecast.csv").write_text("earlier\n", encoding="utf-8")
    ran = subprocess.Popen(
        [sys.executable, "-c", PROGRAM.replace("{replaced}", replaced),
         "forecast", "history.csv", "--method", "seasonal naive", "--out", "forecast.csv"],
        cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert ran.stdout is not None
    line = ran.stdout.readline()
    assert line.strip() in ("forecasting", "writing"), ran.communicate()[1]
    ran.send_signal(signal.SIGINT)
    out, err = ran.communicate(timeout=60)
    assert (ran.returncode, out) == (130, "")
    assert err.strip().splitlines()[-1] == "interrupted"
    assert "Traceback" not in err
    assert sorted(one.name for one in tmp_path.iterdir()) == ["forecast.csv", "history.csv"]
    assert (tmp_path / "forecast.csv").read_text(encoding="utf-8") == "earlier\n"
