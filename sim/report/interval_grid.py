"""Every interval as one row: volume, staff and service, judged against the target."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.metrics.target_status import MET, MISSED, UNDECIDED, target_status
from sim.planning.queue_agents import staffing
from sim.report.chart_theme import BAD_TINT, GOOD_TINT
from sim.report.interval_metrics import queues_at
from sim.report.result_views import common_target, offered_by_interval, rows_by_interval
from sim.report.staffing_view import slots_by_formula

if TYPE_CHECKING:
    from pandas.io.formats.style import Styler

    from sim.experiment import Result
    from sim.scenario import Scenario

METRICS = ("service_level", "on_time", "asa_s", "abandonment", "aht_s", "occupancy")
TINTS = {MET: GOOD_TINT, MISSED: BAD_TINT, UNDECIDED: "#e69f0026"}
"""Behind the service level."""


@dataclass(frozen=True, slots=True)
class GridRow:
    """One interval.

    Attributes
    ----------
    interval : str
        Start: ``08:00``, or date and time when there are several days.
    offered : float
        Contacts, mean over the replications.
    required, on_duty : float or None
        Agents by formula, and net of shrinkage, absence and breaks; None without a formula.
    service_level, low, high : float or None
        With its 95 % confidence interval; of deferred work the share on time.
    asa_s, abandonment, aht_s, occupancy : float or None
        Occupancy is of all agents, so a single queue has none.
    target : float or None
    """

    interval: str
    offered: float
    required: float | None
    on_duty: float | None
    service_level: float | None
    low: float | None
    high: float | None
    asa_s: float | None
    abandonment: float | None
    aht_s: float | None
    occupancy: float | None
    target: float | None

    @property
    def verdict(self) -> str:
        """Return whether the target is met; empty without a target or a service level."""
        if self.target is None or self.service_level is None:
            return ""
        return target_status(self.low, self.high, self.target)


def interval_lines(
    scenario: Scenario,
    result: Result,
    queue: str | None = None,
    max_occupancy: str | None = None,
) -> list[GridRow]:
    """Return the intervals with contacts or agents.

    Parameters
    ----------
    scenario : Scenario
        The one that was simulated.
    result : Result
    queue : str, optional
        All queues together unless given.
    max_occupancy : str, optional
        Limit of occupancy of the agents required.
    """
    rows = rows_by_interval(result, queue, METRICS)
    offered = offered_by_interval(result, queue)
    staff = _staff(scenario, result, queue, max_occupancy)
    target = common_target(result.model, queue)
    deferred = all(q.deferred for q in queues_at(result.model, queue))
    level = "on_time" if deferred else "service_level"
    found = []
    for when in sorted({*offered, *staff}):
        if offered.get(when, 0.0) <= 0 and not any(staff.get(when, ())):
            continue
        of = {m: rows.get((when, m)) for m in METRICS}
        value = {m: None if row is None else row.value for m, row in of.items()}
        judge = of[level]
        required, on_duty = staff.get(when, (None, None))
        found.append(
            GridRow(
                interval=when,
                offered=offered.get(when, 0.0),
                required=required,
                on_duty=on_duty,
                service_level=value[level],
                low=judge.low if judge is not None else None,
                high=judge.high if judge is not None else None,
                asa_s=value["asa_s"],
                abandonment=value["abandonment"],
                aht_s=value["aht_s"],
                occupancy=value["occupancy"],
                target=target,
            )
        )
    return found


def _staff(
    scenario: Scenario, result: Result, queue: str | None, max_occupancy: str | None
) -> dict[str, tuple[float | None, float | None]]:
    """Return agents required and on duty by interval, where a formula has an answer."""
    if queue is not None:
        names = [q.name for q in queues_at(result.model, queue)]
        needs = staffing(scenario, result.model, names, max_occupancy)
        return {need.interval: (need.needed, need.on_duty) for need in needs}
    found = slots_by_formula(scenario, max_occupancy)
    return {slot.interval: (slot.required, slot.on_duty) for slot in found}


COLUMNS = {
    "Interval": "interval",
    "Volume": "offered",
    "AHT (s)": "aht_s",
    "Required": "required",
    "On duty": "on_duty",
    "Service level": "service_level",
    "ASA (s)": "asa_s",
    "Abandoned": "abandonment",
    "Occupancy": "occupancy",
    "Target": "verdict",
}
FORMS = {
    "Volume": "{:,.1f}",
    "AHT (s)": "{:,.0f}",
    "Required": "{:.0f}",
    "On duty": "{:.1f}",
    "Service level": "{:.1%}",
    "ASA (s)": "{:,.1f}",
    "Abandoned": "{:.1%}",
    "Occupancy": "{:.1%}",
}


def interval_table(lines: Sequence[GridRow]) -> Styler:
    """Return intervals as a table with the service level coloured by its target.

    The last column says in words what the colour says; columns without a number are left out.
    """
    import pandas as pd

    rows: list[dict[str, Any]] = [
        {title: getattr(line, field) for title, field in COLUMNS.items()} for line in lines
    ]
    for row in rows:
        row["Interval"] = str(row["Interval"]).replace("T", " ")
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    empty = [title for title in FORMS if frame[title].isna().all()]
    frame = frame.drop(columns=empty)
    forms: dict[Any, Any] = {title: form for title, form in FORMS.items() if title in frame}
    colours = [f"background-color: {TINTS[w]}" if w else "" for w in frame["Target"]]
    shown: list[Hashable] = [title for title in ("Service level", "Target") if title in frame]
    styled = frame.style.format(forms, na_rep="")
    return styled.apply(lambda _: colours, subset=shown)


def alt_text_intervals(lines: Sequence[GridRow]) -> str:
    """Return the table in one sentence."""
    missed = [line.interval.replace("T", " ") for line in lines if line.verdict == MISSED]
    words = f"{len(lines)} intervals with volume, staff and service."
    if not missed:
        return f"{words} No interval misses the target significantly."
    return f"{words} Target missed at {', '.join(missed)}."
