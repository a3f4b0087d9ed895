"""Waiting: who waits, who leaves and when, and what comes first at one instant."""

from sim.engine.rules import Rank
from sim.metrics.invariants import violations
from sim.model import AtClose
from tests.support.small_models import center, group, leg_rows, legs, queue, shift, simulate, skill

TEAM = group("team", [0])


def test_first_come_first_served():
    assert leg_rows(center(queue("a", [0, 10, 20], 60), TEAM)) == [
        (0, 0, 0, 0, 60, "answered"),
        (1, 0, 10, 60, 120, "answered"),
        (2, 0, 20, 120, 180, "answered"),
    ]


def test_talk_hold_and_wrap_follow_one_another():
    model = center(queue("a", [10], 60, hold=30, wrap=20), TEAM)
    columns = "leave talk_end end talk_s hold_s wrap_s work done wrap_work stints"
    assert leg_rows(model, columns) == [(10, 100, 120, 60, 30, 20, 90, 90, 20, 1)]


def test_customer_leaves_when_patience_ends():
    assert leg_rows(center(queue("a", [0, 10], 60, [100, 20]), TEAM)) == [
        (0, 0, 0, 0, 60, "answered"),
        (1, -1, 10, 30, None, "abandoned"),
    ]


def test_who_gave_up_delays_no_one():
    model = center(queue("a", [0, 10, 20], 60, [100, 20, 100]), TEAM)
    assert leg_rows(model)[2] == (2, 0, 20, 60, 120, "answered")


def test_agent_who_comes_free_at_the_very_instant_patience_ends_takes_the_contact():
    log = simulate(center(queue("a", [0, 40, 70], 60, [100, 20, 100]), TEAM), 1, 1)
    assert legs(log) == [
        (0, 0, 0, 0, 60, "answered"),
        (1, 0, 40, 60, 120, "answered"),
        (2, 0, 70, 120, 180, "answered"),
    ]
    assert violations(log) == []


def test_agent_who_logs_in_at_the_very_instant_patience_ends_takes_the_contact():
    team = group("team", [0], shifts=[shift(0, 60, 600)])
    assert leg_rows(center(queue("a", [0], 10, 60), team)) == [(0, 0, 0, 60, 70, "answered")]


def test_no_patience_at_all_is_enough_where_an_agent_is_free():
    assert leg_rows(center(queue("a", [0, 10], 60, 0), TEAM)) == [
        (0, 0, 0, 0, 60, "answered"),
        (1, -1, 10, 10, None, "abandoned"),
    ]


def test_agent_freed_at_the_instant_of_an_arrival_takes_it_at_once():
    assert leg_rows(center(queue("a", [0, 60], 60, 0), TEAM))[1] == (1, 0, 60, 60, 120, "answered")


def test_agent_freed_at_the_instant_of_an_arrival_takes_who_waits_already():
    assert leg_rows(center(queue("a", [0, 50, 60], 60, [0, 20, 0]), TEAM))[1:] == [
        (1, 0, 50, 60, 120, "answered"),
        (2, -1, 60, 60, None, "abandoned"),
    ]


def test_two_who_come_at_one_instant_wait_in_the_order_of_their_queues():
    model = center([queue("a", [0, 10], 60), queue("b", [10], 60)], group("team", [0, 1]))
    assert leg_rows(model, "issue queue leave") == [(0, 0, 0), (1, 0, 60), (2, 1, 120)]


def test_two_who_come_at_one_instant_of_one_queue_keep_their_order():
    assert leg_rows(center(queue("a", [0, 0, 0], [60, 10, 20]), TEAM), "issue leave") == [
        (0, 0), (1, 60), (2, 70),
    ]  # fmt: skip


def test_message_is_taken_after_the_longest_wait():
    model = center(queue("a", [0, 10], 600, longest_wait=120), TEAM)
    assert leg_rows(model)[1] == (1, -1, 10, 130, None, "message")


def test_message_comes_before_the_end_of_patience_at_the_same_instant():
    model = center(queue("a", [0, 10], 600, 120, longest_wait=120), TEAM)
    assert leg_rows(model)[1] == (1, -1, 10, 130, None, "message")


