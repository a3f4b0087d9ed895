"""Repeat contacts and satisfaction against the data, as drawings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from sim.report.calibration.line_drawing import MOST_POINTS, Curve, Picture, line_drawing, thinned
from sim.report.day_svg import ORANGE
from sim.scenario.distribution import Distribution
from sim.units import DAY

if TYPE_CHECKING:
    from sim.history.calibration.experience_estimates import ExperienceEstimates
    from sim.history.estimation.issue_records import IssueRecords
    from sim.history.estimation.satisfaction_fit import SatisfactionFit

_WINDOWS = 2.0
"""The picture of repeats ends at so many times their window."""


def experience_pictures(found: ExperienceEstimates | None) -> Iterator[Picture]:
    """Yield the pictures of issues and satisfaction that there are estimates of."""
    if found is None:
        return
    if found.records is not None and found.records.delay_text:
        yield _repeat_picture(found.records)
    if found.satisfaction.fit is not None:
        yield _answer_picture(found.satisfaction.fit)


def _repeat_picture(records: IssueRecords) -> Picture:
    curve = records.curve
    top = 4 * float(np.ceil(_WINDOWS * records.window / 4)) * DAY  # quarters are whole days
    inside = curve.time * DAY <= top
    asked = np.linspace(0, top, MOST_POINTS)
    model = Distribution.model_validate(records.delay_text).to_model()
    reached = 1 - float(curve.at(np.array([30.0]))[0])
    fitted = reached * np.asarray(model.inner_cdf(np.maximum(asked, 1e-9)))
    return Picture(
        "Repeat contacts",
        line_drawing(
            [
                thinned(Curve(curve.time[inside] * DAY, 1 - curve.survival[inside])),
                Curve(asked, fitted, ORANGE, dashed=True),
            ],
            "Share of answered contacts that another of the issue has followed, by time",
            True, top=_above(reached),
        ),
        f"Full: Kaplan-Meier. Dashed: the scenario's delay, {records.delay_text}, of the repeats "
        "within 30 days.",
    )  # fmt: skip


def _answer_picture(fit: SatisfactionFit) -> Picture:
    expected, observed = fit.by_fitted()
    curves = [
        Curve(100 * expected, observed),
        Curve(np.array([0.0, 100.0]), np.array([0.0, 1.0]), ORANGE, dashed=True),
    ]
    return Picture(
        "Satisfied, as fitted and as answered",
        line_drawing(curves, "Share satisfied of the answers, by the share fitted (%)", False),
        f"Full: {fit.answers:,} answers in ten groups of rising fitted probability. Dashed: where "
        "both are the same.",
    )


def _above(share: float) -> float:
    """Return the next tenth above a share, for the top of an axis."""
    return min(1.0, float(np.ceil(10 * share + 0.5)) / 10)
