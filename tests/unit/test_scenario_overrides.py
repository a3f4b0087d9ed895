"""Any field can be changed by its dotted path, absolutely or relatively."""

from pathlib import Path

import pytest

from sim.scenario import Scenario, ScenarioError, load
from sim.scenario.workload import erlangs

TEXT = """
[center]
open = "08:00-10:00"

[queue.calls]
volume = [10, 20, 30, 40]
talk = "lognormal 4min cv 0.9"
wrap = "30s"
patience = "exponential 2min"
balk = "4%"
longest_wait = "10min"
resolved = "80%"
target = "80% in 20s"
transfer = { cards = "6%" }
repeat = { share = "50%", after = "1h" }

[queue.cards]
volume = "400 a day"
talk = "5min"

[bot.calls]
session = "2min"
contained = "30%"

[group.team]
agents = 10
skills = { calls = 1, cards = { level = 2, speed = ["100%", "80%"], at_once = 2 } }

[group.night]
shifts = [
  { agents = 3, start = "08:00", length = "2h" },
  { agents = 4, start = "09:00", length = "1h", breaks = ["10min after 30min"] },
]
skills = { cards = 1 }
"""


@pytest.fixture
def base() -> Scenario:
    return Scenario.parse(TEXT)


def at(scenario: object, path: str) -> object:
    for part in path.split("."):
        if isinstance(scenario, dict):
            scenario = scenario[part]
        elif isinstance(scenario, tuple):
            scenario = scenario[int(part)]
        else:
            scenario = getattr(scenario, part)
    return scenario


CHANGES = [
    # path, value, where it shows, what it is then
    ("group.team.agents", 12, "group.team.agents.each", 12),
    ("group.team.agents", "+10%", "group.team.agents.each", 11),
    ("group.team.agents", "-2", "group.team.agents.each", 8),
    ("group.team.agents", "*1.5", "group.team.agents.each", 15),
    ("group.team.agents", [1, 2, 3, 4], "group.team.agents.values", (1, 2, 3, 4)),
    ("queue.calls.volume", "+10%", "queue.calls.volume.values", (11, 22, 33, 44)),
    ("queue.calls.volume", "-15", "queue.calls.volume.values", (0, 5, 15, 25)),
    ("queue.calls.volume", 5, "queue.calls.volume.each", 5),
    ("queue.calls.volume.1", "+5", "queue.calls.volume.values", (10, 25, 30, 40)),
    ("queue.cards.volume", "-10%", "queue.cards.volume.a_day", 360),
    ("queue.cards.volume", "2 per min", "queue.cards.volume.per_second", 2 / 60),
    ("queue.calls.talk", "+10%", "queue.calls.talk.mean", 264),
    ("queue.calls.talk", "-40s", "queue.calls.talk.mean", 200),
    ("queue.calls.talk", "exponential 1min", "queue.calls.talk.mean", 60),
    ("queue.calls.talk.mean", "200s", "queue.calls.talk.mean", 200),
    ("queue.calls.talk.mean", "*2", "queue.calls.talk.mean", 480),
    ("queue.calls.talk.cv", 0.5, "queue.calls.talk.cv", 0.5),
    ("queue.calls.talk.zero", "10%", "queue.calls.talk.mean", 216),
    ("queue.calls.hold", "20s", "queue.calls.hold.mean", 20),
    ("queue.calls.balk", "+10%", "queue.calls.balk", 0.044),
    ("queue.calls.balk", "+10pp", "queue.calls.balk", 0.14),
    ("queue.calls.balk", "0", "queue.calls.balk", 0),
    ("queue.calls.longest_wait", "+30s", "queue.calls.longest_wait", 630),
    ("queue.calls.longest_wait", "none", "queue.calls.longest_wait", None),
    ("queue.calls.longest_wait", None, "queue.calls.longest_wait", None),
    ("queue.calls.priority", "+2", "queue.calls.priority", 3),
    ("queue.calls.target", "90% in 10s", "queue.calls.target.within", 10),
    ("queue.calls.target.within", "*2", "queue.calls.target.within", 40),
    ("queue.calls.target", "+5pp", "queue.calls.target.service_level", 0.85),
    ("queue.calls.transfer.cards", "8%", "queue.calls.transfer.cards.share", 0.08),
    ("queue.calls.transfer.cards", "+50%", "queue.calls.transfer.cards.share", 0.09),
    ("queue.calls.transfer.cards.talk", "-25s", "queue.calls.transfer.cards.talk.add", -25),
    ("queue.calls.repeat.talk", "+20%", "queue.calls.repeat.talk.factor", 1.2),
    ("queue.calls.repeat.by", "cards", "queue.calls.repeat.by", "cards"),
    ("queue.cards.patience", "3min", "queue.cards.patience.mean", 180),
    ("queue.cards.transfer.calls", "5%", "queue.cards.transfer.calls.share", 0.05),
    ("bot.calls.contained", "40%", "bot.calls.contained", 0.4),
    ("bot.calls.tried", "-20%", "bot.calls.tried", 0.8),
    ("bot.calls.left", "5%", "bot.calls.left", 0.05),
    ("bot.calls.handover.talk", "-25s", "bot.calls.handover.talk.add", -25),
    ("bot.calls.takes", "100s", "bot.calls.takes.talk", 100),
    ("group.team.skills.calls", 3, "group.team.skills.calls.level", 3),
    ("group.team.skills.calls.after", "30s", "group.team.skills.calls.after", 30),
    ("group.team.skills.cards.speed", "-10%", "group.team.skills.cards.speed", (0.9, 0.72)),
    ("group.team.skills.cards.speed.1", "70%", "group.team.skills.cards.speed", (1, 0.7)),
    ("group.night.skills.calls", 1, "group.night.skills.calls.level", 1),
    ("group.night.shifts.0.agents", 5, "group.night.shifts.0.agents", 5),
    ("group.night.shifts.1.agents", "+25%", "group.night.shifts.1.agents", 5),
    ("group.night.shifts.0.start", "+30min", "group.night.shifts.0.start", 30600),
    ("group.night.shifts.1.breaks.0.length", "15min", "group.night.shifts.1.breaks.0.length", 900),
    ("group.team.shrinkage", "30%", "group.team.shrinkage", 0.3),
    ("center.busyness", "10%", "center.busyness.cv", 0.1),
    ("center.busyness.shared", "50%", "center.busyness.shared", 0.5),
    ("center.name", "Other", "center.name", "Other"),
    ("experiment.seed", 7, "experiment.seed", 7),
    ("experiment.runs", "*2", "experiment.runs", 200),
]


