"""Plans that are computed in the background: progress, cancellation, and the result."""

from __future__ import annotations

import datetime as dt
import logging
import math
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from threading import Event, Thread
from typing import Any

from sim.app.background_jobs import turn
from sim.app.polling import polled
from sim.cancellation import cancelled_by
from sim.units import BadInputError

POLL_S = 0.7
"""Seconds between two updates of the progress."""
STOP_S = 1.5
"""Seconds for which a page waits for a plan that was cancelled."""


@dataclass(frozen=True)
class StepsDone:
    """Progress of work whose steps are known.

    Attributes
    ----------
    what : str
        What is done now.
    done, steps : int
        Steps of it that are done, and all.
    stage, stages : int
        Stages that were done before it, and all.
    """

    what: str
    done: int
    steps: int
    stage: int = 0
    stages: int = 1

    @property
    def share(self) -> float:
        """Return the share of all work that is done, taking stages as equally long."""
        of_stage = min(self.done / self.steps, 1.0) if self.steps else 0.0
        return (self.stage + of_stage) / self.stages


@dataclass
class PlanningJob:
    """A plan that is computed in a thread of its own.

    Attributes
    ----------
    key : hashable
        What it is computed from; another key is another plan.
    what : str
        Shown with the progress.
    work : callable
        Takes this job and returns the plan. It calls :meth:`report` with what it has reached, and
        ends when :attr:`was_stopped`.
    limit_s : float
        Time limit of the search; infinite for work that reports :class:`StepsDone`.
    noun : str
        What the result is called.
    file : str
        Name of the file that it reads, if any.
    state : object
        Last report.
    result : object
        The plan; None before its end, or when there is none.
    wrong : BadInputError or None
        What is wrong with the input.
    failed : str
        What went wrong otherwise, empty if nothing did.
    clock : str
        Time of day at which it was started.
    """

    key: Hashable
    what: str
    work: Callable[[PlanningJob], Any]
    limit_s: float = math.inf
    noun: str = "plan"
    file: str = ""
    state: Any = None
    result: Any = None
    wrong: BadInputError | None = None
    failed: str = ""
    began: float = field(default_factory=time.monotonic)
    clock: str = field(default_factory=lambda: f"{dt.datetime.now():%H:%M}")
    _stop: Event = field(default_factory=Event, repr=False)
    _over: Event = field(default_factory=Event, repr=False)

    @property
    def seconds(self) -> float:
        """Return the time since the start."""
        return time.monotonic() - self.began

    @property
    def is_over(self) -> bool:
        """Return whether it has ended, in whatever way."""
        return self._over.is_set()

    @property
    def is_cancelled(self) -> bool:
        """Return whether it was stopped and can have no result: without a best one so far."""
        return self.was_stopped and math.isinf(self.limit_s)

    @property
    def was_stopped(self) -> bool:
        """Return whether it was asked to stop."""
        return self._stop.is_set()

    def report(self, state: Any) -> None:
        """Take what the search has reached."""
        self.state = state

    def start(self) -> PlanningJob:
        """Begin in a thread of its own."""
        Thread(target=self._run, name=f"plan: {self.what}", daemon=True).start()
        return self

    def stop(self) -> None:
        """Ask it to stop; the best plan so far, if any, becomes its result."""
        self._stop.set()

    def step(self, what: str, done: int, steps: int, stage: int = 0, stages: int = 1) -> None:
        """Take how many steps are done; arguments as the attributes of :class:`StepsDone`.

        Raises
        ------
        KeyboardInterrupt
            When the work was cancelled.
        """
        if self.was_stopped:
            raise KeyboardInterrupt
        self.state = StepsDone(what, done, steps, stage, stages)

    def wait(self, seconds: float) -> bool:
        """Wait for its end, at most so long, and return whether it has ended."""
        return self._over.wait(seconds)

    def _end_if_cancelled(self) -> None:
        if self.is_cancelled:
            raise KeyboardInterrupt

    def _run(self) -> None:
        try:
            with turn(lambda: self.was_stopped) as has_turn:
                if has_turn:
                    self.began = time.monotonic()
                    with cancelled_by(self._end_if_cancelled):
                        self.result = self.work(self)
        except BadInputError as error:
            self.wrong = error
        except KeyboardInterrupt:  # cancelled before there was any plan
            pass
        except Exception as error:
            self.failed = f"{type(error).__name__}: {error}"
            logging.getLogger(__name__).exception("plan %s failed", self.what)
        finally:
            self.work = _nothing  # it may hold what was uploaded
            self._over.set()


LATEST: dict[tuple[str, str], PlanningJob] = {}
"""The latest plan of each workspace and slot: a reloaded page has a new session."""
MOST_LATEST = 20


def _nothing(job: PlanningJob) -> None:
    """Stand for work that has ended."""


def start_plan(slot: str, job: PlanningJob) -> None:
    """Start a plan; one that the session computes in the same slot is stopped."""
    import streamlit as st

    before = st.session_state.get(f"plan:{slot}")
    if isinstance(before, PlanningJob):
        before.stop()
    place = _place(slot)
    LATEST.pop(place, None)
    st.session_state[f"plan:{slot}"] = LATEST[place] = job.start()
    for old in list(LATEST)[:-MOST_LATEST]:
        del LATEST[old]


