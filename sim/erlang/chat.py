"""Chats: agents who handle several at once, each slower the more there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import comb
from typing import Any, ClassVar

import numpy as np

from sim.erlang.arguments import Duration, Number, contacts_per_s, seconds, whole
from sim.erlang.erlang_a import ErlangA
from sim.erlang.special_functions import Array, Value, plain, share
from sim.units import BadInputError

State = tuple[int, ...]

_MOST_STATES = 200_000
_MOST_WORK = 3e10


@dataclass(frozen=True, eq=False)
class Chat(ErlangA):
    """Exact chain of n agents with up to k chats each, least busy agent first.

    Attributes
    ----------
    at_once : int
        Most chats per agent.
    slowest : ndarray
        Handle time in seconds of one chat when its agent has `at_once`.
    loss : ndarray
        P(every agent full) if there were no queue.
    busy_below, chats_below : ndarray
        Mean busy agents and mean chats in service while at least one agent has a free slot.

    Notes
    -----
    While chats wait every agent is full, so the queue is that of Erlang A with completion rate
    n k / AHT_k; below, the counts of agents by number of chats form a finite chain, solved level
    by level (level = chats in service; Neuts 1981, level-dependent birth and death blocks).
    `work` and `load_erlangs` refer to a chat handled alone.
    """

    at_once: int
    slowest: Array
    loss: Array
    busy_below: Array
    chats_below: Array

    model: ClassVar[str] = "erlang_chat"

    def _loss(self) -> Array:
        return self.loss

    def _speed(self) -> Array:
        return np.asarray(self.staff * self.at_once / self.slowest)

    def _mix(self, below: Array, full: Array) -> Array:
        waits, free = self._busy
        return np.asarray(free * below + waits * full)

    @property
    def occupancy(self) -> Value:
        """Share of agents' time with at least one chat."""
        return plain(share(self._mix(self.busy_below, self.staff) / self.staff))

    @property
    def slot_occupancy(self) -> Value:
        """Share of all chat slots in use."""
        slots = self.staff * self.at_once
        return plain(share(self._mix(self.chats_below, slots) / slots))

    @property
    def concurrency(self) -> Value:
        """Mean chats of an agent who has any."""
        chats = self._mix(self.chats_below, self.staff * self.at_once)
        return plain(chats / self._mix(self.busy_below, self.staff))

    @property
    def handle_time_s(self) -> Value:
        """Mean duration of an answered chat, in seconds (Little's law)."""
        chats = self._mix(self.chats_below, self.staff * self.at_once)
        return plain(chats / (self.rate * self._answered()))


def chat(
    calls: Number,
    per: Duration,
    aht: Sequence[Any],
    agents: Number,
    patience: Duration,
    at_once: int | None = None,
) -> Chat:
    """Return the exact metrics of concurrent chats.

    Parameters
    ----------
    calls : float
        Chats per `per`; single numbers only.
    per : duration
        Length of the interval.
    aht : sequence of duration
        Duration of a chat while its agent has 1, 2, ... chats.
    agents : int
        Number of agents, >= 1.
    patience : duration
        Mean of the exponential patience in the queue.
    at_once : int, optional
        Most chats per agent, at most the length of `aht` (the default).

    Returns
    -------
    Chat

    Raises
    ------
    BadInputError
        If an argument is out of its bounds, or the chain too large to solve in seconds.
    """
    rate, mean = contacts_per_s(calls, per), seconds("patience", patience, above=True)
    n, times = whole("agents", agents), np.atleast_1d(seconds("aht", aht, above=True))
    k = int(whole("at_once", times.size if at_once is None else at_once))
    if k > times.size:
        raise BadInputError(f"at_once: {k} must be <= {times.size}, the number of handle times")
    if max(rate.ndim, mean.ndim, n.ndim):
        raise BadInputError("calls, per, agents, patience: chat takes single numbers")
    return chat_model(rate, times[:k], n, mean)


def chat_model(rate: Array, times: Array, staff: Array, patience: Array) -> Chat:
    """Solve the chain and attach the queue of Erlang A."""
    k, n = times.size, int(staff)
    loss, busy, chats = 0.0, 0.0, 0.0
    if float(rate) > 0.0:
        loss, busy, chats = _below(n, k, float(rate), tuple(times.tolist()))
    more = (np.asarray(loss), np.asarray(busy), np.asarray(chats))
    return Chat(rate, times[0], staff, patience, k, times[-1], *more)


