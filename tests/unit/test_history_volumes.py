"""The history of volumes: what it refuses, its calendar, and opening hours inferred."""

import datetime as dt

import numpy as np
import pytest

from sim.history.volume_history import VolumeHistory, infer_open
from sim.messages import BadInputError

MONDAY = dt.date(2024, 1, 1)


def history(offered, **more):
    offered = np.asarray(offered, float)
    is_open = more.pop("is_open", infer_open(offered, MONDAY))
    return VolumeHistory(
        "calls", "voice", MONDAY, 1440 // offered.shape[1], offered, is_open, **more
    )


def test_rows_are_days_of_the_calendar():
    fortnight = history(np.ones((14, 24)))
    assert fortnight.last_day == dt.date(2024, 1, 14)
    assert fortnight.weekdays(2) == [0, 1, 2, 3, 4, 5, 6] * 2 + [0, 1]
    assert fortnight.until(9).days == 9
    assert fortnight.until(9).is_open.shape == (9, 24)


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"aht": np.ones((2, 24))}, r"aht has shape \(2, 24\), expected \(3, 24\)"),
        ({"answered": np.full((3, 24), -1.0)}, r"calls, 2024-01-01, interval 1: answered is -1.0"),
        ({"aht": np.full((3, 24), np.inf)}, "it must be a number of at least 0"),
    ],
)
def test_what_cannot_be_is_refused(more, message):
    with pytest.raises(BadInputError, match=message):
        history(np.ones((3, 24)), **more)


def test_intervals_divide_a_day():
    with pytest.raises(BadInputError, match="7 minutes does not divide a day"):
        VolumeHistory("calls", "voice", MONDAY, 7, np.ones((3, 205)), np.ones((3, 205), bool))


def test_opening_hours_are_those_of_most_same_weekdays():
    offered = np.zeros((35, 24))
    for day in range(35):
        if day % 7 < 5:
            offered[day, 8:18] = 5
    offered[7, 10] = 0  # nothing arrived in one open hour of a Monday
    offered[0, 20] = 1  # one contact late on another
    offered[14] = 0  # a holiday on the third
    offered[21] = np.nan  # the fourth was not recorded
    is_open = infer_open(offered, MONDAY)
    assert is_open[7, 8:18].all()
    assert is_open[0, 20]
    assert not is_open[7, 20]
    assert not is_open[14].any()
    assert is_open[21, 8:18].all()
    assert is_open[21].sum() == 10
    assert not is_open[5::7].any()


def test_open_hours_of_a_quiet_queue_are_not_only_those_of_its_contacts():
    offered = np.zeros((84, 24))
    offered[:, 9:17] = np.random.default_rng(1).poisson(0.4, (84, 8))
    is_open = infer_open(offered, MONDAY)
    seen = offered.any(axis=1)
    assert is_open[seen][:, 9:17].mean() > 0.7  # contacts in 35 % of these hours
    assert not is_open[:, :9].any()
