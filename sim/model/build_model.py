"""Turning a scenario into a model: names become indices, words become arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim import units
from sim.distributions import Deterministic, DistributionByInterval, TimeDistribution
from sim.model import (
    AT_ONCE,
    Announce,
    AtClose,
    Bot,
    Busyness,
    Callback,
    CommonTarget,
    Context,
    Demand,
    Floats,
    Goal,
    Model,
    Queue,
    Repeat,
    Resolution,
    Retry,
    Rule,
    Silent,
    TalkChange,
    TalkVariation,
    Transfer,
)
from sim.model.build_conditions import conditions
from sim.model.build_groups import group
from sim.model.build_journeys import added_volumes, journeys
from sim.model.repeat_deflation import new_shares
from sim.model.same_fields import same_fields
from sim.model.satisfaction import satisfaction_of
from sim.scenario.distribution_series import of_each
from sim.scenario.event_effects import volumes
from sim.scenario.interval_series import arrivals, rules_of
from sim.scenario.interval_times import TIMES, mean_of, times_of
from sim.scenario.issue_volumes import mean_talk, usual_bot
from sim.scenario.queue import LATER

if TYPE_CHECKING:
    from sim import scenario as written
    from sim.scenario import Scenario

_CLOSES = {
    "serve": AtClose.SERVE,
    "send away": AtClose.SEND_AWAY,
    "carry over": AtClose.CARRY_OVER,
}
_RULES = {
    "longest idle": Rule.LONGEST_IDLE,
    "least busy": Rule.LEAST_BUSY,
    "fastest": Rule.FASTEST,
    "best resolver": Rule.BEST_RESOLVER,
}


def build_model(scenario: Scenario) -> Model:
    """Turn a scenario into arrays.

    Parameters
    ----------
    scenario : Scenario

    Returns
    -------
    Model
        Queues and groups in alphabetical order; every array over whole days from midnight.
    """
    center, grid = scenario.center, scenario.center.grid
    numbers = {name: i for i, name in enumerate(sorted(scenario.queue))}
    shares = new_shares(scenario)
    own = {name: _own_volume(scenario, name) * shares[name] for name in numbers}
    queues = tuple(_queue(scenario, name, numbers, own[name]) for name in numbers)
    return Model(
        name=center.name,
        queues=queues,
        groups=tuple(group(scenario, name, numbers) for name in sorted(scenario.group)),
        channels=tuple(sorted({queue.channel for queue in queues})),
        days=grid.days,
        day_s=grid.day_s,
        interval_s=grid.interval_s,
        starts=tuple(grid.label(i) for i in range(grid.intervals)),
        horizon=grid.days * grid.day_s,
        measure_from=center.warm_up,
        lines=_bound(center.lines),
        busyness=same_fields(
            Busyness, center.busyness, lognormal=center.busyness.shape == "lognormal"
        ),
        talk_variation=same_fields(
            TalkVariation, center.talk_variation, level_days=center.level_days
        ),
        runs=scenario.experiment.runs,
        seed=scenario.experiment.seed,
        fingerprint=scenario.fingerprint,
        goal=_common_goal(scenario),
        targets=_targets(scenario, numbers),
        journeys=journeys(scenario, list(numbers), list(own.values())),
        first_day=np.datetime64(center.first_day.isoformat()),
        satisfaction=None
        if scenario.satisfaction is None
        else satisfaction_of(scenario.satisfaction, [queue.channel for queue in queues]),
    )


def _common_goal(scenario: Scenario) -> Goal | None:
    """Return what the center promises for its live queues together."""
    target = scenario.center.target
    if target is None or target.within is None:
        return None
    return Goal(target.within, target.service_level, target.variant or scenario.center.variant)


def _targets(scenario: Scenario, numbers: dict[str, int]) -> tuple[CommonTarget, ...]:
    """Return the queues that are taken as one, with their goals."""
    found = []
    for name in sorted(scenario.target):
        target = scenario.target[name]
        queues = tuple(sorted(numbers[queue] for queue in scenario.target_queues(target)))
        found.append(CommonTarget(name, queues, _target_goal(scenario, target.goal)))
    return tuple(found)


def _target_goal(scenario: Scenario, goal: written.Target | None) -> Goal | None:
    if goal is None:
        return None
    within = np.inf if goal.within is None else goal.within
    return Goal(within, goal.service_level, goal.variant or scenario.center.variant)


def _bound(number: float | None) -> float:
    """Return a bound as a float, infinite when there is none."""
    return np.inf if number is None else float(number)


def _own_volume(scenario: Scenario, name: str) -> Floats:
    """Return the volume of a queue by interval, as its own fields and events say it."""
    return np.array(volumes(scenario, name))


def _queue(scenario: Scenario, name: str, numbers: dict[str, int], own: Floats) -> Queue:
    center, fields = scenario.center, scenario.queue[name]
    level, within, variant = _goal(scenario, fields)
    demand = _demand(scenario, name, own)
    return same_fields(
        Queue,
        fields,
        name=name,
        deferred=fields.is_deferred,
        demand=demand,
        **_times(scenario, name, demand),
        hours=np.array(center.grid.hours(rules_of(fields, center.open)), dtype=float),
        at_close=AtClose.CARRY_OVER if fields.is_deferred else _CLOSES[center.at_close],
        shares_lines=center.lines is not None and fields.is_voice,
        threshold=within,
        target=level,
        variant=variant,
        short=center.short if fields.short is None else fields.short,
        due=_bound(fields.due_s),
        start_over=fields.when_interrupted == "start over",
        rule=_RULES[fields.route],
        resolution=_resolution(fields),
        bot=_bot(scenario, name),
        retry=_retry(scenario, name, numbers),
        repeat=_repeat(scenario, name, numbers),
        transfers=_transfers(fields, numbers),
        callback=_callback(fields.callback),
        silent=None if fields.silent is None else same_fields(Silent, fields.silent),
        announce=_announce(scenario, name),
        conditions=conditions(scenario, name),
    )


def _times(scenario: Scenario, name: str, demand: Demand) -> dict[str, TimeDistribution]:
    """Return the times of a queue that differ by interval."""
    found = {}
    for key in TIMES:
        if getattr(scenario.queue[name], key).rows is not None:
            rows = times_of(scenario, name, key)
            of_intervals = of_each(rows, lambda row: row.to_model())
            found[key] = DistributionByInterval.from_intervals(of_intervals, demand.expected)
    return found


def _goal(scenario: Scenario, fields: written.Queue) -> tuple[float, float, str]:
    """Return target, threshold (s) and variant of the service level."""
    variant = fields.variant or scenario.center.variant
    target = fields.target
    if target is None:
        return 0.8, 20.0, variant
    within = target.within if target.within is not None else _bound(fields.due)
    return target.service_level, within, target.variant or variant


def _demand(scenario: Scenario, name: str, own: Floats) -> Demand:
    center, fields = scenario.center, scenario.queue[name]
    volume = fields.volume
    expected = sum(added_volumes(scenario, name).values(), own)
    if volume.exact:
        expected = np.floor(expected + 0.5)
    if volume.recorded is None:
        return Demand(expected, volume.exact, backlog=fields.backlog)
    instants = np.array(arrivals(fields, center.grid))
    order = np.argsort(instants, kind="stable")
    return Demand(
        expected,
        exact=True,
        recorded=instants[order],
        recorded_talk=None if volume.talk is None else np.array(volume.talk)[order],
        recorded_patience=None if volume.patience is None else np.array(volume.patience)[order],
        backlog=fields.backlog,
    )


def _bot(scenario: Scenario, queue: str) -> Bot | None:
    found, usual = scenario.bot_of(queue), usual_bot(scenario, queue)
    if found is None or usual is None:
        return None
    name, bot = found
    mean = mean_of(scenario, queue, "talk")
    outage = [
        (start, start + each.length)
        for each in bot.outage
        for start in [(each.day - 1) * units.DAY + each.start]
    ]
    return same_fields(
        Bot,
        bot,
        comes_back=bot.returns.share,
        comes_back_after=bot.returns.after.to_model(),
        handover=same_fields(TalkChange, bot.handover.change),
        residual=usual[1].residual(mean),
        comeback=bot.comeback(mean),
        context=Context(bot.handover.carried_share, same_fields(TalkChange, bot.handover.lost)),
        outage=np.array(sorted(outage), dtype=float).reshape(-1, 2),
        name=name,
    )


def _retry(scenario: Scenario, name: str, numbers: dict[str, int]) -> Retry | None:
    retry = scenario.queue[name].retry
    if retry is None:
        return None
    return same_fields(
        Retry,
        retry,
        after_busy=retry.share if retry.busy is None else retry.busy,
        queue=numbers[scenario.followers(name, retry.by)[0]],
        keeps_patience=retry.patience == "kept",
    )


def _repeat(scenario: Scenario, name: str, numbers: dict[str, int]) -> Repeat | None:
    repeat = scenario.queue[name].repeat
    if repeat is None:
        return None
    return same_fields(
        Repeat,
        repeat,
        queue=numbers[scenario.followers(name, repeat.by)[0]],
        context=_context(repeat),
    )


def _context(way: written.Repeat | written.Transfer) -> Context:
    """Return how often context is carried, and what its loss does to the talk."""
    carried = np.nan if way.carried is None else way.carried
    return Context(carried, same_fields(TalkChange, way.lost))


def _resolution(fields: written.Queue) -> Resolution:
    found = fields.resolution
    if found is None:
        return Resolution()
    if found.waited is None:
        return Resolution(found.transferred, found.context_lost)
    waited = found.waited
    return Resolution(found.transferred, found.context_lost, waited.over, waited.factor)


def _transfers(fields: written.Queue, numbers: dict[str, int]) -> tuple[Transfer, ...]:
    found = [
        same_fields(Transfer, transfer, queue=numbers[queue], context=_context(transfer))
        for queue, transfer in fields.transfer.items()
    ]
    return tuple(sorted(found, key=lambda transfer: transfer.queue))


def _announce(scenario: Scenario, name: str) -> Announce | None:
    """Return what is announced, estimated by the mean handle time of what reaches agents."""
    fields, found = scenario.queue[name], usual_bot(scenario, name)
    if fields.announce is None:
        return None
    talk, hold, wrap = (mean_of(scenario, name, key) for key in ("talk", "hold", "wrap"))
    residual = 1.0 if found is None else found[1].residual(talk)
    handle = mean_talk(scenario, name) * residual + hold + wrap
    return same_fields(Announce, fields.announce, handle=handle)


def _callback(fields: written.Callback | None) -> Callback | None:
    if fields is None:
        return None
    kept = fields.place == "kept"
    later = Deterministic(LATER) if fields.after is None else fields.after.to_model()
    return same_fields(Callback, fields, keeps_place=kept, delay=AT_ONCE if kept else later)
