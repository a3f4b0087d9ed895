"""Consistency checks within a queue and the self-service in front of it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

from sim import units
from sim.scenario.interval_series import interval_values, rules_of, volume_of
from sim.scenario.interval_times import TIMES, by_interval, mean_of
from sim.scenario.issue_volumes import usual_bot
from sim.scenario.problems import Problem

if TYPE_CHECKING:
    from sim.scenario.bot import Bot
    from sim.scenario.distribution import Distribution
    from sim.scenario.distribution_series import DistributionSeries
    from sim.scenario.queue import Callback, Queue, Repeat, Transfer
    from sim.scenario.queue_waiting import Silent
    from sim.scenario.scenario_record import ScenarioFields


def check_queue(scenario: ScenarioFields, path: str, queue: Queue) -> Iterator[Problem]:
    """Yield a problem for every pair of a queue's fields that do not fit."""
    yield from _hours(scenario, path, queue)
    yield from _volume(scenario, path, queue)
    yield from _times(scenario, path, queue)
    yield from _target(path, queue)
    yield from _follow_ups(path, queue)
    if queue.callback is not None:
        yield from _callback(f"{path}.callback", queue.callback)
    if queue.silent is not None:
        yield from _silent(f"{path}.silent", queue, queue.silent)


def _times(scenario: ScenarioFields, path: str, queue: Queue) -> Iterator[Problem]:
    """Yield a problem for times that are infinite or zero, or by other intervals than open ones."""
    center = scenario.center
    for key in TIMES:
        series: DistributionSeries = getattr(queue, key)
        for k, one in enumerate(series.rows or (series,)):
            place = f"{path}.{key}" if series.rows is None else f"{path}.{key}.{k}"
            if key != "patience":
                yield from finite(place, one)
            if key == "talk" and one.mean == 0:
                yield Problem(place, "has the mean 0s; allowed: above zero")
        try:
            by_interval(series, center.grid, rules_of(queue, center.open), center.open)
        except ValueError as error:
            yield Problem(f"{path}.{key}", str(error))


def finite(path: str, distribution: Distribution) -> Iterator[Problem]:
    """Yield a problem when some draws of a distribution are infinite."""
    allowed = "allowed: a distribution with a finite mean"
    if distribution.is_unlimited:
        yield Problem(path, f'is unlimited, as "unlimited" and "none" are; {allowed}')
    elif not math.isfinite(distribution.mean):
        yield Problem(path, f"{distribution} has no finite mean; {allowed}")


def on_boundaries(
    path: str, hours: tuple[tuple[float, float], ...], interval: float
) -> Iterator[Problem]:
    """Yield a problem when hours begin or end within an interval."""
    for instant in (end for period in hours for end in period):
        if instant % interval:
            message = (
                f"{units.show_clock(instant)} falls within an interval of "
                f"{units.show_duration(interval)}; allowed: multiples, or a shorter interval"
            )
            yield Problem(path, message)


def _hours(scenario: ScenarioFields, path: str, queue: Queue) -> Iterator[Problem]:
    if queue.open is None:
        return
    if scenario.center.length is not None:
        yield Problem(
            f"{path}.open", "cannot be combined with a stationary run; allowed: leave it out"
        )
        return
    for hours in queue.open.values():
        yield from on_boundaries(f"{path}.open", hours, scenario.center.interval_s)
    if not scenario.center.grid.hours(queue.open):
        yield Problem(f"{path}.open", "is closed on every day; allowed: at least one open day")


def _volume(scenario: ScenarioFields, path: str, queue: Queue) -> Iterator[Problem]:
    center, grid = scenario.center, scenario.center.grid
    try:
        volume_of(queue, grid, center.open)
    except ValueError as error:
        yield Problem(f"{path}.volume", str(error))
    if queue.profile is None:
        return
    if queue.volume.a_day is None:
        message = 'is for a daily volume; allowed with a volume such as "1200 a day"'
        yield Problem(f"{path}.profile", message)
        return
    try:
        weights = interval_values(queue.profile, grid, rules_of(queue, center.open), center.open)
    except ValueError as error:
        yield Problem(f"{path}.profile", str(error))
        return
    if not sum(weights):
        yield Problem(f"{path}.profile", "is zero throughout; allowed: some weight above zero")


