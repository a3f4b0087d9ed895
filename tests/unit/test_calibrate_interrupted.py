"""An interrupted calibration leaves nothing half-written."""

import os
import signal
import subprocess
import sys

import pytest

from tests.support.recorded_world import rows_of, world, write_log

PROGRAM = """
import signal, sys, time
signal.signal(signal.SIGINT, signal.default_int_handler)
from pathlib import Path
from sim.cli import main
from sim.history.calibration import calibrate_center

def until_interrupted(what):
    print(what, flush=True)
    time.sleep(60)

{replaced}
main(sys.argv[1:])
"""
WHILE_ESTIMATING = """
calibrate_center.estimate_center = lambda log, progress=None: until_interrupted("estimating")
"""
WHILE_WRITING = """
class Found:
    files = {"scenario.toml": "text", "week.csv": "text"}

import sim.history.calibration
import sim.report.calibration.page
sim.history.calibration.calibrate = lambda *_, **__: Found()
sim.report.calibration.page.calibration_page = lambda found: "<p>"
Path.replace = lambda self, target: until_interrupted("writing")
"""


@pytest.mark.skipif(os.name != "posix", reason="signals as POSIX has them")
@pytest.mark.parametrize(
    ("replaced", "left"),
    [
        (WHILE_ESTIMATING, ["log.csv"]),
        pytest.param(WHILE_WRITING, ["center", "log.csv"], marks=pytest.mark.slow),
    ],
)
def test_nothing_half_written_is_left(tmp_path, replaced, left):
    rows = rows_of(world(center__days=5, queue__billing__volume=4, group__team__agents=3))
    write_log(tmp_path / "log.csv", rows)
    ran = subprocess.Popen(
        [sys.executable, "-c", PROGRAM.replace("{replaced}", replaced),
         "calibrate", "log.csv", "--out", "center"],
        cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert ran.stdout is not None
    line = ran.stdout.readline()
    assert line.strip() in ("estimating", "writing"), ran.communicate()[1]
    ran.send_signal(signal.SIGINT)
    out, err = ran.communicate(timeout=60)
    assert (ran.returncode, out) == (130, "")
    assert err.strip().splitlines()[-1] == "interrupted"
    assert "Traceback" not in err
    assert sorted(one.name for one in tmp_path.iterdir()) == left
    if "center" in left:
        assert list((tmp_path / "center").iterdir()) == []
