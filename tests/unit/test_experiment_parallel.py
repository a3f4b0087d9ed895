"""Replications shared out to threads or processes are those simulated one after the other."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import numpy as np
import pytest

from sim.experiment import ReplicationError, replications
from sim.experiment.kernel_tallies import KernelTallier
from sim.experiment.replications import simulate_replications
from sim.metrics import Tally, stack
from sim.model import build
from sim.scenario import load
from sim.tape.tape_drawer import TapeDrawer

NUMBERS = range(5, 29)


@pytest.fixture(scope="module")
def model():
    return build(load("callback_peak"))


def assert_same(tallies: Iterator[Tally], model, antithetic: bool = False) -> None:
    one = stack(tallies)
    other = stack(simulate_replications(model, 3, NUMBERS, workers=1, antithetic=antithetic))
    assert one.runs == len(NUMBERS)
    np.testing.assert_array_equal(one.legs, other.legs)
    np.testing.assert_array_equal(one.longest, other.longest)


def threads_used(monkeypatch, wait_for: int = 1) -> set[str]:
    """Return the names of the threads that simulate, filled as they do.

    The main thread waits for so many before it takes its share of the batches.
    """
    found: set[str] = set()
    tally, all_begun = KernelTallier.tally_together, threading.Event()

    def noted(self, tapes):
        found.add(threading.current_thread().name)
        if len(found) >= wait_for:
            all_begun.set()
        if tapes.replications[0] > NUMBERS[1]:
            assert all_begun.wait(timeout=30)
        return tally(self, tapes)

    monkeypatch.setattr(KernelTallier, "tally_together", noted)
    return found


@pytest.mark.parametrize("antithetic", [False, True])
@pytest.mark.parametrize("workers", [2, 3])
def test_threads_give_the_same_tallies_in_the_same_order(workers, antithetic, model, monkeypatch):
    found = threads_used(monkeypatch, wait_for=workers)
    tallies = simulate_replications(model, 3, NUMBERS, workers=workers, antithetic=antithetic)
    assert_same(tallies, model, antithetic)
    assert len(found) == workers  # the main thread is one of them


def test_long_work_of_the_kernel_is_for_processes(model, monkeypatch):
    monkeypatch.setitem(replications.WORTH_PROCESSES_S, "kernel", 0.0)
    found = threads_used(monkeypatch)
    assert_same(simulate_replications(model, 3, NUMBERS, workers=2), model)
    assert found == {"MainThread"}  # the first two here, to see how long they take


def test_short_work_is_not_shared_out(model, monkeypatch):
    monkeypatch.setattr(replications, "WORTH_THREADS_S", 1e9)
    found = threads_used(monkeypatch)
    assert_same(simulate_replications(model, 3, NUMBERS), model)
    assert found == {"MainThread"}


def test_work_above_the_bound_is_shared_out_to_all_cores(model, monkeypatch):
    monkeypatch.setattr(replications, "WORTH_THREADS_S", 0.0)
    monkeypatch.setattr(replications, "cpu_count", lambda: 2)
    found = threads_used(monkeypatch, wait_for=2)
    assert_same(simulate_replications(model, 3, NUMBERS), model)
    assert len(found) == 2


def test_failure_in_a_thread_names_the_replication_and_ends_the_others(model, monkeypatch):
    draw, drawn = TapeDrawer.draw_together, []

    def failing(self, seed, numbers):
        drawn.extend(numbers)
        if 9 in numbers:
            raise ArithmeticError("boom")
        return draw(self, seed, numbers)

    monkeypatch.setattr(TapeDrawer, "draw_together", failing)
    monkeypatch.setitem(replications.WORTH_PROCESSES_S, "kernel", 1e9)
    with pytest.raises(ReplicationError, match=r"seed 3, replication 9: ArithmeticError: boom"):
        list(simulate_replications(model, 3, range(5, 400), workers=2))
    assert len(drawn) < 300
    assert threading.active_count() < 10


def test_leaving_early_ends_the_threads(model, monkeypatch):
    monkeypatch.setitem(replications.WORTH_PROCESSES_S, "kernel", 1e9)
    before = threading.active_count()
    tallies = simulate_replications(model, 3, range(1, 400), workers=2)
    for _ in range(5):
        next(tallies)
    assert threading.active_count() > before
    tallies.close()
    assert threading.active_count() == before