def _target(path: str, queue: Queue) -> Iterator[Problem]:
    if queue.due is not None and not queue.is_deferred:
        message = "is for deferred work; allowed with deferred = true or channel email, case"
        yield Problem(f"{path}.due", message)
    if queue.target is None:
        return
    within = queue.target.within
    if within is not None and queue.is_deferred and queue.due not in (None, within):
        message = (
            f"is within {units.show_duration(within)}, but "
            f'due = "{units.show_duration(queue.due)}"; allowed: "95% on time", or one of the two'
        )
        yield Problem(f"{path}.target", message)
    if within is None and queue.due is None:
        message = '"on time" needs a due time; allowed: due = "24h", or a target "80% in 20s"'
        yield Problem(f"{path}.target", message)


def _follow_ups(path: str, queue: Queue) -> Iterator[Problem]:
    if queue.repeat is not None and queue.resolved is None:
        message = 'needs the share resolved; allowed with resolved = "75%" in the same queue'
        yield Problem(f"{path}.repeat", message)
    if queue.resolution is not None and queue.resolved is None:
        message = 'needs the share resolved; allowed with resolved = "75%" in the same queue'
        yield Problem(f"{path}.resolution", message)
    yield from _lost(f"{path}.repeat", queue.repeat)
    for to, transfer in queue.transfer.items():
        yield from _lost(f"{path}.transfer.{to}", transfer)
    total = sum(transfer.share for transfer in queue.transfer.values())
    if total > 1 + 1e-12:
        message = f"shares add up to {units.show_share(total)}; allowed: at most 100%"
        yield Problem(f"{path}.transfer", message)
    for key, further in (("retry", queue.retry), ("repeat", queue.repeat)):
        if further is not None and further.after.is_unlimited:
            yield Problem(f"{path}.{key}.after", "is unlimited; allowed: a time, or share = 0")


def _lost(path: str, way: Repeat | Transfer | None) -> Iterator[Problem]:
    if way is not None and str(way.lost) and way.carried is None:
        message = 'needs the share with context; allowed with carried = "80%" in the same table'
        yield Problem(f"{path}.lost", message)


def _callback(path: str, callback: Callback) -> Iterator[Problem]:
    if callback.offer_after is None and callback.offer_at is None:
        message = 'does not say when it is offered; allowed: offer_after = "90s" or offer_at = 5'
        yield Problem(path, message)
    if callback.after is not None and callback.place == "kept":
        message = 'goes with place = "later"; allowed: leave it out with place = "kept"'
        yield Problem(f"{path}.after", message)
    for key in ("after", "dial", "again"):
        time = getattr(callback, key)
        if time is not None:
            yield from finite(f"{path}.{key}", time)


def _silent(path: str, queue: Queue, silent: Silent) -> Iterator[Problem]:
    if queue.is_deferred or queue.is_voice:
        what = "deferred work" if queue.is_deferred else "voice, where hanging up is heard"
        message = f"is not for {what}; allowed: live queues of other channels, such as chat"
        yield Problem(path, message)
    yield from finite(f"{path}.noticed", silent.noticed)


def check_bot(scenario: ScenarioFields, path: str, name: str, bot: Bot) -> Iterator[Problem]:
    """Yield a problem for every pair of a bot's fields that do not fit."""
    total = bot.contained + bot.left
    if total > 1 + 1e-12:
        message = f"contained and left add up to {units.show_share(total)}; allowed: at most 100%"
        yield Problem(f"{path}.contained", message)
    yield from finite(f"{path}.session", bot.session)
    yield from finite(f"{path}.returns.after", bot.returns.after)
    yield from _takes(scenario, path, name, bot)
    if bot.handover.context is False and bot.handover.carried:
        message = "cannot be combined with context = false; allowed: one of the two"
        yield Problem(f"{path}.handover.carried", message)
    days = scenario.center.days if scenario.center.length is None else 1
    for i, outage in enumerate(bot.outage):
        if outage.day > days:
            message = f"day {outage.day} lies outside the horizon; allowed: 1 to {days}"
            yield Problem(f"{path}.outage.{i}.day", message)


def _takes(scenario: ScenarioFields, path: str, name: str, bot: Bot) -> Iterator[Problem]:
    mean = math.nan
    with suppress(ValueError):  # of a volume, which is a problem of its own
        mean = mean_of(scenario, bot.queue or name, "talk")
        _, bot = usual_bot(scenario, bot.queue or name) or (name, bot)
    if not math.isfinite(mean) or bot.residual(mean) > 0:
        return
    taken = units.show_duration(bot.taken_talk(mean))
    most = units.show_duration(mean / bot.taken)
    message = (
        f"{taken} for {units.show_share(bot.taken)} of contacts exceeds all talk, as the "
        f"mean talk is {units.show_duration(mean)}; allowed: less than {most}"
    )
    yield Problem(f"{path}.takes", message)
