"""Call logs: one row a contact, read, cleaned and coded."""

from sim.history.call_log.cleaning import Cleaning, CleaningStep
from sim.history.call_log.column_meanings import LOG_MEANINGS
from sim.history.call_log.contact_records import CallLog, CallOutcome
from sim.history.call_log.read_log import ReadLog, read_call_log

__all__ = [
    "LOG_MEANINGS",
    "CallLog",
    "CallOutcome",
    "Cleaning",
    "CleaningStep",
    "ReadLog",
    "read_call_log",
]
