"""Tables of issues, satisfaction and the response to surveys in the report of a calibration."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sim.history.calibration.experience_rows import is_of_issues
from sim.report.calibration.page_table import PageTable
from sim.report.calibration.words import in_words, interval_text, name_in_words, value_text
from sim.report.coefficients import assumption_rows

if TYPE_CHECKING:
    from sim.history.calibration import Calibration
    from sim.history.calibration.estimated_values import EstimatedValue
    from sim.history.estimation.survey_response import ResponseBias

_HEADS = ["estimate", "value", "confidence interval", "records", "from", "field"]
_OF_FACTORS = ("satisfaction_retrial", "satisfaction_hand_off", "satisfaction_queue_switch")
_RESPONSE = ("survey_response", "csat_", "response_")
"""Beginnings of names of estimates of who answers."""


def experience_tables(found: Calibration) -> Iterator[PageTable]:
    """Yield what the log shows of issues, coefficients of satisfaction, and who answers surveys."""
    rows = [row for row in found.rows if is_of_issues(row)]
    yield PageTable(
        "Issues",
        "Repeat contacts, first contact resolution, transfers and differences of agents, with 95 % "
        "confidence intervals by bootstrap of days. Contacts at the end of the log, whose repeats "
        "it does not have, count until there.",
        _HEADS, [_cells(row) for row in rows],
    )  # fmt: skip
    yield _coefficients(found)
    experience = found.estimates.experience
    bias = None if experience is None else experience.satisfaction.bias
    if bias is not None:
        yield _response(found, bias)


def _coefficients(found: Calibration) -> PageTable:
    """Return every coefficient of the scenario, and what has no field."""
    model = found.satisfaction_model
    rows = [] if model is None else [list(row.values()) for row in assumption_rows(model)]
    for row in found.rows:
        if row.name in _OF_FACTORS:
            name = row.name.removeprefix("satisfaction_").replace("_", " ")
            bounds = interval_text(row)
            rows.append([name, value_text(row.value, row.unit), bounds, "no field", row.method])
    return PageTable(
        "Coefficients of satisfaction",
        "Factors on the odds of being satisfied by logistic regression. Ranges of calibrated ones "
        "are 95 % confidence intervals; of the share who answer, half to twice the odds of the "
        "satisfied. "
        "If whether customers answer depends on how satisfied they are and on nothing else, the "
        "factors hold, and only the share satisfied does not. Uncalibrated ones are published or "
        "made up.",
        ["coefficient", "value", "range", "calibration", "from"], rows,
    )  # fmt: skip


def _response(found: Calibration, bias: ResponseBias) -> PageTable:
    rows = []
    for row in found.rows:
        if row.name.startswith(_RESPONSE):
            words = name_in_words(row.name)
            seen = "supposed" if "_if_" in row.name else "seen"
            rows.append([words, value_text(row.value, row.unit),
                         interval_text(row), seen])  # fmt: skip
    for words, share in zip(("none", "all"), bias.bounds, strict=True):
        text = f"satisfied, of all: {words} of those who did not answer"
        rows.append([text, value_text(share, "share"), "", "bound"])
    return PageTable(
        "Who answers surveys",
        "Seen: how answering depends on what the log knows of all customers, which weights and "
        "regression take out. Not seen: whether the satisfied answer more or less often for the "
        "same wait, channel and outcome; supposed odds show what that would do, and the bounds "
        "hold whatever is the case.",
        ["what", "value", "confidence interval", "is"], rows,
    )  # fmt: skip


def _cells(row: EstimatedValue) -> list[str]:
    return [
        in_words(row.name, row.scope),
        value_text(row.value, row.unit),
        interval_text(row),
        f"{row.records:,}",
        row.method,
        row.field,
    ]
