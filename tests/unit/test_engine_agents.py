"""Agents coming and going: headcounts, shifts, breaks, overtime, wrap that is put off."""

import numpy as np

from sim.metrics.invariants import violations
from tests.support.small_models import (
    DAY,
    center,
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


def presences(log):
    columns = (log.presences.agent, log.presences.start, log.presences.end)
    return list(zip(*(column.tolist() for column in columns), strict=True))


# -- headcounts --------------------------------------------------------------------------------


def test_headcount_is_there_from_interval_to_interval():
    log = simulate(center(queue("a"), group("team", [0], [1, 2, 2, 1, 0, 1])), 1, 1)
    assert presences(log) == [(0, 0, 2400), (0, 3000, 3600), (1, 600, 1800)]


def test_idle_agents_go_at_once_when_the_headcount_falls_the_last_one_first():
    model = center(queue("a", [0], 1000), group("team", [0], [3, 1, 1, 1, 1, 1]))
    assert presences(simulate(model, 1, 1)) == [(0, 0, 3600), (1, 0, 600), (2, 0, 600)]


def test_busy_agents_are_asked_to_go_the_last_one_first_and_finish_what_they_have():
    model = center(queue("a", [0, 0, 650], [700, 1000, 60]),
                   group("team", [0], [2, 1, 1, 1, 1, 1]))  # fmt: skip
    log = simulate(model, 1, 1)
    assert presences(log) == [(0, 0, 3600), (1, 0, 1000)]
    assert legs(log, "issue agent leave") == [(0, 0, 0), (1, 1, 0), (2, 0, 700)]


def test_idle_agent_goes_before_a_busy_one_of_higher_number():
    model = center(queue("a", [0, 0], [60, 1000]), group("team", [0], [2, 1, 1, 1, 1, 1]))
    assert presences(simulate(model, 1, 1)) == [(0, 0, 600), (1, 0, 3600)]


def test_agent_who_returns_work_goes_before_one_with_a_call():
    asked = [email("a", [0], 3000), queue("b", [0], 3000)]
    team = group("team", [0, 1], [2, 1, 1, 1, 1, 1], hands_back=True)
    log = simulate(center(asked, team), 1, 1)
    assert presences(log)[0] == (0, 0, 600)


def test_agent_who_is_to_go_takes_nothing_more():
    model = center(queue("a", [0, 0, 610], [1000, 700, 60]),
                   group("team", [0], [2, 1, 1, 1, 1, 1]))  # fmt: skip
    assert leg_rows(model, "issue agent leave") == [(0, 0, 0), (1, 1, 0), (2, 0, 1000)]


def test_rising_headcount_keeps_those_who_were_to_go():
    model = center(queue("a", [0, 0], [1400, 1300]), group("team", [0], [2, 1, 2, 2, 2, 2]))
    assert presences(simulate(model, 1, 1)) == [(0, 0, 3600), (1, 0, 3600)]


def test_headcount_that_falls_to_zero_is_overtime_for_the_busy():
    model = center(queue("a", [590], 60), group("team", [0], [1, 0, 0, 0, 0, 0]))
    log = simulate(model, 1, 1)
    assert states(log, "state overtime start end") == [
        ("available", 0, 0, 590), ("talking", 0, 590, 600), ("talking", 1, 600, 650),
    ]  # fmt: skip
    assert violations(log) == []


def test_overtime_ends_when_the_headcount_rises():
    model = center(queue("a", [590], 1000), group("team", [0], [1, 0, 1, 1, 1, 1]))
    assert states(simulate(model, 1, 1), "state overtime start end") == [
        ("available", 0, 0, 590), ("talking", 0, 590, 600), ("talking", 1, 600, 1200),
        ("talking", 0, 1200, 1590), ("available", 0, 1590, 3600),
    ]  # fmt: skip


def test_contact_that_comes_as_the_headcount_falls_still_meets_the_agent():
    model = center(queue("a", [600], 60), group("team", [0], [1, 0, 0, 0, 0, 0]))
    assert leg_rows(model) == [(0, 0, 600, 600, 660, "answered")]


def test_talk_over_as_the_headcount_falls_frees_an_agent_who_goes():
    model = center(queue("a", [0, 10], [600, 60]), group("team", [0], [1, 0, 0, 0, 0, 0]))
    log = simulate(model, 1, 1)
    # Done at 600, the next one is taken at 600 as well, before anybody goes.
    assert legs(log, "leave end") == [(0, 600), (600, 660)]
    assert presences(log) == [(0, 0, 660)]


def test_chatting_agent_goes_only_when_the_last_chat_is_over():
    team = group("team", [skill(0, at_once=2)], [1, 0, 0, 0, 0, 0])
    log = simulate(center(queue("a", [500, 500, 550], [150, 200, 50]), team), 1, 1)
    # The third in the queue is left to others: the queue stays open.
    assert legs(log, "leave end outcome") == [
        (500, 650, "answered"), (500, 700, "answered"), (None, None, "waiting"),
    ]  # fmt: skip
    assert presences(log) == [(0, 0, 700)]
    assert violations(log) == []


# -- shifts ------------------------------------------------------------------------------------


def test_person_is_there_from_the_start_of_the_shift_to_its_end():
    log = simulate(center(queue("a"), group("team", [0], shifts=[shift(0, 100, 400)])), 1, 1)
    assert presences(log) == [(0, 100, 400)]
    assert states(log, "state load overtime start end") == [("available", 0, 0, 100, 400)]


def test_shift_that_ends_while_busy_is_overtime():
    log = simulate(
        center(queue("a", [90], 60), group("team", [0], shifts=[shift(0, 0, 100)])), 1, 1
    )
    assert states(log, "state overtime start end") == [
        ("available", 0, 0, 90), ("talking", 0, 90, 100), ("talking", 1, 100, 150),
    ]  # fmt: skip
    assert presences(log) == [(0, 0, 150)]


def test_contact_that_arrives_in_overtime_stays_in_the_queue():
    team = group("team", [0], shifts=[shift(0, 0, 100), shift(1, 300, 600)])
    assert leg_rows(center(queue("a", [90, 95], 60), team), "agent leave") == [(0, 90), (1, 300)]


def test_wrap_of_the_last_contact_is_overtime_too():
    team = group("team", [0], shifts=[shift(0, 0, 100)])
    log = simulate(center(queue("a", [50], 60, wrap=30), team), 1, 1)
    assert states(log, "state overtime start end")[1:] == [
        ("talking", 0, 50, 100), ("talking", 1, 100, 110), ("wrapping", 1, 110, 140),
    ]  # fmt: skip


def test_who_does_not_show_up_is_not_there():
    team = group("team", [0], shifts=[shift(0, 0, 100), shift(1, 0, 100)], absent=1.0)
    assert len(simulate(center(queue("a"), team), 1, 1).presences) == 0


def test_absent_of_a_headcount_are_missing_all_day():
    team = group("team", [0], [5, 5, 5, 5, 5, 5], absent=0.5)
    log = simulate(center(queue("a"), team), 1, 1)
    assert 0 < len(log.presences) < 5
    assert np.all(log.presences.end - log.presences.start == 3600)


def test_next_shift_of_a_person_follows_on_without_a_gap():
    day = shift(0, 0, 100), shift(0, 100, 200, day=1)
    model = center(
        queue("a", hours=[(0, 200)]), group("team", [0], shifts=day),
        days=2, day_s=100, interval_s=50,
    )  # fmt: skip
    log = simulate(model, 1, 1)
    assert violations(log) == []
    assert states(log, "state start end") == [("available", 0, 200)]


def test_active_contact_over_the_change_of_shifts_of_a_person_loses_no_time():
    day = shift(0, 0, 100), shift(0, 100, 200, day=1)
    model = center(
        queue("a", [50], 100, hours=[(0, 200)]), group("team", [0], shifts=day),
        days=2, day_s=100, interval_s=50,
    )  # fmt: skip
    log = simulate(model, 1, 1)
    assert violations(log) == []
    told = states(log, "state start end")
    assert [(s, e) for state, s, e in told if state == "talking"][0][0] == 50
    assert told[-1] == ("available", 150, 200)


def test_overtime_that_reaches_into_the_next_shift_ends_there():
    day = shift(0, 0, 100), shift(0, 150, 300)
    log = simulate(center(queue("a", [50], 150), group("team", [0], shifts=day)), 1, 1)
    assert states(log, "state overtime start end") == [
        ("available", 0, 0, 50), ("talking", 0, 50, 100), ("talking", 1, 100, 150),
        ("talking", 0, 150, 200), ("available", 0, 200, 300),
    ]  # fmt: skip
    assert violations(log) == []


def test_round_the_clock_for_two_days():
    day = shift(0, 0, DAY, (3600, 600)), shift(0, DAY, 2 * DAY, (DAY + 3600, 600), day=1)
    model = center(
        queue("a", [DAY - 30], 60, hours=[(0, 2 * DAY)]), group("team", [0], shifts=day),
        days=2, day_s=DAY, interval_s=3600,
    )  # fmt: skip
    log = simulate(model, 1, 1)
    assert violations(log) == []
    breaks = [row[1:] for row in states(log, "state start end") if row[0] == "on_break"]
    assert breaks == [(3600, 4200), (DAY + 3600, DAY + 4200)]
    assert not log.states.overtime.any()


# -- breaks ------------------------------------------------------------------------------------


def test_break_of_an_idle_agent_begins_on_time():
    team = group("team", [0], shifts=[shift(0, 0, 600, (100, 60))])
    assert states(simulate(center(queue("a", [120], 30), team), 1, 1), "state start end") == [
        ("available", 0, 100), ("on_break", 100, 160), ("talking", 160, 190),
        ("available", 190, 600),
    ]  # fmt: skip


def test_break_waits_for_the_active_contact_and_keeps_its_length():
    team = group("team", [0], shifts=[shift(0, 0, 600, (100, 60))])
    log = simulate(center(queue("a", [80, 90], 50, wrap=10), team), 1, 1)
    assert states(log, "state start end")[1:5] == [
        ("talking", 80, 130), ("wrapping", 130, 140), ("on_break", 140, 200),
        ("talking", 200, 250),
    ]  # fmt: skip


def test_contact_that_comes_when_the_break_begins_still_meets_the_agent():
    team = group("team", [0], shifts=[shift(0, 0, 600, (100, 60))])
    log = simulate(center(queue("a", [100], 30), team), 1, 1)
    assert states(log, "state start end")[1:3] == [("talking", 100, 130), ("on_break", 130, 190)]


def test_agent_back_from_the_break_at_the_end_of_patience_takes_the_contact():
    team = group("team", [0], shifts=[shift(0, 0, 600, (100, 60))])
    assert leg_rows(center(queue("a", [120], 30, 40), team)) == [(0, 0, 120, 160, 190, "answered")]


def test_break_begun_late_may_end_after_the_shift_and_the_agent_goes_on_time():
    team = group("team", [0], shifts=[shift(0, 0, 200, (100, 60))])
    log = simulate(center(queue("a", [80], 90), team), 1, 1)
    assert states(log, "state overtime start end")[2:] == [("on_break", 0, 170, 200)]


def test_second_break_that_is_due_when_the_first_ends_begins_at_once():
    team = group("team", [0], shifts=[shift(0, 0, 1000, (50, 60), (120, 60))])
    model = center(queue("a", [0, 110], 100), team)
    assert leg_rows(model, "issue leave") == [(0, 0), (1, 220)]


def test_busy_over_a_due_break_and_the_end_of_the_shift_is_overtime():
    model = center(queue("a", [50], 100), group("team", [0], shifts=[shift(0, 0, 120, (60, 10))]))
    assert states(simulate(model, 1, 1), "state overtime start end") == [
        ("available", 0, 0, 50),
        ("talking", 0, 50, 120),
        ("talking", 1, 120, 150),
    ]


def test_break_over_makes_the_agent_the_one_idle_for_the_shortest_time():
    team = group("team", [0], shifts=[shift(0, 0, 600, (100, 60)), shift(1, 110, 600)])
    assert leg_rows(center(queue("a", [200], 30), team), "agent") == [(1,)]


# -- wrap that is put off ----------------------------------------------------------------------


def test_wrap_is_deferred_until_nothing_waits():
    team = group("team", [0], wrap_when_idle=True)
    log = simulate(center(queue("a", [0, 10], 60, wrap=30), team), 1, 1)
    assert legs(log, "leave talk_end end wrap_s") == [(0, 60, 150, 30), (60, 120, 180, 30)]
    assert states(log, "state start end")[:2] == [("talking", 0, 120), ("wrapping", 120, 180)]
    assert violations(log) == []


def test_wrap_once_begun_is_finished_first():
    team = group("team", [0], wrap_when_idle=True)
    assert leg_rows(center(queue("a", [0, 70], 60, wrap=30), team), "leave end") == [
        (0, 90), (90, 180),
    ]  # fmt: skip


def test_between_two_deferred_wraps_a_contact_comes_first():
    team = group("team", [0], wrap_when_idle=True)
    assert leg_rows(center(queue("a", [0, 10, 130], 60, wrap=30), team), "leave end") == [
        (0, 150), (60, 240), (150, 270),
    ]  # fmt: skip


def test_deferred_wrap_is_done_before_logging_out():
    team = group("team", [0], shifts=[shift(0, 0, 100)], wrap_when_idle=True)
    log = simulate(center(queue("a", [0, 10], 60, wrap=30), team), 1, 1)
    assert presences(log) == [(0, 0, 180)]
    assert violations(log) == []


def test_deferred_wrap_is_done_before_a_break():
    team = group("team", [0], shifts=[shift(0, 0, 600, (50, 60))], wrap_when_idle=True)
    log = simulate(center(queue("a", [0, 10], 60, wrap=30), team), 1, 1)
    assert states(log, "state start end")[:3] == [
        ("talking", 0, 60), ("wrapping", 60, 90), ("on_break", 90, 150),
    ]  # fmt: skip
