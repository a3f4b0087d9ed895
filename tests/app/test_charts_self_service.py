"""Charts of self-service by what they say."""

import pytest

from sim.experiment.result import Estimate
from sim.planning.self_service_savings import FORMULA, NAIVE, SIMULATED, WITHOUT, Cut, Cuts
from sim.report import self_service_charts as charts
from sim.report.self_service_view import Promise

PROMISES = [
    Promise("Containment", "containment", 0.34, 0.36, 0.34, 0.38),
    Promise("Contained", "contained_share", 0.30, 0.31, 0.29, 0.33),
    Promise("Resolved by the bot", "bot_resolution", 0.24, 0.25, 0.23, 0.27),
    Promise("Bounce-back", "bounce_back", 0.2, 0.2, 0.1, 0.3),
    Promise("Abandoned in the bot", "left_inside_share", 0.04, 0.05, 0.04, 0.06),
]


def cut(name, agents, level, reached):
    figure = Estimate(level, level - 0.02, level + 0.02, "share")
    return Cut(name, agents, figure, Estimate(0.9, 0.89, 0.91, "share"), reached,
               "met" if reached else "missed", None)  # fmt: skip


CUTS = Cuts(
    "calls", 0.2, 0.8, True, 1.0,
    (cut(WITHOUT, 109, 0.84, True), cut(NAIVE, 88, 0.1, False), cut(FORMULA, 99, 0.84, True),
     cut(SIMULATED, 98, 0.8, True)),
)  # fmt: skip


def test_sessions_add_up_to_all_of_them():
    spec = charts.sessions_chart(PROMISES, "How sessions end").to_dict()
    rows = next(iter(spec["datasets"].values()))
    for what in ("assumed", "simulated"):
        shares = {row["end"]: row["share"] for row in rows if row["what"] == what}
        assert tuple(shares) == charts.PARTS
        assert sum(shares.values()) == pytest.approx(1)
    assert shares["contained, not resolved"] == pytest.approx(0.06)
    assert spec["title"]["text"] == "How sessions end"
    assert spec["encoding"]["x"]["axis"]["format"] == "%"
    assert "handed over to agents 66.0 %" in charts.alt_text_sessions(PROMISES)


def test_agents_are_shown_with_the_simulated_service_level():
    spec = charts.cut_chart(CUTS, "Staff").to_dict()
    left, right = spec["hconcat"]
    assert [layer["mark"]["type"] for layer in left["layer"]] == ["bar", "text"]
    assert [layer["mark"]["type"] for layer in right["layer"]] == ["rule", "rule", "point"]
    rows = next(rows for rows in spec["datasets"].values() if "staff" in rows[0])
    assert [row["agents"] for row in rows] == [109, 88, 99, 98]
    assert [row["verdict"] for row in rows].count("a target missed") == 1
    assert right["layer"][2]["encoding"]["shape"]["field"] == "verdict"
    assert left["layer"][0]["encoding"]["x"]["title"] == "agents"
    assert "Naive cut: 88, service level 10.0 %." in charts.alt_text_cuts(CUTS)
