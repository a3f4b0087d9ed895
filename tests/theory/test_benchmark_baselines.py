"""The baselines of the benchmarks simulate what the shipped scenarios describe."""

from __future__ import annotations

import math
import statistics
from functools import cache

import pytest

from benchmarks import bare_two_classes, tuned_two_classes
from benchmarks.engines import SHIPPED, model_of, textbook_of
from benchmarks.textbook.common import Waits
from sim.experiment import Result, simulate

RUNS = {"bot_promise": 40}
DAYS = {"transient_day": 6, "bot_promise": 5, "callback_peak": 20}
QUICK = ("transient_day", "callback_peak")
ERRORS = 4.5  # standard errors of a difference that random variation explains
BY_DESIGN = {
    # Fewer repeat contacts of the day, chats that are places of the team: see the model.
    ("retail_monday", "service_level"): 0.015,
    ("retail_monday", "abandonment"): 0.005,
}


@cache
def simulated(name: str) -> Result:
    return simulate(model_of(name), runs=RUNS.get(name, 120), seed=7, workers=1)


def estimate(name: str, metric: str, queue: str | None) -> tuple[float, float]:
    """Value and standard error of the kernel."""
    found = simulated(name).estimate(metric, "queue" if queue else "total", queue)
    assert found.value is not None
    return found.value, (found.half or 0.0) / 1.97


def ratio(tops: list[float], bottoms: list[float]) -> tuple[float, float]:
    """Ratio of sums over days, and its standard error."""
    value = sum(tops) / sum(bottoms)
    spread = statistics.stdev(t - value * b for t, b in zip(tops, bottoms, strict=True))
    return value, spread / statistics.mean(bottoms) / math.sqrt(len(tops))


def estimates(
    days: list[Waits], threshold: float, deferred: bool
) -> dict[str, tuple[float, float]]:
    """Values and standard errors; of deferred work, which is judged by its end, the volume only."""
    offered = [day.offered for day in days]
    volume = {"offered": ratio(offered, [1.0] * len(days))}
    if deferred:
        return volume
    met = [sum(wait <= threshold for wait in day.answered) for day in days]
    late = [sum(wait > threshold for wait in day.abandoned) for day in days]
    judged = [len(day.answered) + more for day, more in zip(days, late, strict=True)]
    return {
        **volume,
        "service_level": ratio(met, judged),
        "abandonment": ratio([len(day.abandoned) for day in days], offered),
    }


def compare(name: str, days: int) -> None:
    simulate_day = textbook_of(name)
    simulated_days = [simulate_day(seed) for seed in range(100, 100 + days)]
    for queue in model_of(name).queues:
        found = estimates(
            [day[queue.name] for day in simulated_days], queue.threshold, queue.deferred
        )
        for metric, (value, error) in found.items():
            expected, own = estimate(name, metric, queue.name)
            allowed = ERRORS * math.hypot(error, own) + BY_DESIGN.get((name, metric), 0.0)
            assert abs(value - expected) <= allowed, (queue.name, metric, value, expected)


@pytest.mark.parametrize(
    "name", [pytest.param(one, marks=[pytest.mark.slow] * (one not in QUICK)) for one in SHIPPED]
)
def test_a_textbook_model_has_the_contacts_and_service_levels_of_its_scenario(name):
    compare(name, DAYS.get(name, 8))


@pytest.mark.slow
@pytest.mark.parametrize("name", SHIPPED)
def test_many_days_of_a_textbook_model_agree_with_its_scenario(name):
    compare(name, 8 * DAYS.get(name, 8))


@pytest.mark.slow
@pytest.mark.parametrize("loop", [bare_two_classes, tuned_two_classes])
def test_a_bare_loop_of_two_classes_has_the_waits_of_its_scenario(loop):
    days, name = 300, "two_classes_overflow"
    offered, answered, within, abandoned, waited = loop.simulate_days(
        days, 1, *bare_two_classes.tables()
    )
    assert offered.tolist() == (answered + abandoned).tolist()
    found = {
        ("service_level_abandons_negative", None): within.sum() / offered.sum(),
        **{
            (metric, queue): values[k]
            for metric, values in (
                ("offered", offered / days),
                ("abandonment", abandoned / offered),
                ("mean_wait_all_s", waited / offered),
            )
            for k, queue in enumerate(bare_two_classes.CLASSES)
        },
    }
    for (metric, queue), value in found.items():
        expected, own = estimate(name, metric, queue)
        error = own * math.sqrt(1 + 120 / days)  # both vary alike, the loop over more days
        assert abs(value - expected) <= ERRORS * error, (metric, queue, value, expected)
