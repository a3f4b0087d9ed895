"""The workspace: scenarios, variants and saved results in a folder of plain files."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from sim.app.workspace.folder import Folder
from sim.app.workspace.history import Content, Version, add_version, content_of, versions
from sim.app.workspace.names import free, slug
from sim.app.workspace.results import RESULTS, SavedResult, read_saved_result, write_saved_result
from sim.app.workspace.scenario_files import content_at, read_scenario, write_scenario
from sim.app.workspace.variants import VARIANTS, Variant, read_variant, write_variant
from sim.units import BadInputError

if TYPE_CHECKING:
    from sim.scenario import Scenario

MOST_SAVED = 50
"""Most results, and most variants, that can be saved."""
MOST_SCENARIOS = 50
SCENARIOS = "scenarios"
VALUES = "values.json"
T = TypeVar("T")


class Workspace:
    """The work of one user.

    What the files hold is what there is: two windows on one workspace see each other's work.

    Parameters
    ----------
    folder : Folder
    """

    def __init__(self, folder: Folder) -> None:
        self.folder = folder
        self.values: dict[str, Any] = self._stored_values()
        """Values of fields, so that they outlive a visit to another page, and a restart."""
        self._seen: dict[str, tuple[int, Any]] = {}

    # Results -----------------------------------------------------------------------------------

    @property
    def saved_results(self) -> dict[str, SavedResult]:
        """Return the saved results by name, in the order in which they were saved."""
        found = [one for _, one in sorted(self._places(), key=lambda pair: pair[0])]
        return {one.name: one for one in found}

    def _places(self) -> list[tuple[tuple[int, str], SavedResult]]:
        places = [f"{RESULTS}/{name}" for name in self.folder.folders(RESULTS)]
        return [
            ((self.folder.stamp(f"{place}/result.toml"), place), one)
            for place in places
            if isinstance(
                one := self._read(place, f"{place}/result.toml", read_saved_result), SavedResult
            )
        ]

    def save_result(self, one: SavedResult) -> None:
        """Save a result.

        Raises
        ------
        BadInputError
            When the name is empty or taken, there are too many, or the disk is full.
        """
        taken = self.saved_results
        _check(one.name, taken, "results")
        place = f"{RESULTS}/{self._free(RESULTS, one.name)}"
        try:
            write_saved_result(self.folder, place, one)
        except BaseException:
            self.folder.remove(place)
            raise
        if one.result is not None:  # no need to simulate it again in this session
            self._seen[place] = (self.folder.stamp(f"{place}/result.toml"), one)

    def remove_result(self, name: str) -> None:
        """Remove a saved result; nothing happens when there is none of the name."""
        for (_, place), one in self._places():
            if one.name == name:
                self.folder.remove(place)

    def free_name(self, wish: str) -> str:
        """Return a name that is not taken: the wish, or the wish with a number."""
        return free(wish, self.saved_results)

    # Variants ----------------------------------------------------------------------------------

    def variants(self, base: str | None = None) -> dict[str, Variant]:
        """Return the variants by name: of one scenario, or all."""
        files = [f"{VARIANTS}/{name}" for name in self.folder.files(VARIANTS, ".toml")]
        read = (self._read(file, file, read_variant) for file in files)
        found = [one for one in read if isinstance(one, Variant) and base in (None, one.base)]
        return {one.name: one for one in found}

    @property
    def variant_count(self) -> int:
        """Return how many variants of all scenarios there are."""
        return len(self.folder.files(VARIANTS, ".toml"))

    def save_variant(self, one: Variant) -> None:
        """Save a variant; its name is unique for its scenario.

        Raises
        ------
        BadInputError
            When the name is empty or taken, or there are too many.
        """
        _check(one.name, self.variants(one.base), "variants", self.variant_count)
        name = self._free(VARIANTS, one.name, ".toml")
        write_variant(self.folder, f"{VARIANTS}/{name}.toml", one)

    def remove_variant(self, base: str, name: str = "") -> None:
        """Remove a variant of a scenario, or all of them."""
        for place, one in self._variant_files(base):
            if name in ("", one.name):
                self.folder.remove(place)

    def change_variant(self, name: str, one: Variant) -> bool:
        """Write a variant in place of the one of a name; return whether there is one.

        Raises
        ------
        BadInputError
            When it cannot be written; it stays as it was.
        """
        places = [place for place, known in self._variant_files(one.base) if known.name == name]
        for place in places:
            write_variant(self.folder, place, one)
        return bool(places)

    def move_variants(self, base: str, other: str) -> None:
        """Move the variants of a scenario to its new name, all of them or none.

        One whose name is taken there gets a number after it.

        Raises
        ------
        BadInputError
            When one cannot be written.
        """
        taken = set(self.variants(other))
        found = self._variant_files(base)
        try:
            for place, one in found:
                name = free(one.name, taken)
                taken.add(name)
                write_variant(self.folder, place, replace(one, name=name, base=other))
        except BadInputError:
            for place, one in found:
                write_variant(self.folder, place, one)
            raise

    def _variant_files(self, base: str) -> list[tuple[str, Variant]]:
        """Return the variants of a scenario with their files."""
        places = [f"{VARIANTS}/{file}" for file in self.folder.files(VARIANTS, ".toml")]
        read = [(place, self._read(place, place, read_variant)) for place in places]
        return [(at, one) for at, one in read if isinstance(one, Variant) and one.base == base]

    def copy_variants(self, base: str, other: str) -> None:
        """Copy the variants of a scenario to a copy of it, up to the limit."""
        known = self.variants(other)
        for one in self.variants(base).values():
            if one.name not in known and self.variant_count < MOST_SAVED:
                self.save_variant(replace(one, base=other))

    # Scenarios ---------------------------------------------------------------------------------

    @property
    def scenarios(self) -> dict[str, Scenario]:
        """Return the user's own scenarios by the name of their folder; damaged ones left out."""
        names = self.folder.folders(SCENARIOS)
        read = {n: self._read(f"{SCENARIOS}/{n}", self._file_of(n), read_scenario) for n in names}
        return {n: one for n, one in read.items() if one is not None and not isinstance(one, str)}

    def _file_of(self, name: str) -> str:
        return f"{SCENARIOS}/{name}/scenario.toml"

    def add_scenario(self, scenario: Scenario, name: str = "") -> str:
        """Save a scenario of the user's own, and return the name of its folder.

        The same scenario is not saved twice.

        Raises
        ------
        BadInputError
            When there are too many, or it was not read from a file.
        """
        for known, one in self.scenarios.items():
            if (one.fingerprint, one.text) == (scenario.fingerprint, scenario.text):
                return known
        if len(self.folder.folders(SCENARIOS)) >= MOST_SCENARIOS:
            raise BadInputError(
                f"scenarios: at most {MOST_SCENARIOS} can be saved; remove one first"
            )
        found = self._free(SCENARIOS, name or scenario.name)
        write_scenario(self.folder, f"{SCENARIOS}/{found}", scenario)
        return found

    def change_scenario(self, name: str, scenario: Scenario) -> None:
        """Write another text of a scenario of the user's own, and the files it reads.

        The previous state is saved as a version.
        """
        if (now := self.scenarios.get(name)) is not None:
            add_version(self.folder, f"{SCENARIOS}/{name}", content_at(now))
        write_scenario(self.folder, f"{SCENARIOS}/{name}", scenario)

    def versions(self, name: str) -> list[Version]:
        """Return what a scenario of the user's own was before, the latest first."""
        return versions(self.folder, f"{SCENARIOS}/{name}")

    def version_content(self, name: str, version: Version) -> Content:
        """Return text and files of a version; BadInputError when one cannot be read."""
        return content_of(self.folder, f"{SCENARIOS}/{name}", version)

    def rename_scenario(self, name: str, wish: str) -> str:
        """Give the folder of a scenario another name, and return the one it got.

        Raises
        ------
        BadInputError
            When the wish is empty, or the folder cannot be renamed.
        """
        if not wish.strip():
            raise BadInputError("file: is empty; give it a name")
        if slug(wish) == name:
            return name
        found = self._free(SCENARIOS, wish)
        before, after = (self.folder.at(f"{SCENARIOS}/{one}") for one in (name, found))
        try:
            before.rename(after)
        except OSError as error:
            raise BadInputError(f"file: cannot be renamed: {error.strerror}") from None
        return found

    def remove_scenario(self, name: str) -> None:
        """Remove a scenario of the user's own."""
        self.folder.remove(f"{SCENARIOS}/{name}")

    # Values of fields --------------------------------------------------------------------------

    def set_value(self, key: str, value: Any) -> None:
        """Store the value of a field; it is written when it is another one.

        Only this one: another window may have written others meanwhile.
        """
        if key in self.values and self.values[key] == value:
            return
        self.values[key] = value
        if _is_plain(value):
            self._write_values(self._stored_values() | {key: value})

    def copy_values(self, prefix: str, other: str) -> None:
        """Copy the values of some fields to another prefix."""
        for key in [key for key in self.values if key.startswith(prefix)]:
            self.set_value(other + key.removeprefix(prefix), self.values[key])

    def forget_values(self, prefix: str) -> None:
        """Forget the values of the fields that begin so."""
        self.values = {k: v for k, v in self.values.items() if not k.startswith(prefix)}
        stored = self._stored_values()
        self._write_values({k: v for k, v in stored.items() if not k.startswith(prefix)})

    def _write_values(self, values: dict[str, Any]) -> None:
        """Write the values of fields; a full disk loses them, no more."""
        try:
            self.folder.write(VALUES, json.dumps(values, ensure_ascii=False, indent=0))
        except BadInputError:
            return

    def _stored_values(self) -> dict[str, Any]:
        try:
            found = json.loads(self.folder.read(VALUES))
        except (BadInputError, ValueError, RecursionError):
            return {}
        return found if isinstance(found, dict) else {}

    # Shared -------------------------------------------------------------------------------------

    @property
    def damaged(self) -> list[str]:
        """Return what cannot be read, one sentence each; it is left where it is."""
        _ = self.saved_results, self.variants(), self.scenarios
        return [
            found
            for place, (_, found) in self._seen.items()
            if isinstance(found, str) and self.folder.at(place).exists()
        ]

    def _read(self, place: str, file: str, read: Callable[[Folder, str], T]) -> T | str | None:
        """Return what stands at a place, what is wrong with it, or None where nothing is.

        It is read again only when its file was changed.
        """
        stamp = self.folder.stamp(file)
        if not stamp:
            return None
        before = self._seen.get(place)
        if before is None or before[0] != stamp:
            found: T | str
            try:
                found = read(self.folder, place)
            except (BadInputError, ValueError, TypeError, KeyError) as error:
                found = f"{place}: {error}" if place not in str(error) else str(error)
            self._seen[place] = before = (stamp, found)
        known: T | str = before[1]
        return known

    def _free(self, folder: str, name: str, suffix: str = "") -> str:
        path = self.folder.at(folder)
        taken = {p.name.removesuffix(suffix) for p in path.iterdir()} if path.is_dir() else set()
        return free(slug(name), taken, "{}-{}")


def open_workspace(root: Path, most: int | None = None) -> Workspace:
    """Return the workspace of a folder, which may be bounded in bytes."""
    return Workspace(Folder(root, most))


def _check(name: str, taken: dict[str, Any], what: str, count: int | None = None) -> None:
    if not name.strip():
        raise BadInputError(f"name: is empty; enter a name for the {what.removesuffix('s')}")
    if name in taken:
        raise BadInputError(f"name: {name!r} is taken; enter another name")
    if (len(taken) if count is None else count) >= MOST_SAVED:
        raise BadInputError(f"{what}: at most {MOST_SAVED} can be saved; remove one first")


def _is_plain(value: Any) -> bool:
    if isinstance(value, list | tuple):
        return len(value) <= 1000 and all(_is_plain(item) for item in value)
    return value is None or isinstance(value, bool | int | float | str)
