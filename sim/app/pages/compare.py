"""Compare: kept results side by side, with paired differences and their intervals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.app import parts
from sim.app.running import simulated
from sim.app.workspace import Kept, as_text, recall, remember, workspace

if TYPE_CHECKING:
    from sim.experiment import Comparison, Result

CHARTED = {
    "service_level": "Service level",
    "abandonment": "Abandonment",
    "asa_s": "Mean wait of the answered (ASA)",
    "occupancy": "Occupancy",
}


def page() -> None:
    """Draw the page."""
    import streamlit as st

    st.title("Compare")
    kept = list(workspace().kept.values())
    if not kept:
        st.info(
            "Nothing is kept yet. On page Start, give a result a name and press Keep.",
            icon=":material/bookmark:",
        )
        return
    _list(kept)
    if len(kept) < 2:
        st.info("Keep a second result to compare it with this one.", icon=":material/bookmark:")
        return
    chosen = _choice(kept)
    if chosen is not None:
        _compared(*chosen)


def _list(kept: list[Kept]) -> None:
    """Draw what is kept, with a way to remove it."""
    import streamlit as st

    from sim.report.quantity import show

    st.subheader("Kept results", divider="gray")
    for one in kept:
        left, right = st.columns([8, 1], vertical_alignment="center")
        level = one.result.figure("service_level")
        words = ", ".join(one.words)
        left.markdown(
            f"**{as_text(one.name)}**  \n"
            f":gray[service level {show(level.value, 'share', level.half)}, "
            f"{one.result.runs} runs, seed {one.result.seed}; "
            f"{as_text(words or 'as written')}]" + (f"  \n{as_text(one.note)}" if one.note else "")
        )
        right.button(
            "Remove",
            key=f"remove:{one.name}",
            icon=":material/delete:",
            width="stretch",
            on_click=workspace().remove,
            args=(one.name,),
        )


def _choice(kept: list[Kept]) -> tuple[Kept, list[Kept]] | None:
    """Draw the choice of a base and of what is held against it."""
    import streamlit as st

    names = [one.name for one in kept]
    by_name = {one.name: one for one in kept}
    left, right = st.columns([1, 2])
    key = "compare:base"
    if workspace().values.get(key) not in names:
        workspace().values.pop(key, None)
        st.session_state.pop(key, None)
    with left:
        st.selectbox("Base", names, key=recall(key, names[0]), format_func=as_text)
    base = by_name[remember(key)]
    rest = [name for name in names if name != base.name]
    with right:
        picked = st.multiselect("Against it", rest, default=rest, format_func=as_text)
    if not picked:
        st.info("Choose at least one result to hold against the base.")
        return None
    return base, [by_name[name] for name in picked]


def _compared(base: Kept, others: list[Kept]) -> None:
    """Draw charts and tables of the differences."""
    import streamlit as st

    from sim.experiment import Comparison
    from sim.report.views import main_differences

    runs, seed = base.result.runs, base.result.seed
    results = [_paired(one, runs, seed) for one in (base, *others)]
    labels = tuple(one.name for one in (base, *others))
    comparison = Comparison(tuple(results), labels)
    st.subheader(f"Differences from {as_text(base.name)}", divider="gray")
    st.caption(
        f"All lived the same {runs} runs (seed {seed}), so each difference is of pairs of runs. "
        "Where the 95 % interval holds zero, no difference is shown; that does not prove that "
        "there is none."
    )
    _chart(comparison)
    for one in others:
        with st.expander(as_text(one.name), expanded=len(others) == 1):
            rows = main_differences(comparison, one.name)
            parts.difference_rows(rows, f"Differences of {one.name} from {base.name}")


def _paired(one: Kept, runs: int, seed: int) -> Result:
    """Return a result with the runs and seed of the base, simulated anew when it has others."""
    if (one.result.runs, one.result.seed) == (runs, seed):
        return one.result
    return simulated(one.scenario, runs, seed, f"Simulating {one.name}")


def _chart(comparison: Comparison) -> None:
    """Draw one figure of all scenarios against the base."""
    import streamlit as st

    from sim.metrics import catalogue
    from sim.report.charts import difference_chart, told_differences

    have = {row.metric for row in comparison.rows if row.scope == "total"}
    metrics = [metric for metric in CHARTED if metric in have]
    key = recall("compare:metric", metrics[0])
    st.segmented_control("Figure", metrics, key=key, required=True, format_func=CHARTED.__getitem__)
    metric = remember(key)
    rows = [r for r in comparison.rows if (r.scope, r.metric) == ("total", metric)]
    unit = catalogue()[metric].unit
    title = f"{CHARTED[metric]}: difference from {comparison.labels[0]}, 95 % interval"
    st.altair_chart(
        difference_chart(rows, unit, title), width="stretch", alt=told_differences(rows, unit)
    )
