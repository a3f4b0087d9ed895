"""Metrics as planners read them."""

from pathlib import Path

import pytest

from sim.experiment import Result, compare, simulate
from sim.report import comparison_text, result_text, show, show_difference
from sim.report.formatting import more_digits, unbroken
from sim.report.text_table import columns
from sim.scenario import Scenario

SCENARIO = """
[center]
name = "Small"
open = "08:00-10:00"
[queue.calls]
channel = "voice"
volume = 30
talk = "exponential 3min"
patience = "exponential 2min"
target = "80% in 20s"
[queue.mail]
channel = "email"
volume = 2
talk = "2min"
due = "4h"
[group.all]
agents = 5
skills = { calls = 1, mail = 2 }
"""


@pytest.fixture(scope="module")
def center() -> Scenario:
    return Scenario.parse(SCENARIO, Path("."))


@pytest.fixture(scope="module")
def result(center: Scenario) -> Result:
    return simulate(center, runs=5, seed=1)


@pytest.mark.parametrize(
    ("value", "unit", "half", "text"),
    [
        (0.8271, "share", 0.0064, "82.7 % ± 0.6"),
        (0.8271, "share", None, "82.7 %"),
        (-1e-17, "share", 0.0, "0.0 %"),
        (34.2, "s", 1.04, "34.2 s ± 1.0 s"),
        (84.2, "s", 3.1, "1:24 ± 3 s"),
        (59.96, "s", None, "1:00"),
        (3725.0, "s", 61.0, "1:02:05 ± 1:01"),
        (4811.6, "contacts", 12.4, "4,812 ± 12"),
        (4.25, "agents", 0.031, "4.25 ± 0.03"),
        (1.5, "h", None, "1.50 h"),
        (12.0, "agents", float("nan"), "12"),
        (None, "share", None, "-"),
    ],
)
def test_quantities(value: float | None, unit: str, half: float | None, text: str) -> None:
    assert show(value, unit, half) == text


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0.012, "share", "+1.2 pp"),
        (-0.012, "share", "-1.2 pp"),
        (-0.0001, "share", "0.0 pp"),
        (-3.2, "s", "-3.2 s"),
        (90.0, "s", "+1:30"),
        (0.0, "contacts", "0"),
        (None, "s", "-"),
    ],
)
def test_differences_carry_their_sign(value: float | None, unit: str, text: str) -> None:
    assert show_difference(value, unit) == text


def test_columns_align() -> None:
    table = columns([["Queue", "offered"], ["calls", "1"], ["chat and more", "1,234"]])
    assert table.splitlines() == [
        "Queue          offered",
        "----------------------",
        "calls                1",
        "chat and more    1,234",
    ]


def test_the_head_names_formula_threshold_seed_and_runs(result: Result) -> None:
    head = result_text(result).splitlines()[:4]
    assert head == [
        "Small  (5 replications, ± is 95 %; seed 1; engine kernel)",
        "Service level: abandons ignored within 20s",
        "On time of mail: done within 4h; overdue work is missed, open work not yet due is backlog",
        "abandons ignored = (within) / (answered + abandoned - abandoned within)",
    ]


def test_tables_show_the_metrics_of_the_result(result: Result) -> None:
    text = result_text(result)
    figure = result.estimate("service_level", "queue", "calls")
    assert show(figure.value, "share", figure.half) in text
    assert "Deferred work" in text
    assert "Self-service" not in text
    assert "08:30" not in text


def test_intervals_are_shown_when_asked_for(result: Result) -> None:
    lines = result_text(result, intervals=True).splitlines()
    calls = lines.index(next(line for line in lines if line.startswith("calls   ")), 20)
    assert [line[:5] for line in lines[calls + 2 : calls + 6]] == [
        "08:00", "08:30", "09:00", "09:30",
    ]  # fmt: skip


def test_intervals_of_deferred_work_speak_of_due_times(result: Result) -> None:
    lines = result_text(result, intervals=True).splitlines()
    head = next(line for line in lines if line.startswith("mail   ") and "offered" in line)
    assert head.split() == ["mail", "offered", "on", "time", "mean", "to", "done", "backlog"]


def test_callbacks_have_a_table_where_they_are_offered(center: Scenario, result: Result) -> None:
    assert "Callbacks" not in result_text(result)
    offer = {"offer_after": "5s", "accepted": "90%", "answered": "60%"}
    offering = center.with_(**{"queue.calls.callback": offer})
    found = simulate(offering, runs=5, seed=1)
    lines = result_text(found).splitlines()
    [at] = [k for k, line in enumerate(lines) if line.startswith("Callbacks")]
    heads = ["promised", "reached", "not reached", "still open", "mean wait"]
    assert [head.strip() for head in lines[at].split("  ") if head.strip()][1:] == heads
    promised = found.estimate("callbacks", "queue", "calls")
    assert show(promised.value, "contacts", promised.half) in lines[at + 2]
    compared = comparison_text(compare([offering, center], runs=5))
    assert "callbacks " in compared


def test_those_who_balk_have_a_line_when_there_are_any(center: Scenario, result: Result) -> None:
    assert "balked" not in result_text(result)
    shy = center.with_(**{"queue.calls.balk": "50%"})
    assert "\nbalked " in result_text(simulate(shy, runs=5, seed=1))