def test_patience_ends_before_the_longest_wait():
    model = center(queue("a", [0, 10], 600, 119, longest_wait=120), TEAM)
    assert leg_rows(model)[1] == (1, -1, 10, 129, None, "abandoned")


def test_patience_that_ends_at_closing_time_is_an_abandonment():
    closing = queue("a", [0, 500], 1000, 100, hours=[(0, 600)], at_close=AtClose.SEND_AWAY)
    assert leg_rows(center(closing, TEAM))[1] == (1, -1, 500, 600, None, "abandoned")


def test_who_balks_leaves_at_once_but_only_when_there_is_a_wait():
    assert leg_rows(center(queue("a", [0, 10, 60], 60, balk=1.0), TEAM)) == [
        (0, 0, 0, 0, 60, "answered"),
        (1, -1, 10, 10, None, "balked"),
        (2, 0, 60, 60, 120, "answered"),
    ]


def test_no_more_wait_than_there_are_places():
    assert leg_rows(center(queue("a", [0, 1, 2, 61], 60, limit=1), TEAM)) == [
        (0, 0, 0, 0, 60, "answered"),
        (1, 0, 1, 60, 120, "answered"),
        (2, -1, 2, 2, None, "full"),
        (3, 0, 61, 120, 180, "answered"),
    ]


def test_a_queue_limit_of_zero_is_enough_with_a_free_agent():
    assert leg_rows(center(queue("a", [0, 10, 60], 60, limit=0), TEAM), "outcome") == [
        ("answered",), ("full",), ("answered",),
    ]  # fmt: skip


def test_full_queue_is_met_before_balking_is_considered():
    model = center(queue("a", [0, 10], 60, limit=0, balk=1.0), TEAM)
    assert leg_rows(model, "outcome") == [("answered",), ("full",)]


def test_place_of_an_abandoned_contact_is_free_at_once():
    model = center(queue("a", [0, 10, 30], 600, [600, 20, 600], limit=1), TEAM)
    # At 30 patience ends too, but arrivals come first: the place is not free yet.
    assert leg_rows(model, "leave outcome")[1:] == [(30, "abandoned"), (30, "full")]


def test_who_is_never_served_still_waits_at_the_end():
    log = simulate(center(queue("a", [10]), group("team", [0], 0)), 1, 1)
    assert legs(log) == [(0, -1, 10, None, None, "waiting")]
    assert violations(log) == []


def test_contact_without_work_is_over_at_once():
    log = simulate(center(queue("a", [10], 0), TEAM), 1, 1)
    assert legs(log, "leave talk_end end outcome") == [(10, 10, 10, "answered")]
    assert violations(log) == []


def test_speed_shortens_talk_and_wrap():
    model = center(queue("a", [0], 60, wrap=30), group("team", [skill(0, speed=1.5)]))
    assert leg_rows(model, "talk_end end talk_s wrap_s work wrap_work") == [
        (40, 60, 40, 20, 60, 30)
    ]


def test_order_of_events_of_one_instant_is_the_written_one():
    assert sorted(Rank) == [
        Rank.OPENING, Rank.COMPLETION, Rank.AGENTS_READY, Rank.AGENTS_ON_DUTY, Rank.ARRIVAL,
        Rank.OVERFLOW, Rank.CALLBACK_OFFER, Rank.LONGEST_WAIT, Rank.PATIENCE, Rank.AGENTS_PAUSE,
        Rank.AGENTS_OFF_DUTY, Rank.CLOSING,
    ]  # fmt: skip


def test_of_two_who_finish_at_one_instant_the_earlier_issue_frees_its_agent_first():
    # Both talks end at 60; the agent of issue 0 takes the first in the queue.
    model = center(queue("a", [0, 0, 10, 20], 60), group("team", [0], 2))
    assert leg_rows(model, "issue agent leave") == [(0, 0, 0), (1, 1, 0), (2, 0, 60), (3, 1, 60)]
