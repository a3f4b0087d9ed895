"""What was understood of a scenario, in plain sentences."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sim import units
from sim.scenario.calendar import describe_hours
from sim.scenario.duty import on_duty
from sim.scenario.load_of import erlangs, hands_of, people_share, staff
from sim.scenario.problems import listed
from sim.scenario.spread import volume_of

if TYPE_CHECKING:
    from sim.scenario.bot import Bot
    from sim.scenario.group import Group
    from sim.scenario.queue import Queue, Target
    from sim.scenario.scenario import Scenario

_SHOWN = 3  # stretches without agents that are named
_number, _share, _time = units.show_number, units.show_share, units.show_duration


def describe(scenario: Scenario) -> list[str]:
    """Return what a scenario says, one plain sentence an item.

    Parameters
    ----------
    scenario : Scenario

    Returns
    -------
    list of str
        Calendar, queues with volume, load and target, self-service, groups, load against
        agents, and what rests on defaults.
    """
    lines = [*_center(scenario)]
    for name, queue in scenario.queue.items():
        lines += _queue(scenario, name, queue)
    for name, bot in scenario.bot.items():
        lines += _bot(scenario, name, bot)
    for name, group in scenario.group.items():
        lines += _group(scenario, name, group)
    lines += _balance(scenario)
    lines += assumptions(scenario)
    return lines


def _center(scenario: Scenario) -> Iterator[str]:
    center, grid = scenario.center, scenario.center.grid
    interval = _time(grid.interval_s)
    if center.length is not None:
        warm = f" after a warm-up of {_time(center.warm_up)}" if center.warm_up else ""
        yield f"{center.name}: a stationary run of {_time(center.length)}{warm}."
    else:
        days = "one day" if grid.days == 1 else units.counted(grid.days, "day")
        first = center.first_day.strftime("%A %Y-%m-%d")
        yield f"{center.name}: {days} from {first}, intervals of {interval}."
        yield f"Open {describe_hours(center.open)}; at closing, those who wait: {center.at_close}."
        if center.warm_up:
            yield f"The first {_time(center.warm_up)} are not counted."
    if center.busyness.cv:
        yield (
            f"Days differ beyond chance by {_share(center.busyness.cv)} (standard deviation); "
            f"queues share {_share(center.busyness.shared)} of it."
        )
    if center.lines is not None:
        yield f"All voice queues together have {units.counted(center.lines, 'line')}."
    if center.target is not None:
        aim = _in_time(center.target, center.target.variant or center.variant)
        yield (
            f"All live queues together should reach {aim}: the whole and channels are judged by "
            "it, each queue by its own target."
        )


def _queue(scenario: Scenario, name: str, queue: Queue) -> Iterator[str]:
    volume = volume_of(queue, scenario.center.grid, scenario.center.open)
    load = erlangs(scenario, name)
    open_loads = [x for x in load if x > 0]
    mean = sum(open_loads) / len(open_loads) if open_loads else 0.0
    kind = f"{queue.channel}, deferred" if queue.is_deferred else queue.channel
    yield (
        f"Queue {name} ({kind}): {_amount(scenario, sum(volume))}; a contact keeps people busy "
        f"for {_time(round(hands_of(scenario, name), 1))}, so {_number(mean, 1)} erlangs on "
        f"average and {_number(max(load), 1)} at the peak."
    )
    yield f"Queue {name}: {_waiting(queue)}; target {_target(scenario, queue)}."
    if queue.backlog:
        yield f"Queue {name} begins with {units.counted(queue.backlog, 'contact')} waiting."
    if scenario.backs_out and queue.resolved is not None and queue.repeat is not None:
        yield (
            f"Queue {name}: {_share(queue.resolved)} are resolved and "
            f"{_share(queue.repeat.share)} of the others come back; "
            + (
                "these repeats are taken off the volume, which holds them already."
                if queue.volume_is == "observed"
                else "these repeats come on top of the volume."
            )
        )
    if queue.callback is not None:
        yield f"Queue {name}: {_callback(queue)}."


def _amount(scenario: Scenario, total: float) -> str:
    if scenario.center.length is not None:
        hours = scenario.center.grid.day_s / units.HOUR
        return f"{units.counted(total / hours, 'contact', 1)} an hour"
    days = scenario.center.days
    each = f", {_number(total / days, 0)} a day" if days > 1 else ""
    return units.counted(total, "contact") + each


def _waiting(queue: Queue) -> str:
    words = (
        "customers wait without bound"
        if queue.patience.is_unlimited
        else f"patience {queue.patience}"
    )
    if queue.balk:
        words += f", {_share(queue.balk)} leave rather than wait"
    for bound, what in ((queue.lines, "lines"), (queue.limit, "may wait")):
        words += f", {bound} {what}" if bound is not None else ""
    if queue.longest_wait is not None:
        words += f", a message is taken after {_time(queue.longest_wait)}"
    return words


def _target(scenario: Scenario, queue: Queue) -> str:
    target, variant = queue.target, queue.variant or scenario.center.variant
    if queue.is_deferred:
        return _done_in_time(queue)
    if target is None:
        return f"80% in 20s by default ({variant})"
    return _in_time(target, target.variant or variant)


def _done_in_time(queue: Queue) -> str:
    """Say what a deferred queue is judged by."""
    target, within = queue.target, queue.due_s
    if within is None:
        return "none, as it has no due time"
    level, default = (0.8, " by default") if target is None else (target.service_level, "")
    return f"{_share(level)} done within {_time(within)}{default}"


def _in_time(target: Target, variant: str) -> str:
    return f"{_share(target.service_level)} in {_time(target.within or 0.0)} ({variant})"


def _callback(queue: Queue) -> str:
    offer = queue.callback
    if offer is None:
        return "no callback"
    places = []
    if offer.offer_after is not None:
        places.append(f"after {_time(offer.offer_after)} of wait")
    if offer.offer_at is not None:
        places.append(f"from place {offer.offer_at} in line on")
    tries = "the only try" if offer.tries == 1 else f"each of {offer.tries} tries"
    return (
        f"a callback is offered {' or '.join(places)}; {_share(offer.accepted)} accept, "
        f"{_share(offer.answered)} answer at {tries}"
    )


def _bot(scenario: Scenario, name: str, bot: Bot) -> Iterator[str]:
    queue = bot.queue or name
    mean = scenario.queue[queue].talk.mean
    yield (
        f"{bot.kind} {name} stands before queue {queue}: {_share(bot.tried)} try it, it contains "
        f"{_share(bot.contained)} of sessions ({_share(bot.contained * bot.resolved)} truly "
        f"resolved), {_share(bot.left)} leave inside."
    )
    reached = people_share(scenario, queue)
    work = reached * hands_of(scenario, queue) / scenario.queue[queue].hands
    yield (
        f"{bot.kind} {name}: {_share(reached)} of contacts reach people, comebacks included, "
        f"but the rest talks {_share(bot.residual(mean))} as long, as the easy part is gone; "
        f"with the handover people have {_share(work)} of the work they had."
    )


def _group(scenario: Scenario, name: str, group: Group) -> Iterator[str]:
    agents = on_duty(scenario, group)
    asked = [agents[i] for i in _asked(scenario, group)] or agents
    low, high = min(asked), max(agents)
    span = units.counted(high, "agent", 1)
    span = span if low == high else f"{_number(low, 1)} to {span}"
    how = f"{units.counted(group.persons, 'person')} in shifts, " if group.shifts else ""
    notes = [f"after {_share(group.shrinkage)} shrinkage"] if group.shrinkage else []
    notes += [f"of whom {_share(group.absent)} are absent"] if group.absent else []
    notes += ["parts rounded to whole agents, halves upwards"] if _has_parts(group) else []
    off = f" ({', '.join(notes)})" if notes else ""
    order = sorted(group.skills.items(), key=lambda item: item[1].level)
    skills = ", ".join(
        f"{queue} (level {skill.level}{f', {skill.at_once} at once' if skill.at_once > 1 else ''})"
        for queue, skill in order
    )
    yield f"Group {name}: {how}{span} on duty{off}; serves {skills or 'nothing'}."
    if group.wage is not None:
        late = "" if group.overtime == 1 else f", overtime {_number(group.overtime)} times that"
        yield f"Group {name}: an hour of an agent costs {_number(group.wage)}{late}."
    if low == 0 < high:
        yield f"Group {name}: nobody is on duty {_empty(scenario, group, agents)}."


def _asked(scenario: Scenario, group: Group) -> list[int]:
    """Return the intervals in which a group should be there: its own or the center's hours."""
    rules = scenario.center.open if group.open is None else group.open
    return scenario.center.grid.open_intervals(rules)


