"""What was understood of a queue, in plain sentences."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sim import units
from sim.scenario.calendar import describe_hours
from sim.scenario.distribution import fixed
from sim.scenario.form_fields import phrases
from sim.scenario.interval_series import volume_of
from sim.scenario.queue import LATER
from sim.scenario.workload import erlangs, hands_of

if TYPE_CHECKING:
    from sim.scenario.distribution import Distribution
    from sim.scenario.field_types import TalkChange
    from sim.scenario.queue import Callback, Queue, Repeat, Retry, Target, Transfer
    from sim.scenario.scenario_fields import ScenarioFields
    from sim.scenario.series import Series

_MOST_POINTS = 12  # of a measured curve that are shown
_AGENT = {
    "longest idle": "agent idle for the longest time",
    "least busy": "least busy agent",
    "fastest": "fastest agent",
    "best resolver": "agent who resolves most",
}
_number, _share, _time = units.show_number, units.show_share, units.show_duration


def describe_queue(scenario: ScenarioFields, name: str, queue: Queue) -> Iterator[str]:
    """Yield what a queue says: volume, handling, waiting, target, and what follows a contact."""
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
    yield from _arriving(scenario, name, queue)
    yield f"Queue {name}: {_handling(queue)}."
    yield f"Queue {name}: {_waiting(queue)}; target {_target(scenario, queue)}."
    if queue.backlog:
        yield f"Queue {name} begins with {units.counted(queue.backlog, 'contact')} waiting."
    yield from _order(name, queue)
    yield from _further(name, queue)
    if queue.callback is not None:
        yield f"Queue {name}: {_callback(queue.callback)}."


def _arriving(scenario: ScenarioFields, name: str, queue: Queue) -> Iterator[str]:
    """Say when contacts come, and of volumes that are no expectations what chance is left."""
    if queue.open is not None:
        yield f"Queue {name} is open {describe_hours(queue.open)}."
    if queue.profile is not None:
        yield f"Queue {name}: the volume of a day is spread by {_weights(queue.profile)}."
    if queue.volume.recorded is not None:
        yield f"Queue {name}: contacts arrive as recorded, the same in every replication."
        own = [what for what in ("talk", "patience") if getattr(queue.volume, what) is not None]
        if own:
            yield f"Queue {name}: {' and '.join(own)} of each contact are as recorded."
    elif queue.volume.exact:
        interval = _time(scenario.center.grid.interval_s)
        yield (
            f"Queue {name}: the volume is exact: every replication has just these numbers in each "
            f"interval of {interval}, and only the moments within it are random. Real arrivals "
            "vary more, so that waits come out too short; leave exact out for expected numbers."
        )


def _weights(profile: Series) -> str:
    """Return the weights of a profile; many of them only by number and extremes."""
    weights = profile.values or (profile.each or 0.0,)
    if len(weights) <= _MOST_POINTS:
        return f"the weights {', '.join(_number(weight) for weight in weights)}"
    low, high = _number(min(weights)), _number(max(weights))
    return f"{len(weights)} weights from {low} to {high}"


def _amount(scenario: ScenarioFields, total: float) -> str:
    if scenario.center.length is not None:
        hours = scenario.center.grid.day_s / units.HOUR
        return f"{units.counted(total / hours, 'contact', 1)} an hour"
    days = scenario.center.days
    each = f", {_number(total / days, 0)} a day" if days > 1 else ""
    return units.counted(total, "contact") + each


def in_law(law: Distribution) -> str:
    """Return a law as the file may write it; a long measured curve only by its mean."""
    if len(law.points) <= _MOST_POINTS:
        return str(law)
    return f"a measured curve of {len(law.points)} points with mean {_time(law.mean)}"


def _handling(queue: Queue) -> str:
    words = f"talk {in_law(queue.talk)}"
    for what, law in (("hold", queue.hold), ("wrap", queue.wrap)):
        words += f", {what} {in_law(law)}" if law.mean else ""
    return words


def _waiting(queue: Queue) -> str:
    words = (
        "customers wait without bound"
        if queue.patience.is_unlimited
        else f"patience {in_law(queue.patience)}"
    )
    if queue.patience.law == "deterministic":
        words += " (everybody hangs up after just this time)"
    return ", ".join([words, *phrases(queue)])


def _target(scenario: ScenarioFields, queue: Queue) -> str:
    target, variant = queue.target, queue.variant or scenario.center.variant
    if queue.is_deferred:
        return _done_in_time(queue)
    if target is None:
        return f"80% in 20s by default ({variant})"
    return in_time(target, target.variant or variant)


def _done_in_time(queue: Queue) -> str:
    """Say what a deferred queue is judged by."""
    target, within = queue.target, queue.due_s
    if within is None:
        return "none, as it has no due time"
    level, default = (0.8, " by default") if target is None else (target.service_level, "")
    return f"{_share(level)} done within {_time(within)}{default}"


def in_time(target: Target, variant: str) -> str:
    """Return a target with the formula of its service level."""
    return f"{_share(target.service_level)} in {_time(target.within or 0.0)} ({variant})"


def _order(name: str, queue: Queue) -> Iterator[str]:
    """Say which contact goes first, which agent takes it, and what counts as short."""
    if queue.priority != 1:
        yield f"Queue {name} has priority {queue.priority}; the higher goes first."
    if queue.weight != 1:
        yield (
            f"Queue {name}: its waits count {_number(queue.weight)} times among queues of the same "
            "priority."
        )
    if queue.route != "longest idle":
        yield f"Queue {name}: of groups of the same level the {_AGENT[queue.route]} is chosen."
    if queue.short is not None:
        yield f"Queue {name}: an abandonment after at most {_time(queue.short)} is short."


def _further(name: str, queue: Queue) -> Iterator[str]:
    """Say what follows: retries, repeats, transfers."""
    if queue.retry is not None:
        yield f"Queue {name}: {_retries(queue.retry)}."
    if queue.repeat is not None and queue.resolved is not None:
        yield f"Queue {name}: {_repeats(queue, queue.repeat, queue.resolved)}."
    elif queue.resolved is not None:
        yield f"Queue {name}: {_share(queue.resolved)} of handled contacts are resolved."
    if queue.transfer:
        shares = (_transfer(to, each) for to, each in queue.transfer.items())
        yield f"Queue {name}: handled contacts are passed on, {', '.join(shares)}."


def _transfer(to: str, transfer: Transfer) -> str:
    """Return how many contacts are passed on to a queue, and how."""
    notes = ["warm"] if transfer.warm else []
    notes += [talk] if (talk := talk_change(transfer.talk)) else []
    return f"{_share(transfer.share)} to {to}" + (f" ({', '.join(notes)})" if notes else "")


def talk_change(change: TalkChange) -> str:
    """Return how the talk of a further leg differs, as words; empty when it does not."""
    words = []
    if change.factor != 1:
        words.append(f"{_share(change.factor)} of the talk")
    if change.add:
        words.append(f"{_time(abs(change.add))} {'more' if change.add > 0 else 'less'} talk")
    return " and ".join(words)


def _retries(retry: Retry) -> str:
    busy = "" if retry.busy is None else f" ({_share(retry.busy)} after a busy line)"
    where = f" by {retry.by}" if retry.by else ""
    patience = ", as patient as before" if retry.patience == "kept" else ""
    return (
        f"{_share(retry.share)} of those who abandon{busy} try again{where} after "
        f"{in_law(retry.after)}, {_times(retry.at_most)} at most{patience}"
    )


def _repeats(queue: Queue, repeat: Repeat, resolved: float) -> str:
    where = f" by {repeat.by}" if repeat.by else ""
    if queue.volume_is == "observed" and queue.volume.recorded is None:
        volume = "these repeats are taken off the volume, which holds them already"
    else:
        volume = "these repeats come on top of the volume"
    change = talk_change(repeat.talk)
    talk = f" with {change}" if change else ""
    return (
        f"{_share(resolved)} are resolved and {_share(repeat.share)} of the others come back"
        f"{where} after {in_law(repeat.after)}{talk}, {_times(repeat.at_most)} at most; {volume}"
    )


def _times(number: int) -> str:
    return "once" if number == 1 else f"{number} times"


def _callback(offer: Callback) -> str:
    places = []
    if offer.offer_after is not None:
        places.append(f"after {_time(offer.offer_after)} of wait")
    if offer.offer_at is not None:
        places.append(f"from place {offer.offer_at} in line on")
    tries = "the only try" if offer.tries == 1 else f"each of {offer.tries} tries"
    return (
        f"a callback is offered {' or '.join(places)}; {_share(offer.accepted)} accept, "
        f"{_share(offer.answered)} answer at {tries}, {_called(offer)}"
    )


def _called(offer: Callback) -> str:
    """Return when a callback is due, and what attempts cost that nobody answers."""
    if offer.place == "kept":
        place = "the place in line is kept"
    else:
        delay = fixed(LATER) if offer.after is None else offer.after
        place = f"the call joins the line after {in_law(delay)}"
    if offer.answered == 1:
        return place
    again = f" and is repeated after {in_law(offer.again)}" if offer.tries > 1 else ""
    return f"{place}; a try without answer takes {in_law(offer.dial)}{again}"


def fed_from(scenario: ScenarioFields, name: str) -> list[str]:
    """Return the other queues with contacts that transfers, retries or repeats bring to a queue.

    Also over several steps, and the queue itself when it begins with a backlog.
    """
    grid, opens = scenario.center.grid, scenario.center.open
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
        if scenario.queue[one].backlog > 0
        or (one != name and sum(volume_of(scenario.queue[one], grid, opens)) > 0)
    )
