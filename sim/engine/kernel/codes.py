"""Integer codes internal to the compiled engine."""

from __future__ import annotations

# Phases of a leg; those of :class:`sim.engine.entities.Phase`, and a session with the bot.
WAITING, TALK, DIAL, WARM_TRANSFER, WRAP_DEFERRED, WRAP, SESSION = range(7)

# What an event is about; what happens then depends on its rank too.
(
    EVENT_LEG, EVENT_RECONTACT, EVENT_SHIFT, EVENT_BREAK, EVENT_BREAK_OVER, EVENT_HEADCOUNT,
    EVENT_QUEUE, EVENT_READY, EVENT_KINDS,
) = range(9)  # fmt: skip

# What an active contact means for one of another queue, bits in ``ModelTables.compatibility``.
MIXES, INTERRUPTIBLE = 1, 2

# Columns of ``ModelTables.spans``.
OPENS, CLOSES = 0, 1

ALL = 2**31 - 1
"""As many rows as there are."""

SPARE_LEGS = 1
"""Rows at the end of ``StateTables.legs`` that are not for legs: when the table is full, what
would have been a leg is written there, and the replication starts over with a larger table."""

SPARE_EVENTS = 4
"""Rows at the end of ``StateTables.events`` that are only read, as places without an event."""
