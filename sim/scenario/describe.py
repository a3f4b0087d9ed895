"""A scenario as plain sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from sim import units
from sim.scenario.calendar import describe_hours
from sim.scenario.describe_event import describe_event
from sim.scenario.describe_group import describe_group
from sim.scenario.describe_journeys import describe_journeys
from sim.scenario.describe_lever import describe_lever
from sim.scenario.describe_pattern import describe_pattern, describe_planning
from sim.scenario.describe_queue import describe_queue, in_time, show_distribution
from sim.scenario.form_fields import phrases
from sim.scenario.interval_times import mean_hands, mean_of
from sim.scenario.issue_volumes import usual_bot
from sim.scenario.problems import all_of
from sim.scenario.size import describe_size
from sim.scenario.workload import agent_load, at_work, gap_of, hands_of, people_share

if TYPE_CHECKING:
    from sim.scenario.bot import Bot
    from sim.scenario.center import Center
    from sim.scenario.common_target import CommonTarget
    from sim.scenario.field_types import Record
    from sim.scenario.queue import Queue
    from sim.scenario.scenario_record import ScenarioFields

_number, _share, _time = units.show_number, units.show_share, units.show_duration


_CLOSING = {
    "serve": "are served",
    "send away": "are sent away",
    "carry over": "are carried over to the next opening",
}
"""What happens to contacts that wait at closing, by the value of the field."""


def describe(scenario: ScenarioFields) -> list[str]:
    """Return a scenario as plain sentences.

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
        lines += describe_queue(scenario, name, queue)
    for name, bot in scenario.bot.items():
        lines += _bot(scenario, name, bot)
    for name, group in scenario.group.items():
        lines += describe_group(scenario, name, group)
    for name, pattern in scenario.pattern.items():
        lines += describe_pattern(name, pattern)
    lines += describe_planning(scenario.shift_planning)
    for name, target in scenario.target.items():
        lines += _target(scenario, name, target)
    lines += _satisfaction(scenario)
    lines += describe_journeys(scenario)
    for name, event in scenario.event.items():
        lines += describe_event(scenario, name, event)
    lines += [describe_lever(scenario, name, lever) for name, lever in scenario.lever.items()]
    lines += _balance(scenario)
    lines += _experiment(scenario)
    lines.append(describe_size(scenario))
    lines += assumptions(scenario)
    return lines


def _satisfaction(scenario: ScenarioFields) -> Iterator[str]:
    model = scenario.satisfaction
    if model is None:
        return
    yield (
        f"Satisfaction ({model.calibration_text}): {model.satisfied.value:.0%} of "
        "customers whose issue one contact resolves; each further contact multiplies the odds by "
        f"{model.contact.value:g}, an unresolved issue by {model.unresolved.value:g}. "
        "Issues still open at the end of the horizon count as unresolved (open_at_end)."
    )
    usual = type(model)().coefficients
    own = [f"{k} {one}" for k, one in model.coefficients.items() if one != usual.get(k)]
    further = (text for one in model.coefficients.values() for text in phrases(one))
    if found := [*own, *phrases(model), *further]:
        yield f"Satisfaction: {'; '.join(found)}."


