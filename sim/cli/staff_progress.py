"""Progress of a search for staff on stderr: the plan as it improves."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sim.cli.common import note, raise_if_interrupted

if TYPE_CHECKING:
    from sim.planning.staff_search.plan_space import PlanSpace
    from sim.planning.staff_search.search import StaffProgress

REDRAWN_S = 0.1
EACH_S = 10.0
"""Seconds between two lines of progress where there is no terminal."""


@contextmanager
def plan_progress() -> Iterator[Callable[[StaffProgress, PlanSpace], None]]:
    """Show the best plan so far and what changed last, on a line that is redrawn on a terminal.

    Each call also raises an interruption that came before and went unheard.

    Yields
    ------
    callable
        Takes the progress and the space of plans.
    """
    shown = 0.0
    terminal = sys.stderr.isatty()
    wait = REDRAWN_S if terminal else EACH_S
    began = time.monotonic()

    def show(progress: StaffProgress, space: PlanSpace) -> None:
        nonlocal shown
        raise_if_interrupted()
        now = time.monotonic()
        if now - max(shown, began if not terminal else 0.0) < wait:
            return
        shown = now
        text = progress_text(progress, space)
        if terminal:
            sys.stderr.write(f"\r\x1b[K{text}")
            sys.stderr.flush()
        else:
            note(text)

    try:
        yield show
    finally:
        if terminal:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()


def progress_text(progress: StaffProgress, space: PlanSpace) -> str:
    """Return the best plan so far, and the last change of agents by group and interval."""
    state = "goals hold" if progress.met else f"short by {100 * progress.shortfall:.1f} points"
    text = f"staffing: {progress.hours:,.1f} agent-hours, {state}, {progress.plans} plans of "
    text += f"{progress.runs} days, {progress.seconds:.0f} s"
    changes = [
        f"{space.model.groups[space.group[b]].name} {space.model.starts[space.first[b]][-5:]} "
        f"{new - old:+d}"
        for b, (old, new) in enumerate(zip(progress.plan, progress.last, strict=True))
        if new != old
    ]
    if changes:
        more = f" and {len(changes) - 3} more" if len(changes) > 3 else ""
        text += f"; last tried: {', '.join(changes[:3])}{more}"
    return text
