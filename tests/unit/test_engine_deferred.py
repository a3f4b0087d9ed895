"""Deferred work: it yields to live contacts, goes on later and is never lost."""

import pytest

from sim.metrics.invariants import violations
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
    states,
)

E_AND_C = frozenset({("chat", "email"), ("email", "chat")})
YIELDS = frozenset({(0, 1)})


def yielding(agents=1, **fields):
    return group("team", [0, 1], agents, interrupts=YIELDS, **fields)


def test_call_interrupts_an_email_that_goes_on_without_loss():
    log = simulate(center([email("a", [0], 100), queue("b", [30], 50)], yielding()), 1, 1)
    assert legs(log, "issue leave end talk_s work done stints") == [
        (0, 0, 150, 100, 100, 100, 2), (1, 30, 80, 50, 50, 50, 1),
    ]  # fmt: skip
    assert states(log, "state start end")[:3] == [
        ("working", 0, 30), ("talking", 30, 80), ("working", 80, 150),
    ]  # fmt: skip
    assert violations(log) == []


def test_email_that_starts_over_loses_what_was_done():
    log = simulate(
        center([email("a", [0], 100, start_over=True), queue("b", [30], 50)], yielding()), 1, 1
    )
    assert legs(log, "issue end talk_s work done stints")[0] == (0, 180, 130, 100, 130, 2)
    assert violations(log) == []


def test_email_may_be_interrupted_repeatedly():
    model = center([email("a", [0], 100), queue("b", [10, 60], 20)], yielding())
    assert leg_rows(model, "issue leave end stints") == [
        (0, 0, 140, 3), (1, 10, 30, 1), (2, 60, 80, 1),
    ]  # fmt: skip


def test_call_waits_for_the_email_where_nothing_is_interrupted():
    model = center([email("a", [0], 100), queue("b", [30], 50)], group("team", [0, 1]))
    assert leg_rows(model, "leave end") == [(0, 100), (100, 150)]


def test_idle_agent_is_asked_before_an_email_is_interrupted():
    model = center([email("a", [0], 100), queue("b", [30], 50)], yielding(2))
    assert leg_rows(model, "agent stints") == [(0, 1), (1, 1)]


def test_email_active_for_longest_is_the_one_suspended():
    model = center([email("a", [0, 10], 1000), queue("b", [30], 50)], yielding(2))
    assert leg_rows(model, "issue stints end") == [(0, 2, 1050), (1, 1, 1010), (2, 1, 80)]


def test_wrap_of_an_email_is_not_interrupted():
    model = center([email("a", [0], 60, wrap=30), queue("b", [70], 50)], yielding())
    assert leg_rows(model, "leave end") == [(0, 90), (90, 140)]


def test_email_done_at_the_instant_a_call_comes_is_done():
    model = center([email("a", [0], 60), queue("b", [60], 50)], yielding())
    assert leg_rows(model, "leave end stints") == [(0, 60, 1), (60, 110, 1)]


def test_another_agent_goes_on_with_an_interrupted_email():
    # Agent 1 can only do emails, and is busy with one until 50.
    groups = [yielding(), group("u", [0])]
    model = center([email("a", [0, 0], [100, 50]), queue("b", [30], 200)], groups)
    assert leg_rows(model, "issue agent end talk_s stints") == [
        (0, 1, 120, 100, 2), (1, 1, 50, 50, 1), (2, 0, 230, 200, 1),
    ]  # fmt: skip


def test_idle_colleague_goes_on_with_an_interrupted_email_at_once():
    groups = [yielding(), group("u", [0])]
    model = center([email("a", [0], 100), queue("b", [30], 200)], groups)
    assert leg_rows(model, "issue agent end stints") == [(0, 1, 100, 2), (1, 0, 230, 1)]


def test_interrupted_email_keeps_its_place_in_the_queue():
    model = center([email("a", [0, 10], 100), queue("b", [30], 50)], yielding())
    assert leg_rows(model, "issue leave end") == [(0, 0, 150), (1, 150, 250), (2, 30, 80)]


