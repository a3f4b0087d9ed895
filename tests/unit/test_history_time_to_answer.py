"""Contacts that ring at free agents are distinguished from contacts that wait for an agent."""

import numpy as np
import pytest

from sim.history.estimation.time_to_answer import time_to_answer


def calls(ring, idle, count=400):
    """Calls of two agents, each of 60 s, that come `idle` seconds after the one before ended."""
    rng = np.random.default_rng(4)
    rings = rng.uniform(*ring, 2 * count)
    agent = np.repeat([0, 1], count)
    entered = np.tile(np.cumsum(np.full(count, 60.0 + ring[1] + idle)), 2)
    answer = entered + rings
    return agent, entered, answer, answer + 60.0


def test_the_time_to_answer_is_that_of_contacts_that_met_a_free_agent():
    agent, entered, answer, end = calls((2.0, 6.0), 100.0)
    waiting = answer.copy()
    entered, busy = entered.copy(), np.arange(agent.size) % 4 == 0
    entered[busy] -= 300.0  # came while the agent was on the call before
    found = time_to_answer(agent, entered, waiting, end)
    assert found.median == pytest.approx(4.0, abs=0.3)
    assert (found.low, found.high) == pytest.approx((2.4, 5.6), abs=0.2)
    assert found.contacts == (~busy)[agent == 0][1:].sum() + (~busy)[agent == 1][1:].sum()


@pytest.mark.parametrize(("ring", "idle"), [((0.0, 0.0), 100.0), ((2.0, 6.0), 30.0)])
def test_contacts_answered_at_once_and_agents_not_surely_free_say_nothing(ring, idle):
    assert time_to_answer(*calls(ring, idle)) is None


def test_an_agent_without_a_name_says_nothing():
    agent, *times = calls((2.0, 6.0), 100.0)
    assert time_to_answer(np.full_like(agent, -1), *times) is None
