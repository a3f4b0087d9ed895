"""A sweep as a page designs it: fields from–to–step, runs, and the metric shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from sim.experiment.sweep.design import plan_cells, value_text
from sim.experiment.sweep.study import Study
from sim.experiment.sweep.study_fields import Axis
from sim.scenario import ScenarioError
from sim.units import BadInputError

if TYPE_CHECKING:
    from sim.app.sliders import Slider
    from sim.scenario import Scenario

MOST_VALUES = 60
"""Values of one field."""
MOST_CELLS = 600
"""Cells of a sweep in the app; more are for the command line, on many machines."""


@dataclass(frozen=True)
class Range:
    """One field and the values it takes.

    Attributes
    ----------
    name : str
        Name of the field.
    paths : tuple of str
        Fields that change together.
    first, last, step : str
        As ``--set`` takes them: ``-10%``, ``+10%``, ``5%``.
    """

    name: str
    paths: tuple[str, ...]
    first: str
    last: str
    step: str

    def values(self) -> list[Any]:
        """Return the values in their order.

        Raises
        ------
        BadInputError
            When from, to and step do not fit together.
        """
        fields = {"from": self.first, "to": self.last, "step": self.step}
        empty = [name for name, text in fields.items() if not text.strip()]
        if empty:
            raise BadInputError(f"{self.name}, {empty[0]}: is empty; give a value such as +10%")
        try:
            found = list(Axis.model_validate(fields).points())
        except (ValidationError, BadInputError) as error:
            raise BadInputError(f"{self.name}: {_message(error)}") from None
        if len(found) > MOST_VALUES:
            raise BadInputError(
                f"{self.name}, step: {self.step!r} makes {len(found):,} values; "
                f"allowed: at most {MOST_VALUES}"
            )
        return found

    def check(self, scenario: Scenario) -> None:
        """Try every value.

        Raises
        ------
        BadInputError
            With the first value that does not fit the scenario.
        """
        for value in self.values():
            try:
                scenario.with_(**dict.fromkeys(self.paths, value))
            except ScenarioError as error:
                raise BadInputError(f"{self.name}, {value}: {error}") from None


def _message(error: ValueError) -> str:
    if not isinstance(error, ValidationError):
        return str(error)
    return "; ".join(str(e["msg"]).removeprefix("Value error, ") for e in error.errors())


def default_range(slider: Slider, name: str) -> Range:
    """Return a default range for a slider."""
    if slider.form == "{}%":
        low, high = max(slider.low, slider.start - 20), min(slider.high, slider.start + 20)
        return Range(name, slider.paths, f"{low}%", f"{high}%", "10%")
    if slider.form == "{:+d}":
        return Range(name, slider.paths, f"{max(slider.low, -2):+d}", "+2", "1")
    return Range(name, slider.paths, "-10%", "+10%", "5%")


def study_of(scenario: Scenario, name: str, ranges: Sequence[Range], runs: int, seed: int) -> Study:
    """Return the study of a design.

    Raises
    ------
    BadInputError
        When a range is wrong, a field is there twice, or there are too many cells.
    """
    document = document_of(name, ranges, runs, seed)
    try:
        study = Study.model_validate(document).on(scenario)
    except ValidationError as error:
        raise BadInputError(_message(error)) from None
    cells = len(plan_cells(study).cells)
    if cells > MOST_CELLS:
        raise BadInputError(
            f"cells: {cells:,} variants; allowed here: at most {MOST_CELLS} "
            "(take a larger step, or use ccplan sweep)"
        )
    return study


def document_of(name: str, ranges: Sequence[Range], runs: int, seed: int) -> dict[str, Any]:
    """Return a study as its file says it: a field alone as an axis, several as an overlay."""
    axes: dict[str, Any] = {}
    overlays: dict[str, Any] = {}
    for one in ranges:
        if len(one.paths) == 1:
            if one.paths[0] in axes:
                raise BadInputError(f"{one.name}: is there twice; choose another field")
            axes[one.paths[0]] = {"values": one.values(), "name": one.name}
        else:
            overlays[one.name] = {
                value_text(value): dict.fromkeys(one.paths, value) for value in one.values()
            }
    head = {"base": "scenario.toml", "name": name, "runs": runs, "seed": seed}
    return head | {"axis": axes, "overlay": overlays}
