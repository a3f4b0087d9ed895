"""How days differ: quantiles with confidence intervals, as far as days were simulated."""

import pytest

import sim
from sim.report.day_spread import QUANTILES, alt_text_spread, spread, spread_table
from sim.scenario import Scenario

CENTER = """
[center]
open = "09:00-11:00"
[queue.calls]
volume = 40
talk = "exponential 3min"
patience = "exponential 2min"
target = "80% in 20s"
[group.all]
agents = 5
skills = { calls = 1 }
"""


@pytest.fixture(scope="module")
def few():
    return sim.simulate(Scenario.parse(CENTER), runs=12, seed=2, workers=1)


@pytest.fixture(scope="module")
def many():
    return sim.simulate(Scenario.parse(CENTER), runs=200, seed=2, workers=1)


def test_a_bound_beyond_the_simulated_days_is_unknown(few, many):
    rows = {row[""]: row for row in spread_table([few, many], ["few", "many"])}
    assert list(rows) == [words for _, words in QUANTILES]
    lowest = rows["10 % of days at most"]
    assert "too few days to say how low" in lowest["few"]
    assert " to " in lowest["many"]
    assert "too few" not in lowest["many"]
    assert "too few days to say how high" in rows["90 % of days at most"]["few"]
    assert "too few" not in rows["Days on target"]["few"]


def test_every_day_is_in_one_bar(few):
    rows = spread([few], ["few"])
    assert sum(row["share"] for row in rows) == pytest.approx(1.0)
    assert {row["days"] for row in rows} == {12}
    assert alt_text_spread([few], ["few"]).startswith("few: of 12 days half have at most")


def test_a_bound_that_was_simulated_is_known_even_at_the_end():
    calm = sim.simulate(
        Scenario.parse(CENTER.replace("agents = 5", "agents = 30")), runs=100, workers=1
    )
    rows = {row[""]: row["calm"] for row in spread_table([calm], ["calm"])}
    assert rows["90 % of days at most"] == "100.0 % (100.0 % to 100.0 %)"
