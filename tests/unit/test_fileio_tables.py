"""One reader of tables: encodings, separators, headers, numbers, times and bounds."""

import datetime as dt
import io
import random
import sys
import time
import zipfile

import openpyxl
import pytest

from sim.extras import MissingExtraError
from sim.fileio import (
    FILES,
    UPLOADS,
    AmbiguousNumberError,
    Numbers,
    Table,
    TableError,
    TableLimits,
    duration,
    number,
    read_table,
    table_from_bytes,
    table_from_text,
)
from sim.fileio.cell_edit import change_cell
from sim.fileio.row_merge import merged_rows
from sim.history.call_log.log_table import read_log_table
from sim.units import BadInputError

ROWS = [["start", "café", "calls"], ["08:00", "a b", "1,5"], ["08:30", "ß", "2,25"]]
SMALL = TableLimits(size=10_000, rows=3, columns=4, cells=10, length=20, unpacked=100_000)


def lines(separator: str, end: str = "\r\n") -> str:
    return end.join(separator.join(row) for row in ROWS) + end


@pytest.mark.parametrize("separator", [";", "\t", "|"])
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "utf-32"]
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_what_spreadsheets_save_is_read_alike(separator, encoding, end):
    table = table_from_bytes("t.csv", lines(separator, end).encode(encoding))
    assert table.header == tuple(ROWS[0])
    assert table.rows == [(2, ROWS[1]), (3, ROWS[2])]
    assert table.numbers == Numbers(",", certain=True)
    assert [number(cell, table.numbers) for cell in table.cells(2)] == [1.5, 2.25]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_in_several_encodings_are_read_one_by_one(end, tmp_path):
    words = ["Rückfragen", "Łódź", "Größe €", "plain"] * 2
    encodings = ["cp1252", "utf-8", "cp1252", "utf-8"] + ["utf-8"] * 4
    content = f"a,b,c{end}".encode()
    for name, encoding in zip(words, encodings, strict=True):
        content += f"1,{name},2{end}".encode(encoding)
    assert table_from_bytes("t.csv", content).cells(1) == words
    changed = change_cell(content, "c", 0, 5.0)
    assert table_from_bytes("t.csv", changed).cells(1) == words
    assert merged_rows(content, content, content.replace(b"plain", b"other", 1)) is None
    (tmp_path / "t.csv").write_bytes(content)
    log = read_log_table(tmp_path / "t.csv").column("b")
    assert [log.values[code] for code in log.codes] == words


@pytest.mark.parametrize(
    ("text", "header"),
    [
        ("a,b\n1,2\n", ("a", "b")),
        ('"a";"b"\n1,5;2\n', ("a", "b")),
        ("start\tx\ty\n08:00\t1,5\n08:30\t2,5\n", ("start", "x", "y")),
        ("a,b\n1;x,2\n3;y,4\n", ("a", "b")),
        ("sep=;\na,b;c\n1;2\n", ("a,b", "c")),
        ("sep=\t\na,b\tc\n1\t2\n", ("a,b", "c")),
        ('"a,b|c"|d\n1|2\n', ("a,b|c", "d")),
        ("calls\n1\n2\n", ("calls",)),
    ],
)
def test_separators_are_distinguished(text, header):
    assert table_from_text("t.csv", text).header == header


def test_the_header_is_found_below_explanations_or_set():
    text = "Report of week 2\n\nfrom;2026-01-05\nstart;queue;calls;aht\n08:00;a;3;180\n"
    found = table_from_text("t.csv", text)
    assert (found.header_row, found.header) == (4, ("start", "queue", "calls", "aht"))
    assert found.rows == [(5, ["08:00", "a", "3", "180"])]
    told = table_from_text("t.csv", "1;2\nstart;calls\n08:00;3\n", header_row=2)
    assert (told.header, told.rows) == (("start", "calls"), [(3, ["08:00", "3"])])
    with pytest.raises(TableError, match=r"t\.csv: row 7 holds nothing; allowed: the row"):
        table_from_text("t.csv", "a;b\n1;2\n", header_row=7)


def test_rows_keep_the_number_of_the_line_they_begin_at():
    text = '# a comment\na,b\n\n1,"two\n# lines"\n#,3\n  ,\n4,5\n'
    table = table_from_text("t.csv", text)
    assert table.rows == [(4, ["1", "two\n# lines"]), (6, ["#", "3"]), (8, ["4", "5"])]


