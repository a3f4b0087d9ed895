"""Several queues taken as one: what belongs to a target, its metrics, and what refers to it."""

import json
from dataclasses import replace

import numpy as np
import pytest

from sim.engine import simulate_replication
from sim.experiment import Comparison, Result, simulate
from sim.experiment.sweep.study_fields import MetricPattern
from sim.log import Kind, Outcome
from sim.metrics import parse_metric, tally_log
from sim.model.build_model import build_model
from sim.planning import staff
from sim.report import comparison_text, result_text
from sim.report.interval_metrics import place_title, places, queues_at, scope_of
from sim.report.queue_verdicts import queue_verdicts
from sim.report.result_views import common_target, offered_by_interval, over_the_day
from sim.report.summary_html import summary_page
from sim.scenario import Scenario, ScenarioError, describe
from sim.scenario.merged_groups import merge_groups
from sim.scenario.renaming import rename, renamed_step
from sim.scenario.scenario import _simulated_fields
from sim.units import BadInputError

TEXT = """
[center]
open = "08:00-10:00"

[queue.calls]
volume = 40
talk = "4min"
patience = "2min"
target = "80% in 20s"

[queue.cards]
volume = 30
talk = "3min"
patience = "2min"
target = "80% in 30s"

[queue.chat]
channel = "chat"
volume = 10
talk = "5min"
patience = "2min"

[queue.mail]
channel = "email"
volume = 5
talk = "5min"
due = "2h"

[group.phones]
agents = 7
skills = { calls = 1, cards = 1 }

[group.writers]
agents = 3
skills = { chat = 1, mail = 2, cards = 3 }
"""
TARGETS = """
[target.both]
queues = ["calls", "cards"]
goal = "90% in 45s"

[target.voice]
channels = ["Voice"]
goal = { service_level = "80%", within = "20s", variant = "answered_only" }

[target.writers]
groups = ["writers"]

[target.letters]
queues = ["mail"]
goal = "95% on time"
"""


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return Scenario.parse(TEXT + TARGETS)


@pytest.fixture(scope="module")
def result(scenario: Scenario) -> Result:
    return simulate(scenario, runs=4)


def test_queues_channels_or_groups_say_what_belongs_to_a_target(scenario: Scenario) -> None:
    model = build_model(scenario)
    names = [queue.name for queue in model.queues]
    found = {t.name: [names[k] for k in t.queues] for t in model.targets}
    assert found == {
        "both": ["calls", "cards"],
        "letters": ["mail"],
        "voice": ["calls", "cards"],
        "writers": ["cards", "chat", "mail"],
    }
    assert model.target("both").goal.threshold == 45
    assert model.target("voice").goal.variant == "answered_only"
    assert model.target("writers").goal is None
    assert np.isinf(model.target("letters").goal.threshold)


def test_a_scenario_without_targets_has_the_fingerprint_it_had() -> None:
    plain = Scenario.parse(TEXT)
    assert "target" not in _simulated_fields(plain)
    assert Scenario.parse(TEXT + TARGETS).fingerprint != plain.fingerprint
    assert Scenario.parse(TEXT + TARGETS).with_(target={}).fingerprint == plain.fingerprint


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("", "target.x: does not say what belongs to it; allowed: one of"),
        ("queues = []", "target.x.queues: is an empty list; allowed: some of"),
        ("queues = ['cals']", "the queue 'cals' is unknown; allowed: .* Did you mean"),
        ("channels = ['fax']", "target.x.channels: the channel 'fax' is unknown"),
        ("groups = ['phone']", "the group 'phone' is unknown; allowed: .* Did you mean"),
        ("queues = ['calls', 'calls']", "target.x.queues: names 'calls' twice"),
        ("channels = ['voice', 'Voice']", "target.x.channels: names 'Voice' twice"),
        ("queues = ['calls']\ngroups = ['phones']", "has queues and groups; allowed: one of"),
        ("queues = ['mail']\ngoal = '80% in 20s'", "all its queues are deferred; allowed: .95%"),
        ("queues = ['calls', 'mail']\ngoal = '95% on time'", "is for deferred queues with a due"),
        ("queues = ['calls']\ngoal = 'soon'", "target.x.goal: 'soon' is not a target"),
        ("queues = ['calls']\nmembers = 1", "target.x.members: unknown field"),
    ],
)
def test_a_wrong_target_has_one_message(table: str, message: str) -> None:
    with pytest.raises(ScenarioError, match=message) as caught:
        Scenario.parse(f"{TEXT}[target.x]\n{table}\n")
    assert len(caught.value.problems) == 1


def test_groups_that_serve_nothing_make_no_target() -> None:
    idle = "[group.idle]\nagents = 1\n[target.x]\ngroups = ['idle']\n"
    with pytest.raises(ScenarioError, match="serve no queue; allowed: groups with skills"):
        Scenario.parse(TEXT + idle)


