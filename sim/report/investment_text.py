"""An investment as text for a terminal: advice first, then the tables behind it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sim.metrics.metric_titles import reference_label
from sim.report.formatting import show, show_difference
from sim.report.text_table import columns

if TYPE_CHECKING:
    from sim.planning.investment.investment_result import Investment

Row = dict[str, Any]
LONGEST = 60
"""Letters of a mix in a table."""
MOST_BARS = 12


def investment_text(found: Investment) -> str:
    """Return the advice, levers alone, frontier, tornado and notes.

    Parameters
    ----------
    found : Investment
    """
    budget = "" if found.budget is None else f" for at most {_money(found.budget)} a month"
    parts = [
        f"{found.name}: {reference_label(found.objective)}{budget}",
        *_stopped(found),
        *_target(found),
    ]
    parts += ["", "Advice", *(f"- {sentence}" for sentence in found.advice)]
    parts += ["", "Levers alone, cost a month; differences with 95 % confidence intervals"]
    parts.append(columns([list(_LEVER_HEAD), *(_lever(found, row) for row in found.levers)]))
    parts += ["", "Frontier: no mix that was simulated is cheaper and better"]
    parts.append(columns([list(_MIX_HEAD), *(_mix(found, row) for row in found.frontier)]))
    if found.undecided:
        parts += ["", "Not told apart from the best mix"]
        parts.append(columns([list(_MIX_HEAD), *(_mix(found, row) for row in found.undecided)]))
    if found.tornado:
        head = [
            "assumption",
            "from",
            "to",
            reference_label(found.objective),
            "to",
            "changes the advice",
        ]
        rows = [_bar(found, row) for row in found.tornado[:MOST_BARS]]
        parts += ["", "Tornado: difference that the best mix makes at both ends of an assumption"]
        parts.append(columns([head, *rows]))
    parts += ["", *(f"- {note}" for note in (*found.notes, *_fixed_notes(found)))]
    return "\n".join(parts) + "\n"


_LEVER_HEAD = ("lever", "in mixes", "cost", "difference", "95 % CI", "service level", "evidence")
_MIX_HEAD = ("mix", "cost", "value", "difference", "95 % CI", "")


def interval(row: Row, unit: str, low: str = "low", high: str = "high") -> str:
    """Return the confidence interval of a difference in words."""
    if row[low] is None:
        return ""
    return f"{show_difference(row[low], unit)} to {show_difference(row[high], unit)}"


def _stopped(found: Investment) -> Iterator[str]:
    if found.stopped:
        why = "interrupted" if found.stopped == "interrupted" else "out of time"
        yield f"STOPPED ({why}): this is the best mix so far, not the end of the search"


def _target(found: Investment) -> Iterator[str]:
    row = found.what_would_it_take
    if row is None:
        return
    wanted = show_difference(row["difference_wanted"], found.unit)
    made = show_difference(row["difference"], found.unit)
    if row["already"]:
        yield f"The scenario reaches {row['target']} already, without any lever"
        return
    if not row["reached"]:
        left = f" ({row['untried']} dearer ones were not tried)" if row["untried"] else ""
        yield (
            f"No mix of {row['tried']} tried on new days reaches {row['target']} ({wanted}){left}; "
            f"the nearest makes {made}: {row['words']}"
        )
        return
    yield (
        f"The cheapest mix that reaches {row['target']} ({wanted}) costs {_money(row['cost'])} a "
        f"month and makes {made}: {row['words']}"
    )
    if not row["certain"]:
        yield "The confidence interval contains less than what was asked for: it may fall short"


def _lever(found: Investment, row: Row) -> list[str]:
    level = show_difference(row["service_level_difference"], "share")
    title = _cut(row["title"] if row["level"] == 1 else f"{row['title']} × {row['level']:g}")
    return [
        title, row["name"], _money(row["cost"]), show_difference(row["difference"], found.unit),
        interval(row, found.unit), level, _cut(row["source"]),
    ]  # fmt: skip


def short_words(row: Row) -> str:
    """Return a mix by the names of its levers in the file, which are short, in full."""
    times = (
        one["name"] if one["level"] == 1 else f"{one['name']} × {one['level']:g}"
        for one in row["levers"]
    )
    return " + ".join(times) or "nothing"


def _mix(found: Investment, row: Row) -> list[str]:
    over = "" if row.get("within_budget", True) else "over budget"
    return [
        short_words(row), _money(row["cost"]), show(row["value"], found.unit),
        show_difference(row["difference"], found.unit),
        interval(row, found.unit, "difference_low", "difference_high"), over,
    ]  # fmt: skip


def _bar(found: Investment, row: Row) -> list[str]:
    ends = [show_difference(row[f"difference_{end}"], found.unit) for end in ("low", "high")]
    changes = "yes" if row["changes_advice"] else "no"
    return [_cut(row["assumption"]), row["low"], row["high"], *ends, changes]


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _money(amount: float) -> str:
    return f"{amount:,.0f}"


def _fixed_notes(found: Investment) -> list[str]:
    days = found.runs * found.horizon_days
    return [
        f"{found.simulated} scenarios of {found.runs} replications ({days:,.0f} days) on the same "
        f"random numbers, seed {found.seed}, {found.seconds:.0f} s",
        f"a month has {found.days_a_month:g} days like those simulated; the cost of a mix is what "
        "its levers cost plus the change of the running cost",
    ]
