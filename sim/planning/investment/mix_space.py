"""Mixes of levers: which there are, what they change, and those one step away."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sim.scenario.lever_changes import ScenarioLever
from sim.scenario.problems import ScenarioError

if TYPE_CHECKING:
    from sim.scenario import Scenario

Mix = tuple[float, ...]
"""The amount of each lever, 0 where it is not used."""


@dataclass(frozen=True, slots=True)
class MixSpace:
    """All mixes of the levers of a scenario.

    Attributes
    ----------
    scenario : Scenario
        Without levers.
    levers : tuple of ScenarioLever
    """

    scenario: Scenario
    levers: tuple[ScenarioLever, ...]

    @property
    def nothing(self) -> Mix:
        """Return the mix without any lever."""
        return (0.0,) * len(self.levers)

    def used(self, mix: Mix) -> list[int]:
        """Return the numbers of the levers that a mix uses."""
        return [k for k, level in enumerate(mix) if level > 0]

    def number(self, name: str) -> int:
        """Return the number of a lever."""
        return next(k for k, lever in enumerate(self.levers) if lever.name == name)

    def alone(self, k: int, level: float) -> Mix:
        """Return the mix of one lever, with the least of those that it needs."""
        return self._completed(self._set(self.nothing, k, level))

    def without(self, mix: Mix, k: int) -> Mix:
        """Return a mix without one lever and without those that need it."""
        left = self._set(mix, k, 0.0)
        while broken := [j for j in self.used(left) if self._missing(left, j)]:
            left = self._set(left, broken[0], 0.0)
        return left

    def together(self, one: Mix, other: Mix) -> Mix:
        """Return a mix with the larger amount of each lever of two mixes."""
        return tuple(max(pair) for pair in zip(one, other, strict=True))

    def is_allowed(self, mix: Mix) -> bool:
        """Return whether no lever excludes another, and each has what it needs."""
        used = self.used(mix)
        names = {self.levers[k].name for k in used}
        return all(
            not names & set(self.levers[k].excludes) and set(self.levers[k].needs) <= names
            for k in used
        )

    def neighbours(self, mix: Mix) -> list[Mix]:
        """Return the allowed mixes one step away: one lever more, less or in place of another."""
        near = [self._completed(one) for one in self._steps(mix)]
        for k in self.used(mix):
            left = self.without(mix, k)
            near += [self._completed(one) for one in self._steps(left)]
        found = dict.fromkeys(one for one in near if one != mix and self.is_allowed(one))
        return list(found)

    def scenario_of(self, mix: Mix, effects: Sequence[tuple[int, float]] = ()) -> Scenario:
        """Return the scenario with a mix.

        Parameters
        ----------
        mix : tuple of float
        effects : sequence of (int, float)
            Levers whose effect is another one, with the factor on it.

        Raises
        ------
        sim.scenario.ScenarioError
            When the changes together lead out of the bounds of a field.
        """
        factors = dict(effects)
        found = self.scenario
        for k in self.used(mix):
            found = found.with_(**self.levers[k].changes_at(mix[k] * factors.get(k, 1.0)))
        return found

    def changes_of(self, mix: Mix) -> list[dict[str, object]]:
        """Return the changes of a mix one after the other, as ``--set`` takes them."""
        return [
            {"path": path, "value": value}
            for k in self.used(mix)
            for path, value in self.levers[k].changes_at(mix[k]).items()
        ]

    def refusal(self, mix: Mix) -> str:
        """Return why a mix cannot be simulated, empty if it can."""
        try:
            self.scenario_of(mix)
        except ScenarioError as error:
            return str(error).partition("\n")[0]
        return ""

    def items(self, mix: Mix) -> list[dict[str, object]]:
        """Return the levers of a mix with their amounts, as the JSON has them."""
        return [{"name": self.levers[k].name, "level": mix[k]} for k in self.used(mix)]

    def words(self, mix: Mix) -> str:
        """Return a mix in words: the titles of its levers."""
        used = [_times(self.levers[k].title, mix[k]) for k in self.used(mix)]
        return " + ".join(used) or "nothing"

    def _steps(self, mix: Mix) -> Iterator[Mix]:
        for k, lever in enumerate(self.levers):
            levels = (0.0, *lever.levels)
            at = levels.index(mix[k])
            for step in (at - 1, at + 1):
                if 0 <= step < len(levels):
                    new = self._set(mix, k, levels[step])
                    yield new if levels[step] else self.without(mix, k)

    def _missing(self, mix: Mix, k: int) -> list[int]:
        needs = [self.number(name) for name in self.levers[k].needs]
        return [j for j in needs if not mix[j]]

    def _completed(self, mix: Mix) -> Mix:
        """Return a mix with the least of what its levers need."""
        full = mix
        while missing := [j for k in self.used(full) for j in self._missing(full, k)]:
            full = self._set(full, missing[0], self.levers[missing[0]].levels[0])
        return full

    @staticmethod
    def _set(mix: Mix, k: int, level: float) -> Mix:
        return (*mix[:k], level, *mix[k + 1 :])


def _times(title: str, level: float) -> str:
    return title if level == 1 else f"{title} × {level:g}"


def only(space: MixSpace, names: Sequence[str]) -> MixSpace:
    """Return the space of some of the levers, and those that they need."""
    wanted = set(names)
    while more := {n for v in space.levers if v.name in wanted for n in v.needs} - wanted:
        wanted |= more
    return replace(space, levers=tuple(v for v in space.levers if v.name in wanted))
