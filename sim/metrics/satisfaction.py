"""How satisfied customers are expected to be, by what their issue led to.

An expectation rather than a further draw, so that confidence intervals stay narrow. The functions
are compiled, and both ways to sum up a replication call them.
"""

from __future__ import annotations

from typing import Any

from sim.engine.kernel.jit import compiled
from sim.model.satisfaction import Coefficient

HARDEST = 7.0
"""Effort is between 1 and this."""
HIGH_EFFORT = 5.0
"""From here on effort counts as high."""

_UNRESOLVED = int(Coefficient.UNRESOLVED)
_CONTACT = int(Coefficient.CONTACT)
_TRANSFER = int(Coefficient.TRANSFER)
_CONTEXT_LOST = int(Coefficient.CONTEXT_LOST)
_SWITCH = int(Coefficient.SWITCH)
_WAIT = int(Coefficient.WAIT)
_WAIT_FROM = int(Coefficient.WAIT_FROM)
_EFFORT_CONTACT = int(Coefficient.EFFORT_CONTACT)
_EFFORT_TRANSFER = int(Coefficient.EFFORT_TRANSFER)
_EFFORT_CONTEXT_LOST = int(Coefficient.EFFORT_CONTEXT_LOST)
_EFFORT_SWITCH = int(Coefficient.EFFORT_SWITCH)
_EFFORT_UNRESOLVED = int(Coefficient.EFFORT_UNRESOLVED)


@compiled
def satisfied_odds(
    odds: float,
    resolved: bool,
    contacts: int,
    transfers: int,
    context_lost: int,
    switches: int,
    waited: float,
    coefficients: Any,
) -> float:
    """Return the odds that a customer is satisfied.

    Parameters
    ----------
    odds : float
        Odds if the issue is resolved in one contact and nothing goes wrong.
    resolved : bool
    contacts, transfers, context_lost, switches : int
        What the issue led to; ``contacts`` includes the first.
    waited : float
        In queues, all contacts together (s).
    coefficients : ndarray, shape (len(Coefficient),)

    Returns
    -------
    float
    """
    odds *= coefficients[_CONTACT] ** max(contacts - 1, 0)
    odds *= coefficients[_TRANSFER] ** transfers
    odds *= coefficients[_CONTEXT_LOST] ** context_lost
    odds *= coefficients[_SWITCH] ** switches
    if waited > coefficients[_WAIT_FROM]:
        odds *= coefficients[_WAIT] ** ((waited - coefficients[_WAIT_FROM]) / 60.0)
    return odds if resolved else odds * coefficients[_UNRESOLVED]


@compiled
def share_of(odds: float) -> float:
    """Return the share that odds stand for."""
    return odds / (1.0 + odds)


@compiled
def effort_of(
    resolved: bool,
    contacts: int,
    transfers: int,
    context_lost: int,
    switches: int,
    coefficients: Any,
) -> float:
    """Return the effort of a customer, from 1 (easy) to 7; arguments as in `satisfied_odds`."""
    effort = 1.0 + coefficients[_EFFORT_CONTACT] * max(contacts - 1, 0)
    effort += coefficients[_EFFORT_TRANSFER] * transfers
    effort += coefficients[_EFFORT_CONTEXT_LOST] * context_lost
    effort += coefficients[_EFFORT_SWITCH] * switches
    if not resolved:
        effort += coefficients[_EFFORT_UNRESOLVED]
    return float(min(HARDEST, effort))
