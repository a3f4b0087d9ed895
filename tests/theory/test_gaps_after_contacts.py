"""Gaps after contacts and breaks in quiet times: formulas that are exact for them."""

import numpy as np
import pytest

from sim import erlang
from sim.engine import simulate_replication
from sim.experiment import simulate
from sim.model import build
from sim.scenario import Scenario

CENTER = """
[center]
length = "{length}"
[queue.calls]
volume = "{volume} an hour"
talk = "{talk}"
wrap = "20s"
{more}
[group.team]
agents = {agents}
skills = {{ calls = 1 }}
gap = "{gap}"
"""


def scenario(length="1000h", volume=60, talk="exponential 100s", more="", agents=3, gap="30s"):
    values = {"length": length, "volume": volume, "talk": talk, "more": more}
    return Scenario.parse(CENTER.format(**values, agents=agents, gap=gap))


def inside(found, expected):
    slack = 0.3 * (found.high - found.low)
    return found.low - slack < expected < found.high + slack


@pytest.mark.parametrize("gap", ["deterministic 40s", "lognormal 50s cv 2 zero 20%"])
def test_loss_is_that_of_erlang_b_with_handling_and_gap_as_service(gap):
    # M/G/n/n is insensitive: only the mean of handling and gap counts (Sevastyanov 1957).
    result = simulate(scenario(more="limit = 0", gap=gap), runs=8, workers=1)
    offered = result.estimate("offered", "queue", "calls").value
    lost = erlang.b(60, "1h", 160, 3).blocking
    assert inside(result.estimate("blocked", "queue", "calls"), lost * offered)


def test_single_agent_waits_are_those_of_pollaczek_and_khinchine():
    # M/G/1 with service S + G: exponential talk, fixed wrap-up, uniform gap.
    rate, mean = 18 / 3600, 100 + 20 + 30
    variance = 100**2 + 40**2 / 12
    expected = rate * (variance + mean**2) / (2 * (1 - rate * mean))
    found = simulate(scenario(volume=18, agents=1, gap="uniform 10s 50s"), runs=8, workers=1)
    assert inside(found.estimate("asa_s", "queue", "calls"), expected)


def test_time_not_ready_is_gaps_times_contacts_and_occupancy_leaves_it_out():
    result = simulate(scenario(volume=60, gap="exponential 30s"), runs=8, workers=1)
    busy, gap, agents = 60 * 120 / 3600, 60 * 30 / 3600, 3
    assert inside(result.estimate("not_ready_share", "group", "team"), gap / agents)
    assert inside(result.estimate("occupancy", "group", "team"), busy / (agents - gap))
    assert inside(result.estimate("aht_s", "queue", "calls"), 120)


def test_longer_gaps_shorten_no_wait():
    # First come, first served by equal agents: each begin of service is monotone in all times.
    models = [build(scenario("200h", 55, gap=f"lognormal {m}s cv 2")) for m in (10, 20, 40)]
    waits = []
    for model in models:
        legs = simulate_replication(model, 1, 1).legs
        waits.append(legs.leave - legs.enter)
    assert (waits[0] <= waits[1] + 1e-9).all()
    assert (waits[1] <= waits[2] + 1e-9).all()
    assert np.mean(waits[2]) > np.mean(waits[0])


def test_one_agent_who_takes_breaks_in_quiet_times_loses_what_renewal_theory_says():
    # Without a queue the agent goes round: contact, perhaps a break at once, ready until a contact
    # (rate nu) or a break (rate beta) comes, and so on: breaks of a round p + beta / nu.
    nu, share, length, service = 24 / 3600, 0.4, 90.0, 120.0
    beta = share / (1 - share) / length
    ready, breaks = 1 / nu, share + beta / nu
    expected = 1 - ready / (service + ready + breaks * length)
    center = scenario(volume=24, more="limit = 0", agents=1, gap="none").with_(
        **{"group.team.breaks_when_quiet": {"share": share, "length": "lognormal 90s cv 1.5"}}
    )
    result = simulate(center, runs=8, workers=1)
    offered = result.estimate("offered", "queue", "calls").value
    assert inside(result.estimate("blocked", "queue", "calls"), expected * offered)
    not_ready = breaks * length / (service + ready + breaks * length)
    assert inside(result.estimate("not_ready_share", "group", "team"), not_ready)