def _center(scenario: ScenarioFields) -> Iterator[str]:
    center, grid = scenario.center, scenario.center.grid
    interval = _time(grid.interval_s)
    if center.length is not None:
        warm = f" after a warm-up of {_time(center.warm_up)}" if center.warm_up else ""
        length = _time(center.length)
        yield f"{center.name}: a stationary run of {length}{warm}, intervals of {interval}."
    else:
        days = "one day" if grid.days == 1 else units.counted(grid.days, "day")
        first = center.first_day.strftime("%A %Y-%m-%d")
        yield f"{center.name}: {days} from {first}, intervals of {interval}."
        closing = _CLOSING[center.at_close]
        yield f"Open {describe_hours(center.open)}; contacts waiting at closing {closing}."
        if center.warm_up:
            yield f"Warm-up: the first {_time(center.warm_up)} are left out of the metrics."
    if center.busyness.cv:
        yield (
            f"Daily volume varies by {_share(center.busyness.cv)} (standard deviation) on top of "
            f"Poisson arrivals; queues share {_share(center.busyness.shared)} of that; "
            f"{center.busyness.shape} factors."
        )
    if center.talk_variation.cv:
        yield (
            f"Talk and hold vary from day to day by {_share(center.talk_variation.cv)} (standard "
            "deviation), in all contacts of a queue alike."
        )
    yield from _talk_level(center)
    yield from _further("The center", center)
    yield from _further("Daily volume", center.busyness)
    yield from _further("Daily talk", center.talk_variation)
    if center.target is not None:
        aim = in_time(center.target, center.target.variant or center.variant)
        yield (
            f"All live queues together should reach {aim}; totals and channels are measured "
            "against it, each queue against its own target."
        )


def _bot(scenario: ScenarioFields, name: str, bot: Bot) -> Iterator[str]:
    queue = bot.queue or name
    mean = mean_of(scenario, queue, "talk")
    yield (
        f"{_kind(bot)} {name} is in front of queue {queue}: {_share(bot.tried)} try it; it "
        f"contains {_share(bot.contained)} of sessions "
        f"({_share(bot.contained * bot.resolved)} resolved), "
        f"{_share(bot.left)} abandon in it; session {show_distribution(bot.session)}."
    )
    yield from _around(name, bot)
    reached, (_, usual) = people_share(scenario, queue), usual_bot(scenario, queue) or ("", bot)
    work = reached * hands_of(scenario, queue) / mean_hands(scenario, queue)
    yield (
        f"{_kind(bot)} {name}: {_share(reached)} of contacts reach agents, bounce-backs included, "
        f"with {_share(usual.residual(mean))} of the mean talk time, as the easy ones are "
        f"contained; agents keep {_share(work)} of their workload, handover included."
    )


def _talk_level(center: Center) -> Iterator[str]:
    """Yield how the level of talk changes from day to day, and what that makes by the end."""
    change = center.talk_variation.level_change
    if not change:
        return
    known = center.talk_variation.level_date
    since = "the day before the first" if known is None else str(known)
    yield (
        f"The level of talk and hold changes at random by {_share(change)} from one day to the "
        f"next (standard deviation), in all queues alike, from {since} on: "
        f"{_share(round(center.level_change_by_last, 3))} by the last day."
    )


def _further(owner: str, record: Record) -> Iterator[str]:
    """Yield the sentences of the fields of a record that say theirs themselves."""
    if found := phrases(record):
        yield f"{owner}: {'; '.join(found)}."


def _kind(bot: Bot) -> str:
    return bot.kind.capitalize() if bot.kind == "bot" else bot.kind.upper()


def _around(name: str, bot: Bot) -> Iterator[str]:
    """Yield handover, bounce-backs and outages of self-service."""
    if bot.handover.context is False:
        yield f"{_kind(bot)} {name}: agents do not see the session."
    elif bot.handover.context or str(bot.handover.talk):
        change = str(bot.handover.talk)
        yield (
            f"{_kind(bot)} {name}: agents see the session"
            f"{f', so a contact takes {change}' if change else ''}."
        )
    if bot.resolved < 1:
        yield (
            f"{_kind(bot)} {name}: {_share(bot.returns.share)} of those contained but not resolved "
            f"contact an agent after {show_distribution(bot.returns.after)}."
        )
    for each in bot.outage:
        yield (
            f"{_kind(bot)} {name} is down on day {each.day} from "
            f"{units.show_clock(each.start)} for {_time(each.length)}."
        )
    for record in (bot, bot.handover, bot.returns, *bot.outage):
        yield from _further(f"{_kind(bot)} {name}", record)


