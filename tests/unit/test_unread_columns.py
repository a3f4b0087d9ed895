"""Columns of a table of intervals that are not read are named, above all those that tell queues."""

import pytest

from sim.fileio import table_from_text
from sim.history.call_log.column_meanings import guess_log_columns
from sim.history.table_histories import read_histories
from sim.history.tables.actuals import read_actuals
from sim.scenario import ScenarioError

HOURS = [f"{hour:02d}:00" for hour in range(8, 18)]
DAYS = [f"2026-01-{day:02d}" for day in range(5, 25)]


def table(words, title="Abteilung", answered=5):
    lines = [
        f"{d},{h},{name},9,{answered},180" for d in DAYS for h in HOURS for name in words(d, h)
    ]
    return "\n".join([f"Date,Time,{title},Offered,Answered,AHT", *lines]) + "\n"


def notes(tmp_path, text):
    file = tmp_path / "t.csv"
    file.write_text(text)
    return read_histories(file).notes


def test_a_column_that_tells_rows_of_one_interval_apart_is_named():
    text = table(lambda day, hour: ("Sales", "Orders"))
    with pytest.raises(ScenarioError) as error:
        read_actuals(table_from_text("t.csv", text))
    said = str(error.value)
    assert "t.csv:3: Time: the same queue and interval as row 2" in said
    assert "differ in 'Abteilung'" in said
    assert said.endswith("--column queue=Abteilung")
    both = read_actuals(
        table_from_text("t.csv", text),
        {"date": "Date", "start": "Time", "queue": "Abteilung", "offered": "Offered"},
    )
    assert {entry.queue for entry in both.entries} == {"Sales", "Orders"}


def test_a_column_that_does_not_is_not_named():
    text = table(lambda day, hour: ("Sales", "Sales"))
    with pytest.raises(ScenarioError) as error:
        read_actuals(table_from_text("t.csv", text))
    assert "Abteilung" not in str(error.value)


def test_columns_that_are_not_read_are_noted(tmp_path):
    text = table(lambda day, hour: ["Sales"])
    assert "columns that are not read: Abteilung" in notes(tmp_path, text)
    assert not any(
        "not read" in note for note in notes(tmp_path, text.replace("Abteilung", "Queue"))
    )
    text = table(lambda day, hour: ["Sales" if hour < "12" else "Orders"], "Our team")
    assert any('--column queue="Our team"' in note for note in notes(tmp_path, text))


def test_rows_with_more_answered_than_offered_are_noted(tmp_path):
    text = table(lambda day, hour: ["Sales"], "Queue")
    assert not any("answered" in note for note in notes(tmp_path, text))
    first = text.replace("9,5,", "9,10,", 7)
    (note,) = [one for one in notes(tmp_path, first) if "answered" in one]
    assert "in 7 of 200 rows (rows 2, 3, 4, 5, 6 and 2 more)" in note


def test_german_titles_of_the_offer_are_known():
    assert guess_log_columns(["Eingang", "Wartezeit"])["offered"] == "Eingang"
    assert guess_log_columns(["Eingangszeit", "Wartezeit"])["offered"] == "Eingangszeit"
    assert guess_log_columns(["Eingang", "Uhrzeit"])["offered"] == "Uhrzeit"
