"""A whole scenario: reading it, and telling everything that is wrong with it at once."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from html import escape
from pathlib import Path
from typing import Any

from pydantic import PrivateAttr, ValidationError

from sim.resources import scenario_file, shipped_scenarios
from sim.scenario.check import fits, names
from sim.scenario.check_lever import check_levers
from sim.scenario.describe import describe
from sim.scenario.field_types import Record
from sim.scenario.files import Files
from sim.scenario.form_fields import is_later_default, later_fields
from sim.scenario.overrides import changed, pairs, replaces
from sim.scenario.problems import Problem, ScenarioError, nearest, placed
from sim.scenario.scenario_record import ScenarioFields
from sim.scenario.validation_errors import explain, without
from sim.toml_text import TomlError, decode_toml, read_toml

Overrides = Mapping[str, Any] | Iterable[str]


class Scenario(ScenarioFields):
    """Everything a planner says about a center: frozen, strict, checked."""

    _files: Files = PrivateAttr(default_factory=lambda: Files(None))
    _written: Scenario | None = PrivateAttr(default=None)
    _text: str = PrivateAttr(default="")
    _steps: tuple[dict[str, Any], ...] = PrivateAttr(default=())

    @classmethod
    def parse(
        cls,
        text: str,
        folder: str | Path | None = None,
        *,
        overrides: Overrides = (),
        name: str = "scenario",
        confined: bool = True,
    ) -> Scenario:
        """Read a scenario from the text of a TOML file.

        Parameters
        ----------
        text : str
        folder : str or Path, optional
            Where the files that the scenario names are found.
        overrides : mapping or sequence of str
            As in :func:`load`.
        name : str
            Name of the file in messages.
        confined : bool
            Refuse files outside the folder.

        Returns
        -------
        Scenario

        Raises
        ------
        ScenarioError
            With every problem found.
        """
        files = Files(Path(folder) if folder is not None else None, confined)
        try:
            data = read_toml(text)
        except TomlError as error:
            raise ScenarioError([Problem("", str(error), file=name, line=error.line)]) from None
        wanted = pairs(overrides)
        try:
            scenario = _checked(cls, data, files, text, name)
        except ScenarioError as error:
            if not replaces(data, wanted, [problem.path for problem in error.problems]):
                raise
            scenario = _checked(cls, data, files, text, name)
        scenario._text = text
        if problems := scenario.lever_problems():
            raise ScenarioError(placed(problems, text, name))
        return scenario.with_(**wanted) if wanted else scenario

    def with_(self, **changes: Any) -> Scenario:
        """Return a scenario in which some fields are changed; this one stays as it is.

        Parameters
        ----------
        **changes
            By dotted path, such as ``**{"group.chat.agents": 12, "queue.billing.volume":
            "+10%"}``. A text that begins with +, - or * changes what is there.

        Returns
        -------
        Scenario

        Raises
        ------
        ScenarioError
            When a path is unknown or a value does not fit.
        """
        tables = changed(self, changes, self._files)
        result = _checked(type(self), tables, self._files, "", "change")
        result._written = self.written
        result._text, result._steps = self._text, (*self._steps, dict(changes))
        return result

    @property
    def without_levers(self) -> Scenario:
        """The scenario without its levers, which is simulated in the same way."""
        return self.model_copy(update={"lever": {}}) if self.lever else self

    def lever_problems(self) -> list[Problem]:
        """Return a problem for every lever that cannot be used."""
        return check_levers(self, self.without_levers.with_) if self.lever else []

    @property
    def written(self) -> Scenario:
        """The scenario as its file says it, before any change by path."""
        return self if self._written is None else self._written

    def as_written(self) -> Scenario:
        """Return the same scenario as if its file had every change.

        Volumes that include the repeats of today are then those of the changed scenario.
        """
        result = self.model_copy()
        result._written = None
        return result

    @property
    def text(self) -> str:
        """The text of its file, empty when it came from none."""
        return self._text

    @property
    def steps(self) -> tuple[dict[str, Any], ...]:
        """What was changed since, by path, one after the other."""
        return self._steps

    @property
    def data_files(self) -> dict[str, Path]:
        """The files it read, by their paths from its folder."""
        return self._files.read

    @property
    def folder(self) -> Path | None:
        """Where the files it names are looked for."""
        return self._files.folder

    @property
    def name(self) -> str:
        """Name of the center."""
        return self.center.name

    @property
    def fingerprint(self) -> str:
        """SHA-256 of all fields, numbers of files included, in hexadecimal."""
        parts = [_simulated_fields(self)]
        if self.written is not self and self.backs_out:
            parts.append(_simulated_fields(self.written))
        text = json.dumps(parts, sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def backs_out(self) -> bool:
        """Whether repeats have to be taken off some queue's volume."""
        return any(
            q.repeat is not None and q.resolved is not None and q.volume_is == "observed"
            for q in self.queue.values()
        )

    def __repr__(self) -> str:
        """Return the scenario in one line."""
        named: dict[str, Mapping[str, Any]] = {
            "queues": self.queue,
            "self-service of": self.bot,
            "groups": self.group,
        }
        parts = [f"{what} {', '.join(some)}" for what, some in named.items() if some]
        return f"Scenario({self.name!r}: {'; '.join(parts)})"

    def __str__(self) -> str:
        """Return the scenario in one line."""
        return repr(self)

    def _repr_html_(self) -> str:
        """Return what a notebook shows: what was understood of the scenario, in words."""
        lines = "".join(f"<li>{escape(line)}</li>" for line in describe(self))
        return f"<p><strong>{escape(self.name)}</strong></p><ul>{lines}</ul>"

    def __hash__(self) -> int:
        """Hash by the fingerprint."""
        return hash(self.fingerprint)

    def __eq__(self, other: object) -> bool:
        """Equal when the fingerprints are."""
        return isinstance(other, Scenario) and self.fingerprint == other.fingerprint


