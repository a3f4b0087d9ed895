"""The gap table of docs/staffing.md is what its script finds."""

import pytest

from scripts.staffing_gaps import BEGIN, CASES, DOCS, END, HEAD, row, searched


def rows_of_document():
    text = DOCS.read_text(encoding="utf-8").partition(BEGIN)[2].partition(END)[0]
    lines = [line.strip("| ").split(" | ") for line in text.splitlines()]
    assert lines[0] == list(HEAD)
    return {line[0]: line for line in lines[2:]}


def test_every_case_is_in_the_table_and_a_proven_plan_is_at_its_bound():
    rows = rows_of_document()
    assert list(rows) == list(CASES)
    for line in rows.values():
        hours, bound, proof = float(line[2]), float(line[3]), line[4]
        assert hours >= bound
        assert (hours == bound) == (proof == "proven")


@pytest.mark.slow
def test_the_first_case_gives_the_row_of_the_table():
    case = next(iter(CASES))
    assert row(case, searched(case))[:-1] == rows_of_document()[case][:-1]
