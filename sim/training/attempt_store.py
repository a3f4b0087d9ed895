"""Predictions and progress of learners, stored in one SQLite file with several writers."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sim.units import BadInputError
from sim.user_folders import data_folder, keep_private, make_private

WRITE_TIMEOUT_S = 20.0
"""Longest time that a writer waits for another one."""
LONGEST_NAME = 60
LONGEST_REASON = 1000
_TABLE = """
CREATE TABLE IF NOT EXISTS attempt (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    team TEXT NOT NULL, learner TEXT NOT NULL,
    lesson TEXT NOT NULL, title TEXT NOT NULL, mark TEXT NOT NULL,
    unit TEXT NOT NULL, began TEXT NOT NULL,
    prediction REAL, reason TEXT, predicted TEXT,
    decision TEXT, decided TEXT,
    truth REAL, tolerance REAL, revealed TEXT,
    transfer REAL, transfer_truth REAL, transfer_unit TEXT, transfer_holds INTEGER, ended TEXT
)
"""
_INDEX = "CREATE INDEX IF NOT EXISTS attempt_by ON attempt (team, learner, lesson)"


@dataclass(frozen=True, slots=True)
class AttemptRecord:
    """The stored record of one attempt at a lesson; what is still missing is None.

    Attributes
    ----------
    id : int
    team, learner : str
    lesson, title, mark : str
        Name, title and text mark of the lesson.
    unit : str
        Of prediction and truth.
    began, predicted, decided, revealed, ended : str or None
        Instants in UTC.
    prediction : float or None
    reason : str or None
    decision : str or None
        A number, or the name of an option.
    truth, tolerance : float or None
        Written when the lesson reveals it.
    transfer, transfer_truth : float or None
    transfer_unit : str or None
    transfer_holds : int or None
        1 when the answer is within the tolerance.
    """

    id: int
    team: str
    learner: str
    lesson: str
    title: str
    mark: str
    unit: str
    began: str
    prediction: float | None
    reason: str | None
    predicted: str | None
    decision: str | None
    decided: str | None
    truth: float | None
    tolerance: float | None
    revealed: str | None
    transfer: float | None
    transfer_truth: float | None
    transfer_unit: str | None
    transfer_holds: int | None
    ended: str | None


_COLUMNS = ", ".join(field.name for field in fields(AttemptRecord))


def classroom_file() -> Path:
    """Return the file of all learners, in the folder of :func:`sim.user_folders.data_folder`."""
    return data_folder() / "classroom.sqlite"


class AttemptStore:
    """The attempts of all learners.

    Every change is one transaction; a second writer waits for the first.

    Parameters
    ----------
    file : Path, optional
        By default :func:`classroom_file`; created when missing.
    """

    def __init__(self, file: Path | None = None) -> None:
        self.file = file or classroom_file()

    def begin(
        self, team: str, learner: str, lesson: tuple[str, str, str], unit: str
    ) -> AttemptRecord:
        """Begin an attempt.

        Parameters
        ----------
        team, learner : str
            Names as typed; superfluous spaces are removed.
        lesson : (str, str, str)
            Name, title and mark.
        unit : str

        Raises
        ------
        BadInputError
            When the name is empty or too long.
        """
        who = (name_of("class", team, empty=True), name_of("learner", learner))
        with self._writing() as base:
            number = base.execute(
                "INSERT INTO attempt (team, learner, lesson, title, mark, unit, began)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                (*who, *lesson, unit, _now()),
            ).lastrowid
        return self.attempt(int(number or 0))

    def predict(self, number: int, value: float, reason: str) -> AttemptRecord:
        """Store a prediction; it is locked from then on.

        Raises
        ------
        BadInputError
            When there is no reason, or a prediction is already there.
        """
        words = reason_of(reason)
        return self._put(
            number,
            "prediction IS NULL",
            {"prediction": value, "reason": words, "predicted": _now()},
            "prediction: is locked; begin the lesson again to make another",
        )

    def decide(self, number: int, decision: str) -> AttemptRecord:
        """Store a decision.

        Raises
        ------
        BadInputError
            When nothing was predicted yet, or a decision is already there.
        """
        return self._put(
            number,
            "prediction IS NOT NULL AND decision IS NULL",
            {"decision": decision, "decided": _now()},
            "decision: comes once, after the prediction",
        )

    def reveal(self, number: int, truth: float, tolerance: float) -> AttemptRecord:
        """Store the truth.

        Raises
        ------
        BadInputError
            When nothing was decided yet.
        """
        if self.attempt(number).revealed is not None:
            return self.attempt(number)
        return self._put(
            number,
            "decision IS NOT NULL",
            {"truth": truth, "tolerance": tolerance, "revealed": _now()},
            "reveal: comes after the decision",
        )

    def answer(
        self, number: int, value: float, truth: float, unit: str, holds: bool
    ) -> AttemptRecord:
        """Store the answer to the transfer question, which ends the attempt.

        Raises
        ------
        BadInputError
            When nothing was revealed yet, or an answer is already there.
        """
        return self._put(
            number,
            "revealed IS NOT NULL AND transfer IS NULL",
            {
                "transfer": value,
                "transfer_truth": truth,
                "transfer_unit": unit,
                "transfer_holds": int(holds),
                "ended": _now(),
            },
            "transfer: comes once, after the reveal",
        )

    def attempt(self, number: int) -> AttemptRecord:
        """Return one attempt.

        Raises
        ------
        BadInputError
            When there is none of the number.
        """
        found = self._read(f"SELECT {_COLUMNS} FROM attempt WHERE id = ?", (number,))
        if not found:
            raise BadInputError(f"attempt {number}: there is none")
        return found[0]

    def attempts(
        self, team: str | None = None, learner: str | None = None, lesson: str | None = None
    ) -> list[AttemptRecord]:
        """Return attempts in the order in which they began, of one class, learner or lesson."""
        asked = {"team": team, "learner": learner, "lesson": lesson}
        filters = {name: value for name, value in asked.items() if value is not None}
        where = " AND ".join(f"{name} = ?" for name in filters) or "1"
        text = f"SELECT {_COLUMNS} FROM attempt WHERE {where} ORDER BY id"
        return self._read(text, tuple(filters.values()))

    def teams(self) -> list[str]:
        """Return the names of all classes."""
        if not self.file.exists():
            return []
        with self._open() as base:
            rows = base.execute("SELECT DISTINCT team FROM attempt ORDER BY team").fetchall()
        return [str(row[0]) for row in rows]

    def _put(
        self, number: int, condition: str, values: dict[str, Any], refusal: str
    ) -> AttemptRecord:
        # The names and the condition are words of this file; what people typed are parameters.
        names = ", ".join(f"{name} = ?" for name in values)
        with self._writing() as base:
            done = base.execute(
                f"UPDATE attempt SET {names} WHERE id = ? AND {condition}",
                (*values.values(), number),
            )
        if done.rowcount != 1:
            raise BadInputError(refusal)
        return self.attempt(number)

    def _read(self, text: str, values: tuple[Any, ...]) -> list[AttemptRecord]:
        if not self.file.exists():
            return []
        with self._open() as base:
            return [AttemptRecord(*row) for row in base.execute(text, values).fetchall()]

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._open() as base:
            base.execute("BEGIN IMMEDIATE")
            try:
                yield base
            except BaseException:
                base.execute("ROLLBACK")
                raise
            base.execute("COMMIT")

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """Open the file, make its table when it is new, and close it again.

        Raises
        ------
        BadInputError
            When it cannot be opened or is not such a file.
        """
        base: sqlite3.Connection | None = None
        try:
            make_private(self.file.parent)
            self.file.touch(mode=0o600)
            keep_private(self.file)
            base = sqlite3.connect(self.file, timeout=WRITE_TIMEOUT_S, isolation_level=None)
            base.execute(_TABLE)
            base.execute(_INDEX)
            yield base
        except (sqlite3.Error, OSError) as error:
            raise BadInputError(f"{self.file}: progress cannot be saved: {error}") from None
        finally:
            if base is not None:
                base.close()


def name_of(field: str, text: str, empty: bool = False) -> str:
    """Return a typed name without superfluous spaces.

    Raises
    ------
    BadInputError
        When it is empty, too long, or contains characters that cannot be shown.
    """
    name = " ".join(text.split())
    if not name and not empty:
        raise BadInputError(f"{field}: is empty; allowed: a name of 1 to {LONGEST_NAME} characters")
    if len(name) > LONGEST_NAME:
        raise BadInputError(f"{field}: {len(name)} characters; allowed: at most {LONGEST_NAME}")
    if name and not name.isprintable():
        raise BadInputError(f"{field}: contains characters that cannot be shown")
    return name


def reason_of(text: str) -> str:
    """Return a reason without superfluous spaces.

    Raises
    ------
    BadInputError
        When it is empty or too long.
    """
    words = " ".join(text.split())
    if not words:
        raise BadInputError("reason: is empty; say in a sentence why you think so")
    if len(words) > LONGEST_REASON:
        raise BadInputError(f"reason: {len(words)} characters; allowed: {LONGEST_REASON}")
    return words


def draft_record(team: str, learner: str, lesson: tuple[str, str, str], unit: str) -> AttemptRecord:
    """Return the record of an attempt that is not stored yet; its number is 0."""
    rest = [None] * (len(fields(AttemptRecord)) - 8)
    return AttemptRecord(0, team, learner, *lesson, unit, "", *rest)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
