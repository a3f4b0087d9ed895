"""An event as plain sentences."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sim import units
from sim.scenario.form_fields import phrases

if TYPE_CHECKING:
    from sim.scenario.event import Event
    from sim.scenario.scenario_record import ScenarioFields


def describe_event(scenario: ScenarioFields, name: str, event: Event) -> Iterator[str]:
    """Yield when an event takes place, and what it changes."""
    day = f" on day {event.day}" if scenario.center.grid.days > 1 else ""
    start, length = units.show_clock(event.start), units.show_duration(event.length)
    changes = ", ".join(f"{path} {_shown(value)}" for path, value in event.changes.items())
    notes = "".join(f", {phrase}" for phrase in phrases(event))
    yield f"Event {name}: from {start}{day} for {length}{notes}: {changes}."


def _shown(value: str | float) -> str:
    return value.strip() if isinstance(value, str) else units.show_number(value)
