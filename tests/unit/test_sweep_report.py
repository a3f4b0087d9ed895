"""What a sweep shows: text, JSON, page, workbook, and what moves its headline."""

import json
import re
from html.parser import HTMLParser

import numpy as np
import openpyxl
import pytest

import sim
from sim.cli import main
from sim.experiment.sweep import sweep
from sim.experiment.sweep.sobol import estimate_indices, saltelli_points
from sim.experiment.sweep.worker import CellResult
from sim.report.sweep.page import page
from sim.report.sweep.svg_charts import DARK
from sim.report.sweep.svg_cost_chart import cost_drawing, offers
from sim.report.sweep.terminal_charts import cost_and_service
from sim.report.sweep.text import sweep_text
from tests.support.sweep_studies import STUDY, written

SENSITIVE = STUDY + "[sensitivity]\n[sensitivity.factor]\ngroup.all.agents = [2, 3]\n"
ALONE = ["--workers", "1"]  # processes of a few replications take longer to start than to simulate


def swept_of(folder, text=STUDY, **options):
    return sweep(written(folder, text), folder / "out", workers=1, **options)


@pytest.fixture(scope="module")
def swept(tmp_path_factory):
    return swept_of(tmp_path_factory.mktemp("swept"))


def test_text_shows_every_cell_and_shades(swept):
    lines = sweep_text(swept).splitlines()
    assert lines[0] == "study: 12 cells of Small"
    assert lines[1].startswith("4 replications each, ± is 95 %; seed 1; engine reference;")
    assert lines[3].split()[:2] == ["queue.calls.volume", "group.all.agents"]
    assert [line.split()[:2] for line in lines[5:17]] == [
        [volume, agents] for volume in ("-10%", "+0%", "+10%") for agents in "3456"
    ]
    shade = next(line for line in lines if line.startswith("+10%    ") and "█" in line)
    assert len(re.findall(r"\d+\.\d %", shade)) == 4


def test_a_service_level_is_named_with_its_formula(swept):
    formula = "abandons ignored within 20s"
    text = sweep_text(swept)
    assert f"\nservice level: {formula}\n" in text
    assert f"\nservice level ({formula})\n" in text
    assert page(swept).count(f"service level ({formula})") >= 2
    assert swept.formula("total", "total", "asa_s") == ""


def test_bars_over_one_axis_grow_with_the_metric(tmp_path):
    text = STUDY.split("queue.calls")[0] + "group.all.agents = [1, 2, 3, 4]\n"
    swept = swept_of(tmp_path, text)
    bars = [line.count("█") for line in sweep_text(swept).splitlines() if "█" in line]
    levels = [swept.headline_of(cell.number).value for cell in swept.grid]
    assert bars == [round(40 * level) for level in levels]
    assert bars == sorted(bars)


def test_very_many_cells_are_cut_to_the_best_and_the_worst(tmp_path):
    text = (
        STUDY.replace("runs = 4", "runs = 1")
        .replace("step = 1", "count = 4")
        .replace('["-10%", "+0%", "+10%"]', '{{ from = "-50%", to = "+50%", step = "10%" }}')
    )
    shown = sweep_text(swept_of(tmp_path, text))
    assert "The 20 highest and lowest of 44 by service level" in shown


def test_json_is_one_document(tmp_path, capsys):
    with pytest.raises(SystemExit):
        main(
            [
                "sweep",
                str(written(tmp_path, SENSITIVE)),
                "--out",
                str(tmp_path / "out"),
                "--json",
                *ALONE,
            ]
        )
    document = json.loads(capsys.readouterr().out)
    assert {k: document[k] for k in ("study", "scenario", "seed", "engine", "headline")} == {
        "study": "study", "scenario": "Small", "seed": 1, "engine": "reference",
        "headline": "service_level",
    }  # fmt: skip
    assert document["version"] == sim.__version__
    assert [c["role"] for c in document["cells"]] == ["grid"] * 12 + ["base", "low", "high"]
    cell = document["cells"][4]
    assert cell["changes"] == {"queue.calls.volume": "+0%", "group.all.agents": 3}
    row = next(m for m in cell["metrics"] if m["metric"] == "service_level")
    assert row["low"] < row["value"] < row["high"]
    [move] = document["sensitivity"]["one_at_a_time"]
    assert move["factor"] == "group.all.agents"


def test_a_move_is_the_paired_difference(tmp_path):
    [move] = swept_of(tmp_path, SENSITIVE).factor_effects()
    base = sim.load(tmp_path / "small.toml")
    pair = [base.with_(**{"group.all.agents": k}) for k in (2, 3)]
    found = sim.compare(pair, runs=4, seed=1, engine="reference")
    [row] = [r for r in found.rows if (r.scope, r.metric) == ("total", "service_level")]
    assert (move.at_low, move.at_high) == (row.base, row.value)
    assert (move.difference, move.low, move.high) == pytest.approx(
        (row.difference, row.low, row.high)
    )


