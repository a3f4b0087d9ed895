"""Messages in the app name fields where those of the command line name options."""

import ast
import re
from pathlib import Path

import pytest

from sim.app.option_words import in_app_words
from sim.history.forecast_history import HOLIDAYS_UNNAMED

ROOT = Path(__file__).resolve().parents[2]


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
            "leave these rows out (Leave out outcomes)",
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


OPTION = re.compile(r"--[a-z]")
SOURCES = [
    *sorted((ROOT / "sim/history").rglob("*.py")),
    *(ROOT / f"sim/planning/{name}.py" for name in (
        "actual_inputs", "actuals_file", "align_actuals", "calibrated_days",
        "compare_with_actuals", "log_actuals", "log_inputs", "log_time_zone", "missing_rows",
        "validate_scenario", "validation_notes",
    )),
    ROOT / "sim/fileio/dates.py",
]  # fmt: skip
NAMES_OF_OPTIONS = {"--column", "--states-column", "--state", "--country"}
"""Parts from which messages are put together, or names of options for libraries that lack."""
ONLY_IN_COMMANDS = {"read_history.py": "fields that page Forecast does not offer for a log",
                    "interval_rows.py": "messages of staffing"}  # fmt: skip


def messages_of(path):
    """Yield the texts of a module that name an option, 1 for what is filled in."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    parts = {id(one) for joined in ast.walk(tree) if isinstance(joined, ast.JoinedStr)
             for one in joined.values}  # fmt: skip
    documented = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if id(node) in documented | parts:
            continue
        if isinstance(node, ast.JoinedStr):
            text = "".join(
                str(one.value) if isinstance(one, ast.Constant) else "1" for one in node.values
            )
        else:
            text = node.value if isinstance(node, ast.Constant) else None
        if isinstance(text, str) and OPTION.search(text) and text not in NAMES_OF_OPTIONS:
            yield text


def test_no_message_of_a_file_names_an_option_on_a_page():
    """Of files of a history, a call log or actuals; messages of other pages are not among them."""
    left = [
        (path.name, text)
        for path in SOURCES
        if path.name not in ONLY_IN_COMMANDS
        for text in messages_of(path)
        if OPTION.search(in_app_words(text))
    ]
    assert left == []


def test_messages_with_options_are_found():
    found = [text for path in SOURCES for text in messages_of(path)]
    assert len(found) > 30
    assert any("1" in text for text in found)


@pytest.mark.parametrize("title", ["Abteilung", '"Team Name"'])
def test_a_column_that_a_message_proposes_is_chosen_in_the_app(title):
    said = in_app_words(f"if it has the queues, say --column queue={title}")
    assert said == "if it has the queues, choose it as queue under Column mapping"
