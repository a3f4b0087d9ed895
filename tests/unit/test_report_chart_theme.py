"""Charts on light and dark ground: words can be read, more stands out more, ticks are few."""

import datetime as dt
import tomllib
from itertools import pairwise
from pathlib import Path

import pytest

from sim.experiment import Difference
from sim.report import charts, staffing_charts
from sim.report.chart_layers import lines_of
from sim.report.chart_theme import FACES, MOST_TICKS, PADDING, themed
from sim.report.heatmap import ABOVE, AT, BELOW, Tile, heat_chart
from sim.report.result_views import IntervalValue
from sim.report.staffing_view import StaffingInterval
from sim.report.sweep.charts import SweptPoint, sweep_chart
from sim.report.time_axis import MOST_LABELS
from tests.support.colours import blended, contrast

CONFIG = tomllib.loads(
    (Path(__file__).parents[2] / ".streamlit" / "config.toml").read_text(encoding="utf-8")
)
READABLE, VISIBLE = 4.5, 3.0
"""Least contrast of words and of marks (WCAG 2.2, 1.4.3 and 1.4.11)."""


def slots(*nets):
    return [
        StaffingInterval(
            f"{8 + k:02d}:00",
            "",
            10.0,
            10.0 + net,
            12.0,
            13.0,
            net,
            max(-net, 0.0),
            max(net, 0.0),
            "",
        )  # fmt: skip
        for k, net in enumerate(nets)
    ]


def points(days, hours=range(8, 20)):
    first = dt.date(2026, 1, 5)
    names = [first + dt.timedelta(days=k) for k in range(days)]
    return [
        IntervalValue(
            f"{day}T{hour:02d}:{minute:02d}" if days > 1 else f"{hour:02d}:{minute:02d}",
            str(day) if days > 1 else "", 0.8, 0.7, 0.9, 40.0,
        )
        for day in names
        for hour in hours
        for minute in (0, 30)
    ]  # fmt: skip


def x_axis(rows):
    return charts.service_chart(rows, 0.8, "A").to_dict()["layer"][1]["encoding"]["x"]["axis"]


@pytest.mark.parametrize("face", ["light", "dark"])
def test_words_of_charts_can_be_read(face):
    ground = CONFIG["theme"][face]["backgroundColor"]
    assert FACES[face].ground == ground
    config = themed(charts.service_chart(points(1), 0.8, "A"), face).to_dict()["config"]
    words = [
        config["axis"]["labelColor"], config["axis"]["titleColor"], config["legend"]["labelColor"],
        config["title"]["subtitleColor"], config["text"]["color"], config["header"]["labelColor"],
    ]  # fmt: skip
    assert min(contrast(one, ground) for one in words) >= READABLE


def test_contrast_is_that_of_the_standard():
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)
    assert blended("#ff0000", "#ffffff", 0.5) == "#ff8080"


@pytest.mark.parametrize("face", ["light", "dark"])
@pytest.mark.parametrize("net", [-9.0, 9.0])
def test_more_over_and_understaffing_stands_out_more_on_both_grounds(face, net):
    spec = staffing_charts.over_under_chart(slots(net, net / 3), "A").to_dict()
    coding = spec["layer"][0]["encoding"]
    colour = coding["color"]["condition"][0]["value"] if net < 0 else coding["color"]["value"]
    (low, high), (pale, full) = coding["opacity"]["scale"].values()

    def stands_out(agents):
        opacity = pale + (full - pale) * (agents - low) / (high - low)
        return contrast(blended(colour, FACES[face].ground, opacity), FACES[face].ground)

    assert coding["color"]["condition"][0]["test"] == "(datum.net < 0)"
    assert stands_out(9.0) >= VISIBLE
    assert all(one < other for one, other in pairwise(map(stands_out, (1.0, 3.0, 6.0, 9.0))))


def test_one_agent_less_is_not_drawn_as_the_worst():
    spec = staffing_charts.over_under_chart(slots(-1.0, 0.5), "A").to_dict()
    domain = spec["layer"][0]["encoding"]["opacity"]["scale"]["domain"]
    assert domain == [0, staffing_charts.FULL]


