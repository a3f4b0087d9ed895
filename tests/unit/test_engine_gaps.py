"""Gaps after contacts: agents who are not ready for a while, which is not handle time."""

from sim.metrics.invariants import violations
from tests.support.log_checks import log_violations
from tests.support.small_models import (
    callback,
    center,
    chat,
    fixed,
    group,
    legs,
    queue,
    shift,
    simulate,
    skill,
    states,
)

GAP = {"gap": fixed(30.0)}


def checked(model):
    log = simulate(model)
    assert violations(log) == []
    assert log_violations(log) == []
    return log


def presences(log):
    return list(zip(log.presences.start.tolist(), log.presences.end.tolist(), strict=True))


def test_next_contact_waits_until_the_gap_after_wrap_up_is_over():
    log = checked(center(queue("a", [0, 10], 60, wrap=10), group("team", [0], 1, **GAP)))
    assert legs(log, "leave end") == [(0, 70), (100, 170)]
    assert states(log, "state load start end") == [
        ("talking", 1, 0, 60), ("wrapping", 1, 60, 70), ("not_ready", 0, 70, 100),
        ("talking", 1, 100, 160), ("wrapping", 1, 160, 170), ("not_ready", 0, 170, 200),
        ("available", 0, 200, 3600),
    ]  # fmt: skip


def test_contact_that_arrives_at_the_very_end_of_a_gap_is_answered_at_once():
    log = checked(center(queue("a", [0, 90], 60), group("team", [0], 1, **GAP)))
    assert legs(log, "leave end") == [(0, 60), (90, 150)]


def test_contact_whose_patience_ends_with_the_gap_is_answered():
    log = checked(center(queue("a", [0, 10], 60, [600, 80]), group("team", [0], 1, **GAP)))
    assert legs(log, "leave outcome") == [(0, "answered"), (90, "answered")]


def test_gap_of_no_length_is_none():
    zero = {"gap": fixed(0.0)}
    log = checked(center(queue("a", [0, 10], 60), group("team", [0], 1, **zero)))
    assert legs(log, "leave end") == [(0, 60), (60, 120)]
    assert "not_ready" not in {state for (state,) in states(log, "state")}


def test_agent_counts_as_idle_from_the_end_of_the_gap():
    # Agent 0 is done at 60, ready at 90; agent 1 is done at 70 and has no gap in another group.
    groups = [group("one", [0], 1, **GAP), group("two", [0], 1)]
    log = checked(center(queue("a", [0, 0, 100], [60, 70, 60]), groups))
    assert legs(log, "agent leave") == [(0, 0), (1, 0), (1, 100)]


def test_break_begins_within_the_gap_and_ends_it():
    team = group("team", [0], shifts=[shift(0, 0, 600, (70, 100))], **GAP)
    log = checked(center(queue("a", [0], 60), team))
    assert states(log, "state start end") == [
        ("talking", 0, 60), ("not_ready", 60, 70), ("on_break", 70, 170), ("available", 170, 600),
    ]  # fmt: skip


def test_break_that_is_due_is_not_put_off_by_a_gap():
    team = group("team", [0], shifts=[shift(0, 0, 600, (50, 100))], **GAP)
    log = checked(center(queue("a", [0], 60), team))
    assert states(log, "state start end") == [
        ("talking", 0, 60), ("on_break", 60, 160), ("available", 160, 600),
    ]  # fmt: skip


def test_shift_ends_within_the_gap_and_without_one_after_overtime():
    team = group("team", [0], shifts=[shift(0, 0, 80), shift(1, 0, 50)], **GAP)
    log = checked(center(queue("a", [0, 0], 60), team))
    assert presences(log) == [(0, 80), (0, 60)]


def test_gap_goes_on_where_the_next_shift_follows_at_once():
    team = group("team", [0], shifts=[shift(0, 0, 80), shift(0, 80, 600)], **GAP)
    log = checked(center(queue("a", [0, 10], 60), team))
    assert legs(log, "leave end") == [(0, 60), (90, 150)]
    assert presences(log) == [(0, 600)]


def test_agent_in_a_gap_goes_before_a_busy_one_when_the_headcount_falls():
    team = group("team", [0], [2, 1, 1, 1, 1, 1], **GAP)
    log = checked(center(queue("a", [0, 0], [580, 1000]), team))
    assert presences(log) == [(0, 600), (0, 3600)]


def test_agent_who_stays_for_a_closed_queue_takes_no_gap():
    asked = queue("a", [0, 10, 20], 60, hours=[(0, 600)])
    asked_late = queue("a", [550, 560, 570], 60, hours=[(0, 600)])
    for one, ends in ((asked, 600), (asked_late, 730)):
        log = checked(center(one, group("team", [0], [1, 0, 0, 0, 0, 0], **GAP)))
        assert presences(log) == [(0, ends)]


def test_gap_of_an_agent_with_chats_follows_the_last_of_them():
    team = group("team", [skill(0, at_once=2)], 1, **GAP)
    log = checked(center(chat("a", [0, 0, 200], [50, 100, 60]), team))
    assert states(log, "state load start end") == [
        ("talking", 2, 0, 50), ("talking", 1, 50, 100), ("not_ready", 0, 100, 130),
        ("available", 0, 130, 200), ("talking", 1, 200, 260), ("not_ready", 0, 260, 290),
        ("available", 0, 290, 3600),
    ]  # fmt: skip


def test_gap_follows_the_wrap_up_that_was_postponed():
    team = group("team", [0], 1, wrap_when_idle=True, **GAP)
    log = checked(center(queue("a", [0, 10], 60, wrap=20), team))
    assert states(log, "state start end") == [
        ("talking", 0, 120), ("wrapping", 120, 140), ("not_ready", 140, 170),
        ("wrapping", 170, 190), ("not_ready", 190, 220), ("available", 220, 3600),
    ]  # fmt: skip


def test_call_that_is_not_answered_is_followed_by_a_gap_too():
    asked = queue("a", [0, 10], 60, callback=callback(offer_at=1, answered=0.0))
    log = checked(center(asked, group("team", [0], 1, **GAP)))
    assert states(log, "state start end")[:4] == [
        ("talking", 0, 60), ("not_ready", 60, 90), ("dialling", 90, 110), ("not_ready", 110, 140),
    ]  # fmt: skip
