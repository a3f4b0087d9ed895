"""Simulating for a page: with progress, stopped by a new wish, and never twice the same."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.experiment import Result
    from sim.scenario import Scenario

MOST_STORED = 40
"""Results that the store holds before the oldest one goes."""
MANY = 3_000_000
"""Expected contacts of an experiment above which a page asks before it simulates."""

Key = tuple[str, int, int]


@dataclass
class Store:
    """Results by scenario, runs and seed, shared by all sessions of this process.

    The key holds the fingerprint of every field and file of the scenario, so a result can be
    found only by someone who has the same scenario.
    """

    results: OrderedDict[Key, Result] = field(default_factory=OrderedDict)
    lock: Lock = field(default_factory=Lock)

    def get(self, key: Key) -> Result | None:
        """Return a stored result, or None."""
        with self.lock:
            if key in self.results:
                self.results.move_to_end(key)
            return self.results.get(key)

    def put(self, key: Key, result: Result) -> None:
        """Store a result; the one not asked for the longest goes when there are too many."""
        with self.lock:
            self.results[key] = result
            while len(self.results) > MOST_STORED:
                self.results.popitem(last=False)


def store() -> Store:
    """Return the store of this process."""
    import streamlit as st

    @st.cache_resource(show_spinner=False)
    def shared() -> Store:
        return Store()

    return shared()


def simulated(scenario: Scenario, runs: int, seed: int, what: str = "Simulating") -> Result:
    """Simulate a scenario unless it is stored, and show how far it has come.

    Parameters
    ----------
    scenario : Scenario
    runs : int
    seed : int
    what : str
        Shown with the progress.

    Raises
    ------
    sim.scenario.ScenarioError
        When its fields do not fit together.
    """
    import streamlit as st

    from sim.experiment import simulate

    key = (scenario.fingerprint, runs, seed)
    found = store().get(key)
    if found is not None:
        return found
    bar = st.progress(0.0, f"{what}: run 0 of {runs}")

    def show(done: int, planned: int) -> None:
        # Streamlit ends the script here when a field has changed meanwhile.
        bar.progress(done / planned, f"{what}: run {done} of {planned}")

    result = simulate(scenario, runs=runs, seed=seed, progress=show)
    bar.progress(1.0, f"{what}: working out the figures")
    _ = result.rows, result.interval_rows
    bar.empty()
    store().put(key, result)
    return result


def asked_for_many(scenario: Scenario, runs: int, key: str) -> bool:
    """Return whether an experiment may start: at once, or after a question when it is long."""
    import streamlit as st

    from sim.model import build
    from sim.report.views import expected_contacts

    contacts = expected_contacts(build(scenario)) * runs
    if contacts <= MANY:
        return True
    st.warning(
        f"{runs} runs mean about {contacts / 1e6:,.1f} million contacts, which may take minutes.",
        icon=":material/hourglass_top:",
    )
    return bool(st.checkbox("Simulate all the same", key=key))
