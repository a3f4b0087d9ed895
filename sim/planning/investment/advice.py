"""The advice of an investment search in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sim.planning.investment.agents_saved import AgentsSaved, difference_of, fewer_agents
from sim.planning.investment.assumptions import TornadoBar
from sim.planning.investment.mix_search import MixSearch
from sim.planning.investment.mix_space import Mix
from sim.planning.investment.naive_answers import NaiveAnswer
from sim.planning.investment.result_rows import VALUE, CheckedMix, payback_months
from sim.planning.investment.simulated_mixes import Variation
from sim.scenario.problems import ScenarioError, all_of
from sim.units import show_share

MOST_REMEDIES = 4
"""Other levers that are tried against a loss."""
WORTH_NAMING = 0.3
"""Part of the effect of a pair from which its interaction is named."""


@dataclass(frozen=True)
class Findings:
    """What the advice is made of.

    Attributes
    ----------
    search : MixSearch
    best, recommended : CheckedMix
    saved, remedies : mapping of Mix
        Agents that levers alone save, and what takes the loss away that this brings.
    naive : sequence of NaiveAnswer
    bars : sequence of TornadoBar
    target : dict or None
        What it takes to reach a target, if one is asked for.
    """

    search: MixSearch
    best: CheckedMix
    recommended: CheckedMix
    saved: Mapping[Mix, AgentsSaved]
    remedies: Mapping[Mix, str]
    naive: Sequence[NaiveAnswer]
    bars: Sequence[TornadoBar]
    target: Mapping[str, Any] | None = None


def advice(found: Findings) -> list[str]:
    """Return the advice, the most important sentence first."""
    sentences = [*(_target(found) if found.target else _best(found)), *_pay_back(found)]
    sentences += [*_undecided(found), *_saved(found), *_interactions(found)]
    sentences += [*_idle(found), *_assumptions(found), *_naive(found)]
    return sentences


def remedy(search: MixSearch, saved: AgentsSaved) -> str:
    """Return the lever that takes away a loss which fewer agents bring, empty if none does."""
    sign = search.objective.sign
    if not saved.is_shown or sign * saved.difference > 0:
        return ""
    space, fields = search.space, fewer_agents(search, saved.group, saved.agents)
    others = [space.alone(k, one.levels[0]) for k, one in enumerate(space.levers)]
    others = [mix for mix in others if mix in search.known and search.gain(mix) > 0]
    others = [mix for mix in others if space.together(mix, saved.mix) not in (mix, saved.mix)]
    for mix in sorted(others, key=search.gain, reverse=True)[:MOST_REMEDIES]:
        both = space.together(mix, saved.mix)
        if not space.is_allowed(both) or space.refusal(both):
            continue
        try:
            simulated = search.mixes.simulate([Variation(both, fields=fields)], search.runs)[0]
        except ScenarioError:
            continue
        if sign * float(difference_of(search, simulated, search.base).value) >= 0:
            return space.words(mix)
    return ""


def _target(found: Findings) -> Iterator[str]:
    """Yield what the target takes, first of all where it is not reached."""
    row, one = found.target, found.best
    if row is None:
        return
    if row["already"]:
        value = found.search.objective.shown(float(one.base[found.search.objective.name].value))
        yield f"Change nothing: the scenario reaches {row['target']} already ({value})."
    elif not row["reached"]:
        left = f"; {row['untried']} dearer mixes were not tried" if row["untried"] else ""
        yield (
            f"No mix of {row['tried']} that were tried on new days reaches {row['target']}{left}. "
            f"The nearest is {row['words']}: {_effect(found.search, one)}."
        )
    else:
        yield f"Take {row['words']}: {_effect(found.search, one)}."


def _best(found: Findings) -> Iterator[str]:
    """Yield what to take, and what the best mix adds to it."""
    search, one, best = found.search, found.recommended, found.best
    words = search.objective.words
    if not search.space.used(best.mix):
        yield f"Change nothing: no mix of levers within the budget improves {words}."
        return
    if not search.space.used(one.mix):
        yield (
            f"Change nothing: no mix within the budget is shown to improve {words}. The best, "
            f"{search.space.words(best.mix)}, is not significant: {_effect(search, best)}. More "
            "replications (--runs) may show a difference."
        )
        return
    yield f"Take {search.space.words(one.mix)}: {_effect(search, one)}."
    low, high = difference_of(search, one.found, one.base).bounds()
    if low <= 0 <= high:
        yield "This difference is not significant: more replications (--runs) may show one."
    if one.mix != best.mix:
        yield _what_the_best_adds(search, one, best)


def _effect(search: MixSearch, one: CheckedMix) -> str:
    """Return from where to where a mix changes the objective, and its cost."""
    objective, name = search.objective, search.objective.name
    gap = difference_of(search, one.found, one.base)
    low, high = (float(end) for end in gap.bounds())
    before, after = (objective.shown(float(some[name].value)) for some in (one.base, one.found))
    text = f"{objective.words}{search.costs.period(objective.metric)} goes from {before} to {after}"
    return (
        f"{text} ({objective.shown_change(float(gap.value))}, 95 % confidence interval "
        f"{objective.shown_change(low)} to {objective.shown_change(high)}) for "
        f"{money(one.cost.total)} a month"
    )


def _what_the_best_adds(search: MixSearch, one: CheckedMix, best: CheckedMix) -> str:
    """Return what the best mix adds to a cheaper one that is nearly as good, and at what cost."""
    objective = search.objective
    gap = difference_of(search, best.found, one.found)
    low, high = (float(end) for end in gap.bounds())
    more = best.cost.total - one.cost.total
    text = (
        f"The best mix for the budget, {search.space.words(best.mix)}, costs {money(more)} more a "
        f"month and changes {objective.words} by {objective.shown_change(float(gap.value))} more "
        f"({objective.shown_change(low)} to {objective.shown_change(high)})"
    )
    each = 1000 * objective.sign * float(gap.value) / more if more > 0 else 0.0
    if low <= 0 <= high:
        return f"{text}: they cannot be told apart."
    return (
        f"{text}: beyond {money(one.cost.total)} a month each further 1,000 brings "
        f"{objective.shown_at_most(each)}."
    )


def _pay_back(found: Findings) -> Iterator[str]:
    search, one = found.search, found.recommended
    if one.cost.once > 0:
        months = payback_months(search, one)
        once = f"The one-off cost of {money(one.cost.once)} is"
        if months is None:
            yield f"{once} not paid back in money: it saves no more than it costs each month."
        else:
            yield f"{once} paid back after {months:.1f} months{_with_value(found)}."


def _with_value(found: Findings) -> str:
    """Return what a pay-back counts as money beside the running cost, if anything."""
    satisfaction = found.search.space.scenario.satisfaction
    if VALUE not in found.best.found or satisfaction is None:
        return ""
    return f", with the value of customers kept counted as money ({satisfaction.calibration_text})"


def _undecided(found: Findings) -> Iterator[str]:
    search = found.search
    if not search.undecided:
        return
    shown = found.recommended.mix != found.best.mix and found.recommended.mix in search.undecided
    others = len(search.undecided) - shown
    if others:
        text = f"{others} other mixes cannot" if others > 1 else "One other mix cannot"
        yield f"{text} be told apart from the best."


def _saved(found: Findings) -> Iterator[str]:
    search, objective = found.search, found.search.objective
    for mix, one in found.saved.items():
        (k,) = search.space.used(mix)[:1]
        effect = search.space.levers[k]
        text = f"{_doing(found, mix)} saves {one.agents} {'agent' if one.agents == 1 else 'agents'}"
        text += f" of {one.group} at the same service level"
        worse = objective.sign * one.difference < 0
        if not one.is_shown:
            text += f", with no significant change of {objective.words}"
        elif worse:
            text += f", but {objective.moved(one.difference)}"
            if remedy_words := found.remedies.get(mix):
                text += f" unless this is combined with: {remedy_words}"
        else:
            text += f" and {objective.moved(one.difference)}"
        yield f"{text}." if effect.source != "made up" else f"{text} (effect made up)."


def _doing(found: Findings, mix: Mix) -> str:
    """Return what a lever does, as the subject of a sentence."""
    space = found.search.space
    bots = [
        path.split(".")
        for k in space.used(mix)
        for path in space.levers[k].changes
        if path.startswith("bot.") and path.endswith(".contained")
    ]
    if len(bots) != 1:
        return space.words(mix)
    name = bots[0][1]
    old, new = space.scenario.bot.get(name), space.scenario_of(mix).bot[name]
    before = 0.0 if old is None else old.contained
    return (
        f"Raising the containment of bot {name} from {show_share(before)} to "
        f"{show_share(new.contained)}"
    ).replace("%", " %")


def _interactions(found: Findings) -> Iterator[str]:
    """Yield the strongest pair that helps more, and the strongest that helps less, than its sum."""
    search = found.search
    prediction, objective = search.prediction, search.objective
    if prediction is None:
        return
    order = sorted(prediction.pairs, key=lambda pair: prediction.pairs[pair][0])
    for pair in dict.fromkeys([*order[-1:], *order[:1]]):
        k, j = pair
        one, other = (search.space.alone(n, prediction.top[n]) for n in (k, j))
        both = search.space.together(one, other)
        beyond = _beyond(search, one, other, both)
        if beyond is None or abs(beyond) < WORTH_NAMING * abs(search.gain(both)):
            continue
        effects = [
            objective.shown_change(objective.sign * search.gain(m)) for m in (one, other, both)
        ]
        words = all_of([search.space.words(one), search.space.words(other)])
        how = "help more together than alone" if beyond > 0 else "overlap"
        yield f"{words} {how}: {effects[0]} and {effects[1]} alone, {effects[2]} together."


def _beyond(search: MixSearch, one: Mix, other: Mix, both: Mix) -> float | None:
    """Return what a pair gives beyond the sum of its levers; None where that may be zero."""
    if any(mix not in search.known for mix in (one, other, both)):
        return None
    name, runs = search.objective.name, search.runs
    wanted = [Variation(mix) for mix in (search.space.nothing, one, other, both)]
    base, first, second, pair = (found[name] for found in search.mixes.simulate(wanted, runs))
    gap = pair.minus(first).minus(second.minus(base))
    low, high = gap.bounds()
    if low <= 0 <= high:
        return None
    return search.objective.sign * float(gap.value)


def _idle(found: Findings) -> Iterator[str]:
    """Yield the levers that change nothing here, alone."""
    search, idle = found.search, []
    name = search.objective.name
    for k, lever in enumerate(search.space.levers):
        mix = search.space.alone(k, lever.levels[0])
        if lever.needs or mix not in search.known or found.best.mix[k]:
            continue
        wanted = [Variation(search.space.nothing), Variation(mix)]
        base, some = (one[name] for one in search.mixes.simulate(wanted, search.runs))
        low, high = some.minus(base).bounds()
        if low <= 0 <= high:
            idle.append(lever.title)
    if idle:
        yield f"No significant effect on {search.objective.words} alone: {', '.join(idle)}."


def _assumptions(found: Findings) -> Iterator[str]:
    space = found.search.space
    turning = [bar for bar in found.bars if bar.changes_advice]
    for bar in turning[:3]:
        name = bar.assumption.name if bar.assumption.lever is None else f"the {bar.assumption.name}"
        for end, mix in zip((bar.assumption.low, bar.assumption.high), bar.instead, strict=True):
            if mix is not None:
                yield (
                    (f"If {name} is {end}, another mix is better: {space.words(mix)}.")
                    .replace("%", " %")
                    .replace("  %", " %")
                )
    if len(found.bars) == 1 and not turning:
        yield "The one assumption that was varied does not change the advice."
    elif found.bars and not turning:
        yield f"None of the {len(found.bars)} assumptions that were varied changes the advice."


def _naive(found: Findings) -> Iterator[str]:
    objective = found.search.objective
    for one in found.naive:
        if one.promised is None and one.service_level_difference > -0.005:
            continue  # here the rule of thumb holds
        text = f"Not so: {one.rule}. Simulated, "
        if one.promised is None:
            text += (
                f"the service level changes by {100 * one.service_level_difference:+.1f} points "
            )
            text += f"and {objective.words} by {objective.shown_change(one.difference)}"
        else:
            text += f"this changes {objective.words} by {objective.shown_change(one.difference)} "
            text += f"instead of {objective.shown_change(one.promised)}"
        yield f"{text}; {'; '.join(one.reasons)}."


def money(amount: float) -> str:
    """Return an amount of money in words."""
    return f"{amount:,.0f}" if abs(amount) >= 100 or amount == 0 else f"{amount:,.2f}"