def test_a_title_may_be_a_number_sign():
    assert table_from_text("t.csv", "#,calls\n1,5\n").header == ("#", "calls")


@pytest.mark.parametrize(
    ("cell", "written", "value"),
    [
        ("12.5", Numbers(), 12.5),
        ("12,5", Numbers(), 12.5),
        ("12,5", Numbers(","), 12.5),
        ("12.5", Numbers(","), 12.5),
        ("1.234,5", Numbers(), 1234.5),
        ("1,234.5", Numbers(","), 1234.5),
        ("1,234,567", Numbers(), 1234567),
        ("1 234,5", Numbers(), 1234.5),
        ("1\u202f234", Numbers(), 1234),
        ("1'234.50", Numbers(), 1234.5),
        ("1.234", Numbers("."), 1.234),
        ("1,234", Numbers(","), 1.234),
        ("1.234", Numbers(",", certain=True), 1234),
        ("1,234", Numbers(".", certain=True), 1234),
        ("0.125", Numbers(","), 0.125),
        ("1e3", Numbers(), 1000),
        (" -5 ", Numbers(), -5),
        (True + 1, Numbers(), 2),
    ],
)
def test_numbers_of_all_countries(cell, written, value):
    assert number(cell, written) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('start,calls\n08:00,"1,030"\n08:30,980\n', 1030),
        ('start,calls,aht\n08:00,"1,030",300\n08:30,980,310\n', 1030),
        ("start;calls\n08:00;1,030\n08:30;980\n", 1.03),
        ('start,calls\n08:00,"1,030"\n08:30,"980,5"\n', 1.03),
    ],
)
def test_the_separator_of_cells_decides_what_a_comma_is(text, value):
    table = table_from_text("t.csv", text)
    assert number(table.rows[0][1][1], table.numbers) == value


@pytest.mark.parametrize("text", ["start\tcalls\n08:00\t1,030\n", 'a,b,c\n1.5,"2,5","1,030"\n'])
def test_a_comma_that_nothing_decides_is_refused(text):
    table = table_from_text("t.csv", text)
    with pytest.raises(AmbiguousNumberError):
        number(table.rows[0][1][-1], table.numbers)


@pytest.mark.parametrize("cell", ["1,234", "12.345"])
def test_a_number_that_can_be_read_in_two_ways_is_refused_with_both(cell):
    written = Numbers("." if "," in cell else ",")
    plain = cell.replace(",", "").replace(".", "")
    both = cell.replace(",", ".") if written.decimal == "." else cell.replace(".", ",")
    with pytest.raises(AmbiguousNumberError, match=f"{both} or {plain}; write one of these"):
        number(cell, written)


@pytest.mark.parametrize(
    "cell", ["", "ten", "1,2,3", "1.2.3", "1,23,456.5", "1.5,5,5", ".", "nan", "1e9999", "0x1",
             "--1", True, None, dt.date(2026, 1, 1), "9" * 400, 10**400, "\u0661"],
)  # fmt: skip
def test_invalid_numbers(cell):
    with pytest.raises(BadInputError, match="is not a number"):
        number(cell)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("start,calls\n08:00,980\n08:30,1.440\n", 1.44),
        ("start;calls\n08:00;980\n08:30;1,440\n", 1.44),
        ("start\tcalls\n08:00\t960.5\n08:30\t1,440\n", 1440),
        ("calls\n960.5\n1.440\n", 1.44),
        ("calls\n980\n1.4400\n", 1.44),
        ("start;calls\n08:00;980\n08:30;1.440\n", None),
        ("start\tcalls\n08:00\t980\n08:30\t1.440\n", None),
        ("start|calls\n08:00|980\n08:30|1,440\n", None),
        ("calls\n980\n1.440\n", None),
        ("day;calls\n05.01.2026;980\n06.01.2026;1.440\n", None),
    ],
)
def test_other_cells_or_the_separator_tell_the_decimal_mark_or_nothing_does(text, read):
    table = table_from_text("t.csv", text)
    cell = table.cells(table.column("calls"))[1]
    if read is None:
        with pytest.raises(AmbiguousNumberError, match=r"may be 1[.,]44 or 1440"):
            number(cell, table.numbers)
    else:
        assert number(cell, table.numbers) == read


