"""Shared parts of the classroom pages: learner, lesson, the day so far."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.app.cache import cached
from sim.app.chart_display import draw_chart
from sim.app.polling import polled
from sim.app.simulation_jobs import result_or_stop
from sim.app.workspace import as_text, recall, remember, workspace
from sim.units import BadInputError

if TYPE_CHECKING:
    from sim.experiment import Result
    from sim.scenario import Scenario
    from sim.training import Lesson
    from sim.training.reveal import Moment

OWN = "own"
"""The option of uploading a lesson file."""
TICK_S = 0.4
"""Time (s) between two quarters of an hour while the day plays."""


@dataclass(frozen=True, slots=True)
class Learner:
    """A learner and the class they are in."""

    learner: str
    team: str


def learner_fields() -> Learner | None:
    """Draw name and class; return None without a valid name."""
    import streamlit as st

    from sim.training.attempt_store import LONGEST_NAME, name_of

    known = str(st.user.get("name") or st.user.get("email") or "")
    if st.user.get("is_logged_in", False) and known:
        st.caption(f"Learning as {as_text(known)}")
        name = known[:LONGEST_NAME]
    else:
        key = recall("learn:name", "")
        st.text_input(
            "Your name",
            key=key,
            max_chars=LONGEST_NAME,
            placeholder="as shown to your class",
            help="Predictions and progress are stored under this name, on this computer.",
        )
        name = str(remember(key))
    key = recall("learn:class", "")
    st.text_input(
        "Class",
        key=key,
        max_chars=LONGEST_NAME,
        placeholder="optional",
        help="The page Class view shows the predictions of the whole class to the trainer.",
    )
    try:
        team = name_of("class", str(remember(key)), empty=True)
        return Learner(name_of("learner", name), team) if name.strip() else None
    except BadInputError as error:
        st.error(as_text(str(error)), icon=":material/error:")
        return None


def pick_lesson(attempts: Sequence[object]) -> Lesson | list[str]:
    """Draw the choice of a lesson and return it, or its problems."""
    import streamlit as st

    from sim.training import load_lesson, shipped_lessons
    from sim.training.lesson_text import status

    lessons = {name: load_lesson(name) for name in shipped_lessons()}
    states = {name: status(one, attempts) for name, one in lessons.items()}  # type: ignore[arg-type]

    def shown(name: str) -> str:
        if name == OWN:
            return "My own lesson file"
        done = " ✓" if states[name].startswith("done") else ""
        return f"{lessons[name].number} {lessons[name].title}{done}"

    names = [*lessons, OWN]
    key = recall("learn:lesson", names[0], names)
    st.selectbox("Lesson", names, key=key, format_func=shown)
    name = str(remember(key))
    return lessons[name] if name != OWN else _own()


def _own() -> Lesson | list[str]:
    """Draw the upload of a lesson; the last valid one is kept."""
    import streamlit as st

    from sim.app.workspace.names import slug
    from sim.training import parse_lesson
    from sim.training.lesson_file import LARGEST

    file = st.file_uploader(
        "Lesson file (TOML)",
        type=["toml"],
        max_upload_size=1,
        key="learn:upload",
        help="A copy of a lesson with your own numbers and texts. Its scenario is in the same file "
        "or a shipped one.",
    )
    space = workspace()
    if file is not None:
        content = file.getvalue()
        if len(content) > LARGEST:
            return [f"{file.name}: is larger than {LARGEST // 1024} KB"]
        name = f"own-{slug(file.name.rpartition('.')[0])}"
        try:
            text = content.decode("utf-8-sig")
            lesson = parse_lesson(text, name, file=file.name)
        except UnicodeDecodeError:
            return [f"{file.name}: is not text in UTF-8"]
        except BadInputError as error:
            return str(error).splitlines()
        space.set_value("learn:own", text)
        space.set_value("learn:own:name", name)
        return lesson
    saved, called = space.values.get("learn:own"), space.values.get("learn:own:name")
    if isinstance(saved, str) and isinstance(called, str):
        try:
            return parse_lesson(saved, called, file=f"{called}.toml")
        except BadInputError as error:
            return str(error).splitlines()
    st.info("Add a lesson file to begin.", icon=":material/upload_file:")
    return []


def simulate_for_lesson(scenario: Scenario, runs: int, seed: int) -> Result:
    """Simulate for a lesson, with progress, cached."""
    return result_or_stop(scenario, runs, seed, "Simulating many days", "classroom")


def simulated_day(scenario: Scenario, seed: int) -> list[Moment]:
    """Return a day of a scenario, simulated once."""
    from sim.training.reveal import simulate_day

    return cached(("moments", scenario.fingerprint, seed), lambda: simulate_day(scenario, seed))


def day_player(
    moments: Sequence[Moment], slot: str, draw: Callable[[int], None], begin: int = 0
) -> None:
    """Draw the controls of a day: play, pause, step, end.

    Parameters
    ----------
    moments : sequence of Moment
    slot : str
        Names the state in the session.
    draw : callable
        Draws the day up to an index.
    begin : int
        Index that is shown first.
    """
    import streamlit as st

    at, running = f"{slot}:at", f"{slot}:plays"
    last = len(moments) - 1
    st.session_state.setdefault(at, begin)
    st.session_state[at] = min(st.session_state[at], last)

    def view() -> None:
        if st.session_state.get(running) and not st.session_state.pop(f"{slot}:touched", False):
            st.session_state[at] = min(st.session_state[at] + 1, last)
            if st.session_state[at] == last:
                st.session_state[running] = False
                st.rerun()
        with st.container(horizontal=True, vertical_alignment="bottom"):
            playing = bool(st.session_state.get(running))
            word, icon = ("Pause", "pause") if playing else ("Play the day", "play_arrow")
            if st.button(word, key=f"{slot}:play", icon=f":material/{icon}:", type="primary"):
                st.session_state[running] = not playing
                if not playing and st.session_state[at] == last:
                    st.session_state[at] = begin
                st.session_state[f"{slot}:touched"] = True
                st.rerun()
            if st.button("Step", key=f"{slot}:step", icon=":material/skip_next:"):
                st.session_state[running] = False
                st.session_state[at] = min(st.session_state[at] + 1, last)
                st.rerun()
            if st.button("To the end", key=f"{slot}:end", icon=":material/last_page:"):
                st.session_state[running] = False
                st.session_state[at] = last
                st.rerun()
        draw(st.session_state[at])

    polled(view, TICK_S if st.session_state.get(running) else None)


def day_so_far(moments: Sequence[Moment], until: int, target: float | None, key: str) -> None:
    """Draw a day up to a quarter of an hour: metrics, waiting contacts, service level."""
    import streamlit as st

    from sim.report.formatting import show

    now = moments[until]
    with st.grid(min_column_width=130, gap="small"):
        st.metric(
            "Time",
            now.time,
            border=True,
            height="stretch",
            help="Time of day; without a calendar, time since the end of the warm-up.",
        )
        st.metric("Waiting", str(now.waiting), border=True, height="stretch")
        st.metric("Agents busy", f"{now.busy} of {now.on_duty}", border=True, height="stretch")
        st.metric(
            "In time so far",
            show(now.level, "share"),
            "one day",
            delta_color="off",
            delta_arrow="off",
            border=True,
            height="stretch",
            help="Service level so far, of the contacts that no longer wait.",
        )
        st.metric(
            "Abandoned so far",
            str(now.left),
            border=True,
            height="stretch",
            help="Hung up before an agent answered.",
        )
    day_charts(moments, until, target, key)


def day_charts(moments: Sequence[Moment], until: int, target: float | None, key: str) -> None:
    """Draw waiting contacts and service level of a day up to a quarter of an hour."""
    from sim.training.charts import level_chart, line_chart
    from sim.training.lesson_text import alt_text_day

    words = alt_text_day(moments[: until + 1])
    draw_chart(
        line_chart(moments, until, "Contacts waiting and agents busy, every quarter of an hour"),
        alt=words,
        key=f"{key}:line",
    )
    draw_chart(
        level_chart(moments, until, target, "Service level so far"),
        alt=words,
        key=f"{key}:level",
    )
