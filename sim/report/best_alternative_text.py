"""The choice among many alternatives as plain text."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING

from sim.metrics.metric_titles import label
from sim.report.formatting import more_digits, show, show_difference
from sim.report.text_table import columns

if TYPE_CHECKING:
    from sim.experiment import Alternative, SelectionResult


def choice_text(choice: SelectionResult) -> str:
    """Return a choice as text.

    Parameters
    ----------
    choice : SelectionResult
    """
    parts = [_head(choice), _table(choice), _verdict(choice)]
    parts.append("\n".join(f"Note: {note}" for note in choice.notes))
    return "\n\n".join(part for part in parts if part) + "\n"


def _head(choice: SelectionResult) -> str:
    count, place = len(choice.alternatives), choice.metric.rpartition(".")[0]
    side = "largest" if choice.largest else "smallest"
    of = f" of {place.replace('.', ' ', 1)}" if place else ""
    metric = label(choice.metric.rpartition(".")[2])
    used = f"{choice.runs:,} replications of {choice.budget:,}"
    return f"The {side} {metric}{of} among {count}  ({used}; ± is 95 %; seed {choice.seed})"


def _table(choice: SelectionResult) -> str:
    gaps = {a.label: (a.behind, a.behind_low, a.behind_high) for a in choice.alternatives}
    more = more_digits([gap for three in gaps.values() for gap in three], choice.unit)
    metric = label(choice.metric.rpartition(".")[2])
    table = [["Alternative", "runs", metric, "behind", "from", "to", ""]]
    for a in choice.alternatives:
        half = None if a.low is None or a.high is None else (a.high - a.low) / 2
        behind = [show_difference(gap, choice.unit, more) for gap in gaps[a.label]]
        row = [a.label, f"{a.runs:,}", show(a.value, choice.unit, half)]
        table.append([*row, *(["", "", ""] if a is choice.leader else behind), _place(choice, a)])
    return columns(table)


def _place(choice: SelectionResult, alternative: Alternative) -> str:
    if alternative.label == choice.best:
        return "best"
    if not alternative.possible:
        return f"worse than {alternative.than}"
    return "may be the best" if choice.best is None else "as good, within what matters"


def _verdict(choice: SelectionResult) -> str:
    percent = f"{choice.confidence * 100:g} %"
    likely = f"estimated {_rounded_down(choice.likely)}"
    if choice.best is None:
        names = ", ".join(choice.possible)
        return (
            f"Cannot be told apart: {names}. The best is one of them with probability {percent} "
            f"or more; that it is {choice.leader.label}: {likely}."
        )
    if len(choice.possible) > 1 and isfinite(choice.short):
        most = show_difference(choice.short, choice.unit, 2).lstrip("+")
        return (
            f"{choice.best} is no more than {most} from the best, with probability {percent} or "
            f"more; that it is the best itself: {likely}."
        )
    return f"{choice.best} is the best with probability {percent} or more ({likely})."


def _rounded_down(probability: float) -> str:
    """Return a probability, never more than it is: 99.9 %, not 100 %."""
    return f"{int(probability * 1000) / 10:.1f} %" if probability < 0.9999 else "above 99.9 %"
