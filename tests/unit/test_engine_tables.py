"""The tables of the compiled engine: what stands in them is what compiled code takes them for."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import sim
from sim.engine import simulate_replication
from sim.engine.kernel import buffers, encode, layout
from sim.engine.kernel.layout import ModelTables, StateTables
from sim.log import Log
from sim.model import Model, build
from sim.resources import scenarios_dir
from sim.tape.tape_drawer import TapeDrawer
from verification.engine_differences import first_difference

SHIPPED = sorted(scenarios_dir().glob("*.toml"))


def shipped(name: str) -> Model:
    return build(sim.load(scenarios_dir() / f"{name}.toml"))


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.stem)
def test_each_table_has_the_type_that_its_accessor_reads(file):
    model = build(sim.load(file))
    encoder, tapes = encode.Encoder(model), TapeDrawer(model).draw_together(1, range(1, 3))
    tables, first = encoder.tables(tapes)
    assert all(rows[-1] == len(getattr(tables, name)) for name, rows in first.items())
    state, *_ = buffers.Buffers(model, encoder.groups).state(int(tapes.first[-1]))
    for name, table in (tables._asdict() | state._asdict()).items():
        known = layout.TABLES[name]
        assert (table.dtype, table.ndim) == (known.dtype, max(known.dimensions, 1)), name
        assert table.flags.c_contiguous, name


def test_each_table_is_reached_by_its_name():
    assert not set(ModelTables._fields) & set(StateTables._fields)
    assert set(layout.TABLES) == {*ModelTables._fields, *StateTables._fields}


def test_rows_are_filled_by_name_and_a_field_that_is_not_there_is_refused():
    [row] = encode._records(layout.TRANSFER, [{"add": 5.0, "queue": 3}])
    assert (row["queue"], row["warm"], row["factor"], row["add"]) == (3, 0, 0.0, 5.0)
    with pytest.raises(ValueError, match="que"):
        encode._records(layout.TRANSFER, [{"que": 3}])


@pytest.mark.parametrize("name", ["callback_peak", "retail_monday", "email_backlog"])
@pytest.mark.parametrize("table", ["events", "legs", "recontacts", "unserved", "presences"])
def test_a_table_that_becomes_full_is_made_larger(monkeypatch, name, table):
    model, sizes = shipped(name), []
    usual: Log = simulate_replication(model, 1, 1, "kernel")
    allocate = buffers._allocate

    def small(*arguments: Any) -> tuple[Any, StateTables]:
        memory, state = allocate(*arguments)
        sizes.append(min(20 * arguments[-1], len(getattr(state, table))))
        return memory, state._replace(**{table: getattr(state, table)[: sizes[-1]]})

    monkeypatch.setattr(buffers, "_allocate", small)
    assert (
        first_difference(model, 1, 1, (usual, simulate_replication(model, 1, 1, "kernel"))) is None
    )
    assert sizes == [20 * 2**n for n in range(len(sizes) - 1)] + sizes[-1:]
    assert len(sizes) > 1 or table in ("recontacts", "unserved", "presences")


HEAP = """
import numpy as np
from types import SimpleNamespace
from sim.engine.kernel import codes as c, containers, layout
from sim.engine.rules import Rank, rank_of

events = np.zeros(50 + c.SPARE_EVENTS, layout.EVENT)
state = SimpleNamespace(counts=np.zeros(1, layout.COUNTS), events=events)
rng = np.random.default_rng(1)
pushed = []
for number in range(50):
    instant, rank = float(rng.integers(9)), list(Rank)[rng.integers(10)]
    containers.push_event(state, instant, rank, number, c.EVENT_LEG, number, 7)
    pushed.append((instant, rank, number))
assert not layout.counts(state).is_full
containers.push_event(state, 0.0, Rank.OPENING, 99, c.EVENT_LEG, 99, 7)
assert layout.counts(state).is_full
popped = [containers.pop_event(state) for _ in range(50)]
found = [(instant, rank_of(order), subject) for instant, order, _, subject, _ in popped]
assert found == sorted(pushed), found
assert {(kind, version) for *_, kind, _, version in popped} == {(c.EVENT_LEG, 7)}
"""


def test_the_heap_of_events_is_used_to_its_last_row():
    """As plain Python, since only compiled code can call its functions."""
    done = subprocess.run(
        [sys.executable, "-c", HEAP],
        env={**os.environ, "NUMBA_DISABLE_JIT": "1"},
        cwd=Path(__file__).parents[2], capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
