"""Amounts: worked out when they are asked for, never written in a lesson."""

import math

import pytest

import sim
from sim.report.formatting import show_difference
from sim.training.expressions import evaluate, names_of
from sim.training.grading import Accuracy, decision_of, grade, read_answer, review_decision
from sim.training.lesson_quantities import LessonQuantities
from sim.training.quantity import Quantity, parse_answer, read_quantity, tolerance
from sim.training.reveal import decided_scenario, simulate_cases
from sim.units import BadInputError
from tests.support.small_lesson import SMALL, small

OPTIONS = """
[[decision.option]]
name   = "Take {need}"
change = { "group.team.agents" = "{need}" }
good   = true
why    = "enough"

[[decision.option]]
name   = "Take the work"
why    = "too few"
"""
NUMBER = SMALL[SMALL.index('path      = "group') : SMALL.index("\n[reveal]")]


def with_options():
    return small((NUMBER, OPTIONS.replace("{need}", "{calls}", 1)))


def test_values_are_those_of_the_formulas():
    quantities = LessonQuantities(small())
    asked = sim.erlang.answer(calls=20, per="1h", aht="180s", target="80/20")
    assert quantities["load"].value == pytest.approx(1.0)
    assert quantities["need"].value == asked["agents"] == 3
    assert quantities["spare"].value == pytest.approx(2.0)


def test_another_input_gives_other_values():
    busy = LessonQuantities(
        small(("calls  = 20", "calls  = 200"), ("high      = 9", "high      = 30"))
    )
    assert busy["load"].value == pytest.approx(10.0)
    assert busy["need"].value == 14
    assert busy.text("{calls} calls: {load} erlangs, {need} agents") == (
        "200 calls: 10 erlangs, 14 agents"
    )
    # The scenario has it too: ten erlangs keep ten of twenty agents busy.
    assert "200 an hour" in busy.lesson.center.text


def test_simulated_values_are_those_of_the_package_with_their_confidence_interval():
    lesson = small()
    result = sim.simulate(lesson.center.with_(**{"group.team.agents": 3}), runs=3, seed=7)
    level = result.estimate("service_level")
    found = LessonQuantities(lesson, seed=7)["level"]
    assert (found.value, found.low, found.high) == (level.value, level.low, level.high)
    assert "±" in str(found)


def test_each_amount_is_worked_out_once():
    asked = []

    def simulate(scenario, runs, seed):
        asked.append((runs, seed))
        return sim.simulate(scenario, runs=runs, seed=seed)

    quantities = LessonQuantities(small(), 1, simulate)
    quantities.text("{level} and {level}, {spare}")
    assert quantities["level"] is quantities["level"]
    assert asked == [(3, 1)]


def test_no_answer_goes_on_as_no_answer():
    lesson = small(
        ("[compute.spare]", '[formula.wait]\nfigure = "asa_s"\ncalls = "{calls}"\n'
         'aht = "{handle}"\nagents = 1\n\n[compute.twice]\nformula = "2 * wait"\n\n'
         "[compute.spare]"),
    )  # fmt: skip
    quantities = LessonQuantities(lesson)
    assert quantities["wait"].value is None
    assert quantities["twice"].value is None
    assert quantities.text("{twice}") == "no answer"
    with pytest.raises(BadInputError, match="twice: has no answer"):
        quantities.number("twice")


@pytest.mark.parametrize(
    ("written", "value", "unit", "shown"),
    [
        (200, 200.0, "", "200"),
        ("30%", 0.3, "share", "30 %"),
        ("300s", 300.0, "s", "5 min"),
        ("80/20", None, "text", "80/20"),
        ("many", None, "text", "many"),
    ],
)
def test_given_amounts_keep_their_unit(written, value, unit, shown):
    quantity = read_quantity(written)
    assert (quantity.value, quantity.unit, str(quantity)) == (value, unit, shown)
    assert quantity.raw() == str(written)


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [("21", "", 21), ("1200", "", 1200), ("4,5", "", 4.5), ("22,5%", "share", 0.225),
     ("80%", "share", 0.8), ("80", "share", 0.8),
     ("0.8", "share", 0.8), ("-5", "share", -0.05), ("45", "s", 45), ("2min", "s", 120),
     (" 7.5 ", "h", 7.5)],
)  # fmt: skip
def test_answers_are_read_as_people_write_them(text, unit, value):
    assert parse_answer(text, unit, "prediction") == pytest.approx(value)


@pytest.mark.parametrize(
    ("text", "unit"),
    [("", ""), ("many", ""), ("nan", ""), ("inf", ""), ("eighty", "share"), ("nan", "share"),
     ("5000", "share"), ("soon", "s"), ("", "s")],
)  # fmt: skip
def test_answers_that_are_none_name_field_value_and_what_is_allowed(text, unit):
    with pytest.raises(BadInputError, match=r"prediction: .*allowed"):
        parse_answer(text, unit, "prediction")


def test_an_answer_that_may_be_two_numbers_is_refused_with_both():
    with pytest.raises(BadInputError, match=r"prediction: '1,200' may be 1\.2 or 1200"):
        parse_answer("1,200", "", "prediction")


def test_an_answer_out_of_bounds_is_refused():
    lesson = small()
    assert read_answer(lesson, lesson.prediction, "50", "prediction") == 50
    with pytest.raises(BadInputError, match=r"prediction: -4 is out of bounds.*from 0 to 50"):
        read_answer(lesson, lesson.prediction, "-4", "prediction")
    with pytest.raises(BadInputError, match="transfer: -1 is out of bounds.*from 0$"):
        read_answer(lesson, lesson.transfer, "-1", "transfer")


