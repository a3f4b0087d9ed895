"""Repeating a scenario: as often as asked, the same whatever the number of workers."""

import json
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.experiment import ReplicationError, Result, compare, simulate
from sim.metrics import RatioMetric, catalogue
from sim.metrics.aggregation import sum_intervals
from sim.metrics.estimators import InfluenceEstimate
from sim.metrics.metric_rows import evaluate, finite_number
from sim.metrics.scopes import Scope
from sim.model import Model
from sim.model.build_model import build_model
from sim.report import comparison_text
from sim.scenario import Scenario, load
from sim.units import BadInputError
from tests.support.small_scenario import small_scenario

SCENARIO = small_scenario("[experiment]\nruns = 6\nseed = 7\n")


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("simulate") / "small.toml"
    path.write_text(SCENARIO)
    return path


@pytest.fixture(scope="module")
def result(file: Path) -> Result:
    return simulate(file)


def test_the_scenario_gives_runs_and_seed(result: Result) -> None:
    assert (result.name, result.runs, result.seed, result.engine) == ("Small", 6, 7, "kernel")


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
    heads = ["scenario", "seed", "runs", "engine", "version", "unstable", "notes", "metrics"]
    assert list(document) == heads
    keys = ["scope", "name", "interval", "metric", "value", "low", "high", "unit"]
    assert all(list(row) == keys for row in document["metrics"])
    assert {row["interval"] for row in document["metrics"]} >= {None, "08:00", "09:30"}
    offered = next(row for row in document["metrics"] if row["metric"] == "offered")
    assert 60 < offered["low"] < offered["value"] < offered["high"] < 180


def test_a_metric_by_name(result: Result) -> None:
    figure = result.estimate("service_level")
    assert figure.value is not None
    assert figure.low is not None
    assert figure.high is not None
    assert figure.low < figure.value < figure.high
    assert figure.half == pytest.approx((figure.high - figure.low) / 2)
    assert figure.note == "abandons_ignored within 20s"
    assert result.estimate("occupancy", "group", "all").unit == "share"


def test_an_unknown_metric_is_reported_with_the_known_ones(result: Result) -> None:
    with pytest.raises(BadInputError, match="choose one of calls"):
        result.estimate("offered", "queue", "mail")


def test_tables(result: Result) -> None:
    table = result.table(scope="queue")
    assert set(table["name"]) == {"calls"}
    assert table["interval"].isna().all()
    by_interval = result.table(scope="queue", interval=True, metric="offered")
    assert len(by_interval) == 48
    assert by_interval["value"].sum() == pytest.approx(result.estimate("offered").value)


def test_a_log_is_simulated_a_second_time(result: Result) -> None:
    counts = result.tallies.legs[:, 0, 0].sum(axis=1)
    for replication in (1, 6):
        assert len(result.log(replication).legs) == counts[replication - 1]
    with pytest.raises(ValueError, match="replication 7: must be from 1 to 6"):
        result.log(7)


def test_precision_is_reached_or_reported_as_missed(file: Path) -> None:
    told: list[tuple[int, int]] = []
    result = simulate(
        file, precision="4%", progress=lambda done, planned: told.append((done, planned))
    )
    assert result.estimate("service_level").half is not None
    assert result.estimate("service_level").half <= 0.04  # type: ignore[operator]
    assert result.notes == ()
    assert [done for done, _ in told] == list(range(1, result.runs + 1))
    assert all(done <= planned for done, planned in told)


def test_precision_out_of_reach_stops_at_the_cap(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sim.experiment.precision.MAX_RUNS", 25)
    result = simulate(file, precision=0.0001)
    assert result.runs == 25
    assert "wanted ± 0.010%, after 25 replications" in result.notes[0]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"runs": 0}, "runs: 0 must be from 1"),
        ({"runs": 5, "precision": 0.01}, "give one of them"),
        ({"precision": 1.5}, "precision: 1.5"),
        ({"precision": "much"}, "precision: 'much'"),
        ({"precision": 0}, "precision: 0 must lie between"),
        ({"seed": -1}, "seed: -1 must not be negative"),
        ({"workers": 0}, "workers: 0 must be at least 1"),
        ({"engine": "warp"}, "warp"),
    ],
)
def test_bad_numbers_are_refused(file: Path, given: dict[str, object], message: str) -> None:
    with pytest.raises(BadInputError, match=message):
        simulate(file, **given)  # type: ignore[arg-type]


def test_overdue_work_counts_as_missed(repo_root: Path) -> None:
    """With fewer hands for mails fewer are done in time, and what lies there overdue tells."""
    backlog = load(repo_root / "scenarios" / "email_backlog.toml")
    scarce = backlog.with_(**{"group.clerks.agents": 0, "group.phones.skills": {"calls": 1}})
    fewer = backlog.with_(**{"group.clerks.agents": 0})
    levels = [
        simulate(s.with_(**{"queue.mail.due": "12h"}), runs=4).estimate("on_time", "queue", "mail")
        for s in (backlog, fewer, scarce)
    ]
    enough, some, none = (level.value for level in levels)
    assert enough is not None
    assert some is not None
    assert enough > some + 0.02
    assert none == 0.0


def test_the_service_level_of_deferred_work_is_its_on_time(repo_root: Path) -> None:
    backlog = load(repo_root / "scenarios" / "email_backlog.toml")
    late = simulate(backlog.with_(**{"queue.mail.due": "10h"}), runs=3)
    level = late.estimate("service_level", "queue", "mail")
    assert level.note == "done within 10h"
    assert replace(level, note="") == late.estimate("on_time", "queue", "mail")
    assert 0.1 < (level.value or 0.0) < 0.9
    timed = {"queue.mail.target": "95% in 10h", "queue.mail.due": None}
    assert simulate(backlog.with_(**timed), runs=3).estimate("on_time") == late.estimate("on_time")


