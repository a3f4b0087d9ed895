"""The lessons that come with the planner hold, and say what the books say."""

import pytest

from sim.experiment import simulate
from sim.planning.investment.find_mix import invest
from sim.training import (
    AttemptStore,
    LessonAttempt,
    load_lesson,
    new_attempt,
    parse_lesson,
    shipped_lessons,
)
from sim.training.check import questions
from sim.training.lesson_quantities import LessonQuantities
from sim.training.reveal import by_formula, simulate_cases, simulate_day

NAMES = list(shipped_lessons())


@pytest.fixture(scope="module")
def lessons():
    return {name: load_lesson(name) for name in NAMES}


def test_there_are_ten_in_order(lessons):
    assert [one.number for one in lessons.values()] == list(range(1, 11))
    assert len({one.title for one in lessons.values()}) == 10


@pytest.mark.parametrize("name", NAMES)
def test_a_shipped_lesson_is_right_in_every_part(name):
    file = shipped_lessons()[name]
    parse_lesson(file.read_text(encoding="utf-8"), name, file.parent, file=file.name)


@pytest.mark.parametrize("name", NAMES)
def test_no_number_is_written_in_the_debrief(lessons, name):
    lesson = lessons[name]
    parts = [*lesson.debrief.model_dump().values(), lesson.transfer.explain, lesson.decision.why]
    parts += [one.why for one in lesson.decision.option]
    assert not [part for part in parts if any(sign.isdigit() for sign in part)]


# What a learner would answer, and where the lesson hides a trap the naive answer.
ANSWERS = {
    "workload": ("17", "21", "39"),
    "power_of_one": ("70%", "2", "57%"),
    "diminishing_returns": ("20", "3", "1"),
    "pooling": ("60", "2", "6"),
    "patience": ("30%", "1", "9%"),
    "the_day": ("130", "2", "93"),
    "channels": ("50%", "2", "-5%"),
    "bot_promise": ("22", "100", "13"),
    "service_experience": ("0%", "3", "1.5"),
    "where_money_goes": ("0%", "4", "11%"),
}


@pytest.mark.parametrize("name", NAMES)
def test_a_lesson_can_be_gone_through(lessons, name, tmp_path):
    naive, decision, transfer = ANSWERS[name]
    lesson = lessons[name]
    attempt = new_attempt(lesson, AttemptStore(tmp_path / "class.sqlite"), "", "Ada")
    attempt.predict(naive, "as one thinks at first")
    attempt.decide(decision)
    assert not attempt.reveal_error().holds  # the trap is one
    assert [one.good for one in attempt.review() if one.mine] == [True]
    assert attempt.transfer(transfer).holds
    words = " ".join([*attempt.debrief().values(), *(one.why for one in attempt.review())])
    assert "{" not in words
    assert "no answer" not in words.replace("has no answer at all", "")
    assert len(attempt.simulate_day()) > 30


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=[pytest.mark.slow] if at % 3 else [])
        for at, name in enumerate(NAMES)
    ],
)
def test_many_days_have_every_case_once(lessons, name):
    lesson = lessons[name]
    quantities = LessonQuantities(lesson)
    decision = str(lesson.decision.low or 1)
    if lesson.decision.option:
        decision = quantities.text(lesson.decision.option[0].name)
    rows = simulate_cases(lesson, quantities, decision)
    keys = [(row.case, row.metric) for row in rows]
    assert len(keys) == len(set(keys))
    assert {row.metric for row in rows} == set(lesson.reveal.figures)
    assert any(row.mine for row in rows)
    assert all(row.simulated.low is not None for row in rows)


def values_of(lessons, name):
    quantities = LessonQuantities(lessons[name])
    return lambda *names: [round(quantities.number(one), 3) for one in names]


def test_workload_is_not_headcount(lessons):
    found = values_of(lessons, "workload")
    assert found("load", "need") == [16.667, 21]
    assert found("bare", "bare_level", "bare_wait") == [17, 0.113, pytest.approx(817, abs=1)]
    assert found("need_level", "need_occupancy") == [0.826, 0.794]
    swept = by_agents(lessons["workload"], 20)
    assert round(100 * swept["service_level"]) == 73


