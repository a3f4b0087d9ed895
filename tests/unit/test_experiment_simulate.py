"""Repeating a scenario: as often as asked, the same whatever the number of workers."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from sim.experiment import ReplicationError, Result, simulate
from sim.model import Model
from sim.model.building import build_model
from sim.scenario import load

SCENARIO = """
[center]
name = "Small"
open = "08:00-10:00"
[queue.calls]
channel = "voice"
volume = 30
talk = "exponential 3min"
patience = "exponential 2min"
target = "80% in 20s"
[group.all]
agents = 4
skills = { calls = 1 }
[experiment]
runs = 6
seed = 7
"""


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("simulate") / "small.toml"
    path.write_text(SCENARIO)
    return path


@pytest.fixture(scope="module")
def result(file: Path) -> Result:
    return simulate(file)


def test_the_scenario_gives_runs_and_seed(result: Result) -> None:
    assert (result.name, result.runs, result.seed, result.engine) == ("Small", 6, 7, "reference")


def test_path_text_scenario_and_model_give_the_same(file: Path, result: Result) -> None:
    scenario = load(file)
    for center in (str(file), scenario, build_model(scenario)):
        assert simulate(center).to_json() == result.to_json()


def test_workers_change_nothing(file: Path, result: Result) -> None:
    assert simulate(file, workers=2).to_json(intervals=True) == result.to_json(intervals=True)


def test_another_seed_is_another_world(file: Path, result: Result) -> None:
    assert simulate(file, seed=8).to_json() != result.to_json().replace('"seed": 7', '"seed": 8')


def test_more_runs_begin_with_the_same(file: Path, result: Result) -> None:
    more = simulate(file, runs=8)
    assert (more.tallies.legs[:6] == result.tallies.legs).all()


def test_json_keeps_its_promise(result: Result) -> None:
    document = json.loads(result.to_json(intervals=True))
    assert list(document) == ["scenario", "seed", "runs", "engine", "version", "metrics"]
    keys = ["scope", "name", "interval", "metric", "value", "low", "high", "unit"]
    assert all(list(row) == keys for row in document["metrics"])
    assert {row["interval"] for row in document["metrics"]} >= {None, "08:00", "09:30"}
    offered = next(row for row in document["metrics"] if row["metric"] == "offered")
    assert 60 < offered["low"] < offered["value"] < offered["high"] < 180


def test_a_figure_by_name(result: Result) -> None:
    figure = result.figure("service_level")
    assert figure.value is not None
    assert figure.low is not None
    assert figure.high is not None
    assert figure.low < figure.value < figure.high
    assert figure.half == pytest.approx((figure.high - figure.low) / 2)
    assert figure.note == "abandons_ignored within 20s"
    assert result.figure("occupancy", "group", "all").unit == "share"


def test_a_figure_that_is_not_there_names_those_that_are(result: Result) -> None:
    with pytest.raises(KeyError, match="choose one of calls"):
        result.figure("offered", "queue", "mail")


def test_tables(result: Result) -> None:
    table = result.table(scope="queue")
    assert set(table["name"]) == {"calls"}
    assert table["interval"].isna().all()
    by_interval = result.table(scope="queue", interval=True, metric="offered")
    assert len(by_interval) == 48
    assert by_interval["value"].sum() == pytest.approx(result.figure("offered").value)


def test_a_log_is_lived_again(result: Result) -> None:
    counts = result.tallies.legs[:, 0, 0].sum(axis=1)
    for replication in (1, 6):
        assert len(result.log(replication).legs) == counts[replication - 1]
    with pytest.raises(ValueError, match="replication 7: must be from 1 to 6"):
        result.log(7)


def test_precision_is_reached_or_told(file: Path) -> None:
    told: list[tuple[int, int]] = []
    result = simulate(
        file, precision="4%", progress=lambda done, planned: told.append((done, planned))
    )
    assert result.figure("service_level").half is not None
    assert result.figure("service_level").half <= 0.04  # type: ignore[operator]
    assert result.notes == ()
    assert [done for done, _ in told] == list(range(1, result.runs + 1))
    assert all(done <= planned for done, planned in told)


def test_precision_out_of_reach_stops_at_the_cap(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sim.experiment.simulation.MOST_RUNS", 25)
    result = simulate(file, precision=0.0001)
    assert result.runs == 25
    assert "after 25 runs, wanted ± 0.010%" in result.notes[0]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"runs": 0}, "runs: 0 must be from 1"),
        ({"runs": 5, "precision": 0.01}, "give one of them"),
        ({"precision": 1.5}, "1.5"),
        ({"precision": 0}, "precision: 0 must lie between"),
        ({"seed": -1}, "seed: -1 must not be negative"),
        ({"workers": 0}, "workers: 0 must be at least 1"),
        ({"engine": "warp"}, "warp"),
    ],
)
def test_bad_numbers_are_refused(file: Path, given: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        simulate(file, **given)  # type: ignore[arg-type]


@pytest.fixture
def broken(file: Path) -> Model:
    model = build_model(load(file))
    return replace(model, groups=(replace(model.groups[0], headcount="none"),))  # type: ignore[arg-type]


@pytest.mark.parametrize("workers", [1, 2])
def test_a_failure_names_scenario_seed_and_replication(broken: Model, workers: int) -> None:
    with pytest.raises(ReplicationError, match="scenario 'Small', seed 7, replication [1-4]: "):
        simulate(broken, runs=4, workers=workers)
