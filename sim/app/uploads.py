"""Uploaded scenarios: checked for size and kind, written to a folder, parsed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath
from shutil import rmtree
from tempfile import mkdtemp
from typing import Protocol
from weakref import finalize

from sim.app.workspace.scenario_files import COLUMN_FILE
from sim.app.zip_upload import files_of_zip
from sim.fileio import UPLOADS, TableError
from sim.fileio.workbook import guard_workbook
from sim.scenario import Scenario
from sim.scenario.problems import listed
from sim.units import BadInputError

SUFFIXES = (".toml", ".csv", ".tsv", ".xlsx")
ZIP = ".zip"
MOST_FILES = 200
"""A calibrated center has a table of persons for each group."""
MOST_TOML = 512 * 1024
"""Bytes of a scenario file."""
MOST_TABLE = 5 * 1024 * 1024
"""Bytes of each data file."""


class Upload(Protocol):
    """Interface of an uploaded file."""

    name: str

    def getvalue(self) -> bytes:
        """Return the content."""
        ...


@dataclass
class GeneratedFile:
    """A file made by the app, used like an upload."""

    name: str
    content: bytes

    def getvalue(self) -> bytes:
        """Return the content."""
        return self.content


class UploadError(BadInputError):
    """Files that are not accepted; the message names the file and what is allowed."""


def scenario_from_files(files: Sequence[Upload]) -> Scenario:
    """Return the scenario of uploaded files.

    They are written to a folder of their own, which goes when the scenario does.

    Parameters
    ----------
    files : sequence of Upload
        One TOML file, the CSV or XLSX files it names, and the ``columns.toml`` of a calibration,
        or a ZIP file of them.

    Raises
    ------
    UploadError, sim.app.zip_upload.ZipError
        When a file is too large, of another kind, or there is not exactly one TOML file.
    sim.scenario.ScenarioError
        With every problem of the scenario.
    """
    pairs = [pair for file in files for pair in _unpacked(file)]
    contents = dict(pairs)
    _guard([name for name, _ in pairs], contents)
    toml = next(filter(is_scenario_file, contents))
    try:
        text = contents[toml].decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UploadError(f"{toml}: must be UTF-8 text") from None
    folder = Path(mkdtemp(prefix="ccplan-"))
    try:
        for name, content in contents.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)
        scenario = Scenario.parse(text, folder, name=toml, confined=True)
    except BaseException:
        rmtree(folder, ignore_errors=True)
        raise
    finalize(scenario, rmtree, folder, ignore_errors=True)
    return scenario


def _unpacked(file: Upload) -> list[tuple[str, bytes]]:
    """Return an upload as names and contents, of a ZIP file those inside."""
    name = bare_name(file.name)
    if not name.lower().endswith(ZIP):
        return [(name, file.getvalue())]
    return list(files_of_zip(name, file.getvalue()).items())


def title_of_upload(files: Sequence[Upload]) -> str:
    """Return the name of the ZIP file, else of the scenario file, without its ending."""
    names = [bare_name(file.name) for file in files]
    packed = [name for name in names if name.lower().endswith(ZIP)]
    return next((Path(one).stem for one in packed or filter(is_scenario_file, names)), "")


def is_scenario_file(name: str) -> bool:
    """Return whether a file is a scenario, and not the columns that a calibration leaves."""
    return name.lower().endswith(".toml") and PurePosixPath(name).name != COLUMN_FILE


def bare_name(path: str) -> str:
    """Return the bare name of a file, whatever folders a browser may have put before it.

    Raises
    ------
    UploadError
        When it is not a name.
    """
    name = PureWindowsPath(PurePosixPath(path).name).name
    if not name or name.startswith(".") or not name.isprintable():
        raise UploadError(f"{path!r} is not a valid file name; allowed: a name such as week.csv")
    return name


def _guard(names: Sequence[str], contents: dict[str, bytes]) -> None:
    if len(names) > MOST_FILES:
        raise UploadError(f"files: {len(names)} given; allowed: at most {MOST_FILES}")
    if len(contents) < len(names):
        raise UploadError("files: two have the same name; allowed: different names")
    for name, content in contents.items():
        guard_file(name, content)
    scenarios = [name for name in contents if is_scenario_file(name)]
    if len(scenarios) != 1:
        raise UploadError(
            f"files: {len(scenarios)} scenarios (.toml) given; allowed: exactly one, "
            "together with the CSV or XLSX files it names, or one ZIP file of them"
        )


def guard_file(name: str, content: bytes, suffixes: Sequence[str] = SUFFIXES) -> None:
    """Refuse a file of another kind, or one that is too large.

    Raises
    ------
    UploadError
        With its name and what is allowed.
    """
    suffix = Path(name).suffix.lower()
    if suffix not in suffixes:
        raise UploadError(f"{name}: is a {suffix or 'nameless'} file; allowed: {listed(suffixes)}")
    most = MOST_TOML if suffix == ".toml" else MOST_TABLE
    if len(content) > most:
        size = f"{len(content) / 1024:,.0f} KB"
        raise UploadError(f"{name}: has {size}; allowed: at most {most / 1024:,.0f} KB")
    if suffix == ".xlsx":
        try:
            guard_workbook(name, content, UPLOADS)
        except TableError as error:
            raise UploadError(str(error)) from None
