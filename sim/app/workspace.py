"""What all pages share: the scenario at hand, results kept under a name, values of fields."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sim.units import BadInputError

if TYPE_CHECKING:
    from sim.experiment import Result
    from sim.scenario import Scenario

MOST_KEPT = 20
"""Results that may be kept at once; each holds the sums of all its runs in memory."""


@dataclass(frozen=True)
class Kept:
    """A result kept under a name.

    Attributes
    ----------
    name, note : str
    scenario : Scenario
        With its changes.
    words : tuple of str
        What was changed against the file, as people say it.
    result : Result
    """

    name: str
    note: str
    scenario: Scenario
    words: tuple[str, ...]
    result: Result


@dataclass
class Workspace:
    """One session's work.

    Attributes
    ----------
    kept : dict of str to Kept
        In the order in which they were kept.
    values : dict
        Values of fields, so that they outlive a visit to another page.
    own : (tuple of str, Scenario) or None
        The last good scenario that was uploaded, and the marks of its files.
    """

    kept: dict[str, Kept] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)
    own: tuple[tuple[str, ...], Scenario] | None = None

    def keep(self, one: Kept) -> None:
        """Keep a result.

        Raises
        ------
        BadInputError
            When the name is empty or taken, or too many are kept.
        """
        if not one.name.strip():
            raise BadInputError("name: is empty; give the result a name")
        if one.name in self.kept:
            raise BadInputError(f"name: {one.name!r} is taken; give another name")
        if len(self.kept) >= MOST_KEPT:
            raise BadInputError(
                f"results: {MOST_KEPT} are kept, which is the most; remove one first"
            )
        self.kept[one.name] = one

    def remove(self, name: str) -> None:
        """Forget a kept result; nothing happens when there is none of the name."""
        self.kept.pop(name, None)

    def free_name(self, wish: str) -> str:
        """Return a name that is not taken: the wish, or the wish with a number."""
        name, number = wish, 2
        while name in self.kept:
            name, number = f"{wish} ({number})", number + 1
        return name


def workspace() -> Workspace:
    """Return the workspace of the session, a fresh one at first."""
    import streamlit as st

    if "workspace" not in st.session_state:
        st.session_state["workspace"] = Workspace()
    found: Workspace = st.session_state["workspace"]
    return found


def recall(key: str, default: Any) -> str:
    """Give a field its last value before it is drawn, and return its key.

    Streamlit forgets the value of a field once a page without it is shown.
    """
    import streamlit as st

    if key not in st.session_state:
        st.session_state[key] = workspace().values.get(key, default)
    return key


def remember(key: str) -> Any:
    """Store the value of a field after it was drawn, and return it."""
    import streamlit as st

    value = st.session_state[key]
    workspace().values[key] = value
    return value


def as_text(name: str) -> str:
    """Return a name so that Markdown shows it letter by letter."""
    return re.sub(r"([\\`*_{}\[\]()#+\-.!|~<>$:&])", r"\\\1", " ".join(name.split()))
