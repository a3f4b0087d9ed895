"""Being called back instead of waiting."""

import math

from sim.metrics.invariants import violations
from sim.model import AtClose
from tests.support.small_models import (
    callback,
    center,
    fixed,
    group,
    leg_rows,
    legs,
    queue,
    retry,
    shift,
    simulate,
    skill,
    states,
)

TEAM = group("team", [0])
COLUMNS = "issue kind enter leave end outcome then"


def test_callback_offered_after_a_wait_keeps_the_place_in_the_queue():
    offer = callback(offer_after=30)
    log = simulate(center(queue("a", [0, 10, 20], 60, callback=offer), TEAM), 1, 1)
    # Both others take the offer, at 40 and 50; the first of them is still the first in the queue.
    assert legs(log, COLUMNS) == [
        (0, "inbound", 0, 0, 60, "answered", "nothing"),
        (1, "inbound", 10, 40, None, "callback", "callback"),
        (1, "callback", 40, 60, 120, "answered", "nothing"),
        (2, "inbound", 20, 50, None, "callback", "callback"),
        (2, "callback", 50, 120, 180, "answered", "nothing"),
    ]
    assert violations(log) == []


def test_promise_keeps_its_place_before_those_who_come_after():
    # Issue 1 goes at 40 after 30 s; issue 2 has arrived meanwhile and stays in the queue.
    offer = callback(offer_after=30)
    model = center(queue("a", [0, 10, 35], 60, callback=offer), TEAM)
    assert leg_rows(model, COLUMNS)[1:4] == [
        (1, "inbound", 10, 40, None, "callback", "callback"),
        (1, "callback", 40, 60, 120, "answered", "nothing"),
        (2, "inbound", 35, 65, None, "callback", "callback"),
    ]


def test_callback_is_offered_on_arrival_from_a_position_in_the_queue_on():
    offer = callback(offer_at=2)
    model = center(queue("a", [0, 10, 20], 60, callback=offer), TEAM)
    assert leg_rows(model, COLUMNS) == [
        (0, "inbound", 0, 0, 60, "answered", "nothing"),
        (1, "inbound", 10, 60, 120, "answered", "nothing"),
        (2, "inbound", 20, 20, None, "callback", "callback"),
        (2, "callback", 20, 120, 180, "answered", "nothing"),
    ]


def test_promise_waits_and_counts_for_the_position_of_others():
    offer = callback(offer_at=2)
    model = center(queue("a", [0, 10, 20, 60], 60, callback=offer), TEAM)
    # At 60 issue 1 has been taken and the promise to issue 2 alone waits: two in the queue.
    assert leg_rows(model, "issue kind outcome")[-2:] == [
        (3, "inbound", "callback"), (3, "callback", "answered"),
    ]  # fmt: skip


def test_callback_that_keeps_no_place_joins_the_queue_at_the_time_set():
    offer = callback(offer_at=1, keeps_place=False, delay=fixed(300))
    model = center(queue("a", [0, 10, 320], [60, 60, 100], callback=offer), TEAM)
    # At 310 the promise reaches an idle agent; at 320 another customer finds an empty queue.
    assert leg_rows(model, COLUMNS)[1:3] == [
        (1, "inbound", 10, 10, None, "callback", "callback"),
        (1, "callback", 310, 310, 370, "answered", "nothing"),
    ]


def test_callback_at_the_time_set_waits_behind_those_who_were_before_it():
    offer = callback(offer_after=200, keeps_place=False, delay=fixed(100))
    model = center(queue("a", [0, 10, 295], [350, 50, 100], callback=offer), TEAM)
    assert leg_rows(model, "issue kind enter leave")[2:] == [
        (1, "callback", 310, 450), (2, "inbound", 295, 350),
    ]  # fmt: skip


def test_declined_callback_is_not_offered_twice():
    offer = callback(offer_after=30, offer_at=1, accepted=0.0)
    model = center(queue("a", [0, 10], 60, callback=offer), TEAM)
    assert leg_rows(model) == [(0, 0, 0, 0, 60, "answered"), (1, 0, 10, 60, 120, "answered")]


def test_offer_comes_before_the_longest_wait_and_patience_of_the_same_instant():
    offer = callback(offer_after=30)
    model = center(queue("a", [0, 10], 600, [0, 30], longest_wait=30, callback=offer), TEAM)
    assert leg_rows(model, "kind leave outcome")[1] == ("inbound", 40, "callback")


def test_agent_free_at_the_instant_of_the_offer_comes_before_it():
    offer = callback(offer_after=50)
    model = center(queue("a", [0, 10], 60, callback=offer), TEAM)
    assert leg_rows(model)[1] == (1, 0, 10, 60, 120, "answered")


