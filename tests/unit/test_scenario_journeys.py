"""Touchpoints, issues and segments of a scenario: volumes, shares, model and metrics."""

import numpy as np
import pytest

from sim.engine import simulate_replication
from sim.experiment import simulate
from sim.model import build
from sim.planning.agent_workload import work_for_agents
from sim.planning.formula_limits import causes_of_a_miss
from sim.planning.requirement import require
from sim.scenario import Scenario, describe
from sim.scenario.issue_volumes import arriving_share, mean_talk, queue_volume, usual_bot
from sim.scenario.renaming import rename
from sim.scenario.workload import erlangs

TEXT = """
[center]
days = 2
open = "08:00-18:00"
[queue.calls]
volume = "1000 a day"
profile = [1, 2, 3, 4, 4, 4, 3, 3, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1]
talk = "exponential 4min"
patience = "3min"
resolved = "75%"
[queue.mail]
channel = "email"
open = "08:00-18:00"
volume = "100 a day"
talk = "exponential 5min"
due = "8h"
[bot.calls]
session = "60s"
contained = "20%"
resolved = "80%"
takes = "100s"
[touchpoint.delivery]
owner = "logistics"
[issue.parcel]
touchpoint = "delivery"
queues = { calls = "25%", mail = "30%" }
talk = "+20%"
bot_contains = "50%"
prevented = "10%"
[issue.login]
volume = "200 a day"
first = { calls = "60%", mail = "40%" }
[segment.loyal]
share = "30%"
value = 400
tries_bot = "50%"
first = { mail = "100%" }
[group.team]
agents = 95
skills = { calls = 1, mail = 2 }
"""
PLAIN = TEXT.partition("[touchpoint")[0] + "[group" + TEXT.partition("[group")[2]


@pytest.fixture(scope="module")
def center() -> Scenario:
    return Scenario.parse(TEXT)


def test_an_own_volume_is_added_to_the_queues_of_first_by_their_profile(center) -> None:
    added = np.array(queue_volume(center, "calls")) - queue_volume(Scenario.parse(PLAIN), "calls")
    assert added.sum() == pytest.approx(2 * 200 * 0.7 * 0.6)
    busiest, first = added[8 * 2 + 3], added[8 * 2]
    assert busiest == pytest.approx(4 * first)
    expected = [queue.demand.expected.sum() for queue in build(center).queues]
    assert expected == pytest.approx([2000 + 168, 200 + 232])


def test_shares_of_kinds_and_segments_follow_from_volumes(center) -> None:
    journeys = build(center).journeys
    assert [one.name for one in journeys.kinds] == ["login", "parcel"]
    calls = journeys.kind_shares[0, 8 * 2]
    assert calls == pytest.approx([168 / 2168, (168 + 500) / 2168])
    plain, login, parcel = journeys.segment_shares[1, :, 0]
    assert (plain, parcel) == (0.3, 0.3)
    assert login == pytest.approx(0.3 / (0.3 + 0.7 * 0.4))
    assert journeys.segment_shares[0, 1, 0] == 0  # the loyal write


def test_a_scenario_without_issues_has_no_journeys_and_no_scopes_of_them() -> None:
    plain = Scenario.parse(PLAIN)
    assert build(plain).journeys is None
    empty = [row for row in simulate(plain, runs=1).rows if row.scope in ("segment", "owner")]
    assert empty == []


def test_formulas_count_issues(center) -> None:
    plain = Scenario.parse(PLAIN)
    parcel = 500 / 2168
    assert arriving_share(center, "calls") == pytest.approx(1 - 0.1 * parcel)
    weight = parcel * 0.9 / (1 - 0.1 * parcel)
    assert mean_talk(center, "calls") == pytest.approx(240 * (1 + 0.2 * weight))
    _, usual = usual_bot(center, "calls")
    assert usual.tried == pytest.approx(0.85)
    assert usual.contained == pytest.approx(0.2 * (1 - 0.5 * parcel))
    assert mean_talk(plain, "calls") == 240
    assert sum(erlangs(center, "calls")) > sum(erlangs(plain, "calls"))


def test_load_by_formula_is_what_agents_handle(center) -> None:
    found = simulate(center, runs=20)
    for name in ("calls", "mail"):
        handled = found.estimate("handled", "queue", name).value
        handle = found.estimate("aht_s", "queue", name).value
        load = sum(erlangs(center, name)) * center.center.interval_s
        assert handled * handle == pytest.approx(load, rel=0.03)


