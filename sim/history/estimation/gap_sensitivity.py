"""What other gap rules would make of a log."""

from __future__ import annotations

from dataclasses import dataclass

from sim.array_types import Floats
from sim.history.estimation.presence_ends import presence_ends
from sim.history.estimation.presence_rule import AnsweredContacts, PresenceRule
from sim.history.estimation.presences import (
    PRESENCE_GAP,
    AgentPresences,
    agents_present,
    lengthened,
    presences,
)

GAPS = (300.0, 900.0, 1800.0)
"""Gap rules (s) that are compared."""


@dataclass(frozen=True)
class GapSensitivity:
    """What one gap rule makes of a log.

    Attributes
    ----------
    gap : float
        Seconds.
    presences : int
    hours : float
        Agent hours.
    lengthened_hours : float
        The same with both ends made longer.
    present : ndarray, shape (days, intervals)
        Agents present, with both ends made longer.
    """

    gap: float
    presences: int
    hours: float
    lengthened_hours: float
    present: Floats


def gap_sensitivity(
    contacts: AnsweredContacts, days: int, interval_minutes: float, rule: PresenceRule,
    known: tuple[AgentPresences, AgentPresences] | None = None, gaps: tuple[float, ...] = GAPS,
) -> tuple[GapSensitivity, ...]:  # fmt: skip
    """Return what several gap rules make of a log.

    A rule of half the gap lets agents be overdue for half as long.

    Parameters
    ----------
    contacts : AnsweredContacts
    days : int
    interval_minutes : float
    rule : PresenceRule
        Of these contacts.
    known : tuple of two AgentPresences, optional
        Those of :data:`PRESENCE_GAP`, and the same lengthened.
    gaps : tuple of float
        Seconds.
    """
    sensitivity = []
    for gap in gaps:
        if known is not None and gap == PRESENCE_GAP:
            found, longer = known
        else:
            found = presences(
                contacts.agent, contacts.start, contacts.end, gap, rule.overdue,
                rule.longest * gap / PRESENCE_GAP,
            )  # fmt: skip
            longer = lengthened(found, presence_ends(contacts, found, rule.preference))
        present = agents_present(longer, days, interval_minutes)
        sensitivity.append(
            GapSensitivity(gap, found.agent.size, found.hours, longer.hours, present)
        )
    return tuple(sensitivity)
