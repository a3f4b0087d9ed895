"""Breaks that wait for a quiet moment: agents who have nothing to do are not always ready."""

import numpy as np
import pytest

from sim.distributions import Exponential
from sim.metrics.invariants import violations
from sim.model import QuietBreaks
from sim.tape import draw_tape
from tests.support.log_checks import log_violations
from tests.support.small_models import (
    center,
    drawn,
    fixed,
    group,
    legs,
    queue,
    shift,
    simulate,
    states,
)


def breaks(share, length=300.0, ready=None):
    ready = length * (1 - share) / share if ready is None else ready
    return {"quiet": QuietBreaks(share, fixed(length), Exponential(ready))}


ALWAYS, NEVER = breaks(1.0, 100.0, 1e9), breaks(1e-12, 100.0, 1e9)


def checked(model):
    log = simulate(model)
    assert violations(log) == []
    assert log_violations(log) == []
    return log


def test_agent_who_has_finished_a_contact_takes_a_break_where_nothing_waits():
    log = checked(center(queue("a", [10, 20], 60), group("team", [0], 1, **ALWAYS)))
    assert states(log, "state start end") == [
        ("available", 0, 10), ("talking", 10, 130), ("not_ready", 130, 230),
        ("available", 230, 3600),
    ]  # fmt: skip


def test_contact_that_arrives_in_a_break_waits_for_its_end_and_another_break_follows():
    log = checked(center(queue("a", [10, 80], 60), group("team", [0], 1, **ALWAYS)))
    assert legs(log, "leave end") == [(10, 70), (170, 230)]
    assert states(log, "state start end")[2:5] == [
        ("not_ready", 70, 170), ("talking", 170, 230), ("not_ready", 230, 330),
    ]  # fmt: skip


def test_no_break_follows_where_the_share_is_small_or_at_the_start_of_a_shift():
    log = checked(center(queue("a", [10], 60), group("team", [0], 2, **NEVER)))
    assert "not_ready" not in {state for (state,) in states(log, "state")}
    idle = checked(center(queue("a"), group("team", [0], 1, **ALWAYS)))
    assert states(idle, "state start end") == [("available", 0, 3600)]


def test_gap_comes_first_and_the_break_follows_it_if_nothing_has_come_meanwhile():
    team = group("team", [0], 1, gap=fixed(30.0), **ALWAYS)
    log = checked(center(queue("a", [0], 60), team))
    assert states(log, "state start end")[1:] == [
        ("not_ready", 60, 190), ("available", 190, 3600),
    ]  # fmt: skip
    log = checked(center(queue("a", [0, 80], 60), team))
    assert legs(log, "leave end") == [(0, 60), (90, 150)]


def test_scheduled_break_and_end_of_the_shift_end_such_a_break():
    team = group("team", [0], shifts=[shift(0, 0, 400, (100, 50))], **ALWAYS)
    log = checked(center(queue("a", [0, 250], 60), team))
    assert states(log, "state start end") == [
        ("talking", 0, 60), ("not_ready", 60, 100), ("on_break", 100, 150), ("available", 150, 250),
        ("talking", 250, 310), ("not_ready", 310, 400),
    ]  # fmt: skip


def test_later_breaks_come_as_the_tape_says():
    model = center(queue("a"), group("team", [0], 1, **breaks(0.5)))
    tape, now, number, expected = draw_tape(model, 1, 1), 0.0, 0, []
    quiet = model.groups[0].quiet
    while True:
        begin = now + quiet.ready.quantile(tape.agent_uniform(0, 0, number))
        if begin >= 3600:
            break
        expected.append((round(begin, 6), round(min(begin + 300, 3600), 6)))
        now, number = begin + 300, number + 2
    log = checked(model)
    told = [(a, b) for state, a, b in states(log, "state start end") if state == "not_ready"]
    assert told == expected != []


def test_contact_calls_off_the_break_that_was_to_come():
    ready = Exponential(200.0)
    team = group("team", [0], 1, quiet=QuietBreaks(1e-12, fixed(50.0), ready))
    tape = draw_tape(center(queue("a"), team), 1, 1)
    first = ready.quantile(tape.agent_uniform(0, 0, 0))
    log = checked(center(queue("a", [first - 1], 60), team))
    begins = [a for state, a in states(log, "state start") if state == "not_ready"]
    second = ready.quantile(tape.agent_uniform(0, 0, 2))
    assert begins[0] == pytest.approx(first + 59 + second)


@pytest.mark.parametrize("share", [0.2, 0.5, 0.8])
def test_share_of_agents_without_contacts_is_not_ready_in_quiet_times(share):
    model = center(queue("a"), group("team", [0], 40, **breaks(share, 60.0)))
    found = simulate(model).states
    length = found.end - found.start
    assert length[found.state == 7].sum() / length.sum() == pytest.approx(share, abs=0.02)


def test_draws_of_agents_depend_on_group_and_agent_and_are_mirrored():
    team = group("team", [0], 2, **breaks(0.5))
    plain = group("plain", [0], 2)
    alone = draw_tape(center(queue("a"), team), 1, 1)
    among = draw_tape(center(queue("a"), [plain, team]), 1, 1)
    assert alone.agent_uniform(0, 1, 5) == among.agent_uniform(1, 1, 5)
    assert among.pause_keys[0] == 0
    numbers = {alone.agent_uniform(0, agent, n) for agent in range(50) for n in range(50)}
    assert len(numbers) == 2500
    assert np.mean(list(numbers)) == pytest.approx(0.5, abs=0.03)
    pair = [draw_tape(center(queue("a"), team), 1, k, antithetic=True) for k in (1, 2)]
    assert sum(tape.agent_uniform(0, 0, 3) for tape in pair) == 1.0


def test_more_frequent_breaks_leave_customers_and_their_work_as_they_were():
    logs = [
        simulate(center(drawn("a", 30), group("team", [0], 4, **breaks(share))))
        for share in (0.1, 0.8)
    ]
    assert logs[0].legs.enter.tolist() == logs[1].legs.enter.tolist()
    waits = [(log.legs.leave - log.legs.enter).mean() for log in logs]
    assert waits[0] < waits[1]
