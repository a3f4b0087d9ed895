"""A level of talk that changes from day to day is found, and none where it does not."""

import numpy as np
import pytest

from sim.history.estimation.day_bootstrap import DayEstimate
from sim.history.estimation.day_variation import DayVariation
from sim.history.estimation.talk_level import _Days, with_talk_level

NOISE = 0.03


def days_of(rng, days, spread, memory, change):
    """Factors of six days a week, their level a random walk, and that level over its mean."""
    level = np.exp(np.cumsum(change * rng.standard_normal(days)))
    score = rng.standard_normal(days)
    for day in range(1, days):
        score[day] = memory * score[day - 1] + np.sqrt(1 - memory**2) * score[day]
    day = np.flatnonzero(np.arange(days) % 7 != 5)
    sampling = NOISE * rng.standard_normal(days)
    factor = (level * np.exp(spread * score + sampling))[day]
    found = DayVariation(
        DayEstimate(0.08, records=9000), DayEstimate(0.2), NOISE, "gamma", day,
        factor / factor.mean(), np.full(day.size, NOISE**2),
    )  # fmt: skip
    return found, level / level[day].mean()


def found_in(count, days, *world):
    """Levels in so many centers, each with the variation that is left and the truth."""
    found = []
    for seed in range(count):
        talk, truth = days_of(np.random.default_rng([seed, 5]), days, *world)
        left, level = with_talk_level(talk, np.ones(days))
        assert level.is_seen or left is talk
        found.append((left, level, truth))
    return found


def seen_in(count, days, *world):
    """Those of these levels that are seen to change."""
    return [one for one in found_in(count, days, *world) if one[1].is_seen]


@pytest.mark.parametrize(
    ("memory", "most"),
    [(0.0, 3), pytest.param(0.5, 5, marks=pytest.mark.slow)],
    ids=["independent", "memory"],
)
def test_a_level_that_does_not_change_is_hardly_ever_said_to(memory, most):
    # 5 % of 40 centers are 2; more than 5 of 40 have a probability of 1.4 %, more than 3 of 14 %.
    assert len(seen_in(40, 60, 0.06, memory, 0.0)) <= most


def test_a_level_that_changes_is_found_with_its_size_and_its_end():
    worlds = seen_in(16, 100, 0.04, 0.0, 0.014)
    assert len(worlds) >= 12
    change = [level.change for _, level, _ in worlds]
    assert np.mean([one.value for one in change]) == pytest.approx(0.014, rel=0.25)
    # At 95 % more than 3 of 16 intervals miss with a probability of 0.7 %.
    assert sum(not one.contains(0.014) for one in change) <= 3
    assert sum(not left.cv.contains(0.04) for left, _, _ in worlds) <= 3
    missed, off, errors, known = 0, [], [], []
    for left, level, truth in worlds:
        end = level.at_end
        missed += not end.contains(truth[level.last])
        off.append(np.log(end.value / truth[level.last]))
        errors.append(np.log(end.high / end.low) / 2 / 1.96)
        known.append(level.known)
        assert level.by_day[level.last] == pytest.approx(end.value)
        assert np.log(left.factor).std() < 0.08
    assert missed <= 3
    assert np.std(off) == pytest.approx(np.mean(errors), rel=0.5)
    assert np.mean(off) == pytest.approx(0, abs=0.015)
    # As uncertain as a walk that began so many days before: filtered variance over that of a day.
    assert 2 <= np.median(known) <= 9


@pytest.mark.parametrize(
    ("change", "least", "most"),
    [pytest.param(0.0, 0.0, 0.6, marks=pytest.mark.slow), (0.006, 0.6, 1.5)],
)
def test_a_level_that_is_not_seen_to_change_is_as_uncertain_as_the_days_allow(change, least, most):
    """Errors of the mean of 60 days for the level a month later, in their standard deviations."""
    ahead, errors = 30, []
    for seed in range(24):
        rng = np.random.default_rng([seed, 8])
        talk, truth = days_of(rng, 60, 0.06, 0.0, change)
        level = with_talk_level(talk, np.ones(60))[1]
        if level.is_seen:
            continue
        assert (level.at_end.value, level.change.low, level.known) == (1.0, 0.0, 20)
        assert 0 < level.change.value < level.change.high
        later = np.log(truth[-1]) + change * rng.standard_normal(ahead).sum()
        errors.append(later / (level.change.value * np.sqrt(ahead + level.known)))
    assert len(errors) >= 15
    assert least <= np.sqrt(np.mean(np.square(errors))) <= most


def test_memory_of_what_is_left_is_told_apart_from_the_level():
    worlds = seen_in(6, 120, 0.05, 0.4, 0.02)
    assert len(worlds) >= 4
    memories = [left.memory.value for left, _, _ in worlds]
    assert np.mean(memories) == pytest.approx(0.4, abs=0.2)


def test_the_mean_of_the_log_is_that_of_its_contacts():
    talk, truth = days_of(np.random.default_rng(3), 110, 0.02, 0.0, 0.015)
    weight = np.where(np.arange(110) < 55, 1.0, 3.0)
    level = with_talk_level(talk, weight)[1]
    assert level is not None
    ratio = talk.factor / np.average(talk.factor, weights=weight[talk.day])
    assert np.average(level.by_day[talk.day], weights=weight[talk.day]) == pytest.approx(
        np.average(ratio, weights=weight[talk.day])
    )
    even = with_talk_level(talk, np.ones(110))[1]
    assert level.by_day / even.by_day == pytest.approx(level.by_day[0] / even.by_day[0])


def test_few_days_or_days_alike_have_no_level_that_changes():
    talk, _ = days_of(np.random.default_rng(1), 20, 0.0, 0.0, 0.05)
    assert with_talk_level(talk, np.ones(20))[1] is None
    same = DayVariation(
        DayEstimate(0.0), DayEstimate(np.nan), NOISE, "gamma", np.arange(40), np.ones(40),
        np.full(40, NOISE**2),
    )  # fmt: skip
    assert with_talk_level(same, np.ones(40))[1] is None


def test_the_filter_gives_the_likelihood_of_the_covariance():
    """Restricted likelihood of a normal sample with an unknown mean, from its whole covariance."""
    rng = np.random.default_rng(3)
    day = np.sort(rng.choice(60, 40, replace=False))
    apart = np.abs(day[:, None] - day).astype(float)
    walk = np.minimum(day[:, None] - day[0], day - day[0]).astype(float)
    days = _Days(rng.normal(0, 0.1, 40), rng.uniform(0.001, 0.01, 40), apart, walk)
    for at in ([-2.0, -4.0, 0.3], [-2.5, -9.2, 0.0], [-9.0, -3.0, 0.8]):
        inverse = np.linalg.inv(days.covariance(np.array(at)))
        precision = inverse.sum()
        rest = days.y - (inverse @ days.y).sum() / precision
        expected = 0.5 * (np.linalg.slogdet(inverse)[1] - np.log(precision) - rest @ inverse @ rest)
        assert days.likelihood(np.array(at)) == pytest.approx(expected, rel=1e-9)
