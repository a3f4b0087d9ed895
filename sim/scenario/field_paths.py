"""Finding one's way through the tables of a scenario by dotted path."""

from __future__ import annotations

import types
from collections.abc import Callable, Iterator, Sequence
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BeforeValidator
from pydantic.fields import FieldInfo

from sim.scenario.field_types import Record


class PathError(ValueError):
    """A path that leads nowhere, with the nearest that does."""

    def __init__(self, message: str, suggestion: str = "") -> None:
        self.suggestion = suggestion
        super().__init__(message)


def keys(record: type[Record]) -> dict[str, str]:
    """Return the names a file may use for a record's fields, with the attributes they mean."""
    return {info.alias or name: name for name, info in record.model_fields.items()}


def annotation(info: FieldInfo) -> Any:
    """Return the type of a field with what validates it."""
    kind: Any = info.annotation
    for extra in info.metadata:
        kind = Annotated[kind, extra]
    return kind


def bare(kind: Any) -> Any:
    """Return a type without its annotations and without None."""
    if get_origin(kind) is Annotated:
        return bare(get_args(kind)[0])
    if get_origin(kind) in (Union, types.UnionType):
        return bare(next(arg for arg in get_args(kind) if arg is not type(None)))
    return kind


def optional(kind: Any) -> bool:
    """Return whether None is among the values of a type."""
    if get_origin(kind) is Annotated:
        return optional(get_args(kind)[0])
    return get_origin(kind) in (Union, types.UnionType) and type(None) in get_args(kind)


def readers(kind: Any) -> Iterator[Callable[..., Any]]:
    """Yield the functions that read a value of a type from what stands in a file."""
    if get_origin(kind) is Annotated:
        inner, *extras = get_args(kind)
        yield from (extra.func for extra in extras if isinstance(extra, BeforeValidator))
        yield from readers(inner)
    elif get_origin(kind) in (Union, types.UnionType):
        for arg in get_args(kind):
            yield from readers(arg)


def record_type(kind: Any) -> type[Record] | None:
    """Return the record class of a type, or None when it is something else."""
    found = bare(kind)
    return found if isinstance(found, type) and issubclass(found, Record) else None


def inside(kind: Any, part: str | int) -> Any:
    """Return the type found under a key or number of a type, or None."""
    record = record_type(kind)
    if record is not None:
        name = keys(record).get(str(part))
        return annotation(record.model_fields[name]) if name else None
    found = bare(kind)
    if get_origin(found) is dict:
        return get_args(found)[1]
    if get_origin(found) is tuple:
        return get_args(found)[0]
    return None


def type_at(record: type[Record], path: Sequence[str | int]) -> Any:
    """Return the type at a path below a record, or None when there is none."""
    kind: Any = record
    for part in path:
        kind = inside(kind, part)
        if kind is None:
            return None
    return kind


def paths(kind: Any, prefix: str = "", depth: int = 4) -> Iterator[str]:
    """Yield the dotted paths of all fields below a type; ``*`` stands for any name."""
    record = record_type(kind)
    if record is None:
        found = bare(kind)
        if get_origin(found) is dict and depth:
            yield from paths(get_args(found)[1], f"{prefix}*.", depth - 1)
        return
    for key, name in keys(record).items():
        yield prefix + key
        if depth:
            yield from paths(annotation(record.model_fields[name]), f"{prefix}{key}.", depth - 1)
