"""Goals of a plan: what is promised of which queue, channel, group or of the whole, and over what.

A goal is written as ``WHERE=WHAT``: ``total=80/20``, ``queue.billing=90/15``,
``queue.mail.on_time=95%``, ``group.cards.occupancy<=85%``, ``channel.chat.asa=30s``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np

from sim import units
from sim.metrics import RatioMetric, catalogue, parse_metric
from sim.metrics.scopes import Scope, scopes
from sim.model import Goal, Ints, Model
from sim.scenario.problems import listed, nearest
from sim.units import BadInputError

if TYPE_CHECKING:
    from sim.scenario import Scenario

Per = Literal["interval", "day", "horizon"]
PERIODS: tuple[str, ...] = get_args(Per)
SHORT_NAMES = {"asa": "asa_s", "mean_wait": "mean_wait_all_s"}
TIMES = tuple(SHORT_NAMES.values())
"""Metrics that are times, with targets in seconds."""
METRICS = (
    "service_level", "on_time", "asa", "abandonment", "abandonment_excl_short", "wait_probability",
    "mean_wait", "occupancy",
)  # fmt: skip
"""What goals can be about, as messages list it."""
FORM = '"total=80/20", "queue.mail.on_time=95%" or "group.cards.occupancy<=85%"'
_GOAL = re.compile(r"\s*([^<>=]+?)\s*(<=|>=|=)\s*([^<>=]+?)\s*")


@dataclass(frozen=True, slots=True)
class PlanGoal:
    """What a plan promises.

    Attributes
    ----------
    scope : {"total", "channel", "queue", "group", "target"}
    name : str
        Of the channel, queue, group or target; "total" for the whole.
    metric : str
        A ratio of the metrics' catalogue, such as ``"service_level"``.
    target : float
        A share from 0 to 1, or seconds.
    at_least : bool
        Whether the metric must reach the target; else it must not exceed it.
    per : {"interval", "day", "horizon"}
        The time over which the metric is computed; the goal must hold in each of them.
    days_met : float or None
        Share of simulated days on which it must hold; None: on average over all of them.
    within : float or None
        Threshold of a service level (s); None: that of each queue.
    """

    scope: str
    name: str
    metric: str
    target: float
    at_least: bool = True
    per: str = "day"
    days_met: float | None = None
    within: float | None = None

    def __str__(self) -> str:
        """Return the goal in words, such as ``queue.billing service level at least 80 %``."""
        bound = "at least" if self.at_least else "at most"
        return f"{self.where} {self.metric_words} {bound} {self.show(self.target)}{self.condition}"

    @property
    def where(self) -> str:
        """Return the scope as it is written: ``total``, ``queue.billing``."""
        return "total" if self.scope == "total" else f"{self.scope}.{self.name}"

    @property
    def metric_words(self) -> str:
        """Return the metric in words: ``on time``, ``ASA``."""
        words = self.metric.removesuffix("_s").replace("_", " ")
        return "ASA" if words == "asa" else words

    @property
    def largest_excess(self) -> float:
        """Return how far a metric can exceed the target at most, in parts of it for times."""
        if self.definition.unit != "share":
            return 1.0
        return max(1 - self.target if self.at_least else self.target, 1e-9)

    @property
    def condition(self) -> str:
        """Return threshold, period and days in words, empty for the whole horizon."""
        found = "" if self.within is None else f" within {units.show_duration(self.within)}"
        found += "" if self.per == "horizon" else f" in every {self.per}"
        share = self.days_met
        return found + ("" if share is None else f", on {units.show_share(share)} of days")

    @property
    def definition(self) -> RatioMetric:
        """Return the definition of the metric."""
        found = catalogue()[self.metric]
        assert isinstance(found, RatioMetric)
        return found

    def show(self, value: float | None) -> str:
        """Return a value of the metric with its unit."""
        if value is None:
            return "no value"
        return units.show_share(value) if self.definition.unit == "share" else f"{value:.1f} s"

    def members(self, model: Model) -> Ints:
        """Return the numbers of the queues (or groups) that count."""
        definition = self.definition
        scope = Scope(self.scope, self.name)
        return scope.members(model, definition.base, definition.needs, self.metric)


def parse_goals(
    model: Model, texts: Sequence[str], per: str = "day", days_met: float | str | None = None
) -> tuple[PlanGoal, ...]:
    """Return the goals that some texts mean.

    Parameters
    ----------
    model : Model
    texts : sequence of str
        Such as ``"total=80/20"``.
    per : {"interval", "day", "horizon"}
    days_met : float or str, optional
        Share of simulated days on which they must hold, such as ``"90%"``.

    Raises
    ------
    BadInputError
        When a text is not a goal, names something the scenario does not have, has no contacts, or
        contradicts another.
    """
    check_period(per)
    share = share_of_days(days_met)
    goals = tuple(replace(_goal(model, text), per=per, days_met=share) for text in texts)
    _refuse_contradictions(goals)
    for goal in goals:
        _refuse_without_contacts(model, goal)
    return goals


def own_goals(
    scenario: Scenario, model: Model, per: str = "day", days_met: float | str | None = None
) -> tuple[PlanGoal, ...]:
    """Return the targets of a scenario as goals.

    Those of several queues together, of the center for all live queues, and of queues; queues for
    which nothing is written have the default 80 % in 20 s, unless they have a target together or
    the center has one.

    Parameters
    ----------
    scenario : Scenario
    model : Model
        Built from the scenario.
    per, days_met
        As for :func:`parse_goals`.

    Raises
    ------
    BadInputError
        When no queue has contacts.
    """
    check_period(per)
    share = share_of_days(days_met)
    found = []
    if model.goal is not None:
        goal = model.goal
        found.append(
            PlanGoal("total", "total", "service_level", goal.target, within=goal.threshold)
        )
    together = set()
    for target in model.targets:
        if target.goal is not None:
            together |= set(target.queues)
            found.append(_target_goal(target.name, target.goal))
    for number, queue in enumerate(model.queues):
        written = scenario.queue[queue.name].target is not None
        if queue.deferred and (written or np.isfinite(queue.due)):
            found.append(PlanGoal("queue", queue.name, "on_time", queue.target))
        elif not queue.deferred and (written or (model.goal is None and number not in together)):
            threshold = queue.threshold
            found.append(
                PlanGoal("queue", queue.name, "service_level", queue.target, within=threshold)
            )
    kept = [replace(g, per=per, days_met=share) for g in found if has_contacts(model, g)]
    if not kept:
        raise BadInputError("goal: no queue of the scenario has contacts and a target")
    return tuple(kept)


def _target_goal(name: str, goal: Goal) -> PlanGoal:
    if np.isfinite(goal.threshold):
        return PlanGoal("target", name, "service_level", goal.target, within=goal.threshold)
    return PlanGoal("target", name, "on_time", goal.target)


def share_of_days(days_met: float | str | None) -> float | None:
    """Return the share of days on which goals must hold, None for the average of all days.

    Raises
    ------
    BadInputError
        When it is not a share above 0 and below 1.
    """
    if days_met is None:
        return None
    try:
        share = units.share(days_met)
    except ValueError as error:
        raise BadInputError(f"days-met: {error}") from None
    if not 0 < share < 1:
        raise BadInputError(f"days-met: {days_met} must be above 0 % and below 100 %")
    return share


def check_period(per: str) -> None:
    """Refuse a period that goals cannot have."""
    if per not in PERIODS:
        raise BadInputError(f"per: {per!r} is unknown; allowed: {', '.join(PERIODS)}")


def _goal(model: Model, text: str) -> PlanGoal:
    match = _GOAL.fullmatch(text)
    if match is None:
        raise BadInputError(f"goal: {text!r} is not a goal; allowed: {FORM}")
    place, sign, what = match.groups()
    scope, metric = _place(model, text, place)
    at_least = _direction(text, metric, sign)
    target, within = _amount(text, metric, what)
    if within is None and scope.kind == "target" and metric.name.startswith("service_level"):
        own = scope.goal(model)
        within = own.threshold if own is not None and np.isfinite(own.threshold) else None
    return PlanGoal(scope.kind, scope.name, metric.name, target, at_least, within=within)


def _place(model: Model, text: str, place: str) -> tuple[Scope, RatioMetric]:
    """Return scope and metric; a place without a metric means its service level."""
    every = {str_of(scope): scope for scope in scopes(model) if scope.kind != "issue"}
    head, _, last = place.rpartition(".")
    name = SHORT_NAMES.get(last, last)
    if place in every:
        scope, name = every[place], _usual_metric(model, every[place])
    elif head in every:
        scope = every[head]
    else:
        wrong = head if name in catalogue() and head else place
        like = nearest(wrong, every)
        hint = f"; did you mean {like}?" if like else f"; there is {listed(every)}"
        raise BadInputError(f"goal: {text!r}: {wrong!r} is not in this scenario{hint}")
    definition = catalogue().get(name)
    if not _can_be_a_goal(definition):
        raise BadInputError(
            f"goal: {text!r}: {last!r} is not a metric of goals; allowed: {', '.join(METRICS)} "
            "and the variants of the service level"
        )
    assert isinstance(definition, RatioMetric)
    parse_metric(model, f"{str_of(scope)}.{name}")  # refuses what the scope does not have
    return scope, definition


def _can_be_a_goal(definition: object) -> bool:
    """Return whether the size of a metric depends on the number of agents, as a ratio of sums."""
    if not isinstance(definition, RatioMetric):
        return False
    known = {SHORT_NAMES.get(name, name) for name in METRICS}
    return definition.name in known or definition.name.startswith("service_level_")


def str_of(scope: Scope) -> str:
    """Return a scope as goals and metrics write it."""
    return "total" if scope.kind == "total" else f"{scope.kind}.{scope.name}"


def _usual_metric(model: Model, scope: Scope) -> str:
    """Return what a goal without a metric is about."""
    if scope.kind == "group":
        return "occupancy"
    members = scope.members(model, "legs", "any", "service_level")
    return "on_time" if all(model.queues[k].deferred for k in members) else "service_level"


def _direction(text: str, metric: RatioMetric, sign: str) -> bool:
    """Return whether the metric must be at least the target."""
    if metric.higher_is_better is None:
        return sign == ">="
    if sign != "=" and (sign == ">=") != metric.higher_is_better:
        right = ">=" if metric.higher_is_better else "<="
        raise BadInputError(f"goal: {text!r}: of {metric.name} a goal is written with = or {right}")
    return metric.higher_is_better


def _amount(text: str, metric: RatioMetric, what: str) -> tuple[float, float | None]:
    """Return target and threshold."""
    from sim.erlang import read_target

    try:
        if metric.unit == "s":
            return units.duration(what), None
        if metric.name.startswith("service_level") and ("/" in what or " in " in what):
            return read_target(what)
        return units.share(what), None
    except ValueError as error:
        said = str(error).removeprefix("target: ")
        raise BadInputError(f"goal: {text!r}: {said}") from None


def _refuse_contradictions(goals: Sequence[PlanGoal]) -> None:
    """Refuse goals of one metric of which one must lie above what another allows."""
    for k, one in enumerate(goals):
        for other in goals[k + 1 :]:
            same = (one.scope, one.name, one.metric, one.within)
            if same != (other.scope, other.name, other.metric, other.within):
                continue
            if one.at_least == other.at_least and one.target != other.target:
                raise BadInputError(f"goal: {one.where}: {one.metric} has two targets; give one")
            low, high = (one, other) if one.at_least else (other, one)
            if one.at_least != other.at_least and low.target > high.target:
                raise BadInputError(f"goal: {low} contradicts {high}")


def has_contacts(model: Model, goal: PlanGoal) -> bool:
    """Return whether anything can come that the goal is about."""
    if goal.definition.base == "time":
        return True
    return any(_comes(model, int(k)) for k in goal.members(model))


def _comes(model: Model, queue: int) -> bool:
    demand = model.queues[queue].demand
    own = demand.expected.any() or demand.backlog or (demand.recorded is not None)
    return bool(own) or receives(model, queue)


def receives(model: Model, queue: int) -> bool:
    """Return whether contacts of other queues can turn to this one."""
    for number, other in enumerate(model.queues):
        following = [t.queue for t in other.transfers]
        following += [f.queue for f in (other.retry, other.repeat) if f is not None]
        if number != queue and queue in following:
            return True
    return False


def _refuse_without_contacts(model: Model, goal: PlanGoal) -> None:
    if not has_contacts(model, goal):
        raise BadInputError(f"goal: {goal.where} has no contacts, so {goal.metric} has no value")
