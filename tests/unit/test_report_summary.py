"""The summary of one page and its workbook: complete, self-contained, text as text."""

import re
from html.parser import HTMLParser

import pytest
from openpyxl import load_workbook

import sim
from sim.report import summary_html
from sim.report.day_svg import level_drawing
from sim.report.formatting import unbroken
from sim.report.result_views import IntervalValue
from sim.report.staffing_view import slots_by_formula
from sim.report.summary_html import Heading, summary_page, verdict, write_summary_page
from sim.report.summary_workbook import write_summary_book
from sim.scenario import Scenario

NASTY = """
[center]
name = "<script>alert(1)</script>"
open = "09:00-11:00"

[queue."+1-2"]
volume = 40
talk = "exponential 3min"
patience = "exponential 2min"

[group."<b>sales</b>"]
agents = 5
skills = { "+1-2" = 1 }
"""


class Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.attributes, self.words = [], [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data):
        self.words.append(data)


def read(html):
    reader = Reader()
    reader.feed(html)
    return reader


@pytest.fixture(scope="module")
def nasty():
    scenario = Scenario.parse(NASTY)
    return scenario, sim.simulate(scenario, runs=4, workers=1)


@pytest.fixture(scope="module")
def page(nasty):
    return summary_page(*nasty, Heading("", "Why <i>?", "a & b", ("Volume +10 %",)))


def test_what_was_typed_is_text(page):
    found = read(page)
    assert not {"script", "b" if "<b>sales" in page else "script", "i"} & set(found.tags)
    words = " ".join(found.words)
    for text in ("<script>alert(1)</script>", "<b>sales</b>", "Why <i>?", "a & b", "+1-2"):
        assert text in words
    assert unbroken("Changed: Volume +10 %.") in words


def test_the_page_stands_alone(page):
    found = read(page)
    assert not {"link", "img", "iframe", "object", "script"} & set(found.tags)
    assert not any(name in ("src", "href", "srcset") or name.startswith("on")
                   for name, _ in found.attributes)  # fmt: skip
    assert "http://" not in page.replace("http-equiv", "")
    assert "https://" not in page
    assert "default-src 'none'" in page
    assert "@page" in page


def test_every_picture_is_described_and_every_value_has_its_confidence_interval(page):
    found = read(page)
    pictures = [value for name, value in found.attributes if name == "aria-label"]
    assert found.tags.count("svg") == len(pictures) == 2
    assert pictures[0].startswith("Service level of all live queues by interval")
    assert found.tags.count("h1") == 1
    cards = page.split('class="cards"')[1].split("<h2>")[0]
    assert cards.count(" to ") + cards.count("one replication") == cards.count("<b>") >= 5


def test_a_single_replication_says_so(nasty):
    scenario, _ = nasty
    html = summary_page(scenario, sim.simulate(scenario, runs=1))
    assert "one replication proves nothing" in html
    assert html.count("one replication") > 5


@pytest.mark.parametrize(
    ("agents", "words"), [(12, ": met."), (2, ": missed."), (None, "Service level of the whole")]
)
def test_verdicts(nasty, agents, words):
    scenario = nasty[0]
    if agents is None:
        scenario = Scenario.parse(
            NASTY + '[queue.other]\nvolume = 5\ntalk = "60s"\ntarget = "90% in 10s"\n'
            "[group.more]\nagents = 2\nskills = { other = 1 }"
        )
    else:
        scenario = scenario.with_(group={"<b>sales</b>": {"agents": agents, "skills": {"+1-2": 1}}})
    assert words in verdict(sim.simulate(scenario, runs=4, workers=1))


def test_a_verdict_names_the_queues_that_miss_their_own_target(nasty):
    scenario = Scenario.parse(
        NASTY + '[queue.other]\nvolume = 400\ntalk = "60s"\ntarget = "90% in 10s"\n'
        "patience = '30s'\n[group.more]\nagents = 2\nskills = { other = 1 }"
    )
    told = verdict(sim.simulate(scenario, runs=4, workers=1))
    assert re.search(r"Below their own target: .+, other [\d.]+ % \(target 90.0 %\)\.$", told)


