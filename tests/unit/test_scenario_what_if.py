"""What-if changes as overlays: agents in a span, merged groups, a bot, volume."""

import json

import pytest

import sim
from sim.scenario import Scenario, load
from sim.scenario.merged_groups import merge_groups
from sim.scenario.problems import MOST_LISTED, all_of
from sim.scenario.schedules import on_duty, scheduled
from sim.scenario.what_if import (
    add_agents,
    bot_in_front,
    change_volume,
    headcounts,
    set_agents,
)
from sim.units import BadInputError

SHIFTS = """
[center]
open = "08:00-12:00"
[queue.a]
volume = 30
talk = "exponential 3min"
[queue.b]
volume = 20
talk = "exponential 4min"
[group.one]
shifts = [{ agents = 6, start = "08:00", length = "4h", breaks = ["30min at 10:00"] }]
skills = { a = 1, b = { level = 2, after = "30s" } }
wage = 20
[group.two]
agents = 4
shrinkage = 0.2
skills = { b = { level = 1, speed = 0.9 } }
wage = 25
"""


def applied(scenario, edit):
    """The edit must survive being stored as JSON."""
    return scenario.with_(**json.loads(json.dumps(edit.changes)))


def test_agents_are_added_in_the_intervals_of_a_span_only():
    before = load("callback_peak")
    edit = add_agents(before, "sales", 3, "10:00", "11:30")
    after = applied(before, edit)
    gained = [
        b - a
        for a, b in zip(
            scheduled(before, before.group["sales"]),
            scheduled(after, after.group["sales"]),
            strict=True,
        )
    ]
    at = {before.center.grid.label(k): n for k, n in enumerate(gained) if n}
    assert at == {"10:00": 3, "10:30": 3, "11:00": 3}
    assert edit.words == "Group sales: +3 agents, 10:00 to 11:30"


def test_agents_are_added_on_the_named_weekdays_only():
    before = load("bank_week")
    after = applied(before, add_agents(before, "digital", 2, "09:00", "10:00", "tue"))
    grid = before.center.grid
    gained = {
        grid.label(k): b - a
        for k, (a, b) in enumerate(
            zip(
                scheduled(before, before.group["digital"]),
                scheduled(after, after.group["digital"]),
                strict=True,
            )
        )
        if a != b
    }
    assert gained == {"2026-03-03T09:00": 2, "2026-03-03T09:30": 2}


def test_fewer_agents_never_fall_below_zero_and_never_say_nothing():
    before = load("email_backlog")
    after = applied(before, add_agents(before, "clerks", -3, "10:00", "11:00"))
    assert min(scheduled(after, after.group["clerks"])) == 0
    with pytest.raises(BadInputError, match="clerks has no agents scheduled then"):
        add_agents(after, "clerks", -1, "10:00", "11:00")


def test_agents_outside_the_opening_hours_extend_those_of_the_group():
    before = load("callback_peak")
    after = applied(before, add_agents(before, "sales", 2, "05:00", "06:00"))
    found = scheduled(after, after.group["sales"])
    assert found[10:12] == [2, 2]
    assert sum(found) == sum(scheduled(before, before.group["sales"])) + 4


def test_a_group_with_shifts_gets_a_shift_more():
    before = Scenario.parse(SHIFTS)
    after = applied(before, add_agents(before, "one", 2, "09:00", "11:00"))
    assert [s.agents for s in after.group["one"].shifts] == [6, 2]
    assert (
        sum(scheduled(after, after.group["one"]))
        == sum(scheduled(before, before.group["one"])) + 2 * 4
    )
    with pytest.raises(BadInputError, match="one works in shifts"):
        add_agents(before, "one", -2, "09:00", "11:00")


def test_agents_added_to_a_shrunk_group_of_shifts_are_not_those_left_out():
    before = Scenario.parse(SHIFTS).with_(**{"group.one.shrinkage": "50%"})
    after = applied(before, add_agents(before, "one", 2, "09:00", "10:00"))
    assert on_duty(after, after.group["one"])[18] == on_duty(before, before.group["one"])[18] + 1
    assert on_duty(after, after.group["one"])[20] < on_duty(before, before.group["one"])[20]


