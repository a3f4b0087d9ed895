"""The fields of a scenario as the tables of its documentation."""

from __future__ import annotations

import re

from sim.scenario.bot import Bot
from sim.scenario.center import Center, Experiment
from sim.scenario.field_types import Record
from sim.scenario.form_fields import fields_of
from sim.scenario.group import Group, Shift, Skill
from sim.scenario.queue import Callback, Queue, Repeat, Retry, Transfer

RECORDS: dict[str, type[Record]] = {
    "center": Center, "queue": Queue, "retry": Retry, "repeat": Repeat, "transfer": Transfer,
    "callback": Callback, "bot": Bot, "group": Group, "skill": Skill, "shift": Shift,
    "experiment": Experiment,
}  # fmt: skip
_TABLE = re.compile(r"(<!-- fields: (\w+) -->\n).*?(<!-- end of fields -->)", re.DOTALL)


def field_table(record: type[Record]) -> str:
    """Return the fields of a record as a table in Markdown: field, meaning, default."""
    rows = ["| field | meaning | default |", "|---|---|---|"]
    for one in fields_of(record):
        info = record.model_fields[one.key]
        text = " ".join((info.description or "").replace("``", "`").split()).removesuffix(".")
        rows.append(f"| `{one.key}` | {text} | {one.unset} |")
    return "\n".join(rows) + "\n"


def with_tables(page: str) -> str:
    """Return a page with the table of each marked record renewed."""

    def table(match: re.Match[str]) -> str:
        return f"{match[1]}\n{field_table(RECORDS[match[2]])}\n{match[3]}"

    return _TABLE.sub(table, page)