def test_metrics_have_scopes_of_issues_touchpoints_segments_and_owners(center) -> None:
    found = simulate(center, runs=4)
    customers = {
        (row.scope, row.name): row.value
        for row in found.rows
        if row.metric == "customers" and row.interval is None
    }
    total = customers["total", "total"]
    assert customers["issue", "parcel"] == customers["touchpoint", "delivery"]
    assert customers["owner", "logistics"] == customers["touchpoint", "delivery"]
    assert customers["issue", "calls"] + customers["issue", "mail"] == total
    assert customers["issue", "login"] == pytest.approx(400, rel=0.15)
    assert customers["segment", "loyal"] / total == pytest.approx(0.3, abs=0.05)
    prevented = found.estimate("prevented", "issue", "parcel").value
    assert prevented == pytest.approx(0.1 * 2 * (250 + 30), rel=0.3)
    by_interval = {row.scope for row in found.rows if row.interval is not None}
    assert not by_interval & {"touchpoint", "segment", "owner"}


def test_prevention_lowers_what_is_offered_by_its_share(center) -> None:
    all_of_it = center.with_(**{"issue.parcel.queues": {"calls": 1.0}, "issue.parcel.prevented": 0})
    third = all_of_it.with_(**{"issue.parcel.prevented": "30%"})
    change = {"issue.login": "none", "segment.loyal": "none", "bot.calls": "none"}
    before, after = (simulate(one.with_(**change), runs=20) for one in (all_of_it, third))
    offered = [one.estimate("offered", "queue", "calls").value for one in (before, after)]
    assert offered[1] / offered[0] == pytest.approx(0.7, abs=0.01)


def test_renaming_a_queue_renames_it_in_issues_and_segments() -> None:
    text, _ = rename((TEXT, {}), "queue", "mail", "letters")
    renamed = Scenario.parse(text)
    assert renamed.issue["parcel"].queues == {"calls": 0.25, "letters": 0.3}
    assert renamed.issue["login"].first == {"calls": 0.6, "letters": 0.4}
    assert renamed.segment["loyal"].first == {"letters": 1.0}


def test_the_log_names_kinds_and_segments(center) -> None:
    log = simulate_replication(build(center), 1, 1)
    issues = log.table("issues")
    assert set(issues["issue_kind"].dropna()) == {"parcel", "login"}
    assert set(issues["segment"].dropna()) == {"loyal"}
    assert set(issues["prevention"]) == {"none", "prevented"}


def test_staffing_by_formula_counts_issues_as_the_simulation_does(center) -> None:
    load = work_for_agents(center, build(center))
    found = simulate(center, runs=20)
    for name in ("calls", "mail"):
        handled = found.estimate("handled", "queue", name).value
        assert load[name].volume.sum() == pytest.approx(handled, rel=0.03)
        work = (load[name].volume * load[name].handle_s).sum()
        aht = found.estimate("aht_s", "queue", name).value
        assert work == pytest.approx(handled * aht, rel=0.04)


OUTBOUND = """
[queue.outreach]
channel = "outbound"
deferred = true
open = "08:00-18:00"
volume = 0
talk = "2min"
[issue.parcel.outbound]
queue = "outreach"
ahead = "2h"
attempts = 3
right_party = "35%"
settled = "60%"
"""


def with_calls(fields: str = "") -> Scenario:
    """Return the center with outbound calls about parcels."""
    text = TEXT.replace("calls = 1, mail = 2", "calls = 1, mail = 2, outreach = 3")
    return Scenario.parse(f"{text}{OUTBOUND}{fields}")


@pytest.mark.parametrize(
    ("fields", "delay", "said"),
    [
        ("", 3600, None),
        ('again = "none"', 0, "another call at once"),
        ('again = "0s"', 0, "another call at once"),
        ('again = "exponential 20min"', 1200, "another call after exponential 20min"),
    ],
)
def test_the_next_call_comes_after_its_delay(fields: str, delay: float, said: str | None) -> None:
    scenario = with_calls(fields)
    kinds = build(scenario).journeys.kinds
    (calls,) = (kind.outbound for kind in kinds if kind.name == "parcel")
    assert calls.again.mean == delay
    (line,) = (line for line in describe(scenario) if "before the contact" in line)
    phrases = [phrase.rstrip(".") for phrase in line.split("; ")]
    assert [phrase for phrase in phrases if "another" in phrase] == [said] * (said is not None)


def test_a_change_by_path_takes_the_delay_of_calls_away() -> None:
    changed = with_calls().with_(**{"issue.parcel.outbound.again": "none"})
    assert changed.issue["parcel"].outbound.again.mean == 0


def test_formulas_say_what_they_leave_out_of_outbound_calls(center) -> None:
    def noted(scenario: Scenario) -> list[str]:
        found = require(scenario, build(scenario))
        return [
            queue.name
            for k, queue in enumerate(found.model.queues)
            if any("time for all outbound calls" in cause for cause in causes_of_a_miss(found, k))
        ]

    assert noted(center) == []
    assert noted(with_calls()) == ["calls", "mail", "outreach"]
    parcels_of_calls = with_calls().with_(**{"issue.parcel.queues": {"calls": "25%"}})
    assert noted(parcels_of_calls) == ["calls", "outreach"]
