"""Fields of page Forecast: days, intervals, opening hours, holidays, time zone and events."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.app.scenario_picker import show_problems
from sim.units import BadInputError

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.app.uploads import Upload

AS_IN_HISTORY = "as in the history"
INTERVALS = (AS_IN_HISTORY, "5min", "15min", "30min", "60min")


def forecast_options() -> tuple[dict[str, Any], bool]:
    """Draw the fields; return their values, and whether all are valid."""
    import streamlit as st

    with st.grid(min_column_width=200, gap="small"):
        days = st.number_input("Days ahead", 1, 366, 28, key="forecast:days")
        interval = st.selectbox(
            "Interval", INTERVALS, key="forecast:interval",
            help="Length of an interval of the forecast; shorter intervals of the history are put "
            "together. The contacts of a call log are counted by half hours unless you choose.",
        )  # fmt: skip
        with st.container():
            opening = st.text_input(
                "Opening hours", key="forecast:opening", placeholder=AS_IN_HISTORY,
                help="Such as 08:00-20:00, if the history does not show them.",
            ).strip()  # fmt: skip
            is_valid = _is_valid(opening, _opening)
        country = _country()
        with st.container():
            zone = st.text_input(
                "Time zone of the center", key="forecast:zone", placeholder="not set",
                help="Such as Europe/Berlin: hours that daylight saving skips or doubles are then "
                "recognised, and times of a call log that name a zone are converted. The export to "
                "Amazon Connect requires it.",
            ).strip()  # fmt: skip
            is_valid = _is_valid(zone, _zone) and is_valid
    options = {
        "days": int(days),
        "interval": None if interval == AS_IN_HISTORY else interval,
        "opening": opening or None,
        "country": country,
        "center_zone": zone or None,
    }
    return options, is_valid


def _country() -> str | None:
    """Draw the country of public holidays, and the part of it where it has parts."""
    import streamlit as st

    from sim.history.holiday_countries import holiday_countries, parts_with_holidays

    names = holiday_countries()
    country: str | None = st.selectbox(
        "Country of public holidays", list(names), index=None, key="forecast:country",
        format_func=lambda code: f"{names[code]} ({code})", placeholder="none: type to search",
        help="Holidays of past and coming days are then known by name.",
    )  # fmt: skip
    parts = parts_with_holidays(country) if country else {}
    if not parts:
        return country
    part = st.selectbox(
        "Part of the country", list(parts), index=None, key=f"forecast:part:{country}",
        format_func=parts.__getitem__, placeholder="holidays of the whole country only",
    )  # fmt: skip
    return f"{country}-{part}" if part else country


def _opening(text: str) -> None:
    from sim.scenario.calendar import opening

    try:
        opening(text)
    except ValueError as error:
        raise BadInputError(f"opening hours: {error}") from None


def _zone(name: str) -> None:
    from sim.history.tables import time_zones

    time_zones.zone(name)


def _is_valid(text: str, check: Callable[[str], None]) -> bool:
    """Show below a field what is wrong with it, and return whether nothing is."""
    try:
        if text:
            check(text)
    except BadInputError as error:
        show_problems(error)
        return False
    return True


def events_upload() -> Upload | None:
    """Draw the upload of known events."""
    import streamlit as st

    from sim.fileio import MEGABYTE, UPLOADS

    with st.expander("Campaigns and other events", icon=":material/event:"):
        return st.file_uploader(
            "Events (CSV or XLSX)", type=["csv", "tsv", "txt", "xlsx"], key="forecast:events",
            max_upload_size=UPLOADS.size // MEGABYTE,
            help="Columns date and name; perhaps until, change (such as +20%) and queue. Without "
            "change the effect is estimated from past days of the same name.",
        )  # fmt: skip
