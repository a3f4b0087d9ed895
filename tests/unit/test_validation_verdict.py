"""The verdict on a comparison with actuals: its direction, and whether bands hold."""

from dataclasses import replace

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


def validation(*metrics, band=0.95, runs=40, warnings=()):
    return Validation("center", "days.csv", runs, 1, 1, band, (), metrics, (), warnings=warnings)


SHORT_WAITS = (
    metric("service_level", 0.067, 0.02, 0.74),
    metric("abandonment", -0.035, 0.01, 0.72),
    metric("asa_s", -10.8, 3.0, 0.81),
)


def test_shorter_waits_than_recorded_are_optimistic_and_narrow_bands_are_said():
    found = validation(*SHORT_WAITS, metric("aht_s", -8.2, 2.0))
    assert verdict_sentence(found) == (
        "The model is too optimistic on 61 days: service level 6.7 points too high, abandonment "
        "3.5 points too low, ASA 10.8 s too low. 74 % of days lie inside their 95 % band of "
        "service level (abandonment: 72 %, ASA: 81 %), where 90 % or more should. AHT is 8 s too "
        "short."
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


def test_a_few_days_outside_are_no_narrow_bands():
    few = validation(metric("service_level", 0.0, 0.1, inside_days=5 / 6, days=6))
    assert not few.verdict.has_narrow_bands
    many = validation(metric("service_level", 0.0, 0.1, inside_days=5 / 6, days=60))
    assert many.verdict.has_narrow_bands


def test_single_days_count_intervals_with_the_error_of_their_share():
    narrow = metric("asa_s", 0.0, 1.0, days=1, inside=0.7, inside_low=0.5, inside_high=0.9)
    assert validation(narrow).verdict.has_narrow_bands
    unsure = replace(narrow, inside_high=0.96)
    assert not validation(unsure).verdict.has_narrow_bands
    assert "As many intervals lie inside" in verdict_sentence(validation(unsure))


def test_all_queues_together_decide_where_there_are_several():
    whole = metric("service_level", 0.0, 0.1, queue=ALL_QUEUES)
    assert validation(*SHORT_WAITS, whole).verdict.direction == "neither"


def test_few_replications_allow_no_verdict():
    assert verdict_sentence(validation(metric("asa_s", 1, 1, replications=3), runs=3)) == (
        "No verdict: 3 replications say too little of random variation; 10 or more do."
    )
