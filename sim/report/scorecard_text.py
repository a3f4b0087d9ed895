"""The scorecards of a result as text for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from sim.report.formatting import show
from sim.report.scorecards import (
    SCOPES,
    ScorecardLine,
    Scorecards,
    open_text,
    short_title,
)
from sim.report.text_table import columns

if TYPE_CHECKING:
    from sim.experiment import Result


def scorecard_texts(result: Result) -> Iterator[str]:
    """Yield the tables of experience and money, where the scenario has what they need."""
    cards = Scorecards(result)
    if cards.experience:
        yield _card("Experience", cards.experience)
        tables = [_by_scope(cards, scope) for scope in SCOPES if cards.names(scope)]
        yield from tables
        if tables:
            yield cards.star
        if cards.calibrated:
            yield cards.calibrated
        if text := open_text(cards):
            yield text
    if cards.money:
        yield _card("Money", cards.money)
    if cards.money and cards.poor_service:
        yield _card("Cost of poor service", cards.poor_service)


def _card(title: str, lines: Sequence[ScorecardLine]) -> str:
    extents = any(line.extent for line in lines)
    notes = any(line.calibration for line in lines)
    head = [title, "", *["coefficients"] * notes, *["at their ends"] * extents]
    table = [
        [line.title, _with_half(line), *[line.calibration] * notes, *[line.extent] * extents]
        for line in lines
    ]
    return columns([head, *table])


def _by_scope(cards: Scorecards, scope: str) -> str:
    metrics, lines = cards.by_scope(scope)
    head = [scope.capitalize(), *(short_title(metric) for metric in metrics)]
    table = [
        [name, *("-" if line is None else _with_half(line) for line in row)]
        for name, row in zip(cards.names(scope), lines, strict=True)
    ]
    return columns([head, *table])


def _with_half(line: ScorecardLine) -> str:
    row = line.row
    half = None if row.low is None or row.high is None else (row.high - row.low) / 2
    return show(row.value, row.unit, half)
