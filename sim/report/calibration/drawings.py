"""Estimates against the data, as drawings that stand alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from sim.array_types import Floats
from sim.history.calibration.simulated_gap import simulated_gap
from sim.history.calibration.talk_level_rows import level_changes
from sim.report.calibration.experience_pictures import experience_pictures
from sim.report.calibration.line_drawing import (
    MOST_POINTS,
    Curve,
    Picture,
    line_drawing,
    thinned,
)
from sim.report.day_svg import BLUE, ORANGE
from sim.scenario.distribution import Distribution
from sim.units import readable_duration

if TYPE_CHECKING:
    from sim.history.calibration import Calibration
    from sim.history.calibration.center_estimates import CenterEstimates, QueueEstimates
    from sim.history.estimation.quiet_readiness import QuietReadiness


def pictures(found: Calibration) -> Iterator[Picture]:
    """Yield the pictures of a report."""
    for queue in found.estimates.queues:
        yield from _queue_pictures(queue)
    yield from _gap_picture(found)
    if (ready := found.estimates.readiness) is not None:
        yield _readiness_picture(ready)
    if found.estimates.talk_days.day.size:
        yield _talk_by_day(found.estimates)
    yield from experience_pictures(found.estimates.experience)
    yield _day_picture(found)


def _queue_pictures(queue: QueueEstimates) -> Iterator[Picture]:
    if (patience := queue.patience) is not None:
        curve = patience.curve
        top = float(max(patience.tail_from, 60.0))
        inside = curve.time <= top
        x, y = curve.time[inside], curve.survival[inside]
        asked = np.linspace(0, top, MOST_POINTS)
        model = Distribution.model_validate(patience.text).to_model()
        still = (1 - patience.balk.value) * (1 - _below(model, asked))
        curves = [thinned(Curve(x, y)), Curve(asked, still, ORANGE, dashed=True)]
        yield Picture(
            f"Patience: {queue.name}",
            line_drawing(curves, f"Share still waiting at {queue.name}, by time waited", True),
            "Full: Kaplan-Meier, customers who were answered cut off. Dashed: the scenario. Beyond "
            f"{readable_duration(top)} too few waited to see more.",
        )
    if (talk := queue.talk) is not None:
        times, shares = talk.curve
        top = float(np.quantile(times, 0.97))
        asked = np.linspace(0, max(top, 1.0), MOST_POINTS)
        model = Distribution.model_validate(talk.text).to_model()
        data = talk.zero.value + (1 - talk.zero.value) * np.interp(asked, times, shares)
        curves = [Curve(asked, data), Curve(asked, _below(model, asked), ORANGE, dashed=True)]
        yield Picture(
            f"Talk: {queue.name}",
            line_drawing(curves, f"Share of talks at {queue.name} that ended, by length", True),
            "Full: actual, over what is expected of hour, agent and day. Dashed: the scenario "
            f"({talk.best}).",
        )


def _below(model: object, asked: Floats) -> Floats:
    """Return the distribution function, zeros included."""
    zero = float(getattr(model, "zero", 0.0))
    inner = model.inner_cdf(np.maximum(asked, 1e-9))  # type: ignore[attr-defined]
    return np.asarray(zero + (1 - zero) * inner)


def _gap_picture(found: Calibration) -> Iterator[Picture]:
    gap = found.estimates.gap
    if gap is None:
        return
    is_moved = any(one.name == "gap" for one in found.loop.changed)
    curve = gap.curve
    top = 180.0
    inside = curve.time <= top
    asked = np.linspace(0, top, MOST_POINTS)
    by = found.loop.adjustment.gap
    model = simulated_gap(found.estimates, found.loop.adjustment).to_model()
    curves = [
        thinned(Curve(curve.time[inside], 1 - curve.survival[inside])),
        Curve(asked, _below(model, asked), ORANGE, dashed=True),
    ]
    yield Picture(
        "Gap after contacts while customers wait",
        line_drawing(curves, "Share of agents back at work, by time since the contact", True),
        "Full: actual, gaps cut off when no customer waited any more. Dashed: the scenario"
        + (f", whose gaps were multiplied by {by:.3f} to remove bias." if is_moved else "."),
    )


def _readiness_picture(ready: QuietReadiness) -> Picture:
    known = ready.contacts >= 20
    x = ready.free[known].astype(float)
    curves = [
        Curve(x, ready.waited[known], BLUE, low=ready.low[known], high=ready.high[known]),
        Curve(x, ready.fitted[known], ORANGE, dashed=True),
    ]
    return Picture(
        "Who waits although agents are free",
        line_drawing(curves, "Share that waited, by number of free agents", False),
        "Full: actual, with its confidence interval. Dashed: free agents are in the gap, or "
        f"{100 * ready.not_ready.value:.0f} % on a break in quiet times.",
    )


def _talk_by_day(estimates: CenterEstimates) -> Picture:
    days = estimates.talk_days
    level = estimates.talk_levels(days.day)
    talk, random = days.factor * level, 1.96 * np.sqrt(days.noise)
    low, high = talk * np.exp(-random), talk * np.exp(random)
    x = days.day.astype(float)
    curves = [
        Curve(x, talk, BLUE, low=low, high=high), Curve(x, level, ORANGE, dashed=True),
    ]  # fmt: skip
    return Picture(
        "Talk by day",
        line_drawing(
            curves,
            "Mean talk of a day, of what is expected of it",
            top=1.15 * float(talk.max()),
            first_day=estimates.log.first_day,
        ),
        "Full: actual, over what is expected of hours, queues and agents of the day, with its "
        "confidence interval. Dashed: the level of the scenario, which "
        + ("changes from day to day." if level_changes(estimates) else "is the same."),
    )


def _day_picture(found: Calibration) -> Picture:
    from sim.history.calibration.period_sums import PER_DAY

    fit, first_day = found.in_sample, found.estimates.log.first_day
    real, drawn = fit.actual.added_up(PER_DAY), fit.simulated.added_up(PER_DAY)
    days = real.offered > 0
    actual = real.metric("asa_s")[days]
    many = drawn.metric("asa_s")[:, days]
    x = np.flatnonzero(days).astype(float)
    mean = drawn.over_replications().metric("asa_s")[days]
    low, high = np.nanquantile(many, [0.025, 0.975], axis=0)
    curves = [Curve(x, actual), Curve(x, mean, ORANGE, dashed=True, low=low, high=high)]
    return Picture(
        "Recorded days: ASA by day",
        line_drawing(curves, "ASA (s), by day", shares=False, first_day=first_day),
        "Full: actual. Dashed: simulated mean with the band of 95 % of simulated days.",
    )
