"""Simulation for pages: first replications at once, the rest in the background, all cached."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING

from sim.app.background_jobs import Job, SimulationTask
from sim.app.polling import polled
from sim.units import BadInputError

if TYPE_CHECKING:
    from sim.experiment import Result
    from sim.scenario import Scenario

MOST_STORED = 60
"""Results in the cache before the least recently used one is dropped."""
MANY = 3_000_000
"""Expected contacts of an experiment above which a page asks before it simulates."""
AT_ONCE = 150_000
"""Expected contacts that are simulated before a page shows its first results."""
MOMENT = 1_000_000
"""Expected contacts above which nothing is simulated while a page waits."""
FEWEST = 2
"""Replications shown first; a single one has no confidence interval."""

POLL_S = 0.4
"""Seconds between two updates of the progress of a job."""
MOST_CONTACTS = 5_000_000
"""Expected contacts of one replication that the app accepts: some four gigabytes."""

Key = tuple[str, int, int]


@dataclass
class ResultCache:
    """Results by scenario, replications and seed, shared by all sessions of this process.

    The key holds the fingerprint of every field and file of the scenario, so a result can be
    found only by someone who has the same scenario.
    """

    results: OrderedDict[Key, Result] = field(default_factory=OrderedDict)
    lock: Lock = field(default_factory=Lock)

    def get(self, key: Key) -> Result | None:
        """Return a cached result, or None."""
        with self.lock:
            if key in self.results:
                self.results.move_to_end(key)
            return self.results.get(key)

    def put(self, key: Key, result: Result) -> None:
        """Store a result; the least recently used one is dropped when there are too many."""
        with self.lock:
            self.results[key] = result
            while len(self.results) > MOST_STORED:
                self.results.popitem(last=False)


def result_cache() -> ResultCache:
    """Return the cache of this process."""
    import streamlit as st

    @st.cache_resource(show_spinner=False)
    def shared() -> ResultCache:
        return ResultCache()

    return shared()


def simulate_now(scenario: Scenario, runs: int, seed: int, what: str = "Simulating") -> Result:
    """Simulate a scenario unless it is cached, and show the progress.

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
    found = result_cache().get(key)
    if found is not None:
        return found
    bar = st.progress(0.0, f"{what}: 0 of {runs} replications")

    def show(done: int, planned: int) -> None:
        # Streamlit ends the script here when a field has changed meanwhile.
        bar.progress(done / planned, f"{what}: {done} of {planned} replications")

    result = simulate(scenario, runs=runs, seed=seed, workers=1, progress=show)
    bar.progress(1.0, f"{what}: computing metrics")
    _ = result.rows
    bar.empty()
    result_cache().put(key, result)
    return result


def first_runs(scenario: Scenario, runs: int) -> int:
    """Return how many replications are simulated before anything is shown."""
    return min(runs, max(FEWEST, int(AT_ONCE / max(contacts(scenario), 1.0))))


def contacts(scenario: Scenario) -> float:
    """Return the expected contacts of one replication of a scenario.

    Raises
    ------
    BadInputError
        When they are more than a planner shared by several people can hold.
    """
    from sim.model import build
    from sim.report.result_views import expected_contacts

    expected = expected_contacts(build(scenario))
    if expected > MOST_CONTACTS:
        raise BadInputError(
            f"{expected / 1e6:,.0f} million contacts per replication are too many for the app; "
            f"allowed: {MOST_CONTACTS / 1e6:,.0f} million here, more with ccplan run"
        )
    return expected


def cached_result(scenario: Scenario, runs: int, seed: int) -> Result | None:
    """Return a cached result, or None."""
    return result_cache().get((scenario.fingerprint, runs, seed))


