"""Several contacts at once: how many, how fast, and what goes with what."""

from sim.metrics.invariants import violations
from tests.support.small_models import (
    center,
    chat,
    email,
    group,
    leg_rows,
    legs,
    queue,
    simulate,
    skill,
    states,
)

E_AND_C = frozenset({("chat", "email"), ("email", "chat")})


def pair(speed=(1.0, 0.5), **fields):
    return group("team", [skill(0, at_once=2, speed=speed)], **fields)


def test_second_chat_slows_the_first_one_down():
    # Until 40 the first is alone; then both at half speed: its last 60 s take 120 s, until
    # 160. By then 60 s of the second are done; the other 40 s go at full speed again.
    assert leg_rows(center(chat("a", [0, 40], 100), pair())) == [
        (0, 0, 0, 0, 160, "answered"),
        (1, 0, 40, 40, 200, "answered"),
    ]


def test_speed_follows_the_number_of_active_chats_one_by_one():
    team = group("team", [skill(0, at_once=3, speed=(1.0, 0.8, 0.5))])
    log = simulate(center(chat("a", [0, 50, 100], [140, 110, 60]), team), 1, 1)
    # Issue 0: 50 s alone, 50 s at 0.8 (40), then 50 s left at 0.5: until 200.
    # Issue 1: 40 by 100, 50 more by 200, the last 20 of 110 at 0.8: until 225.
    # Issue 2: 50 by 200, the last 10 at 0.8: until 212.5; from there issue 1, alone, has 10 left.
    assert legs(log, "issue leave end") == [(0, 0, 200), (1, 50, 222.5), (2, 100, 212.5)]
    assert states(log, "load start end")[:5] == [
        (1, 0, 50), (2, 50, 100), (3, 100, 200), (2, 200, 212.5), (1, 212.5, 222.5),
    ]  # fmt: skip
    assert violations(log) == []


def test_no_more_at_once_than_allowed():
    assert leg_rows(center(chat("a", [0, 0, 0], 100), pair((1.0, 1.0))), "leave end") == [
        (0, 100), (0, 100), (100, 200),
    ]  # fmt: skip


def test_next_chat_comes_as_soon_as_one_is_over():
    team = pair((1.0, 1.0))
    assert leg_rows(center(chat("a", [0, 0, 10], [50, 100, 30]), team), "leave end") == [
        (0, 50), (0, 100), (50, 80),
    ]  # fmt: skip


def test_two_chats_that_end_at_one_instant_free_capacity_for_two():
    log = simulate(center(chat("a", [0, 0, 10, 20], 100), pair((1.0, 1.0))), 1, 1)
    assert legs(log, "leave end") == [(0, 100), (0, 100), (100, 200), (100, 200)]
    assert violations(log) == []


def test_wrap_keeps_a_chat_active_and_its_speed_falls_too():
    # 60 s talk and 30 s wrap of the first: from 75 on both at half speed.
    log = simulate(center(chat("a", [0, 75], [60, 100], wrap=30), pair()), 1, 1)
    # Wrap: 15 s done by 75, the other 15 s take 30 s. Second: 15 done by 105, then alone.
    assert legs(log, "talk_end end wrap_s") == [(60, 105, 45), (190, 220, 30)]
    assert states(log, "state load start end")[:4] == [
        ("talking", 1, 0, 60), ("wrapping", 1, 60, 75), ("talking", 2, 75, 105),
        ("talking", 1, 105, 190),
    ]  # fmt: skip


def test_talk_while_another_chat_came_and_went_is_counted_by_the_clock():
    log = simulate(center(chat("a", [0, 40], 100), pair()), 1, 1)
    assert legs(log, "talk_s work done") == [(160, 100, 100), (160, 100, 100)]


def test_call_and_chat_do_not_mix_unless_said():
    team = group("team", [skill(0, at_once=2), skill(1)])
    model = center([chat("a", [0, 10], 100), queue("b", [5], 60)], team)
    assert leg_rows(model, "queue leave") == [(0, 0), (1, 110), (0, 10)]


def test_channels_that_mix_go_together_within_their_capacity():
    team = group("team", [skill(0, at_once=2), skill(1, at_once=2)], mixes=E_AND_C)
    model = center([chat("a", [0, 1], 100), email("b", [0], 60)], team)
    # A chat and an email take half of the agent each; the second chat waits for room.
    assert leg_rows(model, "queue leave end") == [(0, 0, 100), (1, 0, 60), (0, 60, 160)]


def test_channels_that_do_not_mix_wait_for_one_another_though_there_is_capacity():
    team = group("team", [skill(0, at_once=2), skill(1, at_once=2)])
    model = center([chat("a", [0, 10], 100), email("b", [5], 60)], team)
    assert leg_rows(model, "queue leave") == [(0, 0), (1, 110), (0, 10)]


def test_exclusive_work_does_not_go_with_anything_though_channels_mix():
    team = group("team", [skill(0, at_once=2), skill(1)], mixes=E_AND_C)
    model = center([chat("a", [0], 100), email("b", [0], 60)], team)
    assert leg_rows(model, "queue leave") == [(0, 0), (1, 100)]


def test_two_queues_of_one_channel_go_together():
    team = group("team", [skill(0, at_once=2), skill(1, at_once=2)])
    model = center([chat("a", [0], 100), chat("b", [10], 100)], team)
    assert leg_rows(model, "leave") == [(0,), (10,)]


def test_speed_is_that_of_the_skill_of_each_contact():
    team = group("team", [skill(0, at_once=2, speed=(1, 0.5)), skill(1, at_once=2, speed=(1, 1))])
    model = center([chat("a", [0], 100), chat("b", [0], 100)], team)
    # After 100 s the second is done at full speed, half of the first is left.
    assert leg_rows(model, "queue end") == [(0, 150), (1, 100)]


def test_states_name_a_call_before_deferred_work():
    team = group("team", [skill(0, at_once=2), skill(1, at_once=2)], mixes=E_AND_C)
    model = center([chat("a", [10], 20), email("b", [0], 60)], team)
    assert states(simulate(model, 1, 1), "state load start end")[:3] == [
        ("working", 1, 0, 10), ("talking", 2, 10, 30), ("working", 1, 30, 60),
    ]  # fmt: skip
