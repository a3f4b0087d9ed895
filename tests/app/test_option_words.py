"""Messages in the app name fields where those of the command line name options."""

import pytest

from sim.app.option_words import in_app_words
from sim.history.forecast_history import HOLIDAYS_UNNAMED


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        (
            "week.csv: offered: no column is mapped to it; the file has: a, b "
            "(say it: --column offered=TITLE)",
            "week.csv: offered: no column is mapped to it; the file has: a, b "
            "(choose it under Column mapping)",
        ),
        (
            "layout connect: times are in UTC, so --center-zone is needed",
            "layout connect: times are in UTC, so set the time zone of the center",
        ),
        (
            "allowed: a longer forecast, such as --days 35",
            "allowed: a longer forecast, such as 35 days ahead",
        ),
        (
            "--zone: is Asia/Tokyo; allowed: a scenario that was calibrated with --zone Asia/Tokyo",
            "Time zone of the center: is Asia/Tokyo; allowed: a scenario that was calibrated with "
            "the time zone Asia/Tokyo",
        ),
        (
            "'X': neither answered nor abandoned; allowed: answered, abandoned or blocked, or "
            "leave these rows out (--not-outcome WORD)",
            "'X': neither answered nor abandoned; allowed: answered, abandoned or blocked, or "
            "chosen under Leave out outcomes",
        ),
        (
            "days with outages are compared too, unless left out (--without): 2026-03-02",
            "days with outages are compared too, unless left out (Leave out days): 2026-03-02",
        ),
        ("calls: fine as it is", "calls: fine as it is"),
    ],
)
def test_options_become_fields(message, shown):
    assert in_app_words(message) == shown


def test_no_option_is_left_in_the_hint_to_name_holidays():
    assert "--" in HOLIDAYS_UNNAMED
    assert "--" not in in_app_words(HOLIDAYS_UNNAMED)
