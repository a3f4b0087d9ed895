"""Replications until a metric, or a difference, has the required precision."""

from math import inf, nan

import numpy as np
import pytest

from sim.experiment import compare, simulate
from sim.experiment.precision import (
    FIRST_UNITS,
    PrecisionTarget,
    parse_precision,
    simulate_until_precise,
)
from sim.metrics.estimators import mean_per_replication
from sim.model import Model, build
from sim.scenario import Scenario
from sim.units import BadInputError
from tests.unit.test_experiment_variance import SMALL


@pytest.fixture(scope="module")
def small() -> Scenario:
    return Scenario.parse(SMALL)


@pytest.fixture(scope="module")
def model(small: Scenario) -> Model:
    return build(small)


@pytest.mark.parametrize(
    ("precision", "of", "amount", "relative"),
    [
        ("0.5%", None, 0.005, False),
        (0.005, "abandonment", 0.005, False),
        ("5s", "asa_s", 5.0, False),
        (5, "queue.calls.asa_s", 5.0, False),
        ("30min", "overtime_h", 0.5, False),
        ("0.5", "group.all.overtime_h", 0.5, False),
        ("3", "abandoned", 3.0, False),
        ("2% of value", "asa_s", 0.02, True),
        (" 2 % of value", "service_level", 0.02, True),
    ],
)
def test_precision_is_read_in_the_unit_of_the_metric(
    model: Model, precision: float | str, of: str | None, amount: float, relative: bool
) -> None:
    found = parse_precision(model, precision, of)
    assert str(found.metric_ref) == (of or "service_level")
    assert (found.half_width, found.relative) == (pytest.approx(amount), relative)


@pytest.mark.parametrize(
    ("precision", "of", "message"),
    [
        ("2%", "asa_s", r"precision: .*the metric is in s"),
        ("much", "abandoned", "precision: 'much' is not a number"),
        ("0s", "asa_s", "precision: 0s must be more than zero"),
        ("-1", "abandoned", "precision: -1 must be more"),
        ("nan", "abandoned", "precision: nan must be more"),
        ("0% of value", "asa_s", "precision: 0% must lie between"),
        ("5s", "asa", "of: asa: there is no metric 'asa'; did you mean asa_s"),
        ("5s", "queue.mails.asa_s", "of: .*there is no queue 'mails'; there is calls"),
    ],
)
def test_an_invalid_precision_is_rejected(
    model: Model, precision: str, of: str, message: str
) -> None:
    with pytest.raises(BadInputError, match=message):
        parse_precision(model, precision, of)


def test_a_metric_without_a_precision_is_refused(small: Scenario) -> None:
    for given in (lambda: simulate(small, of="asa_s"), lambda: compare([small] * 2, of="asa_s")):
        with pytest.raises(BadInputError, match="of: requires precision"):
            given()


def test_relative_and_absolute_agree(model: Model) -> None:
    one = mean_per_replication(np.arange(1.0, 21.0))
    absolute, share = (
        parse_precision(model, 2.1, "abandoned"),
        parse_precision(model, "20% of value", "abandoned"),
    )
    assert absolute.width_ratio(one) == pytest.approx(share.width_ratio(one))  # of 10.5
    assert share.width_ratio(one, 21.0) == pytest.approx(share.width_ratio(one) / 2)
    assert (
        PrecisionTarget(share.metric_ref, 0.2, relative=True).width_ratio(
            mean_per_replication(np.zeros(5))
        )
        == 0
    )


def stages(widths: list[float], **given: int) -> list[int]:
    """The numbers of replications at which one looks, when the confidence intervals are so wide."""
    lived: list[int] = []
    simulate_until_precise(lived.append, lambda: widths[len(lived) - 1], **given)
    return lived


def test_stages_grow_as_the_spread_asks_for() -> None:
    assert stages([0.9]) == [FIRST_UNITS]
    assert stages([1.2, 1.0]) == [50, 80]  # 50 · 1.44 · 1.1
    assert stages([1.01, 0.9]) == [50, 75]  # no look sooner than half a first one later
    assert stages([9.0, 1.0]) == [50, 200]  # no more than four times as many
    assert stages([inf, 1.0]) == [50, 200]
    assert stages([nan]) == [50]
    assert stages([2.0, 2.0, 2.0], most=300) == [50, 200, 300]
    assert stages([1.3, 1.0], unit_size=2) == [100, 186]


def test_any_metric_reaches_the_required_precision(small: Scenario) -> None:
    result = simulate(small, precision="8% of value", of="queue.calls.asa_s")
    found = result.estimate("asa_s", "queue", "calls")
    assert found.half is not None
    assert found.value is not None
    assert found.half <= 0.08 * found.value
    assert result.notes == ()
    assert simulate(small, precision="8% of value", of="asa_s", control=True).runs < result.runs


def test_differences_are_known_as_well_as_wanted(small: Scenario) -> None:
    others = [small.with_(**{"group.all.agents": n}) for n in (5, 6)]
    told: list[tuple[int, int]] = []
    both = compare(
        [small, *others], precision="1.5%", of="service_level",
        progress=lambda done, planned: told.append((done, planned)),
    )  # fmt: skip
    gaps = [r for r in both.rows if (r.scope, r.metric) == ("total", "service_level")]
    assert [r.high - r.low <= 0.03 for r in gaps] == [True, True]  # type: ignore[operator]
    assert both.notes == ()
    assert {r.runs for r in both.results} == {both.base.runs}
    assert [done for done, _ in told] == list(range(1, 3 * both.base.runs + 1))
    assert all(done <= planned for done, planned in told)


def test_an_imprecise_difference_is_reported(
    small: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sim.experiment.precision.MAX_RUNS", 60)
    other = small.with_(**{"group.all.agents": 5})
    both = compare([small, other], precision="0.01%", labels=["a", "b"])
    assert both.base.runs == 60
    assert both.notes[0].startswith("b: precision: service_level is known to ± ")
    with pytest.raises(BadInputError, match="give one of them"):
        compare([small, other], precision="1%", runs=5)
