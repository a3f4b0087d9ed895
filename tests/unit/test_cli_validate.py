"""`ccplan validate`: simulated values and actuals, as text, JSON and CSV; bad input is reported."""

import csv
import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from sim.cli import main
from tests.support.interrupt import BY_ITSELF
from tests.support.small_scenario import small_scenario

SCENARIO = small_scenario(name='"Small"\nfirst_day = 2026-03-02', target=None)
ACTUALS = """interval_start,offered,answered,abandoned,service level,ASA,AHT
2026-03-02 08:00,31,27,4,70%,00:00:15,180
2026-03-02 08:30,28,27,1,81%,00:00:12,175
2026-03-02 09:00,33,28,5,66%,00:00:19,190
"""


@pytest.fixture
def files(tmp_path):
    (tmp_path / "small.toml").write_text(SCENARIO)
    (tmp_path / "actuals.csv").write_text(ACTUALS)
    return [str(tmp_path / "small.toml"), str(tmp_path / "actuals.csv")]


@pytest.fixture
def ccplan(capsys):
    def run(*arguments):
        with pytest.raises(SystemExit) as left:
            main(["validate", *arguments])
        out, err = capsys.readouterr()
        return left.value.code, out, err

    return run


def test_the_document_holds_summary_and_intervals(ccplan, files):
    code, out, _ = ccplan(*files, "--json", "--runs", "50", "--seed", "4")
    document = json.loads(out)
    assert code == 0
    assert (document["scenario"], document["runs"], document["seed"]) == ("Small", 50, 4)
    assert document["band"] == 0.95
    offered = document["summary"][0]
    assert (offered["metric"], offered["recorded"], offered["intervals"]) == ("offered", 92, 3)
    assert offered["bias_low"] < offered["bias"] < offered["bias_high"]
    assert len(document["intervals"]) == 6 * 3
    assert document["intervals"][0]["interval"] == "08:00"
    again = ccplan(*files, "--json", "--runs", "50", "--seed", "4", "--workers", "2")[1]
    assert again == out


def test_few_replications_are_said_to_be_the_band(ccplan, files):
    verdict, _, _, head = ccplan(*files, "--runs", "5")[1].splitlines()[:4]
    assert verdict.startswith("No verdict: 5 replications")
    assert "band: full range of 5 replications, containing a day with 66.7 % probability" in head


def test_the_text_names_metrics_and_what_they_mean(ccplan, files, tmp_path):
    out_file = tmp_path / "out.csv"
    code, out, err = ccplan(*files, "--runs", "45", "--intervals", "--csv", str(out_file))
    assert code == 0
    assert "service level" in out
    assert "Bias: Simulated minus actual" in out
    assert "  actual  " in out
    assert "recorded " not in out
    assert "band: 95 % of simulated days" in out
    assert out.count("08:30") == 6
    assert f"wrote {out_file}" in err
    rows = list(csv.DictReader(out_file.read_text().splitlines()))
    assert (len(rows), rows[0]["recorded"]) == (18, "31.0")


def test_columns_zone_and_dates_can_be_said(ccplan, files, tmp_path):
    other = tmp_path / "other.csv"
    other.write_text("Von;Anrufe\n02/03/2026 08:00;31\n02/03/2026 08:30;28\n")
    names = ["--column", "start=Von", "--column", "offered=Anrufe", "--runs", "3"]
    assert ccplan(files[0], str(other), *names)[0] == 2
    code, out, _ = ccplan(files[0], str(other), *names, "--dates", "day-first", "--json")
    assert code == 0
    assert json.loads(out)["summary"][0]["recorded"] == 59


@pytest.mark.parametrize(
    ("change", "options", "told"),
    [
        (("31,27", "x,27"), [], "actuals.csv:2: offered: 'x' must be a number of 0 or more"),
        (("31,27", "1e30,27"), [], "offered: '1e30' is too large; allowed: at most 10,000,000"),
        (
            ("offered,answered", "Puhelut,Vastatut"),
            [],
            "Offered: no column is mapped to it; the file has",
        ),
        (("2026-03-02", "2026-03-03"), [], "fits no day of the scenario"),
        (("", ""), ["--zone", "Lisbon"], "zone: 'Lisbon' is not a time zone"),
        (("", ""), ["--column", "offered"], "--column offered: must be MEANING=TITLE"),
        (("", ""), ["--set", "queue.calls.balk=200%"], "queue.calls.balk"),
    ],
)
def test_bad_input_is_one_message(ccplan, files, change, options, told):
    Path(files[1]).write_text(ACTUALS.replace(*change) if change[0] else ACTUALS)
    code, out, err = ccplan(*files, "--runs", "2", *options)
    assert code == 2
    assert out == ""
    assert told in err
    assert "Traceback" not in err


