"""A field is described once, where it is declared; forms, schema, pages and the model derive it."""

import subprocess
import sys
from dataclasses import dataclass, replace
from dataclasses import fields as dataclass_fields
from pathlib import Path
from typing import Annotated, Any, get_args

import numpy as np
import pytest
from pydantic import create_model

from sim.distributions import Deterministic, Exponential, TimeDistribution
from sim.model.bots import TalkChange as ModelTalkChange
from sim.model.journeys import IssueKind
from sim.model.queues import Queue as ModelQueue
from sim.model.queues import Repeat as ModelRepeat
from sim.model.queues import Retry as ModelRetry
from sim.model.queues import Transfer as ModelTransfer
from sim.model.same_fields import same_fields
from sim.scenario import Queue, Scenario, describe, schema
from sim.scenario.distribution import Distribution, fixed
from sim.scenario.field_paths import bare, keys
from sim.scenario.field_table import RECORDS, field_table, with_tables
from sim.scenario.field_types import Note, Record, Share, TalkChange, Whole
from sim.scenario.form_fields import Field, fields_of, note_of, phrases
from sim.scenario.scenario_record import ScenarioFields
from sim.scenario.series import Series

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "scenario.md").read_text(encoding="utf-8")
WITHIN_A_SENTENCE = ("target", "talk_change", "takes")
"""Records that are said in one phrase by the field that holds them."""
ALL = [(record, one) for record in RECORDS.values() for one in fields_of(record)]


EVERY_RECORD = """
[center]
busyness = "10%"
talk_variation = "9%"
[queue.calls]
volume = "400 a day"
talk = "4min"
patience = "3min"
target = "80% in 20s"
resolved = "80%"
resolution = { waited = { over = "5min", factor = "90%" } }
retry = { share = "30%", after = "10min" }
repeat = { share = "50%", after = "1h" }
transfer = { cards = "6%" }
callback = { offer_after = "1min", accepted = "40%", answered = "80%" }
[queue.cards]
channel = "chat"
volume = 5
talk = "3min"
silent = { waiting = "40%", noticed = "2min" }
announce = { balk = "5%" }
[queue.outreach]
deferred = true
volume = 0
talk = "2min"
[bot.calls]
session = "60s"
contained = "20%"
resolved = "80%"
handover = { talk = "-25s" }
outage = [{ start = "10:00", length = "1h" }]
[target.front]
queues = ["calls", "cards"]
[event.crm]
start = "10:00"
length = "2h"
changes = { "queue.calls.talk" = "+20%" }
[group.people]
skills = { calls = 1, cards = 2, outreach = 1 }
tenure = [{ share = "20%" }]
persons = [{ name = "Ada" }]
breaks_when_quiet = { share = "40%", length = "5min" }
[[group.people.shifts]]
agents = 5
start = "08:00"
length = "8h"
breaks = ["15min after 2h"]
[pattern.full]
lengths = "8h"
breaks = ["15min between 1h and 3h"]
[shift_planning]
seats = 20
[satisfaction]
contact = 0.6
[touchpoint.delivery]
owner = "logistics"
[issue.parcel]
touchpoint = "delivery"
queues = { calls = "25%" }
notice = { reached = "60%", settled = "40%" }
outbound = { queue = "outreach", ahead = "2h", right_party = "35%", settled = "60%" }
[segment.loyal]
share = "30%"
[lever.agent]
changes = { "queue.calls.resolved" = "+5pp" }
cost = { month = 100 }
limit = 2
effect = { low = "50%", high = "150%" }
[experiment]
runs = 10
"""


class Toy(Record):
    """A record with one field of each sort that this page names."""

    wait: Distribution = fixed(20.0)
    """Time of a step."""
    leave: Annotated[Share, Note(section="Waiting", sentence="{} leave")] = 0.0
    """Share of those who leave."""
    bound: Annotated[int, Whole(1)] | None = None
    """Most of them."""


class Pause(Record):
    """A record whose fields have other names in the model."""

    until: Annotated[Distribution, Note(lands="wait")] = fixed(20.0)
    """Time of a step."""
    talk: Annotated[TalkChange, Note(lands="change")] = TalkChange()
    """Change of talk."""


@dataclass(frozen=True)
class PauseModel:
    """Where the fields of `Pause` land."""

    wait: TimeDistribution
    change: ModelTalkChange


@dataclass(frozen=True)
class ToyModel:
    """Where the fields of `Toy` land."""

    wait: TimeDistribution
    leave: float = 0.0
    bound: float = np.inf
    extra: int = 0


def test_the_page_has_the_tables_of_the_fields() -> None:
    assert with_tables(PAGE) == PAGE, "run: python -m scripts.field_tables"
    assert all(field_table(record) in PAGE for record in RECORDS.values())


