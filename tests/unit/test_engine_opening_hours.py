"""Opening and closing: which contacts are accepted, what happens to those waiting at closing."""

import pytest

from sim.metrics.invariants import violations
from sim.model import AtClose
from tests.support.small_models import (
    DAY,
    center,
    chat,
    email,
    group,
    leg_rows,
    legs,
    queue,
    shift,
    simulate,
    skill,
    transfer,
)

TEAM = group("team", [0])
EARLY = [(0, 600)]


def two_days(asked, team):
    return center(asked, team, days=2, day_s=DAY, interval_s=3600)


def test_those_who_wait_are_served_to_the_end():
    assert leg_rows(center(queue("a", [590, 595], 60, hours=EARLY), TEAM)) == [
        (0, 0, 590, 590, 650, "answered"), (1, 0, 595, 650, 710, "answered"),
    ]  # fmt: skip


def test_those_who_wait_are_sent_away():
    closing = queue("a", [590, 595], 60, hours=EARLY, at_close=AtClose.SEND_AWAY)
    assert leg_rows(center(closing, TEAM)) == [
        (0, 0, 590, 590, 650, "answered"), (1, -1, 595, 600, None, "sent_away"),
    ]  # fmt: skip


def test_those_who_wait_are_carried_over_into_the_next_day():
    hours = [(0, 600), (DAY, DAY + 600)]
    team = group("team", [0], shifts=[shift(0, 0, 600), shift(0, DAY, DAY + 600, day=1)])
    closing = queue("a", [590, 595, DAY + 5], 60, hours=hours, at_close=AtClose.CARRY_OVER)
    log = simulate(two_days(closing, team), 1, 1)
    assert legs(log, "leave end outcome") == [
        (590, 650, "answered"), (DAY, DAY + 60, "answered"), (DAY + 60, DAY + 120, "answered"),
    ]  # fmt: skip
    assert violations(log) == []


def test_those_carried_over_beyond_the_last_day_still_wait_at_the_end():
    # The agent is there all day, but after the last closing no contact is answered.
    closing = queue("a", [590, 595], 60, 200, hours=EARLY, at_close=AtClose.CARRY_OVER)
    log = simulate(center(closing, TEAM), 1, 1)
    assert legs(log)[1] == (1, -1, 595, None, None, "waiting")
    assert violations(log) == []


def test_patience_goes_on_over_night():
    hours = [(0, 600), (1200, 1800)]
    closing = queue("a", [500], 60, 300, hours=hours, at_close=AtClose.CARRY_OVER)
    assert leg_rows(center(closing, group("team", [0], [0, 0, 1, 1, 1, 1]))) == [
        (0, -1, 500, 800, None, "abandoned")
    ]


@pytest.mark.parametrize("policy", [AtClose.SERVE, AtClose.SEND_AWAY])
@pytest.mark.parametrize("instant", [600, 601])
def test_new_caller_from_closing_time_on_is_sent_away(policy, instant):
    model = center(queue("a", [instant], 10, hours=EARLY, at_close=policy), TEAM)
    assert leg_rows(model) == [(0, -1, instant, instant, None, "sent_away")]


def test_new_caller_before_the_first_opening_is_sent_away():
    model = center(queue("a", [599, 600], 10, hours=[(600, 1200)]), TEAM)
    assert leg_rows(model, "leave outcome") == [(599, "sent_away"), (600, "answered")]


def test_new_caller_between_two_openings_waits_where_those_who_wait_are_carried_over():
    hours = [(0, 600), (1200, 1800)]
    closing = queue("a", [700], 10, hours=hours, at_close=AtClose.CARRY_OVER)
    assert leg_rows(center(closing, group("team", [0], [1, 0, 1, 1, 1, 1]))) == [
        (0, 0, 700, 1200, 1210, "answered")
    ]


def test_new_caller_after_the_last_closing_is_left_waiting_where_those_who_wait_are_carried_over():
    closing = queue("a", [700], 10, hours=EARLY, at_close=AtClose.CARRY_OVER)
    assert leg_rows(center(closing, TEAM)) == [(0, -1, 700, None, None, "waiting")]


def test_agent_free_at_closing_time_comes_before_those_who_wait_are_sent_away():
    closing = queue("a", [540, 550], 60, hours=EARLY, at_close=AtClose.SEND_AWAY)
    assert leg_rows(center(closing, TEAM), "leave outcome")[1] == (600, "answered")


