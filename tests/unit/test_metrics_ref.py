"""A metric by its name."""

import numpy as np
import pytest

from sim.experiment import simulate
from sim.metrics import compute_estimates, parse_metric
from sim.model import build
from sim.scenario import load
from sim.units import BadInputError


@pytest.mark.parametrize("name", ["email_backlog", "callback_peak"])
def test_every_metric_is_found_by_its_name(name: str) -> None:
    result = simulate(name, runs=3)
    model, tallies = result.model, result.tallies
    for finding in compute_estimates(model, tallies):
        scope = finding.scope
        place = "" if scope.kind == "total" else f"{scope.kind}.{scope.name}."
        asked = parse_metric(model, place + finding.metric)
        found = asked.evaluate(model, tallies)
        assert str(asked) == place + finding.metric
        assert (found.scope, found.metric, found.unit) == (scope, finding.metric, finding.unit)
        np.testing.assert_array_equal(found.estimate.value, finding.estimate.value)
        np.testing.assert_array_equal(found.estimate.influence, finding.estimate.influence)


@pytest.mark.parametrize(
    "names",
    [
        {"asa_s", "occupancy"},
        {"service_level", "wait_p90_s"},
        {"completion_p50_s", "service_level_day_p10"},
        {"longest_wait_s", "days_on_target"},
        set(),
    ],
)
def test_some_metrics_are_estimated_as_among_all(names: set[str]) -> None:
    result = simulate("email_backlog", runs=3)
    every = compute_estimates(result.model, result.tallies)
    some = compute_estimates(result.model, result.tallies, names)
    expected = [one for one in every if one.metric in names]
    assert [(one.scope, one.metric) for one in some] == [(e.scope, e.metric) for e in expected]
    assert {one.metric for one in some} == names
    for one, other in zip(some, expected, strict=True):
        np.testing.assert_array_equal(one.estimate.influence, other.estimate.influence)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("servicelevel", "did you mean service_level"),
        ("xyz", "there is no metric 'xyz'"),
        ("team.phones.occupancy", "'team' is not a scope; allowed: channel, group, issue or queue"),
        ("queue.letters.asa_s", "no queue 'letters'; there is calls or mail"),
        ("queue.mail.asa_s", "as asa_s, channel.voice.asa_s or queue.calls.asa_s"),
        ("group.clerks.wait_p90_s", "queue.calls.wait_p90_s"),
    ],
)
def test_what_is_not_there_is_refused(text: str, message: str) -> None:
    with pytest.raises(BadInputError, match=message):
        parse_metric(build(load("email_backlog")), text)
