"""Repeat contacts and redials in the steady state, where they can be calculated."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import lil_matrix
from scipy.sparse.linalg import spsolve

from sim import erlang
from sim.experiment import simulate
from sim.experiment.result import Estimate
from sim.scenario import Scenario

REPEATS = """
[center]
length = "60h"
[queue.calls]
volume = 60
volume_is = "new"
talk = "exponential 2min"
resolved = {resolved}
repeat = {{ share = {share}, after = "exponential 5min", at_most = 20 }}
[group.team]
agents = 40
skills = {{ calls = 1 }}
"""
REDIALS = """
[center]
warm_up = "10h"
length = "190h"
[queue.calls]
volume = "{calls} an hour"
talk = "exponential 4min"
patience = "exponential 2min"
retry = {{ share = {share}, after = "exponential {after}min", at_most = 20 }}
[group.team]
agents = {agents}
skills = {{ calls = 1 }}
"""


def holds(found: Estimate, expected: float) -> bool:
    """Whether a value lies within three standard errors of an expected one, and is precise."""
    assert found.value is not None
    assert found.half is not None
    assert found.half < 0.05 * expected
    return abs(found.value - expected) < 1.5 * found.half


@pytest.mark.parametrize(("resolved", "share"), [(0.6, 0.8), (0.75, 0.5), (0.2, 0.9)])
def test_contacts_per_issue_are_the_fixed_point_of_repeats(resolved: float, share: float) -> None:
    found = simulate(Scenario.parse(REPEATS.format(resolved=resolved, share=share)), runs=8)
    assert holds(found.estimate("contacts_per_issue"), 1 / (1 - (1 - resolved) * share))


def test_a_highest_number_of_repeats_cuts_the_series() -> None:
    text = REPEATS.format(resolved=0.2, share=0.9).replace("at_most = 20", "at_most = 2")
    found = simulate(Scenario.parse(text), runs=8)
    again = 0.8 * 0.9
    assert holds(found.estimate("contacts_per_issue"), 1 + again + again**2)


def erlang_a_with_redials(
    arrival: float, service: float, patience: float, agents: int, share: float, redial: float
) -> tuple[float, float]:
    """Solve the Markov chain of calls present and customers who will call again.

    Parameters
    ----------
    arrival, service, patience, redial : float
        Rates of first calls, of an agent, of a waiting and of a redialling customer.
    agents : int
    share : float
        Of those who abandon, who call again.

    Returns
    -------
    tuple of float
        Calls a unit of time, redials included, and the share of them abandoned.
    """
    most, waiting = agents + 60, 60
    number = np.arange((most + 1) * (waiting + 1)).reshape(most + 1, waiting + 1)
    rates = lil_matrix((number.size, number.size))

    def go(start: tuple[int, int], end: tuple[int, int], rate: float) -> None:
        if rate > 0:
            rates[number[end], number[start]] += rate
            rates[number[start], number[start]] -= rate

    for present in range(most + 1):
        for away in range(waiting + 1):
            here = (present, away)
            leaving = max(present - agents, 0) * patience
            if present < most:
                go(here, (present + 1, away), arrival)
                if away:
                    go(here, (present + 1, away - 1), away * redial)
            if present:
                gone = min(present, agents) * service + leaving * (1 - share)
                go(here, (present - 1, away), gone)
                go(here, (present - 1, min(away + 1, waiting)), leaving * share)
    rates[0, :] = 1.0
    total = np.zeros(number.size)
    total[0] = 1.0
    probability = spsolve(rates.tocsc(), total).reshape(number.shape)
    assert probability[-1].sum() + probability[:, -1].sum() < 1e-6
    calls = arrival + redial * float(probability.sum(axis=0) @ np.arange(waiting + 1))
    abandoned = patience * float(
        probability.sum(axis=1) @ np.maximum(np.arange(most + 1) - agents, 0)
    )
    return calls, abandoned / calls


def test_the_chain_without_redials_is_erlang_a() -> None:
    calls, abandoned = erlang_a_with_redials(85.0, 15.0, 30.0, 5, 0.0, 6.0)
    known = erlang.a(calls=85, per="1h", aht="240s", agents=5, patience="2min")
    assert calls == pytest.approx(85)
    assert abandoned == pytest.approx(known.abandonment, rel=1e-6)


@pytest.mark.parametrize(
    ("share", "minutes"), [(0.5, 10), (0.7, 3)], ids=["half after ten minutes", "most soon"]
)
def test_redials_are_those_of_the_markov_chain(share: float, minutes: int) -> None:
    text = REDIALS.format(calls=85, share=share, after=minutes, agents=5)
    found = simulate(Scenario.parse(text), runs=12)
    calls, abandoned = erlang_a_with_redials(85.0, 15.0, 30.0, 5, share, 60 / minutes)
    assert holds(found.estimate("offered"), 190 * calls)
    assert holds(found.estimate("abandonment"), abandoned)
