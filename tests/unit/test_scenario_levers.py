"""Levers in a scenario: forms, catalogue, amounts, and what is refused."""

from pathlib import Path

import pytest

from sim.scenario import Scenario, ScenarioError, load
from sim.scenario.lever import LeverLimit
from sim.scenario.lever_catalogue import CATALOGUE, catalogue_table, with_catalogue
from sim.scenario.lever_changes import catalogue_levers, scaled, scenario_levers
from tests.support.small_levers import with_levers

TWO_BOTS = """
[queue.chat]
channel = "chat"
volume = 10
talk = "exponential 5min"
[bot.calls]
session = "60s"
contained = "20%"
resolved = "50%"
[bot.chat]
session = "60s"
contained = "30%"
resolved = "95%"
"""


def read(more="", **fields):
    return Scenario.parse(with_levers(more, **fields))


def lever(scenario, name):
    return next(one for one in scenario_levers(scenario) if one.name == name)


def test_levers_leave_the_simulated_scenario_as_it_is():
    scenario = read()
    assert set(scenario.lever) == {"agent", "coach", "dear", "nothing"}
    assert scenario.fingerprint == scenario.without_levers.fingerprint


def test_a_limit_is_on_off_a_number_of_times_or_a_range():
    levels = [LeverLimit.model_validate(one).levels for one in ("on/off", 3)]
    levels.append(LeverLimit.model_validate({"least": 2, "most": 6, "by": 2}).levels)
    assert levels == [(1,), (1, 2, 3), (2, 4, 6)]


@pytest.mark.parametrize(
    ("value", "level", "result"),
    [
        ("+10pp", 2, "+20pp"),
        ("-2", 3, "-6"),
        ("-25s", 0.5, "-12.5s"),
        ("+10%", 2, "*1.21"),
        ("*50%", 2, "*0.25"),
        ("80%", 2, "80%"),
        ({"a": 1}, 1, {"a": 1}),
    ],
)
def test_a_change_is_made_several_times(value, level, result):
    assert scaled(value, level) == result


def test_a_catalogue_lever_is_filled_in_and_what_the_file_writes_takes_precedence():
    more = f'{TWO_BOTS}[lever.more]\nuse = "bot_coverage"\ncost = 70\n'
    found = lever(read(more), "more")
    assert found.changes == {"bot.calls.contained": "+10pp", "bot.chat.contained": "+10pp"}
    assert (found.cost.month, found.cost.once) == (70, 0)
    assert found.title == CATALOGUE["bot_coverage"].title


def test_of_limits_what_a_star_stands_for():
    more = f'{TWO_BOTS}[lever.more]\nuse = "bot_coverage"\nof = "chat"\n'
    assert lever(read(more), "more").changes == {"bot.chat.contained": "+10pp"}


def test_a_star_takes_only_fields_that_have_a_value():
    more = TWO_BOTS + '[lever.all]\nchanges = { "queue.*.resolved" = "+1pp" }\n'
    assert lever(read(more), "all").changes == {"queue.calls.resolved": "+1pp"}


@pytest.mark.parametrize("name", ["retail_monday", "bank_week", "bot_promise", "email_backlog"])
def test_the_catalogue_fits_shipped_scenarios(name):
    scenario = load(name)
    more = catalogue_levers(scenario)
    assert len(more) >= 5
    assert scenario.model_copy(update={"lever": more}).lever_problems() == []


def test_every_lever_of_the_catalogue_has_evidence_or_is_made_up():
    assert len(CATALOGUE) >= 11
    assert all(one.source for one in CATALOGUE.values())
    page = (Path(__file__).parents[2] / "docs" / "invest.md").read_text(encoding="utf-8")
    assert catalogue_table() in page
    assert with_catalogue(page) == page


