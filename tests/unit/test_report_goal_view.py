"""Goals and methods of plans as tables for pages."""

from sim.model.build_model import build_model
from sim.planning.plan_goals import parse_goals
from sim.planning.simulated_goals import simulate_goals
from sim.report import goal_view as view
from sim.scenario import load


def test_goals_are_named_in_words_with_what_was_simulated_the_missed_ones_first():
    model = build_model(load("callback_peak"))
    texts = ["total=50/30", "queue.orders.abandonment<=0.1%", "group.sales.occupancy<=99%"]
    found = [row.record() for row in simulate_goals(model, parse_goals(model, texts), 4, 1, 1)]
    rows = view.goal_table(found)
    assert [row["Status"] for row in rows] == ["missed", "met", "met"]
    assert rows[0]["Goal"].startswith("orders: abandonment at most 0.1%")
    assert rows[1]["Goal"].startswith("Whole center: service level at least 50% within 30s")
    value = next(one for one in found if one["metric"] == "abandonment")
    assert rows[0]["Simulated"].startswith(f"{100 * value['value']:.1f} % (")
    assert rows[0]["Probability that it holds"] == "0.0 %"
    assert view.goals_alt_text(found) == "2 of 3 goals are met in simulation."


def test_methods_are_named_as_planners_do():
    plans = [
        {"method": "erlang_c", "hours": 100.0, "cost": 2000.0, "goals_met": 1, "goals": 2,
         "fractional_hours": 91.25, "worst": "queue.a service level at least 80%: 70%"},
        {"method": "simulation", "hours": 90.0, "cost": 1800.0, "goals_met": 2, "goals": 2,
         "fractional_hours": None, "worst": "total service level at least 80%: 80.2%"},
    ]  # fmt: skip
    rows = view.method_table(plans, "money")
    assert [row["Method"] for row in rows] == ["Erlang C", "Simulation"]
    assert [row["Before rounding up"] for row in rows] == ["91.2 h", "-"]
    assert rows[0]["Worst goal"] == "queue.a service level at least 80%: 70%"
    assert (rows[1]["Cost"], rows[1]["Goals met"]) == ("1,800", "2 of 2")
