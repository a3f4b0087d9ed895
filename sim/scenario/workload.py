"""How much work a scenario holds, in erlangs, before anything is simulated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.scenario.interval_times import mean_of, means_of, varies
from sim.scenario.issue_volumes import arriving_share, mean_talk, queue_volume, usual_bot
from sim.scenario.schedules import on_break, on_duty

if TYPE_CHECKING:
    from sim.scenario.bot import Bot
    from sim.scenario.group import Group
    from sim.scenario.scenario_record import ScenarioFields


def people_share(scenario: ScenarioFields, name: str) -> float:
    """Return the share of a queue's arriving contacts that reach agents.

    Bounce-backs are included.
    """
    found = usual_bot(scenario, name)
    return 1.0 if found is None else found[1].passed + found[1].back


def hands_of(scenario: ScenarioFields, name: str) -> float:
    """Return the mean handle time (s) of one contact of a queue.

    Talk is longer by what a bot in front takes off the easy part; bounce-backs bring
    that part. Talk changes by what the handover gives, for the share that is handed over.
    """
    means = [mean_of(scenario, name, key) for key in HANDLING]
    return _hands(scenario, name, mean_talk(scenario, name), *means)


HANDLING = ("talk", "hold", "wrap")


def hands_by_interval(scenario: ScenarioFields, name: str) -> list[float]:
    """Return the mean handle time (s) of one contact of a queue, as `hands_of`, by interval."""
    if not varies(scenario.queue[name]):
        return [hands_of(scenario, name)] * scenario.center.grid.intervals
    means = zip(*(means_of(scenario, name, key) for key in HANDLING), strict=True)
    usual = mean_talk(scenario, name)
    known: dict[tuple[float, ...], float] = {}
    found = []
    for each in means:
        if each not in known:
            known[each] = _hands(scenario, name, usual, *each)
        found.append(known[each])
    return found


def _hands(
    scenario: ScenarioFields, name: str, usual: float, talk: float, hold: float, wrap: float
) -> float:
    """Return the mean handle time (s) where talk, hold and wrap of the queue have these means.

    ``usual`` is the mean talk of all its contacts.
    """
    mean = mean_talk(scenario, name, talk)
    if (found := usual_bot(scenario, name)) is not None:
        mean = _behind(found[1], mean, usual)
    return mean + hold + wrap


def _behind(bot: Bot, mean: float, usual: float) -> float:
    """Return the mean talk (s) of what reaches agents behind a bot, bounce-backs included.

    Parameters
    ----------
    bot : Bot
    mean : float
        Mean talk of all contacts that count here (s).
    usual : float
        Mean talk of all contacts of the queue (s), of which the bot takes the easy part.
    """
    rest = bot.residual(usual) * mean
    reached = bot.passed + bot.back
    if not reached:
        return rest
    change = bot.handover.change
    handed = bot.tried * (1 - bot.contained - bot.left)
    carried, lost = bot.handover.carried_share, bot.handover.lost
    handed_talk = carried * max(rest * change.factor + change.add, 0.0)
    handed_talk += (1 - carried) * max(rest * lost.factor + lost.add, 0.0)
    easy = bot.comeback(usual) * mean
    return ((bot.passed - handed) * rest + handed * handed_talk + bot.back * easy) / reached


def erlangs(scenario: ScenarioFields, name: str) -> list[float]:
    """Return a queue's load by interval, in erlangs (agents busy on average).

    Contacts of an interval times the mean handle time, divided by the interval's length.
    For concurrent work this counts every contact alone, at full speed.

    Parameters
    ----------
    scenario : Scenario
    name : str
        A queue.

    Returns
    -------
    list of float, length intervals
    """
    reached = people_share(scenario, name) * arriving_share(scenario, name)
    interval_s = scenario.center.interval_s
    pairs = zip(queue_volume(scenario, name), hands_by_interval(scenario, name), strict=True)
    return [volume * (reached * hands / interval_s) for volume, hands in pairs]


def gap_of(scenario: ScenarioFields, name: str) -> float:
    """Return how long (s) an agent is not ready after a contact of a queue, on average.

    Over the agents of the groups that are asked first. Where an agent may have several contacts the
    gap follows the last of them only, so it counts for nothing here.
    """
    groups = [group for group in scenario.group.values() if name in group.skills]
    first = min((group.skills[name].level for group in groups), default=0)
    asked = [group for group in groups if group.skills[name].level == first]
    gaps = [0.0 if group.skills[name].at_once > 1 else group.gap.mean for group in asked]
    if not any(gaps):
        return 0.0
    agents = [sum(on_duty(scenario, group)) for group in asked]
    if not any(agents):
        return sum(gaps) / len(gaps)
    return sum(a * b for a, b in zip(agents, gaps, strict=True)) / sum(agents)


def agent_time_of(scenario: ScenarioFields, name: str) -> float:
    """Return the time (s) that one contact of a queue takes of an agent: handling and gap.

    What a formula takes for the handle time, which has no other place for the gap.
    """
    return hands_of(scenario, name) + gap_of(scenario, name)


def agent_time_by_interval(scenario: ScenarioFields, name: str) -> list[float]:
    """Return the time (s) that one contact of a queue takes of an agent, by interval."""
    gap = gap_of(scenario, name)
    return [hands + gap for hands in hands_by_interval(scenario, name)]


def agent_load(scenario: ScenarioFields, name: str) -> list[float]:
    """Return the agents whom a queue takes by interval: its load in erlangs, and the gaps."""
    gap, load = gap_of(scenario, name), erlangs(scenario, name)
    if not gap:
        return load
    pairs = zip(load, hands_by_interval(scenario, name), strict=True)
    return [each * (1 + gap / hands) for each, hands in pairs]


def staff(scenario: ScenarioFields, group: Group) -> list[float]:
    """Return the agents of a group on duty by interval, as the simulation has them on average.

    Whole headcounts net of shrinkage, of which the absent are missing. Breaks are not taken
    off.
    """
    return [agents * (1 - group.absent) for agents in on_duty(scenario, group)]


def at_work(scenario: ScenarioFields, group: Group) -> list[float]:
    """Return the agents of a group as :func:`staff` does, less those in a planned break."""
    there = zip(on_duty(scenario, group), on_break(scenario, group), strict=True)
    return [(agents - resting) * (1 - group.absent) for agents, resting in there]
