"""A staffing as text for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim import units
from sim.metrics.metric_titles import variant_title
from sim.report.staffing_view import balance, slots
from sim.report.text_table import columns

if TYPE_CHECKING:
    from sim.planning.staffing_result import Staffing

MOST_ROWS = 120
"""Intervals of one group up to which each has a line; else each day has."""
GROUP_HEAD = (
    "interval", "volume", "AHT s", "load", "Erlang C", "Erlang A", "required", "to schedule",
    "scheduled", "understaffed", "overstaffed",
)  # fmt: skip
QUEUE_HEAD = (
    "queue", "volume", "AHT s", "target", "by formula", "simulated", "95 % CI",
    "service level by",
)  # fmt: skip


def staffing_text(found: Staffing) -> str:
    """Return the targets missed first, agents by group and interval, service by queue, notes.

    Parameters
    ----------
    found : Staffing

    Returns
    -------
    str
        Long horizons are summed up by day, in hours of agents.
    """
    parts = [f"{found.name}: agents by {formula_name(found.by)}", *found.verdict()]
    for row in found.of("group", whole=True):
        parts.append(_group(found, str(row["name"]), row))
    parts.append(_balance(found))
    parts.append(_service(found))
    parts += [f"- {note}" for note in found.notes]
    return "\n".join(filter(None, parts)) + "\n"


def formula_name(by: str) -> str:
    """Return the name of the formula that counted, for people."""
    names = {"mixed": "Erlang A where customers abandon, else Erlang C"}
    return names.get(by, by.replace("_", " ").title())


def _group(found: Staffing, name: str, total: dict[str, Any]) -> str:
    hours = found.interval_s / units.HOUR
    gaps = {one.interval: one for one in slots(found, name)}
    rows = [
        row | _gap(row["net_staffing"], gaps[row["interval"]].under, gaps[row["interval"]].over)
        for row in found.of("group")
        if row["name"] == name
    ]
    sums = balance(list(gaps.values()), found.interval_s)
    last = total | _gap(total["net_staffing"], sums.under_h, sums.over_h)
    unit = "agents, load in erlangs; last line in hours, load in erlang-hours"
    if len(rows) > MOST_ROWS:
        rows, unit = _days(rows, hours), "hours of agents by day, load in erlang-hours"
    lines = [[_cell(row[key]) for key in _KEYS] for row in rows]
    lines.append(["hours", *(_cell(last[key]) for key in _KEYS[1:])])
    return f"\nGroup {name} ({unit})\n" + columns([list(GROUP_HEAD), *lines], rule=False)


def _gap(net: float | None, under: float, over: float) -> dict[str, float | None]:
    """Return agents under and over the requirement; unknown where none are scheduled."""
    return {"under": None, "over": None} if net is None else {"under": under, "over": over}


def _balance(found: Staffing) -> str:
    """Return under- and overstaffing of all groups; nothing where no agents are scheduled."""
    if all(row["net_staffing"] is None for row in found.of("group")):
        return ""
    sums = balance(slots(found), found.interval_s)
    return (
        f"\nScheduled: understaffed by {sums.under_h:,.1f} agent-hours, overstaffed by "
        f"{sums.over_h:,.1f} agent-hours (each group and interval on its own; one does not make "
        "up for the other)"
    )


_KEYS = (
    "interval", "volume", "aht_s", "load_erlangs", "agents_erlang_c", "agents_erlang_a",
    "required", "scheduled", "now_scheduled", "under", "over",
)  # fmt: skip


def _days(rows: list[dict[str, Any]], hours: float) -> list[dict[str, Any]]:
    """Sum up rows by day: contacts, and hours of everything that counts agents."""
    days: dict[str, dict[str, Any]] = {}
    for row in rows:
        date = str(row["interval"])[:10]
        day = days.setdefault(date, {"interval": date, "aht_s": None})
        for key in _KEYS:
            if key not in ("interval", "aht_s") and row[key] is not None:
                day[key] = day.get(key, 0.0) + row[key] * (1 if key == "volume" else hours)
    return [{key: day.get(key) for key in _KEYS} for day in days.values()]


def _service(found: Staffing) -> str:
    lines = []
    for row in found.of("queue", whole=True):
        low, high = row["low"], row["high"]
        between = "-" if low is None else f"{units.show_share(low)} to {units.show_share(high)}"
        lines.append(
            [
                str(row["name"]),
                _cell(row["volume"]),
                _cell(row["aht_s"]),
                _share(found.promises[str(row["name"])][0]),
                _share(row["service_level_formula"]),
                _share(row["service_level_simulated"]),
                between,
                variant_title(found.promises[str(row["name"])][1]),
            ]
        )
    runs = f"{found.runs} replications, seed {found.seed}" if found.runs else "not simulated"
    head = f"\nService level of the required staffing ({runs})\n"
    return head + columns([list(QUEUE_HEAD), *lines], rule=False)


def _share(value: float | None) -> str:
    return "-" if value is None else units.show_share(value)


def _cell(value: Any) -> str:
    if value is None:
        return "-"
    if isinstance(value, str):
        return value
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"
