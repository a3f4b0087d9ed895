"""What days left out were simulated with, beside what the scenario has, as cells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.history.calibration.earlier_fit import earlier_differences
from sim.report.calibration.words import TITLES, UNITS, change_text, in_words, value_text
from sim.units import counted

if TYPE_CHECKING:
    from sim.history.calibration import Calibration
    from sim.history.calibration.close_loop import ClosedLoop

EARLIER_HEADS = ["estimates", "days before", "all days"]


def earlier_note(found: Calibration) -> str:
    """Return which days they were estimated on; nothing where no days were left out."""
    fit = found.earlier
    if fit is None:
        return ""
    return (
        f"They were simulated with estimates of {counted(fit.days_used, 'day')}, {fit.first} to "
        f"{fit.last}, changed to remove the bias of these; the scenario has those of all days"
    )


def earlier_cells(found: Calibration) -> list[list[str]]:
    """Return by how much both were changed, their biases, and estimates that are not the same."""
    fit = found.earlier
    if fit is None:
        return []
    both = (fit.loop, found.loop)
    what = {one.name: one.what for loop in both for one in loop.parameters}
    rows = [
        [f"{text}: multiplied by", *(_factor(loop, name) for loop in both)]
        for name, text in what.items()
    ]
    rows += [
        [f"bias of {TITLES[name]} on their own days, {when}"]
        + [change_text(biases[name], UNITS[name]) for biases in values]
        for when, values in (
            ("before", [loop.before for loop in both]),
            ("after", [loop.after for loop in both]),
        )
        for name in UNITS
    ]
    rows += [
        [
            in_words(one.name, one.scope),
            value_text(one.earlier, one.unit),
            value_text(one.all_days, one.unit),
        ]
        for one in earlier_differences(fit.rows, found.rows)
    ]
    return rows


def _factor(loop: ClosedLoop, name: str) -> str:
    """Return the factor of a parameter, a dash where it was not there to be changed."""
    return next((f"{one.factor:.3f}" for one in loop.parameters if one.name == name), "-")