def test_the_power_of_one(lessons):
    found = values_of(lessons, "power_of_one")
    assert [round(100 * v) for v in found("level_now", "level_late")] == [75, 59]
    assert [round(v) for v in found("wait_now", "wait_late")] == [25, 51]
    assert [round(v, 2) for v in found("busy_now", "busy_late")] == [0.87, 0.91]


def test_diminishing_returns(lessons):
    lesson = lessons["diminishing_returns"]
    assert list(lesson.reveal.values) == list(range(51, 62))
    levels = [round(100 * by_agents(lesson, n)["service_level"]) for n in lesson.reveal.values]
    assert levels == [21, 39, 53, 64, 72, 79, 85, 89, 92, 94, 96]
    assert values_of(lessons, "diminishing_returns")("need_fast", "need_middle", "need_slow") == [
        57, 55, 53,
    ]  # fmt: skip


def test_size_and_pooling(lessons):
    found = values_of(lessons, "pooling")
    assert found("both", "one_team") == [60, 57]
    assert found("tiny_need", "each", "large_need", "huge_need") == [8, 30, 108, 412]
    assert found("tiny_busy", "huge_busy") == [0.625, 0.971]
    # The same merger of unlike work costs service, significantly.
    apart, one = (LessonQuantities(lessons["pooling"])[n] for n in ("mixed_apart", "mixed_one"))
    assert one.high < apart.low


def test_callers_hang_up(lessons):
    found = values_of(lessons, "patience")
    level, wait = found("level_c", "wait_c")
    assert (round(100 * level), round(wait)) == (36, 137)
    lost, wait, offered, short = found("lost", "wait_a", "level_offered", "lost_short")
    assert (lost, round(wait), round(100 * offered), short) == (0.067, 12, 79, 0.146)
    assert by_formula(lessons["patience"].center.with_(**{"group.agents.agents": 18}),
                      "erlang_c") == {"none": True}  # fmt: skip


def test_the_day(lessons):
    found = values_of(lessons, "the_day")
    assert found("roster", "naive", "naive_seats") == [143, 130, 91]
    quantities = LessonQuantities(lessons["the_day"])
    assert quantities["level_breaks"].low > quantities["level_nothing"].high
    assert quantities["lost_callbacks"].value < quantities["lost_nothing"].value


def test_channels(lessons):
    assert values_of(lessons, "channels")("gain", "longer", "gain_four") == [0.235, 0.214, -0.048]
    quantities = LessonQuantities(lessons["channels"])
    assert quantities["mail_blended"].value > quantities["mail_alone"].high
    assert quantities["calls_blended"].value == pytest.approx(
        quantities["calls_alone"].value, abs=0.02
    )


def test_the_promise_of_the_bot(lessons):
    found = values_of(lessons, "bot_promise")
    assert found("load", "before", "after", "naive") == [100, 109, 99, 88]
    assert found("rest_handle", "rest_calls") == [405, 800]
    quantities = LessonQuantities(lessons["bot_promise"])
    assert quantities["level_bounce"].high < quantities["level_context"].low


@pytest.mark.slow
def test_service_is_not_experience(lessons):
    quantities = LessonQuantities(lessons["service_experience"])
    agent, coaching = quantities["level_agent"], quantities["level_coaching"]
    assert max(agent.low, coaching.low) < min(agent.high, coaching.high)
    assert quantities["level_now"].high < min(agent.low, coaching.low)
    assert quantities["csat_agent"].high < quantities["csat_coaching"].low
    assert quantities["effort_coaching"].high < quantities["effort_agent"].low
    assert quantities["contacts_coaching"].high < quantities["contacts_agent"].low
    # In pairs on the same random numbers: the same difference, with a narrower interval.
    gap = quantities["gap"]
    apart = quantities.number("csat_coaching") - quantities.number("csat_agent")
    assert gap.value == pytest.approx(apart, abs=1e-9)
    assert 0 < gap.half < quantities["csat_agent"].half
    assert str(gap).startswith(f"+{100 * gap.value:.1f} pp ± ")


