"""Trunks: how many contacts may be in self-service, waiting or talking."""

from sim.metrics.invariants import violations
from tests.support.small_models import center, group, leg_rows, legs, queue, simulate, transfer

TEAM = group("team", [0])


def test_contact_finds_all_trunks_busy_while_all_are_in_use():
    log = simulate(center(queue("a", [0, 10, 20], 60, lines=2), TEAM), 1, 1)
    assert legs(log) == [
        (0, 0, 0, 0, 60, "answered"),
        (1, 0, 10, 60, 120, "answered"),
        (2, -1, 20, 20, None, "busy"),
    ]
    assert violations(log) == []


def test_trunk_is_free_at_the_end_of_the_talk_not_of_the_wrap():
    model = center(queue("a", [0, 59, 60], 60, wrap=100, lines=1), TEAM)
    assert leg_rows(model, "issue enter leave outcome") == [
        (0, 0, 0, "answered"), (1, 59, 59, "busy"), (2, 60, 160, "answered"),
    ]  # fmt: skip


def test_trunk_is_free_when_patience_ends():
    model = center(queue("a", [0, 10, 31], 60, [0, 20, 100], lines=2), TEAM)
    assert leg_rows(model, "outcome") == [("answered",), ("abandoned",), ("answered",)]


def test_trunk_is_not_yet_free_for_who_comes_as_patience_ends():
    model = center(queue("a", [0, 10, 30], 60, [0, 20, 100], lines=2), TEAM)
    assert leg_rows(model, "outcome")[2] == ("busy",)


def test_trunk_of_a_refused_contact_is_free_at_once():
    model = center(queue("a", [0, 10, 20], 60, lines=2, limit=0), TEAM)
    assert leg_rows(model, "outcome") == [("answered",), ("full",), ("full",)]


def test_trunks_of_one_queue_do_not_bound_another():
    model = center([queue("a", [0, 10], 60, lines=1), queue("b", [10], 60)], group("m", [0, 1], 2))
    assert leg_rows(model, "queue outcome") == [(0, "answered"), (0, "busy"), (1, "answered")]


def test_common_trunks_bound_the_queues_that_share_them():
    asked = [queue("a", [0], 60, shares_lines=True), queue("b", [10], 60, shares_lines=True),
             queue("c", [20], 60)]  # fmt: skip
    model = center(asked, group("team", [0, 1, 2], 3), lines=1)
    assert leg_rows(model, "queue outcome") == [(0, "answered"), (1, "busy"), (2, "answered")]


def test_transferred_customer_keeps_the_trunk():
    passed = queue("a", [0], 60, lines=5, transfers=(transfer(1),))
    asked = [passed, queue("b", [119, 120], 60, lines=1)]
    # From 60 to 120 the line of queue b is held by the first customer.
    assert leg_rows(center(asked, group("team", [0, 1], 5)), "queue kind enter outcome") == [
        (0, "inbound", 0, "answered"), (1, "transfer", 60, "answered"),
        (1, "inbound", 119, "busy"), (1, "inbound", 120, "answered"),
    ]  # fmt: skip


def test_transfer_needs_no_free_trunk():
    passed = queue("a", [0], 60, transfers=(transfer(1),))
    model = center([passed, queue("b", [0], 600, lines=1)], group("team", [0, 1], 3))
    assert leg_rows(model, "queue kind outcome")[1] == (1, "transfer", "answered")


def test_trunk_that_moves_with_the_customer_is_free_in_the_first_queue():
    passed = queue("a", [0, 60], 60, lines=1, transfers=(transfer(1),))
    model = center([passed, queue("b", [], 600)], group("team", [0, 1], 4))
    assert [row for row in leg_rows(model, "queue enter outcome") if row[0] == 0] == [
        (0, 0, "answered"), (0, 60, "answered"),
    ]  # fmt: skip


def test_backlog_needs_no_trunk():
    model = center(queue("a", [0], 60, backlog=2, lines=1), TEAM)
    assert leg_rows(model, "kind outcome") == [
        ("backlog", "answered"), ("backlog", "answered"), ("inbound", "answered"),
    ]  # fmt: skip


def test_busy_trunks_come_before_closing_hours():
    model = center(queue("a", [590, 601], 60, hours=[(0, 600)], lines=1), TEAM)
    assert leg_rows(model, "outcome") == [("answered",), ("busy",)]
