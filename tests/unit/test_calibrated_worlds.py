"""Whole centers whose parameters are known, calibrated from their logs."""

import numpy as np
import pytest

from sim.history.calibration.agent_hours import agent_hours_rows
from sim.history.calibration.log_presences import presences_of
from sim.history.call_log import read_call_log
from verification.calibrated_worlds import CenterCoverage, center_estimates, center_rows
from verification.random_centers import DAY, RandomCenter, Simulation, write_log

HOURS = "agent hours, as a ratio to the true ones"


def test_a_random_center_is_recovered_from_its_log():
    """Two queues, agents in shifts, retrials and gaps; the seed is one with few days."""
    rows = center_rows(0)
    names = {row[0] for row in rows}
    assert {
        "variation of the volume from day to day",
        "gap after a contact, mean (s)",
        "talk, mean (s)",
        "talk, coefficient of variation",
        "waiting still after 60 s",
        "abandon at once instead of waiting",
        "abandoned who call again within an hour",
        "volume of an interval",
        HOURS,
    } <= names
    inside = [low <= true <= high for _, _, low, high, true in rows]
    assert np.mean(inside) > 0.8
    by_name = {row[0]: row for row in rows}
    assert abs(by_name[HOURS][1] - 1) < 0.05
    gap = by_name["gap after a contact, mean (s)"]
    assert abs(gap[1] / gap[4] - 1) < 0.1


@pytest.mark.slow
def test_agents_of_a_busy_center_are_not_taken_for_not_ready():
    """All are ready here; who is still free in a busy center is more often in the gap."""
    readiness = center_estimates(Simulation(RandomCenter.draw(2))).readiness
    assert readiness.not_ready.contains(0.0)  # from 3.7 to 7.2 % where this is not allowed for
    assert readiness.not_ready.high < 0.01


class WithBreaksSummed(Simulation):
    """A random center that adds up the hours of its breaks when quiet."""

    def __init__(self, center):
        super().__init__(center)
        self.now, self.off = 0.0, np.zeros(center.days)

    def on_ready(self, time, agent):
        self.now = time
        super().on_ready(time, agent)

    def on_quiet(self, time, about):
        self.now = time
        super().on_quiet(time, about)

    def push(self, time, what, about):
        if what == "back":
            until = min(time, self.until[about])
            self.off[int(self.now // DAY)] += max(until - self.now, 0.0) / 3600
        super().push(time, what, about)


@pytest.mark.slow
def test_breaks_when_quiet_are_recovered_from_a_log():
    simulated = WithBreaksSummed(RandomCenter.draw(5))
    center = simulated.center
    assert center.quiet_share > 0.2
    estimates = center_estimates(simulated)
    readiness = estimates.readiness
    hours, off = agent_hours_rows(estimates)
    usable = estimates.usable
    true, true_off = (
        float(one[: usable.size][usable].mean()) for one in (simulated.hours, simulated.off)
    )
    # Breaks are in the agent hours, and their hours are said.
    assert abs(hours.value / true - 1) < 0.05
    assert true_off > 0.1 * true
    assert abs(off.value / true_off - 1) < 0.1
    assert readiness.not_ready.contains(center.quiet_share)
    assert readiness.length.contains(center.quiet_length)
    assert abs(readiness.not_ready.value - center.quiet_share) < 0.03
    assert readiness.not_ready.high - readiness.not_ready.low < 0.15
    some = readiness.contacts > 300
    some[0] = False
    assert np.abs(readiness.fitted - readiness.waited)[some].max() < 0.06


def test_coverage_differs_only_beyond_the_binomial_error():
    assert CenterCoverage("a", 100, 88, 1.0, 1.0).agrees
    assert not CenterCoverage("a", 100, 80, 1.0, 1.0).agrees
    assert not CenterCoverage("a", 100, 80, 1.0, 1.0, with_breaks=True).agrees
    low, high = CenterCoverage("a", 100, 95, 1.0, 1.0).bounds
    assert 0.88 < low < 0.95 < high < 0.99


@pytest.mark.parametrize("seed", [50_010, 50_030])
def test_agents_who_wait_long_are_there_before_and_after_their_contacts(seed, tmp_path):
    """Agents are busy for half of their time; mean gaps leave out two hours of a hundred."""
    simulated = Simulation(RandomCenter.draw(seed))
    simulated.run()
    write_log(simulated, tmp_path / "log.csv")
    found = presences_of(read_call_log(tmp_path / "log.csv", None).log)
    assert found.present.hours / simulated.hours.sum() == pytest.approx(1.0, abs=0.01)
