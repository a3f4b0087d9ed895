"""Building blocks of the fields of a scenario: strict records, shares, times, names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    ValidationInfo,
    WithJsonSchema,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from sim import units
from sim.messages import is_printable
from sim.scenario.field_docs import add_field_docs
from sim.scenario.problems import listed, nearest

LONGEST_NAME = 200
"""Characters of a name."""


class Record(BaseModel):
    """A frozen table of a scenario that refuses unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Describe the fields by the docstrings below them."""
        found = handler(core)
        add_field_docs(cls, handler.resolve_ref_schema(found))
        return found


@dataclass(frozen=True, slots=True)
class Note:
    """What a field says of itself beyond its type, bounds, default and help.

    Attributes
    ----------
    unset : str
        What holds where the file does not write the field, in words; empty where the default says
        it.
    section : str
        Heading under which forms show it.
    sentence : str
        What ``ccplan check`` says of another value than the default; ``{}`` stands for the value.
    unit : str
        What is to be written, where the type does not say it.
    lands : str
        Field of the model's record that takes the value, where it has another name.
    later : bool
        Came after results were saved: with its default it does not change the fingerprint of a
        scenario, by which a saved result knows it.
    """

    unset: str = ""
    section: str = ""
    sentence: str = ""
    unit: str = ""
    lands: str = ""
    later: bool = False


class Written(Record):
    """A table that may also be written as one short string or number.

    A subclass says the short form in ``SHORT`` (description and examples, for the schema)
    and reads it in :meth:`read`.
    """

    SHORT: ClassVar[str] = ""
    EXAMPLES: ClassVar[tuple[object, ...]] = ()

    @classmethod
    def table_schema(cls) -> dict[str, Any]:
        """Return the schema of the table where it differs from the fields, else nothing."""
        return {}

    @classmethod
    def read(cls, value: Any, info: ValidationInfo) -> dict[str, Any]:
        """Return the table that a short form stands for."""
        raise NotImplementedError

    @model_validator(mode="before")
    @classmethod
    def _short_form(cls, value: Any, info: ValidationInfo) -> Any:
        if isinstance(value, cls):
            return value
        if isinstance(value, Written):  # of a class that holds less
            value = {
                info.alias or name: getattr(value, name)
                for name, info in type(value).model_fields.items()
            }
        table = value if isinstance(value, dict) else cls.read(value, info)
        return cls.tidy(table, info)

    @classmethod
    def tidy(cls, table: dict[str, Any], info: ValidationInfo) -> dict[str, Any]:
        """Return the table with its several ways of saying a thing made one."""
        return table

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Describe both forms: the short one and the table."""
        found = super().__get_pydantic_json_schema__(core, handler)
        table = cls.table_schema() or handler.resolve_ref_schema(found)
        short: JsonSchemaValue = {"description": cls.SHORT, "examples": list(cls.EXAMPLES)}
        kinds = {_json_type(example) for example in cls.EXAMPLES}
        short["type"] = sorted(kinds) if len(kinds) > 1 else next(iter(kinds), "string")
        return {"anyOf": [short, table], "description": (cls.__doc__ or "").partition("\n")[0]}

    def __or__(self, changes: dict[str, Any]) -> Self:
        """Return a copy with some fields replaced."""
        return self.model_copy(update=changes)


def _json_type(example: object) -> str:
    if isinstance(example, str):
        return "string"
    return "array" if isinstance(example, list | tuple) else "number"


def _duration_above_zero(value: object) -> float:
    seconds = units.duration(value)
    if seconds <= 0:
        raise ValueError(f"{value!r} is not above zero; allowed: {units.DURATION_FORM}")
    return seconds


def _long_duration_above_zero(value: object) -> float:
    return _duration_above_zero(units.long_duration(value))


def _ratio_above_zero(value: object) -> float:
    number = units.ratio(value)
    if number <= 0:
        raise ValueError(f"{value!r} is not above zero; allowed: a share such as 110% or 1.1")
    return number


def _whole(value: object, least: int, most: int | None) -> int:
    bound = f"a whole number from {least}" + (f" to {most}" if most is not None else " up")
    if isinstance(value, int) and abs(value) > 10**15:
        raise ValueError(f"a huge number is out of bounds; allowed: {bound}")
    number = _as_number(value)
    if number is None or number != int(number):
        raise ValueError(f"{value!r} is not a whole number; allowed: {bound}")
    if number < least or (most is not None and number > most):
        raise ValueError(f"{value!r} is out of bounds; allowed: {bound}")
    return int(number)