def test_a_file_that_is_not_there_is_reported(ccplan, files):
    code, _, err = ccplan(files[0], "nowhere.csv")
    assert (code, "nowhere.csv: the file does not exist; allowed: a CSV or" in err) == (
        2,
        True,
    )


@pytest.mark.skipif(os.name == "nt", reason="no SIGINT to a child there")
def test_an_interruption_leaves_with_130(files):
    command = [sys.executable, "-m", "sim", "validate", *files, "--runs", "1000000"]
    ran = subprocess.Popen(
        command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        **BY_ITSELF,
    )  # fmt: skip
    try:
        time.sleep(3)
        os.killpg(ran.pid, signal.SIGINT)
        out, err = ran.communicate(timeout=20)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(ran.pid, signal.SIGKILL)
    assert (ran.returncode, out, err.strip()) == (130, "", "interrupted")


def test_what_the_recorded_handle_time_holds_is_an_option(ccplan, files):
    code, out, _ = ccplan(*files, "--json", "--runs", "5", "--recorded-aht", "with-gaps")
    document = json.loads(out)
    assert (code, document["recorded_aht"]) == (0, "with-gaps")
    assert "aht_s" not in {row["metric"] for row in document["summary"]}
    code, out, err = ccplan(*files, "--recorded-aht", "all")
    assert (code, out) == (2, "")
    assert "recorded-aht: 'all' is unknown; allowed: talk, handle, with-gaps" in err


def test_the_header_row_is_an_option(ccplan, files):
    Path(files[1]).write_text("total,a,b,c\n" + ACTUALS)
    code, _, err = ccplan(*files, "--runs", "2")
    assert (code, "has 7 cells under the 4 titles of row 1" in err) == (2, True)
    assert ccplan(*files, "--runs", "2", "--header-row", "2")[0] == 0


def test_inputs_can_be_taken_from_the_actuals_and_suspects_be_tried(ccplan, files):
    options = ("--given", "arrivals", "--suspects", "--runs", "5")
    code, out, _ = ccplan(*files, *options, "--json")
    document = json.loads(out)
    assert (code, document["given"]) == (0, ["arrivals"])
    offered = [one["simulated"] for one in document["intervals"] if one["metric"] == "offered"]
    assert sum(offered) == 92
    for table in ("summary", "errors", "quantiles"):  # offered was taken from the actuals
        metrics = {one["metric"] for one in document[table]}
        assert "abandonment" in metrics or table == "quantiles"
        assert "offered" not in metrics
    assert {one["period"] for one in document["errors"]} == {"interval", "hour", "day"}
    assert {one["name"] for one in document["suspects"]} == {"talk", "patience", "agents"}
    text = ccplan(*files, *options)[1]
    assert "Erlang A" in text
    assert "best change" in text
    assert "offered" not in {line.split()[0] for line in text.splitlines() if line.strip()}


@pytest.mark.parametrize(("runs", "few"), [("5", True), ("12", False)])
def test_few_replications_are_no_verdict_of_no_bias(ccplan, files, runs, few):
    out = ccplan(*files, "--runs", runs)[1]
    assert ("too few replications" in out) == few
    assert not (few and "no significant bias" in out)


def test_one_replication_is_singular_and_days_are_in_order(ccplan, files):
    assert "(1 replication, " in ccplan(*files, "--runs", "1")[1]
    code, out, err = ccplan(*files, "--from", "2026-03-05", "--to", "2026-03-02")
    assert (code, out) == (2, "")
    assert "--from 2026-03-05 is after --to 2026-03-02; allowed: the first day first" in err


def test_words_of_outcomes_are_refused_for_a_table_of_intervals(ccplan, files):
    code, out, err = ccplan(*files, "--not-outcome", "test")
    assert (code, out) == (2, "")
    assert "--not-outcome: " in err
    assert "has no contacts; allowed: with a call log" in err


def test_what_is_not_in_the_actuals_cannot_be_taken(ccplan, files):
    code, out, err = ccplan(*files, "--given", "agents")
    assert (code, out) == (2, "")
    assert err.startswith("error: ")
    assert "agents: there is no such column" in err


def test_the_first_and_the_last_day_are_options(ccplan, files):
    with Path(files[1]).open("a") as file:
        file.write("2026-03-03 08:00,50,40,10,70%,00:00:15,180\n")
    options = ("--json", "--runs", "2", "--from", "2026-03-02")
    code, out, _ = ccplan(*files, *options, "--to", "2026-03-02")
    assert code == 0
    assert json.loads(out)["summary"][0]["recorded"] == 92
    code, out, err = ccplan(*files, "--to", "soon")
    assert (code, out) == (2, "")
    assert "--to soon: is not a date" in err
