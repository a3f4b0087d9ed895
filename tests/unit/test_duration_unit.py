"""Handle times in another unit than seconds are refused."""

import pytest

from sim.fileio import table_from_text
from sim.history.call_log import read_call_log
from sim.history.duration_unit import other_unit
from sim.history.tables.actuals import read_actuals
from sim.scenario import ScenarioError


@pytest.mark.parametrize(
    ("title", "mean", "words"),
    [
        ("AHT", 4.4, "are these minutes?"),
        ("AHT", 0.003, "a share of a day"),
        ("AHT (min)", 4.4, "are these minutes?"),
        ("Messages", 4.4, "are these minutes?"),
        ("AHT", 15.0, None),
        ("AHT", 0.0, None),
        ("AHT (s)", 4.4, None),
        ("aht_s", 4.4, None),
        ("Talk seconds", 4.4, None),
    ],
)
def test_the_mean_shows_the_unit_unless_the_title_says_it(title, mean, words):
    found = other_unit(title, mean)
    assert (found is None) if words is None else words in found


@pytest.mark.parametrize(
    ("title", "seconds"), [("AHT", (4.5, 5.5)), ("Total handle time", (45, 110))]
)
def test_intervals_with_minutes_are_refused(title, seconds):
    text = f"interval_start,offered,{title}\n" + "".join(
        f"2026-03-02 {hour:02}:00,{10 * (hour - 7)},{seconds[hour - 8]}\n" for hour in (8, 9)
    )
    with pytest.raises(ScenarioError, match=rf"{title}: 5\.17 s on average: are these minutes"):
        read_actuals(table_from_text("week.csv", text))


def test_a_call_log_with_minutes_is_refused(tmp_path):
    log = tmp_path / "log.csv"
    rows = [f"2026-03-02 08:{minute:02}:00,answered,0,4.5,Agent {minute}" for minute in range(40)]
    log.write_text("\n".join(["offered,outcome,wait,talk,agent", *rows]))
    with pytest.raises(ScenarioError, match=r"talk: 4\.5 s on average: are these minutes"):
        read_call_log(log)
    log.write_text(log.read_text().replace("talk", "talk_s"))
    assert len(read_call_log(log).log) == 40