BAD = {
    "unknown field": ('changes = { "group.team.agnets" = "+1" }', "no field 'agnets'"),
    "unknown group": ('changes = { "group.tram.agents" = "+1" }', "no group 'tram'"),
    "no such value": ('changes = { "queue.*.callback.tries" = "+1" }', "changes nothing here"),
    "out of bounds": ('changes = { "queue.calls.resolved" = "+50pp" }', "makes it 110%"),
    "at the most": (
        'changes = { "queue.calls.resolved" = "+10pp" }\nlimit = 5', "(5 times)"
    ),
    "too many": (
        'changes = { "group.team.agents" = "-30" }', "takes 30 agents of at most 3; allowed"
    ),
    "too many at the most": (
        'changes = { "group.team.agents" = "-2" }\nlimit = 2', "(2 times): takes 4 agents"
    ),
    "several times": (
        'changes = { "queue.calls.resolved" = "70%" }\nlimit = 2', "done several times"
    ),
    "nothing": ('title = "Idle"', "changes nothing; allowed"),
    "catalogue": ('use = "bot_coverag"', "Did you mean 'bot_coverage'?"),
    "no bot": ('use = "bot_coverage"', "changes nothing here"),
    "contradicts": (
        'changes = { "queue.calls.resolved" = "80%" }', 'excludes = ["coach", "dear"]'
    ),
    "excludes": ('changes = { "group.team.wage" = "+1" }\nexcludes = "coch"', "'coch' is unknown"),
    "itself": ('changes = { "group.team.wage" = "+1" }\nneeds = "new"', "'new' is unknown"),
    "both": (
        'changes = { "group.team.wage" = "+1" }\nneeds = "coach"\nexcludes = "coach"',
        "is also excluded",
    ),
    "lever": ('changes = { "lever.coach.cost" = 1 }', "changes a lever"),
    "use without per": (
        'changes = { "group.team.wage" = "+1" }\ncost = { use = 1 }', "belong together"
    ),
    "range": (
        'changes = { "group.team.wage" = "+1" }\nlimit = { least = 3, most = 2 }', "more than most"
    ),
    "effect": ('changes = { "group.team.wage" = "+1" }\neffect = "much"', "is not a range"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_what_a_lever_cannot_be_is_refused_in_one_message(case):
    text, message = BAD[case]
    with pytest.raises(ScenarioError) as error:
        read(f"[lever.new]\n{text}\n")
    assert message in str(error.value)
    assert len(error.value.problems) == 1
    assert str(error.value.problems[0].path).startswith("lever.new")


def test_levers_that_exclude_each_other_may_set_the_same_field():
    more = '[lever.new]\nchanges = { "queue.calls.resolved" = "80%" }\n'
    scenario = read(more + 'excludes = ["coach", "dear"]\n')
    assert scenario.lever_problems() == []


def test_a_change_by_path_may_take_away_what_a_lever_rests_on():
    more = f'{TWO_BOTS}[lever.more]\nuse = "bot_coverage"\n'
    scenario = read(more).with_(bot="none")
    assert not scenario.bot
    assert scenario.lever_problems()


def test_the_catalogue_raises_what_a_handover_carries_and_touches_nothing_else():
    carried = 'handover = { carried = "30%", talk = "-40s", lost = "+20s" }\n'
    always = 'handover = { talk = "-20s" }\n'
    text = TWO_BOTS.replace("[bot.chat]", f"{carried}[bot.chat]") + always
    repeat = '[queue.chat.repeat]\nshare = "50%"\nafter = "2h"\ncarried = "95%"\n'
    text = text.replace('talk = "exponential 5min"', 'talk = "exponential 5min"\nresolved = "60%"')
    center = read(f'{text}{repeat}[lever.context]\nuse = "context_handover"\n')
    assert lever(center, "context").changes == {"bot.calls.handover.carried": "+60pp"}
    changed = center.with_(**lever(center, "context").changes)
    handover = changed.bot["calls"].handover
    assert handover.carried == pytest.approx(0.9)
    assert str(handover.lost) == str(center.bot["calls"].handover.lost)


def test_a_better_bot_of_the_catalogue_goes_with_an_own_lever_on_the_same_field():
    own = '[lever.own]\nchanges = { "bot.calls.resolved" = "+5pp" }\n'
    center = read(f'{TWO_BOTS}{own}[lever.quality]\nuse = "bot_quality"\n')
    changes = lever(center, "quality").changes
    assert changes == {"bot.calls.resolved": "+10pp", "bot.chat.resolved": "+5pp"}


def test_several_contradictions_are_named_in_one_sentence():
    with pytest.raises(ScenarioError, match="is changed by levers 'coach' and 'dear' too"):
        read('[lever.new]\nchanges = { "queue.calls.resolved" = "80%" }\n')
