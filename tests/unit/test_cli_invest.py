"""`ccplan invest`: JSON, text, files, interruption, and what is refused."""

import json
import signal
import subprocess
import sys
import time

import pytest

from sim.cli import main
from sim.cli.invest_command import progress_text
from sim.planning.investment.mix_search import InvestProgress
from tests.support.interrupt import BY_ITSELF
from tests.support.small_levers import with_levers

FEW = ("--runs", "5", "--workers", "1", "--lever", "coach", "--lever", "nothing")


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "small.toml"
    path.write_text(with_levers())
    return path


@pytest.fixture
def ccplan(capsys):
    def run(*arguments):
        with pytest.raises(SystemExit) as left:
            main([str(a) for a in arguments])
        shown = capsys.readouterr()
        return int(left.value.code or 0), shown.out, shown.err

    return run


def test_json_and_csv_agree(ccplan, file, tmp_path):
    table = tmp_path / "levers.csv"
    code, shown, _ = ccplan("invest", file, "--budget", "700", *FEW, "--csv", table, "--json")
    assert code == 0
    found = json.loads(shown)
    assert [one["name"] for one in found["best"]["levers"]] == ["coach"]
    assert found["best"]["changes"] == [{"path": "queue.calls.resolved", "value": "+10pp"}]
    assert table.read_text().splitlines()[1].startswith("coach,Coaching,1.0,")


def test_text_begins_with_the_advice(ccplan, file):
    code, shown, _ = ccplan("invest", file, "--budget", "700", *FEW)
    assert code == 0
    assert shown.splitlines()[0] == "Small: FCR for at most 700 a month"
    assert "- Take Coaching: FCR goes from" in shown
    for heading in ("Levers alone", "Frontier", "Tornado"):
        assert heading in shown


def test_what_it_would_take(ccplan, file):
    code, shown, _ = ccplan("invest", file, "--what-would-it-take", "fcr=+5pp", *FEW)
    assert code == 0
    assert "The cheapest mix that reaches fcr=+5pp (+5.0 pp) costs" in shown
    code, shown, _ = ccplan("invest", file, "--what-would-it-take", "fcr=99%", *FEW)
    assert "tried on new days reaches fcr=99%" in shown


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "budget: is missing"),
        (("--budget", "much"), "must be a number"),
        (("--budget", "1", *FEW), "below the cheapest lever"),
        (("--budget", "900", "--for", "csatt"), "there is no metric 'csatt'"),
        (("--budget", "900", "--lever", "x"), "lever: 'x' is unknown"),
        (("--budget", "900", "--set", "lever.coach=none", "--set", "lever.dear=none",
          "--set", "lever.nothing=none", "--set", "lever.agent=none"), "has no lever"),
        (("--budget", "900", "--csv", "no/folder.csv"), "there is no folder no"),
    ],
)  # fmt: skip
def test_bad_options_get_one_message(ccplan, file, arguments, message):
    code, shown, error = ccplan("invest", file, *arguments)
    assert (code, shown) == (2, "")
    assert message in error
    assert "Traceback" not in error


def test_ctrl_c_gives_the_best_so_far(file, tmp_path):
    folder = tmp_path / "mixes"
    command = [sys.executable, "-m", "ccplan", "invest", str(file), "--budget", "9000",
               "--runs", "2000", "--resume", str(folder), "--json"]  # fmt: skip
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **BY_ITSELF)
    mixes = folder / "mixes.jsonl"
    until = time.monotonic() + 60
    while time.monotonic() < until and not (mixes.exists() and mixes.stat().st_size):
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    shown, error = process.communicate(timeout=60)
    assert process.returncode == 0, error
    found = json.loads(shown)
    assert found["stopped"] == "interrupted"
    assert found["simulated"] == len(mixes.read_text().splitlines())


def test_progress_names_stage_and_best_mix():
    text = progress_text(InvestProgress("levers alone", 3, 9, "Coaching", 0.021), 4.2)
    assert text == "invest: levers alone, 3 of 9, 4 s; best so far: Coaching (+0.021)"
