"""The tornado: assumptions whose ends are simulated, and whether they would change the advice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sim.planning.investment.mix_search import MixSearch
from sim.planning.investment.mix_space import Mix
from sim.planning.investment.simulated_mixes import Estimates, Variation
from sim.scenario.field_paths import keys
from sim.scenario.field_types import Record
from sim.scenario.problems import ScenarioError

RIVALS = 3
"""Mixes that are next to the best, compared with it at each end."""


@dataclass(frozen=True, slots=True)
class Assumption:
    """Something that is not known exactly.

    Attributes
    ----------
    name : str
        In words.
    source : str
    low, high : str
        Both ends in words.
    ends : tuple
        Factors on effects of levers, and fields, at the low and at the high end.
    lever : int or None
        The lever that it is about.
    """

    name: str
    source: str
    low: str
    high: str
    ends: tuple[tuple[tuple[tuple[int, float], ...], tuple[tuple[str, object], ...]], ...]
    lever: int | None = None


@dataclass(frozen=True, slots=True)
class TornadoBar:
    """What an assumption changes.

    Attributes
    ----------
    assumption : Assumption
    differences : tuple of float
        Difference of the objective between the best mix and the base, at both ends.
    instead : tuple
        The mix that is shown to be better at each end, None where the best mix stays.
    """

    assumption: Assumption
    differences: tuple[float, float]
    instead: tuple[Mix | None, Mix | None]

    @property
    def span(self) -> float:
        """Return how far apart the ends are."""
        return abs(self.differences[1] - self.differences[0])

    @property
    def changes_advice(self) -> bool:
        """Return whether another mix is better at one of the ends."""
        return any(one is not None for one in self.instead)


def assumptions(search: MixSearch) -> list[Assumption]:
    """Return the assumptions of a search: effects of levers, and fields that have a range."""
    found = []
    for k, lever in enumerate(search.space.levers):
        if lever.is_scalable and lever.effect.low < lever.effect.high:
            low, high = lever.effect.low, lever.effect.high
            ends = tuple((((k, end),), ()) for end in (low, high))
            name = f"effect of {lever.title}"
            found.append(Assumption(name, lever.source, f"{low:.0%}", f"{high:.0%}", ends, k))
    for path, record in _ranges(search.space.scenario):
        low, high = getattr(record, "low"), getattr(record, "high")  # noqa: B009 - of any record
        found.append(
            Assumption(
                path, str(getattr(record, "source", None) or "uncalibrated"), f"{low:g}",
                f"{high:g}", tuple(((), ((f"{path}.value", end),)) for end in (low, high)),
            )
        )  # fmt: skip
    return found


def _ranges(record: Any, path: str = "") -> Iterator[tuple[str, Record]]:
    """Yield the fields below a record that have a value with a low and a high end."""
    names = type(record).model_fields
    if {"value", "low", "high"} <= set(names):
        if None not in (record.low, record.high) and record.low != record.high:
            yield path, record
        return
    for key, name in keys(type(record)).items():
        below = getattr(record, name)
        inside = f"{path}.{key}" if path else key
        if isinstance(below, Record):
            yield from _ranges(below, inside)
        elif isinstance(below, dict):
            for one, value in below.items():
                if isinstance(value, Record):
                    yield from _ranges(value, f"{inside}.{one}")


def tornado(search: MixSearch, found: list[TornadoBar]) -> None:
    """Simulate the best mix and its rivals at both ends of each assumption.

    Parameters
    ----------
    search : MixSearch
    found : list of TornadoBar
        Bars are added as they are finished, so that a search that is stopped keeps them.
    """
    rivals = _rivals(search)
    wanted = [a for a in assumptions(search) if a.lever is None or _concerns(a.lever, rivals)]
    for number, one in enumerate(wanted):
        search.announce(f"assumptions ({number + 1} of {len(wanted)})", 2 * (len(rivals) + 1))
        try:
            if one.lever is None and not _matters(search, one):
                continue
            low, high = (_at_end(search, one, end, rivals) for end in one.ends)
        except ScenarioError:  # an end that the fields do not allow
            continue
        found.append(TornadoBar(one, (low[0], high[0]), (low[1], high[1])))


def _matters(search: MixSearch, one: Assumption) -> bool:
    """Return whether a field changes the objective of the scenario without levers."""
    ends = [Variation(search.space.nothing, *end) for end in one.ends]
    found, name = search.mixes.simulate(ends, search.runs), search.objective.name
    return any(float(at[name].value) != float(search.base[name].value) for at in found)


def _concerns(lever: int, rivals: Sequence[Mix]) -> bool:
    return any(mix[lever] > 0 for mix in rivals)


def _rivals(search: MixSearch) -> list[Mix]:
    """Return the best mix, those next to it, and it with one lever more or less."""
    best, space = search.best, search.space
    possible = sorted((m for m in search.known if search.fits(m)), key=search.rank)
    found = [best, *possible[:RIVALS], *(space.without(best, k) for k in space.used(best))]
    for k in range(len(space.levers)):
        if not best[k]:
            found += [mix for mix in possible if mix[k] > 0][:1]
    return [mix for mix in dict.fromkeys(found) if mix in search.known]


def _at_end(
    search: MixSearch, one: Assumption, end: Any, rivals: Sequence[Mix]
) -> tuple[float, Mix | None]:
    """Return the difference that the best mix makes, and the mix that is better, if one is."""
    effects, fields = end
    touched = [m for m in rivals if one.lever is None or m[one.lever] > 0 or m == rivals[0]]
    others = [m for m in rivals if m not in touched][:1]  # unchanged: the best of them is enough
    mixes = [*touched, *others]
    wanted = [Variation(mix, effects, fields) for mix in (search.space.nothing, *mixes)]
    base, *some = search.mixes.simulate(wanted, search.runs)
    name, objective = search.objective.name, search.objective
    if search.target is not None:
        return _still_reached(search, mixes, base, some)
    signed = [objective.signed(found[name]) for found in some]
    difference = float(some[0][name].value) - float(base[name].value)
    leader = max(range(len(signed)), key=lambda k: float(signed[k].value))
    low, _ = signed[leader].minus(signed[0]).bounds()  # of one look, unlike that of the selection
    return difference, mixes[leader] if low > 0 else None


def _still_reached(
    search: MixSearch, mixes: Sequence[Mix], base: Estimates, some: Sequence[Estimates]
) -> tuple[float, Mix | None]:
    """Return the difference of the best mix, and the cheapest that reaches the target instead.

    Where none does, it is the mix that comes nearest.
    """
    name, target = search.objective.name, search.target
    assert target is not None
    differences = [float(found[name].value) - float(base[name].value) for found in some]
    gains = [search.objective.sign * one for one in differences]
    if gains[0] >= target:
        return differences[0], None
    reached = [k for k, gain in enumerate(gains) if gain >= target]
    if reached:
        return differences[0], mixes[min(reached, key=lambda k: search.cost(mixes[k]).total)]
    nearest = max(range(len(gains)), key=gains.__getitem__)
    return differences[0], mixes[nearest] if nearest else None
