"""Forms of the scenario page: every field with its help and its error messages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sim.app.editable_grids import grid
from sim.app.scenario_draft import ScenarioDraft, change, current
from sim.app.workspace import as_text

if TYPE_CHECKING:
    from sim.scenario.form_fields import Field

IN_PARTS = ("busyness", "takes", "talk_variation")
"""Fields that a file may write in short or as a table; a table is drawn as fields."""
UNSAID = "default"
"""What a choice shows that the file does not make."""


def form(draft: ScenarioDraft, path: str) -> None:
    """Draw all fields of a table of the scenario, such as ``queue.billing``."""
    import streamlit as st

    from sim.scenario.form_fields import fields_of, record_at

    record = record_at(path)
    if record is None:
        return
    if isinstance(_said(draft, path), str):
        _in_short(draft, path)
        return
    fields = fields_of(record)
    sections = list(dict.fromkeys(one.section for one in fields if one.section))
    for title in [*sections, ""]:
        own = [one for one in fields if one.section == title]
        if own and sections:
            st.subheader(title or "More", divider="gray")
        _fields(draft, path, own)


def _in_short(draft: ScenarioDraft, path: str) -> None:
    """Draw a table that the file writes as one text, and a button that writes it as fields."""
    import streamlit as st

    from sim.scenario.form_fields import Field

    text = "Everything that this text does not say has its default."
    _field(draft, path, Field("", "In short", text, "choice", "", (), "", True))
    if not draft.messages(path):
        st.button(
            "Show as fields", icon=":material/list:", key=f"fields:{draft.number}:{path}",
            on_click=_written_as_fields, args=(path, draft.number),
        )  # fmt: skip


def _written_as_fields(path: str, number: int) -> None:
    from sim.scenario.editing import put
    from sim.scenario.table_rows import as_table

    def act(draft: ScenarioDraft) -> ScenarioDraft:
        fields = as_table(path.rpartition(".")[0], _said(draft, path))
        return replace(draft, text=put(draft.text, path, fields))

    change(act, path, number)


def _fields(draft: ScenarioDraft, path: str, fields: Sequence[Field]) -> None:
    """Draw single values in a grid, then parts with fields or rows of their own."""
    import streamlit as st

    fields = [_in_parts(draft, path, one) for one in fields]
    single = [one for one in fields if one.kind not in ("record", "table")]
    if single:
        with st.grid(min_column_width=230, gap="small"):
            for one in single:
                with st.container():
                    _field(draft, f"{path}.{one.key}", one)
    for one in fields:
        if one.kind == "record":
            _record(draft, f"{path}.{one.key}", one)
        elif one.kind == "table":
            _table(draft, f"{path}.{one.key}", one)


def _in_parts(draft: ScenarioDraft, path: str, one: Field) -> Field:
    """Return a field as one with fields of its own where the file writes it so."""
    is_table = isinstance(_said(draft, f"{path}.{one.key}"), dict)
    return replace(one, kind="record") if one.key in IN_PARTS and is_table else one


def _field(draft: ScenarioDraft, path: str, one: Field) -> None:
    """Draw one field and what is wrong with it."""
    import streamlit as st

    from sim.metrics.metric_titles import variant_title
    from sim.scenario.editing import as_words

    said = as_words(_said(draft, path))
    key = f"field:{draft.number}:{path}"
    args = (path, one.kind, draft.number)
    title = one.title + (f" ({one.unit})" if one.unit else "") + (" *" if one.needed else "")
    choices = ("true", "false") if one.kind == "flag" else one.choices
    if choices:
        options = ["", *choices] if said in ("", *choices) else ["", said, *choices]
        st.session_state[key] = said
        st.selectbox(
            title, options, key=key, help=one.help, on_change=_typed, args=args,
            format_func=lambda v: variant_title(
                v or f"{UNSAID}{f': {one.default}' if one.default else ''}"
            ),
        )  # fmt: skip
    else:
        st.session_state[key] = said
        st.text_input(
            title, key=key, help=one.help, placeholder=one.default or "-",
            on_change=_typed, args=args,
        )  # fmt: skip
    problems(draft, path)


def problems(draft: ScenarioDraft, path: str) -> None:
    """Show next to a field what is wrong with it.

    The messages stand in a container of their own, so that none of them moves what follows to
    another position among the elements of the page: Streamlit tells elements apart by it, and on
    a slow connection a grid would be hidden, and scrolled back to its first row, until all
    elements above it have arrived.
    """
    import streamlit as st

    with st.container():
        for text in dict.fromkeys(draft.messages(path)):
            st.error(as_text(text), icon=":material/error:")


def _said(draft: ScenarioDraft, path: str) -> Any:
    from sim.scenario.editing import written

    try:
        return written(draft.text, path)
    except ValueError:
        return None


def _typed(path: str, kind: str, number: int) -> None:
    """Write what was typed into the text of the draft that the field was drawn for."""
    import streamlit as st

    value = str(st.session_state[f"field:{number}:{path}"]).strip()
    change(lambda draft: _with_value(draft, path, value, kind), path, number)


def _with_value(draft: ScenarioDraft, path: str, value: str, kind: str) -> ScenarioDraft:
    import datetime as dt

    from sim.scenario.editing import as_words, drop, put, written
    from sim.scenario.overrides import typed

    if not value:
        return replace(draft, text=drop(draft.text, path))
    before = written(draft.text, path)
    if value == as_words(before).strip():
        return draft
    new: Any = value if kind == "choice" or path.endswith((".name", ".channel")) else typed(value)
    if isinstance(before, dt.date) and isinstance(new, str):
        try:
            new = dt.date.fromisoformat(new)
        except ValueError:
            new = value
    return replace(draft, text=put(draft.text, path, new))


def _record(draft: ScenarioDraft, path: str, one: Field) -> None:
    """Draw the fields of a part that may be absent, such as the callback of a queue."""
    import streamlit as st

    from sim.scenario.form_fields import fields_of, record_at

    record = record_at(path)
    said = _said(draft, path)
    wrong = bool(draft.messages(path))
    label = one.title + ("" if said is not None else ": none")
    with st.expander(label, expanded=wrong, icon=":material/error:" if wrong else None):
        st.caption(one.help)
        if said is not None:
            problems(replace(draft, problems=own_problems(draft, path)), path)
        if record is not None:
            _fields(draft, path, fields_of(record))
        if said is not None:
            st.button(
                f"Remove {one.title.lower()}", key=f"drop:{draft.number}:{path}",
                on_click=remove, args=(path, draft.number),
                icon=":material/delete:", type="tertiary",
            )  # fmt: skip


def own_problems(draft: ScenarioDraft, path: str) -> tuple[Any, ...]:
    """Return the problems of a table itself, not of its fields."""
    return tuple(p for p in draft.problems if p.path == path)


def remove(path: str, number: int) -> None:
    """Remove a table or part from the text."""
    from sim.scenario.editing import drop

    change(lambda draft: replace(draft, text=drop(draft.text, path)), path, number)


def _table(draft: ScenarioDraft, path: str, one: Field) -> None:
    """Draw rows that can be edited, added, removed and pasted."""
    import pandas as pd
    import streamlit as st

    from sim.scenario.form_fields import kind_at
    from sim.scenario.table_rows import NAME

    if isinstance(_said(draft, path), str):  # a file has the rows
        _field(draft, path, replace(one, kind="text"))
        return
    st.markdown(f"**{one.title}**", help=one.help)
    fields, rows = _rows(draft.text, path)
    named = kind_at(path) == "names"
    columns = [NAME, *(f.key for f in fields)] if named else [f.key for f in fields]
    config: dict[str, Any] = {
        f.key: st.column_config.TextColumn(f.title, help=f.help) for f in fields
    }
    what = "channel" if path.endswith(".channel") else "queue"
    config[NAME] = st.column_config.TextColumn(what.capitalize(), help=f"Name of the {what}.")
    grid(
        pd.DataFrame(rows, columns=columns, dtype=str),
        f"{draft.number}:{path}",
        lambda: _rows(current().text, path)[1],
        lambda changes: _save_rows(path, changes, draft.number),
        grows=True,
        hide_index=True,
        width="stretch",
        placeholder="",
        column_config=config,
        alt=f"{one.title}: rows that can be edited, added and pasted from a spreadsheet",
    )
    problems(draft, path)


def _rows(text: str, path: str) -> tuple[list[Field], list[dict[str, str]]]:
    """Return columns and rows of a table; no rows while the text cannot be read."""
    from sim.scenario.table_rows import columns_at, row_fields, rows_at

    try:
        return columns_at(text, path), rows_at(text, path)
    except ValueError:
        return row_fields(path), []


def _save_rows(path: str, changes: Mapping[str, Any], number: int) -> bool:
    from sim.scenario.table_rows import change_rows

    def act(draft: ScenarioDraft) -> ScenarioDraft:
        return replace(draft, text=change_rows(draft.text, path, changes))

    return change(act, path, number)
