"""The adapter to SimPy: what it relies on in the installed SimPy, and what it adds."""

from __future__ import annotations

from collections.abc import Generator
from heapq import heappush
from typing import Any

import pytest
import simpy
from simpy.events import NORMAL, PENDING, URGENT

from sim.engine.ranked_events import RankedEnvironment, RankedTimeout
from sim.engine.rules import Rank

INSTALLED = f"SimPy {simpy.__version__} differs from what sim/engine/ranked_events.py relies on"


def test_simpy_keeps_events_as_the_adapter_enters_them() -> None:
    env = simpy.Environment(initial_time=5.0)
    event = env.event()
    env.schedule(event, priority=NORMAL, delay=2.0)
    [entry] = env._queue
    assert entry[:2] == (7.0, NORMAL), INSTALLED
    assert entry[3] is event, INSTALLED
    assert entry[2] < next(env._eid), INSTALLED
    later: Any = (6.0, int(Rank.CLOSING), next(env._eid), env.timeout(100.0))
    heappush(env._queue, later)
    env.step()
    assert env.now == 6.0, INSTALLED  # the first entry of the heap is the next event


def test_simpys_own_priorities_come_before_all_ranks() -> None:
    assert URGENT < NORMAL < min(Rank), INSTALLED


def test_a_ranked_timeout_is_all_that_a_timeout_of_simpy_is() -> None:
    env = RankedEnvironment()
    ours, theirs = RankedTimeout(env, 5.0, Rank.CLOSING), env.timeout(5.0)
    known = set(vars(theirs)) - {"_delay"}
    assert set(vars(ours)) == known, INSTALLED
    for name in known:
        assert getattr(ours, name) == getattr(theirs, name), f"{INSTALLED}: {name}"
    assert ours.triggered
    assert not ours.processed
    assert PENDING not in (ours._value, theirs._value), INSTALLED


def _note(
    env: simpy.Environment, event: simpy.Event, notes: list[Any], name: str
) -> Generator[simpy.Event, Any, None]:
    yield event
    notes.append((name, env.now))


def test_simultaneous_timeouts_happen_by_rank_then_number_whenever_they_were_scheduled() -> None:
    env, notes = RankedEnvironment(), []
    scheduled = [(Rank.CLOSING, 0), (Rank.PATIENCE, 7), (Rank.PATIENCE, 2), (Rank.OPENING, 9)]
    for rank, number in scheduled:
        env.process(_note(env, env.timeout_at(60.0, rank, number), notes, f"{rank.name} {number}"))
    env.run()
    names = ["OPENING 9", "PATIENCE 2", "PATIENCE 7", "CLOSING 0"]
    assert notes == [(name, 60.0) for name in names]


def test_consequences_of_a_timeout_are_settled_before_the_next_of_that_instant() -> None:
    env, notes = RankedEnvironment(), []

    def consequence(depth: int) -> Generator[simpy.Event, Any, None]:
        yield env.event().succeed()
        if depth:
            yield env.process(consequence(depth - 1))
        notes.append(depth)

    def first() -> Generator[simpy.Event, Any, None]:
        yield env.timeout_at(60.0, Rank.OPENING, 0)
        env.process(consequence(3))

    env.process(first())
    env.process(_note(env, env.timeout_at(60.0, Rank.COMPLETION, 0), notes, "next"))
    env.run()
    assert notes == [0, 1, 2, 3, ("next", 60.0)]


def test_an_instant_is_met_to_the_bit_where_a_delay_rounds() -> None:
    env, start, instant = RankedEnvironment(), 16384.2, 57600.1
    assert start + (instant - start) != instant
    notes: list[Any] = []

    def process() -> Generator[simpy.Event, Any, None]:
        yield env.timeout_at(start, Rank.OPENING, 0)
        yield env.timeout_at(instant, Rank.CLOSING, 0)
        notes.append(env.now)

    env.process(process())
    env.run()
    assert notes == [instant]


@pytest.mark.parametrize(("instants", "expected"), [([3.0], 3.0), ([9.0], 9.0), ([3.0, 7.0], 7.0)])
def test_a_rescheduled_timer_happens_once_at_its_last_instant(
    instants: list[float], expected: float
) -> None:
    env, notes = RankedEnvironment(), []
    timer = env.timer_at(5.0, Rank.COMPLETION, 1)
    env.process(_note(env, timer, notes, "done"))
    for instant in instants:
        timer.reschedule(instant)
    env.run()
    assert notes == [("done", expected)]


def test_a_process_that_waits_for_a_timer_can_be_interrupted_after_a_reschedule() -> None:
    env, notes = RankedEnvironment(), []
    timer = env.timer_at(5.0, Rank.COMPLETION, 1)

    def waits() -> Generator[simpy.Event, Any, None]:
        try:
            yield timer
        except simpy.Interrupt:
            notes.append(("interrupted", env.now))

    process = env.process(waits())

    def interrupts() -> Generator[simpy.Event, Any, None]:
        yield env.timeout_at(2.0, Rank.ARRIVAL, 0)
        timer.reschedule(4.0)
        process.interrupt()

    env.process(interrupts())
    env.run()
    assert notes == [("interrupted", 2.0)]
