"""A calibrated scenario as files: commented TOML, and a CSV with what differs by interval."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from typing import Any

from sim.fileio.csv_text import csv_of
from sim.history.calibration.scenario_tables import Tables
from sim.scenario import Scenario
from sim.scenario.files import Files

WEEK_FILE = "week.csv"


class _UnsavedScenario(Scenario):
    """A scenario whose results are not saved, and need no fingerprint."""

    @property
    def fingerprint(self) -> str:
        """Empty: of lists by interval of many days it would take longer than the simulation."""
        return ""


def scenario_of(tables: Tables) -> Scenario:
    """Return the scenario of some tables, with their lists as they stand.

    It is not made of text: lists of a horizon of months are longer than a file may be.
    """
    return _UnsavedScenario.model_validate(tables, context=Files(None))


def scenario_files(
    tables: Tables, comments: Mapping[str, str], heading: str, starts: list[str]
) -> dict[str, str]:
    """Return the files of a scenario by name.

    Parameters
    ----------
    tables : dict
        With lists by open interval, which go to columns of a CSV file.
    comments : mapping of str to str
        What stands above a field, by its path such as ``queue.billing.talk``.
    heading : str
        Lines at the top of the scenario.
    starts : list of str
        Start of each open interval.
    """
    columns: dict[str, list[Any]] = {"interval_start": list(starts)}
    kept = _with_columns(tables, columns, len(starts))
    persons = _person_files(kept)
    lines = "".join(f"# {line}".rstrip() + "\n" for line in heading.splitlines())
    rows = zip(*columns.values(), strict=True)
    return {
        "scenario.toml": f"{lines}\n{toml_of(kept, comments)}",
        WEEK_FILE: csv_of([list(columns), *rows]),
        **persons,
    }


def _person_files(tables: Tables) -> dict[str, str]:
    """Return the persons of each group as CSV by name, in whose place the tables get that name."""
    found = {}
    for name, record in tables["group"].items():
        if persons := record.get("persons"):
            file = f"persons_{name.replace(' ', '_')}.csv"
            titles = list(persons[0])
            found[file] = csv_of([titles, *([one[key] for key in titles] for one in persons)])
            record["persons"] = file
    return found


def _with_columns(tables: Tables, columns: dict[str, list[Any]], count: int) -> Tables:
    found: Tables = {}
    for kind, records in tables.items():
        if kind not in ("queue", "group"):
            found[kind] = records
            continue
        found[kind] = {}
        for name, record in records.items():
            found[kind][name] = {
                key: _column(columns, name, key, value, count) for key, value in record.items()
            }
    return found


def _column(columns: dict[str, list[Any]], name: str, key: str, value: Any, count: int) -> Any:
    if not isinstance(value, list) or len(value) != count:
        return value
    title = name if key in ("volume", "agents") else f"{name} {key}"
    columns[title] = value
    return f"{WEEK_FILE}:{title}"


def toml_of(tables: Tables, comments: Mapping[str, str]) -> str:
    """Return tables as TOML: one heading per table of a queue or group, inner tables inline."""
    return "\n".join(_lines(tables, comments)) + "\n"


def _lines(tables: Tables, comments: Mapping[str, str]) -> Iterator[str]:
    for kind, table in tables.items():
        if kind in ("queue", "group"):
            for name, record in table.items():
                yield from _table(f"{kind}.{_key(name)}", f"{kind}.{name}", record, comments)
        else:
            yield from _table(kind, kind, table, comments)


def _table(
    heading: str, path: str, record: Mapping[str, Any], comments: Mapping[str, str]
) -> Iterator[str]:
    yield f"[{heading}]"
    for key, value in record.items():
        for line in comments.get(f"{path}.{key}", "").splitlines():
            yield f"# {line}"
        yield f"{key} = {_value(value)}"
    yield ""


def _value(value: Any) -> str:
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_key(k)} = {_value(v)}" for k, v in value.items()) + " }"
    return repr(value)


def _key(name: str) -> str:
    plain = name.replace("_", "").replace("-", "")
    is_bare = plain.isascii() and plain.isalnum()
    return name if is_bare else json.dumps(name, ensure_ascii=False)
