"""Where the cells of a study lie: grids, designs that fill space, one factor at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import TYPE_CHECKING, Any, Literal

from sim.experiment.sweep.sobol import saltelli_points
from sim.experiment.sweep.study_fields import MOST_CELLS, Design, FactorBounds, Sensitivity
from sim.units import BadInputError

if TYPE_CHECKING:
    from sim.experiment.sweep.study import Study

Role = Literal["grid", "base", "low", "high", "sobol"]


@dataclass(frozen=True)
class Cell:
    """One scenario of a study.

    Attributes
    ----------
    number : int
        Counted from 1.
    place : dict of str to str
        Its value on each axis and factor, as text.
    changes : dict of str to object
        What is changed in the base, by dotted path.
    role : {"grid", "base", "low", "high", "sobol"}
        Of the grid or the design, or one that the sensitivity alone needs.
    factor : str
        Which factor is moved, for ``low`` and ``high``.
    """

    number: int
    place: dict[str, str]
    changes: dict[str, Any]
    role: Role = "grid"
    factor: str = ""

    def __str__(self) -> str:
        """Return the cell as people call it."""
        where = ", ".join(f"{path}={value}" for path, value in self.changes.items())
        return f"cell {self.number} ({where or 'the base'})"


AxisStep = tuple[str, str, dict[str, Any]]
"""Name of an axis, text of a value, what it changes."""


@dataclass
class SweepPlan:
    """All cells of a study, and what they vary.

    Attributes
    ----------
    axes : tuple of str
        Names of the axes, overlays and factors of the grid.
    cells : list of Cell
    factors : dict of str to FactorBounds
        Factors of the sensitivity, by path.
    """

    axes: tuple[str, ...]
    cells: list[Cell] = field(default_factory=list)
    factors: dict[str, FactorBounds] = field(default_factory=dict)

    def add(self, steps: tuple[AxisStep, ...], role: Role = "grid", factor: str = "") -> None:
        """Append a cell."""
        place = {axis: text for axis, text, _ in steps}
        changes = {path: value for step in steps for path, value in step[2].items()}
        self.cells.append(Cell(len(self.cells) + 1, place, changes, role, factor))


def plan_cells(study: Study) -> SweepPlan:
    """Return the cells of a study, in their order: the last axis moves fastest.

    Raises
    ------
    BadInputError
        When two axes change the same field, or there are too many cells.
    """
    axes = list(_axes(study))
    factors = study.design.factor if study.design else {}
    names = [steps[0][0] for steps in axes] + [_name(p, b) for p, b in factors.items()]
    _check_axes(study, axes, names)
    plan = SweepPlan(tuple(names))
    points = list(_points(study.design, study.seed)) if study.design else [()]
    if axes or factors:
        for steps in product(*axes):
            for point in points:
                plan.add(steps + point)
    if study.sensitivity is not None:
        plan.factors = study.sensitivity.factor or derived_factors(study)
        _add_sensitivity(plan, study.sensitivity, study.seed)
    return plan


def _axes(study: Study) -> Iterator[list[AxisStep]]:
    for path, axis in study.axis.items():
        name = axis.name or path
        yield [(name, value_text(value), {path: value}) for value in axis.points()]
    for name, overlay in study.overlay.items():
        yield [(name, label, fields) for label, fields in overlay.items()]


def _check_axes(study: Study, axes: list[list[AxisStep]], names: list[str]) -> None:
    paths = [{path for step in axis for path in step[2]} for axis in axes]
    paths += [{path} for path in (study.design.factor if study.design else {})]
    factors = study.sensitivity.factor if study.sensitivity else {}
    if common := {p for p in set(factors).union(*paths) if p.startswith("experiment.")}:
        raise BadInputError(
            f"axis: {min(common)!r} is the same for all cells; allowed: runs, precision and seed "
            "at the top of the study"
        )
    for k, one in enumerate(paths):
        for other, name in zip(paths[:k], names[:k], strict=True):
            if both := one & other:
                raise BadInputError(
                    f"axis: {min(both)!r} is changed by {name!r} and by {names[k]!r}; "
                    "allowed: one of them"
                )
    if doubled := {name for name in names if names.count(name) > 1}:
        raise BadInputError(f"axis: two are named {min(doubled)!r}; allowed: different names")
    count = study.design.points if study.design else 1
    for axis in axes:
        count *= len(axis)
    _check_count("axis", count)


def _check_count(field: str, count: int) -> None:
    if count > MOST_CELLS:
        raise BadInputError(f"{field}: {count:,} cells; allowed: at most {MOST_CELLS:,}")


def _name(path: str, bounds: FactorBounds) -> str:
    return bounds.name or path


def value_text(value: Any) -> str:
    """Return a value of an axis as text."""
    return (
        value if isinstance(value, str) else f"{value:g}" if _reads_shorter(value) else str(value)
    )


def _reads_shorter(value: Any) -> bool:
    return isinstance(value, float) and len(f"{value:g}") < len(str(value))


def _points(design: Design, seed: int) -> Iterator[tuple[AxisStep, ...]]:
    """Yield points of a design; the same seed gives the same points."""
    from scipy.stats import qmc

    samplers = {"latin hypercube": qmc.LatinHypercube, "sobol": qmc.Sobol}
    sampler = samplers[design.kind](len(design.factor), rng=seed)
    for row in sampler.random(design.points):
        yield _steps_at(design.factor, row)


def _steps_at(factors: Mapping[str, FactorBounds], row: Any) -> tuple[AxisStep, ...]:
    values = {
        path: bounds.at(float(part))
        for (path, bounds), part in zip(factors.items(), row, strict=True)
    }
    return tuple(_step(path, factors[path], value) for path, value in values.items())


def _step(path: str, bounds: FactorBounds, value: Any) -> AxisStep:
    return _name(path, bounds), value_text(value), {path: value}


def derived_factors(study: Study) -> dict[str, FactorBounds]:
    """Return the factors of the axes and of the design: from the first value to the last.

    Raises
    ------
    BadInputError
        When an axis has no two amounts.
    """
    found = dict(study.design.factor) if study.design else {}
    for path, axis in study.axis.items():
        values = list(axis.points())
        try:
            found[path] = FactorBounds(low=values[0], high=values[-1], name=axis.name)
        except ValueError:
            raise BadInputError(
                f"sensitivity.factor: the axis {path!r} does not lead from an amount to a higher "
                "one; allowed: bounds of its own, such as "
                f'[sensitivity.factor] {path} = ["-10%", "+10%"]'
            ) from None
    if not found:
        raise BadInputError("sensitivity.factor: none is given, and no axis has one")
    return found


def _add_sensitivity(plan: SweepPlan, wanted: Sensitivity, seed: int) -> None:
    if wanted.one_at_a_time:
        plan.add((), "base")
        for path, bounds in plan.factors.items():
            plan.add((_step(path, bounds, bounds.low),), "low", path)
            plan.add((_step(path, bounds, bounds.high),), "high", path)
    if wanted.sobol is not None:
        _check_count("sensitivity.sobol", wanted.sobol * (len(plan.factors) + 2))
        for row in saltelli_points(len(plan.factors), wanted.sobol, seed):
            plan.add(_steps_at(plan.factors, row), "sobol")