def test_agents_all_day_are_a_relative_change():
    before = load("retail_monday")
    assert add_agents(before, "cards", -1).changes == {"group.cards.agents": "-1"}
    shifts = add_agents(before, "generalists", 1)
    assert set(shifts.changes) == {f"group.generalists.shifts.{k}.agents" for k in range(6)}
    assert shifts.words == "Group generalists: +1 agent on each shift"
    with pytest.raises(BadInputError, match="changes nothing"):
        add_agents(before, "cards", 0)
    with pytest.raises(BadInputError, match="no times of day"):
        add_agents(load("power_of_one"), "agents", 1, "10:00", "11:00")
    with pytest.raises(BadInputError, match="is not after"):
        add_agents(before, "cards", 1, "11:00", "10:00")


def test_merged_headcounts_add_up_and_every_skill_stays():
    before = load("two_classes_overflow")
    edit = merge_groups(before, ["small", "large"])
    after = applied(before, edit)
    assert list(after.group) == ["small"]
    sums = [
        a + b
        for a, b in zip(
            scheduled(before, before.group["small"]),
            scheduled(before, before.group["large"]),
            strict=True,
        )
    ]
    assert scheduled(after, after.group["small"]) == sums
    skills = after.group["small"].skills
    assert {q: (s.level, s.after) for q, s in skills.items()} == {"small": (1, 0), "large": (1, 0)}
    assert edit.words == "Groups small and large merged into small"


HEADCOUNTS = SHIFTS.replace(
    'shifts = [{ agents = 6, start = "08:00", length = "4h", breaks = ["30min at 10:00"] }]',
    "agents = [6, 7, 5, 5, 8, 3, 3, 2]",
).replace("wage = 20", "wage = 20\nshrinkage = 0.1")
TWO_SHIFTS = SHIFTS.replace(
    "agents = 4\n",
    """shifts = [{ agents = 2, start = "08:00", length = "3h", breaks = ["15min after 1h"] },
  { agents = 3, start = "10:00", length = "2h" }]
absent = 0.1
""",
)
UNEVEN = SHIFTS.replace("agents = 4\n", "agents = [4, 5, 3, 9, 1, 0, 4, 4]\nabsent = 0.05\n")
UNPAID = UNEVEN.replace("wage = 20\n", "")
WEEK = UNEVEN.replace("[center]", '[center]\nfirst_day = "2026-01-05"\ndays = 14')


def _hours_and_cost(scenario):
    length = scenario.center.grid.interval_s / 3600
    hours = {n: sum(scheduled(scenario, team)) * length for n, team in scenario.group.items()}
    return sum(hours.values()), sum(h * (scenario.group[n].wage or 0) for n, h in hours.items())


@pytest.mark.parametrize("text", [SHIFTS, HEADCOUNTS, TWO_SHIFTS, UNEVEN, UNPAID, WEEK])
@pytest.mark.parametrize("order", [["one", "two"], ["two", "one"]])
def test_merging_keeps_the_scheduled_hours_and_the_scheduled_cost(text, order):
    before = Scenario.parse(text)
    after = applied(before, merge_groups(before, order))
    assert list(after.group) == [order[0]]
    assert _hours_and_cost(after) == pytest.approx(_hours_and_cost(before), rel=1e-9)
    # The cost of a replication is that of finishing late too, which differs between the two.
    hours = [sim.simulate(one, runs=1).estimate("scheduled_h").value for one in (before, after)]
    assert hours[1] == pytest.approx(hours[0], rel=1e-9)


@pytest.mark.parametrize("text", [SHIFTS, TWO_SHIFTS, UNEVEN, WEEK])
def test_a_team_merged_with_shifts_has_the_same_agents_on_duty(text):
    before = Scenario.parse(text)
    after = applied(before, merge_groups(before, ["one", "two"])).group["one"]
    for count in (scheduled, on_duty):
        both = zip(*(count(before, team) for team in before.group.values()), strict=True)
        assert count(before, after) == pytest.approx([sum(row) for row in both])
    assert before.group["one"].shifts[0] in after.shifts


def test_merging_takes_the_mean_wage_and_the_better_skill():
    before = Scenario.parse(SHIFTS)
    edit = merge_groups(before, ["one", "two"])
    team = applied(before, edit).group["one"]
    assert team.wage == pytest.approx((6 * 20 + 4 * 25) / 10)
    assert team.skills["b"].speed == (0.9,)
    assert edit.words == "Groups one and two merged into one"
    with pytest.raises(BadInputError, match="fewer than two"):
        merge_groups(before, ["one", "one"])