def test_check_describes_targets(scenario: Scenario) -> None:
    lines = [line for line in describe(scenario) if line.startswith("Target ")]
    assert lines == [
        "Target both, queues calls and cards: all contacts of calls and cards together should "
        "reach 90% in 45s (abandons ignored).",
        "Target voice, queues calls and cards: all contacts of calls and cards together should "
        "reach 80% in 20s (answered only).",
        "Target writers, queues cards, chat and mail: has no goal of its own; each queue has its "
        "own target.",
        "Target letters, queues mail: 95% of the work of all together should be done in time.",
    ]


def test_thresholds_of_their_own_are_counted_once(scenario: Scenario) -> None:
    model = build_model(scenario)
    assert model.further_thresholds == (20.0, 45.0)  # 20 s is not that of cards
    queues = tuple(replace(q, threshold=20.0) for q in model.queues)
    assert replace(model, queues=queues).further_thresholds == (45.0,)
    log = simulate_replication(model, 1, 1)
    assert tally_log(log).legs.shape[0] == tally_log(replace(log, model=replace(
        model, targets=()))).legs.shape[0] + 4  # fmt: skip


def test_both_engines_count_the_same(scenario: Scenario, result: Result) -> None:
    reference = simulate(scenario, runs=4, engine="reference")
    assert list(result.each_row(True)) == list(reference.each_row(True))
    kinds = {row.scope for row in result.interval_rows}
    assert "target" in kinds


def test_a_single_queue_counts_a_threshold_of_its_target() -> None:
    text = """
[queue.calls]
volume = 30
talk = "4min"
patience = "2min"
[group.all]
agents = 4
skills = { calls = 1 }
[target.late]
queues = ["calls"]
goal = "80% in 90s"
"""
    one = Scenario.parse(text)
    kernel, reference = (simulate(one, runs=3, engine=e) for e in ("kernel", "reference"))
    assert kernel.rows == reference.rows
    late = kernel.estimate("target.late.service_level").value
    assert late > kernel.estimate("service_level").value


def test_other_rows_are_as_without_targets(result: Result) -> None:
    plain = simulate(Scenario.parse(TEXT), runs=4)
    assert [r for r in result.each_row(True) if r.scope != "target"] == list(plain.each_row(True))


def test_a_service_level_is_that_of_the_contacts_of_all_its_queues(result: Result) -> None:
    met = judged = 0
    for number in range(1, result.runs + 1):
        legs = result.log(number).legs
        offered = np.isin(legs.queue, result.model.target("both").queues)
        offered &= ~np.isin(legs.kind, (Kind.SELF_SERVICE, Kind.CALLBACK, Kind.BACKLOG))
        in_time = legs.leave - legs.enter <= 45
        answered = offered & np.isin(legs.outcome, (Outcome.ANSWERED, Outcome.IN_HAND))
        left = offered & np.isin(legs.outcome, (Outcome.ABANDONED, Outcome.BALKED))
        met += (answered & in_time).sum()
        judged += answered.sum() + (left & ~in_time).sum()
    found = result.estimate("service_level", "target", "both")
    assert found.value == pytest.approx(met / judged)
    assert found.low < found.value < found.high
    assert found.note == "abandons_ignored within 45s"
    variant = result.estimate("target.both.service_level_answered_only")
    assert variant.note == "answered_only within 45s"
    assert variant.value != found.value


def test_metrics_of_a_target_are_those_of_its_queues_together(result: Result) -> None:
    def value(metric: str) -> float:
        return result.estimate(metric).value

    for metric in ("offered", "answered", "abandoned", "handled"):
        each = value(f"queue.calls.{metric}") + value(f"queue.cards.{metric}")
        assert value(f"target.both.{metric}") == pytest.approx(each)
    channel = {r.metric: r.value for r in result.rows if (r.scope, r.name) == ("channel", "voice")}
    both = {r.metric: r.value for r in result.rows if (r.scope, r.name) == ("target", "voice")}
    assert both.keys() == channel.keys()
    judged = {m for m in both if both[m] != channel[m]}
    assert all("service_level" in m or m == "days_on_target" for m in judged)
    assert "service_level" in judged
    assert value("target.letters.service_level") == value("queue.mail.on_time")
    assert value("target.letters.days_on_target") <= 1


def test_a_target_without_a_goal_adds_up_what_each_queue_counts(result: Result) -> None:
    found = result.estimate("target.writers.service_level")
    levels = [result.estimate(f"queue.{q}.service_level").value for q in ("cards", "chat")]
    assert min(levels) <= found.value <= max(levels)
    assert found.note == "abandons_ignored within 30s; abandons_ignored within 20s"


def test_a_metric_of_a_target_is_found_by_its_name(result: Result) -> None:
    ref = parse_metric(result.model, "target.both.service_level")
    assert (ref.scope.kind, ref.scope.name) == ("target", "both")
    assert str(ref) == "target.both.service_level"
    estimate = ref.evaluate(result.model, result.tallies).estimate
    assert float(estimate.value) == result.estimate("target.both.service_level").value
    with pytest.raises(BadInputError, match="there is no target 'bth'"):
        parse_metric(result.model, "target.bth.asa_s")
    with pytest.raises(BadInputError, match="target.both.occupancy: this scenario has it as"):
        parse_metric(result.model, "target.both.occupancy")


