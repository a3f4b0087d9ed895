"""Where the cells of a study lie."""

import pytest

from sim.experiment.sweep.design import plan_cells
from sim.experiment.sweep.study import Study
from sim.experiment.sweep.value_range import interpolate, parse_range, parse_range_value
from sim.units import BadInputError


def study(**fields):
    return Study.model_validate({"base": "power_of_one", **fields})


def places(**fields):
    return [tuple(cell.place.values()) for cell in plan_cells(study(**fields)).cells]


def test_every_value_meets_every_other_and_the_last_axis_moves_fastest():
    axes = {"queue": {"calls": {"volume": ["-10%", "+10%"]}}, "group.agents.agents": [21, 22, 23]}
    assert places(axis=axes) == [
        ("-10%", "21"), ("-10%", "22"), ("-10%", "23"),
        ("+10%", "21"), ("+10%", "22"), ("+10%", "23"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("said", "values"),
    [
        ({"from": 8, "to": 12, "step": 2}, [8, 10, 12]),
        ({"from": 8, "to": 13, "step": 2}, [8, 10, 12]),
        ({"from": 1.0, "to": 2.0, "count": 3}, [1.0, 1.5, 2.0]),
        ({"from": "-10%", "to": "+10%", "step": "10%"}, ["-10%", "+0%", "+10%"]),
        ({"from": "-10%", "to": "+10%", "count": 5}, ["-10%", "-5%", "+0%", "+5%", "+10%"]),
        ({"from": "2min", "to": "3min", "step": "30s"}, ["2min", "2min 30s", "3min"]),
        ({"from": "60%", "to": "80%", "step": "10%"}, ["60%", "70%", "80%"]),
        ({"from": "*0.5", "to": "*1.5", "count": 3}, ["*0.5", "*1", "*1.5"]),
        ({"from": "-2", "to": "+2", "step": 2}, ["-2", "+0", "+2"]),
        ({"from": "-5pp", "to": "+5pp", "count": 2}, ["-5pp", "+5pp"]),
        ({"from": "-1min", "to": "+1min", "count": 3}, ["-60s", "+0s", "+60s"]),
    ],
)
def test_ranges_are_written_as_their_ends(said, values):
    [axis] = study(axis={"a.b": said}).axis.values()
    assert list(axis.points()) == values


def test_a_range_of_a_tenth_reaches_its_end():
    [axis] = study(axis={"a.b": {"from": 0.1, "to": 0.7, "step": 0.1}}).axis.values()
    assert list(axis.points()) == [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7]


def test_an_overlay_sets_several_fields():
    overlay = {
        "staff": {
            "as is": {},
            "more": {"group": {"agents": {"agents": "+1"}}, "queue.calls.talk": {"mean": "1min"}},
        }
    }
    cells = plan_cells(study(overlay=overlay)).cells
    assert [cell.place for cell in cells] == [{"staff": "as is"}, {"staff": "more"}]
    assert cells[1].changes == {"group.agents.agents": "+1", "queue.calls.talk": {"mean": "1min"}}


@pytest.mark.parametrize("kind", ["latin hypercube", "sobol"])
def test_a_design_fills_every_band_of_every_factor(kind):
    factor = {"queue.calls.volume": ["-20%", "+20%"], "group.agents.agents": [20, 27]}
    design = {"kind": kind, "points": 16, "factor": factor}
    cells = plan_cells(study(design=design)).cells
    volumes = sorted(float(cell.changes["queue.calls.volume"][:-1]) for cell in cells)
    assert [int((v + 20) // 2.5) for v in volumes] == list(range(16))
    assert sorted(cell.changes["group.agents.agents"] for cell in cells) == sorted(
        [*range(20, 28)] * 2
    )
    assert [c.changes for c in plan_cells(study(design=design)).cells] == [c.changes for c in cells]
    assert [c.changes for c in plan_cells(study(design=design, seed=2)).cells] != [
        c.changes for c in cells
    ]


def test_a_design_meets_every_value_of_the_axes():
    design = {"kind": "sobol", "points": 4, "factor": {"queue.calls.volume": ["-20%", "+20%"]}}
    cells = plan_cells(study(design=design, axis={"group.agents.agents": [22, 23]})).cells
    assert len(cells) == 8
    assert [c.place["queue.calls.volume"] for c in cells[:4]] == [
        c.place["queue.calls.volume"] for c in cells[4:]
    ]


def test_whole_numbers_are_equally_likely():
    low, high = parse_range(1, 4)
    assert [interpolate(low, high, part / 8) for part in range(8)] == [1, 1, 2, 2, 3, 3, 4, 4]
    assert interpolate(low, high, 1.0) == 4


def test_amounts_of_two_kinds_do_not_make_a_range():
    with pytest.raises(BadInputError, match="two kinds"):
        parse_range("-10%", "+2")
    with pytest.raises(BadInputError, match="'soon' is not an amount"):
        parse_range_value("soon")


def test_sensitivity_moves_one_factor_at_a_time():
    plan = plan_cells(study(axis={"queue.calls.volume": ["-10%", "+0%", "+10%"]}, sensitivity={}))
    extra = [(c.role, c.factor, c.changes) for c in plan.cells if c.role != "grid"]
    assert extra == [
        ("base", "", {}),
        ("low", "queue.calls.volume", {"queue.calls.volume": "-10%"}),
        ("high", "queue.calls.volume", {"queue.calls.volume": "+10%"}),
    ]
