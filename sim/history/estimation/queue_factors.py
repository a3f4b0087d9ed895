"""How long contacts of queues take apart from who serves them: a model of agents and queues."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.array_types import Floats, Ints

_TURNS = 30
_FARTHEST = np.log(10.0)
_NONE = 1e-9


@dataclass(frozen=True)
class QueueFactors:
    """Factors of queues on what is expected of their contacts.

    Attributes
    ----------
    factor : ndarray, shape (queues,)
        Over the contacts of queues that agents connect the mean of what is expected stays as it is.
    part : ndarray of int, shape (agents,)
        Number of the queues, connected by agents who serve several, that each agent is among:
        factors of different parts cannot be distinguished from the speed of agents.
    shared : ndarray, shape (agents, queues)
        Sampling errors of the factors in the logarithms of the agents' ratios: their covariance
        is ``shared @ shared.T`` where a contact has a squared coefficient of variation of 1.
    """

    factor: Floats
    part: Ints
    shared: Floats


def queue_factors(
    agent: Ints, queue: Ints, talk: Floats, expected: Floats, weight: Floats
) -> QueueFactors:
    """Return factors of queues by how long the same agents talk in each.

    Parameters
    ----------
    agent : ndarray of int, shape (answered,)
        From 0, each with talk above zero.
    queue : ndarray of int, shape (answered,)
    talk, expected : ndarray, shape (answered,)
        Seconds.
    weight : ndarray, shape (answered,)

    Notes
    -----
    Talk is what is expected times a factor of the queue and one of the agent; both are chosen so
    that the sums of all agents and of all queues are right (Poisson pseudo-likelihood: Gourieroux,
    Monfort and Trognon 1984), by Newton's method on the factors of the queues. Their covariance is
    the robust one, with errors in proportion to the mean.
    """
    agents, queues = int(agent.max(initial=-1)) + 1, int(queue.max(initial=-1)) + 1
    place = agent * queues + queue

    def cells(values: Floats) -> Floats:
        sums = np.bincount(place, values, agents * queues)
        return np.asarray(sums, dtype=float).reshape(agents, queues)

    usual, actual = cells(weight * expected), cells(weight * talk)
    logs = np.zeros(queues)
    free = actual.sum(axis=0) > 0
    for _ in range(_TURNS):
        fitted, inverse, _shares = _fitted(usual, actual, logs)
        step = np.where(free, inverse @ (actual - fitted).sum(axis=0), 0.0)
        logs = np.clip(logs + np.clip(step, -1, 1), -_FARTHEST, _FARTHEST)
        if np.abs(step).max(initial=0.0) < _NONE:
            break
    part, part_of_queue = _parts(usual)
    for one in range(int(part.max(initial=-1)) + 1):
        mine = part_of_queue == one
        before = usual[:, mine].sum()
        logs[mine] -= np.log((usual[:, mine] * np.exp(logs[mine])).sum() / before)
    fitted, inverse, shares = _fitted(usual, actual, logs)
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = np.where(usual > 0, fitted / usual, 0.0)
    squares = cells((weight * expected) ** 2) * ratio**2
    crossed = squares.T @ shares
    scores = np.diag(squares.sum(axis=0)) - crossed - crossed.T
    scores += shares.T @ (squares.sum(axis=1)[:, None] * shares)
    values, vectors = np.linalg.eigh(inverse @ scores @ inverse)
    return QueueFactors(np.exp(logs), part, shares @ (vectors * np.sqrt(np.maximum(values, 0.0))))


def _fitted(usual: Floats, actual: Floats, logs: Floats) -> tuple[Floats, Floats, Floats]:
    """Return fitted sums, the inverse information of the queues, and the agents' shares of queues.

    The factor of each agent is the one that makes its sum right.
    """
    scaled = usual * np.exp(logs)
    shares = scaled / scaled.sum(axis=1, keepdims=True)
    fitted = shares * actual.sum(axis=1, keepdims=True)
    root = np.sqrt(np.maximum(fitted.sum(axis=0), 1e-300))
    alike = (
        np.diag((fitted.sum(axis=0) > 0).astype(float)) - (fitted.T @ shares) / root / root[:, None]
    )
    # One value is zero for each part, as its agents may all be faster or its contacts shorter.
    values, vectors = np.linalg.eigh((alike + alike.T) / 2)
    inverse = (vectors * np.where(values > _NONE, 1 / np.maximum(values, _NONE), 0.0)) @ vectors.T
    return fitted, inverse / root / root[:, None], shares


def _parts(usual: Floats) -> tuple[Ints, Ints]:
    """Return the connected part of each agent and of each queue; queues without agents: -1."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    agents, queues = usual.shape
    who, what = np.nonzero(usual > 0)
    links = coo_array((np.ones(who.size), (who, agents + what)), shape=(agents + queues,) * 2)
    _, label = connected_components(links, directed=False)
    _, part = np.unique(label[:agents], return_inverse=True)
    of_queue = np.full(queues, -1)
    of_queue[what] = part[who]
    return part.astype(np.int64), of_queue