def test_the_engine_is_made_ready_once(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import sim.engine
    import sim.experiment.kernel_tallies

    ready: list[str] = []
    player, summer = sim.engine.replication_simulator, sim.experiment.kernel_tallies.KernelTallier

    def counted(model: Model, engine: str, antithetic: bool) -> object:
        ready.append(engine)
        return player(model, engine, antithetic)

    def counted_summer(model: Model) -> object:
        ready.append("kernel")
        return summer(model)

    monkeypatch.setattr(sim.engine, "replication_simulator", counted)
    monkeypatch.setattr(sim.experiment.kernel_tallies, "KernelTallier", counted_summer)
    simulate(file, runs=5, workers=1)
    simulate(file, runs=5, workers=1, engine="reference")
    assert ready == ["kernel", "reference"]


def test_the_public_interface_is_complete(repo_root: Path) -> None:
    import sim

    center = sim.load(repo_root / "scenarios" / "callback_peak.toml")
    result = sim.simulate(center, runs=2)
    assert {"scope", "metric", "value"} <= set(result.table().columns)
    log = result.log(2)
    assert len(log.legs.frame()) == len(log.legs) > 0
    assert len(log.states.frame()) == len(log.states) > 0
    group = next(iter(center.group))
    changed = center.with_(**{f"group.{group}.agents": 12})
    assert not sim.compare([center, changed], runs=2).differences().empty
    answer = sim.erlang.c(calls=100, per="30min", aht="180s", agents=14)
    assert answer.service_level("20s") == pytest.approx(0.88835, abs=1e-5)


@pytest.fixture
def broken(file: Path) -> Model:
    model = build_model(load(file))
    return replace(model, groups=(replace(model.groups[0], headcount="none"),))  # type: ignore[arg-type]


@pytest.mark.parametrize("workers", [1, 2])
def test_a_failure_names_scenario_seed_and_replication(broken: Model, workers: int) -> None:
    with pytest.raises(ReplicationError, match="scenario 'Small', seed 7, replication [1-4]: "):
        simulate(broken, runs=4, workers=workers)


def test_an_overload_is_reported_in_text_and_json() -> None:
    lost = Scenario.parse(SCENARIO).with_(**{"queue.calls.volume": 400})
    told = "overload: "
    alone = simulate(lost, runs=2)
    assert alone.notes[0].startswith(told)
    assert alone.document()["notes"] == list(alone.notes)
    assert alone.document()["unstable"] == 0
    both = compare([Scenario.parse(SCENARIO), lost], runs=2, labels=["calm", "lost"])
    assert both.document()["notes"] == [f"lost: {alone.notes[0]}"]
    assert both.document()["unstable"] == {"calm": 0, "lost": 0}
    assert f"Note: lost: {told}" in comparison_text(both)


def test_json_is_formatted_as_the_module_does(result: Result) -> None:
    for intervals in (False, True):
        expected = json.dumps(result.document(intervals), indent=1, allow_nan=False)
        assert result.to_json(intervals) == expected


@pytest.mark.parametrize(
    "more", [{"runs": 40}, {"runs": 40, "antithetic": True}, {"runs": 40, "control": True}]
)
def test_a_metric_of_an_interval_is_the_same_alone_and_in_the_table(
    file: Path, more: dict[str, Any]
) -> None:
    found = simulate(file, **more)
    sums = sum_intervals(found.model, found.tallies)
    by_place = {(r.scope, r.name, r.metric, r.interval): r for r in found.interval_rows}
    assert len(by_place) == len(found.interval_rows)
    for name in ("service_level", "asa_s", "offered"):
        measure, scope = catalogue()[name], Scope("queue", "calls")
        assert isinstance(measure, RatioMetric)
        whole = found.reduction.apply(evaluate(sums, measure, scope))
        for k, start in enumerate(found.model.starts):
            row = by_place.get(("queue", "calls", name, start))
            if row is None:
                continue
            influence = np.array(whole.influence[:, k])
            alone = InfluenceEstimate(np.asarray(whole.value[k]), influence, fitted=whole.fitted)
            low, high = alone.bounds(0.0, 1.0 if measure.unit == "share" else np.inf)
            expected = [finite_number(x) for x in (whole.value[k], low, high)]
            assert [row.value, row.low, row.high] == expected


def test_metrics_by_interval_are_computed_when_asked_for(file: Path) -> None:
    from sim.report.text import result_text

    found = simulate(file)
    text = result_text(found, intervals=True)
    some = found.by_interval("asa_s", "offered")
    assert "interval_rows" not in found.__dict__
    assert some == [r for r in found.interval_rows if r.metric in ("asa_s", "offered")]
    assert some == found.by_interval("asa_s", "offered")
    assert result_text(found, intervals=True) == text


def test_metrics_by_interval_are_written_one_at_a_time(file: Path) -> None:
    found = simulate(Scenario.parse(SCENARIO.replace('08:00-10:00"', '08:00-10:00"\ndays = 8')))

    def most(work: Callable[[], object]) -> int:
        tracemalloc.start()
        work()
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return peak

    streamed = most(lambda: sum(map(len, found.json_parts(intervals=True))))
    held = most(lambda: found.interval_rows)
    assert streamed < held / 4
