"""Choosing a scenario: one that is shipped, or files of one's own."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sim.app.uploads import MOST_BESIDE, SUFFIXES, received
from sim.app.workspace import as_text, recall, remember, workspace
from sim.units import BadInputError

if TYPE_CHECKING:
    from sim.scenario import Scenario

OWN = "Files of my own"
FIRST = "retail_monday"
"""Shipped scenario that is shown at first."""


@dataclass(frozen=True)
class Chosen:
    """A scenario as its file says it.

    Attributes
    ----------
    scenario : Scenario
    source : str
        Name of the shipped scenario or of the file, for the command line.
    question : str
        The question that the file asks in its first comment, or empty.
    """

    scenario: Scenario
    source: str
    question: str


def chosen() -> Chosen | list[str]:
    """Draw the choice of a scenario and return it, or what is wrong with it.

    Returns
    -------
    Chosen or list of str
        An empty list as long as nothing is chosen.
    """
    import streamlit as st

    from sim.scenario import ScenarioError, load
    from sim.shipped import shipped_scenarios

    files = shipped_scenarios()
    names = [*files, OWN]
    key = recall("scenario", FIRST if FIRST in files else names[0])
    st.selectbox(
        "Scenario",
        names,
        key=key,
        format_func=lambda name: _title(files[name]) if name in files else name,
        help="One that comes with the planner, or a scenario file (TOML) of your own.",
    )
    name = remember(key)
    if name == OWN:
        return _own()
    try:
        return Chosen(load(files[name]), name, question_of(files[name]))
    except ScenarioError as error:
        return str(error).splitlines()


def _title(file: Path) -> str:
    """Return the name that a scenario file gives its center, else that of the file."""
    with file.open("rb") as content:
        center = tomllib.load(content).get("center", {})
    return str(center.get("name", file.stem))


def question_of(file: Path) -> str:
    """Return the first comment of a scenario file as running text."""
    lines = []
    for line in file.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            break
        lines.append(line.lstrip("# ").strip())
    paragraphs = "\n".join(lines).split("\n\n")
    return " ".join(paragraphs[0].split())


def _own() -> Chosen | list[str]:
    """Draw the upload and return its scenario, the last good one when it was seen before."""
    import streamlit as st

    files = st.file_uploader(
        "Scenario file and the files it names",
        type=[suffix.lstrip(".") for suffix in SUFFIXES],
        accept_multiple_files=True,
        max_upload_size=MOST_BESIDE // 1024**2,
        key="upload",
        help="One TOML file, with the CSV or XLSX files it names. They stay on this machine.",
    )
    space = workspace()
    if not files:
        if space.own is None:
            st.info("Add a scenario file to begin.", icon=":material/upload_file:")
            return []
        st.caption(f"Using {as_text(space.own[1].name)}, uploaded before.")
        return Chosen(space.own[1], "FILE", "")
    marks = tuple(file.file_id for file in files)
    try:
        if space.own is None or space.own[0] != marks:
            space.own = (marks, received(files))
    except BadInputError as error:
        problems = str(error).splitlines()
        count = "One problem" if len(problems) == 1 else f"{len(problems)} problems"
        st.error(f"{count}, told at the right.", icon=":material/error:")
        return problems
    toml = next(file.name for file in files if file.name.lower().endswith(".toml"))
    return Chosen(space.own[1], toml, "")


def tell(problems: BadInputError | Iterable[str]) -> None:
    """Show problems as the command line words them, each on its own."""
    import streamlit as st

    lines = str(problems).splitlines() if isinstance(problems, BadInputError) else problems
    for line in lines:
        st.error(as_text(line), icon=":material/error:")
