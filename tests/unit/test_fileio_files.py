"""Files are written whole or not at all; no text becomes a formula."""

import os
import signal
import stat
import subprocess
import sys

import pytest

from sim import fileio
from sim.fileio import OutputError, atomic_files, escape_formula, remove_open, replaced, write_file


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_file_has_its_old_content_until_the_new_one_is_complete(tmp_path):
    target = tmp_path / "a.csv"
    write_file(target, "old")
    with replaced(target) as temporary:
        temporary.write_text("new")
        assert (target.read_text(), temporary.parent) == ("old", tmp_path)
    assert (target.read_text(), names(tmp_path)) == ("new", ["a.csv"])


@pytest.mark.parametrize("error", [OSError, KeyboardInterrupt, SystemExit])
def test_nothing_is_left_of_what_failed(tmp_path, error):
    def fail():
        with replaced(tmp_path / "a.csv") as temporary:
            temporary.write_text("half")
            raise error

    with pytest.raises(error):
        fail()
    assert names(tmp_path) == []
    assert atomic_files._open == set()


def test_file_permissions_follow_the_process_or_an_argument(tmp_path):
    before = os.umask(0o027)
    try:
        write_file(tmp_path / "a", "x")
        write_file(tmp_path / "b", "x", mode=0o600)
    finally:
        os.umask(before)
    modes = [stat.S_IMODE((tmp_path / name).stat().st_mode) for name in "ab"]
    assert modes == [0o640, 0o600]


def test_content_is_on_the_disk_before_it_has_its_name(tmp_path, monkeypatch):
    told = []
    monkeypatch.setattr(atomic_files, "sync", lambda path: told.append(("file", names(tmp_path))))
    monkeypatch.setattr(
        atomic_files, "sync_folder", lambda path: told.append(("folder", names(path)))
    )
    write_file(tmp_path / "a", "x", to_disk=True)
    assert [what for what, _ in told] == ["file", "folder"]
    assert "a" not in told[0][1]
    assert told[1][1] == ["a"]


@pytest.mark.parametrize(
    ("name", "told"), [("no/a.csv", "there is no folder"), (".", "is a folder")]
)
def test_where_no_file_can_be(tmp_path, name, told):
    with pytest.raises(OutputError, match=told):
        write_file(tmp_path / name, "x")


WRITING = """
import signal, sys, time
from sim import fileio
def leave(number, frame):
    fileio.remove_open()
    sys.exit(143)
signal.signal(signal.SIGTERM, leave)
with fileio.replaced(sys.argv[1]) as temporary:
    temporary.write_text("half")
    print("writing", flush=True)
    while True:
        time.sleep(0.05)
"""


def test_a_handler_of_signals_can_remove_what_is_being_written(tmp_path):
    command = [sys.executable, "-c", WRITING, str(tmp_path / "a.csv")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "writing\n"
        assert len(names(tmp_path)) == 1
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 143
    assert names(tmp_path) == []


def test_what_is_open_is_known_and_removed(tmp_path):
    with replaced(tmp_path / "a") as temporary:
        assert atomic_files._open == {temporary}
        remove_open()
        assert names(tmp_path) == []
        temporary.write_text("x")
    assert names(tmp_path) == ["a"]


def test_what_a_killed_process_left_is_removed(tmp_path):
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / f".a-1{fileio.UNFINISHED}").touch()
    (tmp_path / "kept").touch()
    fileio.remove_unfinished(tmp_path)
    assert names(tmp_path) == ["kept", "parts"]
    assert names(tmp_path / "parts") == []


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+x", "-x", "@A1", "\t=1", "  =1", "\r=1", "\n=1", "\u00a0=1", "\ufeff=1", "\u200b@A1",
     "\uff1d1+1", "-1+2", "+1|x", "-2 x", "\tplain", "=", "-"],
)  # fmt: skip
def test_no_cell_begins_with_what_a_spreadsheet_runs(text):
    assert escape_formula(text) == f"'{text}"


@pytest.mark.parametrize(
    "value", ["Ada", "a=b", "", "1-2", "-1.5", "+3 %", "-12,5%", -1, None, 2.5]
)
def test_plain_values_stay(value):
    assert escape_formula(value) == value


def test_a_link_stays_and_its_file_is_replaced(tmp_path):
    (tmp_path / "real.csv").write_text("old")
    (tmp_path / "link.csv").symlink_to(tmp_path / "real.csv")
    write_file(tmp_path / "link.csv", "new")
    assert (tmp_path / "link.csv").is_symlink()
    assert (tmp_path / "real.csv").read_text() == "new"


def test_a_pipe_or_device_is_never_replaced(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OutputError, match="is not a regular file"):
        write_file(tmp_path / "pipe", "text")
    assert (tmp_path / "pipe").is_fifo()
