"""The satisfaction model as numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import TYPE_CHECKING

import numpy as np

from sim.array_types import Floats

if TYPE_CHECKING:
    from sim import scenario as written


class Coefficient(IntEnum):
    """Where a coefficient stands; see :class:`sim.scenario.satisfaction.Satisfaction`."""

    UNRESOLVED = 0
    CONTACT = 1
    TRANSFER = 2
    CONTEXT_LOST = 3
    SWITCH = 4
    WAIT = 5
    WAIT_FROM = 6  # s
    PROMOTER = 7
    DETRACTOR = 8
    LEAVES = 9
    RESPONSE_SATISFIED = 10
    RESPONSE_DISSATISFIED = 11
    EFFORT_CONTACT = 12
    EFFORT_TRANSFER = 13
    EFFORT_CONTEXT_LOST = 14
    EFFORT_SWITCH = 15
    EFFORT_UNRESOLVED = 16


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """What makes customers satisfied.

    Attributes
    ----------
    odds : ndarray, shape (queues,)
        Odds of being satisfied by the queue of the first contact, if nothing went wrong.
    coefficients : ndarray, shape (len(Coefficient),)
    calibrated : mapping of str to str
        Data by which each coefficient was estimated, by its field; empty where it was not.
    """

    odds: Floats
    coefficients: Floats
    calibrated: Mapping[str, str] = field(default_factory=dict)


def satisfaction_of(fields: written.Satisfaction, channels: list[str]) -> Satisfaction:
    """Return the satisfaction model of a scenario.

    Parameters
    ----------
    fields : sim.scenario.Satisfaction
    channels : list of str
        Channel of each queue.

    Returns
    -------
    Satisfaction
    """
    values = {name: one.value for name, one in fields.coefficients.items()}
    values["wait_from"] = fields.wait_from
    by_channel = {name.lower(): one.value for name, one in fields.channel.items()}
    base = values["satisfied"] / (1 - values["satisfied"])
    return Satisfaction(
        odds=np.array([base * by_channel.get(channel.lower(), 1.0) for channel in channels]),
        coefficients=np.array([values[one.name.lower()] for one in Coefficient]),
        calibrated=fields.calibrated,
    )
