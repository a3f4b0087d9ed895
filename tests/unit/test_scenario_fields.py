"""A field is described once, where it is declared; forms, schema, pages and the model derive it."""

import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

import numpy as np
import pytest

from sim.distributions import Exponential, TimeDistribution
from sim.model.queues import Queue as ModelQueue
from sim.model.same_fields import same_fields
from sim.scenario import Queue, Scenario, describe, schema
from sim.scenario.distribution import Distribution, fixed
from sim.scenario.field_table import RECORDS, field_table, with_tables
from sim.scenario.field_types import Note, Record, Share, Whole
from sim.scenario.form_fields import fields_of, phrases

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "scenario.md").read_text(encoding="utf-8")
ALL = [(record, one) for record in RECORDS.values() for one in fields_of(record)]


class Toy(Record):
    """A record with one field of each sort that this page names."""

    wait: Distribution = fixed(20.0)
    """Time of a step."""
    leave: Annotated[Share, Note(section="Waiting", sentence="{} leave")] = 0.0
    """Share of those who leave."""
    bound: Annotated[int, Whole(1)] | None = None
    """Most of them."""


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


@pytest.mark.parametrize(("record", "one"), ALL, ids=lambda x: getattr(x, "key", ""))
def test_every_field_has_help_and_says_what_holds_without_it(record, one) -> None:
    assert one.help
    assert one.unset
    assert one.needed == (one.unset == "required")
    definition = schema()["$defs"][record.__name__]
    tables = [definition, *definition.get("anyOf", [])]
    assert any(one.key in table.get("properties", {}) for table in tables)


def test_a_field_of_a_record_is_shown_documented_and_checked_by_its_declaration() -> None:
    wait, leave, bound = fields_of(Toy)
    assert (leave.section, leave.unit, leave.default) == ("Waiting", "share", "0%")
    assert bound.help.endswith("Allowed: a whole number from 1 up.")
    assert "| `leave` | Share of those who leave | `0` |" in field_table(Toy)
    assert '| `wait` | Time of a step | `"20s"` |' in field_table(Toy)
    assert wait.needed is False
    assert "leave" in Toy.model_json_schema()["properties"]
    assert phrases(Toy()) == []
    assert phrases(Toy(leave="5%")) == ["5% leave"]


def test_the_model_takes_the_fields_of_the_same_name() -> None:
    found = same_fields(ToyModel, Toy.model_validate({"wait": "exponential 9s"}), extra=4)
    assert found == ToyModel(Exponential(9.0), 0.0, np.inf, 4)
    bounded = same_fields(ToyModel, Toy(bound=3, leave="5%"), leave=0.5)
    assert (bounded.bound, bounded.leave) == (3, 0.5)
    assert isinstance(bounded.bound, float)


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