def load(path: str | Path | Mapping[str, Any], overrides: Overrides = ()) -> Scenario:
    """Read a scenario file, or a scenario from the tables that such a file would hold.

    Parameters
    ----------
    path : str, Path or mapping
        A TOML file, or the bare name of a shipped scenario, such as ``"erlang_a"``; the CSV
        and XLSX files it names are looked for beside it. Or the tables themselves, such as
        ``{"queue": {"calls": {"volume": 100, "talk": "3min"}}, ...}``; files that they name are
        looked for in the current folder.
    overrides : mapping or sequence of str
        Fields to change by dotted path: ``{"group.chat.agents": 12}`` or
        ``["group.chat.agents=12", "queue.billing.volume=+10%"]``.

    Returns
    -------
    Scenario

    Raises
    ------
    ScenarioError
        With every problem found, each with file, field, value and what is allowed.
    """
    if isinstance(path, Mapping):
        return _from_tables(path, overrides)
    file = scenario_file(path)
    if file.is_dir() or not file.exists():
        raise ScenarioError([_missing(file)])
    try:
        text = decode_toml(file.read_bytes())
    except TomlError as error:
        raise ScenarioError([Problem("", str(error), file=str(path), line=error.line)]) from None
    except OSError as error:
        raise ScenarioError([Problem("", f"cannot be read: {error}", file=str(file))]) from None
    # Beside a pipe there are no files: those of the current folder are meant.
    folder = file.parent if file.is_file() else Path.cwd()
    return Scenario.parse(text, folder, overrides=overrides, name=str(path), confined=False)


def _from_tables(tables: Mapping[str, Any], overrides: Overrides) -> Scenario:
    """Return the scenario of a mapping; it is kept as text, as one that came from a file is."""
    import tomlkit

    text = tomlkit.dumps(_plain(tables, ""))
    try:
        return Scenario.parse(text, Path.cwd(), overrides=overrides, confined=False)
    except ScenarioError as error:  # the reader has never seen the lines of that text
        raise ScenarioError([replace(one, line=None) for one in error.problems]) from None


def _plain(value: Any, path: str) -> Any:
    """Return a value as TOML can hold it: NumPy's numbers and arrays as plain ones.

    Raises
    ------
    ScenarioError
        Naming the field whose value is of another kind.
    """
    if hasattr(value, "tolist"):  # of NumPy and pandas
        value = value.tolist()
    if isinstance(value, Mapping):
        inside = f"{path}." if path else ""
        return {str(key): _plain(item, f"{inside}{key}") for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item, f"{path}.{k + 1}") for k, item in enumerate(value)]
    if isinstance(value, str | bool | int | float | dt.date | dt.time):
        return value
    raise ScenarioError(
        [
            Problem(
                path,
                f"{type(value).__name__} is not a value of a field; allowed: text, numbers, "
                "dates, lists and tables",
            )
        ]
    )


def _simulated_fields(scenario: Scenario) -> dict[str, Any]:
    """Return all fields but levers; those marked as ``later`` only where they differ from default.

    So a scenario without them keeps the fingerprint by which earlier results know it. Levers change
    nothing until they are used.
    """
    fields = scenario.model_dump(mode="python", exclude={"lever"})
    kept: dict[str, Any] = _without_later(scenario, fields)
    return kept


_PLAIN = frozenset({float, int, str, bool, type(None)})
"""Types of values that have no fields; asked for first, since most values are of them."""


def _without_later(value: Any, dumped: Any) -> Any:
    if isinstance(value, Record) and isinstance(dumped, dict):
        later = later_fields(type(value))
        return {
            name: each if type(each) in _PLAIN else _without_later(getattr(value, name, None), each)
            for name, each in dumped.items()
            if name not in later or not is_later_default(value, name)
        }
    if isinstance(dumped, dict) and isinstance(value, Mapping):
        return {key: _without_later(value[key], each) for key, each in dumped.items()}
    if isinstance(value, tuple) and isinstance(dumped, tuple | list):
        return [
            each if type(each) in _PLAIN else _without_later(one, each)
            for one, each in zip(value, dumped, strict=True)
        ]
    return dumped


def _checked(cls: type[Scenario], data: Any, files: Files, text: str, file: str) -> Scenario:
    """Return a checked scenario, or raise all problems found."""
    try:
        scenario = cls.model_validate(data, context=files)
    except ValidationError as error:
        problems = explain(error, cls)
        problems += _rest(cls, data, files, problems)
        raise ScenarioError(placed(problems, text, file)) from None
    problems = names(scenario) or fits(scenario)
    if problems:
        raise ScenarioError(placed(problems, text, file))
    scenario._files = files
    return scenario


def _rest(
    cls: type[Scenario], data: dict[str, Any], files: Files, problems: list[Problem]
) -> list[Problem]:
    """Return wrong names that can be found although some fields cannot be read."""
    try:
        scenario = cls.model_validate(without(data, problems), context=files)
    except ValidationError:
        return []
    seen = {problem.path for problem in problems}
    return [problem for problem in names(scenario) if problem.path not in seen]


def _missing(file: Path) -> Problem:
    if file.is_dir():
        return Problem("", "is a folder; allowed: a scenario file", file=str(file))
    known = ", ".join(shipped_scenarios()) or "none"
    hint = nearest(str(file), shipped_scenarios())
    return Problem(
        "",
        f"there is no such file; shipped scenarios are {known}.",
        suggestion=hint,
        file=str(file),
    )