def test_interruption_takes_all_active_emails():
    team = group("team", [skill(0, at_once=2), skill(1)], interrupts=YIELDS)
    model = center([email("a", [0, 0], 100), queue("b", [30], 50)], team)
    assert leg_rows(model, "issue leave end stints") == [
        (0, 0, 150, 2),
        (1, 0, 150, 2),
        (2, 30, 80, 1),
    ]


def test_speed_of_who_goes_on_with_it_holds_for_the_rest():
    groups = [yielding(), group("u", [skill(0, speed=2.0)], [0, 1, 1, 1, 1, 1])]
    model = center([email("a", [0], 100), queue("b", [40], 3000)], groups)
    # 40 s done; the second group comes at 600 and does the other 60 s in 30 s.
    assert leg_rows(model, "issue agent end talk_s done")[0] == (0, 1, 630, 70, 100)


def test_emails_wait_over_night_and_go_first_in_the_morning():
    hours = [(0, 2 * DAY)]
    team = group("team", [0], shifts=[shift(0, 0, 600), shift(0, DAY, DAY + 600, day=1)])
    model = center(
        email("a", [590, 700, DAY + 5], 60, hours=hours), team,
        days=2, day_s=DAY, interval_s=3600,
    )  # fmt: skip
    assert leg_rows(model, "leave end") == [(590, 650), (DAY, DAY + 60), (DAY + 60, DAY + 120)]


def test_emails_are_worked_on_when_no_call_can_arrive():
    model = center(email("a", [0], 60, hours=[(600, 1200)]), group("team", [0]))
    assert leg_rows(model) == [(0, 0, 0, 0, 60, "answered")]


def test_email_that_no_agent_resumes_is_unfinished_at_the_end():
    log = simulate(center([email("a", [0], 900), queue("b", [590], 60)],
                      yielding([1, 0, 0, 0, 0, 0])), 1, 1)  # fmt: skip
    assert legs(log, "issue leave end talk_s work done outcome")[0] == (
        0, 0, None, 590, 900, 590, "in_hand",
    )  # fmt: skip
    assert violations(log) == []


def test_backlog_comes_before_what_arrives():
    model = center(email("a", [0], 60, backlog=2), group("team", [0]))
    assert leg_rows(model, "kind enter leave") == [
        ("backlog", 0, 0), ("backlog", 0, 60), ("inbound", 0, 120),
    ]  # fmt: skip


def test_backlog_of_a_live_queue_waits_for_the_opening():
    model = center(
        queue("a", backlog=1, hours=[(600, 3600)]), group("team", [0], [0, 1, 1, 1, 1, 1])
    )
    assert leg_rows(model) == [(0, 0, 0, 600, 660, "answered")]


def test_backlog_minds_neither_balking_nor_places():
    model = center(email("a", backlog=3, balk=1.0, limit=0), group("team", [0]))
    assert leg_rows(model, "outcome") == [("answered",)] * 3


def test_work_is_returned_at_the_end_of_the_shift():
    team = group("team", [0], hands_back=True, shifts=[shift(0, 0, 100), shift(1, 500, 900)])
    log = simulate(center(email("a", [50], 200), team), 1, 1)
    assert legs(log, "agent leave end talk_s stints") == [(1, 50, 650, 200, 2)]
    assert log.presences.end.tolist() == [100, 900]


def test_returning_work_leaves_it_to_others():
    several = group(
        "team", [skill(0, at_once=2)], shifts=[shift(0, 0, 100), shift(1, 500, 900)],
        hands_back=True,
    )  # fmt: skip
    log = simulate(center(email("a", [50], 200), several), 1, 1)
    assert legs(log, "agent leave end talk_s stints") == [(1, 50, 650, 200, 2)]


def test_deferred_work_is_returned_even_when_a_break_was_due():
    team = group("team", [0], shifts=[shift(0, 0, 120, (60, 10))], hands_back=True)
    assert leg_rows(center(email("a", [50], 100), team)) == [(0, 0, 50, 50, None, "in_hand")]


