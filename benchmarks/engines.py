"""Speed of whole simulations, random numbers and metrics included, relative to baselines.

Rounds alternate between the contenders, so that other load on the machine affects all of them, and
processor time is measured. A speed is the best of its rounds; a ratio is the median over the ratios
of single rounds.
"""

import importlib.util
import time
from collections.abc import Callable
from functools import cache, partial
from importlib import import_module
from statistics import median
from typing import Any, NamedTuple

from benchmarks.measure import ROUNDS, Measurement
from benchmarks.textbook.common import Waits, contacts

BARE, TUNED, TEXTBOOK, CIW = "bare loop", "tuned loop", "textbook SimPy", "Ciw"
REFERENCE, KERNEL, BY_EVENTS = "reference engine", "kernel", "kernel, event by event"


class Shipped(NamedTuple):
    """How much of a shipped scenario a round simulates.

    Attributes
    ----------
    runs : int
        Replications of the kernel and of bare loops.
    few : int
        Replications of the models in SimPy.
    textbook : str
        Module and function of the textbook model.
    """

    runs: int
    few: int
    textbook: str


SHIPPED = {
    "transient_day": Shipped(100, 1, "single_queue.textbook_day"),
    "two_classes_overflow": Shipped(100, 2, "two_classes.two_classes_day"),
    "bot_promise": Shipped(30, 1, "bot_promise.bot_promise_day"),
    "callback_peak": Shipped(300, 8, "callback_peak.callback_peak_day"),
    "email_backlog": Shipped(100, 3, "email_backlog.email_backlog_week"),
    "retail_monday": Shipped(100, 3, "retail_monday.retail_monday_day"),
}


class Contender(NamedTuple):
    """Something that simulates days.

    Attributes
    ----------
    name : str
    simulate_round : callable
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


def textbook_of(name: str) -> Callable[[int], dict[str, Waits]]:
    """Return the textbook model of a shipped scenario, a function of a seed."""
    module, _, function = SHIPPED[name].textbook.partition(".")
    simulate_day: Callable[[int], dict[str, Waits]] = getattr(
        import_module(f"benchmarks.textbook.{module}"), function
    )
    return simulate_day


def textbook(name: str, seed: int) -> int:
    """Simulate some days of a shipped scenario as its textbook model; return the contacts."""
    simulate_day, few = textbook_of(name), SHIPPED[name].few
    return sum(contacts(simulate_day(few * seed + k)) for k in range(few))


def contenders(name: str) -> list[Contender]:
    """Return the contenders of a shipped scenario, baselines first."""
    model, (runs, few, _) = model_of(name), SHIPPED[name]
    return [
        Contender(TEXTBOOK, partial(textbook, name)),
        *_bare_loops(name, runs),
        Contender(REFERENCE, partial(simulated, model, few, "reference")),
        Contender(KERNEL, partial(simulated, model, runs, "kernel")),
        *_only_of_the_single_queue(name, model, runs),
    ]


def _bare_loops(name: str, runs: int) -> list[Contender]:
    if name == "transient_day":
        from benchmarks.bare import bare_days

        return [Contender(BARE, partial(bare_days, runs))]
    if name == "two_classes_overflow":
        from benchmarks.bare_two_classes import bare_two_class_days
        from benchmarks.tuned_two_classes import tuned_two_class_days

        return [
            Contender(BARE, partial(bare_two_class_days, runs)),
            Contender(TUNED, partial(tuned_two_class_days, runs)),
        ]
    return []


def _only_of_the_single_queue(name: str, model: Any, runs: int) -> list[Contender]:
    if name != "transient_day":
        return []
    by_events = [Contender(BY_EVENTS, partial(events_only, model, runs))]
    if not importlib.util.find_spec("ciw"):
        return by_events
    from benchmarks.textbook.single_queue import ciw_day

    return [Contender(CIW, ciw_day), *by_events]


@cache
def race(name: str) -> dict[str, tuple[float, ...]]:
    """Time all contenders of a scenario, in turn.

    Returns
    -------
    dict of str to tuple of float
        Contacts per second of processor time of each round.
    """
    field = contenders(name)
    for one in field:
        one.simulate_round(0)  # whatever is compiled or cached once
    speeds: dict[str, list[float]] = {one.name: [] for one in field}
    for k in range(ROUNDS):
        for one in field:
            begun = time.process_time()
            done = one.simulate_round(k)
            speeds[one.name].append(done / (time.process_time() - begun))
    return {who: tuple(rates) for who, rates in speeds.items()}


def speed(name: str, who: str) -> Measurement:
    """Return the best speed of a contender."""
    return Measurement(max(race(name)[who]), "contacts/s")


def ratio(name: str, who: str, baseline: str) -> Measurement:
    """Return how many times as fast as a baseline a contender is."""
    pairs = zip(race(name)[who], race(name)[baseline], strict=True)
    return Measurement(median(mine / theirs for mine, theirs in pairs), "times")


def _cases(name: str) -> dict[str, Callable[[], Measurement]]:
    transient = name == "transient_day"
    bare = [BARE] * transient + [BARE, TUNED] * (name == "two_classes_overflow")
    engines = [REFERENCE, *[BY_EVENTS] * transient, KERNEL]
    pairs = [(KERNEL, TEXTBOOK, "textbook"), *((KERNEL, loop, loop) for loop in bare)]
    if transient:
        pairs += [(BY_EVENTS, TEXTBOOK, "textbook"), (REFERENCE, TEXTBOOK, "textbook")]
    pairs.append((KERNEL, REFERENCE, "reference"))
    return {
        **{
            f"{name}: {who}": partial(speed, name, who)
            for who in (TEXTBOOK, *[CIW] * transient, *engines, *bare)
        },
        **{
            f"{name}: {who.removesuffix(' engine')} / {shown}": partial(ratio, name, who, baseline)
            for who, baseline, shown in pairs
        },
    }


ENGINES = {what: case for name in SHIPPED for what, case in _cases(name).items()}
"""Speeds and ratios of all shipped scenarios that are measured, by name."""
