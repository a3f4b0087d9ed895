"""The advice on agents saved: as many as the service level allows, and what takes the loss away."""

import re

import pytest

import ccplan
from sim.experiment import simulate
from sim.model import build
from sim.planning.investment.find_mix import invest
from sim.planning.investment.objective import parse_objective
from sim.training import load_lesson

RUNS = 10
BOT = {"bot.contacts.contained": "30%"}
COACHING = {"queue.contacts.resolved": "76%"}


@pytest.fixture(scope="module")
def center():
    """A shop whose bot resolves little of what it contains, and whose customers then give up."""
    changes = {"bot.contacts.resolved": "45%", "bot.contacts.returns.share": "50%"}
    return load_lesson("where_money_goes").center.with_(**changes)


@pytest.fixture(scope="module")
def saved(center):
    """The sentence on the agents that the bot saves, and its row."""
    levers = ["bot", "coaching"]
    found = invest(center, 5000, levers=levers, runs=RUNS, workers=1, time_limit="5min")
    (sentence,) = [one for one in found.advice if one.startswith("Raising the containment")]
    row = next(row for row in found.levers if row["name"] == "bot")
    return sentence, row["agents_saved"]


def estimates(center, fewer, **changes):
    agents = {"group.team.agents": 12 - fewer}
    result = simulate(center.without_levers.with_(**agents, **changes), runs=RUNS, workers=1)
    return result.estimate("service_level").value, result.estimate("csat").value


def test_as_many_agents_are_saved_as_leave_the_service_level(center, saved):
    sentence, row = saved
    level, csat = estimates(center, 0)
    with_fewer, other_csat = estimates(center, row["agents"], **BOT)
    assert with_fewer >= level > estimates(center, row["agents"] + 1, **BOT)[0]
    assert row["difference"] == pytest.approx(other_csat - csat, abs=1e-9)
    words = "of bot contacts from 10 % to 30 % saves 1 agent of team at the same service level"
    assert row["agents"] == 1
    assert words in sentence


def test_a_loss_stands_with_the_lever_that_takes_it_away(center, saved):
    sentence, row = saved
    assert row["high"] < 0
    points = re.search(r"but costs ([\d.]+) points of CSAT unless", sentence)
    assert float(points[1]) == pytest.approx(-100 * row["difference"], abs=0.06)
    assert "unless this is combined with: Coaching" in sentence
    csat = estimates(center, 0)[1]
    assert estimates(center, row["agents"], **BOT)[1] < csat
    assert estimates(center, row["agents"], **BOT, **COACHING)[1] >= csat


def test_without_a_lever_against_the_loss_there_is_no_unless(center):
    found = invest(center, 5000, levers=["bot"], runs=RUNS, workers=1, time_limit="5min")
    (sentence,) = [one for one in found.advice if one.startswith("Raising the containment")]
    assert "points of CSAT" in sentence
    assert "unless" not in sentence


def test_a_pay_back_says_that_value_is_counted_as_money_and_uncalibrated(center):
    segment = {"segment.all": {"share": "100%", "value": 5000}}
    lever = {"lever.repair": {"changes": COACHING, "cost": {"once": 900}}}
    valued = center.without_levers.with_(**segment).with_(**lever)
    for scenario, words in (
        (valued, ", with the value of customers kept counted as money (uncalibrated)."),
        (
            valued.with_(**{"satisfaction.calibrated_on": "a survey"}),
            ", with the value of customers kept counted as money (calibrated on a survey).",
        ),
    ):
        found = invest(scenario, 5000, runs=RUNS, workers=1, objective="fcr")
        assert any("paid back after" in one and one.endswith(words) for one in found.advice)


def test_small_amounts_of_money_have_decimals():
    model = build(ccplan.load("online_shop_peak"))
    small = parse_objective(model, "cost_per_resolved")
    assert (small.shown(3.296), small.shown_change(-0.131)) == ("3.30", "-0.13")
    large = parse_objective(model, "value")
    assert large.name == "value_kept"
    assert (large.shown(608_334.2), large.shown_change(2370.4)) == ("608,334", "+2,370")
