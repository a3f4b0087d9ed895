"""One cell of a CSV file is changed, every other line stays as it was."""

import pytest

from sim.fileio import TableError
from sim.fileio.cell_edit import change_cell


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_cell_is_changed_where_it_stands(encoding):
    text = "# von Hand, für Montag\r\nstart;x\r\n08:00;1\r\n\r\n08:30;2\r\n09:00;3"
    after = change_cell(text.encode(encoding), "X", 1, 2.5)
    assert after == text.replace("08:30;2", "08:30;2,5").encode(encoding)


def test_a_row_over_several_lines_is_changed_as_one():
    text = 'note,x\n"two\nlines",1\nc,2\n'
    assert change_cell(text.encode(), "x", 0, 7) == b'note,x\n"two\nlines",7\nc,2\n'
    assert change_cell(text.encode(), "x", 1, 7) == b'note,x\n"two\nlines",1\nc,7\n'


def test_a_short_row_grows():
    assert change_cell(b"a,b,c\n1\n", "c", 0, 0.5) == b"a,b,c\n1,,0.5\n"


def test_a_missing_column_is_reported():
    with pytest.raises(TableError, match="y: no such column; the file has: x"):
        change_cell(b"x\n1\n", "y", 0, 2)
