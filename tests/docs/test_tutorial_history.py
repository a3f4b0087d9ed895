"""From history to a scenario: the pages show the saved results, and prose and tables agree."""

import json
import re

import pytest

from scripts import tutorial_history as tutorial
from scripts.history_page import BLOCK, BLOCKS, aims, shown, with_history

TEXTS = {page.name: page.read_text(encoding="utf-8") for page in tutorial.PAGES}
PLANNING, VALIDATE = TEXTS["tutorial-planning.md"], TEXTS["validate.md"]


@pytest.fixture(scope="module")
def results():
    return json.loads(tutorial.RESULTS.read_text(encoding="utf-8"))


def block(text, name):
    (found,) = [match[0] for match in BLOCK.finditer(text) if match[2] == name]
    return found


@pytest.mark.parametrize("page", TEXTS)
def test_pages_show_the_saved_results(results, page):
    assert with_history(TEXTS[page], results) == TEXTS[page]


def test_every_block_is_on_one_page_and_closed():
    names = [match[2] for text in TEXTS.values() for match in BLOCK.finditer(text)]
    assert sorted(names) == sorted(BLOCKS)
    for text in TEXTS.values():
        assert text.count("<!-- history: ") == text.count("<!-- end of history -->")


def test_the_errors_of_both_pages_are_the_same():
    rows = re.findall(r"^\| .* \| (?:half hour|hour|day) \| .*$", PLANNING, re.MULTILINE)
    assert len(rows) == 9
    assert all(row in VALIDATE for row in rows)


def test_aims_agree_with_the_table_of_errors():
    rows = re.findall(
        r"^\| [\w ]+ \| (?:half hour|hour|day) \| ([\d.]+) \w+ \| ([\d.]+) ",
        block(VALIDATE, "real_center"), re.MULTILINE,
    )  # fmt: skip
    better = sum(float(simulated) < float(formula) for simulated, formula in rows)
    assert f"- {better} of {len(rows)} mean errors are below those of Erlang A." in VALIDATE
    tables, lines = block(VALIDATE, "real_center").split("\n- ", 1)
    for metric, bias, share in re.findall(
        r"^\| ([\w ]+) \| ([+-][\d.]+ \w+) \| ([\d.]+ %) of", tables, re.MULTILINE
    ):
        assert f"{metric}: {share} of the days" in lines
        assert metric == "ASA" or f"{metric}: the bias of {bias} is" in lines


def test_the_prose_of_the_forecast_agrees_with_its_table():
    text = block(PLANNING, "forecast")
    for method in ("chosen", "median of six"):
        (error,) = re.findall(rf"^\| {method} \| ([\d.]+ %)", text, re.MULTILINE)
        assert text.count(error) >= 2, method


def test_an_aim_that_is_missed_is_called_missed():
    row = {"metric": "abandonment", "bias": -0.034, "inside_days": 0.5}
    error = {"metric": "abandonment", "error": 0.2, "formula_error": 0.1}
    first, bias, days = aims({"errors": [error], "summary": [row]})
    assert first.startswith("0 of 1 ")
    assert f"{shown('abandonment', -0.034, signed=True)} is above the aim" in bias
    assert "50.0 % of the days are inside, which misses the aim of 90 %" in days


def test_queues_are_shown_apart_with_their_own_bias(results):
    queues = {one["queue"]: one for one in results["validation"]["queues"]}
    rows = re.findall(
        r"^\| ([\w ]+) \| ([\d,]+) \| \d+ % \| [\d.]+ % \| ([+-][\d.]+) pp",
        block(VALIDATE, "real_center_queues"), re.MULTILINE,
    )  # fmt: skip
    assert [name for name, *_ in rows] == list(queues)
    for name, contacts, bias in rows:
        assert int(contacts.replace(",", "")) == queues[name]["contacts"]
        assert float(bias) == pytest.approx(100 * queues[name]["service_level"]["bias"], abs=0.05)
    worst = max(abs(one["service_level"]["bias"]) for one in queues.values())
    points = 5 * int(20 * worst)
    assert f"may be off by {points} points of service level" in " ".join(VALIDATE.split())


def test_pictures_of_the_page_exist():
    files = re.findall(r"\(tutorial/(history-\w+\.svg)\)", PLANNING)
    assert len(files) == 3
    assert all((tutorial.PICTURES / file).stat().st_size > 0 for file in files)


@pytest.mark.skipif(
    not (tutorial.DATA / tutorial.LOG).exists(),
    reason="the records are not part of the project; CCPLAN_DATA names their folder",
)
def test_the_log_of_the_validation_has_no_day_of_the_calibration(tmp_path):
    tutorial.write_inputs(tmp_path)
    head, *rows = (tmp_path / "march_april.csv").read_text().splitlines()
    assert head.startswith("date,")
    assert min(row[:10] for row in rows) == tutorial.NEXT > tutorial.LAST
    assert (tmp_path / "counts.csv").read_text().startswith("interval_start,offered\n2003-03-03")