def _has_parts(group: Group) -> bool:
    """Return whether scheduled agents net of shrinkage are no whole numbers."""
    series = group.agents
    plain = (group.persons,) if series is None else series.values or (series.each or 0,)
    net = [agents * (1 - group.shrinkage) for agents in plain]
    return any(abs(agents - round(agents)) > 1e-6 for agents in net)


def _empty(scenario: Scenario, group: Group, agents: list[float]) -> str:
    """Return the first stretches of open hours without an agent, as words."""
    grid = scenario.center.grid
    spans: list[list[int]] = []
    for i in (i for i in _asked(scenario, group) if agents[i] == 0):
        if spans and spans[-1][1] == i:
            spans[-1][1] = i + 1
        else:
            spans.append([i, i + 1])
    words = [
        f"{grid.label(first)}-{units.show_clock(((end - 1) % grid.per_day + 1) * grid.interval_s)}"
        for first, end in spans[:_SHOWN]
    ]
    more = f" and {len(spans) - _SHOWN} times more" if len(spans) > _SHOWN else ""
    return ", ".join(words) + more


def _balance(scenario: Scenario) -> Iterator[str]:
    """Say load against agents for each set of queues that share groups."""
    for queues, groups in clusters(scenario):
        if not groups:
            continue
        load = [sum(x) for x in zip(*(erlangs(scenario, q) for q in queues), strict=True)]
        agents = [
            sum(x) for x in zip(*(staff(scenario, scenario.group[g]) for g in groups), strict=True)
        ]
        busy, on_duty = sum(load), sum(agents)
        if not on_duty:
            continue
        yield (
            f"{listed(queues).replace(' or ', ' and ')}: {_share(busy / on_duty)} of the agents' "
            "time is needed for handling, every contact alone, without transfers and retries."
        )


