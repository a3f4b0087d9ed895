"""Changes by path written into the text: the same scenario, or a refusal."""

import pytest

from sim.scenario import Scenario, load
from sim.scenario.interval_series import volume_of
from sim.scenario.merged_groups import merge_groups
from sim.scenario.schedules import scheduled
from sim.scenario.what_if import add_agents, bot_in_front, change_volume, headcounts
from sim.scenario.written_changes import text_with_changes
from sim.units import BadInputError


def again(changed):
    return Scenario.parse(text_with_changes(changed), changed.folder, confined=False)


@pytest.mark.parametrize("name", ["callback_peak", "two_classes_overflow", "email_backlog"])
def test_every_kind_of_edit_reads_back_as_the_same_scenario(name):
    before = load(name)
    group, queue = next(iter(before.group)), next(iter(before.queue))
    numbers = scheduled(before, before.group[group])
    edits = [
        add_agents(before, group, 2),
        add_agents(before, group, 2, "10:00", "11:00"),
        change_volume(before, 10),
        bot_in_front(before, queue, {"contained": 0.3, "session": "90s", "tried": 0.5}),
        headcounts(before, {group: [n + 1 for n in numbers]}, "more"),
    ]
    if len(before.group) > 1:
        edits.append(merge_groups(before, list(before.group)))
    for edit in edits:
        changed = before.with_(**edit.changes)
        found = again(changed)
        assert found.steps == ()
        assert set(found.group) == set(changed.group)
        for one in found.group:
            assert scheduled(found, found.group[one]) == scheduled(changed, changed.group[one])
        grid = before.center.grid
        assert volume_of(found.queue[queue], grid, found.center.open) == pytest.approx(
            volume_of(changed.queue[queue], grid, changed.center.open)
        )
        assert found.bot == changed.bot


def test_comments_stay_and_a_relative_handle_time_becomes_absolute():
    before = load("callback_peak")
    changed = before.with_(**{"queue.orders.talk": "+10%", "queue.orders.patience": "+20%"})
    text = text_with_changes(changed)
    assert text.startswith(before.text.splitlines()[0])
    found = Scenario.parse(text, before.folder, confined=False)
    assert found.queue["orders"].talk.mean == pytest.approx(before.queue["orders"].talk.mean * 1.1)
    assert found.queue["orders"].patience.mean == pytest.approx(
        before.queue["orders"].patience.mean * 1.2
    )


def test_what_would_be_another_scenario_is_refused():
    before = load("retail_monday")
    assert before.backs_out
    with pytest.raises(BadInputError, match="queue.billing.resolved: cannot be changed"):
        text_with_changes(before.with_(**{"queue.billing.resolved": "90%"}))
    more = before.with_(**add_agents(before, "cards", 2, "10:00", "12:00").changes)
    assert again(more).group["cards"].agents.values == more.group["cards"].agents.values


def test_other_days_are_written_with_the_same_new_contacts():
    from sim.model import build

    before = Scenario.parse(
        "[center]\nopen = '09:00-11:00'\ndays = 2\n"
        "[queue.calls]\nvolume = 20\ntalk = '3min'\nresolved = '70%'\n"
        "repeat = { share = '100%', after = 'exponential 60min' }\n"
        "[group.all]\nagents = 5\nskills = { calls = 1 }\n"
    )
    assert before.backs_out
    changed = before.with_(**{"center.days": 1, "group.all.agents": 6, "experiment.runs": 3})
    one, other = (build(each).queues[0].demand.expected for each in (changed, again(changed)))
    assert one.sum() < 80  # without the repeats
    assert one.tolist() == other.tolist()


def test_a_changed_list_of_distributions_is_written_row_by_row():
    before = Scenario.parse(
        "# Q?\n[center]\nopen = '09:00-11:00'\n[queue.calls]\nvolume = 20\n"
        "talk = ['exponential 3min', 'lognormal 4min cv 0.8', '5min', 'points 10s 5%, 60s 100%']\n"
        "[group.a]\nagents = 3\nskills = { calls = 1 }\n"
    )
    changed = before.with_(**{"queue.calls.talk": "+10%"})
    means = [row.mean for row in changed.queue["calls"].talk.rows]
    assert means[0] == pytest.approx(198)
    found = again(changed).queue["calls"].talk.rows
    assert [row.mean for row in found] == pytest.approx(means)
    assert [row.law for row in found] == ["exponential", "lognormal", "deterministic", "points"]
