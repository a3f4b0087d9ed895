"""The satisfaction model: its defaults, its formula, and what it refuses."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest

import ccplan
from sim.log import Kind
from sim.metrics.kernel.satisfaction import effort_of, satisfied_odds, share_of
from sim.model import build
from sim.scenario import ScenarioError, describe

CENTER: dict[str, Any] = {
    "queue": {"calls": {"volume": 60, "talk": "3min", "resolved": "70%"}},
    "group": {"team": {"agents": 8, "skills": {"calls": 1}}},
    "satisfaction": {},
}


def satisfied(**trouble: Any) -> float:
    """Return the share satisfied after some trouble, by the defaults."""
    model = build(ccplan.load(CENTER)).satisfaction
    assert model is not None
    went = {
        "resolved": True, "contacts": 1, "transfers": 0, "context_lost": 0, "switches": 0,
        "waited": 0.0,
    } | trouble  # fmt: skip
    return share_of(satisfied_odds(model.odds[0], **went, coefficients=model.coefficients))


def test_defaults_give_the_published_shares() -> None:
    assert satisfied() == pytest.approx(0.86)
    assert satisfied(contacts=4) == pytest.approx(0.44, abs=0.01)
    # 0.69 points of CSAT for a point of FCR: about 17 % of the unresolved, and not less.
    assert 0.17 <= satisfied(resolved=False) < 0.3


def test_short_waits_do_not_matter() -> None:
    assert satisfied(waited=120.0) == satisfied()
    assert 0.8 < satisfied(waited=600.0) < satisfied(waited=180.0) < satisfied()


@pytest.mark.parametrize("trouble", ["contacts", "transfers", "context_lost", "switches"])
def test_more_trouble_never_satisfies_more(trouble: str) -> None:
    shares = [satisfied(**{trouble: n}) for n in range(1, 6)]
    assert shares == sorted(shares, reverse=True)
    assert len(set(shares)) == len(shares)


def test_effort_grows_with_trouble_up_to_the_hardest() -> None:
    model = build(ccplan.load(CENTER)).satisfaction
    assert model is not None
    assert effort_of(True, 1, 0, 0, 0, model.coefficients) == 1.0
    assert effort_of(True, 2, 1, 0, 0, model.coefficients) == pytest.approx(2.7)
    assert effort_of(False, 1, 0, 0, 0, model.coefficients) == 3.0
    assert effort_of(False, 9, 9, 9, 9, model.coefficients) == 7.0


def test_a_channel_has_its_own_odds() -> None:
    center = ccplan.load({**CENTER, "satisfaction": {"channel": {"voice": 1.5}}})
    plain, own = build(ccplan.load(CENTER)).satisfaction, build(center).satisfaction
    assert plain is not None
    assert own is not None
    assert own.odds[0] == pytest.approx(1.5 * plain.odds[0])


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({"satisfied": "100%"}, "satisfaction.satisfied: is 0 or 100 %"),
        ({"contact": 1.2}, "satisfaction.contact: is above 1"),
        ({"contact": {"value": 0.9, "low": 0.3, "high": 0.6}}, "between its `low` and `high`"),
        ({"contact": {"value": 0.5, "low": 0.6, "high": 0.3}}, "`low` of 0.6 above its `high` of"),
        ({"leaves": 1.5}, "satisfaction.leaves: is above 100 %"),
        ({"detractor": 0.5}, "satisfaction.detractor: is below 1"),
        ({"channel": {"letter": 1.0}}, "the channel 'letter' is unknown; allowed: voice"),
        ({"loyalty": 1}, "loyalty"),
    ],
)
def test_coefficients_out_of_bounds_are_refused(table: dict[str, Any], message: str) -> None:
    with pytest.raises(ScenarioError) as error:
        ccplan.load({**CENTER, "satisfaction": table})
    assert message in str(error.value)


def test_satisfaction_needs_a_model_of_resolution() -> None:
    unresolved = {"calls": {"volume": 60, "talk": "3min"}}
    with pytest.raises(ScenarioError, match="needs to know what is resolved"):
        ccplan.load({**CENTER, "queue": unresolved})


def test_check_says_whether_it_is_calibrated() -> None:
    plain = ccplan.load(CENTER)
    own = plain.with_(satisfaction={"calibrated_on": "survey of May"})
    assert any("Satisfaction (uncalibrated): 86%" in sentence for sentence in describe(plain))
    assert any("(calibrated on survey of May)" in sentence for sentence in describe(own))


EXPERIENCE: dict[str, Any] = {
    "center": {"open": "09:00-12:00", "days": 2},
    "queue": {
        "calls": {
            "volume": 60, "talk": "3min", "patience": "3min", "resolved": "60%",
            "repeat": {"share": "60%", "after": "20min", "by": "chat"},
            "transfer": {"cards": "10%"},
        },
        "cards": {"volume": 10, "talk": "4min", "resolved": "90%"},
        "chat": {"channel": "chat", "volume": 5, "talk": "5min", "resolved": "80%"},
        "mail": {"channel": "email", "volume": 2, "talk": "5min"},
    },
    "group": {
        "team": {"agents": 11, "skills": {"calls": 1, "cards": 1, "chat": 1, "mail": 2}},
    },
    "segment": {"loyal": {"share": "30%", "value": 400}},
    "satisfaction": {"wait_from": "10s"},
}  # fmt: skip


def rows(result: ccplan.Result) -> dict[tuple[str, str, str], tuple[float | None, ...]]:
    """Return the metrics of the whole horizon by scope, name and metric."""
    return {
        (row.scope, row.name, row.metric): (row.value, row.low, row.high)
        for row in result.rows
        if row.interval is None
    }


def test_both_engines_expect_the_same() -> None:
    center = ccplan.load(EXPERIENCE)
    one, other = (ccplan.simulate(center, runs=3, engine=e) for e in ("reference", "kernel"))
    found = rows(one)
    assert found == rows(other)
    scopes = {scope for scope, _, metric in found if metric == "csat"}
    assert scopes == {"total", "channel", "issue", "segment"}
    assert ("channel", "email", "csat") not in found  # nothing is known of what is resolved


def test_satisfaction_is_that_of_the_issues_of_the_log() -> None:
    result = ccplan.simulate(ccplan.load(EXPERIENCE), runs=1)
    model, log = result.model, result.log(1)
    assert model.satisfaction is not None
    names = [queue.name for queue in model.queues]
    shares, effort = [], []
    for issue, first in enumerate(log.issues.queue):
        if names[first] == "mail":
            continue
        mine = log.legs.issue == issue
        queues = log.legs.queue[mine]
        channels = [model.queues[k].channel for k in queues]
        went = {
            "resolved": bool((log.legs.resolved[mine] == 1).any()),
            "contacts": int(log.legs.contact[mine].max()) + 1,
            "transfers": int((log.legs.kind[mine] == Kind.TRANSFER).sum()),
            "context_lost": 0,
            "switches": sum(a != b for a, b in pairwise(channels)),
        }
        waited = (log.legs.leave - log.legs.enter)[mine]
        odds = satisfied_odds(
            model.satisfaction.odds[first], **went, waited=float(np.nansum(waited)),
            coefficients=model.satisfaction.coefficients,
        )  # fmt: skip
        shares.append(share_of(odds))
        effort.append(effort_of(**went, coefficients=model.satisfaction.coefficients))
    found = rows(result)
    assert found["total", "total", "csat"][0] == pytest.approx(np.mean(shares), abs=1e-6)
    assert found["total", "total", "effort"][0] == pytest.approx(np.mean(effort), abs=1e-6)


def test_better_resolution_satisfies_more_and_loses_less_value() -> None:
    base = ccplan.load(EXPERIENCE)
    better = base.with_(**{"queue.calls.resolved": "80%"})
    differences = {
        (row.scope, row.metric): row
        for row in ccplan.compare([base, better], runs=20).rows
        if row.scope in ("total", "segment")
    }
    for metric, sign in (("csat", 1), ("nps", 1), ("effort", -1), ("at_risk", -1)):
        row = differences["total", metric]
        assert row.significant, metric
        assert row.difference * sign > 0, metric
    assert differences["segment", "value_lost"].difference < 0


def test_nps_may_be_negative() -> None:
    poor = ccplan.load(EXPERIENCE).with_(**{"satisfaction.satisfied": 0.3})
    value, low, high = rows(ccplan.simulate(poor, runs=5))["total", "total", "nps"]
    assert value is not None
    assert low is not None
    assert high is not None
    assert -100 < low < value < high < 0


def test_a_survey_hears_the_dissatisfied_more_often_where_they_answer_more() -> None:
    found = rows(ccplan.simulate(ccplan.load(EXPERIENCE), runs=5))
    csat, measured = (found["total", "total", name][0] for name in ("csat", "measured_csat"))
    assert csat is not None
    assert measured is not None
    assert measured < csat
