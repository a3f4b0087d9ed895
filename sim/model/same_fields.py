"""Copying fields of a scenario into records of the model by their names."""

from __future__ import annotations

from dataclasses import fields as fields_of
from typing import TYPE_CHECKING, Any, TypeVar

from sim.scenario.distribution import Distribution

if TYPE_CHECKING:
    from sim.scenario.field_types import Record

T = TypeVar("T")


def same_fields(record: type[T], written: Record, **own: Any) -> T:
    """Return a record of the model, filled from the fields of the scenario of the same name.

    A distribution becomes one to draw from. A field that the scenario leaves out (None) keeps the
    default of the record, such as infinity for a bound.

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
    for field in fields_of(record):  # type: ignore[arg-type]  # every record is a dataclass
        if field.name in own or field.name not in type(written).model_fields:
            continue
        value = getattr(written, field.name)
        if isinstance(value, Distribution):
            copied[field.name] = value.to_model()
        elif value is not None:  # a whole number may bound what has no bound by default
            copied[field.name] = float(value) if field.type in (float, "float") else value
    return record(**copied, **own)
