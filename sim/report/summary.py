"""A result on one page: figures, pictures, queues and what was simulated, as HTML."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from sim.fileio import replaced
from sim.metrics import catalogue
from sim.report.bad_days import EXPLAINED, TITLE, bad_days
from sim.report.charts import told
from sim.report.day_drawing import level_drawing, staff_drawing
from sim.report.quantity import show
from sim.report.staffing_view import Slot, slots
from sim.report.text import label
from sim.report.views import begun, common_target, over_the_day
from sim.units import BadInputError

if TYPE_CHECKING:
    from sim.experiment import Result
    from sim.metrics import Row
    from sim.scenario import Scenario

CARDS = (
    "service_level",
    "abandonment",
    "asa_s",
    "wait_p90_s",
    "on_time",
    "occupancy",
    "offered",
    "answered",
    "containment",
)
MOST_CARDS = 8
QUEUE = ("offered", "service_level", "on_time", "asa_s", "abandonment", "aht_s")
GROUP = ("staff", "occupancy", "utilisation", "overtime_h", "cost")
POLICY = "default-src 'none'; style-src 'unsafe-inline'"
STYLE = """
:root { color-scheme: light; }
body { font: 14px/1.4 system-ui, sans-serif; max-width: 50rem; margin: 1.5rem auto;
       padding: 0 1rem; color: #1c2730; background: #fff; }
h1 { font-size: 1.5rem; margin: 0; } h2 { font-size: 1.05rem; margin: 1.1rem 0 .3rem; }
p { margin: .3rem 0; } .note { color: #4b5a66; font-size: .85rem; }
.verdict { font-size: 1.05rem; font-weight: 600; }
.cards { display: grid; grid-template-columns: repeat(4, 1fr); gap: .5rem; margin: .7rem 0; }
.cards div { border: 1px solid #d5dde3; border-radius: 8px; padding: .4rem .6rem; }
.cards b { display: block; font-size: 1.25rem; } .cards span { display: block; font-size: .8rem; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums;
        font-size: .85rem; }
th, td { padding: .15rem .5rem; border-bottom: 1px solid #dde3e8; text-align: right; }
th { border-bottom: 2px solid #66737d; font-weight: 600; }
th:first-child, td:first-child { text-align: left; min-width: 6rem; overflow-wrap: break-word; }
.wide { overflow-x: auto; }
td small { color: #4b5a66; white-space: nowrap; display: block; }
svg { width: 100%; height: auto; display: block; }
ul { margin: .2rem 0; padding-left: 1.1rem; } li { margin: .1rem 0; overflow-wrap: anywhere; }
.said { columns: 2; font-size: .82rem; }
@media (max-width: 40rem) { .cards { grid-template-columns: repeat(2, 1fr); }
  .said { columns: 1; } }
@page { size: A4; margin: 12mm; }
@media print { .wide { overflow: visible; }
  body { margin: 0; max-width: none; font-size: 10.5px; padding: 0; }
  svg { max-height: 30mm; margin: 0 auto; } .cards { grid-template-columns: repeat(8, 1fr);
  gap: 2mm; margin: 1.5mm 0; } .cards div { padding: 1mm; } .cards b { font-size: 12px; }
  .cards span { font-size: 8px; } h1 { font-size: 17px; } h2 { font-size: 12px; margin: 2mm 0 0; }
  table { font-size: 9px; } td small { display: inline; margin-left: .6mm;
  font-size: 7px; } td { white-space: nowrap; } td:first-child { white-space: normal; }
  .verdict { font-size: 12px; }
  th, td { padding: .3mm 1mm; } .note { font-size: 8.5px; margin: .5mm 0; }
  .said { columns: 3; font-size: 7.5px; line-height: 1.2; } li { margin: 0; }
  .cards div, svg, tr { break-inside: avoid; } h2 { break-after: avoid; } }
"""


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands over a summary besides the figures.

    Attributes
    ----------
    title : str
        The scenario's name unless given.
    question : str
        What was asked.
    note : str
        Whatever the reader should know first.
    changes : tuple of str
        What was changed against the file, as people say it.
    """

    title: str = ""
    question: str = ""
    note: str = ""
    changes: tuple[str, ...] = ()


def write_summary_page(
    path: str | Path, scenario: Scenario, result: Result, heading: Heading | None = None
) -> None:
    """Write the summary as one HTML file.

    Parameters
    ----------
    path : str or Path
    scenario : Scenario
        The one that was simulated.
    result : Result
    heading : Heading, optional

    Raises
    ------
    OutputError
        When the file cannot be written.
    """
    with replaced(path) as temporary:
        temporary.write_text(summary_page(scenario, result, heading), encoding="utf-8")


def summary_page(scenario: Scenario, result: Result, heading: Heading | None = None) -> str:
    """Return the summary as HTML that stands alone; whatever was typed is shown as text."""
    head = heading or Heading()
    title = head.title.strip() or scenario.name
    body = "\n".join(
        [
            *_head(title, head, result),
            f'<p class="verdict">{escape(verdict(result))}</p>',
            *_cards(result),
            *_bad_days(result),
            *_pictures(scenario, result),
            *_table("Queues", "queue", QUEUE, result),
            *_table("Groups", "group", GROUP, result),
            *_said(scenario),
            *_foot(result),
        ]
    )
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="viewport" content="width=device-width">\n'
        f"<title>{escape(title)}</title>\n<style>{STYLE}</style>\n</head>\n"
        f"<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


def verdict(result: Result) -> str:
    """Return in one sentence whether the target is reached, as far as the runs can tell."""
    target = common_target(result.model)
    level = result.figure("service_level")
    if level.value is None:
        return "Nothing was offered, so there is no service level."
    shown = show(level.value, "share")
    if target is None:
        span = _span(level.low, level.high, "share")
        return f"Service level of the whole {shown}{span}.{_missing(result)}"
    goal = show(target, "share")
    if level.low is None or level.high is None:
        return f"Service level {shown} in one run, target {goal}: one run proves nothing."
    words = f"Service level {shown}{_span(level.low, level.high, 'share')}, target {goal}: "
    if level.low >= target:
        words += "reached."
    elif level.high < target:
        words += "missed."
    else:
        words += "more runs are needed to tell whether it is reached."
    return words + _missing(result)


def _missing(result: Result) -> str:
    """Return which of several queues miss their own target, as far as the runs can tell."""
    live = [queue for queue in result.model.queues if not queue.deferred]
    found = []
    for queue in live if len(live) > 1 else ():
        level = result.figure("service_level", "queue", queue.name)
        if level.high is not None and level.high < queue.target:
            goal = show(queue.target, "share")
            found.append(f"{queue.name} {show(level.value, 'share')} (target {goal})")
    return f" Below their own target: {', '.join(found)}." if found else ""


def needed(scenario: Scenario) -> list[Slot]:
    """Return required against scheduled by formula; empty where no formula has an answer."""
    from sim.planning import staff

    try:
        return slots(staff(scenario, simulate=False))
    except BadInputError:
        return []


def _head(title: str, head: Heading, result: Result) -> Iterator[str]:
    yield f"<h1>{escape(title)}</h1>"
    if head.question:
        yield f"<p><em>{escape(head.question)}</em></p>"
    if head.note.strip():
        yield f"<p>{escape(head.note.strip())}</p>"
    if head.changes:
        yield f'<p class="note">Changed: {escape("; ".join(head.changes))}.</p>'
    for text in result.notes:
        yield f"<p><strong>Note:</strong> {escape(text)}.</p>"


def _cards(result: Result) -> Iterator[str]:
    rows = {r.metric: r for r in result.rows if r.scope == "total" and r.value is not None}
    yield '<div class="cards">'
    for metric in [name for name in CARDS if name in rows][:MOST_CARDS]:
        row = rows[metric]
        yield (
            f"<div><span>{escape(begun(label(metric)))}</span>"
            f"<b>{escape(show(row.value, row.unit))}</b>"
            f'<span class="note">{escape(_bounds(row))}</span></div>'
        )
    yield "</div>"


def _bad_days(result: Result) -> Iterator[str]:
    lines = bad_days(result)
    if lines:
        yield f"<h2>{TITLE}</h2>"
        yield f'<p class="note">{EXPLAINED[0].upper()}{EXPLAINED[1:]}.</p>'
        yield from _listed(lines)


def _pictures(scenario: Scenario, result: Result) -> Iterator[str]:
    points = over_the_day(result, "service_level")
    target = common_target(result.model)
    if points:
        yield "<h2>Service level over the day</h2>"
        yield level_drawing(points, target, told(points, "Service level of all live queues"))
        dashed = "" if target is None else f" Dashed: the target, {show(target, 'share')}."
        yield f'<p class="note">Line: all runs together. Band: 95 % interval.{dashed}</p>'
    rows = needed(scenario)
    if rows:
        from sim.report.staffing_charts import told_over_under

        yield "<h2>Agents required and on duty</h2>"
        yield staff_drawing(rows, told_over_under(rows))
        yield (
            '<p class="note">Bars: on duty, net of shrinkage, absence and breaks. Stepped line: '
            "the fewest agents by formula with which each queue reaches its target.</p>"
        )


def _table(title: str, scope: str, metrics: Sequence[str], result: Result) -> Iterator[str]:
    rows = [r for r in result.rows if r.scope == scope and r.metric in metrics]
    have = [m for m in metrics if any(r.metric == m and r.value is not None for r in rows)]
    cells = {(r.name, r.metric): r for r in rows}
    names = dict.fromkeys(r.name for r in rows)
    if not names or not have:
        return
    heads = "".join(f'<th scope="col">{escape(begun(label(m)))}</th>' for m in have)
    yield f"<h2>{title}</h2>"
    yield '<div class="wide"><table>'
    yield f'<thead><tr><th scope="col">{title[:-1]}</th>{heads}</tr></thead><tbody>'
    for name in names:
        found = "".join(_cell(cells.get((name, metric))) for metric in have)
        yield f"<tr><td>{escape(name)}</td>{found}</tr>"
    yield "</tbody></table></div>"


def _cell(row: Row | None) -> str:
    if row is None or row.value is None:
        return "<td>-</td>"
    return f"<td>{escape(show(row.value, row.unit))}<small>{escape(_bounds(row))}</small></td>"


def _said(scenario: Scenario) -> Iterator[str]:
    from sim.scenario import describe

    yield "<h2>What was simulated</h2>"
    yield '<div class="said">'
    yield from _listed(describe(scenario))
    yield "</div>"


def _listed(lines: Iterable[str]) -> Iterator[str]:
    yield "<ul>"
    yield from (f"<li>{escape(line)}</li>" for line in lines)
    yield "</ul>"


def _foot(result: Result) -> Iterator[str]:
    from sim import __version__

    note = next((r.note for r in result.rows if r.metric == "service_level" and r.note), "")
    formula = f" Service level: {note.replace('_', ' ')}." if note else ""
    meaning = catalogue()["service_level"].meaning
    yield (
        f'<p class="note">Below each figure its 95 % interval, of {result.runs:,} runs: how much '
        "the figure would vary with other chance. It says nothing about what the scenario leaves "
        f"out.{escape(formula)} {escape(meaning)}</p>"
    )
    yield (
        f'<p class="note">ccplan {escape(__version__)}, seed {result.seed}, engine '
        f"{escape(result.engine)}, scenario {escape(result.model.fingerprint[:16])}.</p>"
    )


def _bounds(row: Row) -> str:
    if row.low is None or row.high is None:
        return "one run"
    return f"{show(row.low, row.unit)} to {show(row.high, row.unit)}"


def _span(low: float | None, high: float | None, unit: str) -> str:
    if low is None or high is None:
        return ""
    return f" ({show(low, unit)} to {show(high, unit)})"
