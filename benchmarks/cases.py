"""What is measured. A case is a function that returns a `Measure`; `CASES` lists them by name.

Engines are measured against the model that a textbook would write with SimPy: a resource for
the agents, and each contact a process that waits for its request or its patience. Both live the
day of ``scenarios/transient_day.toml`` in turn, so whatever else the machine does hits both.
"""

import random
import subprocess
import sys
import time
from collections.abc import Callable
from functools import cache, partial
from statistics import median
from typing import Any, NamedTuple

ROUNDS = 5


class Measure(NamedTuple):
    """One measured figure.

    Attributes
    ----------
    value : float
        The figure.
    unit : str
        Its unit, such as ``ms`` or ``contacts/s``.
    """

    value: float
    unit: str


def best_seconds(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Shortest time that a piece of work takes.

    The shortest, because whatever else the machine does can only lengthen a round.

    Parameters
    ----------
    work : callable
        Called without arguments, once a round.
    rounds : int
        How often, at least 1.

    Returns
    -------
    float
        Seconds of wall time.

    Raises
    ------
    ValueError
        If `rounds` is below 1.
    """
    if rounds < 1:
        raise ValueError(f"rounds must be at least 1, not {rounds}")
    return min(_seconds(work) for _ in range(rounds))


# -- start-up -----------------------------------------------------------------------------------


def import_sim() -> Measure:
    """Time that ``import sim`` adds to a bare interpreter, in milliseconds."""
    bare = best_seconds(lambda: _python("pass"))
    with_sim = best_seconds(lambda: _python("import sim"))
    return Measure(1000 * (with_sim - bare), "ms")


def command_help() -> Measure:
    """Time of ``ccplan --help``, interpreter included, in milliseconds."""
    return Measure(1000 * best_seconds(lambda: _command("--help")), "ms")


def command_erlang() -> Measure:
    """Time of one question to ``ccplan erlang``, interpreter included, in milliseconds."""
    target = ("--calls", "100", "--per", "30min", "--aht", "180s", "--target", "80/20")
    return Measure(1000 * best_seconds(lambda: _command("erlang", *target, "--json")), "ms")


# -- formulas -----------------------------------------------------------------------------------


def erlang_c_intervals() -> Measure:
    """Time to staff 10,000 intervals by Erlang C for 80 % in 20 s, in milliseconds."""
    return _staffing("erlang_c", 10_000)


def erlang_a_intervals() -> Measure:
    """Time to staff 1,000 intervals by Erlang A for 80 % in 20 s, in milliseconds."""
    return _staffing("erlang_a", 1_000, patience="2min")


def _staffing(model: str, intervals: int, **more: Any) -> Measure:
    import numpy as np

    from sim import erlang

    calls = np.linspace(5.0, 900.0, intervals)
    work = best_seconds(
        lambda: erlang.fewest_agents(model, calls, "30min", "240s", "80/20", **more)
    )
    return Measure(1000 * work, "ms")


# -- engines ------------------------------------------------------------------------------------


class Race(NamedTuple):
    """Rounds of both models on the same day, in turn; contacts per second.

    Attributes
    ----------
    textbook, engine : tuple of float
    """

    textbook: tuple[float, ...]
    engine: tuple[float, ...]

    @property
    def ratio(self) -> float:
        """How many times as fast the engine is: the median over rounds."""
        return median(e / t for e, t in zip(self.engine, self.textbook, strict=True))


@cache
def race(engine: str) -> Race:
    """Let an engine and the textbook model live the same kind of day in turn.

    Parameters
    ----------
    engine : str
        Name of the engine.
    """
    from sim.model import build
    from sim.scenario import load
    from sim.shipped import scenarios_dir

    model = build(load(scenarios_dir() / "transient_day.toml"))
    _engine_day(model, 1, engine)  # whatever is compiled or cached once
    rounds = [
        (
            _rate(partial(textbook_day, k)),
            _rate(partial(_engine_day, model, k, engine)),
        )
        for k in range(ROUNDS)
    ]
    return Race(*zip(*rounds, strict=True))


def _engine_day(model: Any, seed: int, engine: str) -> int:
    from sim.engine import play

    return len(play(model, seed, 1, engine=engine).legs)


def textbook_day(seed: int) -> int:
    """Live the flat day of 20 calls a minute as a textbook would; return the calls.

    105 agents, talk of 5 min and patience of 2 min, exponential, 480 min of arrivals.

    Parameters
    ----------
    seed : int
    """
    import simpy

    env, rng, waits = simpy.Environment(), random.Random(seed), []
    agents = simpy.Resource(env, capacity=105)

    def contact() -> Any:
        came = env.now
        with agents.request() as turn:
            met = yield turn | env.timeout(rng.expovariate(1 / 120))
            waits.append(env.now - came)
            if turn in met:
                yield env.timeout(rng.expovariate(1 / 300))

    def arrivals() -> Any:
        while True:
            yield env.timeout(rng.expovariate(20 / 60))
            if env.now >= 480 * 60:
                return
            env.process(contact())

    env.process(arrivals())
    env.run()
    return len(waits)


def _rate(work: Callable[[], int]) -> float:
    start = time.perf_counter()
    contacts = work()
    return contacts / (time.perf_counter() - start)


def textbook_speed() -> Measure:
    """Contacts a second of the textbook model: the baseline."""
    return Measure(median(race("reference").textbook), "contacts/s")


def reference_speed() -> Measure:
    """Contacts a second of the reference engine, its chance and complete log included."""
    return Measure(median(race("reference").engine), "contacts/s")


def reference_ratio() -> Measure:
    """How many times as fast as the textbook model the reference engine is."""
    return Measure(race("reference").ratio, "times")


def replication_cost() -> Measure:
    """Time of one replication of a retail bank's Monday with its figures, in milliseconds."""
    from sim.experiment.replicate import replicate
    from sim.model import build
    from sim.scenario import load
    from sim.shipped import scenarios_dir

    model = build(load(scenarios_dir() / "retail_monday.toml"))
    return Measure(1000 * best_seconds(lambda: replicate(model, 1, 1), rounds=3), "ms")


CASES: dict[str, Callable[[], Measure]] = {
    "import sim": import_sim,
    "ccplan --help": command_help,
    "ccplan erlang, one question": command_erlang,
    "erlang C, staffing 10,000 intervals": erlang_c_intervals,
    "erlang A, staffing 1,000 intervals": erlang_a_intervals,
    "textbook SimPy model": textbook_speed,
    "reference engine": reference_speed,
    "reference engine / textbook": reference_ratio,
    "retail Monday, one replication": replication_cost,
}


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _python(code: str) -> None:
    subprocess.run([sys.executable, "-c", code], check=True)


def _command(*words: str) -> None:
    subprocess.run([sys.executable, "-m", "sim", *words], check=True, capture_output=True)
