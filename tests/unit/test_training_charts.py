"""Charts and tables of the classroom: what they draw, and their words."""

import pytest

from sim.training.attempt_store import AttemptRecord
from sim.training.charts import cases_chart, class_chart, level_chart, line_chart, plans_chart
from sim.training.class_results import LessonResult
from sim.training.free_play import Score
from sim.training.free_play_plans import PlanResult, ShiftPlan
from sim.training.lesson_text import (
    alt_text_cases,
    alt_text_day,
    case_rows,
    metric_name,
    paragraphs,
)
from sim.training.quantity import Quantity
from sim.training.reveal import CaseEstimate, Moment

DAY = [
    Moment("09:00", 2, 3, 4, 0, 5, 3, 0, None),
    Moment("09:15", 7, 4, 4, 0, 12, 8, 1, 0.75),
    Moment("09:30", 1, 2, 4, 3, 20, 18, 1, 0.8),
]
SWEPT = [
    CaseEstimate("21 agents", 21, "service_level", Quantity(0.35, "share", low=0.3, high=0.4),
                 {"erlang_c": Quantity(None, "share"), "erlang_a": Quantity(0.79, "share")}, False),
    CaseEstimate("22 agents", 22, "service_level", Quantity(0.6, "share", low=0.55, high=0.65),
                 {"erlang_c": Quantity(0.59, "share"), "erlang_a": Quantity(0.85, "share")}, True),
    CaseEstimate("A bad day", None, "service_level", Quantity(0.2, "share", low=0.1, high=0.3),
                 {}, False),
    CaseEstimate("22 agents", 22, "asa_s", Quantity(50.0, "s", low=40.0, high=60.0), {}, True),
]  # fmt: skip


def rows_of(spec):
    return [row for rows in spec["datasets"].values() for row in rows]


def marks(spec):
    return [layer["mark"]["type"] for layer in spec["layer"]]


def test_the_day_is_drawn_up_to_now_on_an_axis_of_the_whole_day():
    spec = line_chart(DAY, 1, "Waiting and busy").to_dict()
    assert marks(spec) == ["bar", "line", "line"]
    assert sorted({row["time"] for row in rows_of(spec)}) == ["09:00", "09:15"]
    across = spec["layer"][0]["encoding"]["x"]["scale"]["domain"]
    assert across == ["09:00", "09:15", "09:30"]
    assert spec["layer"][0]["encoding"]["y"]["scale"]["domain"] == [0, 7]
    assert spec["title"]["text"] == "Waiting and busy"


def test_the_level_so_far_has_its_target():
    spec = level_chart(DAY, 2, 0.8, "Service level so far").to_dict()
    assert marks(spec) == ["line", "rule"]
    assert "dashed: target 80%" in str(spec["title"])
    assert marks(level_chart(DAY, 2, None, "So far").to_dict()) == ["line"]


def test_many_days_are_dots_with_intervals_over_lines_of_formulas():
    spec = cases_chart(SWEPT, "service_level", "agents", "Service level").to_dict()
    assert marks(spec) == ["line", "rule", "point"]
    line, rule, point = spec["layer"]
    told = spec["datasets"][line["data"]["name"]]
    assert [(row["x"], row["part"]) for row in told] == [
        (21, "Erlang A"), (22, "Erlang C"), (22, "Erlang A"),
    ]  # no point where Erlang C has no answer  # fmt: skip
    assert (rule["encoding"]["y"]["field"], rule["encoding"]["y2"]["field"]) == ("low", "high")
    dots = spec["datasets"][point["data"]["name"]]
    assert [(row["x"], row["mine"]) for row in dots] == [(21, "no"), (22, "yes")]
    assert point["encoding"]["x"]["title"] == "agents"
    assert point["encoding"]["y"]["axis"]["format"] == "%"


def test_cases_are_drawn_by_name_where_nothing_is_swept():
    cases = [row for row in SWEPT if row.x is None]
    spec = cases_chart(cases, "service_level", "agents", "Service level").to_dict()
    assert marks(spec) == ["rule", "point"]
    assert spec["layer"][1]["encoding"]["y"]["field"] == "case"
    seconds = cases_chart(SWEPT, "asa_s", "agents", "ASA").to_dict()
    assert "(s)" in seconds["layer"][0]["encoding"]["y"]["title"]


def attempt(learner, prediction):
    rest = [None] * 11
    return AttemptRecord(
        1, "May", learner, "mine", "Mine", "m", "share", "", prediction, "so", *rest
    )


def test_the_class_is_dots_and_the_truth_comes_when_it_is_revealed():
    one = LessonResult("mine", "Mine", "share", (attempt("Ada", 0.7), attempt("Ben", 0.5)), 0.59)
    spec = class_chart(one, False, "What the class predicted").to_dict()
    assert marks(spec) == ["point"]
    assert "0.59" not in str(spec)
    shown = class_chart(one, True, "What the class predicted").to_dict()
    assert marks(shown) == ["point", "rule"]
    assert {"truth": 0.59} in rows_of(shown)


def test_plans_are_bars_for_the_day_and_dots_for_others():
    score = Score(10, 8, 1, 1, 0, 0, 0.0, 0, 4.0)
    mean = Quantity(5.0, "", low=4.5, high=5.5)
    found = [PlanResult(ShiftPlan(name, "", {}), score, mean, mean) for name in ("Mine", "Other")]
    spec = plans_chart(found, "What each way cost").to_dict()
    assert marks(spec) == ["bar", "rule", "point"]
    assert spec["layer"][1]["encoding"]["x2"]["field"] == "high"
    assert "95 % confidence intervals" in str(spec["title"])


def test_a_day_in_words():
    assert alt_text_day(DAY) == (
        "From 09:00 to 09:30: at most 7 waiting, at 09:15; 20 offered, 1 left without help, "
        "service level 80.0 % so far."
    )


def test_many_days_in_words_and_rows():
    words = alt_text_cases(SWEPT, "service_level")
    assert "22 agents, your decision: 60.0 % ± 5.0; Erlang C 59.0 %, Erlang A 85.0 %." in words
    rows = case_rows(SWEPT)
    assert [row["Case"] for row in rows] == ["21 agents", "22 agents", "A bad day"]
    assert rows[0]["Service level, Erlang C"] == "no answer"
    assert rows[2]["Service level, Erlang C"] == "-"
    assert rows[1]["Yours"] == "yours"


@pytest.mark.parametrize(
    ("figure", "name"),
    [("service_level", "Service level"), ("queue.chat.service_level", "Chat: service level"),
     ("mean_wait_all_s", "Mean wait of all"), ("asa_s", "ASA")],
)  # fmt: skip
def test_metrics_have_names(figure, name):
    assert metric_name(figure) == name


def test_paragraphs_are_lines():
    assert paragraphs("one\ntwo\n\n\nthree\n") == ["one two", "three"]