def test_who_is_called_back_has_no_end_of_patience():
    offer = callback(offer_after=30)
    model = center(queue("a", [0, 10], 600, [0, 40], longest_wait=100, callback=offer), TEAM)
    assert leg_rows(model, "kind leave outcome")[-1] == ("callback", 600, "answered")


def test_unanswered_callback_is_repeated_and_then_given_up():
    offer = callback(offer_at=1, answered=0.0, tries=2, again=fixed(300))
    log = simulate(center(queue("a", [0, 10], 60, callback=offer), TEAM), 1, 1)
    assert legs(log, COLUMNS)[2:] == [
        (1, "callback", 10, 60, 80, "no_answer", "callback"),
        (1, "callback", 380, 380, 400, "no_answer", "gave_up"),
    ]
    assert states(log, "state start end")[1:4] == [
        ("dialling", 60, 80), ("available", 80, 380), ("dialling", 380, 400),
    ]  # fmt: skip
    assert violations(log) == []


def test_dialling_takes_its_time_whatever_the_speed_of_the_group():
    offer = callback(offer_at=1, answered=0.0)
    model = center(queue("a", [0, 0], 100, callback=offer), group("team", [skill(0, speed=2.0)]))
    assert leg_rows(model, "kind leave end outcome")[-1] == ("callback", 50, 70, "no_answer")


def test_callback_brings_the_work_of_the_call():
    offer = callback(offer_at=1)
    model = center(queue("a", [0, 10], [60, 45], hold=5, wrap=7, callback=offer), TEAM)
    assert leg_rows(model, "kind work wrap_work talk_s hold_s wrap_s")[-1] == (
        "callback", 50, 7, 45, 5, 7,
    )  # fmt: skip


def test_promise_occupies_no_trunk():
    offer = callback(offer_at=1)
    model = center(queue("a", [0, 10, 20, 30], 60, lines=2, callback=offer), TEAM)
    # One line for the talk, the other for the moment of the offer.
    assert "busy" not in {row[0] for row in leg_rows(model, "outcome")}


def test_promise_is_not_refused_by_a_full_queue():
    offer = callback(offer_at=1)
    model = center(queue("a", [0, 10, 20], 60, limit=1, callback=offer), TEAM)
    assert leg_rows(model, "issue kind outcome")[1:] == [
        (1, "inbound", "callback"), (1, "callback", "answered"), (2, "inbound", "full"),
    ]  # fmt: skip


def test_unanswered_callback_is_not_an_attempt_of_the_customer_to_make_a_retrial():
    offer = callback(offer_at=1, answered=0.0)
    model = center(queue("a", [0, 10], 60, callback=offer, retry=retry()), TEAM)
    assert leg_rows(model, "kind outcome then")[1:] == [
        ("inbound", "callback", "callback"), ("callback", "no_answer", "gave_up"),
    ]  # fmt: skip


def test_callback_cancelled_at_closing_causes_no_retrial():
    asked = queue(
        "a", [0, 10], 5000, hours=[(0, 600), (1200, 3600)], at_close=AtClose.SEND_AWAY,
        callback=callback(offer_at=1), retry=retry(),
    )  # fmt: skip
    assert leg_rows(center(asked, TEAM), "kind leave outcome then")[-1] == (
        "callback", 600, "sent_away", "nothing",
    )  # fmt: skip


def test_callback_due_when_the_queue_is_closed_is_carried_into_the_next_opening():
    offer = callback(offer_at=1, keeps_place=False, delay=fixed(890))
    hours = [(0, 600), (1200, 2400)]
    # 10 + 890 lies half way between closing and opening: it comes half way through the next.
    model = center(queue("a", [0, 10], 60, hours=hours, callback=offer), TEAM)
    assert leg_rows(model, "kind enter leave")[-1] == ("callback", 1800, 1800)


def test_callback_due_after_the_last_closing_still_waits_at_the_end():
    offer = callback(offer_at=1, keeps_place=False, delay=fixed(7200))
    log = simulate(center(queue("a", [0, 10], 60, callback=offer), TEAM), 1, 1)
    assert legs(log, COLUMNS)[-1] == (1, "callback", 10, None, None, "waiting", "nothing")
    assert violations(log) == []


def test_promise_is_kept_after_closing_by_those_who_serve_those_who_wait():
    offer = callback(offer_at=1)
    team = group("team", [0], shifts=[shift(0, 0, 600)])
    model = center(queue("a", [550, 560], 100, hours=[(0, 600)], callback=offer), team)
    assert leg_rows(model, "kind leave end")[-1] == ("callback", 650, 750)


def test_offer_after_an_infinite_wait_is_none():
    model = center(queue("a", [0, 10], 600, 20, callback=callback(offer_after=math.inf)), TEAM)
    assert leg_rows(model, "outcome") == [("answered",), ("abandoned",)]
