"""Integer codes internal to the compiled engine."""

from __future__ import annotations

# Phases of a leg; those of :class:`sim.engine.entities.Phase`, and a session with the bot.
WAITING, TALK, DIAL, WARM_TRANSFER, WRAP_DEFERRED, WRAP, SESSION, CALL = range(8)

# What an event is about; what happens then depends on its rank too.
(
    EVENT_LEG, EVENT_RECONTACT, EVENT_SHIFT, EVENT_BREAK, EVENT_BREAK_OVER, EVENT_HEADCOUNT,
    EVENT_QUEUE, EVENT_READY, EVENT_OUTBOUND,
) = range(9)  # fmt: skip
EVENT_KINDS = 16
"""A power of two, not below the number of kinds: kind and subject of an event are one number."""

FIRST_CALL = -1
"""In the place of the number of an attempt: it is 0, and the call to the next customer follows."""

# What an outbound call has led to for a customer.
NO_CALL, CALL_WAITS, IN_CALL, SETTLED_BY_CALL = range(4)

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