@pytest.mark.parametrize(("path", "value", "where", "expected"), CHANGES)
def test_a_field_is_changed(
    base: Scenario, path: str, value: object, where: str, expected: object
) -> None:
    before = base.model_dump_json()
    changed = base.with_(**{path: value})
    if isinstance(expected, float | int | tuple):
        assert at(changed, where) == pytest.approx(expected)
    else:
        assert at(changed, where) == expected
    assert base.model_dump_json() == before, "the caller's scenario stays as it is"
    assert changed.written is base


@pytest.mark.parametrize(
    ("path", "value"), [(p, v) for p, v, _, _ in CHANGES if isinstance(v, str | int | float)]
)
def test_the_command_line_says_it_alike(base: Scenario, path: str, value: object) -> None:
    said = Scenario.parse(TEXT, overrides=[f"{path}={value}"])
    assert said == base.with_(**{path: value})


def test_tables_and_whole_parts_can_be_given_or_taken_away(base: Scenario) -> None:
    said = Scenario.parse(
        TEXT,
        overrides=[
            'queue.calls.retry={ share = "40%", after = "15min" }',
            "queue.calls.transfer.cards=none",
            "queue.calls.repeat=none",
            "bot.calls=none",
            "group.night=none",
            "group.team.skills={ calls = 2, cards = 1 }",
            'queue.cards.callback={ offer_after = "60s", accepted = 0.3 }',
        ],
    )
    calls = said.queue["calls"]
    assert calls.retry is not None
    assert calls.retry.after.mean == 900
    assert calls.transfer == {}
    assert calls.repeat is None
    assert said.bot == {}
    assert list(said.group) == ["team"]
    assert said.queue["cards"].callback is not None
    assert base.bot.keys() == {"calls"}


def test_a_bot_can_be_put_before_a_queue(base: Scenario) -> None:
    said = base.with_(**{"bot.cards": {"session": "1min", "contained": 0.2}})
    assert said.bot["cards"].contained == 0.2
    with pytest.raises(ScenarioError, match="bot.cards.session: is missing"):
        base.with_(**{"bot.cards.contained": 0.2})


def test_opening_hours_can_be_changed_by_day(base: Scenario) -> None:
    changed = base.with_(**{"center.open.mon": "08:00-09:00", "queue.calls.volume": 5})
    assert changed.center.hours == [(28800, 32400)]
    with pytest.raises(ScenarioError, match="4 rows; expected 2"):
        base.with_(**{"center.open": "08:00-09:00"})


