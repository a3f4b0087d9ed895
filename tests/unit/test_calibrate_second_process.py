"""A large log is calibrated in two processes, with the same result."""

import os
import time

import pytest

from sim.history.calibration import calibrate_center, second_process
from sim.history.calibration.second_process import second_process as open_process
from sim.history.call_log import read_call_log
from tests.support.recorded_world import rows_of, world, write_log


@pytest.fixture(scope="module")
def log(tmp_path_factory):
    rows = rows_of(world(center__days=12, queue__billing__volume=6, group__team__agents=4))
    return read_call_log(write_log(tmp_path_factory.mktemp("log") / "log.csv", rows)).log


@pytest.fixture
def two_processes(monkeypatch):
    monkeypatch.setattr(second_process, "WORTH_CONTACTS", 0)
    monkeypatch.setattr(second_process, "cpu_count", lambda: 2)


def ignored(done, steps):
    """Take the progress, and do nothing."""


def test_the_result_is_the_same_and_the_process_ends_with_the_work(log, two_processes):
    calls = []

    def cancelled(done, steps):
        calls.append(done)
        if len(calls) == 2:
            raise KeyboardInterrupt

    with open_process(log) as submit:
        number = submit(lambda log, progress: os.getpid())(ignored)
        by_half = submit(calibrate_center._rows_of_halves)(ignored)
        asleep = submit(lambda log, progress: time.sleep(60))
        with pytest.raises(KeyboardInterrupt):
            asleep(cancelled)
    assert number != os.getpid()
    assert len(by_half[0]) > 10
    assert repr(by_half) == repr(calibrate_center._rows_of_halves(log, ignored))
    with pytest.raises(ProcessLookupError):
        os.kill(number, 0)


def test_what_a_process_that_was_killed_leaves_is_computed_here(log, two_processes):
    here = os.getpid()
    with open_process(log) as submit:
        found = submit(lambda log, progress: here if os.getpid() == here else os._exit(1))
        assert found(ignored) == here


@pytest.mark.parametrize(("contacts", "cores"), [(10**9, 2), (0, 1)])
def test_small_logs_and_single_cores_need_no_second_process(log, monkeypatch, contacts, cores):
    monkeypatch.setattr(second_process, "WORTH_CONTACTS", contacts)
    monkeypatch.setattr(second_process, "cpu_count", lambda: cores)
    with open_process(log) as submit:
        assert submit(lambda log, progress: os.getpid())(ignored) == os.getpid()
