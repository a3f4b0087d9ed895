"""What a shell offers to complete: shipped names, and TOML files of the present folder."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path


def scenario_names(incomplete: str) -> list[str]:
    """Return the names of shipped scenarios, and files, that begin so."""
    from sim.resources import shipped_scenarios

    return _beginning(incomplete, shipped_scenarios())


def study_names(incomplete: str) -> list[str]:
    """Return the names of shipped studies, and files, that begin so."""
    from sim.resources import shipped_studies

    return _beginning(incomplete, shipped_studies())


def lesson_names(incomplete: str) -> list[str]:
    """Return the names of shipped lessons, and files, that begin so."""
    from sim.training.lesson_file import shipped_lessons

    return _beginning(incomplete, shipped_lessons())


def roster_names(incomplete: str) -> list[str]:
    """Return the names of shipped rosters, and files, that begin so."""
    from sim.resources import shipped_rosters

    return _beginning(incomplete, shipped_rosters())


def shipped_names(incomplete: str) -> list[str]:
    """Return all shipped names, and files, that begin so."""
    every = (*scenario_names(incomplete), *study_names(incomplete), *lesson_names(incomplete))
    return list(dict.fromkeys(every))


def _beginning(incomplete: str, names: Iterable[str]) -> list[str]:
    """Return names and paths; a folder ends in a slash, so that one can go on in it."""
    head, slash, last = incomplete.rpartition("/")
    inside = sorted(Path(f"{head}{slash}" or ".").glob("*"))
    files = [
        f"{head}{slash}{one.name}{'/' if one.is_dir() else ''}"
        for one in inside
        if one.name.startswith(last or ("", ".")[last.startswith(".")])
        and not (one.name.startswith(".") and not last)
        and (one.suffix == ".toml" or one.is_dir())
    ]
    return [*(name for name in names if name.startswith(incomplete)), *files]
