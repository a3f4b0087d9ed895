"""Uploads: what is taken, and what is refused with which words."""

import gc
import io
import zipfile
from dataclasses import dataclass

import pytest

from sim.app import uploads
from sim.app.uploads import UploadError, scenario_from_files
from sim.app.workspace.scenario_files import COLUMN_FILE
from sim.app.workspace.storage import open_workspace
from sim.fileio import UPLOADS
from sim.history.calibration import column_file
from sim.planning.log_actuals import columns_of
from sim.scenario import ScenarioError

PLAIN = """
[queue.calls]
volume = 10
talk = "exponential 3min"

[group.agents]
agents = 4
skills = { calls = 1 }
"""


@dataclass
class File:
    name: str
    content: bytes | str

    def getvalue(self) -> bytes:
        return self.content.encode() if isinstance(self.content, str) else self.content


def test_a_scenario_alone():
    scenario = scenario_from_files([File("mine.toml", PLAIN)])
    assert set(scenario.queue) == {"calls"}


def test_a_scenario_with_the_file_it_names():
    toml = PLAIN.replace("volume = 10", 'volume = "week.csv:calls"')
    rows = "calls\n" + "\n".join(["7"] * 48)
    scenario = scenario_from_files([File("week.csv", rows), File("mine.toml", toml)])
    assert scenario.queue["calls"].volume.values == (7.0,) * 48
    again = scenario.with_(**{"queue.calls.volume": "week.csv:calls"})
    assert again.queue["calls"].volume.values == (7.0,) * 48


def test_the_columns_of_a_calibration_come_with_its_scenario(tmp_path):
    columns = File(COLUMN_FILE, '[columns]\ntalk = "Gespräch"\n')
    scenario = scenario_from_files([columns, File("scenario.toml", PLAIN)])
    assert COLUMN_FILE == column_file.COLUMN_FILE
    assert columns_of(scenario).columns == {"talk": "Gespräch"}
    space = open_workspace(tmp_path)
    name = space.add_scenario(scenario)
    assert columns_of(space.scenarios[name]).columns == {"talk": "Gespräch"}
    with pytest.raises(UploadError, match="0 scenarios"):
        scenario_from_files([columns])


def test_the_folder_goes_with_the_scenario(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    scenario = scenario_from_files([File("mine.toml", PLAIN)])
    changed = scenario.with_(**{"group.agents.agents": 5})
    del scenario
    gc.collect()
    assert len(list(tmp_path.iterdir())) == 1
    del changed
    gc.collect()
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(ScenarioError):
        scenario_from_files([File("mine.toml", "[queue")])
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_missing_is_named():
    toml = PLAIN.replace("volume = 10", 'volume = "week.csv:calls"')
    with pytest.raises(
        ScenarioError, match="week.csv.*does not exist in the folder of the scenario"
    ):
        scenario_from_files([File("mine.toml", toml)])


@pytest.mark.parametrize("place", ["../week.csv:calls", "/etc/week.csv:calls"])
def test_files_outside_the_folder_are_refused(place):
    toml = PLAIN.replace("volume = 10", f'volume = "{place}"')
    with pytest.raises(ScenarioError, match="leaves the scenario's folder|is absolute"):
        scenario_from_files([File("mine.toml", toml)])


@pytest.mark.parametrize("name", ["../../mine.toml", "C:\\Users\\x\\mine.toml", "/tmp/mine.toml"])
def test_folders_in_a_name_are_dropped(name, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    scenario = scenario_from_files([File(name, PLAIN)])
    assert [p.name for p in tmp_path.glob("*/*")] == ["mine.toml"]
    assert set(scenario.queue) == {"calls"}


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ([], "0 scenarios"),
        ([File("a.csv", "x\n1")], "0 scenarios"),
        ([File("a.toml", PLAIN), File("b.toml", PLAIN)], "2 scenarios"),
        ([File("a.toml", PLAIN), File("x/a.toml", PLAIN)], "same name"),
        ([File("a.toml", PLAIN), File("run.sh", "ls")], r"run\.sh: is a \.sh file"),
        ([File(".toml", PLAIN)], "is not a valid file name"),
        ([File("a.toml", b"\xff\xfe")], "must be UTF-8 text"),
        ([File("a.toml", b"#" * (uploads.MOST_TOML + 1))], "allowed: at most 512 KB"),
        ([File("a.toml", PLAIN), File("a.csv", b"1" * (uploads.MOST_TABLE + 1))], "at most 5,120"),
        ([File("a.toml", PLAIN), File("a.xlsx", "no zip")], "is not a workbook"),
        ([File(f"{k}.csv", "x") for k in range(13)], "13 given; allowed: at most 12"),
    ],
)
def test_refusals_name_the_file_and_what_is_allowed(files, words):
    with pytest.raises(UploadError, match=words):
        scenario_from_files(files)


def test_a_workbook_that_unpacks_to_too_much_is_refused():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/worksheets/sheet1.xml", b"0" * (UPLOADS.unpacked + 1))
    assert len(packed.getvalue()) < uploads.MOST_TABLE
    with pytest.raises(UploadError, match="unpacks to more than 60 MB"):
        scenario_from_files([File("a.toml", PLAIN), File("a.xlsx", packed.getvalue())])


def test_problems_carry_file_and_line():
    with pytest.raises(ScenarioError) as caught:
        scenario_from_files([File("mine.toml", PLAIN.replace("agents = 4", "agents = -4"))])
    assert str(caught.value).startswith("mine.toml:7: group.agents.agents: ")
