"""Routing: which agent for a contact, which contact for an agent."""

import pytest

from sim.model import Rule
from tests.support.small_models import (
    center,
    chat,
    drawn,
    email,
    group,
    leg_rows,
    legs,
    queue,
    shift,
    simulate,
    skill,
)


def test_longest_idle_is_asked_first():
    # Agent 0 talks until 60, agent 1 until 40: at 100 the latter has been idle for longer.
    model = center(queue("a", [0, 0, 100], [60, 40, 10]), group("team", [0], 2))
    assert leg_rows(model, "issue agent") == [(0, 0), (1, 1), (2, 1)]


def test_longest_idle_may_be_in_any_group_of_the_same_level():
    model = center(queue("a", [0, 50, 100], 20), [group("m", [0]), group("n", [0])])
    assert leg_rows(model, "issue agent") == [(0, 0), (1, 1), (2, 0)]


def test_of_equals_the_lower_number_is_asked_first():
    assert leg_rows(center(queue("a", [10]), group("team", [0], 3)), "agent") == [(0,)]


def test_least_busy_is_asked_first():
    # Agent 0 has talked for 60 s, agent 1 for 30 s, though agent 1 came free later.
    asked = queue("a", [0, 50, 100], [60, 30, 10], rule=Rule.LEAST_BUSY)
    assert leg_rows(center(asked, group("team", [0], 2)), "issue agent") == [(0, 0), (1, 1), (2, 1)]


def test_least_busy_may_be_in_any_group_of_the_same_level():
    asked = queue("a", [0, 50, 100], [60, 30, 10], rule=Rule.LEAST_BUSY)
    groups = [group("m", [0]), group("n", [0])]
    assert leg_rows(center(asked, groups), "issue agent") == [(0, 0), (1, 1), (2, 1)]


def test_wrap_counts_for_the_least_busy():
    asked = queue("a", [0, 50, 200], [40, 60, 10], wrap=30, rule=Rule.LEAST_BUSY)
    assert leg_rows(center(asked, group("team", [0], 2)), "issue agent")[2] == (2, 0)


def test_fastest_of_a_level_is_asked_first():
    groups = [group("m", [skill(0, speed=1.0)]), group("n", [skill(0, speed=2.0)])]
    asked = queue("a", [0, 10], 60, rule=Rule.FASTEST)
    assert leg_rows(center(asked, groups), "agent end") == [(1, 30), (0, 70)]


def test_best_resolver_of_a_level_is_asked_first():
    groups = [group("m", [skill(0, resolves=0.8)]), group("n", [skill(0, resolves=0.9)])]
    asked = queue("a", [0, 10], 60, rule=Rule.BEST_RESOLVER)
    assert leg_rows(center(asked, groups), "agent") == [(1,), (0,)]


def test_level_comes_before_speed():
    groups = [group("m", [skill(0, 2, speed=2.0)]), group("n", [skill(0, 1)])]
    asked = queue("a", [0, 10], 60, rule=Rule.FASTEST)
    assert leg_rows(center(asked, groups), "agent") == [(1,), (0,)]


def test_level_comes_before_time_idle():
    groups = [group("m", [skill(0, 2)]), group("n", [skill(0, 1)])]
    assert leg_rows(center(queue("a", [0, 100, 110], 60), groups), "agent") == [(1,), (1,), (0,)]


def test_next_level_takes_the_contact_at_the_very_instant_of_the_delay():
    groups = [group("m", [skill(0, 1)]), group("n", [skill(0, 2, after=30)])]
    assert leg_rows(center(queue("a", [0, 10], 100), groups)) == [
        (0, 0, 0, 0, 100, "answered"),
        (1, 1, 10, 40, 140, "answered"),
    ]


def test_overflow_comes_before_the_end_of_patience_at_the_same_instant():
    groups = [group("m", [skill(0, 1)]), group("n", [skill(0, 2, after=30)])]
    model = center(queue("a", [0, 10], 100, [0, 30]), groups)
    assert leg_rows(model)[1] == (1, 1, 10, 40, 140, "answered")


