"""A study: the scenario that is varied, the fields that vary, the replications, the metrics."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, PrivateAttr, ValidationError, model_validator

from sim.experiment.sweep.study_fields import Axis, Design, MetricPattern, Sensitivity, flat
from sim.resources import shipped_scenarios, shipped_studies
from sim.scenario import Scenario, ScenarioError, load
from sim.scenario.field_types import Choice, Name, Record, Share, Whole
from sim.scenario.problems import Problem, placed
from sim.scenario.validation_errors import explain
from sim.toml_text import TomlError, decode_toml, read_toml


def _overlays(value: Any) -> Any:
    """Return the fields of each named value by dotted path."""
    if not isinstance(value, dict):
        return value
    return {
        name: {label: flat(fields) for label, fields in values.items()}
        if isinstance(values, dict)
        else values
        for name, values in value.items()
    }


Overlay = dict[Name, dict[str, Any]]


class Study(Record):
    """A designed set of scenarios: frozen, strict, checked."""

    base: Name
    """The scenario that is varied: a path from the study's folder, or a shipped name."""
    name: Name = "study"
    """What the study is called; the name of its file by default."""
    runs: Annotated[int, Whole(1, 1_000_000)] | None = None
    """Replications of each cell; those of the base by default."""
    precision: Share | None = None
    """Instead of runs: half width of the confidence interval of the service level of each cell."""
    seed: Annotated[int, Whole(0)] = 1
    """One seed for all cells: they simulate the same days."""
    engine: Annotated[str, Choice("auto", "reference", "kernel")] = "auto"
    """Which engine plays."""
    headline: MetricPattern = MetricPattern(metric="service_level", name="total")
    """The metric of the pictures and of the sensitivity: one of the whole, or of one name."""
    figures: tuple[MetricPattern, ...] = ()
    """The metrics that are kept; all of them by default."""
    axis: Annotated[dict[Name, Axis], BeforeValidator(flat)] = Field(default_factory=dict)
    """Values by dotted path; every value meets every value of every other axis."""
    overlay: Annotated[dict[Name, Overlay], BeforeValidator(_overlays)] = Field(
        default_factory=dict
    )
    """Axes whose named values set several fields at once."""
    design: Design | None = None
    """Points in the space of many factors; each meets every value of the axes."""
    sensitivity: Sensitivity | None = None
    """Which factor moves the headline how much."""

    _source: str = PrivateAttr(default="")
    _scenario: Scenario | None = PrivateAttr(default=None)

    @model_validator(mode="after")
    def _fits(self) -> Study:
        if self.runs is not None and self.precision is not None:
            raise ValueError("runs, precision: give one of them, not both")
        if not (self.axis or self.overlay or self.design or self.sensitivity):
            raise ValueError("axis: nothing is varied; allowed: [axis], [overlay] or [design]")
        if self.headline.scope != "total" and self.headline.name == "*":
            raise ValueError("headline: * names several metrics; allowed: one name")
        empty = [name for name, values in self.overlay.items() if not values]
        if empty:
            raise ValueError(f"overlay.{empty[0]}: has no values; allowed: at least one")
        return self

    @property
    def scenario(self) -> Scenario:
        """The base scenario."""
        if self._scenario is None:
            self._scenario = load(self.base)
        return self._scenario

    def on(self, scenario: Scenario) -> Study:
        """Return the study of an open scenario instead of the one its base names."""
        found = self.model_copy()
        found._source, found._scenario = self.base, scenario
        return found

    @property
    def source(self) -> str:
        """The file of the base, or its shipped name, as a command takes it."""
        return self._source or self.base


def load_study(path: str | Path) -> Study:
    """Read a study file.

    Parameters
    ----------
    path : str or Path
        A TOML file, or the bare name of a shipped study.

    Returns
    -------
    Study
        With its base scenario, read too.

    Raises
    ------
    ScenarioError
        With every problem found, of the study or else of its base.
    """
    file = _file(path)
    try:
        text = decode_toml(file.read_bytes())
        data = read_toml(text)
    except FileNotFoundError:
        raise ScenarioError([Problem("", "there is no such file", file=str(path))]) from None
    except OSError as error:
        raise ScenarioError([Problem("", f"cannot be read: {error}", file=str(path))]) from None
    except TomlError as error:
        raise ScenarioError([Problem("", str(error), file=str(path), line=error.line)]) from None
    data.setdefault("name", file.stem)
    try:
        study = Study.model_validate(data)
    except ValidationError as error:
        raise ScenarioError(placed(explain(error, Study), text, str(path))) from None
    study._source = _base(study.base, file.parent)
    study._scenario = load(study._source)
    return study


def _file(text: str | Path) -> Path:
    """Return the file of a study: of that path, or shipped."""
    path = Path(text)
    if path.is_file() or path.name != str(text):
        return path
    return shipped_studies().get(path.name, path)


def _base(text: str, folder: Path) -> str:
    """Return the file of the base: beside the study, or shipped."""
    local = folder / text
    return text if not local.is_file() and text in shipped_scenarios() else str(local)
