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
from sim.planning.roster.solve_part import SAME, improve_part, relax

Mask = npt.NDArray[np.bool_]

PART_S = 10.0
"""Longest time (s) for one part."""
QUICK_S, SLOW_S = 0.4, 1.5
"""A part grows when it is solved within the first time (s), and shrinks beyond the second."""
GROWS, SHRINKS = 1.1, 0.85
EDGE = 14
"""Days around the freed ones whose other variables may change with them."""
START_GAP, ANY_GAP = 0.02, 1e9
"""Relative gap with which the start of a person is good enough, at first and when time is short."""
LEAST_S, LONGER_S = 0.2, 10.0
"""Least time (s) for the start of a person, and for one who was not placed in it."""
RELAXED_SHARE = 0.25
"""Share of the time for the relaxed model."""
PATIENCE = 25
"""Parts without a better roster after which the relaxed model is solved."""
PROMISING_SHARE = 0.5
"""Share of the parts that are limited to what the relaxed model uses."""


def by_person(
    model: MixedIntegerModel,
    order: list[int],
    deadline: float,
    done: Callable[[int], None],
    last: float | None = None,
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
        Takes the number of persons who have been tried.
    last : float, optional
        When no one is tried a second time any more; never unless given.
    """
    shared, clashing = model.owner == SHARED, []
    x = _settled(model, shared, np.zeros(model.size))
    tries = [(person, START_GAP) for person in order]
    for k, (person, gap) in enumerate(tries):  # grows by those who took too long
        if gap == ANY_GAP and last is not None and time.monotonic() > last:
            break
        left = max(LEAST_S, (deadline - time.monotonic()) / (len(order) - k % len(order)))
        limit = left if gap == START_GAP else max(left, LONGER_S)
        found, solved = improve_part(model, shared | (model.owner == person), x, limit, gap)
        if found is not None:
            x = found
        elif solved:
            clashing.append(person)
        elif gap == START_GAP:
            tries.append((person, ANY_GAP))
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
    cost, parts = model.value(x), Neighbourhoods(model, generator)
    used: Mask | None = None
    since = 0  # parts without a better roster
    while (left := deadline - time.monotonic()) > 0:
        if since == PATIENCE:
            relaxed = relax(model, RELAXED_SHARE * left)
            used = None if relaxed is None else relaxed.uses(model)
        kind = str(generator.choice(list(parts.sizes)))
        free = parts.of(kind)
        if used is not None and generator.random() < PROMISING_SHARE:
            free &= used | (x > 0.5)
        began = time.monotonic()
        found, solved = improve_part(model, free, x, min(PART_S, left))
        parts.adapt(kind, solved, time.monotonic() - began)
        since += 1
        if found is None:
            continue
        new = model.value(found)
        if new <= cost + SAME:
            x = found  # also one of equal cost: from there, other parts may give more
        if new < cost - SAME:
            cost, since = new, 0 if used is None else PATIENCE + 1
            yield cost, x


class Neighbourhoods:
    """Parts of a roster: some persons, some days, or some days of half of the persons.

    Attributes
    ----------
    sizes : dict of str to float
        Persons, or days, of each kind of part; they adapt to the time that a part takes.
    """

    def __init__(self, model: MixedIntegerModel, generator: np.random.Generator) -> None:
        self.model, self.generator = model, generator
        self.persons, self.days = int(model.owner.max()) + 1, int(model.day.max()) + 1
        self.sizes = {"persons": 2.0, "days": 2.0, "half": 4.0}

    def adapt(self, kind: str, solved: bool, took: float) -> None:
        """Let parts of a kind grow or shrink."""
        if solved and took < QUICK_S:
            most = self.persons if kind == "persons" else self.days
            self.sizes[kind] = min(float(most), self.sizes[kind] * GROWS)
        elif not solved or took > SLOW_S:
            self.sizes[kind] = max(1.0, self.sizes[kind] * SHRINKS)

    def of(self, kind: str) -> Mask:
        """Return which variables a part of a kind frees."""
        everyone = np.ones(self.persons, dtype=bool)
        if kind == "persons":
            return self._of_persons(round(self.sizes[kind]))
        persons = everyone if kind == "days" else self._some(max(2, self.persons // 2))
        return self._of_days(max(1, round(self.sizes[kind])), persons)

    def _some(self, many: int) -> Mask:
        chosen = np.zeros(self.persons, dtype=bool)
        chosen[self.generator.permutation(self.persons)[:many]] = True
        return chosen

    def _of_persons(self, many: int) -> Mask:
        chosen = np.append(self._some(max(1, many)), True)  # the last place: SHARED points to it
        return np.asarray(chosen[self.model.owner])

    def _of_days(self, length: int, persons: Mask) -> Mask:
        model = self.model
        first = int(self.generator.integers(1 - length, self.days))
        own = np.append(persons, True)[model.owner]
        inside = (model.day >= first) & (model.day < first + length)
        near = (model.day >= first - EDGE) & (model.day < first + length + EDGE)
        return np.asarray(own & (inside | (~model.choice & (near | (model.day == SHARED)))))
