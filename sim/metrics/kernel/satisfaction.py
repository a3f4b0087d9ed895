"""How satisfied customers are expected to be, by what their issue led to.

An expectation rather than a further draw, so that confidence intervals stay narrow. The functions
are compiled, and both ways to sum up a replication call them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.engine.kernel.jit import compiled, entry_point
from sim.metrics.kernel.agent_time import add, ticks
from sim.metrics.tally_fields import Floats, JourneySum
from sim.model.satisfaction import Coefficient

if TYPE_CHECKING:
    from sim.model import Model

HARDEST = 7.0
"""Effort is between 1 and this."""
HIGH_EFFORT = 5.0
"""From here on effort counts as high."""


class SatisfactionArrays(NamedTuple):
    """The satisfaction model for compiled functions.

    Attributes
    ----------
    odds : ndarray, shape (queues,)
    coefficients : ndarray, shape (len(Coefficient),)
        Empty where satisfaction is not modelled.
    values : ndarray, shape (segments + 1,)
        Money a year of a customer of no segment and of each segment; 0 where it is unknown.
    """

    odds: Floats
    coefficients: Floats
    values: Floats


_UNRESOLVED = int(Coefficient.UNRESOLVED)
_CONTACT = int(Coefficient.CONTACT)
_TRANSFER = int(Coefficient.TRANSFER)
_CONTEXT_LOST = int(Coefficient.CONTEXT_LOST)
_SWITCH = int(Coefficient.SWITCH)
_WAIT = int(Coefficient.WAIT)
_WAIT_FROM = int(Coefficient.WAIT_FROM)
_PROMOTER = int(Coefficient.PROMOTER)
_DETRACTOR = int(Coefficient.DETRACTOR)
_LEAVES = int(Coefficient.LEAVES)
_RESPONSE_SATISFIED = int(Coefficient.RESPONSE_SATISFIED)
_RESPONSE_DISSATISFIED = int(Coefficient.RESPONSE_DISSATISFIED)
_EFFORT_CONTACT = int(Coefficient.EFFORT_CONTACT)
_EFFORT_TRANSFER = int(Coefficient.EFFORT_TRANSFER)
_EFFORT_CONTEXT_LOST = int(Coefficient.EFFORT_CONTEXT_LOST)
_EFFORT_SWITCH = int(Coefficient.EFFORT_SWITCH)
_EFFORT_UNRESOLVED = int(Coefficient.EFFORT_UNRESOLVED)
_SUM_JUDGED = int(JourneySum.JUDGED)
_SUM_EVER_RESOLVED = int(JourneySum.EVER_RESOLVED)
_SUM_CONTACTS = int(JourneySum.CONTACTS)
_SUM_TRANSFERS = int(JourneySum.TRANSFERS)
_SUM_CONTEXT_LOST = int(JourneySum.CONTEXT_LOST)
_SUM_SWITCHES = int(JourneySum.SWITCHES)
_SUM_WAITED = int(JourneySum.WAITED)
_SUM_SATISFIED = int(JourneySum.SATISFIED)
_SUM_PROMOTERS = int(JourneySum.PROMOTERS)
_SUM_DETRACTORS = int(JourneySum.DETRACTORS)
_SUM_EFFORT = int(JourneySum.EFFORT)
_SUM_HIGH_EFFORT = int(JourneySum.HIGH_EFFORT)
_SUM_AT_RISK = int(JourneySum.AT_RISK)
_SUM_VALUE = int(JourneySum.VALUE)
_SUM_VALUE_LOST = int(JourneySum.VALUE_LOST)
_SUM_RESPONSES = int(JourneySum.RESPONSES)
_SUM_RESPONSES_SATISFIED = int(JourneySum.RESPONSES_SATISFIED)


@compiled
def power(base: float, exponent: int) -> float:
    """Return a power, 1 for exponents below 1: one product after the other, everywhere alike."""
    result = 1.0
    for _ in range(exponent):
        result *= base
    return result


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
    odds *= power(coefficients[_CONTACT], contacts - 1)
    odds *= power(coefficients[_TRANSFER], transfers)
    odds *= power(coefficients[_CONTEXT_LOST], context_lost)
    odds *= power(coefficients[_SWITCH], switches)
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


@compiled
def add_value(sums: Any, column: int, value: float) -> None:
    """Add the value of a customer: alone it is kept in full, as if there had been no issue.

    Parameters
    ----------
    sums : ndarray, shape (len(JourneySum), columns)
    column : int
    value : float
        Money a year; 0 where it is unknown.
    """
    add(sums, _SUM_VALUE, column, ticks(value))


@compiled
def add_expectations(
    sums: Any,
    column: int,
    resolved: bool,
    contacts: int,
    transfers: int,
    context_lost: int,
    switches: int,
    waited: float,
    odds: float,
    value: float,
    coefficients: Any,
) -> None:
    """Add what is expected of the customer with an issue, in exact steps.

    Parameters
    ----------
    sums : ndarray, shape (len(JourneySum), columns)
    column : int
    resolved, contacts, transfers, context_lost, switches, waited, odds, coefficients
        As in :func:`satisfied_odds`.
    value : float
        Money a year; 0 where it is unknown.
    """
    odds = satisfied_odds(
        odds, resolved, contacts, transfers, context_lost, switches, waited, coefficients
    )
    satisfied = share_of(odds)
    at_risk = (1.0 - satisfied) * coefficients[_LEAVES]
    effort = effort_of(resolved, contacts, transfers, context_lost, switches, coefficients)
    by_satisfied = satisfied * coefficients[_RESPONSE_SATISFIED]
    by_others = (1.0 - satisfied) * coefficients[_RESPONSE_DISSATISFIED]
    add(sums, _SUM_SATISFIED, column, ticks(satisfied))
    add(sums, _SUM_PROMOTERS, column, ticks(share_of(odds * coefficients[_PROMOTER])))
    add(sums, _SUM_DETRACTORS, column, ticks(1.0 - share_of(odds * coefficients[_DETRACTOR])))
    add(sums, _SUM_EFFORT, column, ticks(effort))
    if effort >= HIGH_EFFORT:
        add(sums, _SUM_HIGH_EFFORT, column, 1)
    add(sums, _SUM_AT_RISK, column, ticks(at_risk))
    add_value(sums, column, value)
    add(sums, _SUM_VALUE_LOST, column, ticks(at_risk * value))
    add(sums, _SUM_RESPONSES, column, ticks(by_satisfied + by_others))
    add(sums, _SUM_RESPONSES_SATISFIED, column, ticks(by_satisfied))


@entry_point
def sum_expectations(
    queue: Any, segment: Any, satisfaction: SatisfactionArrays, values: Any
) -> None:
    """Add what is expected of each customer to what the issues led to.

    Parameters
    ----------
    queue, segment : ndarray of int, shape (issues,)
        Queue of the first contact; segment of the customer, 0 for none.
    satisfaction : SatisfactionArrays
    values : ndarray, shape (len(JourneySum), issues)
        What each issue led to; the expectations are filled here. Issues that never arise are of
        no contact: their customers keep their value, and nothing else is expected of them.
    """
    for k in range(len(queue)):
        if values[_SUM_JUDGED, k] != 0 and values[_SUM_CONTACTS, k] == 0:
            add_value(values, k, satisfaction.values[segment[k]])
        elif values[_SUM_JUDGED, k] != 0:
            add_expectations(
                values,
                k,
                values[_SUM_EVER_RESOLVED, k] != 0,
                int(values[_SUM_CONTACTS, k]),
                int(values[_SUM_TRANSFERS, k]),
                int(values[_SUM_CONTEXT_LOST, k]),
                int(values[_SUM_SWITCHES, k]),
                values[_SUM_WAITED, k],
                satisfaction.odds[queue[k]],
                satisfaction.values[segment[k]],
                satisfaction.coefficients,
            )


def satisfaction_arrays(model: Model) -> SatisfactionArrays | None:
    """Return the satisfaction model of a scenario for compiled functions, None without one."""
    if model.satisfaction is None or model.journeys is None:
        return None
    values = [0.0, *(np.nan_to_num(segment.value) for segment in model.journeys.segments)]
    return SatisfactionArrays(
        model.satisfaction.odds, model.satisfaction.coefficients, np.array(values)
    )


NO_SATISFACTION = SatisfactionArrays(np.zeros(0), np.zeros(0), np.zeros(0))
"""Where satisfaction is not modelled."""
