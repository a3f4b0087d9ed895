"""A queue as plain sentences."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from sim import units
from sim.scenario.calendar import describe_hours
from sim.scenario.distribution import fixed
from sim.scenario.distribution_series import DistributionSeries
from sim.scenario.form_fields import MOST_POINTS, measured_curve, phrases
from sim.scenario.issue_volumes import queue_volume
from sim.scenario.queue import LATER
from sim.scenario.workload import erlangs, hands_of

if TYPE_CHECKING:
    from sim.scenario.distribution import Distribution
    from sim.scenario.queue import Callback, Queue, Repeat, Resolution, Retry, Target, Transfer
    from sim.scenario.scenario_record import ScenarioFields
    from sim.scenario.series import Series

_MOST_ROWS = 4  # of distributions by interval that are shown
_number, _share, _time = units.show_number, units.show_share, units.show_duration


def describe_queue(scenario: ScenarioFields, name: str, queue: Queue) -> Iterator[str]:
    """Yield what a queue says: volume, handling, waiting, target, and what follows a contact."""
    volume = queue_volume(scenario, name)
    load = erlangs(scenario, name)
    open_loads = [x for x in load if x > 0]
    mean = sum(open_loads) / len(open_loads) if open_loads else 0.0
    kind = f"{queue.channel}, deferred" if queue.is_deferred else queue.channel
    yield (
        f"Queue {name} ({kind}): {_amount(scenario, sum(volume))}; "
        f"AHT {_minutes(hands_of(scenario, name))}; load {_number(mean, 1)} erlangs on average, "
        f"{_number(max(load), 1)} at the peak."
    )
    yield from _arriving(scenario, name, queue)
    yield f"Queue {name}: {_handling(queue)}."
    yield f"Queue {name}: {_waiting(queue)}; target {_target(scenario, queue)}."
    yield from _further(name, queue)
    if queue.callback is not None:
        yield f"Queue {name}: {_callback(queue.callback)}."
    if queue.silent is not None:
        noticed = show_distribution(queue.silent.noticed)
        words = [*phrases(queue.silent), f"an agent notices after {noticed}"]
        yield f"Queue {name}: {', '.join(words)}."
    if queue.announce is not None:
        words = ["the wait is announced to those not answered at once", *phrases(queue.announce)]
        yield f"Queue {name}: {', '.join(words)}."


def _minutes(time: float) -> str:
    """Return seconds as ``m:ss``, from an hour on as ``h:mm:ss``."""
    if not math.isfinite(time):
        return _time(time)
    return units.show_minutes(units.to_whole(time))


def _arriving(scenario: ScenarioFields, name: str, queue: Queue) -> Iterator[str]:
    """Yield opening hours, profile, and volumes that are exact or recorded."""
    if queue.open is not None:
        yield f"Queue {name} is open {describe_hours(queue.open)}."
    if queue.profile is not None:
        yield f"Queue {name}: the volume of a day is spread with {_weights(queue.profile)}."
    if queue.volume.recorded is not None:
        yield f"Queue {name}: contacts arrive as recorded, the same in every replication."
        own = [what for what in ("talk", "patience") if getattr(queue.volume, what) is not None]
        if own:
            yield f"Queue {name}: {' and '.join(own)} of each contact are as recorded."
    elif queue.volume.exact:
        interval = _time(scenario.center.grid.interval_s)
        yield (
            f"Queue {name}: the volume is exact: every replication has exactly these counts in "
            f"each interval of {interval}; only the arrival times within it are random. Real "
            "arrivals vary more, so simulated waits are too short; leave out exact for expected "
            "volumes."
        )


def _weights(profile: Series) -> str:
    """Return the weights of a profile; many of them only by number and extremes."""
    weights = profile.values or (profile.each or 0.0,)
    if len(weights) <= MOST_POINTS:
        return f"weights {', '.join(_number(weight) for weight in weights)}"
    low, high = _number(min(weights)), _number(max(weights))
    return f"{len(weights)} weights from {low} to {high}"


def _amount(scenario: ScenarioFields, total: float) -> str:
    if scenario.center.length is not None:
        hours = scenario.center.grid.day_s / units.HOUR
        return f"{units.counted(total / hours, 'contact', 1)} an hour"
    days = scenario.center.days
    each = f", {_number(total / days, 0)} a day" if days > 1 else ""
    return units.counted(total, "contact") + each


def show_distribution(distribution: Distribution) -> str:
    """Return a distribution as the file writes it; a long measured curve only by its mean."""
    if isinstance(distribution, DistributionSeries) and distribution.rows is not None:
        return _by_interval(distribution.rows)
    if len(distribution.points) <= MOST_POINTS:
        return str(distribution)
    return measured_curve(distribution)


def _by_interval(rows: tuple[Distribution, ...]) -> str:
    """Return distributions by interval: few as they are, many by number and extreme means."""
    different = list(dict.fromkeys(show_distribution(row) for row in rows))
    if len(rows) <= _MOST_ROWS:
        return f"by interval {', '.join(show_distribution(row) for row in rows)}"
    if len(different) == 1:
        return different[0]
    means = sorted((row.mean, show_distribution(row)) for row in rows)
    extremes = f"from {means[0][1]} to {means[-1][1]}"
    return f"by interval, {len(rows)} distributions, {len(different)} different, {extremes}"


def _handling(queue: Queue) -> str:
    words = f"talk {show_distribution(queue.talk)}"
    for part, time in (("hold", queue.hold), ("wrap-up", queue.wrap)):
        words += f", {part} {show_distribution(time)}" if time.mean else ""
    return words


def _waiting(queue: Queue) -> str:
    words = (
        "patience unlimited"
        if queue.patience.is_unlimited
        else f"patience {show_distribution(queue.patience)}"
    )
    if queue.patience.rows is None and queue.patience.law == "deterministic":
        words += " (every customer abandons after exactly this time)"
    return ", ".join([words, *phrases(queue)])


def _target(scenario: ScenarioFields, queue: Queue) -> str:
    target, variant = queue.target, queue.variant or scenario.center.variant
    if queue.is_deferred:
        return _done_in_time(queue)
    if target is None:
        return f"80% in 20s by default ({variant.replace('_', ' ')})"
    return in_time(target, target.variant or variant)


def _done_in_time(queue: Queue) -> str:
    """Return the target of a deferred queue."""
    target, within = queue.target, queue.due_s
    if within is None:
        return "none, as it has no due time"
    level, default = (0.8, " by default") if target is None else (target.service_level, "")
    return f"{_share(level)} done within {_time(within)}{default}"


def in_time(target: Target, variant: str) -> str:
    """Return a target with the formula of its service level."""
    within = _time(target.within or 0.0)
    return f"{_share(target.service_level)} in {within} ({variant.replace('_', ' ')})"


def _further(name: str, queue: Queue) -> Iterator[str]:
    """Yield retrials, repeat contacts and transfers."""
    if queue.retry is not None:
        yield f"Queue {name}: {_retries(queue.retry)}."
    if queue.repeat is not None and queue.resolved is not None:
        yield f"Queue {name}: {_repeats(queue, queue.repeat, queue.resolved)}."
    elif queue.resolved is not None:
        yield f"Queue {name}: {_share(queue.resolved)} of handled contacts are resolved."
    if queue.resolution is not None:
        yield f"Queue {name}: the share resolved is {_resolution(queue.resolution)}."
    if queue.transfer:
        shares = (_transfer(to, each) for to, each in queue.transfer.items())
        yield f"Queue {name}: handled contacts are transferred, {', '.join(shares)}."


def _transfer(to: str, transfer: Transfer) -> str:
    """Return how many contacts are transferred to a queue, and how."""
    notes = phrases(transfer)
    return f"{_share(transfer.share)} to {to}" + (f" ({', '.join(notes)})" if notes else "")


def _retries(retry: Retry) -> str:
    where = f" via {retry.by}" if retry.by else ""
    return ", ".join(
        [
            f"{_share(retry.share)} of those who abandon retry{where} after "
            f"{show_distribution(retry.after)}",
            f"at most {_times(retry.at_most)}",
            *phrases(retry),
        ]
    )


def _repeats(queue: Queue, repeat: Repeat, resolved: float) -> str:
    where = f" via {repeat.by}" if repeat.by else ""
    if queue.volume_is == "observed" and queue.volume.recorded is None:
        volume = "repeats are deducted from the volume, which includes them"
    else:
        volume = "repeats come on top of the volume"
    how = ", ".join([f"at most {_times(repeat.at_most)}", *phrases(repeat)])
    return (
        f"{_share(resolved)} are resolved; {_share(repeat.share)} of the others contact the center "
        f"again{where} after {show_distribution(repeat.after)}, {how}; {volume}"
    )


def _resolution(resolution: Resolution) -> str:
    """Return what changes the share resolved."""
    notes, waited = phrases(resolution), resolution.waited
    if waited is not None:
        late = f"{_share(waited.factor)} of it after a wait of more than {_time(waited.over)}"
        notes += [", ".join([late, *phrases(waited)])]
    return "; ".join(notes) or "the same in all contacts"


def _times(number: int) -> str:
    return "once" if number == 1 else f"{number} times"


def _callback(offer: Callback) -> str:
    places = []
    if offer.offer_after is not None:
        places.append(f"after a wait of {_time(offer.offer_after)}")
    if offer.offer_at is not None:
        places.append(f"from position {offer.offer_at} in the queue")
    attempts = "the only attempt" if offer.tries == 1 else f"each of {offer.tries} attempts"
    return "; ".join(
        [
            f"a callback is offered {' or '.join(places)}",
            f"{_share(offer.accepted)} accept, {_share(offer.answered)} answer {attempts}",
            _called(offer),
            *phrases(offer),
        ]
    )


def _called(offer: Callback) -> str:
    """Return when a callback is due, and what unanswered attempts cost."""
    if offer.place == "kept":
        place = "the customer keeps the place in the queue"
    else:
        delay = fixed(LATER) if offer.after is None else offer.after
        place = f"the callback joins the queue after {show_distribution(delay)}"
    if offer.answered == 1:
        return place
    repeated = f", the next follows after {show_distribution(offer.again)}"
    dial = show_distribution(offer.dial)
    return f"{place}; an unanswered attempt takes {dial}{repeated if offer.tries > 1 else ''}"


def fed_from(scenario: ScenarioFields, name: str) -> list[str]:
    """Return the other queues with contacts that transfers, retries or repeats bring to a queue.

    Also over several steps, and the queue itself when it begins with a backlog.
    """
    ways: dict[str, set[str]] = {other: set() for other in scenario.queue}
    for other, queue in scenario.queue.items():
        targets = {to for to, each in queue.transfer.items() if each.share > 0}
        for further in (queue.retry, queue.repeat):
            if further is not None and further.share > 0:
                targets |= {scenario.followers(other, further.by)[0]}
        for target in targets:
            ways[target].add(other)
    reached, new = {name}, {name}
    while new:
        new = set().union(*(ways[one] for one in new)) - reached
        reached |= new
    return sorted(
        one
        for one in reached
        if scenario.queue[one].backlog > 0 or (one != name and sum(queue_volume(scenario, one)) > 0)
    )
