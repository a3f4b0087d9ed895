"""Charts by what they say: titles, axes, marks and words for those who cannot see them."""

import dataclasses

import pytest

from sim.experiment import Difference
from sim.planning.queue_agents import IntervalAgents
from sim.report import charts
from sim.report.cost_chart import CostPoint, alt_text_costs, cost_chart, cost_points
from sim.report.result_views import IntervalValue

DAY = [
    IntervalValue("08:00", "", 0.9, 0.85, 0.95, 40.0),
    IntervalValue("08:30", "", 0.6, 0.50, 0.70, 60.0),
    IntervalValue("09:00", "", 0.8, 0.75, 0.85, 50.0),
]
NEEDS = [IntervalAgents("08:00", "", 10, 12.0), IntervalAgents("08:30", "", 14, 11.0)]
WORSE = Difference(
    "two less", "total", "total", "service_level", 0.8, 0.7, -0.1, -0.12, -0.08, True
)
ALIKE = Difference("other", "total", "total", "service_level", 0.8, 0.8, 0.0, -0.01, 0.01, False)


def rows_of(spec):
    return [row for rows in spec["datasets"].values() for row in rows]


def marks(spec):
    return [layer["mark"]["type"] for layer in spec["layer"]]


def test_service_chart_has_line_band_and_target():
    spec = charts.service_chart(DAY, 0.8, "Service level of billing").to_dict()
    assert marks(spec) == ["area", "line", "rule"]
    band, line, rule = spec["layer"]
    assert (band["encoding"]["y"]["field"], band["encoding"]["y2"]["field"]) == ("low", "high")
    assert line["encoding"]["y"]["scale"]["domain"] == [0, 1]
    assert line["encoding"]["y"]["axis"]["format"] == "%"
    assert rule["mark"]["strokeDash"]
    assert spec["title"]["text"] == "Service level of billing"
    assert "95 % confidence interval" in spec["title"]["subtitle"]
    assert "target 80%" in spec["title"]["subtitle"]


def test_service_chart_without_a_common_target_draws_none():
    spec = charts.service_chart(DAY, None, "All").to_dict()
    assert marks(spec) == ["area", "line"]
    assert "target" not in spec["title"]["subtitle"]


def test_axis_keeps_the_order_of_the_day_and_names_weekdays_when_there_are_several():
    one = charts.service_chart(DAY, None, "One").to_dict()["layer"][1]["encoding"]["x"]
    assert one["sort"] is None
    assert one["axis"]["labelExpr"] == "datum.value"
    days = [
        dataclasses.replace(p, day="2026-03-02", interval=f"2026-03-02T{p.interval}") for p in DAY
    ]
    several = charts.service_chart(days, None, "Week").to_dict()["layer"][1]["encoding"]["x"]
    assert "%a" in several["axis"]["labelExpr"]


def test_closed_days_keep_room_on_the_axis_and_have_their_label():
    days = [
        dataclasses.replace(p, day=day, interval=f"{day}T{p.interval}")
        for day in ("2026-03-06", "2026-03-09")  # a Friday and a Monday
        for p in DAY
    ]
    x = charts.service_chart(days, None, "A").to_dict()["layer"][1]["encoding"]["x"]
    domain = x["scale"]["domain"]
    assert domain == sorted(domain)
    assert {one[:10] for one in domain} == {f"2026-03-0{k}" for k in (6, 7, 8, 9)}
    assert {"2026-03-07T00:00:00", "2026-03-08T00:00:00"} <= set(x["axis"]["values"])


def test_the_key_names_the_replications():
    spec = charts.service_chart(DAY, None, "A", 2).to_dict()
    assert "line: 2 replications" in "".join(spec["title"]["subtitle"])


def test_long_lines_have_no_dots():
    def dots(points):
        return charts.service_chart(points, None, "A").to_dict()["layer"][1]["mark"]["point"]

    assert dots(DAY)
    assert not dots(DAY * 40)


