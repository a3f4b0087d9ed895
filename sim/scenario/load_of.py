"""How much work a scenario holds, in erlangs, before anything is simulated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.scenario.duty import on_duty
from sim.scenario.spread import volume_of

if TYPE_CHECKING:
    from sim.scenario.group import Group
    from sim.scenario.scenario import Scenario


def people_share(scenario: Scenario, name: str) -> float:
    """Return the share of a queue's arriving contacts that reach people.

    Those that a bot contains without resolving, and that come back, are counted in.
    """
    found = scenario.bot_of(name)
    if found is None:
        return 1.0
    bot = found[1]
    return bot.passed + bot.taken * (1 - bot.resolved) * bot.returns.share


def hands_of(scenario: Scenario, name: str) -> float:
    """Return the mean time (s) of people's hands on one contact of a queue.

    Talk is longer by what a bot in front takes off the easy part; it changes by what the
    handover gives, for the share that is handed over.
    """
    queue = scenario.queue[name]
    talk = queue.talk.mean
    if (found := scenario.bot_of(name)) is not None:
        bot = found[1]
        talk *= bot.residual(talk)
        change = bot.handover.change
        handed = bot.tried * (1 - bot.contained - bot.left) / bot.passed if bot.passed else 0.0
        talk += handed * (max(talk * change.factor + change.add, 0.0) - talk)
    return talk + queue.hold.mean + queue.wrap.mean


def erlangs(scenario: Scenario, name: str) -> list[float]:
    """Return a queue's load on people by interval, in erlangs (agents busy on average).

    Contacts of an interval times the mean time in hands, divided by the interval's length.
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
    center = scenario.center
    each = people_share(scenario, name) * hands_of(scenario, name) / center.interval_s
    return [v * each for v in volume_of(scenario.queue[name], center.grid, center.open)]


def staff(scenario: Scenario, group: Group) -> list[float]:
    """Return the agents of a group on duty by interval, as the simulation has them on average.

    Whole headcounts net of shrinkage, of which the absent are missing. Breaks are not taken
    off.
    """
    return [agents * (1 - group.absent) for agents in on_duty(scenario, group)]
