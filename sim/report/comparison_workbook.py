"""A comparison as a workbook: summary, changes, notes, key metrics, differences, definitions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sim.metrics import catalogue
from sim.metrics.metric_titles import metric_title
from sim.report.metrics_by_scenario import ComparedValue, comparison_matrix, main_lines
from sim.report.workbook import DEFINITION_HEAD, Book, book, compared, definitions
from sim.units import counted

if TYPE_CHECKING:
    from sim.experiment import Comparison
    from sim.scenario import Scenario


@dataclass(frozen=True, slots=True)
class About:
    """Changes and note of a compared scenario.

    Attributes
    ----------
    changes : tuple of str
        What was changed against its file, in words.
    note : str
    """

    changes: tuple[str, ...] = ()
    note: str = ""

    @classmethod
    def of(cls, scenario: Scenario) -> About:
        """Return the changes of a scenario by path."""
        pairs = (pair for step in scenario.steps for pair in step.items())
        return cls(tuple(f"{path} = {value}" for path, value in pairs))


def write_comparison(
    path: str | Path, comparison: Comparison, about: Mapping[str, About] | None = None
) -> None:
    """Write a comparison.

    Sheets Summary, Changes, Notes, Key metrics (with charts), Differences, Compared and
    Definitions.

    Parameters
    ----------
    path : str or Path
    comparison : Comparison
    about : mapping of str to About, optional
        By label.

    Raises
    ------
    OutputError
        When the file cannot be written.
    """
    known = about or {}
    with book(path) as out:
        out.sheet("Summary", ("Topic", "Summary"), _summary(comparison))
        out.sheet("Changes", ("scenario", "number", "change"), _changes(comparison, known))
        notes = list(_notes(comparison, known)) or [("all", "none")]
        out.sheet("Notes", ("scenario", "note"), notes)
        _key_metrics(out, comparison)
        _differences(out, comparison)
        out.sheet("Compared", ("name", "what", "value"), compared(comparison))
        out.sheet("Definitions", DEFINITION_HEAD, definitions())


def _summary(comparison: Comparison) -> Iterator[tuple[str, str]]:
    base, *others = comparison.labels
    yield "base", base
    yield "compared with it", ", ".join(others)
    lines = main_lines(comparison_matrix(comparison))
    for line in lines:
        yield f"{base}: {line.title}", line.cells[base].text
    for other in others:
        for line in lines:
            yield f"{other}: {line.title}", _said(line.cells[other])
    yield (
        "how to read it",
        f"All scenarios used the same {comparison.base.runs} simulated replications (seed "
        f"{comparison.base.seed}), so each difference is a paired one. In brackets the 95 % "
        "confidence interval of the difference; it is significant where that excludes zero. A "
        "difference that is not significant may still exist.",
    )
    yield (
        "what the intervals leave out",
        "They hold the randomness of arrivals, handle times and patience in this model alone. How "
        "well the assumptions hold (the volumes, what self-service contains, how long the rest "
        "talks) is not in them: simulate the lowest and the highest value of what is "
        "uncertain, as further scenarios or as a sweep.",
    )
    if any(line.metric == "cost" for line in lines):
        days = comparison.base.model.days
        yield (
            "cost",
            f"Agent pay in one replication of {counted(days, 'day')}, paid breaks, shrinkage and "
            "absence included. The price of self-service and of other tools is not in it.",
        )


def _said(cell: ComparedValue) -> str:
    """Return a metric with its difference and what that means."""
    if not cell.gap:
        return cell.shown
    if not cell.span:
        return f"{cell.shown}, {cell.gap} from the base, in one replication"
    if cell.low == cell.high:  # such as scheduled hours, which no random number changes
        gap = "unchanged" if not cell.difference else f"{cell.plain_gap} from the base"
        return f"{cell.shown}, {gap}, the same in every replication"
    means = cell.judgement or "not significant"
    return f"{cell.shown}, {cell.gap} ({cell.span}) from the base: {means}"


def _changes(
    comparison: Comparison, about: Mapping[str, About]
) -> Iterator[tuple[str, int | None, str]]:
    for name in comparison.labels:
        changes = about[name].changes if name in about else ()
        for number, words in enumerate(changes, start=1):
            yield name, number, words
        if not changes:
            yield name, None, "none"


def _notes(comparison: Comparison, about: Mapping[str, About]) -> Iterator[tuple[str, str]]:
    for name, one in about.items():
        if name in comparison.labels and one.note:
            yield name, one.note
    for text in comparison.notes:
        yield "all", text
    for name, result in zip(comparison.labels, comparison.results, strict=True):
        for text in result.notes:
            yield name, text


def _key_metrics(out: Book, comparison: Comparison) -> None:
    """Add the metrics of the whole, one row a scenario, and a chart of each."""
    lines = main_lines(comparison_matrix(comparison))
    if not lines:
        return
    units = [catalogue()[line.metric].unit for line in lines]
    cells = [(name, *(line.cells[name].value for line in lines)) for name in comparison.labels]
    head = ("scenario", *(metric_title(line.metric) for line in lines))
    out.sheet("Key metrics", head, cells, [["", *units]] * len(cells))
    for k, line in enumerate(lines):
        title = f"{line.title} by scenario"
        place = 1 + 17 * k
        out.draw("Key metrics", "column", (k + 1,), len(cells), title, units[k], place)


def _differences(out: Book, comparison: Comparison) -> None:
    head = (
        "other", "scope", "name", "metric", "base", "value", "difference", "low", "high",
        "significant",
    )  # fmt: skip
    rows = comparison.rows
    cells = [
        (r.other, r.scope, r.name, metric_title(r.metric), r.base, r.value, r.difference, r.low,
         r.high, r.significant)
        for r in rows
    ]  # fmt: skip
    units = [[*[""] * 4, *[catalogue()[r.metric].unit] * 5, ""] for r in rows]
    out.sheet("Differences", head, cells, units)
