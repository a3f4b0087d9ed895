"""Speed of whole simulations, random numbers and metrics included, relative to baselines.

Rounds alternate between the contenders, so that other load on the machine affects all of them. A
speed is the best of its rounds; a ratio is the median over the ratios of single rounds.
"""

import importlib.util
import time
from collections.abc import Callable
from functools import cache, partial
from statistics import median
from typing import Any, NamedTuple

from benchmarks.bare import bare_days
from benchmarks.measure import Measurement
from benchmarks.textbook import ciw_day, textbook_day

ROUNDS = 5
RUNS = 100
SHIPPED = ("transient_day", "two_classes_overflow", "retail_monday")


class Contender(NamedTuple):
    """Something that simulates days.

    Attributes
    ----------
    name : str
    live : callable
        Takes the number of a round; returns the number of contacts.
    """

    name: str
    simulate_round: Callable[[int], int]


def model_of(name: str) -> Any:
    """Return the model of a shipped scenario."""
    from sim.model import build
    from sim.resources import scenarios_dir
    from sim.scenario import load

    return build(load(scenarios_dir() / f"{name}.toml"))


def simulated(model: Any, runs: int, engine: str, seed: int) -> int:
    """Simulate on one core with all metrics of the horizon; return the contacts offered."""
    from sim.experiment import simulate

    result = simulate(model, runs=runs, seed=seed + 1, engine=engine, workers=1)
    offered = result.estimate("offered").value
    return round((offered or 0.0) * runs)


def events_only(model: Any, runs: int, seed: int) -> int:
    """Simulate days event by event even where one step per contact would do."""
    from sim.experiment.kernel_tallies import KernelTallier
    from sim.tape import draw_tape

    tallier = KernelTallier(model)
    tallier._single_queue = None
    return sum(
        int(tallier.tally(draw_tape(model, seed + 1, k + 1)).legs[0].sum()) for k in range(runs)
    )


def contenders(name: str) -> list[Contender]:
    """Return the contenders of a shipped scenario, baselines first."""
    model = model_of(name)
    few = 1 if name == "transient_day" else 2
    own = [
        Contender("reference engine", partial(simulated, model, few, "reference")),
        Contender("kernel", partial(simulated, model, RUNS, "kernel")),
    ]
    if name != "transient_day":
        return own
    baselines = [
        Contender("textbook SimPy", textbook_day),
        Contender("bare loop", lambda seed: bare_days(RUNS, seed)),
    ]
    if importlib.util.find_spec("ciw"):
        baselines.append(Contender("Ciw", ciw_day))
    by_events = Contender("kernel, event by event", lambda seed: events_only(model, RUNS, seed))
    return [*baselines, *own, by_events]


@cache
def race(name: str) -> dict[str, tuple[float, ...]]:
    """Time all contenders of a scenario, in turn.

    Returns
    -------
    dict of str to tuple of float
        Contacts per second of each round.
    """
    field = contenders(name)
    for one in field:
        one.simulate_round(0)  # whatever is compiled or cached once
    speeds: dict[str, list[float]] = {one.name: [] for one in field}
    for k in range(ROUNDS):
        for one in field:
            begun = time.perf_counter()
            contacts = one.simulate_round(k)
            speeds[one.name].append(contacts / (time.perf_counter() - begun))
    return {who: tuple(rates) for who, rates in speeds.items()}


def speed(name: str, who: str) -> Measurement:
    """Return the best speed of a contender."""
    return Measurement(max(race(name)[who]), "contacts/s")


def ratio(name: str, who: str, baseline: str) -> Measurement:
    """Return how many times as fast as a baseline a contender is."""
    pairs = zip(race(name)[who], race(name)[baseline], strict=True)
    return Measurement(median(mine / theirs for mine, theirs in pairs), "times")


# -- growth --------------------------------------------------------------------------------------


@cache
def growth(plain: bool, by_agents: bool) -> dict[int, float]:
    """Return the time of a contact (ns) by the contacts of a day, or by the number of agents.

    Parameters
    ----------
    plain : bool
        A single queue, one step per contact; else two queues and teams that help each other.
    by_agents : bool
    """
    return {
        size: min(_cost(plain, size, by_agents) for _ in range(3))
        for size in ((10, 100, 1_000) if by_agents else (1_000, 10_000, 100_000, 1_000_000))
    }


GROWING = """
[center]
name = "Growing"
open = "08:00-16:00"
at_close = "send away"
{queues}
{groups}
"""


def _cost(plain: bool, size: int, by_agents: bool) -> float:
    """Return the nanoseconds that a contact takes."""
    import tempfile
    from pathlib import Path

    from sim.experiment.replications import simulate_in_turn
    from sim.model import build
    from sim.scenario import load

    names = ["a"] if plain else ["a", "b"]
    each = size // len(names) if by_agents else 100 // len(names)
    contacts = 200_000 if by_agents else size
    # 480 minutes of opening, agents busy nine tenths of the time.
    talk = 0.9 * each * len(names) * 480 * 60 / contacts
    queues = "\n".join(
        f'[queue.{q}]\nvolume = "{contacts / len(names):.0f} a day"\n'
        f'talk = "exponential {talk:.6f}s"\npatience = "exponential {talk:.6f}s"'
        for q in names
    )
    more = {"a": "", "b": ""} if plain else {"a": ", b = 2", "b": ", a = 2"}
    groups = "\n".join(
        f"[group.{q}]\nagents = {each}\nskills = {{ {q} = 1{more[q]} }}" for q in names
    )
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "growing.toml"
        file.write_text(GROWING.format(queues=queues, groups=groups))
        model = build(load(file))
    runs = max(2, 400_000 // contacts)
    days = simulate_in_turn(model, 1, range(1, runs + 2), "kernel")
    next(days)
    begun = time.perf_counter()
    contacts_done = sum(float(day.legs[0].sum()) for day in days)
    return 1e9 * (time.perf_counter() - begun) / contacts_done
