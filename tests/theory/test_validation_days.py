"""Deterministic days, worked out contact by contact."""

from itertools import groupby

import pytest

from verification.checks import Check
from verification.deterministic import deterministic_checks

CASES = [(name, list(some)) for name, some in groupby(deterministic_checks(), key=lambda c: c.case)]


@pytest.mark.parametrize(("name", "checks"), CASES, ids=[name for name, _ in CASES])
def test_day_is_as_worked_out(name: str, checks: list[Check]) -> None:
    wrong = [f"{c.metric}: {c.found!r} is not {c.expected!r}" for c in checks if not c.agrees]
    assert not wrong
