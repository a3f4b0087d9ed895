"""The scenarios to compare: files, and named variants of the base."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from sim.cli.common import loaded, overrides
from sim.units import BadInputError

if TYPE_CHECKING:
    from sim.scenario import Scenario

LONGEST_LABEL = 80


@dataclass(slots=True)
class ScenarioRequest:
    """A scenario as it was asked for: its file, what is set in it, its name in the comparison."""

    file: str
    sets: list[str] = field(default_factory=list)
    label: str = ""


def asked(
    base: str, others: Sequence[str], options: Iterable[tuple[str, str]]
) -> list[ScenarioRequest]:
    """Return what is to be compared, the base first.

    Parameters
    ----------
    base : str
    others : sequence of str
        Further files.
    options : iterable of (name, value)
        ``labels`` and ``sets`` in the order in which they were given. A label opens a variant
        of the base, which the sets behind it change; sets before the first label change the
        other files, or without any a variant of the base that is named by them.

    Raises
    ------
    BadInputError
        When nothing is left to compare with, or a label is empty, doubled or changes nothing.
    """
    common: list[str] = []
    variants: list[ScenarioRequest] = []
    for name, value in options:
        if name == "labels":
            variants.append(ScenarioRequest(base, label=_checked(value, variants)))
        else:
            (variants[-1].sets if variants else common).append(value)
    for variant in variants:
        if not variant.sets:
            raise BadInputError(f"--as {variant.label!r}: changes nothing; give a --set behind it")
    if common and variants and not others:
        raise BadInputError(
            f"--set {common[0]}: stands before the first --as; put it behind the --as it belongs to"
        )
    if not others and not variants and not common:
        raise BadInputError("compare: give another scenario, or what to change with --set")
    if not others and not variants:
        variants = [ScenarioRequest(base, common, _changes(common))]
    return [
        ScenarioRequest(base),
        *(ScenarioRequest(file, list(common)) for file in others),
        *variants,
    ]


def _changes(sets: list[str]) -> str:
    return ", ".join(f"{path}={value}" for path, value in overrides(sets).items())


def _checked(label: str, before: Sequence[ScenarioRequest]) -> str:
    shown = label.strip()
    if not shown or not shown.isprintable() or len(shown) > LONGEST_LABEL:
        raise BadInputError(
            f"--as {shown[:LONGEST_LABEL]!r}: must be a name of 1 to {LONGEST_LABEL} characters "
            'on one line, such as "bot 30 %"'
        )
    if any(shown == other.label for other in before):
        raise BadInputError(f"--as {shown!r}: is given twice; give each variant its own name")
    return shown


def contenders(requested: Sequence[ScenarioRequest]) -> tuple[list[Scenario], list[str]]:
    """Return the scenarios to compare, the base first, and their labels.

    Files of the same name of the center, such as copies of a calibrated folder, are told apart by
    their paths.
    """
    scenarios = [loaded(one.file, one.sets) for one in requested]
    files_of: dict[str, list[str]] = {}
    for one, scenario in zip(requested, scenarios, strict=True):
        files_of.setdefault(scenario.center.name, []).append(one.file)
    names = [
        scenario.center.name
        if len(set(files_of[scenario.center.name])) == 1
        else _shortest(one.file, files_of[scenario.center.name])
        for one, scenario in zip(requested, scenarios, strict=True)
    ]
    labels = names[:1]
    for one, name in zip(requested[1:], names[1:], strict=True):
        changed = _changes(one.sets)
        labels.append(one.label or (f"{name}, {changed}" if changed else name))
    return scenarios, labels


def _shortest(file: str, files: Sequence[str]) -> str:
    """Return the last parts of a path, as many as tell it from the other files."""
    parts = Path(file).parts
    others = [Path(other).parts for other in files if other != file]
    for count in range(1, len(parts)):
        if all(other[-count:] != parts[-count:] for other in others):
            return "/".join(parts[-count:])
    return file
