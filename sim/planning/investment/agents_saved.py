"""Agents that a lever saves: as many fewer as leave the service level at what it was."""

from __future__ import annotations

from dataclasses import dataclass

from sim.metrics.estimators import InfluenceEstimate
from sim.planning.investment.mix_search import MixSearch
from sim.planning.investment.mix_space import Mix
from sim.planning.investment.simulated_mixes import Estimates, Variation
from sim.scenario.problems import ScenarioError
from sim.scenario.schedules import scheduled

LEVEL = "service_level"
OF_QUEUES = ("queue", "bot")
MOST_SHARE = 0.5
"""Share of the agents of a group above which a search for fewer ends."""


@dataclass(frozen=True, slots=True)
class AgentsSaved:
    """What a mix saves at an unchanged service level.

    Attributes
    ----------
    mix : tuple of float
    group : str
    agents : int
    difference : float
        Of the objective, from the base, with that many agents fewer.
    low, high : float
    """

    mix: Mix
    group: str
    agents: int
    difference: float
    low: float
    high: float

    @property
    def is_shown(self) -> bool:
        """Return whether the difference is not zero, at its confidence."""
        return self.low > 0 or self.high < 0


def group_concerned(search: MixSearch, mix: Mix) -> str | None:
    """Return the largest group that serves what a mix changes; None without agents.

    Where the mix changes several queues, or none, it is the largest of all groups.
    """
    scenario = search.space.scenario
    paths = [
        path.split(".") for k in search.space.used(mix) for path in search.space.levers[k].changes
    ]
    bots = {name: bot.queue or name for name, bot in scenario.bot.items()}
    queues = {bots.get(p[1], p[1]) if p[0] == "bot" else p[1] for p in paths if p[0] in OF_QUEUES}
    serving = {n: g for n, g in scenario.group.items() if len(queues) == 1 and queues & {*g.skills}}
    groups = serving or scenario.group
    most = {name: max(scheduled(scenario, group)) for name, group in groups.items()}
    name = max(most, key=most.__getitem__)
    return name if most[name] >= 2 else None


def fewer_agents(search: MixSearch, group: str, agents: int) -> tuple[tuple[str, object], ...]:
    """Return the changes that take agents from a group, or from each of its shifts."""
    team = search.space.scenario.group[group]
    if not agents:
        return ()
    if team.agents is not None:
        return ((f"group.{group}.agents", f"-{agents}"),)
    return tuple(
        (f"group.{group}.shifts.{k}.agents", f"-{agents}") for k in range(len(team.shifts))
    )


def agents_saved(search: MixSearch, mix: Mix) -> AgentsSaved | None:
    """Search the most agents that a mix makes superfluous, in the group that it concerns.

    Returns
    -------
    AgentsSaved or None
        None where it saves none.
    """
    group = group_concerned(search, mix)
    if group is None:
        return None
    base = search.base[LEVEL]
    most = int(
        MOST_SHARE * max(scheduled(search.space.scenario, search.space.scenario.group[group]))
    )
    low, high = 0, max(most, 1) + 1  # low keeps the level, high does not
    best: Estimates | None = None
    step = 1
    while high - low > 1:
        tried = min(low + step, high - 1)
        found = _with_fewer(search, mix, group, tried)
        if found is not None and float(found[LEVEL].value) >= float(base.value):
            low, best, step = tried, found, 2 * step
        else:
            high, step = tried, max((tried - low) // 2, 1)
    if best is None:
        return None
    gap = difference_of(search, best, search.base)
    ends = gap.bounds()
    return AgentsSaved(mix, group, low, float(gap.value), float(ends[0]), float(ends[1]))


def difference_of(search: MixSearch, found: Estimates, base: Estimates) -> InfluenceEstimate:
    """Return the difference of the objective between two scenarios on the same random numbers."""
    name = search.objective.name
    return found[name].minus(base[name])


def _with_fewer(search: MixSearch, mix: Mix, group: str, agents: int) -> Estimates | None:
    one = Variation(mix, fields=fewer_agents(search, group, agents))
    try:
        return search.mixes.simulate([one], search.runs)[0]
    except ScenarioError:
        return None
