"""Components of pages that show results: metric cards, captions, tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from sim.app.workspace import as_text
from sim.report.formatting import show
from sim.report.interval_metrics import place_title, queues_at, scope_of
from sim.units import counted, show_duration

if TYPE_CHECKING:
    from sim.app.start_fields import SimulationInputs
    from sim.experiment import Comparison, Difference, Result
    from sim.metrics import MetricRow
    from sim.report.comparison_workbook import About
    from sim.report.erlang_comparison import FormulaComparison
    from sim.scenario import Scenario

LABELS = {
    "service_level": "Service level",
    "abandonment": "Abandoned",
    "asa_s": "ASA",
    "wait_p90_s": "90th percentile wait",
    "occupancy": "Occupancy",
    "offered": "Offered (average per replication)",
    "answered": "Answered (average per replication)",
    "on_time": "On time",
    "completion_p90_s": "90th percentile completion",
    "handled": "Handled (average per replication)",
    "backlog": "Backlog at the end",
    "containment": "Containment",
    "wait_probability": "Had to wait",
}
WHOLE = ("service_level", "abandonment", "asa_s", "wait_p90_s", "occupancy", "offered", "answered")
LIVE = ("service_level", "abandonment", "asa_s", "wait_p90_s", "offered", "answered")
DEFERRED = ("on_time", "completion_p90_s", "backlog", "offered", "handled")


def cards(result: Result, queue: str | None) -> None:
    """Draw the metrics of the center or of one queue, each with its confidence interval."""
    import streamlit as st

    scope = scope_of(queue)
    rows = {r.metric: r for r in result.rows if (r.scope, r.name) == (scope.kind, scope.name)}
    deferred = all(q.deferred for q in queues_at(result.model, queue))
    wanted = DEFERRED if deferred else (WHOLE if queue is None else LIVE)
    extra = ("containment",) if "containment" in rows else ()
    with st.grid(min_column_width=170, gap="small"):
        for metric in (*wanted, *extra):
            if metric in rows:
                _card(rows[metric])


def _card(row: MetricRow) -> None:
    import streamlit as st

    from sim.metrics import catalogue

    known = row.low is not None and row.high is not None
    meaning = catalogue()[row.metric].meaning
    if row.metric in ("offered", "answered", "handled"):
        meaning += " Average per replication."
    text = (
        f"{show(row.low, row.unit)} to {show(row.high, row.unit)}"
        if known
        else "single replication"
    )
    st.metric(
        LABELS.get(row.metric, row.metric),
        show(row.value, row.unit),
        text,
        delta_color="off",
        delta_arrow="off",
        border=True,
        height="stretch",
        help=meaning,
    )


def level_caption(result: Result, queue: str | None) -> None:
    """Show the service level formula and threshold of each queue and of the center."""
    import streamlit as st

    from sim.metrics import VARIANTS
    from sim.metrics.scopes import common_threshold_text, threshold_text

    model = result.model
    queues = queues_at(model, queue)
    goal = scope_of(queue).goal(model)
    words: dict[str, list[str]] = {}
    for one in queues:
        words.setdefault(threshold_text(one).replace("_", " "), []).append(one.name)
    listed = "; ".join(
        f"{as_text(', '.join(names))}: **{as_text(text)}**" for text, names in words.items()
    )
    variants = [goal.variant] if goal else []
    variants += [q.variant for q in queues if not q.deferred]
    formulas = [
        f"{variant.replace('_', ' ')} = ({VARIANTS[variant][0]}) ÷ ({VARIANTS[variant][1]})"
        for variant in dict.fromkeys(variants)
    ]
    text = f"Service level formula by queue: {listed}."
    if goal:
        common = common_threshold_text(goal).replace("_", " ")
        of = "the center and of channels" if queue is None else as_text(place_title(queue))
        text = f"Service level of {of}: **{as_text(common)}**. {text}"
    if formulas:
        text += f" {as_text('; '.join(formulas).replace('_', ' '))}."
    st.caption(
        f"{text} Below each value: its 95 % confidence interval from {result.runs} replications."
    )


def difference_rows(rows: Sequence[Difference], comparison: Comparison, alt: str) -> None:
    """Draw differences of a comparison as a table of text."""
    import pandas as pd
    import streamlit as st

    from sim.report.coefficients import calibration_of
    from sim.report.result_views import difference_table

    frame = pd.DataFrame(difference_table(rows, calibration_of(comparison)))
    if all(row.scope == "total" for row in rows):
        frame = frame.drop(columns="Of")
    st.dataframe(frame, hide_index=True, width="stretch", height="content", alt=alt)


def overload_warnings(scenario: Scenario) -> None:
    """Warn where the scheduled agents lack the time for all contacts of the horizon."""
    import streamlit as st

    from sim.scenario.lint_load import overload_warnings as warnings

    for line in warnings(scenario):
        advice = "A service level may look good only because customers abandon."
        st.warning(as_text(f"{line} {advice}"), icon=":material/warning:")


def plain_words(scenario: Scenario) -> None:
    """Draw the summary of the scenario, and warnings about unlikely values."""
    import streamlit as st

    from sim.scenario import describe, lint_warnings

    odd = lint_warnings(scenario)
    for line in odd:
        st.warning(as_text(line), icon=":material/visibility:")
    with st.expander("Scenario summary"):
        st.markdown("\n".join(f"- {as_text(line)}" for line in describe(scenario)))


def formula_comparison(found: FormulaComparison, here: Sequence[str]) -> None:
    """Draw formulas and simulation side by side, their inputs, and why they differ."""
    import pandas as pd
    import streamlit as st

    from sim.report.erlang_comparison import comparison_table

    patience = "" if found.patience_s is None else f", patience {show(found.patience_s, 's')}"
    st.markdown(
        f"**{as_text(found.when)}**: {counted(found.calls, 'contact', 1)} in "
        f"{show_duration(found.per_s)}, handle time {show(found.aht_s, 's')}, "
        f"{counted(found.agents, 'agent')}{patience}."
    )
    st.dataframe(
        pd.DataFrame(comparison_table(found)),
        hide_index=True,
        width="stretch",
        alt="Metrics of one queue by simulation, Erlang C and Erlang A",
    )
    left, right = st.columns(2, gap="medium")
    with left:
        st.markdown("**Why they differ**")
        lines = here or [
            "The scenario meets all assumptions of the formulas; differences are random."
        ]
        st.markdown("\n".join(f"- {as_text(line)}" for line in lines))
    with right:
        st.markdown("**Assumptions of the formulas**")
        st.markdown("\n".join(f"- {as_text(line)}" for line in found.reasons))


def command(source: str, fields: SimulationInputs) -> str:
    """Return the command that computes the same metrics."""
    from shlex import quote

    steps = fields.scenario.steps if fields.scenario is not None else (fields.changes,)
    sets = [f"--set {quote(f'{path}={value}')}" for step in steps for path, value in step.items()]
    words = ["ccplan run", quote(source), f"--runs {fields.runs}", f"--seed {fields.seed}", *sets]
    return " ".join(words)


def workbook(found: Result | Comparison, about: Mapping[str, About] | None = None) -> bytes:
    """Return the workbook of a result, or of a comparison with details of each scenario."""
    from pathlib import Path
    from tempfile import TemporaryDirectory

    from sim.experiment import Comparison
    from sim.report.comparison_workbook import write_comparison
    from sim.report.workbook import write_result

    with TemporaryDirectory(prefix="ccplan-") as folder:
        file = Path(folder) / "result.xlsx"
        if isinstance(found, Comparison):
            write_comparison(file, found, about)
        else:
            write_result(file, found)
        return file.read_bytes()


def file_name(name: str) -> str:
    """Return a name made of letters, digits and hyphens only, for a file."""
    import re

    return re.sub(r"[^0-9A-Za-z]+", "-", name).strip("-").lower() or "result"