def clusters(scenario: Scenario) -> list[tuple[list[str], list[str]]]:
    """Return the sets of queues, with their groups, that share agents among themselves."""
    left = set(scenario.queue)
    result = []
    while left:
        queues, groups = {min(left)}, set[str]()
        while True:
            found = {g for g, f in scenario.group.items() if queues & f.skills.keys()}
            reached = queues | {q for g in found for q in scenario.group[g].skills}
            if found == groups and reached == queues:
                break
            queues, groups = reached, found
        left -= queues
        result.append((sorted(queues), sorted(groups)))
    return result


def assumptions(scenario: Scenario) -> list[str]:
    """Return what rests on a default that no data of the center stand behind."""
    lines = []
    for name, bot in scenario.bot.items():
        if bot.takes is None:
            lines.append(
                f"Uncalibrated: bot {name} is taken to contain contacts of half the mean talk "
                f"time; set bot.{name}.takes."
            )
        if bot.taken and "resolved" not in bot.model_fields_set:
            lines.append(
                f"Default: all that bot {name} contains is taken to be resolved; "
                f"set bot.{name}.resolved."
            )
    for name, queue in scenario.queue.items():
        if queue.target is None:
            lines.append(f"Default: queue {name} {_default_target(queue)}.")
        if queue.callback is not None and queue.callback.answered == 1:
            lines.append(f"Default: every callback of queue {name} is answered.")
    return lines


def _default_target(queue: Queue) -> str:
    if not queue.is_deferred:
        return "has the target 80% in 20s"
    if queue.due is None:
        return "has no due time, so that nothing is late"
    return "has the target 80% on time"
