"""Intervals that are wider by the measured error of a method."""

import numpy as np
import pytest

from sim.history.estimation.day_bootstrap import DayEstimate
from sim.history.estimation.method_error import ErrorBeyondDays, agent_hours_error


def test_an_interval_is_wider_by_independent_errors():
    """Standard errors of 3 and 4 hundredths make 5, on the scale of the error."""
    days = DayEstimate(10.0, 10 * np.exp(-1.96 * 0.03), 10 * np.exp(1.96 * 0.03), 50, 20)
    found = ErrorBeyondDays("log", 0.04).widen(days)
    assert np.log([found.low, found.high]) - np.log(10) == pytest.approx([-0.098, 0.098])
    assert (found.value, found.records, found.days) == (10.0, 50, 20)
    assert ErrorBeyondDays("log", 0.0).widen(days).high == pytest.approx(days.high)


def test_shares_stay_shares_and_may_be_none():
    found = ErrorBeyondDays("logit", 0.1, 0.02).widen(DayEstimate(0.03, 0.02, 0.04))
    assert found.low == 0.0
    assert 0.03 + 1.96 * 0.02 < found.high < 0.1
    none = ErrorBeyondDays("logit", 0.1, 0.02).widen(DayEstimate(0.0, 0.0, 0.01))
    assert none.low == 0.0
    assert none.high == pytest.approx(np.hypot(0.01, 1.96 * 0.02))
    assert ErrorBeyondDays("logit", 9.0, 0.2).widen(DayEstimate(0.9, 0.8, 0.95)).high == 1.0


def test_an_estimate_without_an_interval_stays_as_it_is():
    alone = ErrorBeyondDays("log", 0.1).widen(DayEstimate(5.0))
    assert np.isnan(alone.low)
    assert np.isnan(ErrorBeyondDays("log", 0.1).widen(DayEstimate(np.nan)).value)


def test_agent_hours_are_less_certain_where_agents_take_breaks():
    assert agent_hours_error(0.4).relative > 2 * agent_hours_error(0.0).relative > 0
