"""Warnings about what a scenario may say but most likely does not mean."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from sim import units
from sim.scenario.describe import clusters
from sim.scenario.describe_queue import fed_from
from sim.scenario.interval_series import arrivals, rules_of
from sim.scenario.issue_volumes import calling_issues, queue_volume
from sim.scenario.lint_load import too_few_agents
from sim.scenario.lint_variation import agent_speeds, day_variation
from sim.scenario.problems import all_of
from sim.scenario.schedules import on_duty, turns
from sim.scenario.volume import parse_datetime
from sim.scenario.workload import agent_load, at_work, staff

if TYPE_CHECKING:
    from sim.scenario.group import Group, Skill
    from sim.scenario.queue import Queue
    from sim.scenario.scenario import Scenario

_time = units.show_duration
_ROUNDING = 1e-9  # of sums over intervals, relative
_MAILS = ("e-mail", "e mail", "e-mails", "emails", "mail", "mails")


def lint_warnings(scenario: Scenario) -> list[str]:
    """Return warnings about a scenario, one plain sentence each.

    Parameters
    ----------
    scenario : Scenario

    Returns
    -------
    list of str
        Empty when all is well.
    """
    found = [*_clock_changes(scenario), *day_variation(scenario.center)]
    serving = _serving(scenario)
    together = {q: (queues, groups) for queues, groups in clusters(scenario) for q in queues}
    for name, queue in scenario.queue.items():
        found += _channel(name, queue)
        found += _service(name, queue, serving[name])
        if queue.is_deferred and serving[name]:
            found += _deferred(scenario, name, *together[name])
        found += _volume(scenario, name, queue)
        found += _waiting(name, queue)
        found += _talk(name, queue)
    for name, bot in scenario.bot.items():
        if bot.handover.talk != bot.handover.change:
            found.append(
                f"Bot {name}: handover.talk has no effect, as agents do not see the session "
                "(context = false)."
            )
    found += _repeats_by_bot(scenario)
    paid = any(group.wage is not None for group in scenario.group.values())
    for name, group in scenario.group.items():
        found += [*_group(scenario, name, group), *agent_speeds(name, group)]
        if paid and group.wage is None:
            found.append(f"Group {name} has no wage, unlike other groups: its agents cost nothing.")
    found += too_few_agents(scenario)
    found += _endless_transfers(scenario)
    return found


def _repeats_by_bot(scenario: Scenario) -> Iterator[str]:
    """Yield a warning where the bot's handover decides on the context of all repeat contacts."""
    tried = {bot.queue or name for name, bot in scenario.bot.items() if bot.tried >= 1}
    for name, queue in scenario.queue.items():
        repeat = queue.repeat
        if repeat is not None and repeat.carried is not None and (repeat.by or name) in tried:
            yield (
                f"Queue {name}: repeat.carried has no effect, as all repeat contacts use the bot "
                "first; bot.NAME.handover.carried says how many come with context."
            )


def _endless_transfers(scenario: Scenario) -> Iterator[str]:
    """Yield a warning where all contacts are transferred on and on until customers give up."""
    targets = {
        name: {to for to, way in queue.transfer.items() if way.share > 0}
        for name, queue in scenario.queue.items()
        if sum(way.share for way in queue.transfer.values()) > 1 - _ROUNDING
    }
    while some := {name for name, to in targets.items() if not to <= targets.keys()}:
        targets = {name: to for name, to in targets.items() if name not in some}
    if targets:
        names = ", ".join(targets)
        yield f"{names}: all contacts are transferred in a circle; the third transfer is the last."


def _serving(scenario: Scenario) -> dict[str, dict[str, Skill]]:
    """Return by queue the groups that serve it, with their skill."""
    serving: dict[str, dict[str, Skill]] = {queue: {} for queue in scenario.queue}
    for name, group in scenario.group.items():
        for queue, skill in group.skills.items():
            serving[queue][name] = skill
    return serving


def _channel(name: str, queue: Queue) -> Iterator[str]:
    if queue.channel in _MAILS:
        kind = "deferred work" if queue.is_deferred else "live work"
        yield (
            f'Queue {name}: "{queue.channel}" is a custom channel ({kind}); did you mean "email"?'
        )


