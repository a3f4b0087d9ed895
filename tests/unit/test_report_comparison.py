"""Metrics by scenario with differences and significance: on the page and for finance."""

import openpyxl
import pytest

import sim
from sim.experiment import Difference
from sim.report.comparison_page import _cell, comparison_page
from sim.report.comparison_workbook import About, _said, write_comparison
from sim.report.metrics_by_scenario import (
    BETTER,
    SAME,
    TINTS,
    ComparedValue,
    alt_text_matrix,
    comparison_matrix,
    matrix_table,
)
from sim.report.result_views import difference_table
from sim.report.waterfall import waterfall, waterfall_chart, waterfall_table

LABELS = ["As planned", "=Busy", "More people"]


@pytest.fixture(scope="module")
def comparison(repo_root):
    base = sim.load(repo_root / "scenarios" / "callback_peak.toml", ["group.sales.wage=20"])
    others = [
        base.with_(**{"queue.orders.volume": "+30%"}),
        base.with_(**{"group.sales.agents": "+3"}),
    ]
    return sim.compare([base, *others], runs=5, labels=LABELS)


def test_every_cell_is_the_difference_of_the_comparison(comparison):
    lines = comparison_matrix(comparison)
    titles = [line.title for line in lines]
    assert titles[:3] == ["Offered", "Answered", "Service level"]
    assert "Service level, orders" in titles
    assert "Occupancy, sales" in titles
    rows = {(r.other, r.scope, r.name, r.metric): r for r in comparison.rows}
    for line in lines:
        assert list(line.cells) == LABELS
        assert line.cells["As planned"].difference is None
        for other in LABELS[1:]:
            row, cell = rows[(other, line.scope, line.name, line.metric)], line.cells[other]
            assert (cell.value, cell.difference, cell.low) == (row.value, row.difference, row.low)
            assert bool(cell.judgement) == (row.significant and bool(row.difference))


def test_better_and_worse_follow_the_metric(comparison):
    cells = {line.title: line.cells for line in comparison_matrix(comparison)}
    assert cells["Service level"]["=Busy"].judgement == "worse"
    assert cells["Service level"]["More people"].judgement == "better"
    assert cells["Abandonment"]["=Busy"].judgement == "worse"
    assert cells["Cost"]["More people"].judgement == "worse"
    assert cells["Service level"]["=Busy"].text.endswith(" pp *)")
    assert " (" not in cells["Service level"]["As planned"].text


def test_the_waterfall_colours_better_and_worse_as_the_matrix_does(comparison):
    judged = {m: _steps(comparison, m) for m in ("service_level", "cost", "offered", "asa_s")}
    assert [one.kind for one in judged["service_level"]] == ["level", "worse", "better", "level"]
    assert [one.kind for one in judged["asa_s"]][1:3] == ["worse", "better"]
    assert judged["cost"][2].kind == "worse"
    assert judged["offered"][1].kind == "changed"
    spec = waterfall_chart(judged["service_level"], "service_level", "Service level").to_dict()
    (scale,) = [
        layer["encoding"]["color"]["scale"]
        for layer in spec["layer"]
        if "scale" in layer["encoding"].get("color", {})
    ]
    colours = dict(zip(scale["domain"], scale["range"], strict=True))
    assert colours["better"] == TINTS["better"][:7]
    assert colours["worse"] == TINTS["worse"][:7]
    assert waterfall_table(judged["service_level"], "service_level")[2]["Verdict"] == "better"


def _steps(comparison, metric):
    return waterfall(comparison.results, LABELS, metric)


def test_a_difference_that_is_shown_never_looks_like_zero():
    row = Difference(
        "b", "total", "total", "abandonment", 0.01, 0.0102, 0.0002, 0.0001, 0.0003, True
    )
    assert row.significant
    (line,) = difference_table([row])
    assert (line["Difference"], line["95 % from"], line["to"]) == (
        "+0.02 pp",
        "+0.01 pp",
        "+0.03 pp",
    )
    cell = ComparedValue(0.0102, 0.0002, 0.0001, 0.0003, "worse", "share")
    assert cell.text.endswith("(+0.02 pp *)")
    assert cell.span == "+0.01 pp to +0.03 pp"


def test_the_table_colours_what_is_significant_and_says_it(comparison):
    lines = comparison_matrix(comparison)
    table = matrix_table(lines, "As planned")
    assert list(table.data.columns) == ["Metric", "As planned (base)", *LABELS[1:]]
    stars = sum("*" in cell for cell in table.data.iloc[:, 1:].to_numpy().ravel())
    assert stars == sum(bool(c.judgement) for line in lines for c in line.cells.values())
    assert "#d55e0059" in table.to_html()
    assert alt_text_matrix(lines, "=Busy").startswith("=Busy: Offered +")


