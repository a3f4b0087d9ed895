"""Times and orders of large logs, computed for all rows at once, as they are one by one."""

import numpy as np
import pytest

from sim.fileio import dates
from sim.history.call_log import log_cells
from sim.history.call_log.iso_times import iso_times
from sim.history.call_log.sorted_log import order_of_rows
from sim.units import DAY

TIMES = (
    "2026-01-05T08:00:00", "2024-03-01 23:59:59", "1999-12-31T00:00:01", "2100-12-31 12:30:00",
    "1904-02-28T01:02:03", "2000-10-31T10:10:10",
)  # fmt: skip
OTHERS = (
    "2024-02-29T08:00:00", "2026-02-30T08:00:00", "2026-13-01T08:00:00", "2026-00-01T08:00:00",
    "2026-01-05T24:00:00", "2026-01-05T08:60:00", "2026-01-05T08:00:60", "2026-01-05T08:00",
    "2026/01/05T08:00:00", "2026-01-05x08:00:00", "2026-01-05T08:0\u0663:00", "2026-01-05T8:00:00Z",
    "05/01/2026 08:00:00", "", None, 7, 3.5, "2026-01-05T08:00:00.", "2026-01-05T08:00:00Z",
    "2026-01-05T08:00:00.5Z", "2026-01-05T08:00:00+01:00", "2026-01-05T08:00:00.\u0663",
    "2026-01-05 08:00:00 PM", "2026-02-30 08:00:00.5", "2026-01-05 08:00:00.1234567890",
)  # fmt: skip


@pytest.mark.parametrize("text", TIMES)
def test_a_time_is_what_it_is_read_alone(text):
    day, second, zone = dates.moment(text, "year first")
    assert zone is None
    assert iso_times([None, text]).tolist()[1] == np.datetime64(day).astype(int) * DAY + second


@pytest.mark.parametrize("decimals", [".5", ",25", ".123", ".000001", ".3470173", ".806999999"])
@pytest.mark.parametrize("text", TIMES)
def test_decimals_of_seconds_are_what_they_are_read_alone(text, decimals):
    alone, names_zone = log_cells._moment(text + decimals, "year first", None)
    assert not names_zone
    assert iso_times([text, text + decimals]).tolist()[1] == alone


def test_what_is_written_in_another_way_or_impossible_is_left_to_be_read_alone():
    cells = [cell for other in OTHERS for cell in (other, TIMES[0])]
    found = iso_times(cells)
    assert np.isnan(found[::2]).all()
    assert (found[1::2] == found[1]).all()


@pytest.mark.parametrize("distinct", [1, 5, 10_000])
@pytest.mark.parametrize("rows", [0, 1, 2, 3_000])
def test_the_order_is_that_of_all_keys(distinct, rows):
    random = np.random.default_rng(rows + distinct)
    keys = [random.integers(0, 3, rows), random.integers(0, 3, rows).astype(float)]
    keys.append(random.integers(0, distinct, rows).astype(float))
    assert order_of_rows(keys).tolist() == np.lexsort(keys).tolist()
