"""The command calibrate: what it writes, and what it refuses."""

import datetime as dt
import json

import pytest

from sim.toml_text import read_toml
from tests.support.recorded_world import TITLES, rows_of, state_rows_of, world, write_log

pytestmark = pytest.mark.usefixtures("quick_calibration")


@pytest.fixture(scope="module")
def log(tmp_path_factory):
    rows = rows_of(world(center__days=7, queue__billing__volume=20, group__team__agents=6))
    return write_log(tmp_path_factory.mktemp("log") / "log.csv", rows)


def ccplan(*arguments, capsys):
    from sim.cli import main

    with pytest.raises(SystemExit) as ended:
        main([str(one) for one in arguments])
    out, err = capsys.readouterr()
    return int(ended.value.code or 0), out, err


def test_a_folder_is_written(log, tmp_path, capsys):
    code, out, err = ccplan("calibrate", log, "--out", tmp_path / "center", "--json", capsys=capsys)
    assert code == 0, err
    document = json.loads(out)
    assert document["left_out_days"] == 0
    files = sorted(file.name for file in (tmp_path / "center").iterdir())
    assert files == document["files"] == [
        "columns.toml", "report.html", "scenario.toml", "week.csv",
    ]  # fmt: skip
    code, out, err = ccplan("check", tmp_path / "center" / "scenario.toml", capsys=capsys)
    assert code == 0, err


def test_a_missing_column_is_asked_for(log, tmp_path, capsys):
    text = log.read_text().replace(TITLES[3], "mystery", 1)
    (tmp_path / "log.csv").write_text(text)
    code, out, err = ccplan(
        "calibrate", tmp_path / "log.csv", "--out", tmp_path / "center", capsys=capsys
    )
    assert code == 2
    assert "Talk: no column is mapped to it; the file has: offered, wait, outcome, mystery" in err
    assert "--column talk=TITLE" in err
    assert not (tmp_path / "center").exists()
    assert out == ""


@pytest.mark.parametrize("name", ["scenario.toml", "week.csv", "persons_team_1.csv"])
def test_files_of_others_are_not_overwritten(log, tmp_path, capsys, name):
    (tmp_path / name).write_text("mine")
    code, out, err = ccplan("calibrate", log, "--out", tmp_path, capsys=capsys)
    assert (code, out) == (2, "")
    assert f"{name}: exists, and was not written by calibrate; allowed: a new folder" in err
    assert [(file.name, file.read_text()) for file in tmp_path.iterdir()] == [(name, "mine")]


def test_outcomes_left_out_are_left_out_the_next_time_and_by_validate(log, tmp_path, capsys):
    text = log.read_text()
    contacts, day = text.count("\n") - 1, text.splitlines()[1][:10]
    hung_up = "".join(f"{day} 12:00:0{k},1,IVR hang-up,,,\n" for k in range(9))
    (tmp_path / "log.csv").write_text(text + hung_up)
    center = tmp_path / "center"
    command = ("calibrate", tmp_path / "log.csv", "--out", center)
    code, _, err = ccplan(*command, "--not-outcome", "IVR hang-up", capsys=capsys)
    assert code == 0, err
    saved = read_toml((center / "columns.toml").read_text())["outcomes"]
    assert saved == {"left_out": ["IVR hang-up"]}
    code, out, err = ccplan(*command, "--json", capsys=capsys)
    assert code == 0, err
    note = "outcomes left out, as the last time: 'IVR hang-up' (--not-outcome)"
    assert note in json.loads(out)["notes"]
    assert read_toml((center / "columns.toml").read_text())["outcomes"] == saved
    command = ("validate", center / "scenario.toml", tmp_path / "log.csv", "--runs", 2, "--json")
    code, out, err = ccplan(*command, capsys=capsys)
    assert code == 0, err
    assert any(f"read as a call log: {contacts:,} contacts" in x for x in json.loads(out)["notes"])


