"""The staffing workbook calculates: a changed volume moves requirement and people to schedule."""

import numpy as np
import pytest

from sim import erlang
from sim.planning import staff
from sim.report.erlang_cell_formulas import ErlangCells
from sim.scenario import Scenario
from tests.support.spreadsheet import Recalculated

DAY = """
[center]
open = "08:00-09:30"
[queue.calls]
volume = [100, 60, 0]
talk = "exponential 180s"
{calls}
[group.first]
agents = 14
shrinkage = "30%"
skills = {{ calls = 1 {more} }}
"""
SALES = """
[queue.sales]
volume = [40, 50, 10]
talk = "exponential 300s"
patience = "exponential 5min"
target = "90% in 30s"
"""
LAWS = {
    "erlang_c": "",
    "erlang_a": 'patience = "exponential 2min"',
    "answered_only": 'patience = "exponential 2min"\nvariant = "answered_only"\ntarget = "70/10"',
}


def scenario(law, sales=False):
    text = DAY.format(calls=LAWS[law], more=", sales = 1" if sales else "")
    return Scenario.parse(text + (SALES if sales else ""))


def rows(book, sheet):
    """Return the numbers of the rows of a sheet by the texts in its first three columns."""
    return {
        tuple(cell.value for cell in row[:3]): row[0].row
        for row in book.book[sheet].iter_rows(min_row=2)
    }


def compared(book, found):
    """Compare every row of *Requirement* with a staffing; return how many there were."""
    expected = {(row["name"], row["interval"]): row for row in found.of("group")}
    for (name, interval, _), r in rows(book, "Requirement").items():
        want = expected[name, interval]
        assert book.value("Requirement", f"H{r}") == pytest.approx(want["fractional"], abs=1e-5)
        assert book.value("Requirement", f"I{r}") == want["required"]
        assert book.value("Requirement", f"K{r}") == want["scheduled"]
        assert book.value("Requirement", f"C{r}") == pytest.approx(want["volume"])
        assert book.value("Requirement", f"E{r}") == pytest.approx(want["load_erlangs"])
    return len(expected)


@pytest.mark.parametrize(
    "law", [pytest.param(one, marks=[pytest.mark.slow] * (k > 0)) for k, one in enumerate(LAWS)]
)
@pytest.mark.parametrize("sales", [pytest.param(False, marks=pytest.mark.slow), True])
def test_a_changed_volume_moves_the_requirement(law, sales, tmp_path):
    written = scenario(law, sales)
    staff(written, simulate=False).to_xlsx(tmp_path / "a.xlsx")
    book = Recalculated(tmp_path / "a.xlsx")
    assert compared(book, staff(written, simulate=False)) >= 2
    for (queue, _, interval), r in rows(book, "By queue").items():
        if (queue, interval) == ("calls", "08:00"):
            book.set("By queue", f"D{r}", 173.0)
    changed = written.with_(**{"queue.calls.volume": [173, 60, 0]})
    compared(book, staff(changed, simulate=False))


def test_what_is_shown_before_any_change_is_what_is_calculated(tmp_path):
    import openpyxl

    staff(scenario("erlang_a", sales=True), simulate=False).to_xlsx(tmp_path / "a.xlsx")
    shown = openpyxl.load_workbook(tmp_path / "a.xlsx", data_only=True)
    book = Recalculated(tmp_path / "a.xlsx")
    cells = 0
    for name in ("Requirement", "By queue", "Calculation"):
        for cell in [cell for row in book.book[name].iter_rows(min_row=2) for cell in row]:
            if isinstance(cell.value, str) and cell.value.startswith("="):
                want = shown[name][cell.coordinate].value
                got = book.value(name, cell.coordinate)
                if want in (None, ""):
                    assert got == ""
                else:
                    assert got == pytest.approx(want, rel=1e-5, abs=1e-7), cell.coordinate
                cells += 1
    assert cells > 100


def test_four_times_the_volume_is_found_and_what_cannot_be_is_not_available(tmp_path):
    staff(scenario("erlang_c"), simulate=False).to_xlsx(tmp_path / "a.xlsx")
    book = Recalculated(tmp_path / "a.xlsx")
    book.set("By queue", "D2", 400.0)
    need = erlang.fewest_agents("erlang_c", 400, 1800, 180, "80/20")
    assert book.value("Requirement", "I2") == need.agents
    assert book.value("Calculation", "R2") == pytest.approx(need.metrics.service_level(20))
    book.set("Calculation", "J2", 1.1)  # no number of agents reaches it
    assert np.isnan(book.value("Calculation", "N2"))


def test_chats_move_by_the_square_root_rule(tmp_path):
    text = DAY.format(calls='channel = "chat"\npatience = "exponential 3min"', more="")
    text = text.replace("calls = 1", "calls = { at_once = 2 }")
    found = staff(Scenario.parse(text), simulate=False)
    found.to_xlsx(tmp_path / "a.xlsx")
    book = Recalculated(tmp_path / "a.xlsx")
    compared(book, found)
    book.set("By queue", "D2", 130.0)
    more = staff(Scenario.parse(text).with_(**{"queue.calls.volume": [130, 60, 0]}), simulate=False)
    expected = more.of("group")[0]["fractional"]
    assert book.value("Requirement", "H2") == pytest.approx(expected, abs=0.15)


@pytest.mark.parametrize(
    "variant",
    [
        "abandons_ignored",
        "abandons_negative",
        "abandons_positive",
        "answered_only",
        "short_as_met",
        "short_excluded",
    ],
)
def test_every_formula_of_the_service_level_is_that_of_erlang_a(variant, tmp_path):
    import openpyxl

    cells = ErlangCells("erlang_a", "A1", "B1", "C1", "D1", "E1", "F1", variant, 5.0)
    sheet = openpyxl.Workbook()
    sheet.active.title = "s"
    values = {"A1": 12.0, "B1": 240.0, "C1": 0.8, "D1": 20.0, "E1": 0.05 * 90, "F1": 90.0}
    for place, value in (values | {"G1": 11.0, "H1": f"={cells.level('G1')}"}).items():
        sheet.active[place].value = value
    sheet.save(tmp_path / "s.xlsx")
    figures = erlang.a(12.0 * 1800 / 240, 1800, 240, 11, 90)
    expected = figures.service_level(20, variant, 5)
    assert Recalculated(tmp_path / "s.xlsx").value("s", "H1") == pytest.approx(expected, rel=1e-9)
    assert 0 < expected < 1
