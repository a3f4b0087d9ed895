"""Numbers with a meaning that only the kernel knows."""

from __future__ import annotations

# Running counts of the whole, in ``Floor.counts``.
(
    N_LEGS, N_EVENTS, N_STATES, N_PRESENCES, N_PLANS, N_LINES, N_STAYING, N_TOLD, N_TO_TELL,
    N_FULL, COUNTS,
) = range(11)  # fmt: skip

# Where a leg stands.
WAITING, TALK, DIAL, HELD, PUT_OFF, WRAP, SESSION = range(7)

# What an event does, beside what its rank says.
DO_LEG, DO_PLAN, DO_SHIFT, DO_BREAK, DO_BREAK_OVER, DO_HEADCOUNT, DO_QUEUE = range(7)

# What one contact in hand means for another queue, in ``World.together``.
MIXES, YIELDS = 1, 2
