"""Progress of a search for staff on stderr: the plan as it improves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sim.cli.common import raise_if_interrupted
from sim.cli.status_line import StatusLine
from sim.units import counted

if TYPE_CHECKING:
    from sim.planning.staff_search.plan_space import PlanSpace
    from sim.planning.staff_search.search import StaffProgress


@contextmanager
def plan_progress() -> Iterator[Callable[[StaffProgress, PlanSpace], None]]:
    """Show the best plan so far and what changed last, on a line that is redrawn on a terminal.

    Each call also raises an interruption that came before and went unheard.

    Yields
    ------
    callable
        Takes the progress and the space of plans.
    """
    line = StatusLine()

    def show(progress: StaffProgress, space: PlanSpace) -> None:
        raise_if_interrupted()
        if line.is_due:
            line.show(progress_text(progress, space))

    try:
        yield show
    finally:
        line.clear()


def progress_text(progress: StaffProgress, space: PlanSpace) -> str:
    """Return the best plan so far, and the last change of agents by group and interval."""
    state = "goals hold" if progress.met else f"short by {100 * progress.shortfall:.1f} points"
    tried = f"{counted(progress.plans, 'plan')} of {counted(progress.runs, 'day')}"
    text = (
        f"staffing: {progress.hours:,.1f} agent-hours, {state}, {tried}, {progress.seconds:.0f} s"
    )
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
