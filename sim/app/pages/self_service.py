"""Self-service: what a bot promises and does, and what staff is needed behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.app.apply_edit import apply_edit
from sim.app.background_jobs import SimulationTask
from sim.app.bot_sliders import bot_values
from sim.app.cache import cached
from sim.app.chart_display import draw_chart
from sim.app.save_form import save_result
from sim.app.scenario_picker import ScenarioChoice, pick_scenario, show_problems
from sim.app.simulation_jobs import cached_result, result_or_stop, simulate_all
from sim.app.start_fields import FEW, RUNS
from sim.app.workspace import as_text, recall, remember
from sim.units import BadInputError

if TYPE_CHECKING:
    from sim.planning.self_service import Cuts
    from sim.scenario import Scenario

SLOT = "self-service"
WRITTEN, OTHER = "As the file says", "Try other values"
DOES, NEEDS, MEANS = "What it promises and does", "Staff behind it", "What the words mean"


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
        st.write("Choose a scenario at the left, and see what self-service does to it.")
        show_problems(choice)
        return
    if found is None:
        st.warning("Nothing is simulated until the marked field at the left is put right.")
        return
    scenario, queue = found
    if scenario.bot_of(queue) is None:
        st.info("This scenario has no live queue that self-service could stand in front of.")
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
    """Draw the ways to save the result, and to take other values over into the scenario."""
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
        st.caption(f"*{OTHER}* at the left, and they can be applied to the scenario.")


def _words_of(queue: str, step: dict[str, Any]) -> str:
    """Return a bot that is tried as people say it."""
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
        "In front of queue",
        live,
        key=key,
        help="Queues of deferred work, such as mail, are left out.",
    )
    queue = str(remember(key))
    if scenario.bot_of(queue) is None:
        st.caption("No self-service stands here yet. Put one in front and see what it does:")
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
    st.select_slider("Runs", RUNS, key=key, help="Four times as many halve the intervals.")
    seed = recall("seed", scenario.experiment.seed)
    st.number_input(
        "Seed", min_value=0, max_value=2**31, step=1, key=seed, help="Fixes all chance."
    )
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
    """Draw promise beside simulation, handle times, and what is left for people."""
    import streamlit as st

    from sim.experiment import Comparison
    from sim.planning.self_service import without_bot
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
        "Promised: what the scenario says. Shares are of the sessions in front of this queue, not "
        "of all its contacts, as some do not try it. Simulated shares differ by chance, and where "
        f"sessions fall into an outage or run beyond the end of the day. {runs} runs."
    )
    st.subheader("What is left takes longer", divider="gray")
    _table(view.talk_table(scenario, queue, result, before))
    st.caption(
        "The bot takes the easy part. So the work falls by less than the number of contacts: what "
        "it contains would have talked for less than the mean, and those who come back bring that "
        "work after all."
    )
    st.subheader("What reaches people, with the same agents", divider="gray")
    comparison = Comparison((before, result), ("without", "with"))
    _table(view.deflection_table(comparison, queue))
    st.caption("Both lived the same days. The staff is that of the scenario.")


def _needs(scenario: Scenario, queue: str, runs: int, seed: int) -> None:
    """Draw the naive cut beside what is needed."""
    import streamlit as st

    from sim.report import self_service_view as view
    from sim.report.self_service_charts import alt_text_cuts, cut_chart

    found = _cuts(scenario, queue, runs, seed)
    st.markdown(f"**{as_text(view.cut_words(found))}**")
    title = f"Staff behind self-service of {queue}, and the service it gives"
    draw_chart(cut_chart(found, title), width="content", alt=alt_text_cuts(found))
    _table(view.cut_table(found))
    st.caption(
        "Naive cut: the share contained, taken off the agents that the queue needs without "
        "self-service. By formula: with the residual handle time and those who come back, in each "
        "interval. By simulation: the number nearest to it, in every interval alike, with which "
        "each live queue of the same agents reaches its target by its mean. Shrinkage and absence "
        f"are left out on all sides. {runs} runs each, on the same days."
    )


def _cuts(scenario: Scenario, queue: str, runs: int, seed: int) -> Cuts:
    from sim.planning.self_service import cuts

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
        [{"Word": word, "Means here": text} for word, text in DEFINITIONS], border="horizontal"
    )


def _table(rows: list[dict[str, Any]]) -> None:
    """Draw rows as they are: a table reads its cells as Markdown, where a dash makes a list."""
    import streamlit as st

    shown = [{title: as_text(str(cell)) for title, cell in row.items()} for row in rows]
    st.table(shown, border="horizontal")
