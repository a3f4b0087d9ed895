"""Announced waits: their estimate, and what customers do on hearing them."""

import math

import numpy as np
import pytest

from sim.log import Log
from sim.metrics.invariants import violations
from sim.metrics.tally import tally_log
from sim.metrics.tally_fields import LegSum
from sim.model import Announce, Model
from tests.support.small_models import callback, center, group, legs, queue, simulate, skill

TEAM = group("team", [0])
MINUTE = Announce(60.0)


def announced(model: Model) -> tuple[Log, list[float | None]]:
    log = simulate(model)
    assert violations(log) == []
    return log, [row[0] for row in legs(log, "announced")]


def test_the_wait_is_estimated_by_those_ahead_and_the_agents_there() -> None:
    _, waits = announced(center(queue("a", [0, 10, 20], 60, announce=MINUTE), TEAM))
    assert waits == [None, 60, 120]
    two = group("team", [0], 2)
    _, waits = announced(center(queue("a", [0, 0, 10, 20], 60, announce=MINUTE), two))
    assert waits == [None, None, 30, 60]


def test_agents_with_several_contacts_at_once_count_by_what_they_do_then() -> None:
    several = group("team", [skill(0, at_once=2, speed=[1.0, 0.6])])
    _, waits = announced(center(queue("a", [0, 1, 2], 60, announce=MINUTE), several))
    assert waits == [None, None, pytest.approx(60 / 1.2)]


def test_a_wait_is_announced_shorter_or_longer_than_estimated() -> None:
    short = Announce(60.0, scale=0.5)
    _, waits = announced(center(queue("a", [0, 10], 60, announce=short), TEAM))
    assert waits == [None, 30]


def test_nothing_is_announced_without_agents() -> None:
    queues = [queue("a", [10], patience=20, announce=MINUTE), queue("b", [0])]
    log, _ = announced(center(queues, group("team", [1])))
    assert np.isnan(log.legs.announced).all()


def test_patience_shrinks_on_hearing_the_wait() -> None:
    half = Announce(60.0, patience=0.5)
    log, _ = announced(center(queue("a", [0, 10, 20], 60, 100, announce=half), TEAM))
    assert legs(log) == [
        (0, 0, 0, 0, 60, "answered"),
        (1, 0, 10, 60, 120, "answered"),
        (2, -1, 20, 70, None, "abandoned"),
    ]


def test_the_longer_the_announced_wait_the_more_balk() -> None:
    balking = Announce(60.0, balk=0.5)
    arrivals = [0.0, *np.linspace(1, 59, 40)]
    log, waits = announced(center(queue("a", arrivals, 60, 600, announce=balking), TEAM))
    balked = [row[0] == "balked" for row in legs(log, "outcome")]
    minutes = [0 if wait is None else wait / 60 for wait in waits]
    assert all(gone for gone, wait in zip(balked, minutes, strict=True) if wait >= 2)
    assert not all(gone for gone, wait in zip(balked, minutes, strict=True) if wait == 1)


def test_the_longer_the_announced_wait_the_more_accept_a_callback() -> None:
    accepting = Announce(60.0, accept=1.0)
    offer = callback(offer_at=1, accepted=0.0)
    model = center(queue("a", [0, 10], 60, callback=offer, announce=accepting), TEAM)
    log, _ = announced(model)
    assert [row[0] for row in legs(log, "outcome")] == ["answered", "callback", "answered"]


def test_metrics_hold_announced_and_real_waits_against_each_other_in_seconds() -> None:
    log, _ = announced(center(queue("a", [0, 10, 20], 60, [99, 99, 30], announce=MINUTE), TEAM))
    sums = tally_log(log).legs[:, 0].sum(axis=1)
    assert sums[LegSum.ANNOUNCED] == 2
    assert sums[LegSum.ANNOUNCED_WAIT] == 60 + 120
    assert sums[LegSum.ANNOUNCED_ANSWERED] == 1  # the last one gave up
    assert sums[LegSum.ANNOUNCED_ERROR] == 60 - 50


def test_an_announcement_without_effects_changes_no_contact() -> None:
    arrivals = np.arange(0, 1800, 25.0)
    fields = {"balk": 0.2, "callback": callback(offer_after=40.0, accepted=0.5)}
    usual = simulate(center(queue("a", arrivals, 60, 90, **fields), TEAM)).legs
    heard = simulate(center(queue("a", arrivals, 60, 90, announce=MINUTE, **fields), TEAM)).legs
    for name, column in usual.columns().items():
        if name != "announced":
            assert np.array_equal(column, getattr(heard, name), equal_nan=True), name
    assert math.isfinite(np.nanmax(heard.announced))