def test_indices_of_a_known_function():
    """x1 + 2 x2 of uniform factors: a fifth and four fifths of the variance."""
    points = saltelli_points(2, 256, seed=1)
    first, second = estimate_indices(points[:, 0] + 2 * points[:, 1], 2, seed=1)
    for one, exact in ((first, 0.2), (second, 0.8)):
        assert abs(one["first"] - exact) < max(one["first_half"], 0.02)
        assert abs(one["total"] - exact) < max(one["total_half"], 0.02)
    assert estimate_indices(np.ones(len(points)), 2, seed=1) == []


@pytest.mark.slow
def test_sobol_shares_of_a_sweep(tmp_path):
    text = STUDY.split("[axis]")[0] + (
        "[sensitivity]\nsobol = 16\none_at_a_time = false\n[sensitivity.factor]\n"
        'group.all.agents = [1, 6]\nqueue.calls.patience.mean = ["118s", "122s"]\n'
    )
    swept = swept_of(tmp_path, text)
    assert len(swept.plan.cells) == 64
    first, second = swept.sobol_indices()
    assert (first.factor, second.factor) == ("group.all.agents", "queue.calls.patience.mean")
    assert 0 < first.total_low < first.total <= first.total_high <= 1
    assert second.first_low == 0.0  # an estimate that is less than nothing is reported as nothing
    assert "Share of the variance" in sweep_text(swept)


class Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.seen, self.links = [], [], []

    def handle_starttag(self, tag, attrs):
        self.seen.append(tag)
        self.links += [value for name, value in attrs if name in ("src", "href")]
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.seen.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_the_page_stands_alone(tmp_path):
    text = page(swept_of(tmp_path, 'name = "<i>many & more"\n' + SENSITIVE))
    read = Tags()
    read.feed(text)
    assert read.open == []
    assert read.links == []
    assert "script" not in read.seen
    assert read.seen.count("svg") == 2
    assert read.seen.count("rect") == 12 + 1
    assert "<i>" not in text
    assert "&lt;i&gt;many &amp; more" in text
    assert "@media print" in text


def test_the_workbook_holds_inputs_metrics_and_a_chart(tmp_path):
    text = 'name = "=1+1"\n' + SENSITIVE
    with pytest.raises(SystemExit) as left:
        main(["sweep", str(written(tmp_path, text)), "--out", str(tmp_path / "out"), "--report"])
    assert left.value.code in (0, None)
    assert (tmp_path / "out" / "report.html").stat().st_size > 5000
    book = openpyxl.load_workbook(tmp_path / "out" / "report.xlsx")
    assert book.sheetnames == [
        "Cells", "Chart", "One at a time", "Inputs", "Definitions",
    ]  # fmt: skip
    cells = list(book["Cells"].values)
    assert cells[0][:6] == (
        "cell", "queue.calls.volume", "group.all.agents", "where",
        "service level (abandons ignored within 20s)", "low",
    )  # fmt: skip
    assert len(cells) == 13
    assert cells[1][1:4] == ("-10%", "3", "-10%, 3")
    assert 0 <= cells[1][5] <= cells[1][4] <= cells[1][6] <= 1
    assert len(book["Chart"]._charts) == 1
    kinds = {cell.data_type for sheet in book for row in sheet for cell in row}
    assert "f" not in kinds
    assert ("study", "=1+1") in list(book["Inputs"].values)


def test_cost_against_service_where_there_are_costs(tmp_path):
    swept = swept_of(tmp_path)
    assert cost_and_service(swept) == ""
    for number, one in list(swept.cell_results.items()):
        row = ("total", "total", "cost", 1000.0 - number, 900.0, 1100.0, "EUR", "")
        rows = [*one.rows, row]
        swept.cell_results[number] = CellResult(
            number, one.runs, rows, one.influence, one.notes, one.version
        )
    lines = cost_and_service(swept).splitlines()
    assert [line.split()[0] for line in lines[2:5]] == ["988", "989", "990"]


def test_the_page_draws_which_cells_none_beats(swept, tmp_path):
    assert cost_drawing(swept) == ""
    swept = swept_of(tmp_path, STUDY + "group.all.wage = [20]\n")
    found = offers(swept)
    assert [one.cost for one in found] == sorted(one.cost for one in found)
    assert len(found) == 12
    best = [one for one in found if one.best]
    assert 1 <= len(best) < len(found)
    for one in found:
        beaten = any(o.cost <= one.cost and o.gives > one.gives for o in found)
        assert not (one.best and beaten)
    text = page(swept)
    assert text.count("<circle") == len(found)
    assert text.count(f'r="6" fill="{DARK}"') == len(best)
