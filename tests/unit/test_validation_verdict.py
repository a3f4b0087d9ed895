"""The verdict on a comparison with actuals: its direction, and whether bands hold."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from sim.planning.actuals_error import MetricError
from sim.planning.align_actuals import ALL_QUEUES
from sim.planning.compare_with_actuals import Validation
from sim.report.validation import validation_text
from sim.report.validation_sentence import verdict_sentence


def metric(name, bias, half, inside_days=0.95, days=61, **others):
    unit = "contacts" if name == "offered" else "s" if name.endswith("_s") else "share"
    one = MetricError(
        "calls", name, unit, 20 * days, 1.0, 1.0, 0.9, 1.1, bias, bias - half, bias + half,
        0.1, 0.1, 0.1, 0.0, 0.2, 0.94, 0.9, 0.97, 10, 0.9, days, inside_days, 40,
    )  # fmt: skip
    return replace(one, **others)


def validation(*metrics, band=0.95, runs=40, warnings=(), days=1, dates=61, cells=()):
    return Validation(
        "center", "days.csv", runs, 1, days, band, cells, metrics, (), warnings=warnings,
        dates=dates,
    )  # fmt: skip


def cells(days):
    """Return an interval of each of some days."""
    return tuple(SimpleNamespace(day=f"2026-01-{5 + day:02}") for day in range(days))


SHORT_WAITS = (
    metric("service_level", 0.067, 0.02, 0.74),
    metric("abandonment", -0.035, 0.01, 0.72),
    metric("asa_s", -10.8, 3.0, 0.81),
)


def test_shorter_waits_than_recorded_are_optimistic_and_narrow_bands_are_said():
    found = validation(*SHORT_WAITS, metric("aht_s", -8.2, 2.0))
    assert verdict_sentence(found) == (
        "The model is too optimistic on 61 days: service level 6.7 points too high, abandonment "
        "3.5 points too low, ASA 10.8 s too low. 72 % of days lie inside their 95 % band of "
        "abandonment (service level: 74 %, ASA: 81 %), where 90 % or more should: the bands are "
        "too narrow. AHT is 8 s too short."
    )
    assert found.document()["verdict"] == {
        "direction": "optimistic",
        "significant": ["service_level", "abandonment", "asa_s", "aht_s"],
        "period": "days",
        "inside": {"service_level": 0.74, "abandonment": 0.72, "asa_s": 0.81},
        "expected": 0.9,
        "inside_as_often_as_expected": False,
    }


def test_the_verdict_is_the_first_line_before_warnings():
    text = validation_text(validation(*SHORT_WAITS, warnings=("a day is missing",)))
    assert text.startswith("The model is too optimistic on 61 days")
    assert "\n\nWarning: a day is missing." in text


@pytest.mark.parametrize(
    ("metrics", "direction", "words"),
    [
        ([metric("service_level", -0.05, 0.02), metric("asa_s", 9.0, 3.0)], "pessimistic",
         "The model is too pessimistic on 61 days: service level 5.0 points too low, ASA 9 s "
         "too high. As many days lie inside"),
        ([metric("service_level", 0.05, 0.02), metric("asa_s", 9.0, 3.0)], "both",
         "The model is off in both directions on 61 days"),
        ([metric("service_level", 0.05, 0.06), metric("asa_s", -9.0, 9.5)], "neither",
         "The model shows no significant bias of service level and ASA on 61 days. As many days "
         "lie inside their 95 % band as should: 95 % for service level, 95 % for ASA."),
        ([metric("service_level", 0.0, 0.06, 0.6)], "neither",
         "no significant bias of service level on 61 days. 60 % of days lie inside their 95 %"),
        ([metric("offered", 0.12, 0.02)], "unknown",
         "No verdict on waits: service level, abandonment and ASA are not compared. Contacts "
         "offered are 12.0 % too many."),
        ([metric("service_level", 0.2, 0.02, replications=5)], "unknown", "No verdict"),
    ],
)  # fmt: skip
def test_the_direction_is_that_of_significant_biases_of_waits(metrics, direction, words):
    found = validation(*metrics)
    assert found.verdict.direction == direction
    assert words in verdict_sentence(found)


@pytest.mark.parametrize(
    ("inside", "days", "is_narrow"),
    # If 90 % are inside, at most 2 of 5 are by 0.9 %, at most 3 of 5 by 8.1 %.
    [((3, 4, 5), 5, False), ((2, 4, 5), 5, True), ((47, 54, 56), 60, True), ((50, 57, 60), 60, 0)],
)
def test_bands_are_too_narrow_only_where_a_binomial_test_of_the_days_says_so(
    inside, days, is_narrow
):
    found = validation(*(
        metric(name, 0.0, 0.1, inside_days=count / days, days=days)
        for name, count in zip(("service_level", "abandonment", "asa_s"), inside, strict=True)
    ), cells=cells(days))  # fmt: skip
    assert found.verdict.has_narrow_bands == is_narrow
    assert found.verdict.is_unsure != is_narrow
    assert (": the bands are too narrow." in verdict_sentence(found)) == is_narrow
    says = f"{days} days cannot tell whether the bands are too narrow."
    if days >= 20:
        says = f"should; random variation can explain so few inside on {days} days."
    assert (says in verdict_sentence(found)) != is_narrow
    told = found.verdict.document()["inside_as_often_as_expected"]
    assert told is (False if is_narrow else None)


def test_the_five_per_cent_of_the_test_are_shared_by_as_many_metrics_as_are_compared():
    alone = validation(metric("asa_s", 0.0, 1.0, inside_days=15 / 20, days=20))
    assert alone.verdict.has_narrow_bands  # 4.3 %
    other = metric("service_level", 0.0, 0.1, inside_days=1.0, days=20)
    assert not validation(*alone.verdicts, other).verdict.has_narrow_bands


def test_days_averaged_by_weekday_are_counted_as_recorded():
    waits = (
        metric("service_level", 0.087, 0.02, 3 / 5, days=5),
        metric("asa_s", -10.8, 3.0, 4 / 5, days=5),
        metric("abandonment", 0.0, 0.01, 1.0, days=5),
    )
    found = validation(*waits, days=2, dates=10, cells=cells(5))
    assert verdict_sentence(found) == (
        "The model is too optimistic on 10 days, averaged by weekday: service level 8.7 points "
        "too high, ASA 10.8 s too low. 3 of 5 weekdays lie inside their 95 % band of service "
        "level (ASA: 4 of 5, abandonment: 5 of 5), where 90 % or more should; 5 weekdays cannot "
        "tell whether the bands are too narrow."
    )
    held = validation(*(replace(one, inside_days=1.0) for one in waits), days=2, dates=10)
    assert "As many weekdays lie inside their 95 % band as should: 5 of 5 for service level" in (
        verdict_sentence(held)
    )
    assert held.document()["compared_days"] == 10


def test_days_that_are_not_recorded_whole_are_named_apart():
    some = validation(metric("asa_s", 0.0, 1.0, inside_days=0.7, days=50), dates=61)
    assert "on 61 days. 70 % of whole days lie inside" in verdict_sentence(some)


def test_parts_of_days_count_intervals_with_the_error_of_their_share():
    low = metric("asa_s", 0.0, 1.0, days=0, inside=0.7, inside_low=0.5, inside_high=0.89)
    assert validation(low, cells=cells(5)).verdict.has_narrow_bands
    unsure = validation(replace(low, inside_high=0.91), cells=cells(5))
    assert unsure.verdict.is_unsure
    assert "5 days cannot tell whether the bands are too narrow" in verdict_sentence(unsure)
    held = replace(low, inside=0.93, inside_high=0.96)
    assert "As many intervals lie inside" in verdict_sentence(validation(held, cells=cells(5)))


def test_intervals_of_one_day_cannot_tell_whether_bands_are_too_narrow():
    low = metric("asa_s", 0.0, 1.0, days=1, inside=0.7, inside_low=0.5, inside_high=0.8)
    found = validation(replace(low, intervals=18), dates=1, cells=cells(1))
    assert verdict_sentence(found).endswith(
        "on 1 day. 13 of 18 intervals lie inside their 95 % band of ASA, where 90 % or more "
        "should; 1 day cannot tell whether the bands are too narrow."
    )


def test_all_queues_together_decide_where_there_are_several():
    whole = metric("service_level", 0.0, 0.1, queue=ALL_QUEUES)
    assert validation(*SHORT_WAITS, whole).verdict.direction == "neither"


def test_few_replications_allow_no_verdict():
    assert verdict_sentence(validation(metric("asa_s", 1, 1, replications=3), runs=3)) == (
        "No verdict: 3 replications say too little of random variation; 10 or more do."
    )