def test_agents_stay_until_those_who_wait_at_closing_are_served():
    team = group("team", [0], shifts=[shift(0, 0, 600)])
    log = simulate(center(queue("a", [580, 590], 60, hours=EARLY), team), 1, 1)
    assert legs(log, "leave end") == [(580, 640), (640, 700)]
    assert log.presences.end.tolist() == [700]


def test_agents_go_on_time_from_those_who_are_not_to_be_served():
    team = group("team", [0], shifts=[shift(0, 0, 600)])
    closing = queue("a", [580, 590], 60, hours=EARLY, at_close=AtClose.SEND_AWAY)
    assert simulate(center(closing, team), 1, 1).presences.end.tolist() == [640]


def test_headcount_that_falls_at_closing_stays_until_those_who_wait_are_served():
    team = group("team", [0], [2, 0, 0, 0, 0, 0])
    log = simulate(center(queue("a", [580, 580, 590, 590], 60, hours=EARLY), team), 1, 1)
    assert legs(log, "leave") == [(580,), (580,), (640,), (640,)]
    assert log.presences.end.tolist() == [700, 700]


def test_idle_agent_stays_while_a_colleague_group_serves_those_who_wait():
    # Agent 1 may take the last in the queue at 1090 at the earliest: it stays until an agent does.
    groups = [group("m", [0], shifts=[shift(0, 0, 600)]),
             group("n", [skill(0, 2, after=500)], shifts=[shift(0, 0, 600)])]  # fmt: skip
    log = simulate(center(queue("a", [580, 590], [200, 60], hours=EARLY), groups), 1, 1)
    assert legs(log, "agent leave") == [(0, 580), (0, 780)]
    assert log.presences.end.tolist() == [840, 780]


def test_agents_in_reserve_take_those_who_wait_at_closing():
    model = center(queue("a", [50], 10, hours=EARLY), group("team", [skill(0, reserve=1)]))
    assert leg_rows(model) == [(0, 0, 50, 600, 610, "answered")]


def test_agent_who_stayed_for_those_who_waited_goes_when_the_queue_opens_again():
    team = group("team", [skill(0, after=1500)], shifts=[shift(0, 0, 600)])
    model = center(queue("a", [500], 50, hours=[(0, 600), (1200, 3600)]), team)
    assert simulate(model, 1, 1).presences.end.tolist() == [1200]


def test_customer_transferred_after_closing_is_served_where_an_agent_is_present():
    passed = queue("a", [0], 700, transfers=(transfer(1),))
    model = center([passed, queue("b", [], 33, hours=EARLY)], group("team", [0, 1]))
    assert leg_rows(model, "queue leave outcome")[1] == (1, 700, "answered")


def test_customer_transferred_after_closing_is_sent_away_where_no_agent_is_present():
    passed = queue("a", [0], 700, transfers=(transfer(1),))
    model = center([passed, queue("b", [], 33, hours=EARLY)],
                   [group("m", [0]), group("n", [1], [1, 0, 0, 0, 0, 0])])  # fmt: skip
    assert leg_rows(model, "queue leave outcome")[1] == (1, 700, "sent_away")


def test_each_queue_has_hours_of_its_own():
    model = center([queue("a", [700], 10), queue("b", [700], 10, hours=EARLY)],
                   group("team", [0, 1], 2))  # fmt: skip
    assert leg_rows(model, "queue outcome") == [(0, "answered"), (1, "sent_away")]


def test_agent_called_in_from_the_reserve_suspends_an_email_for_two_chats_at_once():
    team = group("team", [0, skill(1, at_once=3, reserve=1)], interrupts=frozenset({(0, 1)}))
    model = center([email("a", [0], 1000), chat("b", [10, 20], 100, hours=EARLY)], team)
    assert leg_rows(model, "issue leave end") == [(0, 0, 1100), (1, 600, 700), (2, 600, 700)]


def test_no_contact_overtakes_after_closing_those_who_waited_before():
    # The chatting agent stays for who is passed on at 700, and has room for both.
    passed = queue("b", [640, 650], [60, 200], transfers=(transfer(0),))
    staff = [group("m", [1], 2), group("n", [skill(0, at_once=2)], [1, 0, 0, 0, 0, 0])]
    model = center([chat("a", [590], 210, wrap=100, hours=EARLY), passed], staff)
    first, second = (row[1] for row in leg_rows(model, "kind leave") if row[0] == "transfer")
    assert first <= second
