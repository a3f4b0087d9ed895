"""Nothing is lost: whatever stops a sweep, the same command goes on to the same bytes."""

import errno
import os
import resource
import signal
import subprocess
import sys
import time

import pytest

from sim.cli import main
from sim.experiment.sweep import sweep
from sim.fileio import UNFINISHED, atomic_files
from tests.support.interrupt import BY_ITSELF
from tests.support.sweep_studies import STUDY, parts, sums, written

LONG = STUDY.replace("runs = 4", "runs = 12")
SHORT = STUDY.replace("group.all.agents = {{ from = 3, to = 6, step = 1 }}\n", "")


@pytest.fixture
def started():
    """Start the command in a process of its own; what is left of it ends with the test."""
    every = []

    def start(study, out, *more, **options):
        command = [sys.executable, "-m", "sim", "sweep", str(study), "--out", str(out), *more]
        every.append(
            subprocess.Popen(
                command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options
            )
        )
        return every[-1]

    yield start
    for process in every:
        process.kill()
        process.wait()
        process.stdout.close()
        process.stderr.close()


def when_begun(process, out, count=2):
    """Wait until some cells are finished and others are not."""
    for _ in range(3000):
        if len(parts(out)) >= count:
            break
        assert process.poll() is None, process.communicate()
        time.sleep(0.01)
    assert count <= len(parts(out)) < 12


@pytest.fixture
def finished(capsys):
    """Repeat the command, in this process."""

    def finish(study, out):
        with pytest.raises(SystemExit) as left:
            main(["sweep", str(study), "--out", str(out), "--workers", "1"])
        assert left.value.code in (0, None)
        return capsys.readouterr()

    return finish


@pytest.fixture
def study(tmp_path):
    return written(tmp_path, LONG)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("undisturbed")
    sweep(written(folder, LONG), folder / "out", workers=1)
    return sums(folder / "out")


@pytest.mark.parametrize("workers", [pytest.param("1", marks=pytest.mark.slow), "2"])
def test_killed_in_the_middle(workers, started, finished, study, undisturbed, tmp_path):
    out = tmp_path / "out"
    process = started(study, out, "--workers", workers)
    when_begun(process, out)
    process.kill()
    process.communicate()
    before = {part: part.stat().st_mtime_ns for part in parts(out)}
    assert not (out / "figures.parquet").exists()
    _, told = finished(study, out)
    assert f"{len(before)} of 12 cells were finished before" in told
    assert {part: part.stat().st_mtime_ns for part in before} == before
    assert sums(out) == undisturbed


@pytest.mark.slow
def test_interrupted_in_the_middle(started, finished, study, undisturbed, tmp_path):
    out = tmp_path / "out"
    process = started(study, out, "--workers", "2", **BY_ITSELF)
    when_begun(process, out)
    os.killpg(process.pid, signal.SIGINT)  # as Ctrl-C: the workers hear it too
    shown, told = process.communicate(timeout=20)
    assert (process.returncode, shown) == (130, "")
    assert told.endswith("interrupted\n")
    assert "Traceback" not in told
    assert list(out.rglob(f"*{UNFINISHED}")) == []
    finished(study, out)
    assert sums(out) == undisturbed


@pytest.mark.slow
def test_workers_of_a_killed_sweep_leave(started, study, tmp_path):
    out = tmp_path / "out"
    process = started(study, out, "--workers", "2")
    when_begun(process, out)
    children = subprocess.run(
        ["pgrep", "-P", str(process.pid)], capture_output=True, text=True, check=True
    ).stdout.split()
    process.kill()
    process.wait()
    for _ in range(1000):
        alive = [pid for pid in children if os.path.exists(f"/proc/{pid}")]
        if not alive:
            return
        time.sleep(0.01)
    pytest.fail(f"{len(alive)} processes are still there")


@pytest.mark.slow
def test_two_on_one_folder(started, finished, study, undisturbed, tmp_path):
    out = tmp_path / "out"
    first = started(study, out, "--workers", "1")
    when_begun(first, out)
    first.send_signal(signal.SIGSTOP)
    second = started(study, out, "--workers", "1")
    shown, told = second.communicate(timeout=20)
    assert (second.returncode, shown) == (2, "")
    assert told == (
        f"error: {out}: another sweep is at work here (process {first.pid}); "
        "wait for it to end, or give another folder\n"
    )
    first.kill()
    first.communicate()
    finished(study, out)
    assert sums(out) == undisturbed


def small_files():
    resource.setrlimit(resource.RLIMIT_FSIZE, (2048, 2048))


@pytest.mark.slow
def test_no_disk_space_for_a_cell_file(started, finished, study, undisturbed, tmp_path):
    out = tmp_path / "out"
    process = started(study, out, "--workers", "1", preexec_fn=small_files)
    shown, told = process.communicate(timeout=30)
    assert (process.returncode, shown) == (2, "")
    assert told == (
        "finished scenarios are saved; repeat the command to resume\nerror: File too large\n"
    )
    assert "Traceback" not in told
    assert parts(out) == []
    assert list(out.rglob(f"*{UNFINISHED}")) == []
    finished(study, out)
    assert sums(out) == undisturbed


@pytest.fixture(scope="module")
def three_cells(tmp_path_factory):
    folder = tmp_path_factory.mktemp("three")
    sweep(written(folder, SHORT), folder / "out", workers=1)
    return sums(folder / "out")


@pytest.mark.parametrize("writes", [1, 2, 4, 5, 6])
def test_full_disk_at_any_write(writes, three_cells, tmp_path, monkeypatch, capsys):
    """The manifest, then three parts, then the two tables: each may meet a full disk."""
    study = written(tmp_path, SHORT)
    left, real = [writes - 1], atomic_files.sync

    def full(file):
        if not left[0]:
            raise OSError(errno.ENOSPC, "No space left on device")
        left[0] -= 1
        real(file)

    monkeypatch.setattr(atomic_files, "sync", full)
    command = ["sweep", str(study), "--out", str(tmp_path / "out"), "--workers", "1"]
    with pytest.raises(SystemExit) as left_with:
        main(command)
    assert left_with.value.code == 2
    assert "No space left on device" in capsys.readouterr().err
    assert list((tmp_path / "out").rglob(f"*{UNFINISHED}")) == []
    assert len(parts(tmp_path / "out")) == min(max(writes - 2, 0), 3)
    monkeypatch.setattr(atomic_files, "sync", real)
    with pytest.raises(SystemExit) as left_with:
        main(command)
    assert left_with.value.code in (0, None)
    assert sums(tmp_path / "out") == three_cells
