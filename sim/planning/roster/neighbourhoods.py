"""Search for a roster where the whole model takes too long: first by person, then part by part.

The start gives one person after another the best days that the others leave. Then a part of the
roster, some persons or some days, is freed and solved to its optimum while the rest stays
(fix-and-optimise); the part grows while that is quick, and shrinks when it is not.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt

from sim.planning.roster.mixed_integer_model import SHARED, Floats, MixedIntegerModel
from sim.planning.roster.solve_part import SAME, improve_part

Mask = npt.NDArray[np.bool_]

PART_S = 8.0
"""Longest time (s) for one part."""
QUICK_S = 1.5
"""A part that is solved within this time (s) may grow."""
FIRST, LEAST, MOST = 400, 60, 6000
"""Decisions of a part: at first, at least, at most."""
GROWS, SHRINKS = 1.15, 0.8
EDGE = 14
"""Days around the freed ones whose other variables may change with them."""
START_GAP = 0.02


def by_person(
    model: MixedIntegerModel, order: list[int], deadline: float, done: Callable[[int], None]
) -> tuple[Floats, list[int]]:
    """Return a first solution, person by person, and the persons whose rules clash.

    Parameters
    ----------
    model : MixedIntegerModel
    order : list of int
        Numbers of the persons.
    deadline : float
        On the monotonic clock; divided among those who are left.
    done : callable
        Takes the number of persons who have been placed.
    """
    x = np.zeros(model.size)
    shared, clashing = model.owner == SHARED, []
    x = _settled(model, shared, x)
    for k, person in enumerate(order):
        left = max(0.2, (deadline - time.monotonic()) / (len(order) - k))
        found, solved = improve_part(model, shared | (model.owner == person), x, left, START_GAP)
        if found is not None:
            x = found
        elif solved:
            clashing.append(person)
        done(k + 1)
    return x, clashing


def _settled(model: MixedIntegerModel, free: Mask, x: Floats) -> Floats:
    """Return the solution with the variables of the team as they are while no one works."""
    found, _ = improve_part(model, free, x, PART_S)
    return x if found is None else found


def improvements(
    model: MixedIntegerModel, x: Floats, seed: int, deadline: float
) -> Iterator[tuple[float, Floats]]:
    """Give better and better solutions until the time is over.

    Parameters
    ----------
    model : MixedIntegerModel
    x : ndarray
        A solution.
    seed : int
    deadline : float
        On the monotonic clock.

    Yields
    ------
    float, ndarray
        Cost and solution.
    """
    generator = np.random.default_rng(seed)
    cost, size = model.value(x), float(FIRST)
    while (left := deadline - time.monotonic()) > 0:
        began = time.monotonic()
        free = _part(model, generator, size)
        found, solved = improve_part(model, free, x, min(PART_S, left))
        took = time.monotonic() - began
        if solved and took < QUICK_S:
            size = min(MOST, size * GROWS)
        elif not solved:
            size = max(LEAST, size * SHRINKS)
        if found is None:
            continue
        new = model.value(found)
        if new <= cost + SAME:
            x = found  # also one of equal cost: from there, other parts may give more
        if new < cost - SAME:
            cost = new
            yield cost, x


def _part(model: MixedIntegerModel, generator: np.random.Generator, size: float) -> Mask:
    """Return which variables are freed: some persons, some days, or half of each."""
    persons, days = int(model.owner.max()) + 1, int(model.day.max()) + 1
    share = min(1.0, size / max(1, int(model.choice.sum())))
    kind = generator.random()
    if kind < 0.4:
        return _persons(model, generator, share * persons)
    if kind < 0.7:
        return _days(model, generator, share * days, np.ones(persons, dtype=bool))
    some = np.zeros(persons, dtype=bool)
    part = max(0.3, share)
    some[generator.permutation(persons)[: max(2, round(part * persons))]] = True
    return _days(model, generator, share / part * days, some)


def _persons(model: MixedIntegerModel, generator: np.random.Generator, many: float) -> Mask:
    persons = int(model.owner.max()) + 1
    chosen = np.zeros(persons + 1, dtype=bool)
    chosen[generator.permutation(persons)[: max(2, round(many))]] = True
    chosen[SHARED] = True  # the last place, to which SHARED points
    return np.asarray(chosen[model.owner])


def _days(
    model: MixedIntegerModel, generator: np.random.Generator, many: float, persons: Mask
) -> Mask:
    length = max(3, round(many))
    days = int(model.day.max()) + 1
    first = int(generator.integers(1 - length // 2, max(2, days - length // 2)))
    own = np.append(persons, True)[model.owner]
    inside = (model.day >= first) & (model.day < first + length)
    near = (model.day >= first - EDGE) & (model.day < first + length + EDGE)
    return np.asarray(own & (inside | (~model.choice & (near | (model.day == SHARED)))))
