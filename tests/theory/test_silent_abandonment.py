"""M/M/n with silent abandonment: the simulation against its Markov chain, solved numerically.

The queue is first come, first served, so a state says for each place whether the customer is still
there: two agents, a queue of at most eight.
"""

from itertools import product

import numpy as np
import pytest
from scipy.sparse import csr_matrix, vstack
from scipy.sparse.linalg import spsolve

from sim.experiment import simulate
from sim.scenario import Scenario

AGENTS, LIMIT = 2, 8
State = tuple[int, int, tuple[int, ...]]
TEXT = """
[center]
length = "4000h"
[queue.chats]
channel = "chat"
volume = "54 an hour"
talk = "exponential 2min"
patience = "exponential 90s"
limit = {limit}
silent = {{ waiting = "60%", noticed = "exponential 40s" }}
[group.team]
agents = {agents}
skills = {{ chats = 1 }}
"""


def moves(state: State, arrive: float, talk: float, leave: float, notice: float, share: float):
    """Yield rates and next states: talks, contacts found empty, and who of the queue is there."""
    talks, empty, queue = state
    if talks + empty < AGENTS:
        yield arrive, (talks + 1, empty, queue)
    elif len(queue) < LIMIT:
        yield arrive, (talks, empty, (*queue, 1))
    for busy, rate, rest in (
        (talks, talk, (talks - 1, empty)),
        (empty, notice, (talks, empty - 1)),
    ):
        if busy and queue:
            yield busy * rate, (rest[0] + queue[0], rest[1] + 1 - queue[0], queue[1:])
        elif busy:
            yield busy * rate, (*rest, queue)
    for k, there in enumerate(queue):
        if there:
            yield leave * share, (talks, empty, (*queue[:k], 0, *queue[k + 1 :]))
            yield leave * (1 - share), (talks, empty, queue[:k] + queue[k + 1 :])


def stationary(*rates: float) -> dict[State, float]:
    states = [(i, j, ()) for i in range(AGENTS + 1) for j in range(AGENTS + 1 - i)]
    full = [state for state in states if sum(state[:2]) == AGENTS]
    for length in range(1, LIMIT + 1):
        states += [(i, j, q) for i, j, _ in full for q in product((0, 1), repeat=length)]
    number = {state: k for k, state in enumerate(states)}
    rows, columns, values = [], [], []
    for state, k in number.items():
        for rate, following in moves(state, *rates):
            rows += [number[following], k]
            columns += [k, k]
            values += [rate, -rate]
    flow = csr_matrix((values, (rows, columns)), shape=(len(states),) * 2)
    ones = csr_matrix(np.ones((1, len(states))))
    system = vstack([flow[:-1], ones]).tocsc()
    right = np.zeros(len(states))
    right[-1] = 1.0
    return dict(zip(states, spsolve(system, right), strict=True))


def test_silent_abandonment_agrees_with_its_markov_chain() -> None:
    arrive, talk, leave, notice, share = 54 / 3600, 1 / 120, 1 / 90, 1 / 40, 0.6
    p = stationary(arrive, talk, leave, notice, share)
    assert sum(p.values()) == pytest.approx(1)
    waiting = sum(chance * sum(queue) for (_, _, queue), chance in p.items())
    full = sum(chance for (_, _, queue), chance in p.items() if len(queue) == LIMIT)
    busy = sum(chance * (talks + empty) for (talks, empty, _), chance in p.items()) / AGENTS
    expected = {
        "abandonment": leave * waiting / arrive,
        "mean_wait_all_s": waiting / (arrive * (1 - full)),
    }
    result = simulate(
        Scenario.parse(TEXT.format(limit=LIMIT, agents=AGENTS)), runs=6, seed=5, workers=1
    )
    for name, value in expected.items():
        estimate = result.estimate(name)
        slack = 0.3 * (estimate.high - estimate.low) + 1e-4
        assert estimate.low - slack < value < estimate.high + slack, name
    occupancy = result.estimate("occupancy")
    assert occupancy.value == pytest.approx(busy, abs=0.005)
    left = result.estimate("silent_abandoned").value / result.estimate("abandoned").value
    assert left == pytest.approx(share, abs=0.01)
