"""Which words of a log mean answered, abandoned or blocked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.array_types import Bools, Ints
from sim.fileio import is_missing
from sim.history.call_log.contact_records import CallOutcome
from sim.history.call_log.log_table import CodedColumn
from sim.history.tables.column_mapping import word
from sim.scenario import Problem, ScenarioError
from sim.scenario.problems import listed, nearest
from sim.units import counted

ANSWERED = frozenset(
    {"agent", "answered", "answer", "handled", "served", "connected", "completed", "complete",
     "accepted", "accept", "yes", "true", "ans", "answered by agent", "angenommen"}
)  # fmt: skip
ABANDONED = frozenset(
    {"hang", "hangup", "hung up", "hang up", "abandoned", "abandon", "abandons", "abn", "aban",
     "lost", "quit", "no", "false", "disconnected", "missed", "customer disconnect", "aufgelegt",
     "not answered", "no answer"}
)  # fmt: skip
BLOCKED = frozenset({"blocked", "busy", "rejected", "full", "refused", "overflowed"})
IF_SELF_SERVICE = "if these customers hung up in self-service, leave them out: --not-outcome"
"""Said of an unknown outcome that is taken for abandoned."""
PHANTOM = frozenset({"phantom", "phantom call", "test", "ghost"})
"""Records that are no contacts."""
NOT_PROCESSED = -1
"""Code of records that are left out."""
MOST_LISTED = 8
"""Words that a message names."""
MOSTLY = 0.9
"""Share of the records of an unknown word that must agree for a guess."""
MOST_UNSERVED = 0.01
"""Share of all records that may have an unknown word taken for answered, and no agent or talk."""


@dataclass(frozen=True)
class ReadOutcomes:
    """The outcomes of all rows.

    Attributes
    ----------
    outcome : int64
        A :class:`CallOutcome`, or -1 for rows that are left out.
    phantom, excluded : int
        Rows left out as phantom records, and because the user named their outcome.
    guessed : tuple of str
        What was assumed of unknown words.
    """

    outcome: Ints
    phantom: int = 0
    excluded: int = 0
    guessed: tuple[str, ...] = ()


def read_outcomes(
    name: str, title: str, column: CodedColumn, not_outcome: tuple[str, ...], served: Bools
) -> ReadOutcomes:
    """Return the outcome of each row by the words of a column.

    A word that is not known is taken for answered or abandoned when at least nine in ten of its
    rows have an agent or a talk, or none; for answered only where the others of these rows are few.

    Parameters
    ----------
    name, title : str
        Of file and column, for messages.
    column : CodedColumn
    not_outcome : tuple of str
        Words whose rows are left out.
    served : bool, shape (rows,)
        Whether a row has an agent or a talk.

    Raises
    ------
    ScenarioError
        When a word is unclear, one to be left out does not occur, or too many rows without agent
        and talk have words that would be taken for answered.
    """
    words = [word(str("" if is_missing(value) else value)) for value in column.values]
    _check_excluded(name, title, column.values, words, not_outcome)
    left_out = {word(one) for one in not_outcome}
    codes = np.empty(len(words), dtype=np.int64)
    phantom = np.zeros(len(words), dtype=bool)
    guessed, unclear = [], []
    unserved: dict[str, tuple[int, int]] = {}
    rows = np.bincount(column.codes, minlength=len(words))
    with_agent = np.bincount(column.codes, served, minlength=len(words)).astype(np.int64)
    shares = with_agent / np.maximum(rows, 1)
    for at, one in enumerate(words):
        phantom[at] = one in PHANTOM and one not in left_out
        found = NOT_PROCESSED if one in left_out or phantom[at] else _meaning(one)
        if found is None:
            found = _by_share(shares[at])
            shown = f"{str(column.values[at])!r}" if one else "an empty cell"
            if found is None:
                unclear.append(shown)
                found = NOT_PROCESSED
            elif rows[at]:
                is_answered = found == CallOutcome.ANSWERED
                others = int((rows - with_agent if is_answered else with_agent)[at])
                guessed.append(_guess_text(shown, is_answered, int(rows[at]), others))
                if is_answered and others:
                    unserved[shown] = others, int(rows[at])
        codes[at] = found
    if unclear:
        message = (
            f"{', '.join(unclear[:MOST_LISTED])}: neither answered nor abandoned; allowed: "
            "answered, abandoned or blocked, or leave these rows out (--not-outcome WORD)"
        )
        raise ScenarioError([Problem(title, message, file=name)])
    if sum(others for others, _ in unserved.values()) > MOST_UNSERVED * column.codes.size:
        raise ScenarioError([Problem(title, _unserved_text(unserved), file=name)])
    excluded = np.asarray([one in left_out for one in words])
    return ReadOutcomes(
        codes[column.codes], int(rows[phantom].sum()), int(rows[excluded].sum()), tuple(guessed)
    )


def _guess_text(shown: str, is_answered: bool, rows: int, others: int) -> str:
    """Return what is assumed of a word, and how many of its rows do not look like it."""
    text = f"{shown} is taken for {'answered' if is_answered else 'abandoned'}"
    text += f" ({counted(rows, 'row')}"
    if others:
        found = "with neither agent nor talk" if is_answered else "with an agent or a talk"
        text += f", {others:,} of them {found}"
    return f"{text})" if is_answered else f"{text}; {IF_SELF_SERVICE})"


def _unserved_text(unserved: dict[str, tuple[int, int]]) -> str:
    """Return which words are answered in most rows, and in too many are not."""
    facts = "; ".join(
        f"{shown} is unknown: {rows - others:,} of {counted(rows, 'row')} with it have an agent or "
        f"a talk, {others:,} {'has' if others == 1 else 'have'} neither"
        for shown, (others, rows) in list(unserved.items())[:MOST_LISTED]
    )
    return (
        f"{facts}; allowed: answered, abandoned or blocked in the file, no column of outcomes "
        "(--column outcome=), where rows with an agent or a talk count as answered and others as "
        "abandoned, or leave these rows out (--not-outcome WORD)"
    )


def _meaning(one: str) -> int | None:
    kinds = (
        (ANSWERED, CallOutcome.ANSWERED),
        (ABANDONED, CallOutcome.ABANDONED),
        (BLOCKED, CallOutcome.BLOCKED),
    )
    return next((int(code) for words, code in kinds if one in words), None)


def _by_share(share: float) -> int | None:
    if share >= MOSTLY:
        return int(CallOutcome.ANSWERED)
    return int(CallOutcome.ABANDONED) if share <= 1 - MOSTLY else None


def _check_excluded(
    name: str, title: str, values: list[Any], words: list[str], not_outcome: tuple[str, ...]
) -> None:
    known = sorted({str(value) for value in values if not is_missing(value)})
    problems = [
        Problem(
            title,
            f"no record has the outcome {one!r}; allowed: {listed(known[:20])}",
            suggestion=nearest(one, known),
            file=name,
        )
        for one in not_outcome
        if word(one) not in words
    ]
    if problems:
        raise ScenarioError(problems)