def test_heatmaps_of_service_levels_are_pale_at_the_target():
    found = [Tile("Mon", "08:00", 0.6, "60 %", "-"), Tile("Mon", "09:00", 0.9, "90 %", "-")]
    spec = heat_chart(found, "service_level", "A", targets=(0.8, 0.8)).to_dict()
    colour = spec["encoding"]["color"]
    assert colour["scale"]["domain"] == [0, 0.8, 1.0]
    assert colour["scale"]["range"] == [BELOW, AT, ABOVE]
    assert colour["scale"]["interpolate"] == "rgb"
    assert 0.8 in colour["legend"]["values"]
    assert colour["legend"]["gradientLength"] >= 340
    assert "below the target of 80" in spec["title"]["subtitle"]
    assert spec["height"] >= 225 + 36  # one row of tiles below title, key and legend
    two = heat_chart(found, "service_level", "A", targets=(0.7, 0.9)).to_dict()
    assert two["encoding"]["color"]["scale"]["range"] == [BELOW, AT, AT, ABOVE]
    others = heat_chart(found, "occupancy", "A", targets=(0.8, 0.8)).to_dict()
    assert others["encoding"]["color"]["scale"]["domain"] == [0, 1]


def test_sweeps_of_service_levels_are_pale_at_the_target_and_their_words_can_be_read():
    swept = [SweptPoint((x, y), 0.7, 0.6, 0.8) for x in "ab" for y in "cd"]
    spec = sweep_chart(swept, ("one", "two"), "service_level", "A", targets=(0.8, 0.8)).to_dict()
    boxes, words = spec["layer"]
    assert boxes["encoding"]["color"]["scale"]["domain"] == [0, 80.0, 100.0]
    ink = words["encoding"]["color"]["condition"][0]["value"]
    assert words["encoding"]["color"]["condition"][0]["test"] == "(datum.value > -1.0)"
    assert ink == "#111"
    assert min(contrast("#111111", one) for one in (BELOW, AT, ABOVE)) >= READABLE


def test_a_day_has_labels_at_whole_hours_and_not_too_many():
    assert x_axis(points(1))["values"] == [f"{hour:02d}:00" for hour in range(8, 20)]
    round_the_clock = x_axis(points(1, range(24)))["values"]
    assert round_the_clock == [f"{hour:02d}:00" for hour in range(0, 24, 2)]
    assert len(round_the_clock) <= MOST_LABELS


def test_days_begin_with_a_line_and_their_date():
    axis = x_axis(points(7))
    begins = [f"2026-01-{day:02d}T08:00" for day in range(5, 12)]
    assert axis["values"] == begins
    assert axis["grid"] is True
    assert begins[3] in axis["gridOpacity"]["condition"]["test"]
    assert "%a %d %b" in axis["labelExpr"]


def test_weeks_have_a_label_each_and_few_days_also_noon():
    month = x_axis(points(28))["values"]
    assert month == [f"2026-{d}T08:00" for d in ("01-05", "01-12", "01-19", "01-26")]
    assert "2026-01-06T12:00" in x_axis(points(3))["values"]


def test_the_last_label_of_an_axis_fits():
    spec = themed(charts.service_chart(points(7), 0.8, "A")).to_dict()
    assert spec["padding"]["right"] == PADDING >= 30


def test_axes_of_numbers_have_few_ticks():
    row = Difference("a", "total", "total", "asa_s", 1.0, 2.0, 1.0, 0.5, 1.5, True)
    spec = charts.difference_chart([row], "s", "A").to_dict()
    assert spec["layer"][1]["encoding"]["x"]["axis"]["tickCount"] == MOST_TICKS
    swept = [SweptPoint((str(k),), 0.7, 0.6, 0.8) for k in range(33)]
    line = sweep_chart(swept, ("agents",), "service_level", "A").to_dict()
    assert len(line["layer"][0]["encoding"]["x"]["axis"]["values"]) <= MOST_LABELS


def test_the_axis_of_a_sweep_names_the_formula_of_its_service_level():
    swept = [SweptPoint((str(k),), 0.7, 0.6, 0.8) for k in range(3)]
    formula = "abandons ignored within 20s"
    line = sweep_chart(swept, ("agents",), "service_level", "A", formula=formula).to_dict()
    assert formula in line["layer"][0]["encoding"]["y"]["title"]


def test_long_titles_and_subtitles_are_wrapped_and_short_ones_stay():
    long = " · ".join(["required agents by formula"] * 4)
    lines = lines_of(long, " · ", 60)
    assert " · ".join(lines) == long
    assert max(map(len, lines)) <= 60
    assert lines_of("short · one", " · ", 60) == "short · one"
