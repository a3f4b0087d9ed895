"""What mixes will probably give, from levers alone and in pairs, and which are worth simulating.

The effect of a mix is predicted as the sum of the effects of its levers plus an interaction for
each pair, as far as the pair was simulated: a model of second order. What it misses, the simulation
of whole mixes shows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations, product
from math import prod

import numpy as np

from sim.array_types import Floats
from sim.planning.investment.mix_space import Mix, MixSpace

MOST_MIXES = 100_000
"""Mixes of which the effect is predicted; more levels than that are thinned out."""


@dataclass(frozen=True)
class MixPrediction:
    """Effects and costs of levers and pairs, relative to the base.

    Attributes
    ----------
    space : MixSpace
    alone : dict
        By lever and level: effect and cost.
    pairs : dict
        By two levers: what effect and cost are beyond the sum of both, at ``top``.
    top : tuple of float
        Level of each lever at which pairs were simulated.
    impossible : set
        Pairs that lead out of the bounds of a field.
    """

    space: MixSpace
    alone: Mapping[tuple[int, float], tuple[float, float]]
    pairs: Mapping[tuple[int, int], tuple[float, float]]
    top: Mix
    impossible: frozenset[tuple[int, int]]

    def predicted(self, mixes: list[Mix]) -> tuple[Floats, Floats]:
        """Return effect and cost of some mixes, shape (mixes,) each."""
        levels = np.array(mixes, dtype=np.float64).reshape(len(mixes), len(self.top))
        effect, cost = np.zeros(len(mixes)), np.zeros(len(mixes))
        for (k, level), (gain, price) in self.alone.items():
            chosen = levels[:, k] == level
            effect += gain * chosen
            cost += price * chosen
        part = np.minimum(levels / np.array(self.top), 1.0)
        for (k, j), (gain, price) in self.pairs.items():
            both = part[:, k] * part[:, j]
            effect += gain * both
            cost += price * both
        return effect, cost

    def all_mixes(self) -> list[Mix]:
        """Return the allowed mixes, with fewer levels where there are too many."""
        return [mix for mix in product(*self._levels()) if self._is_possible(mix)]

    def _is_possible(self, mix: Mix) -> bool:
        return self.space.is_allowed(mix) and not any(mix[k] and mix[j] for k, j in self.impossible)

    def _levels(self) -> list[tuple[float, ...]]:
        """Return the levels to combine: all, else the ends, else only those of the best levers."""
        full = [(0.0, *lever.levels) for lever in self.space.levers]
        if prod(map(len, full)) <= MOST_MIXES:
            return full
        few = [tuple(dict.fromkeys((0.0, lever.levels[0], self.top[k])))
               for k, lever in enumerate(self.space.levers)]  # fmt: skip
        order = sorted(range(len(few)), key=self._promise)
        for k in order:
            if prod(map(len, few)) <= MOST_MIXES:
                break
            few[k] = tuple(dict.fromkeys((0.0, self.top[k])))
        for k in order:
            if prod(map(len, few)) <= MOST_MIXES:
                break
            few[k] = (0.0,)
        return few

    def _promise(self, k: int) -> float:
        """Return the effect of a lever alone or in its best pair."""
        own = self.alone.get((k, self.top[k]), (0.0, 0.0))[0]
        return own + max((g for pair, (g, _) in self.pairs.items() if k in pair), default=0.0)


def possible_pairs(space: MixSpace, top: Mix) -> list[tuple[int, int, Mix]]:
    """Return the pairs of levers that may be used together, each with its mix."""
    found = []
    for k, j in combinations(range(len(space.levers)), 2):
        mix = space.together(space.alone(k, top[k]), space.alone(j, top[j]))
        if space.is_allowed(mix) and mix not in (space.alone(k, top[k]), space.alone(j, top[j])):
            found.append((k, j, mix))
    return found