def test_no_chart_fixes_its_colours():
    for chart in (
        charts.service_chart(DAY, 0.8, "A"),
        charts.staffing_chart(NEEDS, "B"),
        charts.difference_chart([WORSE], "share", "C"),
    ):
        for layer in chart.to_dict()["layer"]:
            assert "range" not in layer["encoding"].get("color", {}).get("scale", {})


def test_staffing_chart_tells_need_from_duty_by_form():
    spec = charts.staffing_chart(NEEDS, "Agents").to_dict()
    assert marks(spec) == ["bar", "line"]
    bars, line = spec["layer"]
    assert bars["encoding"]["y"]["field"] == "on_duty"
    assert line["encoding"]["y"]["field"] == "needed"
    assert line["mark"]["interpolate"] == "step"
    assert bars["encoding"]["y"]["title"] == "agents"


def test_difference_chart_is_in_points_and_marks_what_is_shown():
    spec = charts.difference_chart([WORSE, ALIKE], "share", "Service level").to_dict()
    found = {row["other"]: row for row in rows_of(spec) if "other" in row}
    assert found["two less"]["low"] == pytest.approx(-12)
    assert found["two less"]["verdict"] == "significant"
    assert found["other"]["verdict"] == "not significant"
    assert spec["layer"][1]["encoding"]["x"]["title"] == "percentage points"
    assert spec["layer"][0]["encoding"]["x"]["datum"] == 0
    assert spec["layer"][2]["encoding"]["shape"]["field"] == "verdict"


def test_differences_in_seconds_keep_their_unit():
    row = dataclasses.replace(WORSE, metric="asa_s", difference=4.0, low=3.0, high=5.0)
    spec = charts.difference_chart([row], "s", "ASA").to_dict()
    assert spec["layer"][1]["encoding"]["x"]["title"] == "s"
    assert [r["high"] for r in rows_of(spec) if "high" in r] == [5.0]


def test_words_for_those_who_cannot_see():
    assert charts.alt_text_day(DAY, "Service level") == (
        "Service level by interval, 3 intervals: lowest 60% at 08:30, highest 90% at 08:00."
    )
    assert charts.alt_text_day([], "Service level") == "Service level: nothing to show."
    assert "fewer than needed in 1; tightest at 08:30, 11 on duty, 14 needed" in (
        charts.alt_text_staffing(NEEDS)
    )
    assert charts.alt_text_differences([ALIKE], "share") == (
        "other: 0.0 pp, from -1.0 pp to +1.0 pp, not significant."
    )


CHEAP = CostPoint("one less", 900.0, 890.0, 910.0, 0.7, 0.68, 0.72)
DEAR = CostPoint("as is", 1000.0, 990.0, 1010.0, 0.8, 0.79, 0.81)


def test_cost_chart_draws_both_intervals_and_names_each_result():
    spec = cost_chart([DEAR, CHEAP], "Cost against service").to_dict()
    assert marks(spec) == ["rule", "rule", "point", "text"]
    up, along, _, _ = (layer["encoding"] for layer in spec["layer"])
    assert (up["y"]["field"], up["y2"]["field"]) == ("level_low", "level_high")
    assert (along["x"]["field"], along["x2"]["field"]) == ("cost_low", "cost_high")
    assert {row["name"] for row in rows_of(spec)} == {"as is", "one less"}
    assert alt_text_costs([DEAR, CHEAP]).startswith("one less: cost 900, service level 70.0 %.")


def test_cost_points_leave_out_results_without_a_wage():
    from sim import load, simulate

    paid = simulate(load("power_of_one").with_(**{"group.agents.wage": 20.0}), runs=2)
    free = simulate(load("power_of_one"), runs=2)
    (found,) = cost_points([paid, free], ["paid", "free"])
    assert found.name == "paid"
    assert found.cost == paid.estimate("cost").value