@pytest.mark.parametrize(
    ("cell", "seconds"),
    [
        ("6:10", 370),
        ("06:10", 370),
        ("125:30", 7530),
        ("1:02:03", 3723),
        ("00:04:10", 250),
        ("0:04:10.5", 250.5),
        ("0:04:10,5", 250.5),
        ("255", 255),
        ("300,5", 300.5),
        ("4min 10s", 250),
        (255, 255),
        (dt.time(0, 6, 10), 370),
        (dt.timedelta(hours=30), 108000),
    ],
)
def test_lengths_of_time(cell, seconds):
    assert duration(cell, Numbers(",")) == seconds


@pytest.mark.parametrize("cell", ["6:70", "1:2:3:4", "-5", "ten", "1:2", None, True, "9" * 30])
def test_invalid_durations(cell):
    with pytest.raises(BadInputError, match='allowed: a time such as "20s"'):
        duration(cell)


def workbook(rows, formats=None, title="Sheet1") -> bytes:
    book = openpyxl.Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    for place, form in (formats or {}).items():
        book.active[place].number_format = form
    sink = io.BytesIO()
    book.save(sink)
    return sink.getvalue()


def patched(content: bytes, part: str, change) -> bytes:
    """Return a workbook with one of its parts changed."""
    sink = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(sink, "w") as new:
        for info in old.infolist():
            body = old.read(info)
            new.writestr(info.filename, change(body) if info.filename == part else body)
    return sink.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


def test_what_is_in_a_sheet_counts_not_the_size_it_claims():
    full = workbook([["start", "calls"], *([f"{k:02d}:00", k] for k in range(24))])
    cut = patched(full, SHEET, lambda x: x.replace(b'ref="A1:B25"', b'ref="A1:A3"'))
    assert cut != full
    assert table_from_bytes("t.xlsx", cut).rows == table_from_bytes("t.xlsx", full).rows
    assert len(table_from_bytes("t.xlsx", cut).rows) == 24


def test_a_formula_without_a_saved_value_is_named():
    content = workbook([["start", "calls"], ["08:00", 5], ["08:30", "=B2*2"]])
    with pytest.raises(TableError, match=r"t\.xlsx:3: Sheet1!B3: holds a formula without a saved"):
        table_from_bytes("t.xlsx", content)
    beside = workbook([["start", "calls"], ["08:00", 5, None, "=B2*2"]])
    assert table_from_bytes("t.xlsx", beside).rows == [(2, ["08:00", 5, None, None])]


def test_a_formula_that_gave_an_empty_text_is_an_empty_cell():
    content = workbook([["start", "calls"], ["08:00", 5], ["08:30", '=IF(B2>9,1,"")']])

    def saved(sheet: bytes) -> bytes:
        return sheet.replace(b'r="B3"', b'r="B3" t="str"')

    rows = table_from_bytes("t.xlsx", patched(content, SHEET, saved)).rows
    assert rows[1] == (3, ["08:30"])


def test_a_time_shown_without_seconds_is_asked_about():
    rows = [["aht", "asa", "total"], [dt.time(6, 10), dt.time(0, 6, 10), dt.timedelta(0, 370)]]
    formats = {"A2": "h:mm", "B2": "h:mm:ss", "C2": "[mm]:ss"}
    cells = table_from_bytes("t.xlsx", workbook(rows, formats)).rows[0][1]
    assert [duration(cell) for cell in cells[1:]] == [370, 370]
    with pytest.raises(BadInputError, match=r"06:10 may be 6 hours 10 minutes or 6 minutes 10 sec"):
        duration(cells[0])
    assert cells[0] == dt.time(6, 10)


def test_sheets_are_chosen_by_name():
    book = openpyxl.Workbook()
    book.active.append(["x"])
    other = book.create_sheet("Other")
    other.append(["a", "b"])
    other.append([1, 2])
    sink = io.BytesIO()
    book.save(sink)
    table = table_from_bytes("t.xlsx", sink.getvalue(), "Other")
    assert (table.header, table.sheets) == (("a", "b"), ("Other", "Sheet"))
    with pytest.raises(TableError, match="has no sheet 'other'; it has: Sheet, Other"):
        table_from_bytes("t.xlsx", sink.getvalue(), "other")


