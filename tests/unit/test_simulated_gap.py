"""The gap of a usual week and of recorded days, pauses seen as absence and others."""

from types import SimpleNamespace

import numpy as np
import pytest

from sim.history.calibration.adjustment import AS_ESTIMATED
from sim.history.calibration.close_loop import PAUSES_BOUNDS, _least_certain
from sim.history.calibration.simulated_gap import gap_of_past_days, simulated_gap
from sim.history.estimation.day_bootstrap import DayEstimate

POINTS = "points 0s 0%, 20s 80%, 180s 95%, 600s 95%, 700s 100%"


def estimates(seen, unseen, apart=True):
    """Return estimates of 1,000 contacts, after so many of which a presence is parted."""

    def rows(number):
        return SimpleNamespace(agent=np.zeros(number), calls=np.array([1000]))

    return SimpleNamespace(
        gap=SimpleNamespace(points=POINTS, mean=DayEstimate(50.0, 45.0, 55.0)),
        pauses=SimpleNamespace(
            gap=DayEstimate(20.0, 19.0, 21.0), pauses=DayEstimate(0.05, 0.045, 0.055)
        )
        if apart
        else None,
        present=rows(1),
        working=rows(1 + seen),
        unseen_pauses=unseen,
        states=None,
        readiness=None,
        sensitivity=(),
    )


def test_pauses_are_in_the_gap_or_seen_as_absence():
    found = estimates(seen=20, unseen=0.03)
    assert simulated_gap(found, AS_ESTIMATED).share_beyond(180) == pytest.approx(0.05)
    past = gap_of_past_days(found, AS_ESTIMATED)
    assert past.share_beyond(180) == pytest.approx(0.03)
    assert past.mean == pytest.approx(0.97 * 24.21 + 0.03 * 650, rel=0.01)
    unknown = gap_of_past_days(estimates(seen=20, unseen=np.nan), AS_ESTIMATED)
    assert unknown.share_beyond(180) == pytest.approx(0.05)


def test_more_pauses_are_none_of_those_seen():
    found = estimates(seen=20, unseen=0.03)
    more = AS_ESTIMATED.with_("pauses", 1.4)
    assert simulated_gap(found, more).share_beyond(180) == pytest.approx(0.07)
    assert gap_of_past_days(found, more).share_beyond(180) == pytest.approx(0.05)
    fewer = AS_ESTIMATED.with_("pauses", 0.2)
    assert gap_of_past_days(found, fewer).share_beyond(180) == 0


def test_longer_gaps_are_no_more_pauses():
    longer = AS_ESTIMATED.with_("gap", 2.0)
    found = simulated_gap(estimates(20, 0.03), longer)
    assert found.share_beyond(180) == pytest.approx(0.05)
    below = found.to_model().cdf(np.array([40.0, 599.0, 650.0]))
    assert below == pytest.approx([0.8, 0.95, 0.975])
    whole = simulated_gap(estimates(20, 0.03, apart=False), longer)
    assert whole.to_model().cdf(np.array([1200.0]))[0] == pytest.approx(0.95)


def test_how_many_pauses_there_are_may_change_to_remove_bias():
    found = {one.name: one for one in _least_certain(estimates(20, 0.03))}
    assert (found["pauses"].low, found["pauses"].high) == PAUSES_BOUNDS
    assert "pauses" not in {one.name for one in _least_certain(estimates(20, 0.03, apart=False))}
