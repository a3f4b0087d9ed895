"""Starts and stops the processes of sweeps, and knows which are running."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from sim.units import BadInputError

if TYPE_CHECKING:
    from sim.app.sweep.saved_sweeps import SavedSweep

LOG = "log.txt"
MOST = 3
"""Sweeps of all users at the same time."""


@dataclass
class Runner:
    """The processes of this app, by the folder they work in."""

    at_work: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)

    def is_running(self, saved: SavedSweep) -> bool:
        """Return whether a process works on a sweep."""
        child = self.at_work.get(str(saved.where))
        return child is not None and child.poll() is None

    def start(self, saved: SavedSweep) -> None:
        """Start or resume a sweep.

        Raises
        ------
        BadInputError
            When too many are at work.
        """
        with self.lock:
            if self.is_running(saved):
                return
            busy = sum(child.poll() is None for child in self.at_work.values())
            if busy >= MOST:
                raise BadInputError(
                    f"sweeps: {busy} are running, which is the limit; start it when one has ended"
                )
            self.at_work[str(saved.where)] = _child(saved)

    def stop(self, saved: SavedSweep) -> None:
        """End the process of a sweep; its finished cells stay."""
        child = self.at_work.get(str(saved.where))
        if child is None or child.poll() is not None:
            return
        child.terminate()
        try:
            child.wait(5)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait(5)

    def failure(self, saved: SavedSweep) -> str:
        """Return why the process of a sweep ended early, empty when it was stopped or is fine."""
        child = self.at_work.get(str(saved.where))
        code = None if child is None else child.poll()
        if code in (None, 0, -15):
            return ""
        if code == -9:
            return "the process was ended by the system, as it does when memory runs out"
        return _last_words(saved.where / LOG) or f"the process ended with status {code}"


def _child(saved: SavedSweep) -> subprocess.Popen[bytes]:
    from sim.experiment.replications import cpu_count

    root = saved.where.parents[1]
    workers = max(1, cpu_count() - 1)  # one is left for those who look at pages
    home = str(Path(__file__).resolve().parents[3])
    before = os.environ.get("PYTHONPATH")
    paths = home if not before else f"{home}{os.pathsep}{before}"
    with (saved.where / LOG).open("wb") as log:
        return subprocess.Popen(
            [
                sys.executable,
                "-m",
                "sim.app.sweep.worker_process",
                str(root),
                saved.place,
                str(workers),
                str(os.getpid()),
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=log,
            env=os.environ | {"PYTHONPATH": paths},
        )


def _last_words(log: Path) -> str:
    try:
        lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    except OSError:
        return ""
    return "\n".join(lines[-8:])


def runner() -> Runner:
    """Return the runner of this planner."""
    import streamlit as st

    @st.cache_resource(show_spinner=False)
    def shared() -> Runner:
        return Runner()

    return shared()