def plan_job(slot: str, key: Hashable) -> PlanningJob | None:
    """Return the plan of a slot; None where there is none, or it was made from something else."""
    import streamlit as st

    job = st.session_state.get(f"plan:{slot}")
    return job if isinstance(job, PlanningJob) and job.key == key else None


def earlier_plan(slot: str, words: Callable[[Any], str]) -> PlanningJob | None:
    """Return the latest plan of a slot in this workspace; say of which file it is and how far.

    A page shows it where its upload is gone: the browser drops uploads when another page is
    opened, or this one is reloaded, while the work goes on. The last known state is said in the
    same sentence: a busy machine may send the progress itself some seconds later.

    Parameters
    ----------
    slot : str
    words : callable
        Takes a report of the work; returns it in words.
    """
    import streamlit as st

    from sim.app.workspace import as_text

    job = st.session_state.setdefault(f"plan:{slot}", LATEST.get(_place(slot)))
    if not isinstance(job, PlanningJob):
        return None
    said = f"{job.noun.capitalize()} of {job.file}, started at {job.clock}"
    if not job.is_over | job.was_stopped:
        state = "" if job.state is None else f". {words(job.state)}"
        said += f", is under way{state}"
    st.caption(as_text(f"{said}."))
    return job


def _place(slot: str) -> tuple[str, str]:
    """Return the workspace of the session, and the slot."""
    from sim.app.workspace import workspace

    return str(workspace().folder.root), slot


def running_plan(slot: str) -> PlanningJob | None:
    """Return the plan of a slot that is being computed; None where there is none."""
    import streamlit as st

    job = st.session_state.get(f"plan:{slot}")
    return job if isinstance(job, PlanningJob) and not job.is_over | job.was_stopped else None


def forget_plan(slot: str) -> None:
    """Forget the plan of a slot."""
    import streamlit as st

    LATEST.pop(_place(slot), None)
    job = st.session_state.pop(f"plan:{slot}", None)
    if isinstance(job, PlanningJob):
        job.stop()


def finished_plan(
    slot: str, key: Hashable, words: Callable[[Any], str], draw: Callable[[Any], None] | None = None
) -> Any:
    """Draw how far a plan is, or what went wrong; return it when it is finished.

    Parameters
    ----------
    slot : str
    key : hashable
    words : callable
        Takes a report of the work; returns it in words.
    draw : callable, optional
        Draws a report.

    Returns
    -------
    object or None
        None while there is no plan.
    """
    import streamlit as st

    from sim.app.scenario_picker import show_problems
    from sim.app.workspace import as_text

    job = plan_job(slot, key)
    if job is None:
        return None
    if job.is_cancelled:
        st.info(f"Cancelled; no {job.noun} was made.", icon=":material/block:")
        return None
    if not job.is_over:
        _show_progress(job, slot, words, draw)
        return None
    if job.wrong is not None:
        show_problems(job.wrong)
    elif job.failed:
        st.error(
            f"The {job.noun} failed: {as_text(job.failed)}  \nSaved work is safe. Report it if it "
            "fails a second time.",
            icon=":material/error:",
        )
    elif job.result is None:
        st.info(f"Cancelled; no {job.noun} was made.", icon=":material/block:")
    elif job.was_stopped:
        st.info(
            "Cancelled: this is the best plan found until then.", icon=":material/block:"
        )  # fmt: skip
    return job.result


def _show_progress(
    job: PlanningJob,
    slot: str,
    words: Callable[[Any], str],
    draw: Callable[[Any], None] | None,
) -> None:
    """Draw the time used, the best plan so far, and a button that cancels the search."""
    import streamlit as st

    def look() -> None:
        if job.is_over:
            st.rerun()
        left, right = st.columns([6, 1], vertical_alignment="center")
        left.progress(*_reached(job, words))
        if job.was_stopped:
            st.caption("Cancelling: the present step is finished first.")
            return
        if right.button("Cancel", key=f"cancel:{slot}", icon=":material/close:", width="stretch"):
            job.stop()
            if not job.is_cancelled:
                job.wait(STOP_S)
            st.rerun()
        if draw is not None and job.state is not None:
            draw(job.state)

    polled(look, POLL_S)


def _reached(job: PlanningJob, words: Callable[[Any], str]) -> tuple[float, str]:
    """Return the share of the work that is done, of its steps or of its time, and its text."""
    reached = "" if job.state is None else f". {words(job.state)}"
    if math.isinf(job.limit_s):
        share = job.state.share if isinstance(job.state, StepsDone) else 0.0
        return share, f"{job.what}: {job.seconds:.0f} s{reached}"
    limit = f"of at most {job.limit_s:.0f} s"
    if job.seconds > job.limit_s:
        limit = "- the time limit is over, the plan is being finished"
    return (
        min(job.seconds / job.limit_s, 1.0),
        f"{job.what}: {job.seconds:.0f} s {limit}{reached}",
    )