def test_the_script_renews_a_table(tmp_path: Path) -> None:
    stale = PAGE.replace("| `balk` |", "| `bark` |")
    assert with_tables(stale) == PAGE != stale
    done = subprocess.run(
        [sys.executable, "-c", "import scripts.field_tables as t; print(t.PAGE)"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert Path(done.stdout.strip()) == ROOT / "docs" / "scenario.md"


@pytest.fixture(scope="module")
def definitions() -> dict[str, Any]:
    return dict(schema()["$defs"])


@pytest.mark.parametrize(("record", "one"), ALL, ids=lambda x: getattr(x, "key", ""))
def test_every_field_has_help_and_says_what_holds_without_it(record, one, definitions) -> None:
    assert one.help
    assert one.unset
    assert one.needed == (one.unset == "required")
    definition = definitions[record.__name__]
    tables = [definition, *definition.get("anyOf", [])]
    assert any(one.key in table.get("properties", {}) for table in tables)


def test_a_field_of_a_record_is_shown_documented_and_checked_by_its_declaration() -> None:
    wait, leave, bound = fields_of(Toy)
    assert (leave.section, leave.unit, leave.default) == ("Waiting", "share", "0%")
    assert bound.help.endswith("Allowed: a whole number from 1 up.")
    row = "| `leave` | Share of those who leave | share, 0 to 100% | `0` |"
    assert row in field_table(Toy)
    assert '| `wait` | Time of a step | distribution | `"20s"` |' in field_table(Toy)
    assert wait.needed is False
    assert Toy.model_json_schema()["properties"]["leave"]["description"] == (
        "Share of those who leave."
    )
    assert phrases(Toy()) == []
    assert phrases(Toy(leave="5%")) == ["5% leave"]


def test_the_model_takes_the_fields_of_the_same_name() -> None:
    found = same_fields(ToyModel, Toy.model_validate({"wait": "exponential 9s"}), extra=4)
    assert found == ToyModel(Exponential(9.0), 0.0, np.inf, 4)
    bounded = same_fields(ToyModel, Toy(bound=3, leave="5%"), leave=0.5)
    assert (bounded.bound, bounded.leave) == (3, 0.5)
    assert isinstance(bounded.bound, float)


def test_the_model_takes_fields_where_their_notes_say_that_they_land() -> None:
    found = same_fields(PauseModel, Pause.model_validate({"until": "9s", "talk": "-25s"}))
    assert found == PauseModel(Deterministic(9.0), ModelTalkChange(1.0, -25.0))


@pytest.mark.parametrize("record", RECORDS.values(), ids=lambda record: record.__name__)
def test_a_note_names_a_field_of_the_model(record: type[Record]) -> None:
    lands = {note_of(info).lands for info in record.model_fields.values()} - {""}
    model = {
        "Retry": ModelRetry,
        "Repeat": ModelRepeat,
        "Transfer": ModelTransfer,
        "Issue": IssueKind,
    }
    own = model.get(record.__name__)
    assert lands <= (set() if own is None else {each.name for each in dataclass_fields(own)})


def test_every_record_below_a_scenario_has_its_table() -> None:
    found: set[type[Record]] = set()

    def collect(kind: object) -> None:
        if isinstance(kind, type) and issubclass(kind, Record) and kind not in found:
            found.add(kind)
            for info in kind.model_fields.values():
                collect(info.annotation)
        for inner in get_args(kind):
            collect(inner)

    collect(ScenarioFields)
    own = {each for each in found if issubclass(each, Series | Distribution)}  # pages of their own
    assert found - own - {ScenarioFields} == set(RECORDS.values())


@pytest.mark.parametrize(("record", "one"), ALL, ids=lambda x: getattr(x, "key", ""))
def test_a_field_with_a_unit_names_it(record: type[Record], one: Field) -> None:
    """A number has a unit or is whole; page and form name it."""
    info = record.model_fields[keys(record)[one.key]]
    kind = bare(info.annotation)
    if kind is float:
        assert one.unit
    if one.unit and one.unit not in ("per interval", "months"):
        assert one.value.startswith(one.unit.partition(" ")[0]) or one.unit in one.value
        assert "Write " in one.help or note_of(info).unit
    assert one.value
    assert "None" not in one.unset


@pytest.mark.parametrize("name", [n for n in RECORDS if n not in WITHIN_A_SENTENCE])
def test_check_says_the_sentence_of_a_new_field_of_any_record(name: str) -> None:
    base = RECORDS[name]
    new = create_model(
        f"New{base.__name__}",
        __base__=base,
        novel=(Annotated[Share, Note(sentence="{} novel")], 0.0),
    )
    scenario = Scenario.parse(EVERY_RECORD)
    replaced = _replaced(scenario, base, new)
    assert not any("5% novel" in line for line in describe(scenario))
    assert any("5% novel" in line for line in describe(replaced))


def _replaced(value: Any, base: type[Record], new: type[Record]) -> Any:
    """Return a scenario in which records of a class have one more field."""
    if isinstance(value, dict):
        return {key: _replaced(each, base, new) for key, each in value.items()}
    if isinstance(value, tuple):
        return tuple(_replaced(each, base, new) for each in value)
    if not isinstance(value, Record) or isinstance(value, Distribution | Series):
        return value
    inner = {key: _replaced(each, base, new) for key, each in value}
    if type(value) is base:
        return new.model_construct(**inner, novel=0.05)
    return value.model_copy(update=inner)


def test_what_check_says_of_a_queue_is_what_its_fields_say() -> None:
    text = (
        '[queue.a]\nvolume = 1\ntalk = "1min"\npatience = "2min"\nbalk = "5%"\nlimit = 7\n'
        "[group.g]\nagents = 1\nskills = { a = { reserve = 2 } }\n"
    )
    lines = " ".join(describe(Scenario.parse(text)))
    assert "patience exponential 2min, 5% leave rather than wait, at most 7 waiting" in lines
    assert "level 1, only while more than 2 are idle" in lines


def test_bounds_that_a_queue_leaves_out_are_those_of_the_model() -> None:
    queue = Queue.model_validate({"volume": 1, "talk": "1min"})
    built = same_fields(
        ModelQueue, queue, name="a", deferred=False, demand=None, hours=np.empty((0, 2)),
        at_close=None, target=0.8, variant="", short=5.0, due=np.inf, bot=None, retry=None,
        repeat=None, callback=None,
    )  # fmt: skip
    assert (built.lines, built.limit, built.longest_wait) == (np.inf, np.inf, np.inf)
    assert replace(built, balk=0.5).balk == 0.5
