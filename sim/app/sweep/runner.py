"""Begins and ends the processes of sweeps, and knows which are at work."""

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
    from sim.app.sweep.folder import Kept

LOG = "log.txt"
MOST = 3
"""Sweeps of all users at the same time."""


@dataclass
class Runner:
    """The processes of this planner, by the folder they work in."""

    at_work: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)

    def is_running(self, kept: Kept) -> bool:
        """Tell whether a process is at work on a sweep."""
        child = self.at_work.get(str(kept.where))
        return child is not None and child.poll() is None

    def start(self, kept: Kept) -> None:
        """Begin, or go on with, a sweep.

        Raises
        ------
        BadInputError
            When too many are at work.
        """
        with self.lock:
            if self.is_running(kept):
                return
            busy = sum(child.poll() is None for child in self.at_work.values())
            if busy >= MOST:
                raise BadInputError(
                    f"sweeps: {busy} are at work on this machine, which is the most; "
                    "try again when one has ended"
                )
            self.at_work[str(kept.where)] = _child(kept)

    def stop(self, kept: Kept) -> None:
        """End the process of a sweep; its finished cells are kept."""
        child = self.at_work.get(str(kept.where))
        if child is None or child.poll() is not None:
            return
        child.terminate()
        try:
            child.wait(5)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait(5)

    def failure(self, kept: Kept) -> str:
        """Return why the process of a sweep ended early, empty when it was stopped or is fine."""
        child = self.at_work.get(str(kept.where))
        code = None if child is None else child.poll()
        if code in (None, 0, -15):
            return ""
        if code == -9:
            return "the process was ended by the system, as it does when memory runs out"
        return _last_words(kept.where / LOG) or f"the process ended with status {code}"


def _child(kept: Kept) -> subprocess.Popen[bytes]:
    from sim.experiment.replicate import cpu_count

    root = kept.where.parents[1]
    workers = max(1, cpu_count() - 1)  # one is left for those who look at pages
    home = str(Path(__file__).resolve().parents[3])
    before = os.environ.get("PYTHONPATH")
    paths = home if not before else f"{home}{os.pathsep}{before}"
    with (kept.where / LOG).open("wb") as log:
        return subprocess.Popen(
            [
                sys.executable,
                "-m",
                "sim.app.sweep.process",
                str(root),
                kept.place,
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
