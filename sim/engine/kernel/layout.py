"""A tape as tables of records: what the compiled functions read and write.

``World`` is given, ``Floor`` changes while the clock runs. The records are those of
:mod:`sim.engine.entities` and :mod:`sim.model`, with numbers instead of references; -1 stands
for none. :mod:`sim.engine.kernel.encode` fills them.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from sim.engine.kernel.jit import table_of
from sim.model import Floats, Ints

Records = npt.NDArray[Any]


def _record(ints: str, floats: str) -> np.dtype[np.void]:
    names = [(name, "i8") for name in ints.split()] + [(name, "f8") for name in floats.split()]
    return np.dtype(names)


QUEUE = _record(
    """deferred at_close shares_lines priority start_over rule channel talk hold wrap patience
    bot session back_after retry retry_after retry_most retry_to retry_keeps
    repeats repeat_after repeat_most repeat_to
    callback offer_at tries keeps_place delay dial again
    transfers transfers_end ways ways_end hours hours_end outages outages_end delays delays_end""",
    """weight balk lines limit longest_wait resolved
    tried left contained bot_resolved comes_back handover_factor handover_add residual comeback
    after_abandon after_busy repeat_share repeat_factor repeat_add
    offer_after accepted answered""",
)
SKILL = _record("crew queue level seek at_once reserve speeds speeds_end", "after resolves")
GROUP = _record(
    """first agents skills skills_end wrap_when_idle hands_back concurrent shares interrupts
    by_headcount""",
    "",
)
TRANSFER = _record("queue warm", "factor add")
SHIFT = _record("agent breaks breaks_end", "start ends")
LAW = _record("family knots knots_end", "a b zero")

CREW = _record("idle present idle_head idle_tail interval", "")
LINE = _record("waiting in_use stretch head tail reserves_called", "")
CUSTOMER = _record("legs contact retries repeats bounced", "")
LEG = _record(
    """issue number contact kind queue crew agent stints outcome then resolved
    hop skill phase waiting version on_line attempt held second inside timed
    next prev afterwards before written""",
    """enter leave talk_end end talk_s hold_s wrap_s talk hold wrap raw_talk raw_hold raw_wrap
    patience place wasted left since started speed factor add""",
)
AGENT = _record(
    """crew present on_duty idle leaving break_due overtime state load in_hand next prev
    bucket bucket_next bucket_prev staying shift rest put_off_head put_off_tail""",
    "since busy busy_since logged_in mark",
)
PLAN = _record("issue kind queue before", "factor add")
EVENT = _record("order what whom version", "instant")
STATE = _record("agent group state load overtime", "start end")
PRESENCE = _record("agent", "start end")


class World(NamedTuple):
    """What does not change: the tape and the scenario.

    Lists of different lengths are stored end to end; the records that own them say where
    theirs begins and ends.
    """

    born: Floats  # (issues,)
    first_queue: Ints  # (issues,)
    backlog: Ints  # (issues,)
    keys: npt.NDArray[np.uint64]  # (issues,)
    work: Floats  # (issues, 4): talk, hold, wrap, patience
    laws: Records  # LAW
    knots: Floats  # probabilities of the laws' curves
    values: Floats  # their values
    queues: Records  # QUEUE
    transfers: Records  # TRANSFER
    ways: Ints  # skills that serve each queue, by level and group
    skills: Records  # SKILL
    groups: Records  # GROUP
    together: npt.NDArray[np.int8]  # (skills, queues): MIXES and YIELDS
    headcount: Ints  # (groups, intervals + 1)
    shifts: Records  # SHIFT
    spans: Floats  # (spans, 2): opening hours and outages from to, breaks at and length
    numbers: Floats  # overflow delays, speeds, shares of transfers
    limits: Floats  # (5,): horizon, interval, common lines, first share of a transfer, mirrored


class Floor(NamedTuple):
    """What changes: the heap of events, legs, agents, lines, and the notes for the log."""

    counts: Ints  # (COUNTS,)
    events: Records  # EVENT, a heap
    legs: Records  # LEG
    blank: Records  # LEG, one: a leg to which nothing has happened
    customers: Records  # CUSTOMER
    plans: Records  # PLAN: contacts still to come
    to_tell: Ints  # legs that end unserved, to be told after the present event
    agents: Records  # AGENT
    hand: Ints  # (agents, most in hand)
    crews: Records  # CREW
    buckets: Ints  # (groups * 2 * (most in hand + 1), 2): first and last agent by work and load
    lines: Records  # LINE
    states: Records  # STATE
    presences: Records  # PRESENCE
    aside: Ints  # (most in hand,): legs just put aside


# -- from compiled code -----------------------------------------------------------------------
# ``legs(f)`` is the table of legs of floor ``f``, and so on, wherever the code runs.

born, first_queue, backlog, keys, work, laws, knots, values, queues, transfers = (
    table_of(World, k, kind, width)
    for k, (kind, width) in enumerate([
        (np.float64, 1), (np.int64, 1), (np.int64, 1), (np.uint64, 1), (np.float64, 2),
        (LAW, 1), (np.float64, 1), (np.float64, 1), (QUEUE, 1), (TRANSFER, 1),
    ])
)  # fmt: skip
ways, skills, groups, together, headcount, shifts, spans, numbers, limits = (
    table_of(World, 10 + k, kind, width)
    for k, (kind, width) in enumerate([
        (np.int64, 1), (SKILL, 1), (GROUP, 1), (np.int8, 2), (np.int64, 2), (SHIFT, 1),
        (np.float64, 2), (np.float64, 1), (np.float64, 1),
    ])
)  # fmt: skip
counts, events, legs, blank, customers, plans, to_tell, agents = (
    table_of(Floor, k, kind, 1)
    for k, kind in enumerate([np.int64, EVENT, LEG, LEG, CUSTOMER, PLAN, np.int64, AGENT])
)
hand, crews, buckets, lines, states, presences, aside = (
    table_of(Floor, 8 + k, kind, width)
    for k, (kind, width) in enumerate([
        (np.int64, 2), (CREW, 1), (np.int64, 2), (LINE, 1), (STATE, 1), (PRESENCE, 1),
        (np.int64, 1),
    ])
)  # fmt: skip
