"""The tables of a lesson file: strict records, as for scenarios."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field, model_validator

from sim.scenario.field_types import Choice, Flag, Name, Names, Record, Whole
from sim.training.quantity import COUNT, SECONDS, SHARE

ERLANG_METRICS = {
    "agents": COUNT,
    "fractional_agents": COUNT,
    "load_erlangs": COUNT,
    "occupancy": SHARE,
    "wait_probability": SHARE,
    "service_level": SHARE,
    "asa_s": SECONDS,
    "mean_wait_all_s": SECONDS,
    "abandonment": SHARE,
}
"""Metrics that a formula returns, with their units."""


def _plain(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ValueError(f"{value!r} is not a quantity; allowed: a number, a text or a {{name}}")
    return value


def _text(value: object) -> object:
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{value!r} is not a text; allowed: some words")
    return value.strip()


def _flat(value: object) -> object:
    """Read changes as a table of dotted paths, however deep they are nested."""
    if not isinstance(value, dict):
        raise ValueError(f'{value!r} is not a table; allowed: {{ "group.team.agents" = "-1" }}')
    found: dict[str, Any] = {}
    for path, inner in value.items():
        below = _flat(inner) if isinstance(inner, dict) and "." not in path else None
        if isinstance(below, dict):
            found |= {f"{path}.{rest}": each for rest, each in below.items()}
        else:
            found[path] = inner
    return found


Plain = Annotated[str | int | float, BeforeValidator(_plain)]
Text = Annotated[str, BeforeValidator(_text)]
Changes = Annotated[dict[str, Any], BeforeValidator(_flat)]


class Formula(Record):
    """A metric by Erlang's formulas: what agents achieve, or how many a target requires."""

    figure: Annotated[str, Choice(*ERLANG_METRICS)]
    """What is taken from the answer."""
    by: Annotated[str, Choice("erlang_c", "erlang_a")] = "erlang_c"
    """No customer abandons (C), or customers have an exponential patience (A)."""
    calls: Plain
    """Contacts in ``per``."""
    per: Plain = "1h"
    """The time in which they arrive."""
    aht: Plain
    """Mean handle time."""
    agents: Plain | None = None
    """If missing, the fewest that reach the target."""
    patience: Plain | None = None
    """Mean patience, for Erlang A."""
    target: Plain | None = None
    """Such as ``80/20``."""
    max_occupancy: Plain | None = None
    """A further goal."""
    within: Plain | None = None
    """Threshold of the service level; by default that of the target, or 20 s."""
    variant: str = "abandons_ignored"
    """Formula of the service level."""

    @model_validator(mode="after")
    def _fits(self) -> Formula:
        if (self.by == "erlang_a") != (self.patience is not None):
            raise ValueError("patience: Erlang A needs it, Erlang C takes none")
        goals = self.target is not None or self.max_occupancy is not None
        if self.agents is None and not goals and self.figure != "load_erlangs":
            raise ValueError("agents: is missing; allowed: agents, or a target to find them")
        return self


class Simulated(Record):
    """A metric of the lesson's scenario, simulated with some fields changed."""

    figure: Name
    """Such as ``service_level`` or ``queue.mail.on_time``."""
    change: Changes = Field(default_factory=dict)
    """Fields of the scenario by dotted path."""
    against: Changes | None = None
    """Other changes: the quantity is the difference from the scenario with these."""


class Computed(Record):
    """Plain arithmetic with the names of other quantities."""

    formula: Text
    """Such as ``ceil(seats / (1 - shrinkage))``."""
    unit: Annotated[str, Choice("count", "share", "s", "h")] = "count"
    """Unit of the result."""


class Question(Record):
    """A question with a number as its answer."""

    question: Text
    """Asked before anything is shown."""
    truth: Name
    """Name of the quantity that is the answer."""
    tolerance: Plain
    """How far off an answer may be and still be correct."""
    hint: str = ""
    """What to think of; shown below the field."""
    low: Plain | None = None
    """The least that can be answered, in the unit of the truth; no bound if missing."""
    high: Plain | None = None
    """The most that can be answered."""