def test_headcounts_that_differ_by_week_keep_the_cost_by_a_higher_wage():
    before = Scenario.parse(WEEK)
    numbers = [4.0] * before.center.grid.intervals
    numbers[16] = 0.0
    before = applied(before, headcounts(before, {"two": numbers}, "different weeks"))
    edit = merge_groups(before, ["one", "two"])
    after = applied(before, edit)
    assert "net of breaks, wage raised to" in edit.words
    assert _hours_and_cost(after)[1] == pytest.approx(_hours_and_cost(before)[1], rel=1e-9)
    assert _hours_and_cost(after)[0] == pytest.approx(_hours_and_cost(before)[0] - 14 * 3)


def test_shifts_of_merged_groups_are_put_together_as_they_were():
    text = SHIFTS.replace(
        "agents = 4\n", 'shifts = [{ agents = 4, start = "09:00", length = "2h", days = "mon" }]\n'
    )
    before = Scenario.parse(text)
    merged = applied(before, merge_groups(before, ["two", "one"])).group["two"]
    (two,) = before.group["two"].shifts
    assert merged.shifts == (
        two.model_copy(update={"agents": 3}),
        *before.group["one"].shifts,
        two.model_copy(update={"agents": 1}),  # left out by the shrinkage of its team
    )
    assert merged.shrinkage == pytest.approx(1 / 10)


def test_merging_in_the_shipped_week_simulates_with_the_same_agents():
    before = load("retail_monday")
    after = applied(before, merge_groups(before, ["generalists", "cards"]))
    assert _hours_and_cost(after) == pytest.approx(_hours_and_cost(before), rel=1e-9)
    one = sim.simulate(after, runs=1)
    assert one.estimate("service_level").value is not None
    assert set(after.group) == {"generalists", "digital"}
    assert after.group["generalists"].interrupts == {"mail": ("live",)}


def test_agents_are_set_to_a_number_for_all_or_a_part_of_the_day():
    before = load("callback_peak")
    edit = set_agents(before, "sales", 20)
    after = applied(before, edit)
    opens = after.center.grid.open_intervals(after.center.open)
    assert {scheduled(after, after.group["sales"])[k] for k in opens} == {20}
    assert edit.words == "Group sales: 20 agents all day"
    edit = set_agents(before, "sales", 1, "10:00", "11:00")
    after = applied(before, edit)
    was, now = (scheduled(one, one.group["sales"]) for one in (before, after))
    grid = before.center.grid
    changed = {grid.label(k): b for k, (a, b) in enumerate(zip(was, now, strict=True)) if a != b}
    assert changed == {"10:00": 1, "10:30": 1}
    assert edit.words == "Group sales: 1 agent, 10:00 to 11:00"
    with pytest.raises(BadInputError, match="has 20 scheduled then already"):
        set_agents(before.with_(**set_agents(before, "sales", 20).changes), "sales", 20)
    with pytest.raises(BadInputError, match="below zero"):
        set_agents(before, "sales", -1)


def test_a_number_of_agents_stands_instead_of_shifts_all_day_only():
    before = Scenario.parse(SHIFTS)
    edit = set_agents(before, "one", 5)
    after = applied(before, edit)
    assert (after.group["one"].shifts, set(scheduled(after, after.group["one"]))) == ((), {0, 5})
    assert edit.words == "Group one: 5 agents all day instead of its shifts"
    with pytest.raises(BadInputError, match="works in shifts"):
        set_agents(before, "one", 5, "08:00", "09:00")
    fixed = load("power_of_one")
    assert applied(fixed, set_agents(fixed, "agents", 9)).group["agents"].agents.each == 9