def test_work_not_returned_is_finished_in_overtime():
    team = group("team", [0], shifts=[shift(0, 0, 100)])
    log = simulate(center(email("a", [50], 200), team), 1, 1)
    assert states(log, "state overtime start end") == [
        ("available", 0, 0, 50), ("working", 0, 50, 100), ("working", 1, 100, 250),
    ]  # fmt: skip


def test_work_returned_goes_on_at_once_where_an_agent_is_free():
    team = group("team", [0], hands_back=True, shifts=[shift(0, 0, 100), shift(1, 0, 900)])
    log = simulate(center(email("a", [50], 200), team), 1, 1)
    assert legs(log, "agent leave end talk_s stints") == [(1, 50, 250, 200, 2)]


def test_live_contact_is_never_returned():
    team = group("team", [0], hands_back=True, shifts=[shift(0, 0, 100)])
    assert leg_rows(center(queue("a", [50], 200), team), "end stints") == [(250, 1)]


def test_falling_headcount_returns_work_too():
    groups = [group("m", [0], [1, 0, 0, 0, 0, 0], hands_back=True),
             group("n", [0], [0, 0, 1, 1, 1, 1])]  # fmt: skip
    model = center(email("a", [500], 300), groups)
    assert leg_rows(model, "agent end talk_s stints") == [(1, 1400, 300, 2)]


def test_suspended_work_overflows_to_the_next_group_after_the_delay():
    first = group("first", [0, 1], interrupts=YIELDS)
    second = group("second", [skill(0, 2, after=60)])
    model = center([email("a", [0], 300), queue("b", [10], 1000)], [first, second])
    # ten seconds of 300 are done when the call comes; the second group goes on at 60
    assert leg_rows(model, "issue agent leave end stints") == [
        (0, 1, 0, 350, 2),
        (1, 0, 10, 1010, 1),
    ]


def test_waiting_call_interrupts_an_email_as_soon_as_only_the_email_is_active():
    team = group(
        "team", [skill(0, at_once=2), skill(1, at_once=2), skill(2)],
        mixes=E_AND_C, interrupts=frozenset({(0, 2)}),
    )  # fmt: skip
    model = center([email("a", [0], 1000), chat("b", [0], 100), queue("c", [50], 30)], team)
    assert leg_rows(model, "issue leave end") == [(0, 0, 1030), (1, 0, 100), (2, 100, 130)]


def test_no_contact_overtakes_in_the_queue_by_interrupting_where_the_group_prefers_the_email():
    team = group("team", [skill(0, take=1), skill(1, take=2)], interrupts=YIELDS)
    # The first chat keeps the agent busy; the second waits; the emails are preferred then.
    model = center([email("a", [10, 10], 500), chat("b", [0, 20, 150], 100)], team)
    second, third = (row for row in leg_rows(model, "queue enter leave") if row[1] in (20, 150))
    assert second[2] <= third[2]


def test_agent_does_not_take_up_an_email_only_to_suspend_it():
    team = group("team", [skill(0, take=1), skill(1, take=2)], interrupts=YIELDS)
    model = center([email("a", [10], 500), chat("b", [0, 20], 100)], team)
    assert leg_rows(model, "queue leave end stints") == [
        (1, 0, 100, 1), (0, 200, 700, 1), (1, 100, 200, 1),
    ]  # fmt: skip


@pytest.mark.parametrize("bound", [{"patience": 60}, {"longest_wait": 60}])
def test_work_that_was_begun_is_not_given_up_when_it_is_suspended(bound):
    # It waits from 5 to 10, is suspended at 30, and its time would be over at 65.
    model = center([email("a", [5], 100, **bound), queue("b", [0, 30], [10, 500])], yielding())
    assert leg_rows(model, "queue leave end outcome")[1] == (0, 10, 610, "answered")


def test_due_time_does_not_change_the_order_of_work():
    model = center([email("a", [0, 20], 60, due=3600), email("b", [10], 60, due=60)],
                   group("team", [0, 1]))  # fmt: skip
    assert leg_rows(model, "queue leave") == [(0, 0), (1, 60), (0, 120)]
