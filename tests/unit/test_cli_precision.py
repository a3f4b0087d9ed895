"""Precision, pairs, controls and the choice of the best on the command line."""

import json
from pathlib import Path
from typing import Any

import pytest

from sim.cli import main
from tests.support.small_scenario import small_scenario


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    folder = tmp_path_factory.mktemp("choice")
    paths = []
    for agents in (4, 5, 6):
        path = folder / f"with{agents}.toml"
        path.write_text(small_scenario(agents=agents, name=f'"With {agents}"'))
        paths.append(str(path))
    return paths


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str]) -> Any:
    def run(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as left:
            main(arguments)
        out = capsys.readouterr()
        return int(left.value.code or 0), out.out, out.err

    return run


def test_run_until_a_metric_is_precise_enough(cli: Any, files: list[str]) -> None:
    options = ("--precision", "10% of value", "--of", "queue.calls.asa_s", "--json")
    code, out, _ = cli("run", files[0], *options)
    rows = json.loads(out)["metrics"]
    [asa] = [
        r for r in rows if (r["scope"], r["metric"], r["interval"]) == ("queue", "asa_s", None)
    ]
    assert code == 0
    assert asa["high"] - asa["low"] <= 0.2 * asa["value"]


def test_run_reports_the_variance_reduction(cli: Any, files: list[str]) -> None:
    code, out, err = cli("run", files[0], "--runs", "20", "--antithetic", "--control")
    assert (code, err) == (0, "")
    assert "(20 replications, ± is 95 %, antithetic; seed 1" in out
    assert "by antithetic pairs and controls (arrivals, work): service_level by" in out


def test_compare_until_the_difference_is_known(cli: Any, files: list[str]) -> None:
    options = ("--precision", "2%", "--antithetic", "--json")
    code, out, err = cli("compare", *files[:2], *options)
    document = json.loads(out)
    [gap] = [r for r in document["differences"]
             if (r["scope"], r["metric"]) == ("total", "service_level")]  # fmt: skip
    assert code == 0
    assert gap["high"] - gap["low"] <= 0.04
    assert document["antithetic"] is True
    assert err.startswith("note: With 5: lower variance")


def test_the_best_as_text(cli: Any, files: list[str], tmp_path: Path) -> None:
    table = tmp_path / "best.csv"
    code, out, err = cli("compare", *files, "--best", "service_level", "--csv", str(table))
    assert code == 0
    assert out.startswith("The largest service level among 3  (")
    assert "With 6 is the best with probability 95 % or more (estimated " in out
    assert "worse than With" in out
    assert err == f"wrote {table}\n"
    assert table.read_text().startswith("label,runs,value,low,high,behind,")


def test_indistinguishable_alternatives_as_text(cli: Any, files: list[str]) -> None:
    code, out, _ = cli("compare", files[0], files[0], files[2], "--best", "asa_s", "--largest")
    assert code == 0
    assert "Cannot be told apart: With 4, With 4 (2). The best is one of them" in out
    assert out.count("may be the best") == 2
    code, out, _ = cli("compare", files[0], files[0], "--best", "asa_s", "--within", "0.1s")
    assert "With 4 is no more than 0.000 s from the best, with probability 95 % or more" in out
    assert "as good, within what matters" in out


def test_the_best_as_json(cli: Any, files: list[str]) -> None:
    options = ("--best", "queue.calls.asa_s", "--budget", "300", "--confidence", "90%", "--json")
    code, out, _ = cli("compare", *files, *options)
    document = json.loads(out)
    assert code == 0
    assert (document["best"], document["better"]) == ("With 6", "smallest")
    assert (document["budget"], document["confidence"]) == (300, 0.9)
    assert document["runs"] <= 300


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["run", "FILE", "--of", "asa_s"], "of: requires precision"),
        (["run", "FILE", "--precision", "2%", "--of", "asa_s"], "precision: "),
        (["run", "FILE", "--precision", "2s", "--of", "ass_s"], "of: ass_s: there is no metric"),
        (["run", "FILE", "--runs", "3", "--antithetic"], "runs: 3 must be even"),
        (["compare", "FILE", "FILE", "--best", "occupancy"], "--largest or --smallest"),
        (["compare", "FILE", "FILE", "--best", "asa_s", "--runs", "3"], "--runs: does not go"),
        (["compare", "FILE", "FILE", "--best", "asa_s", "--xlsx", "a.xlsx"], "--xlsx: does not"),
        (["compare", "FILE", "FILE", "--budget", "300"], "--budget: goes with --best alone"),
        (["compare", "FILE", "FILE", "--smallest"], "--largest/--smallest: goes with --best"),
    ],
)  # fmt: skip
def test_bad_input_is_one_message(
    cli: Any, files: list[str], arguments: list[str], message: str
) -> None:
    code, out, err = cli(*[files[0] if a == "FILE" else a for a in arguments])
    assert (code, out) == (2, "")
    assert err.startswith("error: ")
    assert message in err
    assert err.count("\n") == 1
