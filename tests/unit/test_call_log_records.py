"""The records of a call log: times, subsets, days."""

import datetime as dt

import numpy as np
import pytest

from sim.history.call_log import CallLog, CallOutcome


@pytest.fixture
def log():
    return CallLog(
        first_day=dt.date(2026, 1, 5),
        day=np.array([0, 0, 2, 2]),
        offered=np.array([100.0, 200.0, 50.0, 60.0]),
        queue=np.zeros(4, dtype=np.int64),
        queues=("calls",),
        wait=np.array([0.0, 10.0, 5.0, 0.0]),
        outcome=np.array(
            [CallOutcome.ANSWERED, CallOutcome.ABANDONED, CallOutcome.ANSWERED, CallOutcome.BLOCKED]
        ),
        talk=np.array([30.0, np.nan, 40.0, np.nan]),
        agent=np.array([0, -1, 1, -1]),
        agents=("agent 1", "agent 2"),
        customer=np.array([3, 4, 3, -1]),
        priority=np.full(4, np.nan),
        day_used=np.array([True, False, True]),
    )


def test_instants_count_from_the_first_midnight(log):
    assert log.instant.tolist() == [100, 200, 172850, 172860]
    assert log.end[[0, 2]].tolist() == [130, 172895]
    assert np.isnan(log.end[[1, 3]]).all()
    assert log.days == 3
    assert log.weekday.tolist() == [0, 1, 2]
    assert log.date(2) == dt.date(2026, 1, 7)


def test_outcomes_are_distinguished(log):
    assert log.answered.tolist() == [True, False, True, False]
    assert log.abandoned.tolist() == [False, True, False, False]


def test_a_part_keeps_days_and_names(log):
    part = log.take(log.answered)
    assert len(part) == 2
    assert part.agent.tolist() == [0, 1]
    assert part.agents == log.agents
    assert part.days == 3


def test_other_days_are_not_used(log):
    part = log.of_days(np.array([True, True, False]))
    assert part.day.tolist() == [0, 0]
    assert part.day_used.tolist() == [True, False, False]
    assert part.used.all()
