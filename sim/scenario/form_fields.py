"""The fields of a scenario as a form shows them: title, help, kind, bounds, default."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, get_args, get_origin

from pydantic.fields import FieldInfo

from sim import units
from sim.scenario.distribution import Distribution
from sim.scenario.distribution_series import DistributionSeries
from sim.scenario.field_docs import field_docs, one_line
from sim.scenario.field_paths import annotation, bare, inside, keys, optional, readers, record_type
from sim.scenario.field_types import TIME_READERS, Choice, Note, Record, Whole, Written
from sim.scenario.satisfaction import Coefficient
from sim.scenario.series import Series

MOST_POINTS = 12
"""Points of a measured curve up to which a sentence shows them."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form.

    Attributes
    ----------
    key : str
        As the file writes it.
    title, help : str
    kind : {"choice", "flag", "whole", "text", "record", "table"}
        A record has fields of its own; a table has rows.
    unit : str
        Time, share and so on, empty for none.
    choices : tuple of str
    default : str
        In the words of a field; empty when there is none.
    needed : bool
        Whether the file must say it.
    section : str
        Heading under which it stands; empty for the others.
    unset : str
        What holds where the file does not write it, as the documentation says it.
    value : str
        What is to be written, with its bounds, as the documentation says it.
    """

    key: str
    title: str
    help: str
    kind: str
    unit: str
    choices: tuple[str, ...]
    default: str
    needed: bool
    section: str = ""
    unset: str = ""
    value: str = ""


def fields_of(record: type[Record]) -> list[Field]:
    """Return the fields of a record in the order of the documentation."""
    docs = field_docs(record)
    return [
        _field(key, record.model_fields[name], one_line(docs.get(name, "")))
        for key, name in keys(record).items()
    ]


def record_at(path: str) -> type[Record] | None:
    """Return the record class at a dotted path of a scenario, None for a single value."""
    from sim.scenario.scenario_record import ScenarioFields

    kind: Any = ScenarioFields
    for part in filter(None, path.split(".")):
        kind = inside(kind, part)
    return record_type(kind)


def kind_at(path: str) -> str:
    """Return whether rows at a path are kept by name (``names``) or in a list (``list``)."""
    from sim.scenario.scenario_record import ScenarioFields

    kind: Any = ScenarioFields
    for part in filter(None, path.split(".")):
        kind = inside(kind, part)
    return "names" if get_origin(bare(kind)) is dict else "list"


def _field(key: str, info: FieldInfo, text: str) -> Field:
    kind = annotation(info)
    what = _kind(kind)
    unit = _unit(kind) or note_of(info).unit
    choices = next((mark.allowed for mark in _marks(kind) if isinstance(mark, Choice)), ())
    return Field(
        key, title_of(key), _help(text, kind, unit), what, unit, choices, _default(info, unit),
        info.is_required(), note_of(info).section, _unset(info, unit),
        _value(kind, what, unit),
    )  # fmt: skip


def note_of(info: FieldInfo) -> Note:
    """Return the note of a field, an empty one where it has none."""
    return next((mark for mark in info.metadata if isinstance(mark, Note)), Note())


def is_later_default(record: Record, name: str) -> bool:
    """Return whether a field is marked as ``later`` and has its default."""
    later = later_fields(type(record))
    return name in later and bool(getattr(record, name) == later[name])


@cache
def later_fields(kind: type[Record]) -> dict[str, Any]:
    """Return the defaults of the fields that are marked as ``later``."""
    return {
        name: info.get_default(call_default_factory=True)
        for name, info in kind.model_fields.items()
        if note_of(info).later
    }


def phrases(record: Record) -> list[str]:
    """Return the sentences of the fields of a record that differ from their defaults."""
    found = []
    for name, (sentence, default, unit) in _sentences(type(record)).items():
        value = getattr(record, name)
        if value != default:
            found.append(sentence.format(_phrase(value, unit)))
    return found


@cache
def _sentences(kind: type[Record]) -> dict[str, tuple[str, Any, str]]:
    """Return sentence, default and unit of the fields that have a sentence."""
    return {
        name: (sentence, info.get_default(call_default_factory=True), _unit(annotation(info)))
        for name, info in kind.model_fields.items()
        if (sentence := note_of(info).sentence)
    }


def _phrase(value: Any, unit: str) -> str:
    """Return a value for a sentence: as a field shows it, of a long measured curve its mean."""
    if isinstance(value, Distribution) and len(value.points) > MOST_POINTS:
        return measured_curve(value)
    return _shown(value, unit)


def measured_curve(distribution: Distribution) -> str:
    """Return a measured curve in words, without its points."""
    mean = distribution.mean
    rounded = float(f"{mean:.3g}") if math.isfinite(mean) else mean
    return (
        f"a measured curve of {len(distribution.points)} points with mean "
        f"{units.show_duration(rounded)}"
    )


def title_of(key: str) -> str:
    """Return a key as a title: ``at_most`` becomes ``At most``."""
    words = key.replace("_", " ")
    return words[:1].upper() + words[1:]


def _kind(kind: Any) -> str:
    found, record = bare(kind), record_type(kind)
    if any(isinstance(mark, Choice) for mark in _marks(kind)):
        return "choice"
    if found is bool:
        return "flag"
    if any(isinstance(mark, Whole) for mark in _marks(kind)):
        return "whole"
    if record is not None and not issubclass(record, Written):
        return "record"
    if get_origin(found) in (dict, tuple) and record_type(inside(kind, 0)) is not None:
        return "table"
    return "text"


def _marks(kind: Any) -> Iterator[Any]:
    """Yield what annotates a type, also within a union."""
    if hasattr(kind, "__metadata__"):
        yield from kind.__metadata__
        yield from _marks(get_args(kind)[0])
    elif optional(kind):
        for arg in get_args(kind):
            yield from _marks(arg)


def _unit(kind: Any) -> str:
    """Return what is to be written: a time, a share, a date."""
    record = record_type(kind)
    if record is not None and issubclass(record, Series):
        return "per interval"
    if record is not None and issubclass(record, Written):
        return ""
    names = {reader.__name__ for reader in readers(kind)}
    if names & TIME_READERS:
        return "time"
    if "clock_or_seconds" in names:
        return "time of day"
    if names & {"ratio", "_ratio_above_zero", "_speeds"}:
        return "ratio"
    if "share" in names:
        return "share"
    if "money" in names:
        return "money"
    if "opening" in names:
        return "hours"
    return "date" if bare(kind) is dt.date else ""


_SHARES = ("share", "ratio")
_FORMS = {
    "time": "a time such as 90s, 3min, 5:29 (minutes, seconds) or 1:30:00",
    "time of day": "a time of day such as 08:30",
    "share": "a share such as 80% or 0.8",
    "ratio": "a ratio such as 110% or 1.1",
    "money": "an amount of money such as 21.50",
    "hours": '08:00-20:00, "always", or a table by day such as { mon-fri = "08:00-20:00" }',
    "date": "a date such as 2026-01-05",
}


def _help(text: str, kind: Any, unit: str) -> str:
    record = record_type(kind)
    whole = next((mark for mark in _marks(kind) if isinstance(mark, Whole)), None)
    if whole is not None:
        most = f" to {whole.most:,}" if whole.most is not None else " up"
        text += f" Allowed: a whole number from {whole.least}{most}."
    elif unit in _FORMS:
        text += f" Write {_FORMS[unit]}."
    elif record is not None and issubclass(record, Written):
        examples = ", ".join(f"`{one}`" for one in record.EXAMPLES)
        text += f" Write {record.SHORT}; for example {examples}."
    return text.strip()


_VALUES = {
    "share": "share, 0 to 100%",
    "ratio": "ratio, 0 or more",
    "money": "amount of money",
    "per interval": "numbers by interval",
}
_ABOVE_ZERO = {"time": "time above 0", "ratio": "ratio above 0"}
_POSITIVE = ("_duration_above_zero", "_long_duration_above_zero", "_ratio_above_zero", "_speeds")
_LISTS = {tuple: "list", dict: "table"}
_KINDS = {"flag": "true or false", "record": "table", "table": "tables"}


def _value(kind: Any, what: str, unit: str) -> str:
    """Return what is to be written, with its bounds, for the documentation."""
    record, marks = record_type(kind), list(_marks(kind))
    whole = next((mark for mark in marks if isinstance(mark, Whole)), None)
    if whole is not None:
        return f"whole number, {whole.least} " + (
            f"to {whole.most:,}" if whole.most is not None else "or more"
        )
    if record is not None and issubclass(record, DistributionSeries):
        return "distribution, or one by interval"
    if record is Distribution:
        return "distribution"
    if what == "text" and record is not None and not unit:
        return "short form or table"
    if what == "choice":
        allowed = next(mark.allowed for mark in marks if isinstance(mark, Choice))
        return ", ".join(f'`"{word}"`' for word in allowed)
    positive = any(reader.__name__ in _POSITIVE for reader in readers(kind))
    shown = _ABOVE_ZERO.get(unit) if positive else _VALUES.get(unit, unit)
    return shown or (_KINDS[what] if what != "text" else _LISTS.get(get_origin(bare(kind)), "text"))


def _default(info: FieldInfo, unit: str) -> str:
    """Return a default as a field shows it, empty for none and for what is not a single value."""
    value = None if info.is_required() else info.get_default(call_default_factory=True)
    if isinstance(value, Coefficient):
        value = value.value
    return _shown(value, unit) if isinstance(value, bool | float | str | int | dt.date) else ""


def _unset(info: FieldInfo, unit: str) -> str:
    """Return what holds where the file does not write a field, for the documentation."""
    if info.is_required():
        return "required"
    value = info.get_default(call_default_factory=True)
    if words := note_of(info).unset:
        return words
    if isinstance(value, Distribution):
        return f'`"{str(value).removeprefix("deterministic ")}"`'
    shown = _shown(value, unit)
    is_quoted = isinstance(value, str) or (unit in ("time", *_SHARES) and bool(value))
    return f'`"{shown}"`' if is_quoted else f"`{0 if value == 0 and unit else shown}`"


def _shown(value: Any, unit: str) -> str:
    """Return a value as a field shows it."""
    if isinstance(value, tuple):
        return ", ".join(_shown(each, unit) for each in value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        if unit == "time":
            return units.show_duration(value)
        return units.show_share(value) if unit in _SHARES else units.show_number(value)
    return str(value)