def _service(name: str, queue: Queue, serving: dict[str, Skill]) -> Iterator[str]:
    """Warn of queues without a staffed group, or only with groups that help too late."""
    if not serving:
        yield f"Queue {name} has no staffed group: its contacts are never answered."
        return
    late = min(skill.after for skill in serving.values())
    if queue.longest_wait is not None and late > queue.longest_wait:
        yield (
            f"Queue {name}: no group helps before a wait of {_time(late)}, longer than the "
            f"longest wait of {_time(queue.longest_wait)}."
        )
    for group, skill in serving.items():
        if queue.longest_wait is not None and late < skill.after > queue.longest_wait:
            yield (
                f"Group {group} takes {name} after a wait of {_time(skill.after)}, but the longest "
                f"wait is {_time(queue.longest_wait)}: it never helps."
            )


def _deferred(scenario: Scenario, name: str, queues: list[str], groups: list[str]) -> Iterator[str]:
    """Warn when live contacts leave no time for a deferred queue."""
    load = [0.0] * scenario.center.grid.intervals
    agents = list(load)
    for group in (scenario.group[one] for one in groups):
        if name in group.skills:
            agents = [a + b for a, b in zip(agents, at_work(scenario, group), strict=True)]
    for other in queues:
        if not scenario.queue[other].is_deferred:
            load = [a + b for a, b in zip(load, agent_load(scenario, other), strict=True)]
    spare = sum(max(a - b, 0.0) for a, b in zip(agents, load, strict=True))
    load_here = sum(agent_load(scenario, name))
    if spare <= 0 < load_here:
        yield (
            f"Queue {name}: live contacts take up all of its agents' time; little or none of it is "
            "worked on."
        )


def _volume(scenario: Scenario, name: str, queue: Queue) -> Iterator[str]:
    for_calls = calling_issues(scenario, name)
    if for_calls and queue.open is None:
        yield (
            f"Queue {name}: outbound calls about {all_of(for_calls)} are made around the clock; "
            "open says the hours."
        )
    if not (for_calls or sum(queue_volume(scenario, name)) or fed_from(scenario, name)):
        yield f"Queue {name} has no volume."
    lost = _closed_volume(scenario, queue)
    if lost:
        left = units.counted(lost, "contact", 2)
        yield f"Queue {name}: {left} of its file outside the opening hours left out."
    yield from _closed_arrivals(scenario, name, queue)
    if queue.volume.recorded is not None and queue.repeat is not None:
        yield f"Queue {name}: repeats come on top of the recorded arrivals, which may include them."


def _closed_arrivals(scenario: Scenario, name: str, queue: Queue) -> Iterator[str]:
    """Warn of recorded arrivals while the queue is closed."""
    grid = scenario.center.grid
    hours = grid.hours(rules_of(queue, scenario.center.open))
    instants = arrivals(queue, grid)
    closed = [t for t in instants if not any(opens <= t < closes for opens, closes in hours)]
    if closed:
        day, clock = divmod(min(closed), grid.day_s)
        verb = "lies" if len(closed) == 1 else "lie"
        yield (
            f"Queue {name}: {len(closed)} of {len(instants)} recorded arrivals {verb} outside "
            f"the opening hours, the first at {units.show_clock(clock)} on "
            f"{grid.date(int(day)).isoformat()}."
        )


