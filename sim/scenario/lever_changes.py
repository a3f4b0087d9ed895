"""Levers as they apply to a scenario: catalogue entries filled in, paths without ``*``, amounts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim import units
from sim.scenario.field_paths import keys, type_at
from sim.scenario.field_types import Record
from sim.scenario.lever import MADE_UP, EffectRange, Lever, LeverCost, LeverLimit
from sim.scenario.lever_catalogue import CATALOGUE

if TYPE_CHECKING:
    from sim.scenario.scenario_record import ScenarioFields


@dataclass(frozen=True, slots=True)
class ScenarioLever:
    """A lever with everything that the file and the catalogue say, for one scenario.

    Attributes
    ----------
    name, title, source : str
    changes : dict
        By path; no path holds ``*``.
    cost : LeverCost
    levels : tuple of float
        Amounts in which it can be used.
    excludes, needs : tuple of str
    effect : EffectRange
    """

    name: str
    title: str
    changes: Mapping[str, Any]
    cost: LeverCost
    levels: tuple[float, ...]
    excludes: tuple[str, ...]
    needs: tuple[str, ...]
    effect: EffectRange
    source: str

    def changes_at(self, level: float) -> dict[str, Any]:
        """Return the changes of so many times the lever."""
        return {path: scaled(value, level) for path, value in self.changes.items()}

    @property
    def is_scalable(self) -> bool:
        """Whether every change can be made by parts, as numbers of agents cannot."""
        return all(
            units.is_change(value) and not path.endswith(".agents")
            for path, value in self.changes.items()
        )


def scaled(value: Any, level: float) -> Any:
    """Return a change made several times, or in part: ``"+10pp"`` twice is ``"+20pp"``.

    Changes that add are multiplied, changes that multiply are raised to the power; a value that is
    set stays.
    """
    if level == 1 or not isinstance(value, str) or not units.is_change(value):
        return value
    change = units.change(value)
    if change.factor != 1:
        return f"*{change.factor**level:.10g}"
    if change.unit == "pp":
        return f"{100 * change.add * level:+.10g}pp"
    return f"{change.add * level:+.10g}{change.unit}"


def scenario_levers(scenario: ScenarioFields) -> list[ScenarioLever]:
    """Return the levers of a scenario, which :mod:`sim.scenario.check_lever` has checked."""
    return [filled_in(scenario, name, lever) for name, lever in scenario.lever.items()]


def catalogue_levers(scenario: ScenarioFields) -> dict[str, Lever]:
    """Return the levers of the catalogue that change something in a scenario, as a file has them.

    Where several groups could get an agent more, each has a lever of its own.
    """
    found: dict[str, Lever] = {}
    for name in CATALOGUE:
        if name == "agents" and len(scenario.group) > 1:
            found |= {
                f"agents {group}": Lever(use=name, of=(group,), title=f"One agent more in {group}")
                for group in scenario.group
            }
        elif filled_in(scenario, name, Lever(use=name)).changes:
            found[name] = Lever(use=name)
    return found


def filled_in(scenario: ScenarioFields, name: str, lever: Lever) -> ScenarioLever:
    """Return a lever with what the catalogue says, and without ``*`` in its paths."""
    entry = CATALOGUE.get(lever.use or "")
    written = dict(lever.changes) if lever.changes else entry.changes_of(scenario) if entry else {}
    if lever.of and not lever.changes:
        written = {p: v for p, v in written.items() if "*" in p or _names(p) & set(lever.of)}
    changes = {
        path: value
        for pattern, value in written.items()
        for path in _expanded(scenario, pattern, lever.of, value)
    }
    limit = lever.limit or LeverLimit(most=1 if entry is None else entry.limit or 1)
    cost = lever.cost or LeverCost.model_validate(entry.cost if entry else {})
    title = lever.title or (entry.title if entry else name)
    source = lever.source or (entry.source if entry else MADE_UP)
    return ScenarioLever(
        name, title, changes, cost, limit.levels, lever.excludes, lever.needs,
        lever.effect or EffectRange(), source,
    )  # fmt: skip


def _names(path: str) -> set[str]:
    return set(path.split("."))


def _expanded(
    scenario: ScenarioFields, pattern: str, of: Sequence[str], value: Any
) -> Iterator[str]:
    """Yield the paths that a path with ``*`` stands for: where the field has a value to change."""
    if "*" not in pattern:
        yield pattern
        return
    if type_at(type(scenario), pattern.replace("*", "0").split(".")) is None:
        return
    change = isinstance(value, str) and units.is_change(value)
    yield from _below(scenario, pattern.split("."), "", of, change)


def _below(
    owner: Any, parts: Sequence[str], prefix: str, of: Sequence[str], change: bool
) -> Iterator[str]:
    if not parts:
        if owner is not None or not change:
            yield prefix.removesuffix(".")
        return
    part, rest = parts[0], parts[1:]
    if part == "*":
        inside = owner if isinstance(owner, Mapping) else dict(enumerate(owner or ()))
        wanted = [key for key in inside if not of or isinstance(key, int) or key in of]
        deeper = () if of and set(wanted) & set(of) else of
        for key in wanted:
            yield from _below(inside[key], rest, f"{prefix}{key}.", deeper, change)
    elif isinstance(owner, Record):
        name = keys(type(owner)).get(part)
        if name is not None:
            yield from _below(getattr(owner, name), rest, f"{prefix}{part}.", of, change)
    elif isinstance(owner, Mapping) and part in owner:
        yield from _below(owner[part], rest, f"{prefix}{part}.", of, change)