def test_a_bot_stands_in_front_of_its_queue_and_replaces_one_that_is_there():
    before = load("callback_peak")
    fields = {"contained": 0.3, "session": "90s"}
    edit = bot_in_front(before, "orders", fields)
    after = applied(before, edit)
    assert after.bot_of("orders")[1].contained == 0.3
    assert edit.words == "Bot in front of orders, 30 % contained"
    part = bot_in_front(before, "orders", {**fields, "tried": "60%"})
    assert part.words == "Bot in front of orders, 60 % try it, 30 % of these contained"
    again = applied(after, bot_in_front(after, "orders", {**fields, "contained": 0.5}))
    assert [(name, bot.contained) for name, bot in again.bot.items()] == [("orders", 0.5)]
    menu = applied(before, bot_in_front(before, "orders", {**fields, "kind": "ivr"}))
    kept = applied(menu, bot_in_front(menu, "orders", {**fields, "contained": 0.4}))
    assert (kept.bot["orders"].kind, kept.bot["orders"].contained) == ("ivr", 0.4)
    elsewhere = before.with_(**{"bot.orders": {"queue": "orders", **fields}})
    assert list(elsewhere.bot) == ["orders"]


def test_names_are_reported_in_words_up_to_a_bound():
    assert [all_of(words) for words in ((), ("b",), ("b", "a"), ("c", "a", "b"))] == [
        "", "b", "b and a", "c, a and b",
    ]  # fmt: skip
    assert all_of(["a"] * (MOST_LISTED + 5)).endswith(", a and 5 others")


def test_volume_of_some_queues_or_of_all():
    before = load("two_classes_overflow")
    some = applied(before, change_volume(before, 20, ["small"]))
    ratio = [
        b / a
        for a, b in zip(
            before.queue["small"].volume.values, some.queue["small"].volume.values, strict=True
        )
    ]
    assert ratio == pytest.approx([1.2] * len(ratio))
    assert some.queue["large"] == before.queue["large"]
    assert change_volume(before, -10).changes == {
        "queue.small.volume": "-10%",
        "queue.large.volume": "-10%",
    }
    with pytest.raises(BadInputError, match="not 0"):
        change_volume(before, 0)


@pytest.mark.parametrize(
    ("span", "words"),
    [
        ({"end": "09:00", "days": "mon"}, "opening to 09:00, Monday"),
        ({"start": "10:00", "days": "mon-fri"}, "10:00 to closing, Monday to Friday"),
        ({"days": "mon, wed"}, "opening to closing, Monday and Wednesday"),
    ],
)
def test_hours_left_out_and_days_are_said_in_words(span, words):
    week = Scenario.parse(
        SHIFTS.replace("[center]", '[center]\nfirst_day = "2026-01-05"\ndays = 7')
    )
    assert add_agents(week, "two", 1, **span).words == f"Group two: +1 agent, {words}"


def test_headcounts_replace_shifts_and_keep_shrinkage():
    before = Scenario.parse(SHIFTS)
    numbers = [0.0] * 48
    numbers[16:24] = [5.0] * 8
    after = applied(before, headcounts(before, {"one": numbers, "two": numbers}, "Required agents"))
    assert after.group["one"].shifts == ()
    assert scheduled(after, after.group["one"]) == numbers
    assert after.group["two"].shrinkage == 0.2


def test_hours_left_out_are_opening_and_closing_of_the_days_wanted():
    short = 'open = { mon = "08:00-12:00", tue = "09:00-11:00" }\ndays = 3'
    text = SHIFTS.replace('open = "08:00-12:00"', short + '\nfirst_day = "2026-03-02"')
    before = Scenario.parse(text)
    edit = add_agents(before, "one", 1, days="tue")
    assert edit.words == "Group one: +1 agent, 09:00 to 11:00, Tuesday"
    added = applied(before, edit).group["one"].shifts[-1]
    assert (added.start, added.length) == (9 * 3600, 2 * 3600)
    edit = add_agents(before, "one", 1, end="10:00")
    assert edit.words == "Group one: +1 agent, 08:00 to 10:00"
    edit = add_agents(before, "two", 1, start="09:30")
    assert edit.words == "Group two: +1 agent, 09:30 to closing"
    gained = applied(before, edit)
    pairs = zip(
        scheduled(before, before.group["two"]), scheduled(gained, gained.group["two"]), strict=True
    )
    at = [before.center.grid.label(k)[-8:] for k, (a, b) in enumerate(pairs) if a != b]
    assert at == [f"02T{t}" for t in ("09:30", "10:00", "10:30", "11:00", "11:30")] + [
        f"03T{t}" for t in ("09:30", "10:00", "10:30")
    ]
    with pytest.raises(BadInputError, match="closed on wed"):
        add_agents(before, "one", 1, days="wed")
