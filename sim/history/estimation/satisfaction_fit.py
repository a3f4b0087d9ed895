"""The satisfaction model from survey answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sim.array_types import Bools, Floats, Ints
from sim.history.estimation.day_bootstrap import DayEstimate
from sim.history.estimation.logistic_fit import FEWEST, fit_logistic, usable_columns

EFFECTS = ("unresolved", "contact", "transfer", "context_lost", "switch", "wait")
"""Fields of `[satisfaction]` that are factors on the odds of being satisfied."""


@dataclass(frozen=True)
class SatisfactionFit:
    """Coefficients of the satisfaction model.

    Attributes
    ----------
    satisfied : DayEstimate
        Share satisfied of customers for whom nothing went wrong.
    factors : dict of str to DayEstimate
        Factors on the odds by field of `[satisfaction]`, also ``channel.NAME``.
    not_estimated : dict of str to str
        Fields that the answers say nothing about, and why.
    answers : int
    fitted : ndarray, shape (answers,)
        Probability of being satisfied of each who answered: the picture against the answers.
    outcome : ndarray of bool, shape (answers,)
        Whether each was satisfied.
    """

    satisfied: DayEstimate
    factors: dict[str, DayEstimate]
    not_estimated: dict[str, str]
    answers: int
    fitted: Floats
    outcome: Bools

    def by_fitted(self, groups: int = 10) -> tuple[Floats, Floats]:
        """Return the share satisfied as fitted and as answered, of groups of equal size.

        Groups are of rising fitted probability.
        """
        order = np.argsort(self.fitted, kind="stable")
        parts = np.array_split(order, min(groups, order.size))
        means = [(self.fitted[part].mean(), self.outcome[part].mean()) for part in parts]
        return np.array([one for one, _ in means]), np.array([other for _, other in means])


def fit_satisfaction(
    satisfied: Bools, effects: Mapping[str, Floats], day: Ints,
    channel: Ints | None = None, channels: tuple[str, ...] = (),
) -> SatisfactionFit | None:  # fmt: skip
    """Return the coefficients of the satisfaction model; None with too few answers.

    Parameters
    ----------
    satisfied : ndarray of bool, shape (answers,)
        Whether each customer who answered was satisfied.
    effects : mapping of str to ndarray, shape (answers,)
        What happened, by field of `[satisfaction]` (see :data:`EFFECTS`): 1 if unresolved, further
        contacts, transfers, times that context was lost, switches of channel, minutes of waiting
        beyond ``wait_from``.
    day : ndarray of int, shape (answers,)
        Answers of one day may resemble one another.
    channel : ndarray of int, shape (answers,), optional
        Channel of the first contact; compared with the one that has the most answers.
    channels : tuple of str

    Notes
    -----
    A coefficient is estimated where its effect occurs at least ten times both among the satisfied
    and among the others; see :func:`~sim.history.estimation.logistic_fit.fit_logistic`.

    If whether customers answer depends on how satisfied they are and on nothing else, the factors
    are estimated without bias all the same, and only ``satisfied`` is not (Prentice and Pyke 1979,
    Logistic disease incidence models and case-control studies, Biometrika 66).
    """
    columns = dict(effects) | _channel_columns(channel, channels)
    kept, left_out = usable_columns(columns, satisfied)
    if min(int(satisfied.sum()), int((~satisfied).sum())) < FEWEST:
        return None
    found = fit_logistic(satisfied, kept, day)
    if found is None:
        return None
    low, high = np.exp(found.ends[0][0]), np.exp(found.ends[1][0])
    odds = float(np.exp(found.coefficients[0])), float(low), float(high)
    value, least, most = (one / (1 + one) for one in odds)
    base = DayEstimate(value, least, most, satisfied.size, found.clusters)
    return SatisfactionFit(base, found.factors, left_out, satisfied.size, found.fitted, satisfied)


def _channel_columns(channel: Ints | None, channels: tuple[str, ...]) -> dict[str, Floats]:
    if channel is None or len(channels) < 2:
        return {}
    count = np.bincount(channel, minlength=len(channels))
    return {
        f"channel.{name}": (channel == k).astype(float)
        for k, name in enumerate(channels)
        if k != int(count.argmax()) and count[k]
    }
