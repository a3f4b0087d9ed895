"""Rows for screens: a day, differences, formulas beside a simulation, staffing."""

import dataclasses

import pytest

import sim
from sim.experiment import Difference
from sim.planning import queue_agents
from sim.report import erlang_comparison, result_views


@pytest.fixture(scope="module")
def shipped(repo_root):
    return lambda name: sim.load(repo_root / "scenarios" / f"{name}.toml")


@pytest.fixture(scope="module")
def peak(shipped):
    scenario = shipped("callback_peak")
    return scenario, sim.simulate(scenario, runs=4, workers=1)


def test_a_day_has_every_open_interval_with_its_bounds(peak):
    points = result_views.over_the_day(peak[1], "service_level", "orders")
    assert [p.interval for p in points][:3] == ["09:00", "09:30", "10:00"]
    assert len(points) >= 18
    assert all(p.low <= p.value <= p.high and p.offered >= 1 and p.day == "" for p in points)
    worst = min(points, key=lambda p: p.value)
    assert "10:30" <= worst.interval <= "12:00"


def test_several_days_are_distinguished(shipped):
    scenario = shipped("email_backlog").with_(**{"center.days": 2})
    points = result_views.over_the_day(sim.simulate(scenario, runs=1), "service_level", "calls")
    assert {p.day for p in points} == {"2026-01-05", "2026-01-06"}


def test_mail_at_night_does_not_count_in_the_service_level_of_the_center(shipped):
    scenario = shipped("email_backlog").with_(**{"center.days": 1})
    points = result_views.over_the_day(sim.simulate(scenario, runs=2), "service_level")
    assert (points[0].interval, points[-1].interval) == ("09:00", "16:30")


def test_expected_contacts_are_those_of_the_file(shipped):
    from sim.model import build

    model = build(shipped("callback_peak"))
    assert result_views.expected_contacts(model) == 1334


def test_service_levels_of_the_example_day():
    # Recomputed from the definitions: 1000 answered, 860 within, 60 abandoned, 20 and 10 short.
    rows = result_views.level_examples()
    found = {row["Name in files"].strip("`"): row["Example"] for row in rows}
    assert [row["Formula"] for row in rows][:2] == ["abandons ignored", "abandons negative"]
    assert found == {
        "abandons_ignored": "82.7 %",
        "abandons_negative": "81.1 %",
        "abandons_positive": "83.0 %",
        "answered_only": "86.0 %",
        "short_as_met": "82.1 %",
        "short_excluded": "81.9 %",
    }


def test_common_target_only_when_there_is_one(shipped):
    from sim.model import build

    bank = build(shipped("bank_week"))
    assert result_views.common_target(bank) is None
    assert result_views.common_target(bank, "cards") == 0.9
    assert result_views.common_target(build(shipped("retail_monday"))) == 0.8
    aimed = build(shipped("bank_week").with_(**{"center.target": "85% in 30s"}))
    assert result_views.common_target(aimed) == 0.85
    assert result_views.common_target(aimed, "cards") == 0.9


ROW = Difference("b", "total", "total", "service_level", 0.8, 0.7, -0.1, -0.12, -0.08, True)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({}, "significant"),
        ({"low": -0.12, "high": 0.01, "significant": False}, "not significant"),
        (
            {"low": None, "high": None, "significant": False},
            "one replication: no confidence interval",
        ),
    ],
)
def test_verdicts(change, words):
    row = dataclasses.replace(ROW, **change)
    assert result_views.verdict(row) == words
    assert result_views.difference_table([row])[0]["Verdict"] == words


def test_difference_table_reads_as_planners_write():
    assert result_views.difference_table([ROW])[0] == {
        "Metric": "Service level",
        "Of": "whole center",
        "Base": "80.0 %",
        "This": "70.0 %",
        "Difference": "-10.0 pp",
        "95 % from": "-12.0 pp",
        "to": "-8.0 pp",
        "Verdict": "significant",
    }


