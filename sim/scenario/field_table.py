"""The fields of a scenario as the tables of its documentation."""

from __future__ import annotations

import re

from sim.scenario.bot import Bot, Handover, Outage, Returns, Takes
from sim.scenario.center import Busyness, Center, Experiment, TalkVariation
from sim.scenario.common_target import CommonTarget
from sim.scenario.event import Event
from sim.scenario.field_docs import field_docs, one_line
from sim.scenario.field_types import Record, TalkChange
from sim.scenario.form_fields import fields_of
from sim.scenario.group import Break, Group, NamedAgent, QuietBreaks, Shift, Skill, Tenure
from sim.scenario.journeys import Issue, Notice, Outbound, Segment, Touchpoint
from sim.scenario.lever import EffectRange, Lever, LeverCost, LeverLimit
from sim.scenario.pattern import Pattern, PatternBreak, ShiftPlanning
from sim.scenario.queue import Callback, Queue, Repeat, Resolution, Retry, Target, Transfer, Waited
from sim.scenario.queue_waiting import Announce, Silent
from sim.scenario.satisfaction import Coefficient, Satisfaction

RECORDS: dict[str, type[Record]] = {
    "center": Center, "busyness": Busyness, "talk_variation": TalkVariation,
    "queue": Queue, "target": Target, "retry": Retry,
    "repeat": Repeat, "transfer": Transfer, "talk_change": TalkChange, "callback": Callback,
    "bot": Bot, "takes": Takes, "handover": Handover, "returns": Returns, "outage": Outage,
    "group": Group, "skill": Skill, "shift": Shift, "break": Break,
    "tenure": Tenure, "person": NamedAgent,
    "breaks_when_quiet": QuietBreaks,
    "pattern": Pattern, "pattern_break": PatternBreak, "shift_planning": ShiftPlanning,
    "common_target": CommonTarget, "satisfaction": Satisfaction, "coefficient": Coefficient,
    "resolution": Resolution, "waited": Waited,
    "touchpoint": Touchpoint, "issue": Issue, "notice": Notice, "outbound": Outbound,
    "segment": Segment,
    "lever": Lever, "lever_cost": LeverCost, "lever_limit": LeverLimit, "lever_effect": EffectRange,
    "event": Event, "silent": Silent, "announce": Announce,
    "experiment": Experiment,
}  # fmt: skip
_TABLE = re.compile(r"(<!-- fields: (\w+) -->\n).*?(<!-- end of fields -->)", re.DOTALL)


def field_table(record: type[Record]) -> str:
    """Return the fields of a record as a table in Markdown: field, meaning, value, default."""
    rows = ["| field | meaning | value | default |", "|---|---|---|---|"]
    for one in fields_of(record):
        text = one_line(field_docs(record).get(one.key, "")).removesuffix(".")
        rows.append(f"| `{one.key}` | {text} | {one.value} | {one.unset} |")
    return "\n".join(rows) + "\n"


def with_tables(page: str) -> str:
    """Return a page with the table of each marked record renewed."""

    def table(match: re.Match[str]) -> str:
        return f"{match[1]}\n{field_table(RECORDS[match[2]])}\n{match[3]}"

    return _TABLE.sub(table, page)