class TransferQuestion(Question):
    """The same principle with new numbers."""

    explain: Text
    """Shown after the answer."""


class Option(Record):
    """One choice of a decision."""

    name: Name
    """What is chosen, in a few words."""
    change: Changes = Field(default_factory=dict)
    """What it changes in the scenario."""
    formula: dict[Name, Name] = Field(default_factory=dict)
    """By metric, the quantity that a formula returns for it."""
    good: Flag = False
    """Whether it holds up."""
    why: Text
    """Why it does or does not; shown in the debrief."""


class Decision(Record):
    """What the learner decides: a number of a field, or one of some options."""

    question: Text
    """What is to be decided."""
    path: Names = ()
    """Fields that take the number, by dotted path."""
    low: Annotated[int, Whole(0)] = 0
    """The least that can be decided."""
    high: Annotated[int, Whole(1)] = 1000
    """The most that can be decided."""
    start: Annotated[int, Whole(0)] | None = None
    """Shown in the field at first."""
    truth: Name | None = None
    """Name of the quantity that holds up, for a number."""
    tolerance: Plain = 0
    """How far from it a number may be."""
    why: str = ""
    """Why that number; shown in the debrief."""
    option: tuple[Option, ...] = ()
    """Options instead of a number."""

    @model_validator(mode="after")
    def _fits(self) -> Decision:
        if bool(self.path) == bool(self.option):
            raise ValueError("path, option: give one of them, a number or some options")
        if self.path and (self.truth is None or not self.why):
            raise ValueError("truth, why: are missing; a number is compared with a quantity")
        if self.path and not self.low <= (self.start or self.low) <= self.high:
            raise ValueError(f"start: must be from {self.low} to {self.high}")
        if len(self.option) == 1:
            raise ValueError("option: there is one; allowed: at least two")
        names = [one.name.lower() for one in self.option]
        if len(set(names)) < len(names):
            raise ValueError("option: two have the same name")
        if self.option and not any(one.good for one in self.option):
            raise ValueError("option: none is good; allowed: good = true for one or more")
        return self


class Case(Record):
    """A further case that is simulated for many days."""

    name: Name
    """Shown in the table."""
    change: Changes = Field(default_factory=dict)
    """What it changes in the scenario."""
    formula: dict[Name, Name] = Field(default_factory=dict)
    """By metric, the quantity that a formula returns for it."""


class Reveal(Record):
    """The simulation of many days: one field swept, or case by case."""

    title: Text
    """What the picture shows."""
    figures: Names = ("service_level",)
    """The first is drawn, all are listed."""
    path: Names = ()
    """Fields that are swept."""
    values: tuple[Annotated[int, Whole(0)], ...] = ()
    """Their values."""
    axis: str = "agents"
    """What is swept, in a word."""
    formula: Names = ()
    """``erlang_c``, ``erlang_a`` or both: drawn as lines with the simulation."""
    runs: Annotated[int, Whole(2, 500)] = 20
    """Days of each case."""
    case: tuple[Case, ...] = ()
    """Further cases."""
    staffing: Flag = False
    """Draw agents needed by formula and on duty over the day."""

    @model_validator(mode="after")
    def _fits(self) -> Reveal:
        if bool(self.path) != bool(self.values):
            raise ValueError("path, values: give both or none")
        wrong = [name for name in self.formula if name not in ("erlang_c", "erlang_a")]
        if wrong:
            raise ValueError(f"formula: {wrong[0]!r} is unknown; allowed: erlang_c or erlang_a")
        if not self.figures:
            raise ValueError("figures: there is none; allowed: one or more, the first is drawn")
        if len(self.values) > 40:
            raise ValueError(f"values: there are {len(self.values)}; allowed: at most 40")
        return self


class Debrief(Record):
    """What the learner takes away."""

    changed: Text
    """What changed."""
    law: Text
    """The principle behind it."""
    monday: Text
    """What to do on Monday."""