def _closed_volume(scenario: Scenario, queue: Queue) -> float:
    """Return the contacts of dated rows within the horizon but outside the opening hours."""
    series, grid = queue.volume, scenario.center.grid
    if not series.times or "-" not in series.times[0]:
        return 0.0
    opens = set(grid.open_intervals(rules_of(queue, scenario.center.open)))
    midnight = dt.datetime.combine(grid.first, dt.time())
    lost = 0.0
    for text, value in zip(series.times, series.values or (), strict=True):
        instant = (parse_datetime(text) - midnight).total_seconds()
        inside = 0 <= instant < grid.days * grid.day_s
        if inside and int(instant // grid.interval_s) not in opens:
            lost += value
    return lost


def _waiting(name: str, queue: Queue) -> Iterator[str]:
    if queue.is_voice and queue.patience.is_unlimited and queue.longest_wait is None:
        yield f"Queue {name} is voice, but its callers never abandon: patience is unlimited."
    offer = queue.callback
    if offer is not None and offer.offer_after is not None:
        if queue.longest_wait is not None and offer.offer_after >= queue.longest_wait:
            yield (
                f"Queue {name} offers callbacks after {_time(offer.offer_after)}, but the longest "
                f"wait is {_time(queue.longest_wait)}."
            )
        if queue.is_deferred:
            yield f"Queue {name} is deferred work, but offers callbacks."
    ends = queue.patience.is_unlimited and not queue.balk
    if queue.retry is not None and ends and queue.lines is None and queue.limit is None:
        yield f"Queue {name} has retries, but no customer abandons or gets a busy signal."
    if not queue.is_deferred and queue.backlog:
        yield f"Queue {name} is live, but starts with a backlog of {queue.backlog}."


def _talk(name: str, queue: Queue) -> Iterator[str]:
    """Ask whether a bare talk time, without a distribution, is intended."""
    if queue.talk.is_bare and queue.talk.rows is not None:
        yield (
            f"Queue {name}: talk by interval has times without a distribution, so every talk of "
            "these intervals takes exactly so long; is that intended? For a mean, write "
            '"exponential 4min".'
        )
    elif queue.talk.is_bare and queue.talk.mean:
        time = _time(queue.talk.time)
        yield (
            f"Queue {name}: every talk takes exactly {time}; is that intended? For a mean, write "
            f'"exponential {time}" or "lognormal {time} cv 0.9"; otherwise "deterministic {time}".'
        )


def _group(scenario: Scenario, name: str, group: Group) -> Iterator[str]:
    if not group.skills:
        yield f"Group {name} has no skills: it handles no contacts."
    if len(group.persons) > max(on_duty(scenario, group), default=0.0):
        yield (
            f"Group {name} lists {len(group.persons)} persons, more than its agents on duty: the "
            "last ones never log in."
        )
    if not any(staff(scenario, group)):
        yield f"Group {name} has no agents at any time."
    reserves = [skill.reserve for skill in group.skills.values()]
    if reserves and max(reserves) >= max(staff(scenario, group), default=0.0) > 0:
        yield f"Group {name} reserves as many agents as it has."
    mixed = [q for q, skill in group.skills.items() if skill.at_once > 1]
    if len({scenario.queue[q].channel for q in mixed}) > 1 and not group.mix:
        yield f"Group {name} handles several contacts at once in several channels, but has no mix."
    yield from _outside(scenario, name, group)


def _outside(scenario: Scenario, name: str, group: Group) -> Iterator[str]:
    """Warn of shifts outside all opening hours of the queues and the center."""
    if not group.shifts:
        return
    grid, hours = scenario.center.grid, scenario.center.hours
    for queue in group.skills:
        hours = hours + grid.hours(rules_of(scenario.queue[queue], scenario.center.open))
    for turn in turns(scenario, group):
        inside = _covered(turn.start, turn.end, hours)
        if inside < (turn.end - turn.start) - 1:
            what = "partly " if inside > 0 else ""
            clock = units.show_clock(turn.shift.start)
            yield f"Group {name}: the shift at {clock} is {what}outside the opening hours."
            return


def _covered(start: float, end: float, hours: list[tuple[float, float]]) -> float:
    """Return the seconds between start and end that lie within any of the hours."""
    inside, at = 0.0, start
    for opens, closes in sorted(hours):
        begin = max(at, opens)
        if begin < min(closes, end):
            inside += min(closes, end) - begin
            at = min(closes, end)
    return inside


def _clock_changes(scenario: Scenario) -> Iterator[str]:
    """Warn of clock changes within the horizon."""
    import zoneinfo

    center = scenario.center
    if center.time_zone is None or center.length is not None:
        return
    zone = zoneinfo.ZoneInfo(center.time_zone)
    for day in range(center.days):
        date = center.grid.date(day)
        before = dt.datetime.combine(date, dt.time(), zone).utcoffset()
        after = dt.datetime.combine(date + dt.timedelta(days=1), dt.time(), zone).utcoffset()
        if before != after and before is not None and after is not None:
            hours = math.copysign(1, (after - before).total_seconds())
            what = "an hour is missing" if hours > 0 else "an hour comes twice"
            day_name = date.isoformat()
            yield f"The clocks change on {day_name} ({what}); every day is simulated as 24 hours."
