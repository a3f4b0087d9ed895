"""A terminated command leaves no half-written files."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

SCENARIO = """
[center]
open = "08:00-08:30"
[queue.calls]
volume = 3
talk = "1min"
[group.all]
agents = 1
skills = { calls = 1 }
"""
PROGRAM = """
import signal, sys, time
from pathlib import Path
from sim.cli import main

def never(self, target):
    print("writing", self.name, flush=True)
    {wait}

Path.replace = never
if hasattr(signal, "SIGHUP"):  # ignored where the tests were started by nohup
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
main(sys.argv[1:])
"""
SWALLOWED = """
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            time.sleep(60)
        except BaseException:
            pass
"""


def asked_to_end(folder: Path, number: int, wait: str, *arguments: str) -> tuple[int, str]:
    (folder / "small.toml").write_text(SCENARIO)
    (folder / "tmp").mkdir()
    ran = subprocess.Popen(
        [sys.executable, "-c", PROGRAM.replace("{wait}", wait), *arguments],
        cwd=folder,
        env=os.environ | {"TMPDIR": str(folder / "tmp")},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert ran.stdout is not None
    line = ran.stdout.readline()
    assert line.startswith("writing"), ran.communicate()[1]
    assert (folder / line.split()[1]).exists()
    ran.send_signal(number)
    err = ran.communicate(timeout=30)[1]
    return ran.returncode, err


RUN = ("run", "small.toml", "--runs", "2", "--engine", "reference")


@pytest.mark.skipif(os.name != "posix", reason="signals as POSIX has them")
@pytest.mark.parametrize(
    ("number", "option"),
    [
        ("SIGTERM", "--html=out.html"),
        pytest.param("SIGHUP", "--csv=out.csv", marks=pytest.mark.slow),
        pytest.param("SIGTERM", "--xlsx=out.xlsx", marks=pytest.mark.slow),
    ],
)
def test_nothing_half_written_is_left(tmp_path, number, option):
    number = getattr(signal, number)
    code, err = asked_to_end(tmp_path, number, "time.sleep(60)", *RUN, option)
    assert (code, err) == (128 + number, "")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["small.toml", "tmp"]
    assert list((tmp_path / "tmp").iterdir()) == []


@pytest.mark.skipif(os.name != "posix", reason="signals as POSIX has them")
@pytest.mark.slow
def test_what_swallows_the_end_does_not_hold_it_up(tmp_path):
    code, _ = asked_to_end(tmp_path, signal.SIGTERM, SWALLOWED, *RUN, "--html=out.html")
    assert code == 128 + signal.SIGTERM
    assert sorted(p.name for p in tmp_path.iterdir()) == ["small.toml", "tmp"]


def test_the_program_answers_again_as_before():
    from sim.cli import ending_cleanly

    with ending_cleanly():
        assert signal.getsignal(signal.SIGTERM) != signal.SIG_DFL
    assert signal.getsignal(signal.SIGTERM) == signal.SIG_DFL
