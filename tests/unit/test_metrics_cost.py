"""What agents cost: paid hours and overtime at the wage of their group."""

import pytest

from sim import simulate
from sim.scenario import Scenario, describe, lint_warnings

CENTER = """
[center]
open = "09:00-11:00"

[queue.calls]
volume = 40
talk = "exponential 6min"

[group.team]
agents = 2
{pay}
skills = {{ calls = 1 }}

[group.helpers]
agents = 3
skills = {{ calls = 2 }}
"""


def result_of(pay, **changes):
    scenario = Scenario.parse(CENTER.format(pay=pay)).with_(**changes)
    return simulate(scenario, runs=2)


def test_planned_hours_and_overtime_are_paid():
    result = result_of("wage = 30\novertime = 1.5")
    late = result.estimate("overtime_h", "group", "team").value
    assert late > 0
    assert result.estimate("cost", "group", "team").value == pytest.approx(
        30 * (2 * 2 + 1.5 * late)
    )
    assert result.estimate("cost").value == result.estimate("cost", "group", "team").value


def test_every_group_with_a_wage_counts():
    result = result_of("wage = 30", **{"group.helpers.wage": "20.50"})
    each = {name: result.estimate("cost", "group", name).value for name in ("team", "helpers")}
    late = result.estimate("overtime_h", "group", "helpers").value
    assert each["helpers"] == pytest.approx(20.5 * (3 * 2 + late))
    assert result.estimate("cost").value == pytest.approx(sum(each.values()))


def test_without_a_wage_there_is_no_cost():
    assert "cost" not in {row.metric for row in result_of("").rows}
    assert ("helpers", "cost") not in {(r.name, r.metric) for r in result_of("wage = 30").rows}


def test_costs_of_intervals_add_up():
    result = result_of("wage = 30\novertime = 2")
    rows = result.interval_rows
    found = [r.value for r in rows if (r.scope, r.name, r.metric) == ("group", "team", "cost")]
    assert sum(value > 0 for value in found) >= 4
    assert sum(found) == pytest.approx(result.estimate("cost", "group", "team").value)


def test_wages_are_described_and_a_missing_one_looks_odd():
    scenario = Scenario.parse(CENTER.format(pay="wage = 30\novertime = 1.5"))
    told = "Group team: wage 30 per hour; overtime is paid at 150% of the wage."
    assert told in describe(scenario)
    assert any("helpers has no wage" in line for line in lint_warnings(scenario))
    assert not any(
        "no wage" in line for line in lint_warnings(Scenario.parse(CENTER.format(pay="")))
    )


@pytest.mark.parametrize("wage", ['"a lot"', "-1", "1e9", "true"])
def test_a_wage_is_an_amount_of_money(wage):
    from sim.units import BadInputError

    with pytest.raises(BadInputError, match=r"group\.team\.wage: .* from 0 to a million"):
        Scenario.parse(CENTER.format(pay=f"wage = {wage}"))