def test_contacts_per_issue_of_the_transfer_question_are_those_of_a_simulation(lessons):
    lesson = lessons["service_experience"]
    center = lesson.center.with_(**{
        "queue.calls.resolved": "60%", "queue.calls.repeat.share": "80%",
        "queue.calls.repeat.after": "2min", "queue.calls.patience": "none",
        "group.team.agents": 30, "center.length": "40h",
    })  # fmt: skip
    found = simulate(center, runs=10, workers=1).estimate("contacts_per_issue")
    truth = LessonQuantities(lesson).number("new_contacts")
    assert found.value == pytest.approx(truth, rel=0.02)


@pytest.mark.slow
def test_where_the_money_goes(lessons):
    lesson = lessons["where_money_goes"]
    found = values_of(lessons, "where_money_goes")
    assert found("cut", "left", "new_removed") == [2, 10, 0.108]
    quantities = LessonQuantities(lesson)
    assert quantities["level_change"].high < 0
    assert quantities["csat_naive"].high < 0
    assert quantities["fcr_bot"].high < 0
    rivals = ("csat_agent", "csat_bot_coaching", "csat_naive")
    assert all(quantities[one].high < quantities["csat_mix"].low for one in rivals)
    budget = quantities.number("budget")
    costs = ("cost_agent", "cost_bot_coaching", "cost_mix")
    assert all(quantities.number(one) <= budget for one in costs)


@pytest.mark.slow
def test_the_investment_search_advises_what_the_lesson_calls_good(lessons):
    lesson = lessons["where_money_goes"]
    found = invest(lesson.center, 5000, runs=10, time_limit="5min", workers=1)
    assert {one["name"] for one in found.best["levers"]} == {"coaching", "context", "repair"}
    alone = {row["name"]: row["cost"] for row in found.levers}
    assert alone["agent"] == pytest.approx(lesson.given["cost_agent"].value, rel=0.02)
    good = next(one for one in lesson.decision.option if one.good)
    quantities = LessonQuantities(lesson)
    changes = {one["path"]: one["value"] for one in found.best["changes"]}
    taken, best = (
        simulate(center.without_levers, runs=2, workers=1).estimate("csat").value
        for center in (quantities.changed(good.change), lesson.center.with_(**changes))
    )
    assert taken == pytest.approx(best, abs=1e-12)
    assert any("2 of the agents of team can go" in one for one in found.advice)


def by_agents(lesson, agents):
    return by_formula(lesson.center.with_(**{"group.agents.agents": agents}), "erlang_c")


def test_the_simulation_agrees_with_the_formula_of_the_lesson(lessons):
    lesson = lessons["power_of_one"]
    rows = [
        r
        for r in simulate_cases(lesson, LessonQuantities(lesson), "Carry on one short")
        if r.x == 22
    ]
    (level,) = [r for r in rows if r.metric == "service_level"]
    assert level.simulated.low <= level.formula["erlang_c"].value <= level.simulated.high


def test_a_day_of_half_hours_has_a_clock(lessons):
    day = simulate_day(lessons["the_day"].center)
    assert (day[0].time, day[0].on_duty) == ("08:00", 59)
    assert day[4].time == "09:00"
    assert day[-1].offered >= day[0].offered


def test_another_number_in_a_copy_changes_the_text(tmp_path):
    text = shipped_lessons()["power_of_one"].read_text().replace("calls    = 400", "calls    = 300")
    lesson = parse_lesson(text, "mine", tmp_path)
    attempt = LessonAttempt(lesson, AttemptStore(tmp_path / "c.sqlite"), new_attempt(
        lesson, AttemptStore(tmp_path / "c.sqlite"), "", "Ada").record)  # fmt: skip
    assert attempt.quantities.text(lesson.text).startswith("300 calls an hour of 3 min each")
    assert attempt.quantities.number("level_late") > 0.9
    assert list(questions(lesson)) == ["prediction", "transfer"]
