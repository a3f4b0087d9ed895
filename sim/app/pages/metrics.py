"""About the metrics: the definition and formula of every metric."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.metrics import NonRatioMetric, RatioMetric

BASES = {
    "legs": "Contacts and waits",
    "time": "Agents",
    "issues": "Customers and issues",
    "journeys": "Customer experience",
    "center": "Money of the whole center",
    "": "Percentiles and days",
}
INTRODUCTION = """\
A contact counts in the interval and day of its **arrival**; agent time counts when it is worked.
Ratios are ratios of sums over all replications, never means of percentages. The 95 % confidence
interval reflects the number of replications, not what the scenario leaves out.
"""


def page() -> None:
    """Draw the page."""
    import streamlit as st

    st.title("About the metrics")
    st.markdown(INTRODUCTION)
    _service_levels()
    for base, title in BASES.items():
        st.subheader(title, divider="gray")
        st.table(_rows(base), border="horizontal")


def _service_levels() -> None:
    """Draw the six formulas that are all called service level."""
    import streamlit as st

    from sim.report.result_views import level_examples

    st.subheader("Service level: six formulas, one name", divider="gray")
    st.markdown(
        "Systems count abandoned contacts differently, so the same day gives different "
        "percentages. ccplan always names the formula; **within** means a wait up to the "
        "threshold. Example: a day with 1,000 answered (860 within) and 60 abandoned (20 within, "
        "10 short)."
    )
    st.table(level_examples(), border="horizontal")


def _rows(base: str) -> list[dict[str, str]]:
    from sim.metrics.metric_titles import metric_title

    return [
        {
            "Metric": metric_title(one.name),
            "Definition": one.meaning,
            "Formula": _formula(one),
            "Unit": "share, shown in %" if one.unit == "share" else one.unit,
            "Name in files": f"`{one.name}`",
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
        return f"{top}, mean of the replications"
    return f"{_bracketed(top)} ÷ {_bracketed(bottom)}"


def _words(formula: str) -> str:
    return formula.replace("_", " ").replace(" * ", " × ").replace(" / ", " ÷ ")


def _bracketed(text: str) -> str:
    return f"({text})" if any(sign in text for sign in (" + ", " - ", " × ")) else text
