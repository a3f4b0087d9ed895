"""Call logs: one row a contact, read, cleaned and coded."""

from sim.history.call_log.agent_states import AgentState, AgentStates
from sim.history.call_log.cleaning import Cleaning, CleaningStep
from sim.history.call_log.column_meanings import LOG_MEANINGS, STATE_MEANINGS
from sim.history.call_log.contact_records import CallLog, CallOutcome
from sim.history.call_log.read_log import ReadLog, read_call_log
from sim.history.call_log.read_states import ReadStates, read_state_log
from sim.history.call_log.state_words import STATE_NAMES
from sim.history.call_log.state_wrap_up import with_states

__all__ = [
    "LOG_MEANINGS",
    "STATE_MEANINGS",
    "STATE_NAMES",
    "AgentState",
    "AgentStates",
    "CallLog",
    "CallOutcome",
    "Cleaning",
    "CleaningStep",
    "ReadLog",
    "ReadStates",
    "read_call_log",
    "read_state_log",
    "with_states",
]
