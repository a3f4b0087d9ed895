"""Call logs: one row a contact, read, cleaned and coded."""

from sim.history.call_log.contact_records import CallLog, CallOutcome

__all__ = ["CallLog", "CallOutcome"]