def test_undecided_asks_for_more_runs(nasty):
    scenario, _ = nasty
    near = sim.simulate(scenario, runs=2, workers=1)
    level = near.estimate("service_level")
    share = f"{100 * level.value:.0f}% in 20s"
    tried = scenario.with_(queue={"+1-2": {**_table(scenario), "target": share}})
    assert ": undecided, more replications needed" in verdict(
        sim.simulate(tried, runs=2, workers=1)
    )


def _table(scenario):
    queue = scenario.queue["+1-2"]
    return {key: getattr(queue, key) for key in queue.model_fields_set}


def test_nothing_is_drawn_where_no_formula_has_an_answer(nasty, monkeypatch):
    from sim.units import BadInputError

    def refuse(*_, **__):
        raise BadInputError("no number of agents")

    monkeypatch.setattr("sim.planning.staff", refuse)
    assert slots_by_formula(nasty[0]) == []
    assert read(summary_page(*nasty)).tags.count("svg") == 1


def test_a_line_does_not_run_from_one_day_into_the_next():
    days = [
        IntervalValue(f"2026-01-0{d}T08:00", f"2026-01-0{d}", 0.8, None, None, 5.0) for d in (5, 6)
    ]
    drawn = level_drawing(days, None, "told")
    assert drawn.count('stroke-width="2"') == 2
    assert "01-05 08:00" in drawn


def test_the_page_is_written_whole(nasty, tmp_path):
    write_summary_page(tmp_path / "one.html", *nasty)
    assert (tmp_path / "one.html").read_text(encoding="utf-8").endswith("</html>\n")
    with pytest.raises(ValueError, match="there is no folder"):
        write_summary_page(tmp_path / "no" / "one.html", *nasty)


def test_the_workbook_has_inputs_metrics_and_charts(nasty, tmp_path):
    file = tmp_path / "one.xlsx"
    write_summary_book(file, *nasty, Heading("=A1", "", "+1"))
    book = load_workbook(file)
    assert book.sheetnames == [
        "Report", "Service level", "Staffing", "Summary", "By queue", "By group", "By interval",
        "Inputs", "Definitions",
    ]  # fmt: skip
    assert [len(sheet._charts) for sheet in book][:3] == [0, 1, 2]
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not any(cell.data_type == "f" for cell in cells)
    assert book["Report"]["B2"].value == "=A1"
    level = next(row for row in book["Summary"].iter_rows(values_only=True)
                 if row[1] == "Service level")  # fmt: skip
    assert level[2] == pytest.approx(nasty[1].estimate("service_level").value)
    told = " ".join(str(row[1]) for row in book["Report"].iter_rows(values_only=True))
    assert "5 agents on duty" in told


def test_the_command_line_writes_the_same_page(tmp_path, capsys):
    from sim.cli import main

    (tmp_path / "a.toml").write_text(NASTY, encoding="utf-8")
    page = tmp_path / "a.html"
    change = "queue.+1-2.volume=+10%"
    args = ["run", str(tmp_path / "a.toml"), "--runs", "2", "--set", change, "--html", str(page)]
    with pytest.raises(SystemExit) as ended:
        main(args)
    assert ended.value.code in (None, 0)
    assert f"wrote {page}" in capsys.readouterr().err
    written = page.read_text(encoding="utf-8")
    assert f"Changed: {unbroken(change)}." in written
    assert "<script" not in written
    with pytest.raises(SystemExit) as ended:
        main([*args[:-1], str(tmp_path / "no" / "a.html")])
    assert ended.value.code == 2


def test_how_bad_bad_days_are_stands_on_the_page(nasty, page):
    words = " ".join(read(page).words)
    bad = nasty[1].estimate("service_level_day_p10").value
    assert "Variation between days" in words
    assert f"whole center: 10th percentile {unbroken(summary_html.show(bad, 'share'))} " in words
