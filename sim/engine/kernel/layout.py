"""A model, a tape and the state of a replication as tables of records.

``ModelTables`` does not change, ``StateTables`` does while the clock runs. The records are those
of :mod:`sim.engine.entities` and :mod:`sim.model`, with numbers instead of references; -1 stands
for none. :mod:`sim.engine.kernel.encode` fills the first, :mod:`sim.engine.kernel.buffers` makes
the second.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from sim.engine.kernel.tables import EngineTable
from sim.model import Floats, Ints

Records = npt.NDArray[Any]


def _record(ints: str, floats: str, bytes_: str = "") -> np.dtype[np.void]:
    """Return the type of a row: its integers have 4 bytes each, the small ones of ``bytes_`` 1."""
    fields = [(name, "f8") for name in floats.split()]
    fields += [(name, "i4") for name in ints.split()] + [(name, "i1") for name in bytes_.split()]
    return np.dtype(fields, align=True)


# -- the model and the tape ----------------------------------------------------------------------
# A list of any length stands in a table of its own, one owner's after the other's; ``x`` and
# ``x_end`` of the owner say where its part begins and ends.

SETTINGS = _record("has_journeys talk_varies days", "horizon interval_s day_s trunks mirrored")
QUEUE = _record(
    """deferred at_close shares_trunks priority start_over rule channel talk hold wrap patience
    bot session return_after retrial retrial_after max_retrials retrial_queue keeps_patience
    repeats repeat_after max_repeats repeat_queue
    callback offer_at tries keeps_place callback_after dial redial_after
    transfers transfers_end routes routes_end hours hours_end outages outages_end
    delays delays_end conditions conditions_end silent noticed announce""",
    """weight head_start balk trunks limit longest_wait resolved
    tried left contained bot_resolved comes_back handover_factor handover_add residual comeback
    after_abandon after_busy repeat_share repeat_factor repeat_add
    handover_carried handover_lost_factor handover_lost_add
    repeat_carried repeat_lost_factor repeat_lost_add
    resolves_transferred resolves_context_lost waited_over resolves_waited
    offer_after accepted answered silent_waiting silent_within
    announce_handle announce_scale announce_balk announce_patience announce_accept""",
)
SKILL = _record("group queue level preference reserve speeds speeds_end", "after resolves share")
GROUP = _record(
    """first agents skills skills_end wrap_when_idle hands_back concurrent shares_capacity
    interrupts by_headcount reserves pauses quiet length ready""",
    "quiet_share",
)
TRANSFER = _record("queue warm", "factor add carried lost_factor lost_add")
AGENT_FACTORS = _record("gap", "speed resolves")
CONDITIONS = _record("down", "talk hold wrap patience residual balk resolved tried contained")
SHIFT = _record("agent breaks breaks_end", "start ends")
BREAK = _record("", "start length")
DISTRIBUTION = _record("family knots knots_end", "a b zero")
WORK = _record("", "talk hold wrap patience")
KIND = _record(
    "outbound calls_queue attempts unanswered again",
    "factor add resolves bot_contains bot_resolves ahead right_party call_settles",
)
SEGMENT = _record("", "patience tries_bot")


class ModelTables(NamedTuple):
    """What does not change: the model and the tape."""

    settings: Records  # SETTINGS, one
    born: Floats  # (issues,)
    first_queue: Ints  # (issues,)
    backlog: npt.NDArray[np.int8]  # (issues,)
    keys: npt.NDArray[np.uint64]  # (issues,)
    first_work: Records  # WORK, one for each issue
    issue_kind: npt.NDArray[np.int16]  # (issues,): rows of kinds; none without journeys
    issue_segment: npt.NDArray[np.int16]  # (issues,): rows of segments; likewise
    prevention: npt.NDArray[np.int8]  # (issues,); likewise
    kinds: Records  # KIND, first that of issues of no kind
    segments: Records  # SEGMENT, first that of customers of no segment
    distributions: Records  # DISTRIBUTION
    interval_distributions: Ints  # by interval, for each time of a queue that differs by interval
    knots: Floats  # probabilities of the curves of distributions
    values: Floats  # their values
    talk_factors: Floats  # (days * queues,), of one day after the other; none where alike
    queues: Records  # QUEUE
    transfers: Records  # TRANSFER
    transfer_shares: Floats  # one for each of the transfers
    routes: Ints  # skills by which each queue is served, by level and group
    overflow_delays: Floats  # of each queue, ascending (s)
    spans: Floats  # (spans, 2): opening hours and outages, OPENS and CLOSES
    skills: Records  # SKILL
    condition_starts: Floats  # of the conditions of each queue, ascending (s)
    conditions: Records  # CONDITIONS, of each queue
    speeds: Floats  # of each skill, by number of active contacts
    groups: Records  # GROUP
    agent_factors: Records  # AGENT_FACTORS, one for each agent
    compatibility: npt.NDArray[np.int8]  # (skills, queues): MIXES and INTERRUPTIBLE
    pause_keys: npt.NDArray[np.uint64]  # (groups,)
    headcount: Ints  # (groups, intervals + 1)
    shifts: Records  # SHIFT
    breaks: Records  # BREAK


# -- the state -----------------------------------------------------------------------------------

COUNTS = _record(
    """legs events states presences recontacts trunks_in_use staying unserved unserved_done
    is_full begun next_issue finished most_finished free""",
    "",
)
"""Running counts of one replication."""
EVENT = np.dtype([("instant", "f8"), ("order", "i8"), ("subject", "i4"), ("version", "i4")])
LEG = _record(
    """issue next prev agent starts transfer_first transfer_second version plan
    number came_from contact queue group skill attempt""",
    """enter leave talk_end end talk_s hold_s wrap_s talk hold wrap base_talk base_hold base_wrap
    patience place lost_work remaining since started speed factor add announced""",
    """kind outcome then resolved transfers phase waiting has_trunk is_internal overflow_set
    kind_after in_log deferred context is_silent leaves_in_talk""",
)
LEG_NUMBER = _record("leg", "")
_OF_CUSTOMER = "legs contact retries repeats queue returned_from_bot called"
CUSTOMER = np.dtype([(name, "i2") for name in _OF_CUSTOMER.split()] + [("call", "i4")], align=True)
RECONTACT = _record(
    "issue queue queue_before", "factor add base_talk base_hold base_wrap patience", "kind"
)
QUEUE_STATE = _record("waiting trunks_in_use period head tail reserves_released", "")
GROUP_STATE = _record("idle_count present idle_head idle_tail interval", "")
AGENT = _record(
    """group active_count load next prev taking taking_next taking_prev shift next_break
    deferred_wrap_head deferred_wrap_tail pauses draws""",
    "since busy busy_since logged_in state_since quiet_since break_at",
    "present on_duty paused has_worked idle logging_out break_due overtime state staying",
)
LIST = _record("head tail", "")
AGENT_STATE = _record("agent group load", "start end", "state overtime")
PRESENCE = _record("agent", "start end")


class StateTables(NamedTuple):
    """What changes: events, legs, queues, groups and agents, and the rows of the log."""

    counts: Records  # COUNTS, one
    events: Records  # EVENT, a heap
    legs: Records  # LEG, and SPARE_LEGS more
    blank_leg: Records  # LEG, one: a leg to which nothing has happened
    customers: Records  # CUSTOMER
    recontacts: Records  # RECONTACT, planned so far
    finished: Records  # LEG_NUMBER, legs that are over, in order
    unserved: Records  # LEG_NUMBER, legs that have ended unserved, in order
    waiting_legs: Records  # LEG_NUMBER, legs of one queue as they waited at one instant
    suspended: Records  # LEG_NUMBER, (most active contacts,): legs of one agent just suspended
    queue_states: Records  # QUEUE_STATE
    group_states: Records  # GROUP_STATE
    agents: Records  # AGENT
    active: Records  # LEG_NUMBER, (agents, most active contacts): legs
    taking: Records  # LIST: agents of a group by kind of work and number of active contacts
    states: Records  # AGENT_STATE, for the log
    presences: Records  # PRESENCE, for the log


# -- from compiled code --------------------------------------------------------------------------
# ``leg(s, e)`` is row ``e`` of the table of legs of a state, ``queue(m, q)`` row ``q`` of the
# queues of a model, and so on; ``born(m, issue)`` is a number.

TABLES: dict[str, EngineTable] = {}
"""All tables by their names."""


def _table(owner: Any, name: str, dtype: Any, dimensions: int = 1) -> EngineTable:
    TABLES[name] = EngineTable(owner, name, dtype, dimensions, constant=owner is ModelTables)
    return TABLES[name]


_SETTINGS = _table(ModelTables, "settings", SETTINGS, 0)
_BORN = _table(ModelTables, "born", np.float64)
_QUEUES = _table(ModelTables, "queues", QUEUE)
_KINDS = _table(ModelTables, "kinds", KIND)
_GROUPS = _table(ModelTables, "groups", GROUP)
_SHIFTS = _table(ModelTables, "shifts", SHIFT)
_HEADCOUNT = _table(ModelTables, "headcount", np.int64, 2)
_SPEEDS = _table(ModelTables, "speeds", np.float64)
_SPANS = _table(ModelTables, "spans", np.float64, 2)

settings = _SETTINGS.element()
born = _BORN.element()
issues = _BORN.rows()
first_queue = _table(ModelTables, "first_queue", np.int64).element()
backlog = _table(ModelTables, "backlog", np.int8).element()
key = _table(ModelTables, "keys", np.uint64).element()
first_work = _table(ModelTables, "first_work", WORK).element()
issue_kind = _table(ModelTables, "issue_kind", np.int16).element()
issue_segment = _table(ModelTables, "issue_segment", np.int16).element()
prevention = _table(ModelTables, "prevention", np.int8).element()
kind = _KINDS.element()
kinds = _KINDS.rows()
segment = _table(ModelTables, "segments", SEGMENT).element()
distribution = _table(ModelTables, "distributions", DISTRIBUTION).element()
interval_distribution = _table(ModelTables, "interval_distributions", np.int64).element()
knots = _table(ModelTables, "knots", np.float64).part()
values = _table(ModelTables, "values", np.float64).part()
queue = _QUEUES.element()
queues = _QUEUES.rows()
talk_factor = _table(ModelTables, "talk_factors", np.float64).element()
transfer = _table(ModelTables, "transfers", TRANSFER).element()
transfer_shares = _table(ModelTables, "transfer_shares", np.float64).part()
route = _table(ModelTables, "routes", np.int64).element()
overflow_delay = _table(ModelTables, "overflow_delays", np.float64).element()
span = _SPANS.element()
spans = _SPANS.part()
condition_starts = _table(ModelTables, "condition_starts", np.float64).part()
condition = _table(ModelTables, "conditions", CONDITIONS).element()
skill = _table(ModelTables, "skills", SKILL).element()
speed = _SPEEDS.element()
speeds = _SPEEDS.part()
group = _GROUPS.element()
groups = _GROUPS.rows()
agent_factors = _table(ModelTables, "agent_factors", AGENT_FACTORS).element()
compatibility = _table(ModelTables, "compatibility", np.int8, 2).element()
pause_key = _table(ModelTables, "pause_keys", np.uint64).element()
headcount = _HEADCOUNT.element()
intervals = _HEADCOUNT.columns()
shift = _SHIFTS.element()
shifts = _SHIFTS.rows()
scheduled_break = _table(ModelTables, "breaks", BREAK).element()

_EVENTS = _table(StateTables, "events", EVENT)
_LEGS = _table(StateTables, "legs", LEG)
_RECONTACTS = _table(StateTables, "recontacts", RECONTACT)
_FINISHED = _table(StateTables, "finished", LEG_NUMBER)
_UNSERVED = _table(StateTables, "unserved", LEG_NUMBER)
_AGENTS = _table(StateTables, "agents", AGENT)
_ACTIVE = _table(StateTables, "active", LEG_NUMBER, 2)
_STATES = _table(StateTables, "states", AGENT_STATE)
_PRESENCES = _table(StateTables, "presences", PRESENCE)

counts = _table(StateTables, "counts", COUNTS, 0).element()
event = _EVENTS.element()
most_events = _EVENTS.rows()
leg = _LEGS.element()
most_legs = _LEGS.rows()
blank_leg = _table(StateTables, "blank_leg", LEG, 0).element()
customer = _table(StateTables, "customers", CUSTOMER).element()
recontact = _RECONTACTS.element()
most_recontacts = _RECONTACTS.rows()
finished = _FINISHED.element()
most_finished = _FINISHED.rows()
unserved = _UNSERVED.element()
most_unserved = _UNSERVED.rows()
waiting_leg = _table(StateTables, "waiting_legs", LEG_NUMBER).element()
suspended = _table(StateTables, "suspended", LEG_NUMBER).element()
queue_state = _table(StateTables, "queue_states", QUEUE_STATE).element()
group_state = _table(StateTables, "group_states", GROUP_STATE).element()
agent = _AGENTS.element()
agents = _AGENTS.rows()
active = _ACTIVE.element()
most_active = _ACTIVE.columns()
taking = _table(StateTables, "taking", LIST).element()
agent_state = _STATES.element()
most_states = _STATES.rows()
presence = _PRESENCES.element()
most_presences = _PRESENCES.rows()