def _levels(n: int, k: int) -> list[list[State]]:
    """List, per number of chats, the states: counts of agents with 1..k chats."""
    levels: list[list[State]] = [[] for _ in range(n * k + 1)]

    def fill(state: State, left: int, chats: int) -> None:
        if len(state) == k:
            levels[chats].append(state)
            return
        for count in range(left + 1):
            fill((*state, count), left - count, chats + count * (len(state) + 1))

    fill((), n, 0)
    return levels


@lru_cache(maxsize=4096)
def _below(n: int, k: int, rate: float, times: tuple[float, ...]) -> tuple[float, float, float]:
    """Solve the chain without a queue: P(full), and mean busy agents and chats if not full."""
    if comb(n + k, k) > _MOST_STATES:
        raise _too_large(n, k)
    levels = _levels(n, k)
    if sum(len(level) ** 3 for level in levels) > _MOST_WORK:
        raise _too_large(n, k)
    factors, downs = _climb(levels, n, rate, times)
    return _descend(levels, factors, downs, k)


def _too_large(n: int, k: int) -> BadInputError:
    return BadInputError(f"agents: {n} with {k} chats at once is too large for the exact chain")


def _climb(
    levels: list[list[State]], n: int, rate: float, times: tuple[float, ...]
) -> tuple[Any, Any]:
    """Eliminate level by level from empty upwards.

    The matrix of first passages from one level to the next has probabilities only, so nothing
    cancels however light or heavy the load.
    """
    from scipy.linalg import lu_factor, lu_solve

    factors: list[Any] = []
    downs: list[Array] = [np.zeros((1, 0))]
    first_entry = np.zeros((0, 1))
    for m, states in enumerate(levels[:-1]):
        where = {state: i for i, state in enumerate(levels[m + 1])}
        up = np.zeros((len(states), len(where)))
        for i, state in enumerate(states):
            up[i, where[_taken(state, n)]] = rate
        back = downs[m] @ first_entry
        np.fill_diagonal(back, 0.0)
        # The diagonal from the other entries, and rows that sum to one: else an error would grow
        # by completions / arrivals at every level of a quiet chat (Grassmann and others 1985).
        factor = lu_factor(np.diag(rate + back.sum(axis=1)) - back)
        factors.append(factor)
        first_entry = np.maximum(lu_solve(factor, up), 0.0)
        first_entry /= first_entry.sum(axis=1, keepdims=True)
        downs.append(_completions(levels[m + 1], states, times))
    return factors, downs


def _taken(state: State, n: int) -> State:
    """Give the state after a chat went to a least busy agent."""
    counts = [n - sum(state), *state]
    load = next(j for j, count in enumerate(counts) if count)
    counts[load] -= 1
    counts[load + 1] += 1
    return tuple(counts[1:])


def _completions(upper: list[State], lower: list[State], times: tuple[float, ...]) -> Array:
    """Rates per second from each state of a level to those with one chat less."""
    where = {state: i for i, state in enumerate(lower)}
    rates = np.zeros((len(upper), len(lower)))
    for i, state in enumerate(upper):
        for j, count in enumerate(state):
            if count:
                after = list(state)
                after[j] -= 1
                if j:
                    after[j - 1] += 1
                rates[i, where[tuple(after)]] += count * (j + 1) / times[j]
    return rates


def _descend(
    levels: list[list[State]], factors: Any, downs: Any, k: int
) -> tuple[float, float, float]:
    """Follow the stationary distribution down from full, rescaling so that nothing overflows."""
    from scipy.linalg import lu_solve

    distribution, scale = np.ones(1), 0.0
    logs, busy, chats = [], [], []
    for m in range(len(levels) - 2, -1, -1):
        distribution = np.maximum(lu_solve(factors[m], distribution @ downs[m + 1], trans=1), 0.0)
        mass = float(distribution.sum())
        scale += float(np.log(mass))
        distribution = distribution / mass
        logs.append(scale)
        busy.append(float(distribution @ np.sum(np.reshape(levels[m], (-1, k)), axis=1)))
        chats.append(float(m))
    top = max(0.0, *logs)
    weights = np.exp(np.asarray(logs) - top)
    below = float(weights.sum())
    loss = float(np.exp(-top)) / (float(np.exp(-top)) + below)
    return loss, float(weights @ busy) / below, float(weights @ chats) / below
