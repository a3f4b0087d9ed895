"""The mix that is recommended, and the cheapest one that reaches a target, on new days."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sim.planning.investment.mix_search import MixSearch
from sim.planning.investment.mix_space import Mix
from sim.planning.investment.result_rows import CheckedMix

NEARLY = 0.95
"""Part of the effect of the best mix from which a cheaper mix is recommended in its place."""
CHEAPER = 0.75
"""Part of the cost of the best mix up to which such a mix counts as cheaper."""
CHEAPEST, STRONGEST = 10, 2
"""Mixes tried for a target: the cheapest that should reach it, and those of most effect."""


def recommended_mix(search: MixSearch) -> Mix:
    """Return the cheapest mix that is as good as the best, as far as is shown, or nearly.

    These are the mixes that cannot be told apart from it, it without levers that add nothing
    significant to it, and mixes of nearly its effect at much less cost. For a target the best
    mix is the cheapest already.
    """
    best = search.best
    if search.target is not None or not search.space.used(best):
        return best
    possible = [best, *search.undecided, _pruned(search), *_nearly_as_good(search)]
    return min(possible, key=lambda mix: (search.cost(mix).total, search.rank(mix)))


def _pruned(search: MixSearch) -> Mix:
    """Return the best mix without levers that cost money and add nothing significant to it."""
    best = mix = search.best
    while True:
        fewer = (search.space.without(mix, k) for k in search.space.used(mix))
        cheaper = [one for one in fewer if _is_as_good(search, one, best)]
        if not cheaper:
            return mix
        mix = min(cheaper, key=lambda one: search.cost(one).total)


def _is_as_good(search: MixSearch, mix: Mix, best: Mix) -> bool:
    """Return whether a mix is cheaper than the best, and not shown to be worse."""
    for runs in dict.fromkeys((search.runs, search.decided_runs)):
        search.simulate("levers that add nothing", [mix, best], runs, further=True)
        if mix in search.refused and search.refused[mix]:
            return False
        if search.cost(mix).total >= search.cost(best).total or search.is_worse(mix, best, runs):
            return False
    return True


def _nearly_as_good(search: MixSearch) -> Iterator[Mix]:
    best = search.best
    gain, cost = search.gain(best), search.cost(best).total
    if gain > 0 and cost > 0:
        for mix in search.known:
            if search.gain(mix) >= NEARLY * gain and search.cost(mix).total <= CHEAPER * cost:
                yield mix


def cheapest_that_holds(search: MixSearch, check: Callable[[Mix], CheckedMix]) -> int:
    """Try the mixes that reach the target on new days, the cheapest first, until one does.

    It, or the one that comes nearest, becomes the best mix of the search.

    Parameters
    ----------
    search : MixSearch
        With a target.
    check : callable
        Simulates a mix on new days.

    Returns
    -------
    int
        Mixes that should reach it but were not tried; 0 where one holds.
    """
    assert search.target is not None
    possible = [mix for mix in search.known if search.fits(mix)] or [search.space.nothing]
    reached = [mix for mix in possible if search.gain(mix) >= search.target - 1e-9]
    reached.sort(key=lambda mix: (search.cost(mix).total, len(search.space.used(mix))))
    strongest = sorted(possible, key=search.gain, reverse=True)
    tried = list(dict.fromkeys([*reached[:CHEAPEST], *strongest[:STRONGEST]]))
    gains: dict[Mix, float] = {}
    for mix in tried:
        one, name = check(mix), search.objective.name
        gain = search.objective.signed(one.found[name].minus(one.base[name]))
        gains[mix] = float(gain.value)
        if gains[mix] >= search.target - 1e-9:
            search.selected = [mix]
            return 0
    search.selected = [max(gains, key=gains.__getitem__)]
    return len(set(reached) - set(tried))
