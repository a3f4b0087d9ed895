"""Consistency checks across the fields of a scenario."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

from sim import units
from sim.scenario.check_event import check_event, unknown_paths
from sim.scenario.check_group import check_group
from sim.scenario.check_journeys import check_journeys, unknown_in_journeys
from sim.scenario.check_pattern import check_patterns
from sim.scenario.check_queue import check_bot, check_queue, on_boundaries
from sim.scenario.check_satisfaction import check_satisfaction
from sim.scenario.check_target import check_target, unknown_members
from sim.scenario.problems import MOST_SHOWN, Problem, listed, nearest

if TYPE_CHECKING:
    from sim.scenario.bot import Bot
    from sim.scenario.center import Center
    from sim.scenario.group import Group
    from sim.scenario.queue import Queue
    from sim.scenario.scenario_record import ScenarioFields


def names(scenario: ScenarioFields) -> list[Problem]:
    """Return a problem for every unknown name."""
    return _first(_names(scenario))


def _names(scenario: ScenarioFields) -> Iterator[Problem]:
    yield from _presence(scenario)
    for name, queue in scenario.queue.items():
        yield from _names_of_queue(scenario, f"queue.{name}", name, queue)
    stood: dict[str, str] = {}
    for name, bot in scenario.bot.items():
        yield from _names_of_bot(scenario, name, bot, stood)
    channels = {queue.channel.lower() for queue in scenario.queue.values()}
    for name, group in scenario.group.items():
        yield from _names_of_group(scenario, f"group.{name}", group)
        yield from _mixes(f"group.{name}", group, channels)
    for name, target in scenario.target.items():
        yield from unknown_members(scenario, f"target.{name}", target)
    yield from unknown_in_journeys(scenario)
    for name, event in scenario.event.items():
        yield from unknown_paths(scenario, f"event.{name}", event)


def _first(problems: Iterator[Problem]) -> list[Problem]:
    """Return the first problems; finding thousands would take too long."""
    found = list(islice(problems, MOST_SHOWN))
    if next(problems, None) is not None:
        found[-1] = Problem("", "there are more problems; correct these first")
    return found


def fits(scenario: ScenarioFields) -> list[Problem]:
    """Return a problem for every pair of fields that do not fit together."""
    found = [*_calendar(scenario.center), *_variation(scenario.center)]
    if found:
        return found
    return _first(_fits(scenario))


def _fits(scenario: ScenarioFields) -> Iterator[Problem]:
    for name, queue in scenario.queue.items():
        yield from check_queue(scenario, f"queue.{name}", queue)
    for name, bot in scenario.bot.items():
        yield from check_bot(scenario, f"bot.{name}", name, bot)
    for name, group in scenario.group.items():
        yield from check_group(scenario, f"group.{name}", group)
    yield from check_patterns(scenario.pattern, scenario.group)
    for name, target in scenario.target.items():
        yield from check_target(scenario, f"target.{name}", target)
    if scenario.satisfaction is not None:
        yield from check_satisfaction(scenario, scenario.satisfaction)
    yield from check_journeys(scenario)
    for name, event in scenario.event.items():
        yield from check_event(scenario, f"event.{name}", event)


def _presence(scenario: ScenarioFields) -> Iterator[Problem]:
    if not scenario.queue:
        yield Problem("queue", "there is no queue; allowed: at least one table [queue.NAME]")
    if not scenario.group:
        yield Problem("group", "there is no group; allowed: at least one table [group.NAME]")
    tables = (
        "queue", "group", "bot", "target", "event", "touchpoint", "issue", "segment", "lever",
    )  # fmt: skip
    for table in tables:
        for name in getattr(scenario, table):
            if "." in name or "=" in name:
                yield Problem(f"{table}.{name}", "has a dot or = in its name; allowed: neither")


def _unknown(path: str, what: str, word: str, scenario: ScenarioFields, channels: bool) -> Problem:
    known = set(scenario.queue)
    if channels:
        known |= {queue.channel for queue in scenario.queue.values()}
    message = f"{what} {word!r} is unknown; allowed: {listed(known)}."
    return Problem(path, message, word, nearest(word, known))


def _names_of_queue(
    scenario: ScenarioFields, path: str, name: str, queue: Queue
) -> Iterator[Problem]:
    for other in queue.transfer:
        if other not in scenario.queue:
            yield _unknown(f"{path}.transfer.{other}", "the queue", other, scenario, False)
        elif other == name:
            yield Problem(f"{path}.transfer.{other}", "transfers to itself; allowed: other queues")
    for key, further in (("retry", queue.retry), ("repeat", queue.repeat)):
        if further is None or further.by is None:
            continue
        meant = scenario.followers(name, further.by)
        if not meant:
            yield _unknown(f"{path}.{key}.by", "the queue", further.by, scenario, True)
        elif len(meant) > 1:
            message = f"{further.by!r} could be {listed(meant)}; allowed: one queue"
            yield Problem(f"{path}.{key}.by", message, further.by)


def _names_of_bot(
    scenario: ScenarioFields, name: str, bot: Bot, stood: dict[str, str]
) -> Iterator[Problem]:
    queue = bot.queue or name
    path = f"bot.{name}.queue" if bot.queue else f"bot.{name}"
    if queue not in scenario.queue:
        yield _unknown(path, "the queue", queue, scenario, False)
    elif queue in stood:
        yield Problem(path, f"queue {queue!r} has bot.{stood[queue]} already; allowed: one")
    stood.setdefault(queue, name)


def _names_of_group(scenario: ScenarioFields, path: str, group: Group) -> Iterator[Problem]:
    for queue in group.skills:
        if queue not in scenario.queue:
            yield _unknown(f"{path}.skills.{queue}", "the queue", queue, scenario, False)
    for work, live in group.interrupts.items():
        meant = scenario.queues_meant(work)
        if not meant:
            yield _unknown(f"{path}.interrupts.{work}", "the queue", work, scenario, True)
        elif not any(scenario.queue[queue].is_deferred for queue in meant):
            message = f"{work!r} is live and cannot be interrupted; allowed: deferred queues"
            yield Problem(f"{path}.interrupts.{work}", message, work)
        for word in live:
            if not scenario.queues_meant(word) and word.lower() != "live":
                yield _unknown(f"{path}.interrupts.{work}", "the queue", word, scenario, True)


def _mixes(path: str, group: Group, channels: set[str]) -> Iterator[Problem]:
    for first, second in group.mix:
        for word in (first, second):
            if word.lower() not in channels:
                message = f"the channel {word!r} is unknown; allowed: {listed(channels)}."
                yield Problem(f"{path}.mix", message, word, nearest(word, channels))
        if first == second:
            yield Problem(f"{path}.mix", f"mixes {first!r} with itself; allowed: two channels")


def _variation(center: Center) -> Iterator[Problem]:
    """Yield problems of how days differ: correlations that cannot be, a level known too late."""
    busy, talk = center.busyness, center.talk_variation
    most = ((1 - busy.memory**2) * (1 - talk.memory**2)) ** 0.5 / (1 - busy.memory * talk.memory)
    if busy.cv and talk.cv and abs(talk.correlation) > most + 1e-12:
        message = (
            f"{units.show_number(talk.correlation)} cannot be, as busyness has the memory "
            f"{units.show_share(busy.memory)} and talk {units.show_share(talk.memory)}; allowed: "
            f"-{units.show_number(most)} to {units.show_number(most)}, or other memories"
        )
        yield Problem("center.talk_variation.correlation", message)
    if talk.level_date is not None and center.length is not None:
        message = "cannot be combined with length (a stationary run, which has no date)"
        yield Problem("center.talk_variation.level_date", f"{message}; allowed: no date")
    elif talk.level_date is not None and talk.level_date > center.first_day:
        message = f"{talk.level_date} is after the first day; allowed: up to {center.first_day}"
        yield Problem("center.talk_variation.level_date", message)


def _calendar(center: Center) -> Iterator[Problem]:
    interval = center.interval_s
    shown = units.show_duration(interval)
    if center.length is not None:
        yield from _stationary(center, interval, shown)
        return
    if not 300 <= interval <= 3600 or units.DAY % interval:
        message = f"{shown} does not divide a day into intervals of 5 to 60 min"
        yield Problem("center.interval", f"{message}; allowed: 5min, 10min, 15min, 30min, 60min")
        return
    for day, hours in center.open.items():
        yield from on_boundaries(
            f"center.open.{day}" if len(center.open) > 1 else "center.open", hours, interval
        )
    if not center.hours:
        yield Problem("center.open", "is closed on every day; allowed: at least one open day")
    if center.warm_up >= center.days * units.DAY:
        message = f"{units.show_duration(center.warm_up)} is not shorter than the horizon"
        yield Problem("center.warm_up", f"{message}; allowed: less than {center.days} days")


def _stationary(center: Center, interval: float, shown: str) -> Iterator[Problem]:
    for key in ("days", "open", "first_day"):
        if key in center.model_fields_set:
            message = "cannot be combined with length (a stationary run); allowed: one of the two"
            yield Problem(f"center.{key}", message)
    horizon = (center.length or 0.0) + center.warm_up
    if horizon % interval:
        message = f"{shown} does not divide the {units.show_duration(horizon)} of the run"
        yield Problem("center.interval", f"{message}; allowed: a divisor of warm_up + length")
