"""Words of changes follow the renaming of a queue or group, for every sentence of the planner."""

import pytest

from sim.app.renamed_edits import renamed_edit
from sim.app.sliders import center_sliders, part_sliders, typed
from sim.app.unsaved_edits import change_in_words
from sim.scenario import Scenario
from sim.scenario.merged_groups import merge_groups
from sim.scenario.renaming import rename
from sim.scenario.what_if import Edit, add_agents, bot_in_front, change_volume

TEXT = """
[center]
open = "09:00-12:00"
[queue.cards]
volume = 40
talk = "exponential 3min"
[queue."cards plus"]
volume = 20
talk = "exponential 3min"
[queue.loans]
volume = 30
talk = "exponential 3min"
[bot.cards]
session = "40s"
contained = "20%"
resolved = "80%"
[group.cards]
agents = 5
skills = { cards = 1, "cards plus" = 1 }
[group.loans]
agents = 4
skills = { loans = 1 }
[group.late]
shifts = [{ agents = 2, start = "09:00", length = "3h" }]
skills = { loans = 1, cards = 2 }
"""


def edits(scenario, queue, group):
    """Make each of the planner's own changes of a scenario; one of its queues and groups named."""
    made = [
        add_agents(scenario, group, 2),
        add_agents(scenario, group, 1),
        add_agents(scenario, group, 3, "09:30", "10:30"),
        add_agents(scenario, group, 1, "10:00", "11:00", "mon-fri"),
        add_agents(scenario, "loans", -1),
        add_agents(scenario, "late", 1),
        merge_groups(scenario, [group, "loans"]),
        merge_groups(scenario, ["loans", group]),
        merge_groups(scenario, ["loans", "late", group]),
        bot_in_front(scenario, queue, {"contained": "25%", "session": "50s"}),
        bot_in_front(scenario, queue, {"resolved": "90%"}),
        bot_in_front(scenario, "cards plus", {"contained": "25%", "session": "50s"}),
        change_volume(scenario, 10),
        change_volume(scenario, -10, [queue]),
        change_volume(scenario, 10, ["loans", queue, "cards plus"]),
        change_volume(scenario, 10, ["cards plus"]),
    ]
    for slider in [*center_sliders(scenario), *part_sliders(scenario)]:
        at = next(value for value in slider.range if slider.changes(value))
        made.append(Edit(slider.words(at), dict(slider.changes(at))))
    for line in (f"queue.{queue}.balk=5%", f"group.{group}.wage=20", "queue.loans.balk=5%"):
        made.append(Edit(change_in_words(line), typed(line)))
    return made


@pytest.mark.parametrize("new", ["tier-1 (a)", "phone"])
@pytest.mark.parametrize("family", ["queue", "group"])
def test_every_sentence_is_that_of_the_renamed_scenario(family, new):
    text, _ = rename((TEXT, {}), family, "cards", new)
    names = {"queue": "cards", "group": "cards"}
    before = edits(Scenario.parse(TEXT), **names)
    after = edits(Scenario.parse(text), **names | {family: new})
    assert len(before) == len(after) > 30
    renamed = [renamed_edit(edit, family, "cards", new) for edit in before]
    assert [edit.words for edit in renamed] == [edit.words for edit in after]
    assert [edit.changes for edit in renamed] == [edit.changes for edit in after]


def test_changes_that_stand_in_one_sentence_are_each_renamed():
    edit = Edit(
        "Queue cards: volume +10 %; Group cards: agents +2",
        {"queue.cards.volume": "+10%", "group.cards.agents": "+2"},
    )
    assert renamed_edit(edit, "group", "cards", "phone") == Edit(
        "Queue cards: volume +10 %; Group phone: agents +2",
        {"queue.cards.volume": "+10%", "group.phone.agents": "+2"},
    )


def test_words_of_people_give_way_to_the_change_by_path_where_they_name_it():
    step = {"queue.cards.volume": "+10%"}
    found = renamed_edit(Edit("Ads for cards on Monday", step), "queue", "cards", "phone")
    assert found.words == "queue.phone.volume = +10%"
    found = renamed_edit(Edit("Ads on Monday", step), "queue", "cards", "phone")
    assert found == Edit("Ads on Monday", {"queue.phone.volume": "+10%"})
    other = Edit("As for cards", {"queue.loans.volume": "+10%"})
    assert renamed_edit(other, "queue", "cards", "phone") == other


def test_required_agents_keep_their_name_when_a_group_called_agents_is_renamed():
    edit = Edit("Required agents by formula", {"group.agents.agents": [1, 2]})
    assert renamed_edit(edit, "group", "agents", "desk").words == "Required agents by formula"
