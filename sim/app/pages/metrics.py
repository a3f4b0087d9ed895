"""About the figures: what every figure means, and how it is worked out."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.metrics import NonRatioMetric, RatioMetric

BASES = {
    "legs": "Contacts and waits",
    "time": "Agents and their time",
    "issues": "Customers and their issues",
    "": "Percentiles and days",
}
INTRODUCTION = """\
A contact counts in the interval and day of its **arrival**; time of agents counts where it is
spent. A ratio is a ratio of sums over all runs, never a mean of percentages. The 95 % interval
says how much the figure would vary if the same number of runs were made with other chance: it
speaks of the simulation, not of what the scenario leaves out.
"""


def page() -> None:
    """Draw the page."""
    import streamlit as st

    st.title("About the figures")
    st.markdown(INTRODUCTION)
    _service_levels()
    for base, title in BASES.items():
        st.subheader(title, divider="gray")
        st.table(_rows(base), border="horizontal")


def _service_levels() -> None:
    """Draw the six formulas that all are called service level."""
    import streamlit as st

    from sim.report.result_views import level_examples

    st.subheader("Service level: six formulas, one name", divider="gray")
    st.markdown(
        "Systems count those who hang up differently, so the same day gives different "
        "percentages. Every service level here names its formula; **within** means a wait of at "
        "most the threshold. The last column is a day of 1,000 answered (860 of them within) and "
        "60 abandoned (20 within, 10 short)."
    )
    st.table(level_examples(), border="horizontal")


def _rows(base: str) -> list[dict[str, str]]:
    return [
        {
            "Metric": f"`{one.name}`",
            "Means": one.meaning,
            "Worked out as": _formula(one),
            "Unit": "share, shown in %" if one.unit == "share" else one.unit,
        }
        for one in _measures(base)
    ]


def _measures(base: str) -> Iterator[RatioMetric | NonRatioMetric]:
    from sim.metrics import catalogue

    for one in catalogue().values():
        level = one.name.startswith("service_level_") and not one.name.startswith(
            "service_level_day"
        )
        if getattr(one, "base", "") == base and not level:
            yield one


def _formula(one: RatioMetric | NonRatioMetric) -> str:
    how = getattr(one, "how", None)
    if how is not None:
        return str(how)
    top, bottom = _words(getattr(one, "top", "")), _words(getattr(one, "bottom", ""))
    if not bottom:
        return f"{top}, mean of the runs"
    return f"{_bracketed(top)} ÷ {_bracketed(bottom)}"


def _words(formula: str) -> str:
    return formula.replace("_", " ").replace(" * ", " × ").replace(" / ", " ÷ ")


def _bracketed(text: str) -> str:
    return f"({text})" if any(sign in text for sign in (" + ", " - ", " × ")) else text
