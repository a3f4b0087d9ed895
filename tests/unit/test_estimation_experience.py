"""Issues and satisfaction from records."""

import numpy as np
import pytest

from sim.history.calibration.satisfaction_estimates import (
    SatisfactionEstimates,
    with_what_repeats_hide,
)
from sim.history.estimation.day_bootstrap import DayBootstrap
from sim.history.estimation.issue_records import (
    issue_records,
    issues_of_customers,
    unrelated_repeats,
)
from sim.history.estimation.satisfaction_fit import fit_satisfaction
from sim.history.estimation.survey_response import response_bias

DAY = 86_400.0


def issues(rng, count=4000, repeat=0.25, days=120):
    """Issues whose customers come back with a probability, after two days on average."""
    first = rng.uniform(0, days * DAY, count)
    again = rng.random(count) < repeat
    later = first[again] + rng.exponential(2 * DAY, again.sum())
    offered = np.concatenate((first, later))
    issue = np.concatenate((np.arange(count), np.flatnonzero(again)))
    seen = offered < days * DAY
    return issue[seen], offered[seen]


def test_repeats_and_first_contact_resolution_are_found_though_the_log_ends():
    rng = np.random.default_rng(1)
    issue, offered = issues(rng, repeat=0.25)
    n = issue.size
    channel, agent = rng.integers(0, 2, n), rng.integers(0, 4, n)
    bootstrap = DayBootstrap((offered // DAY).astype(np.int64))
    found = issue_records(issue, offered, channel, agent, bootstrap)
    assert found.issues == 4000
    assert found.fcr[7.0].contains(1 - 0.25 * (1 - np.exp(-3.5)))
    assert found.fcr[1.0].contains(1 - 0.25 * (1 - np.exp(-0.5)))
    assert found.repeat_within[7.0].value < 1 - found.fcr[7.0].value
    assert found.channel_switches.contains(0.5)
    assert found.hand_offs.contains(0.75)
    assert 4 < found.window < 10  # 95 % of exponential delays of two days: six days
    assert found.delay_text.startswith("lognormal ")
    assert np.isnan(found.resolved.value)


def test_calls_on_other_matters_among_the_repeats_are_found():
    """Customers call on a matter once in 60 days; every fifth call has a repeat after two days."""
    rng = np.random.default_rng(3)
    customer = np.repeat(np.arange(4000), rng.poisson(84 / 60, 4000))
    first = rng.uniform(0, 84 * DAY, customer.size)
    again = rng.random(first.size) < 0.2
    offered = np.concatenate((first, first[again] + rng.exponential(2 * DAY, again.sum())))
    customer = np.concatenate((customer, customer[again]))
    inside = offered < 84 * DAY
    customer, offered = customer[inside], offered[inside]
    bootstrap = DayBootstrap((offered // DAY).astype(np.int64))
    answered = np.ones(customer.size, dtype=bool)
    found = unrelated_repeats(customer, offered, answered, 7.0, bootstrap)
    other = customer.size * (1 - np.exp(-7 / 60))
    related = again.sum() * (1 - np.exp(-3.5))
    assert found.value == pytest.approx(other / (other + related), rel=0.15)
    assert found.high - found.low < 0.25
    assert np.isnan(unrelated_repeats(customer, offered / 4, answered, 7.0, bootstrap).value)


def test_the_interval_of_unresolved_holds_what_repeats_do_not_show():
    """Half of the unresolved come back, a fifth of the repeats are on other matters."""
    rng = np.random.default_rng(4)
    unresolved = rng.random(20_000) < 0.2
    repeated = np.where(unresolved, rng.random(20_000) < 0.45, rng.random(20_000) < 0.028)
    truth = 0.25
    odds = 3.3 * np.where(unresolved, truth, 1.0)
    satisfied = rng.random(20_000) < odds / (1 + odds)
    day = np.arange(20_000) % 60
    fit = fit_satisfaction(satisfied, {"unresolved": repeated.astype(float)}, day)
    assert not fit.factors["unresolved"].contains(truth)
    plain = SatisfactionEstimates(fit)
    found = with_what_repeats_hide(plain, float(repeated.mean()), 0.2).fit.factors["unresolved"]
    assert found.contains(truth)
    assert (found.value, found.high) == (
        fit.factors["unresolved"].value, fit.factors["unresolved"].high
    )  # fmt: skip
    assert with_what_repeats_hide(plain, 0.0, np.nan) is plain


def test_what_records_call_resolved_is_repeated_less():
    rng = np.random.default_rng(2)
    resolved = (rng.random(4000) < 0.8).astype(float)
    first = rng.uniform(0, 100 * DAY, 4000)
    again = rng.random(4000) < np.where(resolved > 0, 0.05, 0.6)
    offered = np.concatenate((first, first[again] + DAY))
    issue = np.concatenate((np.arange(4000), np.flatnonzero(again)))
    said = np.concatenate((resolved, np.full(again.sum(), np.nan)))
    none = np.full(issue.size, -1)
    bootstrap = DayBootstrap((offered // DAY).astype(np.int64))
    found = issue_records(issue, offered, np.zeros_like(issue), none, bootstrap, said)
    assert found.resolved.contains(0.8)
    assert found.repeat_if_resolved.value == pytest.approx(again[resolved > 0].mean(), abs=1e-3)
    assert found.repeat_if_not.value == pytest.approx(again[resolved == 0].mean(), abs=5e-3)
    assert found.channel_switches.value == 0.0
    assert np.isnan(found.hand_offs.value)
    assert issue_records(none, offered, none, none, bootstrap) is None


def test_contacts_of_a_customer_within_the_window_are_one_issue():
    customer = np.array([7, 7, 3, 7, -1, -1])
    offered = np.array([0.0, 3, 4, 12, 5, 6]) * DAY
    found = issues_of_customers(customer, offered, window=7.0)
    assert found[0] == found[1]
    assert len({found[0], found[2], found[3]}) == 3
    assert found[4] == found[5] == -1


TRUTH = {"unresolved": 0.1, "contact": 0.5, "wait": 0.95}


def answers(rng, n=6000):
    effects = {
        "unresolved": (rng.random(n) < 0.2).astype(float),
        "contact": rng.poisson(0.3, n).astype(float),
        "wait": rng.exponential(2.0, n),
        "transfer": np.zeros(n),
    }
    odds = 6.0 * np.prod([TRUTH[name] ** effects[name] for name in TRUTH], axis=0)
    return effects, rng.random(n) < odds / (1 + odds), np.arange(n) % 60


def test_the_satisfaction_model_is_found():
    effects, satisfied, day = answers(np.random.default_rng(3))
    found = fit_satisfaction(satisfied, effects, day)
    assert found.satisfied.contains(6 / 7)
    for name, truth in TRUTH.items():
        assert found.factors[name].contains(truth), name
    assert "transfer" in found.not_estimated
    assert found.fitted.mean() == pytest.approx(satisfied.mean(), abs=1e-6)
    assert found.answers == 6000


def test_channels_are_compared_with_the_one_that_has_the_most_answers():
    rng = np.random.default_rng(4)
    channel = rng.choice(3, 6000, p=[0.5, 0.45, 0.05])
    odds = np.array([4.0, 2.0, 4.0])[channel]
    satisfied = rng.random(6000) < odds / (1 + odds)
    found = fit_satisfaction(
        satisfied, {}, np.arange(6000) % 50, channel, ("voice", "chat", "mail")
    )
    assert set(found.factors) == {"channel.chat", "channel.mail"}
    assert found.factors["channel.chat"].contains(0.5)


def test_too_few_or_separated_answers_make_no_model():
    day = np.arange(40) % 5
    satisfied = np.arange(40) % 2 == 0
    assert fit_satisfaction(satisfied[:10], {}, day[:10]) is None
    assert fit_satisfaction(np.ones(40, dtype=bool), {}, day) is None


def test_bias_that_is_seen_is_taken_out_and_the_other_is_bounded():
    """Customers whose issue is unresolved answer twice as often; the satisfied no more."""
    rng = np.random.default_rng(5)
    effects, satisfied, day = answers(rng, 20_000)
    response = np.where(effects["unresolved"] > 0, 0.4, 0.2)
    answered = rng.random(20_000) < response
    found = response_bias(answered, satisfied, effects, day)
    assert found.seen["unresolved"].contains((0.4 / 0.6) / (0.2 / 0.8))
    truth = satisfied.mean()
    assert found.answered.value < truth - 0.04
    assert found.reweighted.value == pytest.approx(truth, abs=0.02)
    assert found.by_regression.value == pytest.approx(truth, abs=0.02)
    low, high = found.bounds
    assert low <= truth <= high
    assert found.if_odds[2.0].value < found.reweighted.value < found.if_odds[0.5].value
    assert low <= found.if_odds[2.0].value
    assert response_bias(np.ones(5, dtype=bool), satisfied[:5], {}, day[:5]) is None


def test_answers_that_the_satisfied_give_less_often_are_undone_by_their_odds():
    rng = np.random.default_rng(6)
    satisfied = rng.random(100_000) < 0.8
    odds = np.where(satisfied, 0.5, 1.0) * 0.25
    answered = rng.random(100_000) < odds / (1 + odds)
    found = response_bias(answered, satisfied, {}, np.arange(100_000) % 90)
    assert found.answered.value < 0.75
    assert found.if_odds[0.5].value == pytest.approx(0.8, abs=0.01)
