"""How many contacts a scenario brings and how much memory one replication takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim import units
from sim.scenario.issue_volumes import queue_volume
from sim.units import BadInputError

if TYPE_CHECKING:
    from sim.scenario.scenario_record import ScenarioFields

MOST_CONTACTS = 5_000_000
"""Contacts of one replication above which a simulation must be allowed explicitly."""
_BASE_BYTES = 200e6  # the program itself, with the compiled engine
_CONTACT_BYTES = 650.0  # measured with one and two million contacts, both engines' tape and log


class TooLargeError(BadInputError):
    """A scenario with more contacts than are simulated unless explicitly allowed."""


def expected_contacts(scenario: ScenarioFields) -> float:
    """Return the contacts of one replication: volumes and backlogs, recontacts not included."""
    return sum(
        sum(queue_volume(scenario, name)) + queue.backlog for name, queue in scenario.queue.items()
    )


def describe_size(scenario: ScenarioFields) -> str:
    """Say how many contacts one replication has and what memory it takes."""
    contacts = expected_contacts(scenario)
    words = (
        f"One replication has about {units.show_number(contacts, 0)} contacts, recontacts not "
        f"included, and takes about {_memory(contacts)} of memory in each process"
    )
    if contacts > MOST_CONTACTS:
        words += f"; above {MOST_CONTACTS:,} contacts it needs --allow-large"
    return words + "."


def refuse_too_large(contacts: float, name: str) -> None:
    """Refuse a scenario that would take most of a machine's memory.

    Parameters
    ----------
    contacts : float
        Of one replication.
    name : str
        Of the scenario.

    Raises
    ------
    TooLargeError
        Above :data:`MOST_CONTACTS`.
    """
    if contacts > MOST_CONTACTS:
        raise TooLargeError(
            f"{name}: {contacts:,.0f} contacts in one replication, which take about "
            f"{_memory(contacts)} of memory in each process; allowed: up to {MOST_CONTACTS:,}, "
            "more with --allow-large (allow_large=True in Python)"
        )


def _memory(contacts: float) -> str:
    taken = _BASE_BYTES + contacts * _CONTACT_BYTES
    return f"{taken / 1e9:,.1f} GB" if taken >= 1e9 else f"{taken / 1e6:,.0f} MB"