def start_job(tasks: Sequence[SimulationTask], what: str, slot: str) -> Job | None:
    """Simulate scenarios in the background, unless all are cached.

    A session has one job for each slot: one for other tasks is stopped.

    Returns
    -------
    Job or None
        None when there is nothing to do.
    """
    import streamlit as st

    results, name = result_cache(), f"job:{slot}"
    missing = [task for task in tasks if results.get(task.key) is None]
    before: Job | None = st.session_state.get(name)
    if before is not None and [t.key for t in before.tasks] == [t.key for t in tasks]:
        if missing or not before.is_over:
            return before
    elif before is not None:
        before.stop()
    if not missing:
        st.session_state.pop(name, None)
        return None
    job = Job(list(tasks), lambda task, result: results.put(task.key, result), what)
    st.session_state[name] = job
    return job.start()


def simulate_all(tasks: Sequence[SimulationTask], what: str, slot: str) -> list[Result] | None:
    """Return results in their order, simulated at once or, if that takes long, in the background.

    Returns
    -------
    list of Result or None
        None while they are being simulated; the progress is drawn.
    """
    missing = [task for task in tasks if result_cache().get(task.key) is None]
    expected = sum(contacts(task.scenario) * task.runs for task in missing)
    if expected > MOMENT or _has_job(tasks, slot):
        job = start_job(tasks, what, slot)
        if job is not None:
            show_progress(job, slot)
            return None
    return [simulate_now(task.scenario, task.runs, task.seed, what) for task in tasks]


def _has_job(tasks: Sequence[SimulationTask], slot: str) -> bool:
    """Return whether a job works on these tasks, or ended early."""
    import streamlit as st

    job: Job | None = st.session_state.get(f"job:{slot}")
    if job is None or [t.key for t in job.tasks] != [t.key for t in tasks]:
        return False
    return not job.is_over or job.was_stopped or bool(job.failed)


def result_or_stop(scenario: Scenario, runs: int, seed: int, what: str, slot: str) -> Result:
    """Return a result, simulated as :func:`simulate_all` does.

    Until it is available the page ends here, and is redrawn afterwards.
    """
    import streamlit as st

    found = simulate_all([SimulationTask(scenario, runs, seed)], what, slot)
    return st.stop() if found is None else found[0]


def forget_job(slot: str) -> None:
    """Forget a job that has ended, so that it can be restarted."""
    import streamlit as st

    st.session_state.pop(f"job:{slot}", None)


def show_progress(job: Job, slot: str) -> None:
    """Draw the progress of a job and a button that cancels it; redraw the page at its end."""
    import streamlit as st

    def look() -> None:
        if job.is_over and not job.failed and not job.was_stopped:
            st.rerun()
        if job.is_over:
            _ended(job, slot)
            return
        left, right = st.columns([6, 1], vertical_alignment="center")
        left.progress(
            min(job.done / max(job.planned, 1), 1.0),
            f"{job.what}: {job.done} of {job.planned} replications. You can continue meanwhile.",
        )
        if right.button("Cancel", key=f"cancel:{slot}", icon=":material/close:", width="stretch"):
            job.stop()
            job.wait(2.0)
            st.rerun()

    polled(look, None if job.is_over else POLL_S)


def _ended(job: Job, slot: str) -> None:
    """Say why a job ended early, and offer to restart it."""
    import streamlit as st

    from sim.app.workspace import as_text

    if job.failed:
        st.error(
            f"The simulation failed: {as_text(job.failed)}  \nSaved work is safe. Undo the last "
            "change and retry; if it still fails, report it with the command under *Export*.",
            icon=":material/error:",
        )
    else:
        st.info(
            f"Cancelled after {job.done} of {job.planned} replications.", icon=":material/block:"
        )
    st.button(
        "Restart",
        key=f"again:{slot}",
        icon=":material/replay:",
        on_click=forget_job,
        args=(slot,),
    )


def confirm_large(scenario: Scenario, runs: int, key: str, most: float = MANY) -> bool:
    """Return whether an experiment may start: at once, or after a question when it is long."""
    import streamlit as st

    expected = contacts(scenario) * runs
    if expected <= most:
        return True
    st.warning(
        f"{runs} replications have about {expected / 1e6:,.1f} million contacts, which may take "
        "minutes.",
        icon=":material/hourglass_top:",
    )
    return bool(st.checkbox("Simulate anyway", key=key))
