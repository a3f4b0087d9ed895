"""Times, shares and numbers in words that are read as the same number to the bit."""

from __future__ import annotations

from sim import units
from sim.numerals import write_number


def time_text(seconds: float) -> str:
    """Return a time that is read as the same number of seconds."""
    shown = units.show_duration(seconds)
    return shown if units.duration(shown) == seconds else f"{number_text(seconds)}s"


def share_text(share: float) -> str:
    """Return a share that is read as the same number."""
    shown = f"{number_text(float(f'{100 * share:.10g}'))}%"
    return shown if units.share(shown) == share else number_text(share)


def number_text(number: float) -> str:
    """Return a number that is read as the same."""
    short = write_number(number, 6)
    return short if float(short) == number else write_number(number)
