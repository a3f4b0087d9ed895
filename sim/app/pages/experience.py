"""Experience: service and experience side by side, the journey of issues, who can change what."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sim.app.apply_edit import apply_edit
from sim.app.background_jobs import SimulationTask
from sim.app.chart_display import draw_chart
from sim.app.save_result import save_result
from sim.app.scenario_picker import ScenarioChoice, pick_scenario, show_problems
from sim.app.simulation_jobs import simulate_all
from sim.app.start_fields import FEW, REPLICATIONS, RUNS, SEED
from sim.app.workspace import as_text, recall, remember
from sim.units import BadInputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.experiment import Result
    from sim.report.scorecards import ScorecardLine, Scorecards
    from sim.scenario import Scenario

SLOT = "experience"
TITLES = {
    "touchpoint": "Touchpoint",
    "owner": "Owner",
    "segment": "Segment",
    "issue": "Issue",
    "channel": "Channel",
}


def page() -> None:
    """Draw the page."""
    import streamlit as st

    with st.sidebar:
        choice = pick_scenario()
        options = _experiment(choice.scenario) if isinstance(choice, ScenarioChoice) else None
    st.title("Experience")
    if not isinstance(choice, ScenarioChoice) or options is None:
        st.write("Choose a scenario in the sidebar to see service and customer experience.")
        show_problems(choice if isinstance(choice, list) else [])
        return
    st.caption(
        f"{as_text(choice.heading)}. Service is what the contact center measures; experience is "
        "the sum of all contacts of a customer about an issue, for which the whole company is "
        "responsible."
    )
    if choice.scenario.satisfaction is None:
        _missing(choice)
        return
    slot = st.container(horizontal=True)
    try:
        result = _simulated(choice.scenario, *options)
    except BadInputError as error:
        show_problems(error)
        return
    if result is None:
        return
    with slot:
        save_result(
            choice.words, f"{choice.scenario.name}: experience", choice.scenario,
            result, "experience:keep",
        )  # fmt: skip
    _result(choice.scenario, result)


def _experiment(scenario: Scenario) -> tuple[int, int, bool]:
    """Draw replications, seed, and whether the ends of the coefficients are simulated too."""
    import streamlit as st

    key = recall("runs", FEW, RUNS)
    st.select_slider("Replications", RUNS, key=key, help=REPLICATIONS)
    seed = recall("seed", scenario.experiment.seed)
    st.number_input("Random seed", min_value=0, max_value=2**31, step=1, key=seed, help=SEED)
    ends = recall("experience:range", False)
    st.toggle(
        "Range of coefficients", key=ends,
        help="Simulates the scenario twice more, with all coefficients of the satisfaction model "
        "at the ends of their ranges, on the same random numbers.",
    )  # fmt: skip
    return int(remember(key)), int(remember(seed)), bool(remember(ends))


def _simulated(scenario: Scenario, runs: int, seed: int, ends: bool) -> Result | None:
    """Return the result, with the range of coefficients where wanted; None while it runs."""
    from sim.experiment.coefficient_range import both_ends, metric_ranges

    scenarios = (scenario, *(both_ends(scenario) if ends else ()))
    tasks = [SimulationTask(one, runs, seed) for one in scenarios]
    found = simulate_all(tasks, "Simulating journeys", SLOT)
    if found is None or not ends:
        return None if found is None else found[0]
    result, unfavourable, favourable = found
    return replace(result, ranges=metric_ranges(unfavourable.rows, favourable.rows))


def _missing(choice: ScenarioChoice) -> None:
    """Say what a scenario without a satisfaction model lacks, and offer to add it."""
    import streamlit as st

    from sim.scenario.what_if import satisfaction_model

    st.info(
        "This scenario has no satisfaction model, so it has no metrics of customer experience. "
        "Two things are needed: what share of issues one contact resolves (`resolved` of queues), "
        "and a table `[satisfaction]`, which may be empty: its coefficients have defaults with a "
        "source, and are uncalibrated.",
        icon=":material/sentiment_satisfied:",
    )
    key = recall("experience:resolved", "70%")
    if all(queue.resolved is None for queue in choice.scenario.queue.values()):
        st.text_input(
            "Share resolved by one contact", key=key,
            help="Of every queue, such as 70%. Single queues are changed on page Scenario.",
        )  # fmt: skip
    try:
        edit = satisfaction_model(choice.scenario, str(remember(key)))
        choice.scenario.with_(**edit.changes)
    except BadInputError as error:
        show_problems(error)
        return
    apply_edit(choice, edit, "Add a satisfaction model", "experience:add")
    st.caption(
        "Page Scenario has all coefficients (part *Satisfaction*), and says where issues come from "
        "(*Touchpoints* with their owners, *Issues*) and which customers have them (*Segments*)."
    )


def _result(scenario: Scenario, result: Result) -> None:
    """Draw scorecards, journey, tables and assumptions."""
    import streamlit as st

    from sim.report.coefficients import assumption_rows
    from sim.report.scorecards import Scorecards, open_text

    cards = Scorecards(result)
    left, right = st.columns(2, gap="large")
    with left:
        st.subheader("Service", divider="gray")
        _card(cards.service, "of the contact center")
    with right:
        st.subheader("Experience", divider="gray")
        _card(cards.experience, "of the whole company")
    st.caption(
        f"{result.runs} replications. Below each value its 95 % confidence interval. "
        f"{as_text(cards.calibration.capitalize())}: the metric depends on coefficients, which are "
        "listed at the end of the page with what each is calibrated on."
    )
    if text := open_text(cards):
        st.caption(as_text(text))
    _journey(result)
    _by_scope(cards)
    _money(cards)
    st.subheader("Assumptions", divider="gray")
    st.caption(
        "What makes customers satisfied. Evidence is thin and mostly not causal; "
        "docs/experience.md says what it does not show. Factors multiply the odds of being "
        "satisfied."
    )
    assert scenario.satisfaction is not None
    _table(list(assumption_rows(scenario.satisfaction)))


def _card(lines: Sequence[ScorecardLine], of_whom: str) -> None:
    """Draw a scorecard as a table."""
    extents = any(line.extent for line in lines)
    notes = any(line.calibration for line in lines)
    rows = []
    for line in lines:
        row = {f"Metric {of_whom}": line.title, "Value": f"{line.value}\n{line.bounds}"}
        row |= {"Coefficients": line.calibration or " "} if notes else {}
        row |= {"At their ends": line.extent or " "} if extents else {}
        rows.append(row)
    _table(rows)


def _journey(result: Result) -> None:
    """Draw the flow of issues."""
    import streamlit as st

    from sim.report.journey_flow import journey_flow
    from sim.report.journey_flow_chart import alt_text_flow, flow_chart, flow_rows

    st.subheader("Journey", divider="gray")
    flow = journey_flow(result)
    if flow is None:
        st.caption("There were no issues with a model of resolution.")
        return
    title = "From issue to outcome, in shares of all issues"
    draw_chart(flow_chart(flow, title), alt=alt_text_flow(flow))
    with st.expander("Shares with confidence intervals"):
        _table(flow_rows(flow))


def _by_scope(cards: Scorecards) -> None:
    """Draw experience by touchpoint, owner, segment, issue and channel."""
    import streamlit as st

    from sim.report.scorecards import SCOPES, short_title

    known = [scope for scope in SCOPES if cards.names(scope)]
    st.subheader("Who can change what", divider="gray")
    if not known:
        st.caption(
            "Enter touchpoints, issues and segments on page Scenario to see who can change what."
        )
        return
    key = recall("experience:scope", known[0], known)
    st.segmented_control(
        "By", known, key=key, required=True, format_func=TITLES.__getitem__,
        label_visibility="collapsed",
    )  # fmt: skip
    scope = str(remember(key))
    metrics, lines = cards.by_scope(scope)
    rows = []
    for name, row in zip(cards.names(scope), lines, strict=True):
        values = [" " if line is None else f"{line.value}\n{line.bounds}" for line in row]
        titles = [short_title(metric) for metric in metrics]
        rows.append({TITLES[scope]: name, **dict(zip(titles, values, strict=True))})
    _table(rows)
    st.caption(as_text(cards.star))


def _money(cards: Scorecards) -> None:
    """Draw what service costs, and apart what poor service costs."""
    import streamlit as st

    st.subheader("Money", divider="gray")
    if not cards.money:
        st.caption(
            "To see costs, enter wages and tools of groups, `cost` of bots and `cost_per_minute` "
            "of queues on page Scenario."
        )
        return
    left, right = st.columns(2, gap="large")
    with left:
        _card(cards.money, "of service")
    with right:
        _card(cards.poor_service, "of poor service")
        st.caption(
            "Rework: pay for repeat contacts, bounce-backs and transferred contacts. It is part of "
            "the pay; the value of customers who leave is not a cost of the center."
        )


def _table(rows: list[dict[str, Any]]) -> None:
    """Draw rows as they are, where a table reads Markdown; a second line of a cell is small."""
    import streamlit as st

    from sim.report.formatting import unbroken

    def shown(cell: object) -> str:
        first, _, second = unbroken(str(cell)).partition("\n")
        return as_text(first) + (f"  \n:small[:gray[{as_text(second)}]]" if second else "")

    st.table([{as_text(k): shown(cell) for k, cell in row.items()} for row in rows],
             border="horizontal")  # fmt: skip
