"""Handle times that are so short that they must be in another unit than seconds."""

from __future__ import annotations

import re

SHORTEST = 15.0
"""No center has contacts of so few seconds on average."""
_SECONDS = re.compile(r"(?:\b|_)(?:s|sec|secs|sek|seconds|sekunden)\b", re.IGNORECASE)
_SHARE_OF_A_DAY = 0.2


def other_unit(title: str, mean: float) -> str | None:
    """Return why the times of a column are hardly seconds, None where they may be.

    Parameters
    ----------
    title : str
        Of the column; one that names seconds, such as ``AHT (s)``, is believed.
    mean : float
        As if in seconds, of those above zero.
    """
    if not 0 < mean < SHORTEST or _SECONDS.search(title):
        return None
    if mean < _SHARE_OF_A_DAY:
        return (
            f"{mean:.2g} s on average: a share of a day, as workbooks hold times? allowed: cells "
            "with the format h:mm:ss, or a number of seconds"
        )
    return (
        f"{mean:.3g} s on average: are these minutes? allowed: a number of seconds (370), 6:10 or "
        "1:02:03, or seconds in the title, such as 'AHT (s)'"
    )