def _as_number(value: object) -> float | None:
    """Return a finite number from a number or the text of one, else None."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    number = units.plain_number(value.strip().lstrip("+-")) if isinstance(value, str) else value
    if number is None:
        return None
    if isinstance(value, str) and value.strip().startswith("-"):
        number = -number
    return float(number) if abs(number) <= 1e15 else None


@dataclass(frozen=True)
class Whole:
    """Marks a whole number within bounds, ``Annotated[int, Whole(1, 366)]``.

    Attributes
    ----------
    least : int
    most : int or None
        None when there is no upper bound.
    """

    least: int
    most: int | None = None

    def __get_pydantic_core_schema__(self, kind: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Read whole numbers, also from text."""
        return core_schema.no_info_before_validator_function(
            lambda value: _whole(value, self.least, self.most), handler(kind)
        )

    def __get_pydantic_json_schema__(
        self, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Say the bounds."""
        schema: JsonSchemaValue = {"type": "integer", "minimum": self.least}
        return schema if self.most is None else {**schema, "maximum": self.most}


def _clean_name(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{value!r} is not a name; allowed: some text")
    name = value.strip()
    if len(name) > LONGEST_NAME or not is_printable(name):
        raise ValueError(
            f"{value!r} is not a name; allowed: one line of 1 to {LONGEST_NAME} characters, "
            "without control characters"
        )
    return name


def one_of(value: object, allowed: tuple[str, ...]) -> str:
    """Return a word that is among the allowed ones; spaces, ``_`` and ``-`` are alike.

    Raises
    ------
    ValueError
        When it is none of them; says the nearest.
    """
    word = str(value).strip().lower().replace("_", " ").replace("-", " ")
    for choice in allowed:
        if word == choice.replace("_", " "):
            return choice
    hint = nearest(word, allowed)
    hint = f' (nearest: "{hint}")' if hint else ""
    raise ValueError(f"{value!r} is unknown; allowed: {listed(allowed)}{hint}")


class Choice:
    """Marks one of some words, ``Annotated[str, Choice("serve", "send away")]``.

    Parameters
    ----------
    *allowed : str
    """

    def __init__(self, *allowed: str) -> None:
        self.allowed = allowed

    def __get_pydantic_core_schema__(self, kind: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Read the word, however its case and spaces are written."""
        return core_schema.no_info_before_validator_function(
            lambda value: one_of(value, self.allowed), handler(kind)
        )

    def __get_pydantic_json_schema__(
        self, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Say the words."""
        return {"enum": list(self.allowed)}


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        words = {"true": True, "false": False, "yes": True, "no": False}
        if isinstance(value, str) and value.strip().lower() in words:
            return words[value.strip().lower()]
        raise ValueError(f"{value!r} is not yes or no; allowed: true or false")
    return value


def clock_or_seconds(value: object) -> float:
    """Return a time of day in seconds; a float has been read before."""
    return value if isinstance(value, float) and 0 <= value <= units.DAY else units.clock(value)


def _names(value: object) -> object:
    return (value,) if isinstance(value, str) else value


_TIME_SCHEMA = {"type": ["string", "number"], "description": "a time, in seconds when a number"}
_SHARE_SCHEMA = {"type": ["string", "number"], "description": "a share, 0 to 1 or in percent"}
_RATIO_SCHEMA = {"type": ["string", "number"], "description": "a ratio, 1 or 100% and more"}
_MONEY_SCHEMA = {"type": ["string", "number"], "description": "an amount of money"}

Seconds = Annotated[float, BeforeValidator(units.duration), WithJsonSchema(_TIME_SCHEMA)]
SomeSeconds = Annotated[float, BeforeValidator(_duration_above_zero), WithJsonSchema(_TIME_SCHEMA)]
LongSeconds = Annotated[float, BeforeValidator(units.long_duration), WithJsonSchema(_TIME_SCHEMA)]
SomeLongSeconds = Annotated[
    float, BeforeValidator(_long_duration_above_zero), WithJsonSchema(_TIME_SCHEMA)
]
Share = Annotated[float, BeforeValidator(units.share), WithJsonSchema(_SHARE_SCHEMA)]
Ratio = Annotated[float, BeforeValidator(units.ratio), WithJsonSchema(_RATIO_SCHEMA)]
SomeRatio = Annotated[float, BeforeValidator(_ratio_above_zero), WithJsonSchema(_RATIO_SCHEMA)]
Money = Annotated[float, BeforeValidator(units.money), WithJsonSchema(_MONEY_SCHEMA)]
Clock = Annotated[
    float,
    BeforeValidator(clock_or_seconds),
    WithJsonSchema({"type": "string", "pattern": "^[0-9]{1,2}:[0-9]{2}"}),
]
Name = Annotated[str, BeforeValidator(_clean_name)]
Flag = Annotated[bool, BeforeValidator(_flag)]
Names = Annotated[tuple[Name, ...], BeforeValidator(_names)]

TIME_READERS = frozenset(
    ("duration", "long_duration", "_duration_above_zero", "_long_duration_above_zero")
)
"""Names of the functions that read a length of time."""

VARIANTS = (
    "abandons_ignored",
    "abandons_negative",
    "abandons_positive",
    "answered_only",
    "short_as_met",
    "short_excluded",
)
Variant = Annotated[str, Choice(*VARIANTS)]


class TalkChange(Written):
    """How talk time changes on a further leg: ``"+20%"``, ``"-25s"``."""

    SHORT = 'a change of talk time, such as "+20%" or "-25s"'
    EXAMPLES = ("-25s", "+20%")

    factor: Ratio = 1.0
    """Times the talk time."""
    add: Annotated[float, Note(unit="seconds, also negative")] = 0.0
    """Then plus so many seconds."""

    @classmethod
    def read(cls, value: Any, info: ValidationInfo) -> dict[str, Any]:
        """Read ``"+20%"``, ``"-25s"``, ``"*0.8"``, or ``"none"`` for no change."""
        if isinstance(value, str) and value.strip().lower() == "none":
            return {}
        change = units.change(value)
        if change.unit == "pp":
            raise ValueError(f"{value!r} adds points to a time; allowed: {units.CHANGE_FORM}")
        return {"factor": change.factor, "add": change.add}

    def __str__(self) -> str:
        """Return how the talk of a further leg differs, as words; empty when it does not."""
        words = []
        if self.factor != 1:
            words.append(f"{units.show_share(self.factor)} of the talk")
        if self.add:
            more = "more" if self.add > 0 else "less"
            words.append(f"{units.show_duration(abs(self.add))} {more} talk")
        return " and ".join(words)
