"""The page of the verification says what was found, also when it differs."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from verification.__main__ import _play
from verification.calibrated_worlds import CenterCoverage
from verification.cases import Case, Expected, metric
from verification.checks import Check, exact
from verification.estimates import EstimateCoverage
from verification.page import centers_table, summary, write
from verification.plain_names import case_words, metric_words

GOOD = Check("Erlang A", "source", "asa_s", 10.0, 0.0, 10.05, error=0.04, freedom=99)
BAD = Check("Erlang C", "source", "occupancy", 0.8, 0.0, 0.9, error=0.001, freedom=99)


def test_summary_names_what_differs() -> None:
    text = summary([exact("Erlang B", "table", "blocking", 0.1, 0.1)], [], [GOOD, BAD], quick=False)
    assert "2 of 3 values agree" in text
    assert "**1 differ**: Erlang C (occupancy)" in text


def test_summary_counts_what_would_show_one_percent() -> None:
    # 1.98 standard errors of 0.04 are 0.8 % of 10; allowing 0.05 more makes it 1.3 %.
    wide = Check("Erlang A", "source", "asa_s", 10.0, 0.05, 10.0, error=0.04, freedom=99)
    assert "2 of simulations, of which 1 would reveal" in summary([], [], [GOOD, wide], quick=False)


def test_page_has_every_simulated_value(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    write(page, [exact("Erlang B", "t", "x", 1.0, 1.0)], [], [GOOD, BAD], "a week", quick=True)
    text = page.read_text()
    assert "| Erlang A | source | ASA (s) | 10 | 10.05 | 0.079 | 0.8% | agrees |" in text
    assert "| Erlang C | source | occupancy | 0.8 | 0.9 | 0.002 | 0.2% | **differs** |" in text
    assert "| Erlang B | t | 1 | 0.0e+00 | agrees |" in text
    assert "a week" in text
    assert "quick run" in text


def test_page_has_the_coverage_of_estimates(tmp_path: Path) -> None:
    found = [
        EstimateCoverage("center", "mean gap (s)", 36.0, 36.2, 400, 378),
        EstimateCoverage("center", "balking", 0.05, 0.05, 1000, 900),
    ]
    page = tmp_path / "page.md"
    write(page, [], [], [GOOD], "a week", quick=False, estimates=found)
    text = page.read_text()
    assert "| center | mean gap (s) | 36 | 36.2 | 400 | 94.5% | agrees |" in text
    assert "| center | balking | 0.05 | 0.05 | 1,000 | 90.0% | **differs** |" in text
    # Fewer worlds may be farther from 95 %, a thousand not.
    assert EstimateCoverage("center", "balking", 0.05, 0.05, 100, 89).agrees
    assert not EstimateCoverage("center", "balking", 0.05, 0.05, 100, 88).agrees


@pytest.mark.parametrize(
    ("in_code", "in_words"),
    [
        ("asa_s", "ASA (s)"),
        ("asa_s_first", "ASA (s), first"),
        ("asa_s of all", "ASA (s) of all"),
        ("wait_p90_s", "90 % quantile of waits (s)"),
        ("abandonment small", "abandonment, small"),
        ("large@40s", "service level within 40 s, large"),
        ("offered, own program", "offered, own program"),
        ("offered to people", "offered to people"),
        ("occupancy", "occupancy"),
    ],
)
def test_metrics_have_plain_names(in_code: str, in_words: str) -> None:
    assert metric_words(in_code) == in_words


def test_cases_are_named_by_their_size() -> None:
    assert case_words("Erlang A, s14_classic") == "Erlang A, 14 agents"
    assert case_words("M/M/12 for 8 h from empty") == "M/M/12 for 8 h from empty"


def test_the_page_has_no_names_of_code(repo_root: Path) -> None:
    page = (repo_root / "docs" / "verification.md").read_text(encoding="utf-8")
    recorded = page[page.index("## Recorded contacts") : page.index("## Formulas")]
    rows = [row for row in page.replace(recorded, "").splitlines() if row.startswith("|")]
    wrong = re.compile(r"\w_\w|@|\b(asa|aht|cv|tiny2|s5)\b|\b(asa|aht|all|wait|gap|p90) s\b")
    assert len(rows) > 400
    assert [row for row in rows if wrong.search(row)] == []


def test_a_coverage_is_in_the_aim_or_may_be_or_misses_it() -> None:
    found = [
        CenterCoverage("talk, mean (s)", 100, 94, 1.0, 1.0),
        CenterCoverage("balking", 100, 91, 1.0, 1.0),
        CenterCoverage("agent hours", 100, 86, 1.0, 1.0),
        CenterCoverage("gap", 40, 40, 1.0, 1.0, with_breaks=True),
    ]
    text = centers_table(found)
    verdicts = dict(re.findall(r"^\| ([^|]+) \| \d.* \| (\S[^|]*) \|$", text, re.MULTILINE))
    assert verdicts == {
        "talk, mean (s)": "in the aim", "balking": "uncertain", "agent hours": "**missed**",
        "gap": "uncertain",
    }  # fmt: skip
    assert "1 are in the aim, 2 uncertain, and 1 missed: **agent hours, 86.0%**" in text


def test_the_written_page_judges_its_coverages_by_the_aim(repo_root: Path) -> None:
    page = (repo_root / "docs" / "verification.md").read_text(encoding="utf-8")
    part = page.split("## Calibrated centers\n\n")[1].split("\n\n## ")[0]
    found = []
    for table, block in enumerate(part.split("| parameter |")[1:]):
        for row in block.splitlines()[2:]:
            cells = [cell.strip() for cell in row.strip("|").split("|")]
            if len(cells) == 7:
                cases, share = int(cells[1]), float(cells[4].rstrip("%")) / 100
                numbers = float(cells[2]), float(cells[3])
                hits = round(share * cases)
                found.append(CenterCoverage(cells[0], cases, hits, *numbers, table == 1))
    assert len(found) > 30
    assert part == centers_table(found)


class Twice:
    """A case that is found differently in the two simulations."""

    name = "Erlang C"

    def __init__(self, first: Check, second: Check) -> None:
        self.found = {False: first, True: second}
        self.simulated: list[bool] = []

    def checks(
        self, quick: bool, workers: int | None = None, rerun: bool = False
    ) -> Iterator[Check]:
        self.simulated.append(rerun)
        yield self.found[rerun]


@pytest.mark.parametrize(
    ("first", "second", "simulated", "counts"),
    [
        (GOOD, BAD, [False], GOOD),
        (BAD, GOOD, [False, True], GOOD),
        (BAD, BAD, [False, True], BAD),
    ],
)
def test_what_differs_is_simulated_a_second_time_and_that_counts(
    first: Check, second: Check, simulated: list[bool], counts: Check
) -> None:
    case = Twice(first, second)
    assert list(_play([case], quick=False, workers=None)) == [counts]  # type: ignore[list-item]
    assert case.simulated == simulated


def test_a_second_simulation_has_other_random_numbers_and_more_replications() -> None:
    tables = {
        "center": {"length": "1h"},
        "queue": {"calls": {"volume": "60 an hour", "talk": "exponential 1min"}},
        "group": {"team": {"agents": 3, "skills": {"calls": 1}}},
    }
    offered = Expected("offered", 60.0, metric("offered"))
    case = Case("A small queue", "source", tables, 8, (offered,))
    once, same, rerun = (next(case.checks(rerun=one)) for one in (False, False, True))
    assert once == same
    assert (once.freedom, rerun.freedom) == (7, 31)
    assert once.found != rerun.found
