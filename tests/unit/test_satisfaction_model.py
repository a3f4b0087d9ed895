"""The satisfaction model: its defaults, its formula, and what it refuses."""

from __future__ import annotations

from typing import Any

import pytest

import ccplan
from sim.metrics.satisfaction import effort_of, satisfied_odds, share_of
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
