"""A sweep on a cluster of processes, of which some die."""

import os
import signal
import socket
import subprocess
import sys
import time
import warnings
from contextlib import ExitStack, contextmanager

import pytest

from sim.experiment.sweep import WorkerError, sweep, worker_pool
from sim.units import BadInputError
from tests.support.sweep_studies import STUDY, parts, sums, written

pytest.importorskip("distributed")


@contextmanager
def cluster(workers, **settings):
    """A scheduler and workers, each a process of its own."""
    from dask import config
    from distributed import LocalCluster

    options = {"n_workers": workers, "threads_per_worker": 1, "dashboard_address": None}
    quiet = {"silence_logs": 50, "processes": True}
    with warnings.catch_warnings(), config.set(settings):
        warnings.simplefilter("ignore")  # what the cluster leaves open when it is torn down
        with LocalCluster(**options, **quiet) as made:
            yield made


@pytest.mark.slow
def test_a_worker_killed_in_the_middle_changes_nothing(tmp_path):
    study = written(tmp_path, STUDY.replace("runs = 4", "runs = 12"))
    sweep(study, tmp_path / "alone", workers=1)
    killed = []
    with cluster(2) as made:

        def progress(done, planned, before):
            if done == 3:
                killed.append(made.workers[0].pid)
                os.kill(killed[0], signal.SIGKILL)

        swept = sweep(study, tmp_path / "out", cluster=made.scheduler_address, progress=progress)
    assert (len(killed), swept.fresh) == (1, 12)
    assert sums(tmp_path / "out") == sums(tmp_path / "alone")


@contextmanager
def started(*arguments, **given):
    """A process that is ended at the latest when the test is."""
    quiet = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    process = subprocess.Popen([sys.executable, "-m", *arguments], **quiet | given)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def until(holds, seconds=60.0):
    end = time.monotonic() + seconds
    while not holds() and time.monotonic() < end:
        time.sleep(0.05)
    return holds()


def listens(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.mark.slow
def test_a_scheduler_that_goes_away_is_one_message_and_what_was_finished_is_kept(tmp_path):
    study, out = written(tmp_path, STUDY.replace("runs = 4", "runs = 400")), tmp_path / "out"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"tcp://127.0.0.1:{port}"
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    options = ("--host", "127.0.0.1", "--port", str(port), "--no-dashboard")
    ours = ("sim", "sweep", str(study), "--out", str(out), "--cluster", address)
    with ExitStack() as stack:
        scheduler = stack.enter_context(
            started("distributed.cli.dask_scheduler", *options, **quiet)
        )
        assert until(lambda: listens(port))
        worker = ("distributed.cli.dask_worker", address, "--nthreads", "1", "--no-dashboard")
        stack.enter_context(started(*worker, "--no-nanny", **quiet))
        ran = stack.enter_context(started(*ours))
        assert until(lambda: parts(out) or ran.poll() is not None)
        scheduler.kill()
        told = ran.communicate(timeout=60)[1].splitlines()
    assert ran.returncode == 2
    assert told[-1].startswith(f"error: --cluster {address}: the scheduler went away")
    assert told[-2] == "finished scenarios are saved; repeat the command to resume"
    assert not any("Traceback" in line for line in told)
    assert parts(out)


def dies(task):
    os._exit(9)


@pytest.fixture
def deadly(monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr(worker_pool, "simulate_cell", dies)
        yield "ended without a word, as they do when memory"


def test_a_cell_that_kills_its_process_ends_the_sweep_with_a_word(tmp_path, deadly):
    with pytest.raises(WorkerError, match=deadly):
        sweep(written(tmp_path), tmp_path / "out", workers=2)
    assert parts(tmp_path / "out") == []


@pytest.mark.slow
def test_a_cell_that_kills_workers_ends_the_sweep_with_a_word(tmp_path, deadly):
    study = written(tmp_path)
    with cluster(1, **{"distributed.scheduler.allowed-failures": 0}) as made:
        address = made.scheduler_address
        with pytest.raises(WorkerError, match=deadly):
            sweep(study, tmp_path / "out", cluster=address)
    assert parts(tmp_path / "out") == []


def test_a_cluster_of_one_simulates_the_cells_itself(tmp_path, monkeypatch):
    text = STUDY.replace("step = 1", "step = 3")
    study = written(tmp_path, text)
    with cluster(1) as made:
        monkeypatch.setattr(
            "sim.experiment.sweep.worker._cell_result", lambda task: pytest.fail("here")
        )
        assert sweep(study, tmp_path / "out", cluster=made.scheduler_address).fresh == 6


@pytest.mark.parametrize("address", ["nonsense", "tcp://127.0.0.1", "tcp://127.0.0.1:99999", ""])
def test_no_address(tmp_path, address):
    with pytest.raises(BadInputError, match=r"no scheduler answers there \(it is not an address\)"):
        sweep(written(tmp_path), tmp_path / "out", cluster=address)


def test_no_scheduler(tmp_path, monkeypatch):
    monkeypatch.setattr(worker_pool, "CONNECT_S", 0.5)
    with pytest.raises(BadInputError, match=r"--cluster tcp://127\.0\.0\.1:9: no scheduler"):
        sweep(written(tmp_path), tmp_path / "out", cluster="tcp://127.0.0.1:9")


def test_no_workers(tmp_path, monkeypatch):
    monkeypatch.setattr(worker_pool, "CONNECT_S", 0.5)
    with cluster(0) as made, pytest.raises(BadInputError, match="the scheduler has no workers"):
        sweep(written(tmp_path), tmp_path / "out", cluster=made.scheduler_address)


def test_workers_of_another_version_are_refused(tmp_path, monkeypatch):
    from dataclasses import replace

    real = worker_pool.simulate_cell
    monkeypatch.setattr(
        worker_pool, "simulate_cell", lambda task: replace(real(task), version="0.0.1")
    )
    with pytest.raises(WorkerError, match=r"a worker has ccplan 0\.0\.1"):
        sweep(written(tmp_path), tmp_path / "out", workers=1)
    assert parts(tmp_path / "out") == []
