"""Messages of the command line in the words of the app: fields in the place of options."""

from __future__ import annotations

import re

_MAPPING = "(choose it under Column mapping)"
_WORDS = (
    (
        r"'ccplan forecast' and 'ccplan calibrate' read such logs, by columns for (.*?) "
        r"\(--column MEANING=TITLE\)",
        r"Pages Forecast and Calibrate read such logs (Each row is one contact), by columns for \1",
    ),
    (r"\((?:say it: |leave it out: )?--column [^)]*\)", _MAPPING),
    (
        r"\((?:say it: |leave it out: )?--states-column [^)]*\)",
        "(choose it under Columns of the states)",
    ),
    (r"--column offered=TITLE takes", "choosing Offered under Column mapping takes"),
    (
        r"(?:say so: |say )?--column (\w+)=(?!TITLE)(?:\"[^\"]*\"|[^\s;,]+)(?=[;,] |$)",
        r"choose it as \1 under Column mapping",
    ),
    (r"(?:say )?--aht \S+ or --column \S+=TITLE", "choose it under Column mapping"),
    (r"(?:say )?--column \S+=TITLE", "choose a column under Column mapping"),
    (r" ?\(--given\)", " (Take from the actuals)"),
    (r"Specify --recorded-aht .*? before", "Choose it under AHT in the actuals includes before"),
    (r"say --zone", "choose the time zone"),
    (r", or --dates day-first or month-first", ""),
    (r" \(--sheet\)", ""),
    (r"--zone, such as --zone (\S+), converts", r"the time zone, such as \1, converts"),
    (r" ?\(--zone\)", " (time zone)"),
    (r"\(--center-zone, or center\.time_zone of a scenario\)", "(Time zone of the center)"),
    (r'--open "([^"]*)"', r"\1 under Opening hours"),
    (r", said as --state .*? for all that are unknown", ", chosen under Columns of the states"),
    (r"leave them out: --not-outcome", "choose it under Leave out outcomes"),
    (r"\(--not-outcome\)", "(Leave out outcomes)"),
    (r"^--not-outcome:", "Leave out outcomes:"),
    (r"\(--states\)", "(States of agents)"),
    (
        r"^--states: allowed with --given agents",
        "States of agents: allowed with agents under Take from the actuals",
    ),
    (r"^--states?:", "States of agents:"),
    (r"^--zone: is", "Time zone of the center: is"),
    (r"with --zone (\S+)", r"with the time zone \1"),
    (r"--center-zone is needed", "set the time zone of the center"),
    (r"such as --days (\d+)", r"such as \1 days ahead"),
    (r" ?\(--country\)", ""),
    (
        r"or leave these rows out \(--not-outcome WORD\)",
        "or leave these rows out (Leave out outcomes)",
    ),
    (r"\(--without\)", "(Leave out days)"),
    (r" \(--state '[^']*' if it is none\)", ""),
    (r"\(--from (\S+)\)", r"(from \1 on)"),
    (r"--all-days makes", "Simulate all days of the forecast makes"),
    (r"ccplan forecast HISTORY --scenario \S+", "page Forecast, with this scenario,"),
    (r"^given: ", "Take from the actuals: "),
)


def in_app_words(text: str) -> str:
    """Return a message in which the fields of the app stand for options of commands."""
    for pattern, words in _WORDS:
        text = re.sub(pattern, words, text)
    return text
