"""Every published number that a closed formula should give, to its digits."""

from itertools import groupby

import pytest

from verification.checks import Check
from verification.formulas import formula_checks

CASES = [(name, list(some)) for name, some in groupby(formula_checks(), key=lambda c: c.case)]


@pytest.mark.parametrize(("name", "checks"), CASES, ids=[name for name, _ in CASES])
def test_formula_gives_its_published_digits(name: str, checks: list[Check]) -> None:
    wrong = [f"{c.metric}: {c.found!r} is not {c.expected!r}" for c in checks if not c.agrees]
    assert not wrong


def test_all_sources_are_checked() -> None:
    # A family that yields nothing would pass unseen.
    assert sum(len(checks) for _, checks in CASES) >= 380


def test_a_wrong_value_is_noticed() -> None:
    check = Check("case", "source", "figure", expected=0.5, allowed=1e-9, found=0.5001)
    assert not check.agrees
    assert Check("case", "source", "figure", 0.5, 0.0, 0.51, error=0.01, freedom=50).agrees
    assert not Check("case", "source", "figure", 0.5, 0.0, 0.55, error=0.01, freedom=50).agrees