def test_what_is_the_same_in_every_replication_has_no_interval_in_the_summary():
    hours = ComparedValue(216.0, -10.0, -10.0, -10.0, "changed", "h")
    same = ComparedValue(226.0, 0.0, 0.0, 0.0, "", "h")
    assert _said(hours) == "216.0 h, -10.0 h from the base, the same in every replication"
    assert _said(same) == "226.0 h, unchanged, the same in every replication"


def test_scenarios_that_are_alike_have_no_star(comparison):
    model = comparison.results[0].model
    same = sim.compare([model, model], runs=2, labels=["a", "b"])
    lines = comparison_matrix(same)
    assert {c.judgement for line in lines for c in line.cells.values()} == {""}
    assert alt_text_matrix(lines, "b") == "b: no significant difference."


def test_the_workbook_begins_with_summary_changes_and_notes_and_has_charts(comparison, tmp_path):
    file = tmp_path / "finance.xlsx"
    about = {
        "=Busy": About(("Volume +30 %",), "what if the campaign works"),
        "More people": About(("Group sales: +3 agents",)),
    }
    write_comparison(file, comparison, about)
    book = openpyxl.load_workbook(file)
    assert book.sheetnames[:4] == ["Summary", "Changes", "Notes", "Key metrics"]
    said = dict(book["Summary"].iter_rows(min_row=2, values_only=True))
    assert said["base"] == "As planned"
    assert "from the base: worse" in said["=Busy: Service level"]
    assert "same 5 simulated replications" in said["how to read it"]
    assert "simulate the lowest and the highest value" in said["what the intervals leave out"]
    assert said["cost"].startswith("Agent pay in one replication of 1 day")
    changes = list(book["Changes"].iter_rows(min_row=2, values_only=True))
    assert changes == [
        ("As planned", None, "none"),
        ("=Busy", 1, "Volume +30 %"),
        ("More people", 1, "Group sales: +3 agents"),
    ]
    notes = list(book["Notes"].iter_rows(min_row=2, values_only=True))
    assert notes[0] == ("=Busy", "what if the campaign works")
    titles = {row[3] for row in book["Differences"].iter_rows(min_row=2, values_only=True)}
    assert {"Service level", "ASA", "Abandoned in the bot"} & titles == {"Service level", "ASA"}
    assert not any("_" in title for title in titles)
    write_comparison(file, comparison, {})
    notes = list(openpyxl.load_workbook(file)["Notes"].iter_rows(min_row=2, values_only=True))
    assert notes == [("all", "none")]
    figures = book["Key metrics"]
    head = [cell.value for cell in figures[1]]
    assert head == [
        "scenario", "Service level", "Abandonment", "ASA", "Occupancy", "Scheduled hours", "Cost"
    ]  # fmt: skip
    rows = {r[0]: r[1:] for r in figures.iter_rows(min_row=2, max_col=6, values_only=True)}
    level = [result.estimate("service_level").value for result in comparison.results]
    assert [rows[name][0] for name in LABELS] == pytest.approx(level)
    assert len(figures._charts) == 6
    assert figures["A3"].data_type == "s"  # a name is never a formula


@pytest.mark.parametrize(
    ("cell", "gap", "text"),
    [
        (ComparedValue(0.8, None, None, None, SAME, "share"), "", "80.0 %"),
        (
            ComparedValue(0.85, 0.05, 0.02, 0.08, BETTER, "share"),
            "+5.0 pp * (+2.0 pp to +8.0 pp)",
            "85.0 % (+5.0 pp *)",
        ),
        (
            ComparedValue(0.81, 0.01, -0.02, 0.04, SAME, "share"),
            "+1.0 pp (-2.0 pp to +4.0 pp)",
            "81.0 % (+1.0 pp)",
        ),
        (ComparedValue(0.81, 0.01, None, None, SAME, "share"), "+1.0 pp", "81.0 % (+1.0 pp)"),
    ],
)
def test_a_cell_has_a_star_where_its_difference_is_significant(cell, gap, text):
    assert _cell(cell) == {"value": cell.shown, "gap": gap, "kind": cell.judgement}
    assert cell.text == text


def test_the_page_has_a_star_at_every_significant_difference_and_a_sentence_of_each(comparison):
    html = comparison_page(comparison)
    cells = [c for line in comparison_matrix(comparison) for c in line.cells.values()]
    significant = [c for c in cells if c.judgement]
    assert 0 < len(significant) < len([c for c in cells if c.gap])
    assert html.count(" * (") == len(significant)
    assert "More people: Service level +" in html
    same = sim.compare([comparison.base.model] * 2, runs=2, labels=["a", "b"])
    assert "b: no significant difference in the main metrics." in comparison_page(same)