def test_volumes_of_a_file_are_changed_element_by_element(tmp_path: Path) -> None:
    (tmp_path / "v.csv").write_text("calls,team,other\n10,4,1\n20,5,2\n30,6,3\n40,7,4\n")
    text = TEXT.replace("[10, 20, 30, 40]", '"v.csv:calls"')
    (tmp_path / "s.toml").write_text(text.replace("agents = 10", 'agents = "v.csv:team"'))
    scenario = load(tmp_path / "s.toml", {"queue.calls.volume": "*2", "group.team.agents": "+1"})
    assert scenario.queue["calls"].volume.values == (20, 40, 60, 80)
    agents = scenario.group["team"].agents
    assert agents is not None
    assert agents.values == (5, 6, 7, 8)
    other = scenario.with_(**{"queue.calls.volume": "v.csv:other"})
    assert other.queue["calls"].volume.values == (1, 2, 3, 4)


def test_changes_follow_each_other(base: Scenario) -> None:
    twice = base.with_(**{"group.team.agents": "+10%"}).with_(**{"group.team.agents": "-1"})
    assert at(twice, "group.team.agents.each") == pytest.approx(10)
    both = base.with_(**{"queue.calls.talk": "exponential 100s", "queue.calls.talk.mean": "+10%"})
    assert both.queue["calls"].talk.mean == pytest.approx(110)
    assert twice.written is base


WRONG = [
    ({"queue.biling.talk": "1min"}, ["queue.biling.talk", "no queue 'biling'", "calls or cards"]),
    ({"queue.card.talk": "1min"}, ["Did you mean 'cards'?"]),
    ({"queue.calls.tolk": "1min"}, ["no field 'tolk'", "Did you mean 'talk'?"]),
    ({"qeue.calls.talk": "1min"}, ["no field 'qeue'", "'queue'"]),
    ({"group.tem.agents": 3}, ["no group 'tem'", "'team'"]),
    ({"queue.calls.talk.men": 3}, ["no field 'men'", "'mean'"]),
    ({"queue.calls.balk.x": 3}, ["'x' leads nowhere"]),
    ({"group.night.shifts.5.agents": 3}, ["no item '5'", "0 to 1"]),
    ({"queue.calls.volume.9": 3}, ["no row '9'", "0 to 3"]),
    ({"queue.calls.balk": "120%"}, ["queue.calls.balk", "more than 100%"]),
    ({"queue.calls.balk": "+5s"}, ["adds a time"]),
    (
        {"queue.calls.balk": "-3"},
        ["'-3' makes it", "allowed: a share from 0% to 100%", 'percentage points write "-3pp"'],
    ),
    ({"queue.calls.balk": "+150pp"}, ["'+150pp' makes it", "allowed: a share from 0% to 100%"]),
    ({"group.team.agents": "+5s"}, ["takes no s"]),
    ({"group.team.agents": -1}, ["group.team.agents", "-1"]),
    ({"queue.calls.talk": "-5min"}, ["makes the mean -60 s"]),
    ({"queue.calls.lines": "+10%"}, ["has no value"]),
    ({"center.name": "+10%"}, ["needs a number"]),
    ({"queue.calls.patience": "unlimited", "queue.calls.patience.mean": "+10%"}, ["unlimited"]),
    ({"group.team.skills.calls.at_once": "none"}, ["skills.calls.at_once", "'none'"]),
    ({"queue.calls.transfer.cads": "5%"}, ["queue.calls.transfer.cads", "'cards'"]),
    ({"bot.carts.contained": "5%", "queue.calls.balk": 7}, ["queue.calls.balk", "bot.carts"]),
]


@pytest.mark.parametrize(("changes", "parts"), WRONG)
def test_a_wrong_change_is_reported_plainly(
    base: Scenario, changes: dict[str, object], parts: list[str]
) -> None:
    with pytest.raises(ScenarioError) as caught:
        base.with_(**changes)
    missing = [part for part in parts if part not in str(caught.value)]
    assert not missing, f"{missing} not in: {caught.value}"


@pytest.mark.parametrize("text", ["group.team.agents", "=3", "agents"])
def test_an_override_without_value_is_refused(text: str) -> None:
    with pytest.raises(ScenarioError, match="PATH=VALUE"):
        Scenario.parse(TEXT, overrides=[text])


def test_a_better_bot_takes_work_off(base: Scenario) -> None:
    better = base.with_(**{"bot.calls.contained": "50%"})
    before, after = sum(erlangs(base, "calls")), sum(erlangs(better, "calls"))
    # Contained contacts talk half the mean: 30 % of them take 15 % of talk, 50 % take 25 %.
    talk, wrap = 100 * 240 / 1800, 100 * 30 / 1800
    assert before == pytest.approx(talk * 0.85 + wrap * 0.7)
    assert after == pytest.approx(talk * 0.75 + wrap * 0.5)