def test_agent_who_comes_free_before_the_delay_leaves_the_contact_in_the_queue():
    # Agent 1 is free from 50 on; the contact of 40 may come to it at 100 only.
    groups = [group("m", [skill(0)]), group("n", [skill(0, 2, after=60), skill(1)])]
    model = center([queue("a", [0, 40], 500), queue("b", [0], 50)], groups)
    assert leg_rows(model, "queue agent leave") == [(0, 0, 0), (1, 1, 0), (0, 1, 100)]


def test_agent_who_comes_free_after_the_delay_takes_the_contact():
    groups = [group("m", [skill(0)]), group("n", [skill(0, 2, after=60), skill(1)])]
    model = center([queue("a", [0, 40], 500), queue("b", [0], 150)], groups)
    assert leg_rows(model, "queue agent leave") == [(0, 0, 0), (1, 1, 0), (0, 1, 150)]


def test_several_groups_are_asked_each_after_its_own_delay():
    groups = [
        group("m", [skill(0)]), group("n", [skill(0, 3, after=90)]),
        group("o", [skill(0, 2, after=30)]),
    ]  # fmt: skip
    model = center(queue("a", [0, 0, 0], 600), groups)
    assert leg_rows(model, "agent leave") == [(0, 0), (2, 30), (1, 90)]


def test_reserve_is_kept_for_others():
    team = group("team", [skill(0, reserve=1), skill(1)], 2)
    model = center([queue("a", [0, 10], 100), queue("b", [20], 60)], team)
    assert leg_rows(model, "issue queue agent leave") == [
        (0, 0, 0, 0),
        (1, 0, 0, 100),
        (2, 1, 1, 20),
    ]


def test_reserve_counts_all_idle_agents_of_the_group_with_the_one_who_has_come_free():
    team = group("team", [skill(0, reserve=2)], 3)
    model = center(queue("a", [0, 0], 100), team)
    assert leg_rows(model, "agent leave") == [(0, 0), (0, 100)]


def test_agent_takes_the_queue_its_group_prefers():
    team = group("team", [skill(0, take=2), skill(1, take=1)])
    model = center([queue("a", [0, 10], 60), queue("b", [20], 60)], team)
    assert leg_rows(model, "queue leave") == [(0, 0), (0, 120), (1, 60)]


def test_preference_of_the_contact_is_not_that_of_the_agent():
    # Whom a contact asks first is the level; what an agent takes first is reported by take.
    groups = [group("m", [skill(0, 1, 9), skill(1, 2, 1)]), group("n", [skill(1, 1, 1)])]
    model = center([queue("a", [0, 5], 60), queue("b", [10, 10], 100)], groups)
    assert leg_rows(model, "queue agent leave") == [
        (0, 0, 0), (0, 0, 160), (1, 1, 10), (1, 0, 60),
    ]  # fmt: skip


def test_live_contact_comes_before_deferred_work():
    model = center([email("a", [0, 5], 60), queue("b", [10], 60)], group("team", [0, 1]))
    assert leg_rows(model, "queue leave") == [(0, 0), (0, 120), (1, 60)]


def test_preference_of_the_group_comes_before_live():
    team = group("team", [skill(0, take=1), skill(1, take=2)])
    model = center([email("a", [0, 20], 60), queue("b", [10], 60)], team)
    assert leg_rows(model, "queue leave") == [(0, 0), (1, 120), (0, 60)]


def test_higher_priority_comes_before_the_longer_wait():
    model = center(
        [queue("a", [0, 10], 60), queue("b", [20], 60, priority=2)], group("team", [0, 1])
    )
    assert leg_rows(model, "queue leave") == [(0, 0), (0, 120), (1, 60)]


def test_longer_wait_decides_among_equal_priorities():
    model = center([queue("a", [0, 20], 60), queue("b", [10], 60)], group("team", [0, 1]))
    assert leg_rows(model, "queue leave") == [(0, 0), (1, 60), (0, 120)]


