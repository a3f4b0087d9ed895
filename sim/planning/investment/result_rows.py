"""Rows of the result: mixes with their cost, value and difference from the base."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sim.metrics.estimators import InfluenceEstimate
from sim.metrics.metric_rows import finite_number
from sim.planning.investment.agents_saved import LEVEL, AgentsSaved
from sim.planning.investment.assumptions import TornadoBar
from sim.planning.investment.mix_costs import MixCost
from sim.planning.investment.mix_search import MixSearch
from sim.planning.investment.mix_space import Mix
from sim.planning.investment.simulated_mixes import Estimates, Variation

Row = dict[str, Any]
VALUE = "value_lost"
"""Counts as money in the pay-back: unlike the value kept, it does not fall with the volume."""


@dataclass(frozen=True, slots=True)
class CheckedMix:
    """A mix with its metrics and those of the base on the same days."""

    mix: Mix
    found: Estimates
    base: Estimates
    cost: MixCost


def searched(search: MixSearch, mix: Mix) -> CheckedMix:
    """Return a mix as the search simulated it, with the replications of the search."""
    key = search.space.nothing
    found, base = search.mixes.simulate([Variation(mix), Variation(key)], search.runs)
    return CheckedMix(mix, found, base, search.costs.of(mix, found, base))


def base_row(search: MixSearch, base: Estimates) -> Row:
    """Return the objective and the service level without levers."""
    row = _value(search, base)
    return row | {"service_level": finite_number(base[LEVEL].value)}


def mix_row(search: MixSearch, one: CheckedMix) -> Row:
    """Return a mix: levers, cost, value and difference, each with its confidence interval."""
    gap = one.found[search.objective.name].minus(one.base[search.objective.name])
    low, high = _bounds(search, gap, -1.0)
    return {
        "levers": search.space.items(one.mix),
        "words": search.space.words(one.mix),
        "cost": one.cost.total,
        **_value(search, one.found),
        "difference": finite_number(gap.value),
        "difference_low": low,
        "difference_high": high,
        "service_level_difference": level_difference(one),
    }


def best_row(search: MixSearch, one: CheckedMix) -> Row:
    """Return the best mix, with the parts of its cost and when it is paid back."""
    months = payback_months(search, one)
    changes = search.space.changes_of(one.mix)
    more = {"costs": one.cost.record(), "payback_months": months, "changes": changes}
    return mix_row(search, one) | more


def payback_months(search: MixSearch, one: CheckedMix) -> float | None:
    """Return after how many months the one-off cost is paid back; None where it never is.

    Savings are a lower running cost and less value lost, both a month, less what the mix costs
    each month.
    """
    kept = -search.costs.monthly(VALUE, one.found, one.base)
    saved = kept - one.cost.running - one.cost.month - one.cost.use
    if saved <= 0 or not search.space.used(one.mix):
        return None
    return one.cost.once / saved


def lever_row(search: MixSearch, k: int, level: float, saved: AgentsSaved | None) -> Row:
    """Return a lever alone, at one level, compared with the levers that it needs."""
    space, lever = search.space, search.space.levers[k]
    mix = space.alone(k, level)
    one = searched(search, mix)
    needed = space.without(mix, k)
    before = searched(search, needed if needed in search.known else space.nothing)
    name = search.objective.name
    gap = one.found[name].minus(before.found[name])
    low, high = _bounds(search, gap, -1.0)
    levels = finite_number(one.found[LEVEL].value - before.found[LEVEL].value)
    return {
        "name": lever.name,
        "title": lever.title,
        "level": level,
        "cost": one.cost.total - before.cost.total,
        "difference": finite_number(gap.value),
        "low": low,
        "high": high,
        "service_level_difference": levels,
        "needs": list(lever.needs),
        "agents_saved": None if saved is None else saved_row(saved),
        "source": lever.source,
    }


def saved_row(saved: AgentsSaved) -> Row:
    """Return the agents that a lever saves."""
    return {
        "group": saved.group, "agents": saved.agents, "difference": saved.difference,
        "low": saved.low, "high": saved.high,
    }  # fmt: skip


def frontier_rows(search: MixSearch) -> list[Row]:
    """Return the mixes that no other beats in cost and objective, the cheapest first.

    Each is shown to be better than the one before: a dearer mix that may be better by random
    variation alone is left out, unless it is the best.
    """
    sign, found = search.objective.sign, list[tuple[Mix, Row]]()
    rows = [(mix, mix_row(search, searched(search, mix))) for mix in search.known]
    known = [(mix, row) for mix, row in rows if row["difference"] is not None]
    for mix, row in sorted(known, key=lambda one: (one[1]["cost"], -sign * one[1]["difference"])):
        if found:
            last, before = found[-1]
            more = sign * (row["difference"] - before["difference"])
            shown = mix == search.best or search.is_worse(last, mix, search.runs)
            if more <= 1e-12 or not shown:
                continue
        found.append((mix, row | {"within_budget": search.fits(mix)}))
    return [row for _, row in found]


def undecided_row(search: MixSearch, one: CheckedMix, best: CheckedMix) -> Row:
    """Return a mix that cannot be told apart from the best, with the difference from it."""
    gap = one.found[search.objective.name].minus(best.found[search.objective.name])
    low, high = _bounds(search, gap, -1.0)
    return mix_row(search, one) | {
        "from_best": finite_number(gap.value), "from_best_low": low, "from_best_high": high,
    }  # fmt: skip


def tornado_row(search: MixSearch, bar: TornadoBar) -> Row:
    """Return an assumption with the difference that the best mix makes at both ends."""
    one = bar.assumption
    instead = [None if mix is None else search.space.items(mix) for mix in bar.instead]
    words = [None if mix is None else search.space.words(mix) for mix in bar.instead]
    return {
        "assumption": one.name, "source": one.source, "low": one.low, "high": one.high,
        "difference_low": finite_number(bar.differences[0]),
        "difference_high": finite_number(bar.differences[1]),
        "changes_advice": bar.changes_advice, "instead_low": instead[0],
        "instead_high": instead[1], "words_low": words[0], "words_high": words[1],
    }  # fmt: skip


def level_difference(one: CheckedMix) -> float | None:
    """Return the difference of the service level from the base."""
    return finite_number(one.found[LEVEL].value - one.base[LEVEL].value)


def _value(search: MixSearch, found: Estimates) -> Row:
    estimate = found[search.objective.name]
    low, high = _bounds(search, estimate, 0.0)
    return {"value": finite_number(estimate.value), "low": low, "high": high}


def _bounds(
    search: MixSearch, estimate: InfluenceEstimate, lowest: float
) -> tuple[float | None, float | None]:
    if search.objective.unit != "share":
        low, high = estimate.bounds()
    else:
        low, high = estimate.bounds(lowest, 1.0)
    return finite_number(low), finite_number(high)