def test_constants_have_no_confidence_interval_and_stationary_simulations_no_overtime() -> None:
    text = SCENARIO.replace('open = "08:00-10:00"', 'length = "5h"')
    center = Scenario.parse(text, Path("."))
    found = simulate(center, runs=5, seed=1)
    shrinkage = found.estimate("shrinkage", "group", "all")
    assert (shrinkage.value, shrinkage.low, shrinkage.high) == (0.0, 0.0, 0.0)
    shown = result_text(found)
    [group] = [line for line in shown.splitlines() if line.startswith("all ")]
    assert group.count("±") == 1  # occupancy alone varies
    assert "overtime" not in shown


def test_small_differences_keep_their_digits() -> None:
    assert more_digits([0.0036, 0.0012, None, 0.0], "contacts") == 1
    assert more_digits([0.12, 0.05], "contacts") == 0
    assert show_difference(-0.0036, "contacts", 1) == "-0.004"
    assert show_difference(0.0001, "share", 1) == "+0.01 pp"


def test_a_single_replication_says_so(center: Scenario) -> None:
    text = result_text(simulate(center, runs=1))
    assert "one replication: no confidence intervals" in text.splitlines()[0]
    assert "±" not in text


def test_a_comparison_says_when_it_shows_nothing(center: Scenario) -> None:
    text = comparison_text(
        compare([center, center, center.with_(**{"group.all.agents": 8})], runs=5)
    )
    same, more = text.split("\n\n")[1:]
    body = same.splitlines()[2:]
    assert all(line.endswith("not significant") for line in body)
    [level] = [line for line in more.splitlines() if line.startswith("service level   ")][:1]
    assert not level.endswith("not significant")
    assert " +" in level
    assert [line.split()[:3] for line in body if " mail " in line] == [["on", "time", "mail"]]


def test_a_center_without_agents_keeps_its_service_level_and_is_warned_of() -> None:
    alone = Scenario.parse(SCENARIO, Path(".")).with_(**{"group.all.agents": 0})
    patient = alone.with_(**{"queue.calls.patience": "unlimited"})
    for scenario, level in ((alone, "0.0 %"), (patient, "-")):
        lines = result_text(simulate(scenario, runs=3, seed=1)).splitlines()
        [told] = [line.split() for line in lines if line.startswith("service level   ")]
        assert " ".join(told) == f"service level {level}"
        assert "Note: queue calls has no staffed group" in lines
        assert "Note: queue mail has no staffed group" in lines


def test_a_center_with_agents_is_not_warned_of(result: Result) -> None:
    assert result.notes == ()


def test_how_bad_bad_days_are_has_its_own_line(result: Result) -> None:
    lines = result_text(result).splitlines()
    [at] = [k for k, line in enumerate(lines) if line.startswith("Variation between days")]
    bad = result.estimate("service_level_day_p10")
    good = result.estimate("service_level_day_p90")
    assert lines[at + 1].startswith(f"  whole center: 10th percentile {show(bad.value, 'share')} ")
    assert f"90th percentile {show(good.value, 'share')} " in lines[at + 1]


def test_a_single_day_and_a_stationary_simulation_have_no_bad_days(center: Scenario) -> None:
    assert "Variation between days" not in result_text(simulate(center, runs=1, seed=1))
    stretch = Scenario.parse(SCENARIO.replace('open = "08:00-10:00"', 'length = "5h"'), Path("."))
    assert "Variation between days" not in result_text(simulate(stretch, runs=5, seed=1))


def test_a_comparison_names_the_formulas_of_its_service_levels(center: Scenario) -> None:
    other = center.with_(**{"center.variant": "answered_only"})
    head = comparison_text(compare([center, other], runs=2, labels=["a", "b"])).split("\n\n")[0]
    assert head.splitlines()[1:] == [
        "Service level: abandons ignored within 20s",
        "On time of mail: done within 4h; overdue work is missed, open work not yet due is backlog",
        "abandons ignored = (within) / (answered + abandoned - abandoned within)",
        "b: Service level: answered only within 20s",
        "b: answered only = (within) / (answered)",
    ]


def test_no_line_ends_between_a_number_and_its_unit():
    assert (
        unbroken("86.6 % in 20 s, 3 of 4 hours")
        == "86.6\N{NO-BREAK SPACE}% in 20\N{NO-BREAK SPACE}s, 3 of 4 hours"
    )


def test_outbound_calls_have_a_table_by_issue(center: Scenario, result: Result) -> None:
    text = SCENARIO.replace(
        "[group.all]",
        """[queue.outreach]
volume = 0
deferred = true
open = "08:00-10:00"
talk = "exponential 2min"
[issue.delay]
queues = { calls = "50%" }
outbound = { queue = "outreach", ahead = "30min", right_party = "50%", settled = "60%" }
[group.all]""",
    ).replace("mail = 2", "mail = 2, outreach = 3")
    found = simulate(Scenario.parse(text, Path(".")), runs=2)
    lines = result_text(found).splitlines()
    head = next(k for k, line in enumerate(lines) if line.startswith("Outbound calls  "))
    assert lines[head].split("  ")[-1] == "issues settled"
    rows = {row.metric: row for row in found.rows if (row.scope, row.name) == ("issue", "delay")}
    assert rows["outbound_attempts"].value
    for metric in ("outbound_attempts", "outbound_reached", "right_party_rate"):
        assert show(rows[metric].value, rows[metric].unit).split()[0] in lines[head + 2]
    assert "of outreach count as done, but not as offered" in lines[head + 3]
    assert "Outbound calls" not in result_text(result)
