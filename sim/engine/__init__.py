"""From a tape to a log: the engines.

Two engines may exist, one meaning: ``reference`` is SimPy and reads as the story of a
contact and of an agent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.log import Log
    from sim.model import Model

ENGINES = ("auto", "reference")


def chosen(engine: str) -> str:
    """Return the engine that ``engine`` ("auto" or a name) stands for.

    Raises
    ------
    ValueError
        When there is no such engine.
    """
    if engine not in ENGINES:
        raise ValueError(f"engine: there is no engine {engine!r}; known: {', '.join(ENGINES)}")
    return "reference"


def play(model: Model, seed: int, replication: int, engine: str = "auto") -> Log:
    """Simulate one replication.

    Parameters
    ----------
    model : Model
    seed : int
    replication : int
        Counted from 1.
    engine : str
        "auto" or "reference".

    Returns
    -------
    Log

    Raises
    ------
    ValueError
        When there is no such engine.
    """
    return player(model, engine)(seed, replication)


def player(model: Model, engine: str = "auto") -> Callable[[int, int], Log]:
    """Return what simulates any replication of a model, made ready once.

    Parameters
    ----------
    model : Model
    engine : str
        "auto" or "reference".

    Returns
    -------
    callable
        Takes a seed and the number of a replication, counted from 1; returns its log.

    Raises
    ------
    ValueError
        When there is no such engine.
    """
    chosen(engine)
    from sim.engine.reference import Center
    from sim.tape import record

    return lambda seed, replication: Center(record(model, seed, replication)).play()
