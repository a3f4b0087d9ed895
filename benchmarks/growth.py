"""How the cost of a contact grows with the contacts of a day, the agents, and those who wait."""

import tempfile
import time
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.measure import Measurement

ROUNDS = 3
SIZES = {
    "contacts a day": (1_000, 10_000, 100_000, 1_000_000),
    "agents": (10, 100, 1_000, 2_000),
    "waiting": (10, 100, 1_000, 10_000),
}
KINDS = {"one queue": ("a",), "two queues, two teams": ("a", "b")}
DAY_S = 480 * 60.0

GROWING = """
[center]
name = "Growing"
open = "08:00-16:00"
at_close = "send away"
{days}
"""


class Center(NamedTuple):
    """A center of some size, its work split evenly between its queues.

    Attributes
    ----------
    contacts, agents : int
        Of a day.
    talk, patience : float
        Means (s).
    """

    contacts: int
    agents: int
    talk: float
    patience: float


def center(by: str, size: int) -> Center:
    """Return a center of some size: by contacts a day, by agents, or by those who wait."""
    if by == "waiting":  # twice what 100 agents can do; the rest hangs up, after a while
        talk = 100 * DAY_S / 100_000
        return Center(200_000, 100, talk, size * DAY_S / 100_000)
    contacts, agents = (size, 100) if by == "contacts a day" else (200_000, size)
    talk = 0.9 * agents * DAY_S / contacts  # agents are busy nine tenths of the time
    return Center(contacts, agents, talk, talk)


def growing_scenario(names: tuple[str, ...], size: Center, days: int = 1) -> str:
    """Return the scenario of a center; two teams help each other."""
    share = len(names)
    text = GROWING.format(days=f"days = {days}")
    for one in names:
        skills = ", ".join(f"{q} = {1 if q == one else 2}" for q in names)
        text += (
            f'[queue.{one}]\nvolume = "{size.contacts / share:.0f} a day"\n'
            f'talk = "exponential {size.talk:.6f}s"\n'
            f'patience = "exponential {size.patience:.6f}s"\n'
            f"[group.{one}]\nagents = {size.agents // share}\nskills = {{ {skills} }}\n"
        )
    return text


def growing_model(names: tuple[str, ...], size: Center) -> Any:
    """Return the model of a center."""
    from sim.model import build
    from sim.scenario import load

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "growing.toml"
        file.write_text(growing_scenario(names, size), encoding="utf-8")
        return build(load(file))


@cache
def costs(kind: str, by: str) -> dict[int, float]:
    """Return the processor time of a contact (ns) by size, the best of rounds in turn."""
    sizes = {n: center(by, n) for n in SIZES[by]}
    models = {n: growing_model(KINDS[kind], size) for n, size in sizes.items()}
    rounds = [
        {n: _cost(models[n], max(2, 400_000 // sizes[n].contacts)) for n in sizes}
        for _ in range(ROUNDS)
    ]
    return {n: min(one[n] for one in rounds) for n in sizes}


def _cost(model: Any, runs: int) -> float:
    from sim.experiment.replications import simulate_in_turn

    days = simulate_in_turn(model, 1, range(1, runs + 2), "kernel")
    next(days)
    begun = time.process_time()
    contacts = sum(float(day.legs[0].sum()) for day in days)
    return 1e9 * (time.process_time() - begun) / contacts


def cost(kind: str, by: str, size: int) -> Measurement:
    """Processor time that a contact takes in a center of some size, in nanoseconds."""
    return Measurement(costs(kind, by)[size], "ns")


def growth(kind: str, by: str) -> Measurement:
    """Greatest growth of the cost of a contact from one size to any larger one, in percent."""
    by_size = list(costs(kind, by).values())
    cheapest = [min(by_size[: k + 1]) for k in range(len(by_size))]
    return Measurement(
        100 * max(after / before - 1 for before, after in zip(cheapest, by_size, strict=True)), "%"
    )


GROWTH: dict[str, Callable[[], Measurement]] = {
    name: case
    for kind in KINDS
    for by, sizes in SIZES.items()
    for name, case in (
        *((f"{kind}, {size:,} {by}", partial(cost, kind, by, size)) for size in sizes),
        (f"{kind}, growth with {by}", partial(growth, kind, by)),
    )
}
