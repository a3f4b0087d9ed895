"""Rules at the edges of shifts, closing, interruptions and transfers."""

from sim.metrics.check import violations
from tests.worlds import (
    callback,
    center,
    chat,
    email,
    group,
    legs,
    play,
    queue,
    shift,
    skill,
    states,
    told,
    transfer,
)

E_AND_C = frozenset({("chat", "email"), ("email", "chat")})


def test_agent_on_the_line_with_somebody_whom_nobody_takes_is_written_down():
    held = queue("a", [0], 60, transfers=(transfer(1, warm=True),))
    log = play(center([held, queue("b")], group("team", [0])), 1, 1)
    assert violations(log) == []
    assert [row[:2] for row in legs(log, "leg kind")] == [(0, "inbound"), (1, "transfer")]
    assert len(log.presences) == 1


def test_next_shift_of_a_person_follows_on_without_a_gap():
    day = shift(0, 0, 100), shift(0, 100, 200, day=1)
    model = center(
        queue("a", hours=[(0, 200)]), group("team", [0], shifts=day),
        days=2, day_s=100, interval_s=50,
    )  # fmt: skip
    log = play(model, 1, 1)
    assert violations(log) == []
    assert states(log, "state start end") == [("available", 0, 200)]


def test_contact_in_hand_over_the_change_of_shifts_of_a_person_loses_no_time():
    day = shift(0, 0, 100), shift(0, 100, 200, day=1)
    model = center(
        queue("a", [50], 100, hours=[(0, 200)]), group("team", [0], shifts=day),
        days=2, day_s=100, interval_s=50,
    )  # fmt: skip
    log = play(model, 1, 1)
    assert violations(log) == []
    told = states(log, "state start end")
    assert [(s, e) for state, s, e in told if state == "talking"][0][0] == 50
    assert told[-1] == ("available", 150, 200)


def test_busy_over_a_due_break_and_the_end_of_the_shift_is_overtime():
    model = center(queue("a", [50], 100), group("team", [0], shifts=[shift(0, 0, 120, (60, 10))]))
    assert states(play(model, 1, 1), "state overtime start end") == [
        ("available", 0, 0, 50),
        ("talking", 0, 50, 120),
        ("talking", 1, 120, 150),
    ]


def test_deferred_work_is_handed_back_even_when_a_break_was_due():
    crew = group("team", [0], shifts=[shift(0, 0, 120, (60, 10))], hands_back=True)
    assert told(center(email("a", [50], 100), crew)) == [(0, 0, 50, 50, None, "in_hand")]


def test_agents_in_reserve_take_those_in_line_at_closing():
    model = center(queue("a", [50], 10, hours=[(0, 600)]), group("team", [skill(0, reserve=1)]))
    assert told(model) == [(0, 0, 50, 600, 610, "answered")]


def test_work_put_aside_overflows_to_the_next_group_after_the_delay():
    first = group("first", [0, 1], interrupts=frozenset({(0, 1)}))
    second = group("second", [skill(0, 2, after=60)])
    model = center([email("a", [0], 300), queue("b", [10], 1000)], [first, second])
    # ten seconds of 300 are done when the call comes; the second group goes on at 60
    assert told(model, "issue agent leave end stints") == [(0, 1, 0, 350, 2), (1, 0, 10, 1010, 1)]


def test_waiting_call_interrupts_an_email_as_soon_as_only_the_email_is_in_hand():
    crew = group(
        "team", [skill(0, at_once=2), skill(1, at_once=2), skill(2)],
        mixes=E_AND_C, interrupts=frozenset({(0, 2)}),
    )  # fmt: skip
    model = center([email("a", [0], 1000), chat("b", [0], 100), queue("c", [50], 30)], crew)
    assert told(model, "issue leave end") == [(0, 0, 1030), (1, 0, 100), (2, 100, 130)]


def test_nobody_passes_in_line_by_interrupting_where_the_group_prefers_the_email():
    crew = group("team", [skill(0, take=1), skill(1, take=2)], interrupts=frozenset({(0, 1)}))
    # The first chat keeps the agent busy; the second waits; the emails are preferred then.
    model = center([email("a", [10, 10], 500), chat("b", [0, 20, 150], 100)], crew)
    second, third = (row for row in told(model, "queue enter leave") if row[1] in (20, 150))
    assert second[2] <= third[2]


def test_backlog_of_a_live_queue_waits_for_the_opening():
    model = center(
        queue("a", backlog=1, hours=[(600, 3600)]), group("team", [0], [0, 1, 1, 1, 1, 1])
    )
    assert told(model) == [(0, 0, 0, 600, 660, "answered")]


def test_dialling_takes_its_time_whatever_the_speed_of_the_group():
    offer = callback(offer_at=1, answered=0.0)
    model = center(queue("a", [0, 0], 100, callback=offer), group("team", [skill(0, speed=2.0)]))
    assert told(model, "kind leave end outcome")[-1] == ("callback", 50, 70, "no_answer")


def test_second_break_that_is_due_when_the_first_ends_begins_at_once():
    crew = group("team", [0], shifts=[shift(0, 0, 1000, (50, 60), (120, 60))])
    model = center(queue("a", [0, 110], 100), crew)
    assert told(model, "issue leave") == [(0, 0), (1, 220)]


def test_agent_who_stayed_for_the_line_goes_when_the_queue_opens_again():
    crew = group("team", [skill(0, after=1500)], shifts=[shift(0, 0, 600)])
    model = center(queue("a", [500], 50, hours=[(0, 600), (1200, 3600)]), crew)
    assert play(model, 1, 1).presences.end.tolist() == [1200]


def test_new_caller_after_closing_is_sent_away():
    model = center(queue("a", [601], 10, hours=[(0, 600)]), group("team", [0]))
    assert told(model) == [(0, -1, 601, 601, None, "sent_away")]


def test_handing_back_leaves_the_work_to_others():
    several = group(
        "team", [skill(0, at_once=2)], shifts=[shift(0, 0, 100), shift(1, 500, 900)],
        hands_back=True,
    )  # fmt: skip
    log = play(center(email("a", [50], 200), several), 1, 1)
    assert legs(log, "agent leave end talk_s stints") == [(1, 50, 650, 200, 2)]
