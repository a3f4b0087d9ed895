"""Uploads: what is taken, and what is refused with which words."""

import gc
import io
import zipfile
from dataclasses import dataclass

import pytest

from sim.app import uploads
from sim.app.uploads import UploadError, scenario_from_files, title_of_upload
from sim.app.workspace.scenario_files import COLUMN_FILE
from sim.app.workspace.storage import open_workspace
from sim.fileio import UPLOADS
from sim.history.calibration import column_file
from sim.planning.log_actuals import columns_of
from sim.scenario import ScenarioError
from sim.units import BadInputError

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
        ([File(f"{k}.csv", "x") for k in range(201)], "201 given; allowed: at most 200"),
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


def packed(files, name="center.zip"):
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as book:
        for path, content in files.items():
            book.writestr(path, content)
    return File(name, sink.getvalue())


NAMING = PLAIN.replace("volume = 10", 'volume = "tables/week.csv:calls"')
WEEK = "calls\n" + "\n".join(["7"] * 48)


@pytest.mark.parametrize("folder", ["", "center/", "my centers/center/"])
def test_a_zipped_folder_is_one_upload(folder):
    files = {
        "scenario.toml": NAMING, "tables/week.csv": WEEK, COLUMN_FILE: "[columns]\ntalk = 'T'\n",
        "report.html": "<html>",
    }  # fmt: skip
    found = packed({f"{folder}{name}": text for name, text in files.items()} | {
        "__MACOSX/center/._scenario.toml": "x", f"{folder}.DS_Store": "x",
    })  # fmt: skip
    scenario = scenario_from_files([found])
    assert scenario.queue["calls"].volume.values == (7.0,) * 48
    assert columns_of(scenario).columns == {"talk": "T"}
    assert title_of_upload([found]) == "center"
    assert title_of_upload([File(COLUMN_FILE, ""), File("mine.toml", "")]) == "mine"


def test_a_calibrated_center_of_many_groups_is_opened():
    groups = [f"group{k}" for k in range(30)]
    toml = "[queue.calls]\nvolume = 10\ntalk = 'exponential 3min'\n" + "".join(
        f"[group.{one}]\nagents = 1\nskills = {{ calls = 1 }}\npersons = 'persons_{one}.csv'\n"
        for one in groups
    )
    tables = [File(f"persons_{one}.csv", "name,speed\nA,1.0\n") for one in groups]
    assert len(scenario_from_files([File("scenario.toml", toml), *tables]).group) == 30


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"../scenario.toml": PLAIN}, r"center\.zip: '\.\./scenario\.toml' is not a valid name"),
        ({"/etc/scenario.toml": PLAIN}, "'/etc/scenario.toml' is not a valid name"),
        ({"C:\\x\\scenario.toml": PLAIN}, "is not a valid name in a ZIP file; allowed: names"),
        ({"scenario.toml": PLAIN, "run.sh": "ls"}, r"run\.sh: is a \.sh file; allowed"),
        ({"scenario.toml": PLAIN, "other.toml": PLAIN}, "2 scenarios"),
        ({"a.csv": "x", "a.csv/b.csv": "x"}, "'a.csv/b.csv' is not a valid name"),
        ({"scenario.toml": PLAIN, f"{'x' * 300}.csv": "x"}, "is not a valid name"),
        ({"week.csv": "x"}, "0 scenarios"),
        ({}, "0 scenarios"),
        ({"scenario.toml": PLAIN, "b.csv": b"0" * (UPLOADS.unpacked + 1)}, "to more than 60 MB"),
        ({"scenario.toml": PLAIN} | {f"{k}.csv": "x" for k in range(1001)}, "has 1,002 files"),
        ({"scenario.toml": NAMING, "tables/week.csv": "x\nno"}, r"week\.csv"),
    ],
)  # fmt: skip
def test_refused_zip_files_are_named_and_leave_nothing(files, words, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with pytest.raises(BadInputError, match=words):
        scenario_from_files([packed(files)])
    assert list(tmp_path.iterdir()) == []


def test_links_passwords_and_false_sizes_in_a_zip_are_refused():
    link = zipfile.ZipInfo("scenario.toml")
    link.external_attr = 0o120777 << 16
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as book:
        book.writestr(link, "/etc/passwd")
    with pytest.raises(BadInputError, match="is a link; allowed: files"):
        scenario_from_files([File("center.zip", sink.getvalue())])
    with pytest.raises(BadInputError, match=r"^a\.zip: is damaged or not a ZIP file; all"):
        scenario_from_files([File("a.zip", "no zip")])
    plain = packed({"scenario.toml": PLAIN * 50}).content
    size = len(PLAIN.encode() * 50).to_bytes(4, "little")
    lying = plain.replace(size, (1).to_bytes(4, "little"))
    with pytest.raises(BadInputError, match="larger than its header says|damaged"):
        scenario_from_files([File("center.zip", lying)])
    at = plain.index(b"PK\x01\x02") + 8
    encrypted = plain[:at] + b"\x01" + plain[at + 1 :]
    with pytest.raises(BadInputError, match="is encrypted; allowed: one without a password"):
        scenario_from_files([File("center.zip", encrypted)])
