"""A model, a tape and the state of a replication as tables of records.

``ModelTables`` does not change, ``StateTables`` does while the clock runs. The records are those
of :mod:`sim.engine.entities` and :mod:`sim.model`, with numbers instead of references; -1 stands
for none. :mod:`sim.engine.kernel.encode` fills the first, :mod:`sim.engine.kernel.buffers` makes
the second.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from sim.engine.kernel.jit import table_accessor
from sim.model import Floats, Ints

Records = npt.NDArray[Any]


def _record(ints: str, floats: str) -> np.dtype[np.void]:
    names = [(name, "i8") for name in ints.split()] + [(name, "f8") for name in floats.split()]
    return np.dtype(names)


# -- the model and the tape ----------------------------------------------------------------------
# A list of any length stands in a table of its own, one owner's after the other's; ``x`` and
# ``x_end`` of the owner say where its part begins and ends.

SETTINGS = _record("", "horizon interval_s trunks mirrored")
QUEUE = _record(
    """deferred at_close shares_trunks priority start_over rule channel talk hold wrap patience
    bot session return_after retrial retrial_after max_retrials retrial_queue keeps_patience
    repeats repeat_after max_repeats repeat_queue
    callback offer_at tries keeps_place callback_after dial redial_after
    transfers transfers_end routes routes_end hours hours_end outages outages_end
    delays delays_end""",
    """weight balk trunks limit longest_wait resolved
    tried left contained bot_resolved comes_back handover_factor handover_add residual comeback
    after_abandon after_busy repeat_share repeat_factor repeat_add
    offer_after accepted answered""",
)
SKILL = _record("group queue level preference at_once reserve speeds speeds_end", "after resolves")
GROUP = _record(
    """first agents skills skills_end wrap_when_idle hands_back concurrent shares_capacity
    interrupts by_headcount""",
    "",
)
TRANSFER = _record("queue warm", "factor add")
SHIFT = _record("agent breaks breaks_end", "start ends")
BREAK = _record("", "start length")
DISTRIBUTION = _record("family knots knots_end", "a b zero")
WORK = _record("", "talk hold wrap patience")


class ModelTables(NamedTuple):
    """What does not change: the model and the tape."""

    settings: Records  # SETTINGS, one
    born: Floats  # (issues,)
    first_queue: Ints  # (issues,)
    backlog: Ints  # (issues,)
    keys: npt.NDArray[np.uint64]  # (issues,)
    first_work: Records  # WORK, one for each issue
    distributions: Records  # DISTRIBUTION
    knots: Floats  # probabilities of the curves of distributions
    values: Floats  # their values
    queues: Records  # QUEUE
    transfers: Records  # TRANSFER
    transfer_shares: Floats  # one for each of the transfers
    routes: Ints  # skills by which each queue is served, by level and group
    overflow_delays: Floats  # of each queue, ascending (s)
    spans: Floats  # (spans, 2): opening hours and outages, OPENS and CLOSES
    skills: Records  # SKILL
    speeds: Floats  # of each skill, by number of active contacts
    groups: Records  # GROUP
    compatibility: npt.NDArray[np.int8]  # (skills, queues): MIXES and INTERRUPTIBLE
    headcount: Ints  # (groups, intervals + 1)
    shifts: Records  # SHIFT
    breaks: Records  # BREAK


# -- the state -----------------------------------------------------------------------------------

EVENT = _record("order kind subject version", "instant")
LEG = _record(
    """issue number contact kind queue group agent starts outcome then resolved
    transfers skill phase waiting version has_trunk attempt transfer_first transfer_second
    is_internal overflow_set next prev kind_after previous in_log""",
    """enter leave talk_end end talk_s hold_s wrap_s talk hold wrap base_talk base_hold base_wrap
    patience place lost_work remaining since started speed factor add""",
)
CUSTOMER = _record("legs contact retries repeats returned_from_bot", "")
RECONTACT = _record("issue kind queue previous", "factor add")
QUEUE_STATE = _record("waiting trunks_in_use period head tail reserves_released", "")
GROUP_STATE = _record("idle_count present idle_head idle_tail interval", "")
AGENT = _record(
    """group present on_duty idle logging_out break_due overtime state load active_count next prev
    taking taking_next taking_prev staying shift next_break deferred_wrap_head
    deferred_wrap_tail""",
    "since busy busy_since logged_in state_since",
)
LIST = _record("head tail", "")
AGENT_STATE = _record("agent group state load overtime", "start end")
PRESENCE = _record("agent", "start end")


class StateTables(NamedTuple):
    """What changes: events, legs, queues, groups and agents, and the rows of the log."""

    counts: Ints  # (COUNTS,)
    events: Records  # EVENT, a heap
    legs: Records  # LEG, and SPARE_LEGS more
    blank_leg: Records  # LEG, one: a leg to which nothing has happened
    customers: Records  # CUSTOMER
    recontacts: Records  # RECONTACT, planned so far
    unserved: Ints  # legs that have ended unserved, in order
    waiting_legs: Ints  # legs of one queue as they waited at one instant
    suspended: Ints  # (most active contacts,): legs of one agent just suspended
    queue_states: Records  # QUEUE_STATE
    group_states: Records  # GROUP_STATE
    agents: Records  # AGENT
    active: Ints  # (agents, most active contacts): legs
    taking: Records  # LIST: agents of a group by kind of work and number of active contacts
    states: Records  # AGENT_STATE, for the log
    presences: Records  # PRESENCE, for the log


# -- from compiled code --------------------------------------------------------------------------
# ``legs(s)`` is the table of legs of a state, ``queues(m)`` that of queues of a model, and so on.

DTYPES: dict[str, tuple[np.dtype[Any], int]] = {}
"""Type of the elements and number of dimensions of each table."""


def _table(owner: Any, name: str, dtype: Any, dimensions: int = 1) -> Callable[[Any], Any]:
    DTYPES[name] = np.dtype(dtype), dimensions
    return table_accessor(owner, name, *DTYPES[name])


settings = _table(ModelTables, "settings", SETTINGS)
born = _table(ModelTables, "born", np.float64)
first_queue = _table(ModelTables, "first_queue", np.int64)
backlog = _table(ModelTables, "backlog", np.int64)
keys = _table(ModelTables, "keys", np.uint64)
first_work = _table(ModelTables, "first_work", WORK)
distributions = _table(ModelTables, "distributions", DISTRIBUTION)
knots = _table(ModelTables, "knots", np.float64)
values = _table(ModelTables, "values", np.float64)
queues = _table(ModelTables, "queues", QUEUE)
transfers = _table(ModelTables, "transfers", TRANSFER)
transfer_shares = _table(ModelTables, "transfer_shares", np.float64)
routes = _table(ModelTables, "routes", np.int64)
overflow_delays = _table(ModelTables, "overflow_delays", np.float64)
spans = _table(ModelTables, "spans", np.float64, 2)
skills = _table(ModelTables, "skills", SKILL)
speeds = _table(ModelTables, "speeds", np.float64)
groups = _table(ModelTables, "groups", GROUP)
compatibility = _table(ModelTables, "compatibility", np.int8, 2)
headcount = _table(ModelTables, "headcount", np.int64, 2)
shifts = _table(ModelTables, "shifts", SHIFT)
breaks = _table(ModelTables, "breaks", BREAK)

counts = _table(StateTables, "counts", np.int64)
events = _table(StateTables, "events", EVENT)
legs = _table(StateTables, "legs", LEG)
blank_leg = _table(StateTables, "blank_leg", LEG)
customers = _table(StateTables, "customers", CUSTOMER)
recontacts = _table(StateTables, "recontacts", RECONTACT)
unserved = _table(StateTables, "unserved", np.int64)
waiting_legs = _table(StateTables, "waiting_legs", np.int64)
suspended = _table(StateTables, "suspended", np.int64)
queue_states = _table(StateTables, "queue_states", QUEUE_STATE)
group_states = _table(StateTables, "group_states", GROUP_STATE)
agents = _table(StateTables, "agents", AGENT)
active = _table(StateTables, "active", np.int64, 2)
taking = _table(StateTables, "taking", LIST)
states = _table(StateTables, "states", AGENT_STATE)
presences = _table(StateTables, "presences", PRESENCE)