def test_tolerances():
    assert tolerance("5pp", "share") == tolerance("5%", "share") == tolerance(5, "share") == 0.05
    assert (tolerance("10s", "s"), tolerance(2, "")) == (10, 2)
    for wrong, unit in (("5 bananas", "share"), ("x", ""), (-1, ""), ("inf", "")):
        with pytest.raises(BadInputError):
            tolerance(wrong, unit)


@pytest.mark.parametrize(
    ("answer", "verdict", "words"),
    [
        (0.593, Accuracy.HOLDS, "You said 59.3 %, which is right."),
        (0.643, Accuracy.HOLDS, "You said 64.3 %, it is 59.3 %: 5.0 pp too high, within the tol"),
        (0.70, Accuracy.NEAR, "You said 70.0 %, it is 59.3 %: 10.7 pp too high, near."),
        (0.743, Accuracy.NEAR, "15.0 pp too high, near."),
        (0.40, Accuracy.FAR, "You said 40.0 %, it is 59.3 %: 19.3 pp too low, far off."),
    ],
)
def test_grades(answer, verdict, words):
    found = grade(answer, 0.593, 0.05, "share")
    assert found.verdict is verdict
    assert words in found.words()
    assert found.holds is (verdict is Accuracy.HOLDS)


def test_without_tolerance_one_more_is_near():
    assert [grade(n, 5, 0, "").verdict for n in (5, 6, 8, 9)] == [
        Accuracy.HOLDS, Accuracy.NEAR, Accuracy.NEAR, Accuracy.FAR,
    ]  # fmt: skip
    assert show_difference(-2, "") == "-2"


def test_arithmetic():
    values = {"a": 100.0, "b": 0.3}
    assert evaluate("ceil(a / (1 - b))", values) == 143
    assert evaluate("-a + min(a, 2) * 3", values) == -94
    assert [evaluate(f"{f}(a / 8)", values) for f in ("floor", "ceil", "round")] == [12, 13, 13]
    assert evaluate("ceil(a * 1.1)", {"a": 10.0}) == 11  # not 12 for the sake of a rounding error
    assert names_of("max(a, b) - a") == ["a", "b"]


@pytest.mark.parametrize(
    "text",
    ["a.real", "a[0]", "a if b else a", "lambda: a", "'x'", "a ** 9", "eval(a)", "min(key=a)",
     "a; b", "", "True", "ceil", "ceil(a, b)", "(" * 150, "a" * 201, "[a]", "a < b", "1j"],
)  # fmt: skip
def test_nothing_but_arithmetic_is_read(text):
    with pytest.raises(BadInputError):
        evaluate(text, {"a": 1.0, "b": 2.0})


def test_arithmetic_that_has_no_value():
    with pytest.raises(BadInputError, match="divides by zero"):
        evaluate("1 / a", {"a": 0.0})
    with pytest.raises(BadInputError, match="'c' has no value"):
        evaluate("c + 1", {})


def test_a_decision_is_a_number_within_bounds():
    lesson = small()
    quantities = LessonQuantities(lesson)
    assert decision_of(lesson, quantities, " 4 ") == decision_of(lesson, quantities, "4.0") == "4"
    for wrong in ("", "four", "0", "10", "3.5", "nan", "inf"):
        with pytest.raises(BadInputError, match="decision: .*allowed: a whole number from 1 to 9"):
            decision_of(lesson, quantities, wrong)
    (only,) = review_decision(lesson, quantities, "2")
    assert (only.good, only.mine, only.why) == (True, True, "3 are needed, you took 2.")
    assert review_decision(lesson, quantities, "5")[0].verdict == "does not hold up"
    assert decided_scenario(lesson, quantities, "5").group["team"].agents.each == 5


def test_a_decision_is_an_option_by_name_beginning_or_place():
    lesson = with_options()
    quantities = LessonQuantities(lesson)
    names = ["Take 20", "Take the work"]
    for text in ("Take the work", "take the work", "Take t", "2"):
        assert decision_of(lesson, quantities, text) == names[1]
    for wrong in ("Take", "", "3", "0", "None"):
        with pytest.raises(BadInputError, match="allowed: 1 Take 20; 2 Take the work"):
            decision_of(lesson, quantities, wrong)
    said = review_decision(lesson, quantities, names[1])
    assert [(one.name, one.good, one.mine) for one in said] == [
        (names[0], True, False), (names[1], False, True),
    ]  # fmt: skip
    assert decided_scenario(lesson, quantities, names[0]).group["team"].agents.each == 3


def test_many_days_hold_the_own_decision_and_the_formula():
    lesson = small()
    rows = simulate_cases(lesson, LessonQuantities(lesson), "4")
    assert [(row.x, row.mine) for row in rows] == [(2, False), (3, False), (4, True)]
    for row in rows:
        level = sim.erlang.answer(calls=20, per="1h", aht="180s", agents=row.x, within="20s")
        assert row.formula["erlang_c"].value == pytest.approx(level["service_level"])
        assert row.simulated.low <= row.simulated.value <= row.simulated.high


def test_the_formula_has_no_answer_where_the_line_grows_without_end():
    lesson = small(("[2, 3]", "[1, 3]"))
    rows = simulate_cases(lesson, LessonQuantities(lesson), "3")
    assert rows[0].formula["erlang_c"].value is None
    assert str(rows[0].formula["erlang_c"]) == "no answer"
    assert math.isfinite(rows[0].simulated.value)


def test_an_amount_shows_its_interval():
    assert str(Quantity(0.94, "share", low=0.93, high=0.95)) == "94.0 % ± 1.0"