def test_a_target_is_in_json_and_compared(result: Result, scenario: Scenario) -> None:
    rows = json.loads(result.to_json(intervals=True))["metrics"]
    mine = [r for r in rows if r["scope"] == "target" and r["metric"] == "service_level"]
    assert {r["name"] for r in mine} == {"both", "voice", "writers", "letters"}
    assert {r["interval"] for r in mine} > {None, "08:00"}
    more = simulate(scenario.with_(**{"group.phones.agents": "+2"}), runs=4)
    comparison = Comparison((result, more), ("now", "more"))
    found = [r for r in comparison.rows if (r.scope, r.name) == ("target", "both")]
    assert next(r for r in found if r.metric == "service_level").difference > 0
    assert "service level" in comparison_text(comparison)
    assert "target both" in comparison_text(comparison)


def test_a_study_names_metrics_of_targets() -> None:
    pattern = MetricPattern.model_validate("target.both.service_level")
    assert pattern.place == ("target", "both", "service_level")
    assert pattern.holds("target", "both", "service_level")


def test_texts_and_pages_show_targets(result: Result, scenario: Scenario) -> None:
    text = result_text(result, intervals=True)
    assert "Service level of target both: abandons ignored within 45s" in text
    assert "Service level of target letters: done by the due time of each queue" in text
    assert "answered only = (within) / (answered)" in text
    table = text[text.index("\nTarget ") :]
    assert [line.split()[0] for line in table.splitlines()[3:7]] == [
        "both", "letters", "voice", "writers",
    ]  # fmt: skip
    assert "\ntarget both " in text
    page = summary_page(scenario, result)
    assert "Targets" in page
    assert "both" in page
    words = [one.words for one in queue_verdicts(result)]
    assert any(word.startswith("target both: service level (abandons ign") for word in words)
    assert any(word.startswith("target letters: on time (done by the due") for word in words)
    assert not any(word.startswith("target writers") for word in words)


def test_a_workbook_has_a_sheet_of_targets(result: Result, tmp_path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    result.to_xlsx(tmp_path / "a.xlsx")
    book = openpyxl.load_workbook(tmp_path / "a.xlsx", read_only=True)
    names = {row[0] for row in book["By target"].iter_rows(min_row=2, values_only=True)}
    assert names == {"both", "letters", "voice", "writers"}
    scopes = {row[0] for row in book["By interval"].iter_rows(min_row=2, values_only=True)}
    assert scopes == {"target", "queue", "group"}


def test_places_to_look_at_are_targets_and_queues(result: Result) -> None:
    model = result.model
    assert places(model)[:2] == ["target.both", "target.letters"]
    assert "calls" in places(model)
    assert place_title("target.both") == "target both"
    assert [q.name for q in queues_at(model, "target.writers")] == ["cards", "chat", "mail"]
    assert (scope_of("target.both").kind, scope_of("calls").kind) == ("target", "queue")
    assert common_target(model, "target.both") == 0.9
    offered = sum(offered_by_interval(result, "target.both").values())
    assert offered == pytest.approx(result.estimate("target.both.offered").value)
    assert over_the_day(result, "service_level", "target.both")


def test_staff_judges_every_target_and_sizes_queues_by_them(scenario: Scenario) -> None:
    found = staff(scenario, runs=3)
    judged = {check.name: check for check in found.targets if check.scope == "target"}
    assert judged.keys() == {"both", "letters", "voice"}
    assert judged["both"].target == 0.9
    assert "no formula covers these queues together" in judged["both"].sentence()
    assert judged["both"].record()["scope"] == "target"
    assert any(
        note.startswith("target.both.goal (90% in 45s, calls and cards together) sizes nothing")
        for note in found.notes
    )
    free = scenario.with_(**{"queue.calls.target": "none"})
    sized = staff(free, simulate=False)
    assert sized.promises["calls"] == (0.9, "abandons_ignored within 45s")
    assert any(
        note.endswith("together) is the target of each queue without its own: calls")
        for note in sized.notes
    )


def test_renaming_and_merging_follow_targets(scenario: Scenario) -> None:
    text, _ = rename((TEXT + TARGETS, {}), "queue", "cards", "plastic")
    assert Scenario.parse(text).target["both"].queues == ("calls", "plastic")
    text, _ = rename((TEXT + TARGETS, {}), "group", "writers", "authors")
    assert Scenario.parse(text).target["writers"].groups == ("authors",)
    step = renamed_step({"target.both.queues": ["cards"]}, "queue", "cards", "plastic")
    assert step == {"target.both.queues": ["plastic"]}
    merged = scenario.with_(**merge_groups(scenario, ["phones", "writers"]).changes)
    assert merged.target["writers"].groups == ("phones",)
