"""Deterministic days, worked out contact by contact."""

from itertools import groupby

from verification.deterministic import deterministic_checks


def test_days_are_as_worked_out() -> None:
    days = [(name, list(some)) for name, some in groupby(deterministic_checks(), lambda c: c.case)]
    assert len(days) == 5
    wrong = [
        f"{name}: {c.metric}: {c.found!r} is not {c.expected!r}"
        for name, checks in days
        for c in checks
        if not c.agrees
    ]
    assert not wrong
