"""Results as plain text, aligned for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import isfinite
from typing import TYPE_CHECKING

from sim.metrics import VARIANTS, catalogue
from sim.metrics.metric_titles import label, variant_title
from sim.metrics.scopes import common_threshold_text, threshold_text
from sim.report.coefficients import calibration_of
from sim.report.daily_service_levels_text import EXPLAINED, TITLE, bad_days
from sim.report.formatting import more_digits, show, show_difference
from sim.report.interval_metrics import place_title, places, queues_at, scope_of
from sim.report.outbound_text import outbound_text
from sim.report.scorecard_text import scorecard_texts
from sim.report.scorecards import COMPARED, SHOWN_WITH_COSTS
from sim.report.text_table import columns
from sim.units import DAY

if TYPE_CHECKING:
    from sim.experiment import Comparison, Difference, Result
    from sim.metrics import MetricRow
    from sim.model import Model

QUEUE_COLUMNS = (
    ("offered", "offered"),
    ("service_level", "service level"),
    ("asa_s", "ASA"),
    ("wait_p90_s", "p90 wait"),
    ("abandonment", "abandoned"),
    ("aht_s", "AHT"),
    ("fcr", "FCR"),
)
DEFERRED_COLUMNS = (
    ("offered", "offered"),
    ("handled", "done"),
    ("on_time", "on time"),
    ("completion_p50_s", "p50 completion"),
    ("completion_p90_s", "p90 completion"),
    ("backlog", "backlog at end"),
)
TARGET_COLUMNS = (*QUEUE_COLUMNS, ("on_time", "on time"), ("days_on_target", "days on target"))
GROUP_COLUMNS = (
    ("staff", "staff"),
    ("occupancy", "occupancy"),
    ("utilisation", "utilisation"),
    ("shrinkage", "shrinkage"),
    ("not_ready_share", "not ready"),
    ("concurrency", "concurrency"),
    ("overtime_h", "overtime"),
    ("cost", "cost"),
)
CALLBACK_COLUMNS = (
    ("callbacks", "promised"),
    ("callbacks_answered", "reached"),
    ("callbacks_missed", "not reached"),
    ("callbacks_open", "still open"),
    ("callback_wait_s", "mean wait"),
)
BOT_COLUMNS = (
    ("sessions", "sessions"),
    ("containment", "containment"),
    ("bot_resolution", "resolved"),
    ("left_inside_share", "abandoned"),
    ("bounce_back", "bounce-back"),
)
TOTAL = (
    "customers",
    "contacts",
    "offered",
    "answered",
    "abandoned",
    "balked",
    "blocked",
    "message",
    "callbacks",
    "sent_away",
    "still_waiting",
    "service_level",
    "days_on_target",
    "abandonment",
    "asa_s",
    "wait_p90_s",
    "aht_s",
    "fcr",
    "contacts_per_issue",
    "on_time",
    "backlog",
    "containment",
    "occupancy",
    "utilisation",
    "overtime_h",
    "cost",
)
INTERVAL_COLUMNS = (
    ("offered", "offered"),
    ("service_level", "service level"),
    ("asa_s", "ASA"),
    ("abandonment", "abandoned"),
)
DEFERRED_INTERVAL_COLUMNS = (
    ("offered", "offered"),
    ("on_time", "on time"),
    ("completion_s", "mean to done"),
    ("backlog", "backlog"),
)
HIDDEN_WHEN_ZERO = frozenset(
    {"balked", "blocked", "message", "callbacks", "sent_away", "still_waiting"}
)


def result_text(result: Result, intervals: bool = False) -> str:
    """Return a result as text.

    Parameters
    ----------
    result : Result
    intervals : bool
        A table of intervals for each queue too.
    """
    cells = _cells(r for r in result.rows if _is_shown(r, result.model))
    live = [q.name for q in result.model.queues if not q.deferred]
    deferred = [q.name for q in result.model.queues if q.deferred]
    bots = [q.name for q in result.model.queues if q.bot is not None]
    callbacks = [q.name for q in result.model.queues if q.callback is not None]
    groups = [g.name for g in result.model.groups]
    targets = [target.name for target in result.model.targets]
    parts = [
        _head(result),
        _whole(cells, "Total" if result.model.satisfaction is None else "Service"),
        _bad_days(result),
        _by_name("Target", "target", targets, TARGET_COLUMNS, cells),
        _by_name("Queue", "queue", live, QUEUE_COLUMNS, cells),
        _by_name("Deferred work", "queue", deferred, DEFERRED_COLUMNS, cells),
        outbound_text(result),
        _by_name("Callbacks", "queue", callbacks, CALLBACK_COLUMNS, cells),
        _by_name("Self-service", "queue", bots, BOT_COLUMNS, cells),
        _by_name("Group", "group", groups, GROUP_COLUMNS, cells),
        *scorecard_texts(result),
    ]
    if intervals:
        parts += _interval_tables(result)
    parts.append("\n".join(f"Note: {note}" for note in result.notes))
    return "\n\n".join(part for part in parts if part) + "\n"


def _bad_days(result: Result) -> str:
    lines = bad_days(result)
    return "\n".join([f"{TITLE} ({EXPLAINED})", *(f"  {line}" for line in lines)]) if lines else ""


Cells = dict[tuple[str, str, str], "MetricRow"]


def _is_shown(row: MetricRow, model: Model) -> bool:
    """Leave overtime out of a stationary run: no shift ends there."""
    return row.metric != "overtime_h" or model.day_s == DAY


def _cells(rows: Iterable[MetricRow]) -> Cells:
    return {(r.scope, r.name, r.metric): r for r in rows}


def _head(result: Result) -> str:
    runs = (
        "one replication: no confidence intervals"
        if result.runs == 1
        else f"{result.runs} replications, ± is 95 %"
    )
    runs += ", antithetic" if result.antithetic else ""
    lines = [f"{result.name}  ({runs}; seed {result.seed}; engine {result.engine})"]
    return "\n".join([*lines, *_formulas(result.model)])


def _formulas(model: Model) -> list[str]:
    """Return by what service levels are judged, and what their formulas are."""
    lines = list(_promises(model))
    live = [queue.variant for queue in model.queues if not queue.deferred]
    common = [] if model.goal is None or not live else [model.goal.variant]
    goals = [target.goal for target in model.targets if target.goal is not None]
    common += [goal.variant for goal in goals if isfinite(goal.threshold)]
    for variant in dict.fromkeys(live + common):
        top, bottom = VARIANTS[variant]
        lines.append(f"{variant} = ({top}) / ({bottom})".replace("_", " "))
    return lines


def _compared_formulas(comparison: Comparison) -> list[str]:
    """Return the formulas of the base, and those of the others that are judged otherwise."""
    base = _formulas(comparison.base.model)
    lines = list(base)
    for name, result in zip(comparison.labels[1:], comparison.results[1:], strict=True):
        other = _formulas(result.model)
        lines += [f"{name}: {line}" for line in other if line not in base]
    return lines


def _promises(model: Model) -> Iterator[str]:
    """Say by what each queue is judged, and by what the whole."""
    live: dict[str, list[str]] = {}
    for queue in model.queues:
        if not queue.deferred:
            live.setdefault(variant_title(threshold_text(queue)), []).append(queue.name)
    if len(live) == 1 and model.goal is None:
        yield f"Service level: {next(iter(live))}"
    else:
        yield from (f"Service level of {', '.join(names)}: {p}" for p, names in live.items())
    if live and model.goal is not None:
        common = variant_title(common_threshold_text(model.goal))
        yield f"Service level of the whole and of channels: {common}"
    elif len(live) > 1:
        yield "Service level of the whole and of channels: each queue by its own"
    for target in model.targets:
        if target.goal is not None:
            words = variant_title(common_threshold_text(target.goal))
            yield f"Service level of target {target.name}: {words}"
    for queue in model.queues:
        if queue.deferred:
            more = "; overdue work is missed, open work not yet due is backlog"
            terms = threshold_text(queue)
            yield f"On time of {queue.name}: {terms}{more if isfinite(queue.due) else ''}"


def _whole(cells: Cells, title: str) -> str:
    table = []
    for metric in TOTAL:
        row = cells.get(("total", "total", metric))
        if row is None or (row.value is None and metric != "service_level"):
            continue  # a service level is shown even where there was nothing to judge
        if not row.value and metric in HIDDEN_WHEN_ZERO:
            continue
        table.append([label(metric), _show(row)])
    return columns([[title, ""], *table])


def _by_name(
    title: str,
    scope: str,
    names: Sequence[str],
    heads: Sequence[tuple[str, str]],
    cells: Cells,
) -> str:
    if not names:
        return ""
    used = [(m, h) for m, h in heads if any((scope, n, m) in cells for n in names)]
    table = [[title, *(head for _, head in used)]]
    for name in names:
        table.append([name, *(_show(cells.get((scope, name, m))) for m, _ in used)])
    return columns(table)


def _show(row: MetricRow | None) -> str:
    if row is None:
        return "-"
    half = None if row.low is None or row.high is None else (row.high - row.low) / 2
    return show(row.value, row.unit, half)


def _interval_tables(result: Result) -> list[str]:
    model = result.model
    by_place: dict[tuple[str, str, str | None, str], MetricRow] = {}
    wanted = {name for name, _ in (*DEFERRED_INTERVAL_COLUMNS, *INTERVAL_COLUMNS)}
    for row in result.by_interval(*wanted):
        if row.scope in ("target", "queue"):
            by_place[row.scope, row.name, row.interval, row.metric] = row
    starts = list(dict.fromkeys(key[2] for key in by_place))
    out = []
    for place in places(model):
        scope, deferred = scope_of(place), all(q.deferred for q in queues_at(model, place))
        used = DEFERRED_INTERVAL_COLUMNS if deferred else INTERVAL_COLUMNS
        table = [[place_title(place), *(head for _, head in used)]]
        for start in starts:
            cells = [by_place[scope.kind, scope.name, start, m] for m, _ in used]
            if any(cell.value for cell in cells):
                table.append([start or "", *(_show(cell) for cell in cells)])
        out.append(columns(table))
    return out


def comparison_text(comparison: Comparison, every: bool = False) -> str:
    """Return a comparison as text.

    Parameters
    ----------
    comparison : Comparison
    every : bool
        All metrics instead of those that matter most.
    """
    runs = comparison.base.runs
    sure = (
        "one replication: no confidence intervals"
        if runs == 1
        else f"{runs} paired replications, 95 % confidence intervals"
    )
    sure += ", antithetic" if comparison.base.antithetic else ""
    head = f"Against {comparison.labels[0]}  ({sure}; seed {comparison.base.seed})"
    parts = ["\n".join([head, *_compared_formulas(comparison)])]
    calibration = calibration_of(comparison)
    deferred = {q.name for r in comparison.results for q in r.model.queues if q.deferred}
    for other in comparison.labels[1:]:
        rows = [r for r in comparison.rows if r.other == other]
        rows = [r for r in rows if every or _shown(r, r.name in deferred)]
        rows = rows if every else sorted(rows, key=_place)
        parts.append(_difference_table(other, rows, calibration))
    notes = comparison.all_notes
    parts += ["\n".join(f"Note: {note}" for note in notes)] * bool(notes)
    return "\n\n".join(parts) + "\n"


def _place(row: Difference) -> int:
    """Sort the metrics of the whole by importance; the others keep their order."""
    order = (*TOTAL, *COMPARED)
    return order.index(row.metric) if row.scope == "total" else len(order)


def _shown(row: Difference, deferred: bool) -> bool:
    if row.base is None or row.value is None:
        return False
    if row.scope == "total":
        return row.metric in (*TOTAL, *COMPARED) and not (
            row.metric in (*HIDDEN_WHEN_ZERO, *SHOWN_WITH_COSTS) and not row.base and not row.value
        )
    if row.scope == "target":
        return row.metric in ("service_level", "abandonment")
    if row.scope == "queue":
        return row.metric in (("on_time",) if deferred else ("service_level", "abandonment"))
    return row.scope == "group" and row.metric in ("occupancy",)


def _difference_table(
    other: str, rows: Sequence[Difference], calibration: Mapping[str, str]
) -> str:
    table = [[other, "", "base", "other", "difference", "from", "to", ""]]
    for row in rows:
        unit = catalogue()[row.metric].unit
        place = {"total": "", "target": f"target {row.name}"}.get(row.scope, row.name)
        gaps = (row.difference, row.low, row.high)
        more = more_digits(gaps, unit) if row.significant or row.low is None else 0
        table.append(
            [
                label(row.metric) + (f" ({on})" if (on := calibration.get(row.metric)) else ""),
                place,
                show(row.base, unit),
                show(row.value, unit),
                *(show_difference(gap, unit, more) for gap in gaps),
                _verdict(row),
            ]
        )
    return columns(table, left=2)


def _verdict(row: Difference) -> str:
    if row.low is None:
        return ""
    return "" if row.significant else "not significant"
