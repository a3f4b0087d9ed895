"""Sliders: which fields they change, and whose a problem is."""

import pytest

import sim
from sim.app import sliders
from sim.app.unsaved_edits import change_in_words
from sim.scenario import ScenarioError
from sim.scenario.interval_times import mean_hands

SCENARIOS = ["callback_peak", "retail_monday", "bank_week", "bot_promise", "erlang_a"]


def shipped(root, name):
    return sim.load(root / "scenarios" / f"{name}.toml")


def named(found, label):
    return next(slider for slider in found if slider.label == label)


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_slider_changes_the_scenario_and_rests_at_its_start(repo_root, name):
    base = shipped(repo_root, name)
    for slider in sliders.center_sliders(base) + sliders.part_sliders(base):
        assert slider.changes(slider.start) == {}
        assert slider.low <= slider.start <= slider.high
        moved = slider.start + (slider.step if slider.start < slider.high else -slider.step)
        assert base.with_(**slider.changes(moved)).fingerprint != base.fingerprint, slider


@pytest.mark.parametrize("name", SCENARIOS)
def test_sliders_have_different_keys(repo_root, name):
    base = shipped(repo_root, name)
    for found in (sliders.center_sliders(base), sliders.part_sliders(base)):
        assert len({slider.key for slider in found}) == len(found)


def test_handle_time_leaves_a_time_of_zero_alone(repo_root):
    slider = named(sliders.center_sliders(shipped(repo_root, "erlang_a")), "Handle time")
    assert slider.changes(10) == {"queue.calls.talk": "+10%"}


def test_handle_time_scales_the_mean(repo_root):
    base = shipped(repo_root, "callback_peak")
    changed = base.with_(**named(sliders.center_sliders(base), "Handle time").changes(20))
    assert mean_hands(changed, "orders") == pytest.approx(1.2 * mean_hands(base, "orders"))


def test_patience_without_end_has_no_slider(repo_root):
    labels = [slider.label for slider in sliders.center_sliders(shipped(repo_root, "power_of_one"))]
    assert labels == ["Volume", "Handle time", "Agents"]


def test_one_group_is_changed_by_persons_several_by_percent(repo_root):
    one = named(sliders.center_sliders(shipped(repo_root, "power_of_one")), "Agents")
    assert one.changes(-1) == {"group.agents.agents": "-1"}
    assert one.words(-1) == "Agents -1"
    several = named(sliders.center_sliders(shipped(repo_root, "retail_monday")), "Agents")
    assert several.changes(-5)["group.generalists.shifts.0.agents"] == "-5%"


def test_a_slider_of_a_part_names_it(repo_root):
    found = sliders.part_sliders(shipped(repo_root, "retail_monday"))
    assert found[0].section == "Queue billing"
    assert found[0].words(10) == "Queue billing: volume +10 %"


def test_a_problem_is_reported_at_the_slider_that_made_it(repo_root):
    base = shipped(repo_root, "retail_monday")  # 5 % leave the bot, so 100 % is too much
    found = sliders.part_sliders(base)
    contained = next(slider for slider in found if slider.paths == ("bot.chat.contained",))
    with pytest.raises(ScenarioError) as caught:
        base.with_(**contained.changes(100))
    assert sliders.slider_for_path(found, caught.value.problems[0].path).section == "Bot chat"
    volume = named(found, "Volume")
    assert sliders.slider_for_path([volume, contained], caught.value.problems[0].path) is contained
    assert sliders.slider_for_path(found, "center.lines") is None


def test_typed_changes_are_read_as_the_command_line_reads_them():
    assert sliders.typed("queue.a.balk=5%\n\ngroup.b.agents = 12\n") == {
        "queue.a.balk": "5%",
        "group.b.agents": 12,
    }
    with pytest.raises(ScenarioError, match="is not a change"):
        sliders.typed("queue.a.balk")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("queue.billing.target=90% in 15s", "Queue billing: target 90% in 15s"),
        ("group.cards.agents = +4", "Group cards: agents +4"),
        ("queue.billing.talk.mean=200s", "Queue billing: talk mean 200s"),
        ("center.at_close=serve", "center.at_close=serve"),
        ("no change", "no change"),
    ],
)
def test_further_changes_are_said_as_people_do(line, words):
    assert change_in_words(line) == words


def test_an_unchanged_value_belongs_to_its_start(repo_root):
    scenario = shipped(repo_root, "retail_monday")
    other = scenario.with_(**{"bot.billing.contained": "40%"})
    one, changed = (
        next(slider for slider in sliders.center_sliders(each) if "bot billing" in slider.label)
        for each in (scenario, other)
    )
    assert (one.start, changed.start) == (30, 40)
    assert one.slot != changed.slot
    volume = named(sliders.center_sliders(scenario), "Volume")
    assert volume.slot == volume.key
    assert list(volume.range)[::50] == [-50, 0, 50, 100]
