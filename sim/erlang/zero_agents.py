"""A queue without agents: contacts wait until they are abandoned, or are blocked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.erlang.arguments import Unstable, fraction, number
from sim.erlang.patience import Patience
from sim.erlang.special_functions import Array, Value, erlang_b, plain
from sim.erlang.steady_state import SteadyState


@dataclass(frozen=True, eq=False)
class ZeroAgents(SteadyState):
    """Steady-state metrics of a queue without agents.

    Attributes
    ----------
    patience : Patience or None
        Patience of waiting customers; None when no contact is let in.
    busy : ndarray
        Share of the offered who find every line taken.
    asked : str
        The model that was asked.
    """

    patience: Patience | None
    busy: Array
    asked: str

    @property
    def model(self) -> str:  # type: ignore[override]
        """The model that was asked."""
        return self.asked

    @property
    def occupancy(self) -> Value:
        """Share of agents' time spent handling: there are none."""
        return plain(np.zeros(self.rate.shape))

    def wait_percentile(self, percent: Any) -> Value:
        """Return no wait, since no contact is answered."""
        return plain(np.nan + self.rate)

    def _blocked(self) -> Array:
        return self.busy

    def _answered(self) -> Array:
        return np.zeros(self.rate.shape)

    def _waits(self) -> Array:
        return np.asarray(1.0 - self.busy)

    def _answered_wait(self) -> Array:
        return np.zeros(self.rate.shape)

    def _wait(self) -> Array:
        mean = 0.0 if self.patience is None else self.patience.mean_s
        return np.asarray((1.0 - self.busy) * mean)

    def _virtual_wait(self) -> Array:
        return np.asarray(np.inf + self.rate)

    def _answered_after(self, t: Array) -> Array:
        return np.asarray(0.0 * t)

    def _virtual_after(self, t: Array) -> Array:
        return np.asarray(1.0 + 0.0 * t)

    def _waiting_after(self, t: Array) -> Array:
        still = 0.0 if self.patience is None else self.patience.survival(t)
        return np.asarray((1.0 - self.busy) * still)

    @property
    def mean_wait_all_s(self) -> Value:
        """Mean wait of those let in, in seconds: their patience; nan when there are none."""
        mean = np.nan if self.patience is None else self.patience.mean_s
        return plain(np.where(self.busy < 1.0, mean + 0.0 * self.rate, np.nan))


def without_agents(
    rate: Array, work: Array, patience: Patience | None, lines: Any, redial: Any, model: str
) -> ZeroAgents:
    """Return the metrics of contacts for which there is no agent.

    Parameters
    ----------
    rate : ndarray
        First attempts per second, > 0.
    work : ndarray
        Handle time in seconds.
    patience : Patience or None
        None without abandonment.
    lines : int, optional
        Lines, >= 0. With patience they are an Erlang B system whose holding time is the
        patience; without it they are soon taken for ever.
    redial : share
        Share of all the lost that redial.
    model : str
        Name in the answer.

    Raises
    ------
    Unstable
        Without abandonment and a limit of lines, or if every lost contact redials.
    """
    redialled = fraction("redial", redial)
    if patience is None and lines is None:
        raise Unstable(
            f"agents: 0 cannot handle a load of {float(rate * work):g} erlangs without "
            "abandonment; give agents, or a patience, or a limit of trunks (lines)"
        )
    if float(redialled) >= 1.0:
        raise Unstable("redial: when every lost contact redials, at least one agent is required")
    rate = np.asarray(rate / (1.0 - redialled))
    busy = np.asarray(0.0)
    if patience is None:
        busy = np.asarray(1.0)
    elif lines is not None:
        busy = np.asarray(erlang_b(rate * patience.mean_s, number("lines", lines)))
    return ZeroAgents(rate, work, np.asarray(0.0), patience, busy, model)
