"""From a tape to a log: the engines.

Two engines with the same rules. ``reference`` is SimPy, written to be read; ``kernel`` is compiled
code, written to be fast. For the same tape both give the same log, equal to the bit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.log import Log
    from sim.model import Model

ENGINES = ("auto", "reference", "kernel")


def resolve_engine(engine: str) -> str:
    """Return the engine that ``engine`` ("auto" or a name) stands for.

    Raises
    ------
    ValueError
        When there is no such engine.
    """
    if engine not in ENGINES:
        raise ValueError(f"engine: there is no engine {engine!r}; known: {', '.join(ENGINES)}")
    return "kernel" if engine == "auto" else engine


def must_compile(engine: str = "auto") -> bool:
    """Return whether the engine has to be compiled first, which happens once on a machine."""
    if resolve_engine(engine) != "kernel":
        return False
    from sim.compile_cache import is_compiled

    return not is_compiled()


def simulate_replication(
    model: Model, seed: int, replication: int, engine: str = "auto", antithetic: bool = False
) -> Log:
    """Simulate one replication.

    Parameters
    ----------
    model : Model
    seed : int
    replication : int
        Counted from 1.
    engine : str
        "auto", "reference" or "kernel".
    antithetic : bool
        The second replication of each pair mirrors the random numbers of the first.

    Returns
    -------
    Log

    Raises
    ------
    ValueError
        When there is no such engine.
    """
    return replication_simulator(model, engine, antithetic)(seed, replication)


def replication_simulator(
    model: Model, engine: str = "auto", antithetic: bool = False
) -> Callable[[int, int], Log]:
    """Return a function that simulates any replication of a model, prepared once.

    Parameters
    ----------
    model : Model
    engine : str
        "auto", "reference" or "kernel".
    antithetic : bool
        As for :func:`simulate_replication`.

    Returns
    -------
    callable
        Takes a seed and the number of a replication, counted from 1; returns its log.

    Raises
    ------
    ValueError
        When there is no such engine.
    """
    from sim.tape.tape_drawer import TapeDrawer

    if resolve_engine(engine) == "kernel":
        from sim.engine.kernel.engine import Kernel

        kernel, tapes = Kernel(model), TapeDrawer(model, antithetic)
        return lambda seed, replication: kernel.simulate(tapes.draw(seed, replication))
    from sim.engine.reference import simulate

    drawer = TapeDrawer(model, antithetic)
    return lambda seed, replication: simulate(drawer.draw(seed, replication))
