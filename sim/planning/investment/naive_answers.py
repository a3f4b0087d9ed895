"""Answers that are often made without a simulation, and why they are wrong."""

from __future__ import annotations

from dataclasses import dataclass
from math import floor
from typing import TYPE_CHECKING, Any

from sim.planning.investment.agents_saved import LEVEL, difference_of, fewer_agents
from sim.planning.investment.mix_search import MixSearch
from sim.planning.investment.mix_space import Mix
from sim.planning.investment.simulated_mixes import Estimates, Variation
from sim.scenario.interval_times import mean_of
from sim.scenario.problems import ScenarioError
from sim.scenario.schedules import scheduled

if TYPE_CHECKING:
    from sim.scenario import Scenario


@dataclass(frozen=True, slots=True)
class NaiveAnswer:
    """A rule of thumb, with what it gives when it is simulated.

    Attributes
    ----------
    rule : str
        In words.
    mix : tuple of float
    promised : float or None
        Difference of the objective that the rule promises; None where it promises no other
        service.
    agents : int
        Agents that it takes off.
    difference, low, high, service_level_difference : float
        From the scenario without levers, simulated.
    reasons : tuple of str
    """

    rule: str
    mix: Mix
    promised: float | None
    agents: int
    difference: float
    low: float
    high: float
    service_level_difference: float
    reasons: tuple[str, ...]


def naive_answers(search: MixSearch, found: list[NaiveAnswer]) -> None:
    """Simulate the naive answers of a search; they are added as they are finished."""
    for k, lever in enumerate(search.space.levers):
        if any(path.startswith("bot.") for path in lever.changes):
            mix = search.space.alone(k, lever.levels[0])
            if mix in search.known:
                found += _naive_cut(search, mix)
    found += _sum_of_levers(search)


def _naive_cut(search: MixSearch, mix: Mix) -> list[NaiveAnswer]:
    """Return "the bot takes 20 %: cut 20 %" for the queue of which the lever takes most."""
    old, new = search.space.scenario, search.space.scenario_of(mix)
    taken = {queue: _taken(new, queue) - _taken(old, queue) for queue in old.queue}
    queue = max(taken, key=taken.__getitem__)
    if taken[queue] <= 0.005:
        return []
    group, agents = _cut(old, queue, taken[queue])
    if not agents:
        return []
    one = Variation(mix, fields=fewer_agents(search, group, agents))
    try:
        simulated = search.mixes.simulate([one], search.runs)[0]
    except ScenarioError:
        return []
    rule = (
        f"{search.space.words(mix)}: the bot takes {100 * taken[queue]:.0f} % of {queue}, so "
        f"{agents} of the agents of {group} can go"
    )
    return [
        _answer(search, rule, mix, None, agents, simulated, tuple(_cut_reasons(old, new, queue)))
    ]


def _taken(scenario: Scenario, queue: str) -> float:
    found = scenario.bot_of(queue)
    return 0.0 if found is None else found[1].taken


def _cut(scenario: Scenario, queue: str, taken: float) -> tuple[str, int]:
    """Return the group that serves a queue with most agents, and the share of them cut."""
    most = {
        name: max(scheduled(scenario, group))
        for name, group in scenario.group.items()
        if queue in group.skills
    }
    if not most:
        return "", 0
    group = max(most, key=most.__getitem__)
    return group, floor(taken * most[group] + 0.5)


def _cut_reasons(old: Scenario, new: Scenario, queue: str) -> list[str]:
    """Say why fewer agents can go than the bot takes contacts."""
    found = new.bot_of(queue)
    assert found is not None
    bot, talk = found[1], mean_of(new, queue, "talk")
    before = old.bot_of(queue)
    residual = bot.residual(talk) / (1.0 if before is None else before[1].residual(talk))
    reasons = []
    if residual > 1.005:
        reasons.append(
            f"the bot takes the easy contacts: those left for agents talk {residual - 1:.0%} longer"
        )
    back = bot.back - (0.0 if before is None else before[1].back)
    if back > 0.005:
        reasons.append(
            f"{back:.0%} of the contacts are contained but not resolved, and reach an agent later"
        )
    reasons.append("fewer agents share the peaks less well: a small team needs a larger reserve")
    return [reason.replace("%", " %") for reason in reasons]


def _sum_of_levers(search: MixSearch) -> list[NaiveAnswer]:
    """Return the levers of most effect per cost until the budget is used, their effects added."""
    space = search.space
    alone = {
        k: space.alone(k, lever.levels[0])
        for k, lever in enumerate(space.levers)
        if space.alone(k, lever.levels[0]) in search.known
    }
    worth = [k for k, mix in alone.items() if search.gain(mix) > 0]
    worth.sort(key=lambda k: search.gain(alone[k]) / max(search.cost(alone[k]).total, 1e-9))
    mix, promised, cost = space.nothing, 0.0, 0.0
    for k in reversed(worth):
        both = space.together(mix, alone[k])
        price = search.cost(alone[k]).total
        if both != mix and cost + price <= search.budget and space.is_allowed(both):
            mix, promised, cost = both, promised + search.gain(alone[k]), cost + price
    if len(space.used(mix)) < 2 or space.refusal(mix):
        return []
    simulated = search.mixes.simulate([Variation(mix)], search.runs)[0]
    rule = f"take the levers of most effect for their cost and add up: {space.words(mix)}"
    low, high = difference_of(search, simulated, search.base).bounds()
    if low <= search.objective.sign * promised <= high:
        return []  # the sum is right here
    reasons = (
        "effects overlap: what one lever has taken away, another cannot take away a second time",
        "levers of little effect alone may need one another",
    )
    return [_answer(search, rule, mix, search.objective.sign * promised, 0, simulated, reasons)]


def _answer(
    search: MixSearch,
    rule: str,
    mix: Mix,
    promised: float | None,
    agents: int,
    simulated: Estimates,
    reasons: tuple[str, ...],
) -> NaiveAnswer:
    gap = difference_of(search, simulated, search.base)
    low, high = gap.bounds()
    level = float(simulated[LEVEL].value) - float(search.base[LEVEL].value)
    return NaiveAnswer(
        rule, mix, promised, agents, float(gap.value), float(low), float(high), level, reasons
    )


def record(search: MixSearch, one: NaiveAnswer) -> dict[str, Any]:
    """Return a naive answer as the JSON has it."""
    return {
        "rule": one.rule, "levers": search.space.items(one.mix), "promised": one.promised,
        "agents": one.agents, "difference": one.difference, "low": one.low, "high": one.high,
        "service_level_difference": one.service_level_difference, "reasons": list(one.reasons),
    }  # fmt: skip