def test_a_sheet_with_a_title_alone_is_passed_over_unless_it_is_named():
    book = openpyxl.Workbook()
    book.active.title = "Cover"
    book.active.append(["Calls of the spring"])
    for row in (["a", "b"], [1, 2]):
        (book["Data"] if "Data" in book.sheetnames else book.create_sheet("Data")).append(row)
    sink = io.BytesIO()
    book.save(sink)
    table = table_from_bytes("t.xlsx", sink.getvalue())
    assert (table.header, table.sheets) == (("a", "b"), ("Data", "Cover"))
    with pytest.raises(TableError, match="has no rows; .*; its other sheets: Data"):
        table_from_bytes("t.xlsx", sink.getvalue(), "Cover")


def test_without_the_library_for_workbooks_its_extra_is_named(monkeypatch):
    content = workbook([["a"], [1]])
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(MissingExtraError, match=r"t\.xlsx: needs openpyxl.*'ccplan\[tables\]'"):
        table_from_bytes("t.xlsx", content)


def bomb(megabytes: int) -> bytes:
    return patched(workbook([["a"], [1]]), SHEET, lambda x: x + b" " * (megabytes << 20))


def packed(content: bytes) -> bytes:
    sink = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for info in old.infolist():
            new.writestr(info.filename, old.read(info))
    return sink.getvalue()


ENTITIES = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.exe", b"x", "is a .exe file; allowed: .csv"),
        ("a.csv", b"", "is empty; allowed: a header and rows"),
        ("a.csv", b"a,b\n", "has no rows"),
        ("a.csv", b"a,a\n1,2\n", "has two columns named 'a'; allowed: one each"),
        ("a.csv", b"\xff\xfe\x00", "is not a text"),
        ("a.csv", bytes(range(256)), "is not a text"),
        ("a.csv", b'a,b\n1,"2\n3,4\n', "a.csv:2: ends inside a quoted cell"),
        ("a.csv", b'a,b\n1,"2"2\n3,4\n', "a.csv:2: has a quotation mark inside a quoted cell"),
        ("a.csv", b"a,b\n1," + b"x" * 32768, "a.csv:2: has a cell of 32,768 characters; allowed"),
        ("a.csv", b"a,b\n1," + b"x" * 200_000, "a.csv:2: has a cell that is far too long"),
        ("a.csv", b",".join(b"%d" % k for k in range(201)) + b"\n1", "has 201 columns; allowed"),
        ("a.xls", b"\xd0\xcf\x11\xe0 old", "in the old format .xls; allowed: .xlsx"),
        ("a.xlsx", b"PK nonsense", "no readable XLSX file"),
        ("a.xlsx", workbook([["a"], [1]])[:-30], "no readable XLSX file"),
        ("a.xlsx", packed(bomb(61)), "unpacks to more than 60 MB"),
        (
            "a.xlsx",
            patched(workbook([["a"], [1]]), SHEET, lambda x: x.replace(b"<row", b"<<row")),
            "no readable XLSX file",
        ),
        (
            "a.xlsx",
            patched(workbook([["a"], [1]]), SHEET, lambda x: ENTITIES + x),
            "defines XML entities in 'xl/worksheets/sheet1.xml'",
        ),
        (
            "a.xlsx",
            patched(workbook([["a"], [1]]), SHEET, lambda x: x.replace(b'w r="2', b'w r="9999992')),
            "has a row number 9999992; allowed: 1 to 1,048,576",
        ),
        (
            "a.xlsx",
            patched(workbook([["a"], [1]]), SHEET, lambda x: x.replace(b'r="A2"', b'r="ZZZ2"')),
            "a.xlsx:2: has 18,278 columns; allowed: at most 200",
        ),
        ("a.csv", b"x" * (20 * 1024 * 1024 + 1), "has more than 20 MB; allowed: at most that"),
    ],
)  # fmt: skip
def test_bad_files_are_reported_in_one_sentence(name, content, told):
    with pytest.raises(TableError) as caught:
        table_from_bytes(name, content)
    assert told in str(caught.value)
    assert str(caught.value).startswith(f"{name}:")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a\n" + "1\n" * 4, "has more than 3 rows"),
        ("a,b,c,d\n" * 4, "has more than 10 cells"),
        ("a,b,c,d,e\n1\n", "has 5 columns; allowed: at most 4"),
        ("a\n" + "x" * 21, "t.csv:2: has a cell of 21 characters; allowed: at most 20"),
    ],
)
def test_every_bound_holds_to_the_last_one(text, told):
    with pytest.raises(TableError, match=told):
        table_from_text("t.csv", text, bounds=SMALL)
    assert len(table_from_text("t.csv", "a,b\n" + "1\n" * 3, bounds=SMALL).rows) == 3