def _target(scenario: ScenarioFields, name: str, target: CommonTarget) -> Iterator[str]:
    """Yield which queues are taken as one, and what they should reach together."""
    queues = scenario.target_queues(target)
    goal, words = target.goal, "has no goal of its own; each queue has its own target"
    if goal is not None and goal.within is not None:
        level = in_time(goal, goal.variant or scenario.center.variant)
        live = [one for one in queues if not scenario.queue[one].is_deferred]
        words = f"all contacts of {all_of(live)} together should reach {level}"
    elif goal is not None:
        words = f"{_share(goal.service_level)} of the work of all together should be done in time"
    yield f"Target {name}, queues {all_of(queues)}: {words}."
    yield from _further(f"Target {name}", target)


def _experiment(scenario: ScenarioFields) -> Iterator[str]:
    """Yield the replications and seed of the file, if it sets any."""
    plan = scenario.experiment
    if plan.model_fields_set:
        exact = (
            ""
            if plan.precision is None
            else (f", until the service level is known to ±{_share(plan.precision)}")
        )
        yield (
            f"Unless a command overrides it: {units.counted(plan.runs, 'replication')}, "
            f"seed {plan.seed}{exact}."
        )
        yield from _further("Experiment", plan)


def _balance(scenario: ScenarioFields) -> Iterator[str]:
    """Yield load against agents for each set of queues that share groups."""
    for queues, groups in clusters(scenario):
        if not groups:
            continue
        load = [sum(agent_load(scenario, q)) / _at_once(scenario, q, groups) for q in queues]
        there = (at_work(scenario, scenario.group[g]) for g in groups)
        agents = [sum(x) for x in zip(*there, strict=True)]
        busy, on_duty = sum(load), sum(agents)
        if not on_duty:
            continue
        several = any(_at_once(scenario, q, groups) > 1 for q in queues)
        how = "at least " if several else ""
        full = ", at full concurrency" if several else ""
        gaps = any(gap_of(scenario, q) for q in queues)
        what = "handling and gaps after contacts take" if gaps else "handling takes"
        yield (
            f"{all_of(sorted(queues))}: {what} {how}{_share(busy / on_duty)} of the "
            f"agents' time net of planned breaks{full}; transfers and retrials not included."
        )


def _at_once(scenario: ScenarioFields, queue: str, groups: Sequence[str]) -> float:
    """Return by how much concurrency raises the contacts that an agent completes."""
    skills = (scenario.group[name].skills.get(queue) for name in groups)
    return max(
        (
            n * skill.speed[min(n, len(skill.speed)) - 1]
            for skill in skills
            if skill is not None and skill.at_once > 1
            for n in range(1, skill.at_once + 1)
        ),
        default=1.0,
    )


def clusters(scenario: ScenarioFields) -> list[tuple[list[str], list[str]]]:
    """Return the sets of queues, with their groups, that share agents among themselves."""
    serving: dict[str, list[str]] = {queue: [] for queue in scenario.queue}
    for name, group in scenario.group.items():
        for queue in group.skills:
            serving[queue].append(name)
    result = []
    seen: set[str] = set()
    for first in sorted(scenario.queue):
        if first in seen:
            continue
        seen.add(first)
        queues, groups = [first], dict[str, None]()
        for queue in queues:  # which grows while it is read
            for name in serving[queue]:
                if name not in groups:
                    groups[name] = None
                    further = scenario.group[name].skills.keys() - seen
                    seen |= further
                    queues += further
        result.append((sorted(queues), sorted(groups)))
    return result


def assumptions(scenario: ScenarioFields) -> list[str]:
    """Return the assumptions that rest on a default instead of data of the center."""
    lines = []
    for name, bot in scenario.bot.items():
        if bot.takes is None:
            lines.append(
                f"Uncalibrated: contacts that bot {name} contains are assumed to need half the "
                f"mean talk time; set bot.{name}.takes."
            )
        if bot.taken and "resolved" not in bot.model_fields_set:
            lines.append(
                f"Default: all contacts that bot {name} contains count as resolved; "
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
        return "has no due time, so nothing is late"
    return "has the target 80% on time"
