"""Renew the results of the example in docs/experience.md: both scorecards, money and the advice.

Usage: python -m scripts.experience_example. It simulates and takes a few minutes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import ccplan
from scripts.tutorial_page import BLOCK, table
from sim.experiment import Result
from sim.planning.investment.investment_result import Investment, Row
from sim.report.formatting import show
from sim.report.scorecards import ScorecardLine, Scorecards, short_title

PAGE = Path(__file__).resolve().parent.parent / "docs" / "experience.md"
SCENARIO = "online_shop_peak"
BUDGET = 4000
OBJECTIVE = "csat"
RUNS = 100
LEVERS = 1000.0
"""Time limit (s) of the search, which ends much earlier."""
BY_OWNER = ("customers", "csat", "effort", "contacts_per_issue", "resolution", "value_lost")
NAMES = ("service", "experience", "money", "owner", "advice", "levers")
"""Blocks of the page."""


def main() -> None:
    """Simulate the scenario, search for the best mix of its levers, and write the page."""
    result = ccplan.simulate(SCENARIO, runs=RUNS)
    found = ccplan.invest(SCENARIO, BUDGET, objective=OBJECTIVE, time_limit=LEVERS)
    page = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(with_results(page, blocks(result, found)), encoding="utf-8")


def with_results(page: str, texts: Mapping[str, str]) -> str:
    """Return a page with each marked block renewed.

    Parameters
    ----------
    page : str
        ``<!-- results: NAME -->`` to ``<!-- end of results -->`` are blocks.
    texts : mapping of str
        By name.

    Raises
    ------
    KeyError
        When a block is unknown.
    """
    return BLOCK.sub(lambda m: f"{m[1]}\n{texts[m[2]]}\n\n{m[3]}", page)


def blocks(result: Result, found: Investment) -> dict[str, str]:
    """Return all blocks of the page by name."""
    cards = Scorecards(result)
    return {
        "service": scorecard(cards.service),
        "experience": scorecard(cards.experience),
        "money": scorecard([*cards.money, *cards.poor_service]),
        "owner": by_owner(cards),
        "advice": advice(found),
        "levers": levers(found),
    }


def scorecard(lines: Sequence[ScorecardLine]) -> str:
    """Return a scorecard as a table: metric, value, 95 % confidence interval."""
    rows = [
        [
            line.title + (f" ({line.calibration})" if line.calibration else ""),
            line.value,
            bounds(line),
        ]
        for line in lines
    ]
    return table(["metric", "value", "95 % confidence interval"], iter(rows))


def bounds(line: ScorecardLine) -> str:
    """Return the confidence interval of a line, or that all replications agree."""
    row = line.row
    return "the same in all replications" if row.low == row.high else line.bounds


def by_owner(cards: Scorecards) -> str:
    """Return what customers experience by who can change it."""
    rows = [
        [name, *(_with_half(line) for line in cards.lines(BY_OWNER, "owner", name))]
        for name in cards.names("owner")
    ]
    head = ["owner", *(short_title(metric) for metric in BY_OWNER)]
    star = cards.star.replace("*", r"\*", 1)
    return f"{table(head, iter(rows))}\n\n{star}"


def _with_half(line: ScorecardLine) -> str:
    row = line.row
    half = None if row.low is None or row.high is None else (row.high - row.low) / 2
    return show(row.value, row.unit, half)


def advice(found: Investment) -> str:
    """Return the sentences of the advice as a list."""
    return "\n".join(f"- {sentence}" for sentence in found.advice)


def levers(found: Investment) -> str:
    """Return a table of the levers alone, with the mix that was found as its last line."""
    rows = [[row["title"], *_effect(row, row["low"], row["high"])] for row in found.levers]
    best = found.best
    mix = ["**the mix**", *_effect(best, best["difference_low"], best["difference_high"])]
    head = ["lever", "cost a month", "CSAT", "95 % confidence interval", "service level"]
    return table(head, iter([*rows, mix]))


def _effect(row: Row, low: float, high: float) -> Iterator[str]:
    yield f"{row['cost']:,.0f}"
    yield _points(row["difference"])
    yield f"{_points(low)} to {_points(high)}"
    yield _points(row["service_level_difference"])


def _points(value: float) -> str:
    return f"{100 * value + 0.0:+.1f} points"


if __name__ == "__main__":
    main()
