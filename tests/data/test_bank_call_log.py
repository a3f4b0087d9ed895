"""The call log of a bank, January and February 1999: known values are estimated."""

import datetime as dt
import os
from pathlib import Path

import pytest

from sim.history.calibration.center_estimation import estimate_center
from sim.history.calibration.estimate_rows import rows_of
from sim.history.call_log import read_call_log

DATA = Path(os.environ.get("CCPLAN_DATA", Path(__file__).parents[2] / ".." / "shared" / "data"))
LOG = DATA / "anonymous_bank" / "calls_1999_jan_apr.csv.gz"
pytestmark = pytest.mark.skipif(not LOG.is_file(), reason="the recorded calls are not here")


@pytest.fixture(scope="module")
def read():
    return read_call_log(LOG, last=dt.date(1999, 2, 28))


@pytest.fixture(scope="module")
def rows(read):
    return {(row.name, row.scope): row for row in rows_of(estimate_center(read.log))}


def test_all_rows_of_the_two_months_are_read(read):
    assert len(read.log) == 61_286
    assert read.log.days == 59
    missing = next(step for step in read.cleaning.steps if step.name == "missing days")
    assert (missing.count, "1999-01-11" in missing.action) == (2, True)


KNOWN = {
    ("gap_median", "center"): (4, 8),
    # Published as 36 s: of all gaps up to 15 minutes, of which the longest are breaks here.
    ("gap_mean", "center"): (18, 30),
    ("talk_mean", "queue.PS"): (175, 200),
    ("patience_median", "queue.NW"): (120, 240),
    ("talk_day_cv", "center"): (0.04, 0.12),
    ("not_ready_when_quiet", "center"): (0.2, 0.45),
    ("agent_speed_cv", "center"): (0.2, 0.5),
}


def test_no_change_of_the_level_of_talk_is_seen_in_two_months(rows):
    """Weeks differ, but not in a way that lasts; a change is not excluded either."""
    assert ("talk_day_cv", "center") in rows
    assert ("talk_level_at_end", "center") not in rows
    change = rows["talk_level_change", "center"]
    assert change.low == 0
    assert 0.004 < change.value < change.high < 0.03


@pytest.mark.parametrize(("name", "scope"), KNOWN)
def test_known_values_are_estimated(rows, name, scope):
    low, high = KNOWN[name, scope]
    assert low <= rows[name, scope].value <= high