def test_an_own_folder_is_written_anew_and_other_files_stay(log, tmp_path, capsys):
    (tmp_path / "scenario.toml").write_text("before")
    (tmp_path / "columns.toml").write_text('[columns]\n\n[times]\nzone = "Europe/Berlin"\n')
    (tmp_path / "notes.txt").write_text("mine")
    (tmp_path / "persons_gone.csv").write_text("name,speed\n")
    code, _, err = ccplan("calibrate", log, "--out", tmp_path, capsys=capsys)
    assert code == 0, err
    assert (tmp_path / "notes.txt").read_text() == "mine"
    assert not (tmp_path / "persons_gone.csv").exists()  # of the calibration before
    text = (tmp_path / "scenario.toml").read_text()
    assert "before" not in text
    assert 'time_zone = "Europe/Berlin"\n' in text  # that of the last time
    columns = read_toml((tmp_path / "columns.toml").read_text())
    assert columns["times"].keys() == {"zone", "first", "last"}
    assert columns["times"]["zone"] == "Europe/Berlin"
    days = [dt.date.fromisoformat(columns["times"][key]) for key in ("first", "last")]
    assert days[1] - days[0] == dt.timedelta(days=6)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--from", "soon"), "--from soon: is not a date"),
        (("--column", "talk"), "must be MEANING=TITLE"),
        (("--not-outcome", "ghost"), "no record has the outcome 'ghost'"),
        (("--to", "2020-01-01"), "has no contacts on the days asked for"),
        (("--zone", "Mars"), "not a time zone"),
    ],
)
def test_bad_options(log, tmp_path, capsys, options, message):
    code, out, err = ccplan("calibrate", log, "--out", tmp_path / "c", *options, capsys=capsys)
    assert (code, out) == (2, "")
    assert message in err
    assert not (tmp_path / "c").exists()


@pytest.fixture(scope="module")
def states(log):
    rows = state_rows_of(world(center__days=7, queue__billing__volume=20, group__team__agents=6))
    rows = [(agent, start, end, "Zulu" if s == "Available" else s) for agent, start, end, s in rows]
    return write_log(log.parent / "states.csv", rows, ("whom", "start", "end", "state"))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ((), "Agent: no column is mapped to it; the file has: whom, start, end, state (say it: "
             "--states-column agent=TITLE)"),
        (("--states-column", "agent=whom"), "state: 'Zulu': unknown; allowed: available, break, "
                                           "busy, logged_in, logged_out, not_ready or wrap, said"),
        (("--state", "Zulu"), "--state Zulu: must be WORD=STATE"),
        (("--state", "Zulu=asleep"), "Zulu=asleep: 'asleep' is not a state; allowed: available"),
        (("--states-column", "agent"), "--states-column agent: must be MEANING=TITLE"),
    ],
)  # fmt: skip
def test_states_that_are_not_understood_are_asked_for(
    log, states, tmp_path, capsys, options, message
):
    code, out, err = ccplan(
        "calibrate", log, "--out", tmp_path / "c", "--states", states, *options, capsys=capsys
    )
    assert (code, out) == (2, "")
    assert message in err
    assert err.count("allowed") + err.count("must be") + err.count("say it") == 1
    assert not (tmp_path / "c").exists()


def test_words_without_a_file_of_states_are_refused(log, tmp_path, capsys):
    code, _, err = ccplan(
        "calibrate", log, "--out", tmp_path / "c", "--state", "Zulu=busy", capsys=capsys
    )
    assert code == 2
    assert "--state: there are no states; allowed: with --states FILE" in err


def test_states_are_reported_remembered_and_taken_by_validate(log, states, tmp_path, capsys):
    said = ("--states-column", "agent=whom", "--state", "Zulu=available")
    first = ("calibrate", log, "--out", tmp_path / "c", "--states", states)
    code, out, err = ccplan(*first, *said, "--json", capsys=capsys)
    assert code == 0, err
    document = json.loads(out)
    assert document["states"]["agents"] == 6
    assert document["states"]["share_of_contacts"] == 1.0
    methods = {row["name"]: row["method"] for row in document["estimates"]}
    assert "recorded states" in methods["gap_mean"]
    assert "agents" not in {one["what"].split()[0] for one in document["moved"]}
    page = (tmp_path / "c" / "report.html").read_text()
    assert "States of agents" in page
    text = (tmp_path / "c" / "scenario.toml").read_text()
    assert "# logged in and not on a break, by recorded states" in text
    code, out, err = ccplan(*first, capsys=capsys)  # the mapping is remembered
    assert code == 0, err
    assert "of 6 agents, who answered 100 % of the contacts" in out
    code, out, err = ccplan(
        "validate", tmp_path / "c" / "scenario.toml", log, "--given", "agents", "--given",
        "arrivals", "--states", states, *said, "--runs", "2", "--json", capsys=capsys,
    )  # fmt: skip
    assert any("agents as recorded by states.csv: 6 of 6 agents" in n
               for n in json.loads(out)["notes"]), err  # fmt: skip
