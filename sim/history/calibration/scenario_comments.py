"""Comments of a calibrated scenario: where each number comes from, and how sure it is."""

from __future__ import annotations

import numpy as np

from sim.history.calibration.center_estimates import CenterEstimates, QueueEstimates
from sim.history.calibration.close_loop import ClosedLoop, SolvedParameter
from sim.history.calibration.estimated_values import EstimatedValue
from sim.history.calibration.experience_tables import percent
from sim.history.calibration.scenario_tables import Tables
from sim.history.calibration.talk_by_hour import talk_by_hour_comment
from sim.history.calibration.talk_level_rows import talk_level_note
from sim.history.calibration.volume_growth import growth_note
from sim.units import DAY, HOUR, counted, show_duration


def heading_of(estimates: CenterEstimates, loop: ClosedLoop, name: str, pooled: str = "") -> str:
    """Return what stands at the top of the scenario; ``pooled`` is the note of small queues."""
    log = estimates.log
    lines = [
        "How would a usual week go, with the contacts and agents of the recorded days?",
        "",
        f"Calibrated on {name}: {counted(len(log), 'contact')} of "
        f"{counted(int(estimates.usable.sum()), 'day')}, "
        f"{log.first_day} to {log.date(log.days - 1)}.",
        "Bounds are 95 % confidence intervals. Volumes, agents and times by interval: week.csv.",
    ]
    if note := growth_note(estimates):
        lines.append(f"{note}.")
    if note := talk_level_note(estimates):
        lines.append(f"{note}.")
    if pooled:
        lines.append(f"{pooled[0].upper()}{pooled[1:]}.")
    if loop.parameters and not loop.changed:
        lines.append("The recorded days are simulated with all estimates as they are.")
    for one in loop.changed:
        lines.append(
            f"To simulate the recorded days with less bias, the {one.what} was multiplied by "
            f"{one.factor:.3f} ({one.range_text})."
        )
    if note := loop.spread_note:
        lines.append(f"{note[0].upper()}{note[1:]}.")
    return "\n".join(lines)


def field_comments(
    rows: tuple[EstimatedValue, ...], loop: ClosedLoop, tables: Tables,
    queues: tuple[QueueEstimates, ...] = (),
) -> dict[str, str]:  # fmt: skip
    """Return a comment for each field of a scenario that was estimated, by its path."""
    found: dict[str, list[str]] = {}
    for row in rows:
        for path in _paths(row.field, tables):
            absent = "" if _is_written(row.field, tables) else "; may be 0, and is not here"
            found.setdefault(path, []).append(_sentence(row) + absent)
    for queue in queues:
        if comment := talk_by_hour_comment(queue):
            found.setdefault(f"queue.{queue.name}.talk", []).append(comment)
    moved = {one.name: one for one in loop.changed}
    from_states = any(row.name == "break_share" for row in rows)
    how = (
        "logged in and not on a break, by recorded states"
        if from_states
        else "inferred from the gaps between contacts of each agent"
    )
    for name in tables["group"]:
        agents = found.setdefault(f"group.{name}.agents", [])
        agents.append(how)
        if (one := moved.get("agents")) is not None:
            agents.append(_moved(one))
        if f"group.{name}.gap" in found:
            found[f"group.{name}.gap"] += [
                f"{one.what}: {_moved(one)}"
                for key in ("gap", "pauses")
                if (one := moved.get(key)) is not None
            ]
    return {path: "\n".join(lines) for path, lines in found.items()}


def _moved(one: SolvedParameter) -> str:
    return f"multiplied by {one.factor:.3f} for less bias; {one.range_text}"


def _paths(field: str, tables: Tables) -> list[str]:
    """Return the fields that an estimate stands for: without a name those of all queues, groups."""
    kind, _, rest = field.partition(".")
    if kind == "group" and rest.startswith("skills."):
        queue = rest.removeprefix("skills.").removesuffix(".at_once")
        return [
            f"group.{name}.skills"
            for name, group in tables["group"].items()
            if isinstance(group["skills"].get(queue), dict)
        ]
    if kind == "group":
        return [f"group.{name}.{rest}" for name in tables["group"]]
    if kind in ("center", "satisfaction"):
        return [".".join(field.split(".")[:2])]
    if kind == "queue" and "." not in rest:
        return [f"queue.{name}.{rest}" for name in tables["queue"]]
    return [field.removesuffix(".share")] if field else []


def _is_written(field: str, tables: Tables) -> bool:
    """Return whether the record of the center that an estimate belongs to has it."""
    kind, _, rest = field.partition(".")
    record, _, key = rest.partition(".")
    return kind != "center" or not key or key in tables["center"].get(record, {key: ""})


def _sentence(row: EstimatedValue) -> str:
    name = row.name.replace("_", " ")
    value, low, high = (shown_value(one, row.unit) for one in (row.value, row.low, row.high))
    bounds = f" ({low} to {high})" if np.isfinite([row.low, row.high]).all() else ""
    return f"{name} {value}{bounds}; {row.method}"


def shown_value(value: float, unit: str) -> str:
    """Return a value with its unit, rounded."""
    if not np.isfinite(value):
        return "unknown"
    if unit == "s":
        if value >= DAY:
            return show_duration(HOUR * round(value / HOUR))
        return show_duration(float(f"{value:.3g}")) if value >= 1 else f"{value:.2g}s"
    if unit == "count" and abs(value) >= 100:
        return f"{value:,.0f}"
    return percent(float(f"{value:.3g}")) if unit == "share" else f"{value:.3g}"
