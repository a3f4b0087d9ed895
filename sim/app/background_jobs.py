"""Simulations in the background, with progress, cancellation and error messages."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import BoundedSemaphore, Event, Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.experiment import Result
    from sim.scenario import Scenario

AT_ONCE = 2
"""Jobs of all sessions that work at the same time; the others wait for their turn."""
_TURNS = BoundedSemaphore(AT_ONCE)


@contextmanager
def turn(is_stopped: Callable[[], bool]) -> Iterator[bool]:
    """Wait for a turn among the jobs of all sessions; give whether there is one.

    Parameters
    ----------
    is_stopped : callable
        Whether the job was cancelled meanwhile.
    """
    while not _TURNS.acquire(timeout=0.2):
        if is_stopped():
            yield False
            return
    try:
        yield True
    finally:
        _TURNS.release()


class StoppedError(Exception):
    """The user cancelled the work."""


@dataclass(frozen=True)
class SimulationTask:
    """A scenario, the number of its replications and the seed."""

    scenario: Scenario
    runs: int
    seed: int

    @property
    def key(self) -> tuple[str, int, int]:
        """Return what the result is stored under."""
        return self.scenario.fingerprint, self.runs, self.seed


@dataclass
class Job:
    """Scenarios that are simulated in the background.

    Attributes
    ----------
    tasks : sequence of Task
    deliver : callable
        Given each task and its result, in the thread of the job.
    what : str
        Shown with the progress.
    done : int
        Replications simulated so far, of all tasks.
    failed : str
        What went wrong, empty if nothing did.
    """

    tasks: Sequence[SimulationTask]
    deliver: Callable[[SimulationTask, Result], None]
    what: str
    done: int = 0
    failed: str = ""
    _stop: Event = field(default_factory=Event, repr=False)
    _over: Event = field(default_factory=Event, repr=False)

    @property
    def planned(self) -> int:
        """Return the replications of all tasks."""
        return sum(task.runs for task in self.tasks)

    @property
    def is_over(self) -> bool:
        """Return whether it has ended, in whatever way."""
        return self._over.is_set()

    @property
    def was_stopped(self) -> bool:
        """Return whether it was asked to stop."""
        return self._stop.is_set()

    def start(self) -> Job:
        """Begin in a thread of its own."""
        Thread(target=self._work, name=f"job: {self.what}", daemon=True).start()
        return self

    def stop(self) -> None:
        """Ask it to stop; it does after the current replication."""
        self._stop.set()

    def wait(self, seconds: float) -> bool:
        """Wait for its end, at most so long, and return whether it has ended."""
        return self._over.wait(seconds)

    def _work(self) -> None:
        try:
            with turn(lambda: self.was_stopped) as has_turn:
                for task in self.tasks if has_turn else ():
                    self.deliver(task, self._simulate(task))
        except StoppedError:
            pass
        except Exception as error:
            self.failed = f"{type(error).__name__}: {error}"
            logging.getLogger(__name__).exception("job %s failed", self.what)
        finally:
            self._over.set()

    def _simulate(self, task: SimulationTask) -> Result:
        from sim.experiment import simulate

        before = self.done

        def progress(done: int, planned: int) -> None:
            self.done = before + done
            self._go_on()

        self._go_on()
        # One process: those of the machine are shared with everyone else who is here.
        result = simulate(
            task.scenario, runs=task.runs, seed=task.seed, workers=1, progress=progress
        )
        _ = result.rows
        return result

    def _go_on(self) -> None:
        if self._stop.is_set():
            raise StoppedError
