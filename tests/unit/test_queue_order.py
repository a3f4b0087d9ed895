"""Who overtakes whom among queues becomes the order of service of the scenario."""

import numpy as np
import pytest

import sim
from sim.history.calibration.center_estimation import estimate_center
from sim.history.calibration.estimate_rows import rows_of
from sim.history.calibration.scenario_tables import usual_week
from sim.history.calibration.scenario_text import scenario_of
from sim.history.call_log import read_call_log
from sim.history.estimation.day_bootstrap import DayBootstrap
from sim.history.estimation.service_order import OrderPairs, service_order
from sim.report.calibration.page import _order_table
from tests.support import recorded_world
from tests.support.recorded_world import world, write_log

DAYS = 7
SHORT = {
    "center__days": DAYS,
    "queue__billing__volume": recorded_world.HALF_HOURS * DAYS,
    "group__team__agents": [3, 4, 4, 4, 5, 5, 5, 5, 4, 4, 4, 4, 5, 5, 4, 4, 3, 3, 3, 2] * DAYS,
}


def estimates_of(tmp_path, **changes):
    rows = recorded_world.rows_of(world(**SHORT, **changes))
    return estimate_center(read_call_log(write_log(tmp_path / "log.csv", rows)).log)


def fields_of(estimates, queue):
    record = usual_week(estimates)["queue"][queue]
    return {key: record[key] for key in ("priority", "head_start", "weight") if key in record}


@pytest.mark.parametrize(
    ("secret", "rule", "row"),
    [
        ({}, "first come", None),
        ({"queue__cards__head_start": "60s"}, "head start", ("head_start", 60.0)),
        ({"queue__cards__priority": 3}, "strict", ("priority", 2.0)),
        ({"queue__cards__weight": 3.0}, "weight", ("weight", 3.0)),
    ],
)
def test_a_secret_order_is_found_and_written(secret, rule, row, tmp_path):
    found = estimates_of(tmp_path, **secret)
    assert found.order.rule == rule
    assert fields_of(found, "billing") == {}
    scenario_of(usual_week(found))  # it is valid
    if row is None:
        assert fields_of(found, "cards") == {}
        assert list(found.order.rows()) == []
        return
    name, truth = row
    (one,) = (r for r in rows_of(found) if (r.name, r.scope) == (name, "queue.cards"))
    assert one.value == pytest.approx(truth, rel=0.04)
    assert one.field == f"queue.cards.{name}"
    if rule != "strict":
        assert one.low <= truth <= one.high
        assert one.high - one.low < 0.2 * truth
    written = fields_of(found, "cards")
    assert list(written) == [name]
    shown = str(written[name]).removesuffix("s")
    assert float(shown) == pytest.approx(truth, rel=0.04)


@pytest.mark.slow
def test_the_order_brings_waits_of_both_queues_nearer(tmp_path):
    """With and without the order found, simulated with the center's own parameters."""
    secret = world(**SHORT, queue__cards__head_start="60s")
    found = estimates_of(tmp_path, queue__cards__head_start="60s")
    start = fields_of(found, "cards")["head_start"]

    def gap(scenario):
        result = sim.simulate(scenario, runs=4, seed=9, workers=1)
        waits = [result.estimate("asa_s", "queue", q).value for q in ("billing", "cards")]
        return waits[0] - waits[1]

    true, without = gap(secret), gap(world(**SHORT))
    assert abs(gap(world(**SHORT, queue__cards__head_start=start)) - true) < 1.0
    assert abs(without - true) > 3.0


def test_page_and_document_show_pairs_and_likelihoods(tmp_path):
    found = estimates_of(tmp_path, queue__cards__head_start="60s")
    calibration = type("Found", (), {"estimates": found})()
    table = _order_table(calibration)
    cells = {(row[0], row[1]): row for row in table.rows}
    assert cells["cards", "cards"][3] == "0.0 %"
    assert 40 < float(cells["cards", "billing"][3].removesuffix(" %")) < 95
    assert "head start 0.0" in table.note
    document = found.order.document()
    assert document["rule"] == "head start"
    assert {row["later"] for row in document["overtaking"]} == {"billing", "cards"}
    assert document["log_likelihood"]["head start"] > document["log_likelihood"]["first come"]


def three_queues(rng, decide, count=6000):
    """Pairs of waiting contacts of three queues; `decide` says whether the later one goes first."""
    queue = rng.integers(0, 3, (count, 2))
    apart, waited = rng.exponential(60.0, count), rng.exponential(60.0, count)
    rows = np.arange(count)
    overtaken = decide(queue[:, 0], queue[:, 1], apart)
    pairs = OrderPairs(2 * rows, 2 * rows + 1, apart, waited, overtaken)
    bootstrap = DayBootstrap(np.repeat(rows % 30, 2))
    return service_order(pairs, queue.ravel().astype(float), bootstrap, lowest=True)


def test_one_queue_first_and_two_alike_are_two_ranks():
    found = three_queues(
        np.random.default_rng(5), lambda earlier, later, apart: (later == 1) & (earlier != 1)
    )
    assert found.rule == "strict"
    assert found.tiers.tolist() == [0, 1, 0]


def test_three_queues_in_strict_order_are_three_ranks():
    rank = np.array([1, 2, 0])
    found = three_queues(
        np.random.default_rng(6), lambda earlier, later, apart: rank[later] > rank[earlier]
    )
    assert found.rule == "strict"
    assert found.tiers.tolist() == rank.tolist()


def test_head_starts_are_over_the_queue_that_waits_longest():
    rng = np.random.default_rng(7)
    head = np.array([40.0, 0.0, 90.0])
    noise = rng.logistic(0.0, 10.0, 6000)
    found = three_queues(
        rng, lambda earlier, later, apart: head[later] - head[earlier] - apart + noise > 0
    )
    assert found.rule == "head start"
    assert found.head_start[1].value == 0.0
    for one, truth in zip(found.head_start, head, strict=True):
        assert one.low - 1 <= truth <= one.high + 1


def test_contacts_that_overtake_their_own_queue_are_named(tmp_path):
    rows = recorded_world.rows_of(world(**SHORT, queue__cards__priority=3))
    together = [(*row[:5], "calls" if row[5] != "cards" or k % 2 else "other") for k, row in
                enumerate(rows)]  # fmt: skip
    found = estimate_center(read_call_log(write_log(tmp_path / "log.csv", together)).log)
    (line,) = (one for one in found.missing if one.startswith("order within"))
    assert line.startswith("order within calls: ")
    assert "simulated in their order of arrival" in line
