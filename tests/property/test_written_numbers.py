"""What the program writes is read back as the same number, and leaves its neighbours alone."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.app.interval_table import _as_text
from sim.fileio import number, table_from_text
from sim.fileio.cell_edit import change_cell
from sim.numerals import read_number, write_number
from sim.planning.import_volumes import _csv
from sim.scenario import Scenario
from sim.scenario.by_interval import by_interval, change_cells
from sim.scenario.written_changes import text_with_changes

AMOUNTS = (
    st.integers(0, 10**6).map(lambda n: n / 1000)  # three decimals may look like thousands
    | st.integers(0, 10**6).map(float)
    | st.floats(0, 1e6)
)
SMALL = """
[center]
open = "08:00-09:00"
[queue.calls]
volume = [{}, {}]
talk = "exponential 3min"
[group.all]
agents = 4
skills = {{ calls = 1 }}
"""


@given(AMOUNTS)
def test_a_number_is_written_with_as_many_digits_as_it_takes(value: float) -> None:
    assert read_number(write_number(value)) == value
    assert read_number(write_number(-value)) == -value


@settings(max_examples=30)
@given(AMOUNTS, AMOUNTS)
def test_a_cell_of_the_grid_is_read_as_the_number_it_shows(one: float, two: float) -> None:
    text = SMALL.format(1, 2)
    shown = _as_text(by_interval(Scenario.parse(SMALL.format(one, two))))
    typed = {row: {"calls: contacts": shown[row]["calls: contacts"]} for row in (0, 1)}
    changed, _ = change_cells((text, {}), by_interval(Scenario.parse(text)), typed)
    assert Scenario.parse(changed).queue["calls"].volume.values == (one, two)


@pytest.mark.parametrize(("separator", "decimal"), [(";", ","), (";", "."), (",", ".")])
@given(
    old=st.lists(AMOUNTS, min_size=1, max_size=5),
    new=AMOUNTS,
    tells=st.booleans(),
    plain=st.booleans(),
    pick=st.integers(0, 5),
)
def test_a_changed_cell_and_its_neighbours_are_read_as_they_should_be(
    separator: str, decimal: str, old: list[float], new: float, tells: bool, plain: bool, pick: int
) -> None:
    """Also where the changed cell was the only one that showed the decimal mark."""
    shown = [f"{value:.3f}" if plain else write_number(value) for value in old]
    shown += ["12.5"] if tells or (separator, decimal) == (";", ".") else []
    pick = len(shown) - 1 if tells else min(pick, len(shown) - 1)
    rows = "".join(
        f"0{k}:00{separator}{cell.replace('.', decimal)}\n" for k, cell in enumerate(shown)
    )
    content = f"start{separator}x\n{rows}".encode()
    before = read(content)
    after = read(change_cell(content, "x", pick, new))
    assert after[pick] == new
    assert [v for k, v in enumerate(after) if k != pick] == [
        v for k, v in enumerate(before) if k != pick
    ]


def read(content: bytes) -> list[float]:
    table = table_from_text("t.csv", content.decode())
    return [number(cell, table.numbers) for cell in table.cells(table.column("x"))]


@given(st.lists(st.integers(0, 10**7).map(lambda n: n / 1000), min_size=1, max_size=4))
def test_a_column_of_volumes_is_read_as_the_numbers_it_was_made_of(values: list[float]) -> None:
    labels = [f"0{k}:00" for k in range(len(values))]
    assert read(_csv(labels, list(range(len(values))), {"x": np.array(values)})) == values


@given(st.floats(0.01, 1e6) | st.integers(1, 10**7).map(lambda n: n / 1000))
def test_a_changed_rate_is_written_as_the_same_number(a_day: float) -> None:
    base = Scenario.parse(SMALL.format(1, 1).replace("[1, 1]", '"28 a day"'))
    changed = base.with_(**{"queue.calls.volume": f"{write_number(a_day)} a day"})
    again = Scenario.parse(text_with_changes(changed))
    assert again.queue["calls"].volume.a_day == changed.queue["calls"].volume.a_day == a_day