def test_main_differences_begin_with_the_whole_and_leave_empty_queues_out(shipped):
    scenario = shipped("email_backlog").with_(**{"center.days": 1})
    comparison = sim.compare([scenario, scenario.with_(**{"group.clerks.agents": 3})], runs=2)
    rows = result_views.main_differences(comparison, comparison.labels[1])
    kinds = [row.scope for row in rows]
    assert kinds == sorted(kinds, key=["total", "queue", "group"].index)
    assert [row.metric for row in rows][:3] == ["offered", "answered", "service_level"]
    assert ("mail", "abandonment") not in [(row.name, row.metric) for row in rows]


def test_erlang_a_agrees_with_its_own_scenario(shipped):
    scenario = shipped("erlang_a").with_(**{"center.length": "5h"})
    found = erlang_comparison.formula_comparison(
        scenario, sim.simulate(scenario, runs=6, workers=1), "calls"
    )
    assert found.when == "the whole simulation"
    assert found.agents == 50
    assert found.calls == pytest.approx(48 * 30, rel=0.02)
    for pair in found.pairs:
        half = (pair.simulated.high - pair.simulated.low) / 2
        assert abs(pair.simulated.value - pair.erlang_a) < 2 * half + 1e-3, pair.metric
    assert erlang_comparison.broken_here(scenario, "calls") == []
    assert len(found.reasons) >= 5


def test_gaps_after_contacts_lengthen_the_handle_time_of_the_formulas(shipped):
    scenario = shipped("erlang_a")
    [group] = scenario.group
    scenario = scenario.with_(**{"center.length": "2h", f"group.{group}.gap": "20s"})
    result = sim.simulate(scenario, runs=2, workers=1)
    found = erlang_comparison.formula_comparison(scenario, result, "calls")
    assert found.aht_s == result.estimate("aht_s", "queue", "calls").value + 20
    assert any(
        "20s after a contact" in line for line in erlang_comparison.broken_here(scenario, "calls")
    )


def test_no_answer_where_more_arrives_than_can_be_done(peak):
    scenario, result = peak
    found = erlang_comparison.formula_comparison(scenario, result, "orders")
    level = next(pair for pair in found.pairs if pair.metric == "service_level")
    assert "10:30" <= found.when <= "11:30"
    assert level.erlang_c is None
    assert 0 < level.erlang_a < 0.5
    table = erlang_comparison.comparison_table(found)
    assert table[0]["Erlang C"] == "no answer"
    assert any("Callbacks" in line for line in erlang_comparison.broken_here(scenario, "orders"))


def test_agents_needed_for_the_power_of_one(shipped):
    # SWPP's table: of 400 calls an hour of 180 s, 23 agents answer 75 %, 24 answer 85 % in 30 s.
    from sim.model import build

    scenario = shipped("power_of_one")
    needs = queue_agents.staffing(scenario, build(scenario), ["calls"])
    assert {need.needed for need in needs} == {24}
    assert {need.on_duty for need in needs} == {23}


def test_groups_are_split_without_losing_anyone(shipped):
    from sim.scenario.workload import at_work

    scenario = shipped("retail_monday")
    split = [
        sum(each)
        for each in zip(
            *(queue_agents.agents_for(scenario, q) for q in ("billing", "cards", "service")),
            strict=True,
        )
    ]
    whole = [
        a + b
        for a, b in zip(
            at_work(scenario, scenario.group["generalists"]),
            at_work(scenario, scenario.group["cards"]),
            strict=True,
        )
    ]
    opened = slice(16, 40)
    assert split[opened] == pytest.approx(whole[opened])


def test_queues_without_a_formula_say_why(shipped):
    from sim.model import build

    scenario = shipped("retail_monday")
    assert "several" in queue_agents.no_formula(scenario, "chat")
    assert "deferred" in queue_agents.no_formula(scenario, "mail")
    assert queue_agents.no_formula(scenario, "billing") == ""
    assert queue_agents.staffing(scenario, build(scenario), ["chat", "mail"]) == []
