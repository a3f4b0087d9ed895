"""Self-service: assumed and simulated performance of a bot, and the agents required behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.app.apply_edit import apply_edit
from sim.app.background_jobs import SimulationTask
from sim.app.bot_sliders import bot_values
from sim.app.cache import cached
from sim.app.chart_display import draw_chart
from sim.app.save_result import save_result
from sim.app.scenario_picker import ScenarioChoice, pick_scenario, show_problems
from sim.app.simulation_jobs import cached_result, result_or_stop, simulate_all
from sim.app.start_fields import FEW, REPLICATIONS, RUNS, SEED
from sim.app.workspace import as_text, recall, remember
from sim.units import BadInputError

if TYPE_CHECKING:
    from sim.planning.self_service_savings import Cuts
    from sim.scenario import Scenario

SLOT = "self-service"
WRITTEN, OTHER = "As in the scenario", "Try other values"
DOES, NEEDS, MEANS = "Assumed and simulated", "Agents required", "Definitions"


def page() -> None:
    """Draw the page."""
    import streamlit as st

    with st.sidebar:
        choice = pick_scenario()
        found = _bot(choice.scenario) if isinstance(choice, ScenarioChoice) else None
        runs, seed = (
            _experiment(choice.scenario) if isinstance(choice, ScenarioChoice) else (FEW, 1)
        )
    st.title("Self-service")
    if not isinstance(choice, ScenarioChoice):
        st.write("Choose a scenario in the sidebar to see the effect of self-service.")
        show_problems(choice)
        return
    if found is None:
        st.warning("Fix the marked field to simulate.")
        return
    scenario, queue = found
    if scenario.bot_of(queue) is None:
        st.info("This scenario has no live queue, so self-service does not apply.")
        return
    st.caption(f"{as_text(choice.heading)}: self-service in front of {as_text(queue)}.")
    slot = st.container(horizontal=True)
    try:
        _views(scenario, queue, runs, seed)
    except BadInputError as error:
        show_problems(error)
        return
    with slot:
        _applied(choice, scenario, queue, runs, seed)


def _applied(choice: ScenarioChoice, scenario: Scenario, queue: str, runs: int, seed: int) -> None:
    """Draw the buttons that save the result, and apply other values to the scenario."""
    import streamlit as st

    from sim.scenario.what_if import Edit

    tried = scenario.steps[len(choice.scenario.steps) :]
    edits = [Edit(_words_of(queue, step), step) for step in tried]
    result = cached_result(scenario, runs, seed)
    if result is not None:
        words = (*choice.words, *(edit.words for edit in edits))
        title = f"{choice.scenario.name}: bot in front of {queue}"
        save_result(words, title, scenario, result, "self:keep")
    for edit in edits:
        apply_edit(choice, edit, "Apply this bot", "self:apply")
    if not edits:
        st.caption(
            f"Choose *{OTHER}* in the sidebar to change the bot and apply it to the scenario."
        )


def _words_of(queue: str, step: dict[str, Any]) -> str:
    """Return a bot that is tried in words."""
    fields = next(iter(step.values()))
    share = str(fields["contained"]).replace("%", " %")
    return f"Bot in front of {queue}, {share} contained"


def _bot(scenario: Scenario) -> tuple[Scenario, str] | None:
    """Draw the choice of queue and bot; return scenario and queue, None when a field is wrong."""
    import streamlit as st

    live = [name for name, queue in scenario.queue.items() if not queue.is_deferred]
    if not live:
        return scenario, next(iter(scenario.queue))
    first = next((name for name in live if scenario.bot_of(name) is not None), live[0])
    prefix = f"self:{scenario.fingerprint[:12]}"
    key = recall(f"{prefix}:queue", first)
    st.selectbox(
        "Queue",
        live,
        key=key,
        help="Queues of deferred work, such as mail, are not listed.",
    )
    queue = str(remember(key))
    if scenario.bot_of(queue) is None:
        st.caption("This queue has no self-service. Try one:")
        return _tried(scenario, queue, prefix)
    key = recall(f"{prefix}:{queue}:which", WRITTEN)
    st.segmented_control("Values", [WRITTEN, OTHER], key=key, required=True, width="stretch")
    if remember(key) == WRITTEN:
        return scenario, queue
    return _tried(scenario, queue, prefix)


def _tried(scenario: Scenario, queue: str, prefix: str) -> tuple[Scenario, str] | None:
    """Draw the sliders of a bot; return the scenario with it, None when they do not fit."""
    import streamlit as st

    from sim.report.self_service_view import bot_fields
    from sim.scenario.what_if import bot_in_front

    values = bot_values(scenario, queue, prefix)
    slot = st.container()
    try:
        edit = bot_in_front(scenario, queue, bot_fields(scenario, queue, values))
        return scenario.with_(**edit.changes), queue
    except BadInputError as error:
        with slot:
            show_problems(error)
        return None


def _experiment(scenario: Scenario) -> tuple[int, int]:
    import streamlit as st

    key = recall("runs", FEW, RUNS)
    st.select_slider("Replications", RUNS, key=key, help=REPLICATIONS)
    seed = recall("seed", scenario.experiment.seed)
    st.number_input("Random seed", min_value=0, max_value=2**31, step=1, key=seed, help=SEED)
    return int(remember(key)), int(remember(seed))


def _views(scenario: Scenario, queue: str, runs: int, seed: int) -> None:
    """Draw one view at a time."""
    import streamlit as st

    key = recall("self:view", DOES)
    st.segmented_control(
        "View", [DOES, NEEDS, MEANS], key=key, required=True, label_visibility="collapsed"
    )
    chosen = remember(key)
    if chosen == MEANS:
        _means()
    elif chosen == NEEDS:
        _needs(scenario, queue, runs, seed)
    else:
        _does(scenario, queue, runs, seed)


def _does(scenario: Scenario, queue: str, runs: int, seed: int) -> None:
    """Draw assumptions and simulation, handle times, and the contacts that reach agents."""
    import streamlit as st

    from sim.experiment import Comparison
    from sim.planning.self_service_savings import without_bot
    from sim.report import self_service_view as view
    from sim.report.self_service_charts import alt_text_sessions, sessions_chart

    both = [SimulationTask(one, runs, seed) for one in (without_bot(scenario, queue), scenario)]
    results = simulate_all(both, "Simulating without and with self-service", SLOT)
    if results is None:
        return
    before, result = results
    bot = scenario.bot_of(queue)
    rows = view.promises(bot[1], result, queue) if bot else []
    chart = sessions_chart(rows, f"How sessions in front of {queue} end")
    draw_chart(chart, alt=alt_text_sessions(rows))
    _table(view.promise_table(rows))
    st.caption(
        "Assumed: as in the scenario. Shares are of sessions, not of all contacts, as some "
        "customers do not use the bot. Simulated shares differ at random, and where sessions meet "
        f"an outage or run past the end of the day. {runs} replications."
    )
    st.subheader("Handle time of the remaining contacts", divider="gray")
    _table(view.talk_table(scenario, queue, result, before))
    st.caption(
        "The bot takes the easy contacts, so workload falls by less than the number of contacts, "
        "and customers who bounce back bring their work after all."
    )
    st.subheader("Contacts that reach agents, with the same staff", divider="gray")
    comparison = Comparison((before, result), ("without", "with"))
    _table(view.deflection_table(comparison, queue))
    st.caption("Both use the same simulated days and the staff of the scenario.")


def _needs(scenario: Scenario, queue: str, runs: int, seed: int) -> None:
    """Draw the naive cut next to the requirement."""
    import streamlit as st

    from sim.report import self_service_view as view
    from sim.report.self_service_charts import alt_text_cuts, cut_chart

    found = _cuts(scenario, queue, runs, seed)
    st.markdown(f"**{as_text(view.cut_words(found))}**")
    title = f"Agents behind self-service of {queue}, and simulated service level"
    draw_chart(cut_chart(found, title), width="content", alt=alt_text_cuts(found))
    _table(view.cut_table(found))
    st.caption(
        "Naive cut: the agents required without self-service, reduced by the containment. By "
        "formula: with the residual handle time and the bounce-backs, per interval. By simulation: "
        "the nearest number, shifted equally in all intervals, at which every live queue of these "
        "agents reaches its target on average. All without shrinkage and absence. "
        f"{runs} replications each, on the same simulated days. What is saved depends most on the "
        "talk time that contained contacts would have needed; its default, half the mean, is not "
        "based on data."
    )


def _cuts(scenario: Scenario, queue: str, runs: int, seed: int) -> Cuts:
    from sim.planning.self_service_savings import cuts

    key = ("cuts", scenario.fingerprint, queue, runs, seed)
    return cached(
        key,
        lambda: cuts(
            scenario, queue, lambda one, what: result_or_stop(one, runs, seed, what, SLOT)
        ),
    )


def _means() -> None:
    """Draw the definitions."""
    import streamlit as st

    from sim.report.self_service_view import DEFINITIONS

    st.table(
        [{"Term": word, "Definition": text} for word, text in DEFINITIONS], border="horizontal"
    )


def _table(rows: list[dict[str, Any]]) -> None:
    """Draw rows as they are: a table reads its cells as Markdown, where a dash makes a list."""
    import streamlit as st

    shown = [{title: as_text(str(cell)) for title, cell in row.items()} for row in rows]
    st.table(shown, border="horizontal")
