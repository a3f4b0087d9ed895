"""A clock of twelve hours without am and pm is refused, not read as hours of the night."""

import numpy as np
import pytest

from sim.fileio import table_from_text
from sim.history.call_log import read_call_log
from sim.history.tables.actuals import read_actuals
from sim.scenario import ScenarioError


def twelve(hour):
    return (hour - 1) % 12 + 1


def table(hours):
    lines = [f"{day},{h}:{m},{q},9" for day in ("2026-01-05", "2026-01-06") for q in "ab"
             for h in hours for m in ("00", "30")]  # fmt: skip
    return "\n".join(["Date,Time,Queue,Offered", *lines]) + "\n"


@pytest.mark.parametrize("turn", [1, -1])
def test_a_table_of_such_times_is_refused(turn):
    hours = [twelve(hour) for hour in range(8, 18)][::turn]
    with pytest.raises(ScenarioError) as error:
        read_actuals(table_from_text("t.csv", table(hours)))
    assert str(error.value).startswith("t.csv:")
    assert ": Time: " in str(error.value)
    after, noon = ("'1:00'", "'12:00'") if turn == 1 else ("'11:00'", "'12:00'")
    assert f"{after} follows {noon}" in str(error.value)
    assert "allowed: 13:00 or 1:00 pm" in str(error.value)


@pytest.mark.parametrize(
    "hours",
    [
        range(1, 13),
        range(12, 0, -1),
        [12, 8, 6, 9, 11, 7],
        [8, 9, 12, 1, 2, 18],
        [0, 8, 9, 12, 1, 2],
    ],
)
def test_other_hours_are_read(hours):
    found = read_actuals(table_from_text("t.csv", table(hours)))
    assert {one.second // 3600 for one in found.entries} == set(hours)


def log(hours, shuffled=False):
    rng = np.random.default_rng(1)
    lines = [f"2026-01-0{day} {h:02d}:{m:02d}:10,{q},5,60,agent {q}" for day in (5, 6) for q in "ab"
             for h in hours for m in range(0, 60, 7)]  # fmt: skip
    if shuffled:
        rng.shuffle(lines)
    return "\n".join(["Offered at,Queue,Wait,Talk,Agent", *lines]) + "\n"


def read(tmp_path, text):
    file = tmp_path / "log.csv"
    file.write_text(text)
    return read_call_log(file)


@pytest.mark.parametrize("shuffled", [False, True])
def test_a_call_log_of_such_times_is_refused(tmp_path, shuffled):
    with pytest.raises(ScenarioError, match=r"log\.csv:\d+: Offered at: '2026.*twelve hours"):
        read(tmp_path, log([twelve(hour) for hour in range(8, 18)], shuffled))


@pytest.mark.parametrize(("hours", "shuffled"), [(range(8, 18), True), (range(6, 13), True)])
def test_a_call_log_of_real_hours_is_read(tmp_path, hours, shuffled):
    assert len(read(tmp_path, log(hours, shuffled)).log) == 4 * 9 * len(hours)


def test_times_that_name_their_zone_are_read(tmp_path):
    text = log([twelve(hour) for hour in range(8, 18)]).replace(":10,", ":10Z,")
    assert len(read(tmp_path, text).log) == 4 * 9 * 10