def test_the_page_says_the_bounds(repo_root):
    page = (repo_root / "docs" / "tables.md").read_text(encoding="utf-8")
    for name, key, unit in (
        ("size", "size", 1 << 20), ("rows", "rows", 1), ("columns", "columns", 1),
        ("cells", "cells", 1), ("characters per cell", "length", 1),
        ("workbook, unpacked", "unpacked", 1 << 20),
    ):  # fmt: skip
        mb = " MB" if unit > 1 else ""
        own, sent = (f"{getattr(bounds, key) // unit:,}{mb}" for bounds in (FILES, UPLOADS))
        assert f"| {name} | {own} | {sent} |" in page


def test_paths_are_distinguished(tmp_path):
    (tmp_path / "round.csv").symlink_to(tmp_path / "round.csv")
    for name, told in [("no.csv", "does not exist"), (".", "is a folder"), ("round.csv", "round")]:
        with pytest.raises(TableError, match=told):
            read_table(tmp_path / name)
    (tmp_path / "a.csv").write_text("Calls,b\n1,2\n")
    table = read_table(tmp_path / "a.csv")
    assert (table.column("calls"), table.cells(1)) == (0, ["2"])
    with pytest.raises(TableError, match="callz: no such column; the file has: Calls, b; did you"):
        table.column("callz")


def read_or_error(name: str, content: bytes) -> tuple[Table | None, str]:
    """Return the table, or the one line that refuses it; nothing else may be raised."""
    try:
        return table_from_bytes(name, content), ""
    except TableError as error:
        lines = str(error).splitlines()
    assert len(lines) == 1
    assert lines[0].startswith(name)
    assert len(lines[0]) < 500
    return None, lines[0]


@pytest.mark.parametrize(
    "content",
    [
        ",".join(f"column {k}" for k in range(200_000)) + "\n1,2\n",
        "a,b\n" + '"' * 2_000_001,
        "a,b\n" + "1,2\n" * 150_000,
        "a,b\n" + "#\n" * 500_000 + "1,2\n",
        " " * 2_000_000,
        "a\n" + "1 234" * 6000,
        ";" * 1_000_000,
        "\n" * 1_000_000 + "a,b\n1,2",
    ],
)  # fmt: skip
def test_large_and_strange_tables_take_little_time(content):
    begun = time.process_time()
    table, told = read_or_error("t.csv", content.encode())
    assert time.process_time() - begun < 2
    assert (table is None) == bool(told)


@pytest.mark.parametrize("kind", ["t.csv", "t.xlsx"])
def test_damaged_bytes_give_a_table_or_one_message(kind):
    rows = [["start", "calls", "aht"], *([dt.time(8, k), k * 1.5, "6:10"] for k in range(20))]
    content = workbook(rows) if kind == "t.xlsx" else lines(";").encode("utf-16")
    rng = random.Random(9)
    for _ in range(150):
        broken = bytearray(content)
        for _ in range(rng.choice((1, 1, 3, 20))):
            broken[rng.randrange(len(broken))] = rng.randrange(256)
        table, told = read_or_error(kind, bytes(broken))
        assert (table is None) == bool(told)


def test_a_long_reason_of_a_damaged_workbook_is_cut(monkeypatch):
    def fail(*_):
        raise ValueError("a" * 5000)

    monkeypatch.setattr("sim.fileio.workbook._rows", fail)
    table, told = read_or_error("t.xlsx", workbook([["start"]]))
    assert table is None
    assert told.endswith("a…")


def test_damaged_parts_of_a_workbook_give_a_table_or_one_message():
    content = workbook([["start", "calls"], *([dt.time(8, k), k * 1.5] for k in range(9))])
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = [info.filename for info in archive.infolist()]
    rng = random.Random(4)

    def flip(body: bytes) -> bytes:
        broken = bytearray(body)
        for _ in range(rng.choice((1, 4))):
            broken[rng.randrange(len(broken))] = rng.randrange(256)
        return bytes(broken)

    for k in range(120):
        table, told = read_or_error("t.xlsx", patched(content, parts[k % len(parts)], flip))
        assert (table is None) == bool(told)
