"""The page of the verification says what was found, also when it differs."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from verification.__main__ import _play
from verification.cases import Case, Expected, metric
from verification.checks import Check, exact
from verification.estimates import EstimateCoverage
from verification.page import summary, write

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
    assert "| Erlang A | source | asa s | 10 | 10.05 | 0.079 | 0.8% | agrees |" in text
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