def test_weight_makes_a_wait_count_for_more():
    # At 60 queue a has waited 50 s, queue b 30 s: doubled it comes first.
    model = center(
        [queue("a", [0, 10], 60), queue("b", [30], 60, weight=2.0)], group("team", [0, 1])
    )
    assert leg_rows(model, "queue leave") == [(0, 0), (0, 120), (1, 60)]


def test_of_equal_weighted_waits_the_one_longer_in_the_queue_comes_first():
    # At 60: 40 s once and 20 s doubled.
    model = center(
        [queue("a", [0, 40], 60, weight=2.0), queue("b", [20], 60)], group("team", [0, 1])
    )
    assert leg_rows(model, "queue leave") == [(0, 0), (1, 60), (0, 120)]


@pytest.mark.parametrize(
    ("head_start", "weight", "first"),
    [(25.0, 1.0, "b"), (20.0, 1.0, "a"), (15.0, 1.0, "a"), (25.0, 0.5, "a"), (5.0, 2.0, "b")],
)
def test_head_start_counts_as_wait_before_the_weight(head_start, weight, first):
    # At 60 queue a has waited 50 s, queue b 30 s; of equals the one who came earlier is first.
    late = queue("b", [30], 60, weight=weight, head_start=head_start)
    model = center([queue("a", [0, 10], 60), late], group("team", [0, 1]))
    order = [(0, 0), (0, 60), (1, 120)] if first == "a" else [(0, 0), (0, 120), (1, 60)]
    assert leg_rows(model, "queue leave") == order


def test_head_start_counts_less_than_priority_and_live_work():
    early = {"head_start": 1000.0}
    asked = [queue("a", [0, 10], 60), queue("b", [30], 60, priority=-1, **early)]
    assert leg_rows(center(asked, group("team", [0, 1])), "queue leave") == [
        (0, 0), (0, 60), (1, 120),
    ]  # fmt: skip
    asked = [queue("a", [0, 40], 60), email("b", [30], 60, **early)]
    assert leg_rows(center(asked, group("team", [0, 1])), "queue leave") == [
        (0, 0), (1, 120), (0, 60),
    ]  # fmt: skip


def test_head_start_longer_than_every_wait_is_a_priority():
    def served(**fields):
        asked = [drawn("a", 40), drawn("b", 20, **fields)]
        log = simulate(center(asked, group("team", [0, 1], 5)))
        return legs(log, "issue queue agent leave end")

    assert served(head_start=1e6) == served(priority=2) != served(head_start=60.0) != served()


def test_arrival_asks_for_agents_before_those_who_log_out_go():
    team = group("team", [0], shifts=[shift(0, 0, 100)])
    assert leg_rows(center(queue("a", [100], 60), team)) == [(0, 0, 100, 100, 160, "answered")]


def test_agent_who_logs_in_at_the_instant_of_an_arrival_takes_it():
    team = group("team", [0], shifts=[shift(0, 100, 200)])
    assert leg_rows(center(queue("a", [100], 60, 0), team)) == [(0, 0, 100, 100, 160, "answered")]


def test_idle_agent_is_asked_before_one_who_has_a_chat_already():
    model = center(chat("a", [0, 10], 100), group("team", [skill(0, at_once=2)], 2))
    assert leg_rows(model, "agent end") == [(0, 100), (1, 110)]


def test_least_loaded_agent_takes_the_chat():
    model = center(chat("a", [0, 1, 2, 3], [100, 500, 500, 500]),
                   group("team", [skill(0, at_once=3)], 2))  # fmt: skip
    # Agent 0 has two active contacts at 3, agent 1 one.
    assert leg_rows(model, "agent") == [(0,), (1,), (0,), (1,)]


def test_no_agent_is_asked_without_the_skill():
    model = center([queue("a", [0], 60), queue("b")], [group("m", [1]), group("n", [0])])
    assert leg_rows(model, "agent") == [(1,)]
