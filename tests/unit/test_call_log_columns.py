"""Columns of a call log whose titles are unclear or exchanged are recognised by their content."""

import datetime as dt

import numpy as np
import pytest

from sim.history.call_log import read_call_log
from sim.history.call_log.column_contents import meanings_by_content
from sim.history.call_log.log_titles import is_call_log
from sim.scenario import ScenarioError
from tests.support.call_log_rows import TITLES, as_csv, contacts

DAY = dt.datetime(2026, 3, 2)


@pytest.mark.parametrize(
    ("values", "meaning"),
    [
        (["2026-03-02 08:00:12", "", "2026-03-02 08:10:00"], {"Answered": "answer"}),
        (["02/03/2026 08:00", "01/03/2026 08:10"], {"Answered": "answer"}),
        ([DAY, DAY + dt.timedelta(hours=9)], {"Answered": "answer"}),
        (["08:00:12", "16:10:00"], {"Answered": "answer"}),
        (["0:00:12", "0:01:40"], {"Answered": "wait"}),
        (["12", "35", ""], {"Answered": "wait"}),
        ([12, 35.5], {"Answered": "wait"}),
        (["yes", "No", "yes"], {"Answered": "outcome"}),
        (["1", "0"], {"Answered": "outcome"}),
        (["perhaps", "no"], {}),
        (["", None], {}),
    ],
)
def test_an_unclear_title_means_what_its_column_holds(values, meaning):
    assert meanings_by_content({"Answered": values, "Talk": values}) == meaning


@pytest.fixture(scope="module")
def rows():
    return contacts(14)


def with_answers(rows, as_time):
    """Return the rows with what Answered holds in the place of the wait."""
    return [
        (*row[:3], as_time(row) if row[4] == "answered" else "", *row[4:]) for row in rows
    ]  # fmt: skip


def test_answered_with_times_is_when_the_contact_was_answered(rows, tmp_path):
    log = tmp_path / "log.csv"
    found = with_answers(rows, lambda row: row[1] + dt.timedelta(seconds=row[3]))
    log.write_text(as_csv((*TITLES[:3], "Answered", *TITLES[4:]), found))
    assert is_call_log(log, {})
    read = read_call_log(log)
    assert read.columns["answer"] == "Answered"
    assert "wait" not in read.columns
    waits = {row[3] for row in rows if row[4] == "answered"}
    assert set(np.unique(read.log.wait[read.log.answered])) == waits


def test_answer_time_with_seconds_is_the_wait(rows, tmp_path):
    log = tmp_path / "log.csv"
    log.write_text(as_csv((*TITLES[:3], "Answer time", *TITLES[4:]), rows))
    assert read_call_log(log).columns["wait"] == "Answer time"


def exchanged(titles):
    swapped = {"Queue": "Agent", "Agent": "Queue"}
    return [swapped.get(title, title) for title in titles]


def test_columns_of_agents_and_queues_that_are_exchanged_are_asked_for(rows, tmp_path):
    log = tmp_path / "log.csv"
    log.write_text(as_csv(exchanged(TITLES), rows))
    with pytest.raises(ScenarioError, match="'Queue', seems to have agents") as error:
        read_call_log(log)
    assert '--column queue="Agent" --column agent="Queue"' in str(error.value)
    assert "Ann" not in str(error.value)
    right = read_call_log(log, {"queue": "Agent", "agent": "Queue"})
    assert set(right.log.queues) == {"billing", "orders", "vip"}
    log.write_text(as_csv(TITLES, rows))
    with pytest.raises(ScenarioError, match="seems to have agents"):
        read_call_log(log, {"queue": "Agent", "agent": "Queue"})
    with pytest.raises(ScenarioError, match="without an answer nearly none has one"):
        read_call_log(log, {"queue": "Agent", "agent": ""})


def test_exchanged_columns_of_a_log_of_answered_contacts_are_found_by_contacts_at_once(tmp_path):
    """Twelve agents, each with one contact after the other, of two queues."""
    busy = [
        (DAY + dt.timedelta(minutes=9 * k, seconds=10 * agent), 5, 400, f"Ann {agent}",
         ("billing", "orders")[agent % 2])
        for k in range(40) for agent in range(12)
    ]  # fmt: skip
    log = tmp_path / "log.csv"
    titles = ("Start time", "Wait", "Talk", "Agent", "Queue")
    log.write_text(as_csv(titles, busy))
    assert len(read_call_log(log).log.agents) == 12
    with pytest.raises(ScenarioError, match=r"agents begin \d+% of their contacts before"):
        read_call_log(log, {"queue": "Agent", "agent": "Queue"})


@pytest.mark.parametrize("lost", ["abandoned", "Gave up"])  # the second word is unknown
@pytest.mark.parametrize("nothing", ["", 0])
def test_columns_of_waits_and_talks_that_are_exchanged_are_asked_for(tmp_path, lost, nothing):
    rows = [
        (DAY + dt.timedelta(minutes=k), 20 + k % 7, nothing, lost, "")
        if k % 4 == 0
        else (DAY + dt.timedelta(minutes=k), k % 30, 240, "answered", f"Ann {k % 4}")
        for k in range(200)
    ]
    log = tmp_path / "log.csv"
    log.write_text(as_csv(("Start time", "Held", "Spoken", "Outcome", "Agent"), rows))
    right, wrong = {"wait": "Held", "talk": "Spoken"}, {"wait": "Spoken", "talk": "Held"}
    assert int(read_call_log(log, right).log.answered.sum()) == 150
    with pytest.raises(ScenarioError, match="'Spoken', and of talks, 'Held', seem to be") as error:
        read_call_log(log, wrong)
    assert '--column wait="Held" --column talk="Spoken"' in str(error.value)
    assert "100% have a talk and no wait" in str(error.value)


def test_contacts_that_a_bot_answered_do_not_make_waits_of_talks(tmp_path):
    rows = [
        (DAY + dt.timedelta(minutes=k), *((0, 90, "") if k % 2 else (5, 240, f"Ann {k % 4}")))
        for k in range(200)
    ]
    log = tmp_path / "log.csv"
    log.write_text(as_csv(("Start time", "Wait", "Talk", "Agent"), rows))
    assert len(read_call_log(log).log) == 200


def test_queues_that_only_answered_contacts_have_are_no_agents(rows, tmp_path):
    log = tmp_path / "log.csv"
    log.write_text(as_csv(TITLES, [
        (*row[:2], row[2] if row[4] == "answered" else "", *row[3:]) for row in rows
    ]))  # fmt: skip
    assert "no queue" in read_call_log(log).log.queues


def test_lines_above_the_titles_do_not_hide_that_a_file_is_a_log(rows, tmp_path):
    log = tmp_path / "log.csv"
    log.write_text("Report of calls\nMarch,2026\n\n" + as_csv(TITLES, rows))
    assert is_call_log(log, {})
    assert len(read_call_log(log).log)
    log.write_text("a\n")
    assert not is_call_log(log, {})
    log.write_text("")
    assert not is_call_log(log, {})
