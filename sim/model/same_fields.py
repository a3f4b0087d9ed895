"""Copying fields of a scenario into records of the model by their names."""

from __future__ import annotations

from dataclasses import fields as fields_of
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from sim.model.bots import TalkChange
from sim.scenario import field_types
from sim.scenario.distribution import Distribution
from sim.scenario.form_fields import note_of

if TYPE_CHECKING:
    from sim.scenario.field_types import Record

T = TypeVar("T")


def same_fields(record: type[T], written: Record, **own: Any) -> T:
    """Return a record of the model, filled from the fields of a table of the scenario.

    A field takes the value of the field of the same name, or of the one whose note says that it
    lands there. A distribution becomes one to draw from. A field that the scenario leaves out
    (None) keeps the default of the record, such as infinity for a bound.

    Parameters
    ----------
    record : type
        Class of the record.
    written : Record
        Table of the scenario.
    **own
        Fields that are computed otherwise.
    """
    copied: dict[str, Any] = {}
    sources = _sources(type(written))
    for field in fields_of(record):  # type: ignore[arg-type]  # every record is a dataclass
        if field.name in own or field.name not in sources:
            continue
        value = getattr(written, sources[field.name])
        if isinstance(value, Distribution):
            copied[field.name] = value.to_model()
        elif isinstance(value, field_types.TalkChange):
            copied[field.name] = same_fields(TalkChange, value)
        elif value is not None:  # a whole number may bound what has no bound by default
            copied[field.name] = float(value) if field.type in (float, "float") else value
    return record(**copied, **own)


@cache
def _sources(written: type[Record]) -> dict[str, str]:
    """Return the field of a table by the field of the model in which it lands."""
    return {note_of(info).lands or name: name for name, info in written.model_fields.items()}
