"""Other ways to run the shift, simulated on the same random numbers as the learner's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy import stats

from sim.report.formatting import show
from sim.training.free_play import FreePlayShift, Moves, QuarterDecision, Score
from sim.training.quantity import Quantity

DAYS = 30
"""Number of other days on which every plan is simulated."""
MINE = "Your decisions"


@dataclass(frozen=True, slots=True)
class ShiftPlan:
    """A way to run the shift.

    Attributes
    ----------
    name, words : str
    moves : mapping
    """

    name: str
    words: str
    moves: Moves


@dataclass(frozen=True, slots=True)
class PlanResult:
    """A plan on the day of the learner and on many other days.

    Attributes
    ----------
    plan : ShiftPlan
    today : Score
    than_mine : Quantity
        Points against the learner's decisions on the other days, mean of pairs with its 95 %
        confidence interval; negative is better.
    points : Quantity
        Mean points on the other days, with its 95 % confidence interval.
    """

    plan: ShiftPlan
    today: Score
    than_mine: Quantity
    points: Quantity


def plans(shift: FreePlayShift) -> list[ShiftPlan]:
    """Return the plans that a learner's decisions are compared with."""
    rush = _quarter(shift, "10:30")
    noon = _quarter(shift, "12:15")
    four = _quarter(shift, "15:15")
    late = _quarter(shift, "13:00")
    breaks = _breaks(shift, noon)
    offers = {rush: QuarterDecision(callbacks=True), noon + 4: QuarterDecision()}
    people = {rush + 1: QuarterDecision(extra=4)}
    mails = {
        late: QuarterDecision(blend=4),
        four: QuarterDecision(),
        _quarter(shift, "16:45"): QuarterDecision(blend=4),
    }
    afternoon = {q: one for q, one in mails.items() if q >= noon}
    return [
        ShiftPlan("As planned", "Breaks before noon, nothing else.", {}),
        ShiftPlan("Breaks after the rush", "No breaks before 12:15.", breaks),
        ShiftPlan(
            "Callbacks in the rush",
            "Offered from 10:30 to 13:15.",
            _with_settings(shift, {}, offers),
        ),
        ShiftPlan("Four people for an hour", "From 10:45 on.", _with_settings(shift, {}, people)),
        ShiftPlan(
            "Mails in quiet hours",
            "Four people from 13:00 to 15:15 and from 16:45 on.",
            _with_settings(shift, {}, afternoon),
        ),
        ShiftPlan(
            "Breaks later, and mails in quiet hours",
            "The second and the fifth together.",
            _with_settings(shift, breaks, afternoon),
        ),
        ShiftPlan(
            "Breaks later, mails, callbacks",
            "The same, with callbacks from 10:30 to 13:15.",
            _with_settings(shift, _with_settings(shift, breaks, offers), afternoon),
        ),
    ]


def _quarter(shift: FreePlayShift, time: str) -> int:
    return next(q for q in range(shift.quarters) if shift.clock(q) == time)


def _breaks(shift: FreePlayShift, start: int) -> dict[int, QuarterDecision]:
    """Return all breaks of the day from a quarter of an hour on, as evenly as planned."""
    moves, left = {}, shift.owed
    for quarter in range(shift.quarters):
        now = min(4, left) if quarter >= start else 0
        moves[quarter] = QuarterDecision(breaks=now)
        left -= now
    return moves


def _with_settings(shift: FreePlayShift, base: Moves, over: Moves) -> dict[int, QuarterDecision]:
    """Add settings to the breaks of other moves; each applies until the next one."""
    every = shift.all_moves(base)
    moves, offers, blend = {}, None, None
    for quarter, one in enumerate(every):
        now = over.get(quarter)
        if now is not None:
            offers, blend = now.callbacks, now.blend
        moves[quarter] = replace(
            one,
            extra=one.extra + (now.extra if now else 0),
            callbacks=one.callbacks if offers is None else (offers or one.callbacks),
            blend=one.blend if blend is None else max(blend, one.blend),
        )
    return moves


def compare_plans(
    shift: FreePlayShift, mine: Moves, seed: int, run: int = 1, days: int = DAYS
) -> list[PlanResult]:
    """Simulate the learner's decisions and every plan on the same day and the same other days.

    Parameters
    ----------
    shift : FreePlayShift
    mine : mapping
    seed, run : int
        Fix the random numbers of the learner's day.
    days : int
        Other days, at least 2.

    Returns
    -------
    list of PlanResult
        The learner's first.
    """
    every = [ShiftPlan(MINE, "As you ran the shift.", mine), *plans(shift)]
    points = np.array([[_points(shift, plan, seed, run + d) for d in range(1, days + 1)]
                       for plan in every])  # fmt: skip
    found = []
    for plan, row in zip(every, points, strict=True):
        today = shift.score(shift.log(plan.moves, seed, run), plan.moves)
        found.append(PlanResult(plan, today, _mean(row - points[0]), _mean(row)))
    return found


def _points(shift: FreePlayShift, plan: ShiftPlan, seed: int, run: int) -> float:
    return shift.score(shift.log(plan.moves, seed, run), plan.moves).points


def _mean(values: np.ndarray[tuple[int], np.dtype[np.float64]]) -> Quantity:
    """Return a mean with its 95 % confidence interval by Student's t."""
    mean, count = float(values.mean()), values.size
    half = float(stats.t.ppf(0.975, count - 1) * values.std(ddof=1) / np.sqrt(count))
    return Quantity(mean, "", low=mean - half, high=mean + half)


def best(found: Sequence[PlanResult]) -> PlanResult:
    """Return the plan with the fewest points on the learner's day."""
    return min(found, key=lambda one: one.today.points)


def plan_rows(found: Sequence[PlanResult]) -> list[dict[str, str]]:
    """Return plans as a table: the learner's day, then the other days."""
    top = best(found)
    return [
        {
            "Plan": one.plan.name,
            "Points today": f"{one.today.points:,.1f}",
            "Best today": "best" if one is top else "",
            "Points on other days": f"{one.points.value:,.0f} ± {one.points.half or 0:,.0f}",
            "Against yours": _difference(one.than_mine),
            "In time": show(one.today.in_time / max(one.today.offered, 1), "share"),
            "Hung up": str(one.today.lost),
            "Late": str(one.today.late),
            "Called back": str(one.today.called),
            "Mails open": str(one.today.mail),
            "Extra hours": f"{one.today.hours:g}",
            "Breaks missed": str(one.today.missed),
        }
        for one in found
    ]


def _difference(quantity: Quantity) -> str:
    if not quantity.half:
        return "-"
    value, low, high = quantity.value or 0.0, quantity.low or 0.0, quantity.high or 0.0
    shown = "" if low > 0 or high < 0 else ", not significant"
    return f"{value:+,.0f} ± {quantity.half:,.0f}{shown}"


def describe_best(found: Sequence[PlanResult], days: int = DAYS) -> str:
    """Return a sentence on the best plan."""
    top, mine = best(found), found[0]
    usual = min(found, key=lambda one: one.points.value or 0.0)
    if top is mine:
        first = f"None of the {len(found) - 1} other plans did better on this day."
    else:
        less = mine.today.points - top.today.points
        first = f"On this day '{top.plan.name}' would have cost {less:,.1f} points less."
    more = f"Over {days} other days the fewest points on average went to '{usual.plan.name}'."
    if usual is top:
        return f"{first} {more}"
    return f"{first} {more} The best plan of one day need not be the best on average."
