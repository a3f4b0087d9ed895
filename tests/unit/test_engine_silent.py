"""Customers who leave without a word: while they wait, and during the talk."""

from dataclasses import replace

import numpy as np

from sim.engine import simulate_replication
from sim.log import Log, Outcome
from sim.metrics.invariants import violations
from sim.metrics.tally import tally_log
from sim.metrics.tally_fields import LegSum, TimeSum
from sim.model import AtClose, Model, Silent
from tests.support.small_models import (
    callback,
    center,
    chat,
    drawn,
    fixed,
    group,
    leg_rows,
    legs,
    retry,
    simulate,
    skill,
    states,
    transfer,
)

TEAM = group("team", [0])
ALL = Silent(1.0, 0.0, fixed(15))


def sound(model: Model) -> Log:
    log = simulate(model)
    assert violations(log) == []
    return log


def test_who_leaves_silently_costs_an_agent_the_time_to_notice() -> None:
    model = center(chat("a", [0, 10, 20], 60, patience=[100, 20, 100], wrap=5, silent=ALL), TEAM)
    log = sound(model)
    assert legs(log) == [
        (0, 0, 0, 0, 65, "answered"),
        (1, 0, 10, 30, 80, "silent"),
        (2, 0, 20, 80, 145, "answered"),
    ]
    columns = "talk_s hold_s wrap_s work done wrap_work talk_end resolved"
    assert legs(log, columns)[1] == (15, 0, 0, 0, 0, 0, 80, -1)
    assert states(log)[:5] == [
        (0, "talking", 1, 0, 60),
        (0, "wrapping", 1, 60, 65),
        (0, "talking", 1, 65, 140),
        (0, "wrapping", 1, 140, 145),
        (0, "available", 0, 145, 3600),
    ]


def test_who_says_goodbye_leaves_the_queue() -> None:
    model = center(
        chat("a", [0, 10], 60, patience=[99, 20], silent=replace(ALL, waiting=0.0)), TEAM
    )
    assert legs(sound(model))[1] == (1, -1, 10, 30, None, "abandoned")


def test_silent_contacts_count_as_abandoned_at_the_end_of_patience() -> None:
    model = center(
        chat("a", [0, 10, 20], 60, patience=[100, 20, 100], silent=ALL, threshold=20.0), TEAM
    )
    log = sound(model)
    sums = tally_log(log).legs[:, 0].sum(axis=1)
    assert sums[LegSum.OFFERED] == 3
    assert sums[LegSum.ANSWERED] == 2
    assert sums[LegSum.ABANDONED] == sums[LegSum.SILENT] == 1
    assert sums[LegSum.ABANDONED_WITHIN] == 1
    assert sums[LegSum.WAIT_ABANDONED] == 20
    assert sums[LegSum.HANDLED] == 2
    assert tally_log(log).time[TimeSum.TALKING].sum() == 60 + 15 + 60


def test_a_silent_contact_still_fills_the_queue() -> None:
    model = center(chat("a", [0, 10, 40], 60, patience=20, limit=1, silent=ALL), TEAM)
    assert legs(sound(model))[2] == (2, -1, 40, 40, None, "full")


def test_the_longest_wait_and_closing_end_a_silent_contact() -> None:
    bounded = center(chat("a", [0, 10], 60, patience=[99, 20], longest_wait=45, silent=ALL), TEAM)
    assert legs(sound(bounded))[1] == (1, -1, 10, 30, None, "silent")
    hours = ((0, 50),)
    closing = chat(
        "a", [0, 10], 60, patience=[99, 20], hours=hours, at_close=AtClose.SEND_AWAY, silent=ALL
    )
    assert legs(sound(center(closing, TEAM)))[1] == (1, -1, 10, 30, None, "silent")


def test_a_silent_contact_without_an_agent_is_silent_in_the_end() -> None:
    queues = [chat("a", [10], patience=20, silent=ALL), chat("b", [0])]
    assert legs(sound(center(queues, group("team", [1]))))[1][2:] == (10, 30, None, "silent")


def test_who_has_left_silently_may_try_again_while_the_contact_still_waits() -> None:
    again = retry(delay=10)
    model = center(chat("a", [0, 10], 60, patience=20, retry=again, silent=ALL), TEAM)
    columns = "issue leg contact kind agent enter leave talk_end outcome then"
    assert legs(sound(model), columns)[1:] == [
        (1, 0, 0, "inbound", 0, 10, 30, 75, "silent", "retry"),
        (1, 1, 1, "retry", 0, 40, 60, 90, "silent", "gave_up"),
    ]


def test_who_has_left_silently_accepts_no_callback_and_joins_no_warm_transfer() -> None:
    offer = callback(offer_after=30.0)
    model = center(chat("a", [0, 10], 60, patience=[99, 20], callback=offer, silent=ALL), TEAM)
    assert legs(sound(model))[1][-1] == "silent"
    queues = [
        chat("a", [0], 60, transfers=(transfer(1, warm=True),)),
        chat("b", [0], 100, patience=20, silent=ALL),
    ]
    groups = [group("first", [0]), group("second", [1])]
    log = sound(center(queues, groups))
    # The agent of the first leg stays on until the second finds that the customer has gone.
    assert legs(log, "queue enter leave end outcome") == [
        (0, 0, 0, 100, "answered"), (1, 60, 80, 115, "silent"), (1, 0, 0, 100, "answered"),
    ]  # fmt: skip


def test_who_leaves_during_the_talk_is_not_resolved_nor_transferred() -> None:
    within = Silent(0.0, 1.0, fixed(30))
    queues = [
        chat("a", [0, 200], 60, hold=20, wrap=7, resolved=1.0, silent=within,
             transfers=(transfer(1),)),
        chat("b"),
    ]  # fmt: skip
    log = sound(center(queues, group("team", [0, 1])))
    rows = log.legs
    assert rows.outcome.tolist() == [Outcome.ANSWERED] * 2
    assert rows.resolved.tolist() == [0, 0]
    parts = (rows.work - 30) / 80
    assert ((parts > 0) & (parts < 1)).all()
    assert np.allclose(rows.hold_s / (rows.talk_s - 30 + rows.hold_s), 0.25)
    assert rows.wrap_s.tolist() == [7, 7]


def test_noticed_at_once_is_as_if_customers_had_said_goodbye() -> None:
    fields = {"channel": "chat", "talk": 90.0, "patience": 60.0}
    usual = drawn("a", [40, 60, 50, 70, 30, 20], **fields)
    silent = replace(usual, silent=Silent(1.0, 0.0, fixed(0)))
    team = group("team", [skill(0)], 7)
    for replication in range(1, 4):
        one, other = (
            simulate_replication(center(each, team), 1, replication).legs
            for each in (usual, silent)
        )
        assert np.array_equal(one.leave, other.leave)
        gone = one.outcome == Outcome.ABANDONED
        assert gone.sum() > 10
        assert np.array_equal(gone, other.outcome == Outcome.SILENT)


def test_more_silence_costs_more_agent_time() -> None:
    columns = "talk_s"
    some = [
        sum(row[0] for row in leg_rows(center(
            chat("a", [0, 10, 20, 30], 60, patience=20, silent=replace(ALL, waiting=share)), TEAM
        ), columns))
        for share in (0.0, 0.5, 1.0)
    ]  # fmt: skip
    assert some[0] <= some[1] <= some[2]
    assert some[0] < some[2]
