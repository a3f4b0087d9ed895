"""Erlang C: a queue without abandonment, and the square-root rules that follow from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from scipy import special

from sim.erlang.arguments import (
    Duration,
    Number,
    Share,
    Unstable,
    contacts_per_s,
    fraction,
    number,
    seconds,
    whole,
)
from sim.erlang.finite_capacity import LimitedLines, limited
from sim.erlang.special_functions import Array, Value, erlang_b, plain
from sim.erlang.steady_state import SteadyState
from sim.units import BadInputError


@dataclass(frozen=True, eq=False)
class ErlangC(SteadyState):
    """M/M/n: Poisson arrivals, exponential handle times, endless patience.

    Notes
    -----
    Erlang (1917). P(wait) = B / (B + (1 - occupancy)(1 - B)); the wait of those who wait is
    exponential with rate (agents / handle time - arrival rate).
    """

    model: ClassVar[str] = "erlang_c"

    def _spare(self) -> Array:
        """Spare rate n/aht - rate in contacts per second; nan where there is none."""
        spare = self.staff / self.work - self.rate
        return np.where(spare > 0.0, spare, np.nan)

    def _waits(self) -> Array:
        loss = erlang_b(self.rate * self.work, self.staff)
        idle = self._spare() * self.work / self.staff
        return np.asarray(loss / (loss + idle * (1.0 - loss)))

    def _answered(self) -> Array:
        return np.where(np.isnan(self._spare()), np.nan, 1.0)

    def _abandoned(self) -> Array:
        return np.asarray(0.0 * self._spare())

    def _wait(self) -> Array:
        return np.asarray(self._waits() / self._spare())

    _answered_wait = _virtual_wait = _wait

    def _waiting_after(self, t: Array) -> Array:
        return np.asarray(self._waits() * np.exp(-self._spare() * t))

    _answered_after = _virtual_after = _waiting_after

    def wait_percentile(self, percent: Number) -> Value:
        """Wait in seconds that `percent` % do not exceed, in closed form.

        Raises
        ------
        BadInputError
            If `percent` is not in [0, 100).
        """
        part = fraction("percent / 100", np.asarray(percent) / 100.0, below_one=True)
        with np.errstate(divide="ignore"):
            excess = np.log(self._waits()) - np.log1p(-part)
        return plain(np.maximum(excess, 0.0) / self._spare())


def c(
    calls: Number,
    per: Duration,
    aht: Duration,
    agents: Number,
    *,
    lines: Number | None = None,
    redial: Share = 0.0,
) -> ErlangC | LimitedLines:
    """Return the metrics of a queue without abandonment (Erlang C, or M/M/n/K with `lines`).

    Parameters
    ----------
    calls : array_like
        Contacts per `per`.
    per, aht : duration
        Length of the interval and average handle time: seconds, or text such as "30min".
    agents : array_like of int
        Number of agents, >= 1.
    lines : array_like of int, optional
        Lines for contacts in service and waiting together, from agents to a million.
    redial : float
        Share of the blocked that redial; needs `lines`.

    Returns
    -------
    ErlangC or LimitedLines

    Raises
    ------
    Unstable
        For single numbers, if the load reaches the agents. For arrays the metrics of such
        elements are nan and `stable` is False there.
    BadInputError
        If an argument is out of its bounds.
    """
    rate, work = contacts_per_s(calls, per), seconds("aht", aht, above=True)
    n, redialled = whole("agents", agents), fraction("redial", redial)
    if lines is not None:
        return limited(rate, work, n, lines, np.asarray(0.0), redialled)
    if bool(np.any(redialled > 0.0)):
        raise BadInputError("redial: no contact is lost in Erlang C; give patience or lines")
    answer = ErlangC(rate, work, n)
    refuse_overload(answer)
    return answer


def refuse_overload(answer: ErlangC) -> None:
    """Raise Unstable when a single-number Erlang C has no stationary answer."""
    if answer.stable is False:
        raise Unstable(
            f"agents: {answer.agents:g} cannot handle a load of {answer.load_erlangs:g} erlangs: "
            "without abandonment the queue grows without limit (more agents than erlangs are "
            "needed); give a patience to ask Erlang A, or a limit of trunks (lines)"
        )


def halfin_whitt_delay(beta: Number) -> Value:
    """Give the limit of P(wait) when agents = load + beta sqrt(load), beta > 0.

    Notes
    -----
    Halfin and Whitt (1981), "Heavy-traffic limits for queues with many exponential servers":
    1 / (1 + beta Phi(beta) / phi(beta)).

    Raises
    ------
    BadInputError
        If `beta` is not positive.
    """
    return plain(_delay(number("beta", beta, above=True)))


def garnett_delay(beta: Number, patience_over_aht: Number) -> Value:
    """Give the limit of P(wait) with abandonment; `beta` may be negative.

    Notes
    -----
    Garnett, Mandelbaum and Reiman (2002), "Designing a call center with impatient customers":
    with h the hazard of the normal distribution and r the square root of patience over handle time,
    1 / (1 + h(beta r) / (r h(-beta))).

    Raises
    ------
    BadInputError
        If `patience_over_aht` is not positive or `beta` not finite.
    """
    margin = number("beta", beta, -np.inf)
    r = np.sqrt(number("patience_over_aht", patience_over_aht, above=True))
    return plain(1.0 / (1.0 + _hazard(margin * r) / (r * _hazard(-margin))))


def square_root_agents(load: Number, wait_probability: Share) -> Value:
    """Give the real number of agents load + beta sqrt(load) with the wished P(wait).

    Parameters
    ----------
    load : array_like
        Offered load in erlangs, >= 0.
    wait_probability : array_like
        Share that may wait, in (0, 1).

    Returns
    -------
    float or ndarray
        Agents before rounding (Halfin and Whitt 1981).

    Raises
    ------
    BadInputError
        If an argument is out of its bounds.
    """
    a, goal = number("load", load), fraction("wait_probability", wait_probability, below_one=True)
    number("wait_probability", goal, above=True)
    low, high = np.zeros(goal.shape), np.full(goal.shape, 40.0)
    for _ in range(100):
        middle = 0.5 * (low + high)
        busy = _delay(middle) > goal
        low, high = np.where(busy, middle, low), np.where(busy, high, middle)
    return plain(a + 0.5 * (low + high) * np.sqrt(a))


def _delay(beta: Array) -> Array:
    # Phi/phi = 1/h(-beta) with the hazard h of the normal distribution.
    return np.asarray(1.0 / (1.0 + beta / _hazard(-beta)))


def _hazard(z: Array) -> Array:
    """Hazard phi(z)/(1 - Phi(z)) of the standard normal distribution, stable in both tails."""
    return np.asarray(np.sqrt(2.0 / np.pi) / special.erfcx(z / np.sqrt(2.0)))
