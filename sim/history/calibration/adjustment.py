"""By which factors estimates are changed."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Adjustment:
    """By which factors the estimates are changed before a scenario is made of them.

    Attributes
    ----------
    agents, gap, talk, patience : float
    pauses : float
        Of how many pauses follow contacts, where they are told apart from gaps.
    quiet : float
        Of the time that agents are not ready while no customer waits.
    talk_days : float
        Of the variation of talk from day to day.
    """

    agents: float = 1.0
    gap: float = 1.0
    talk: float = 1.0
    patience: float = 1.0
    quiet: float = 1.0
    pauses: float = 1.0
    talk_days: float = 1.0

    def with_(self, name: str, value: float) -> Adjustment:
        """Return the same with one factor replaced."""
        return replace(self, **{name: value})


AS_ESTIMATED = Adjustment()
