"""The command line keeps its promises: names, JSON, files, exit codes."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

import sim
from sim.cli import interrupted, listening, main
from sim.cli.progress import _TimeLeft, progress
from tests.support.interrupt import BY_ITSELF, hear
from tests.support.small_scenario import small_scenario

SCENARIO = small_scenario("[experiment]\nruns = 3\nseed = 9\n")


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "small.toml"
    path.write_text(SCENARIO)
    return str(path)


class Ran:
    """What a command said, and the code it left with."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    def json(self) -> Any:
        assert self.code == 0, self.err
        return json.loads(self.out)


@pytest.fixture
def ccplan(capsys: pytest.CaptureFixture[str]) -> Any:
    def run(*arguments: str) -> Ran:
        with pytest.raises(SystemExit) as left:
            main(arguments)
        told = capsys.readouterr()
        return Ran(int(left.value.code or 0), told.out, told.err)

    return run


def test_run_shows_a_table(ccplan: Any, file: str) -> None:
    ran = ccplan("run", file, "--engine", "reference")
    assert ran.code == 0
    assert ran.out.startswith("Small  (3 replications, ± is 95 %; seed 1; engine reference)\n")
    assert ran.err == ""


def test_run_as_json(ccplan: Any, file: str) -> None:
    document = ccplan("run", file, "--runs", "4", "--seed", "5", "--json").json()
    assert {k: document[k] for k in ("scenario", "seed", "runs", "engine")} == {
        "scenario": "Small", "seed": 5, "runs": 4, "engine": "kernel",
    }  # fmt: skip
    found = [row["interval"] for row in document["metrics"]]
    assert {None, "08:00", "09:30"} <= set(found)
    assert found[0] is None
    assert found == sorted(found, key=lambda start: start is not None)


def test_intervals_change_the_text_alone(ccplan: Any, file: str, tmp_path: Path) -> None:
    def run(*more: str) -> tuple[str, str]:
        csv = tmp_path / f"o{len(more)}.csv"
        return ccplan("run", file, "--csv", str(csv), *more).out, csv.read_text()

    (short, plain), (long, same) = run(), run("--intervals")
    assert "09:30 " not in short
    assert "\n09:30 " in long
    assert plain == same
    assert ",09:30,offered," in plain
    document = ccplan("run", file, "--json").out
    assert document == ccplan("run", file, "--json", "--intervals").out


def test_set_changes_a_field(ccplan: Any, file: str) -> None:
    def offered(*more: str) -> float:
        rows = ccplan("run", file, "--json", *more).json()["metrics"]
        return next(float(r["value"]) for r in rows if r["metric"] == "offered")

    assert (
        offered("--set", "queue.calls.volume=+100%", "--set", "group.all.agents=9")
        > 1.5 * offered()
    )


def test_engines_are_named(ccplan: Any, file: str) -> None:
    reference = ccplan("run", file, "--engine", "reference", "--json").json()
    fast = ccplan("run", file, "--engine", "auto", "--json").json()
    assert (reference.pop("engine"), fast.pop("engine")) == ("reference", "kernel")
    assert reference == fast


def test_run_writes_files(ccplan: Any, file: str, tmp_path: Path) -> None:
    xlsx, csv, logs = tmp_path / "o.xlsx", tmp_path / "o.csv", tmp_path / "logs"
    ran = ccplan("run", file, "--xlsx", str(xlsx), "--csv", str(csv), "--log", str(logs), "--json")
    ran.json()
    assert xlsx.stat().st_size > 5000
    assert csv.read_text().startswith("scope,name,interval,metric,value,low,high,unit,note\n")
    assert len(list(logs.glob("legs-*.parquet"))) == 3
    assert ran.err.count("wrote ") == 3


def test_precision_instead_of_runs(ccplan: Any, file: str) -> None:
    document = ccplan("run", file, "--precision", "6%", "--json").json()
    row = next(r for r in document["metrics"] if r["metric"] == "service_level")
    assert (row["high"] - row["low"]) / 2 <= 0.06
    assert document["runs"] >= 20


def test_compare_with_set(ccplan: Any, file: str) -> None:
    document = ccplan("compare", file, "--set", "group.all.agents=5", "--json").json()
    assert (document["base"], document["others"]) == ("Small", ["group.all.agents=5"])
    more = [r for r in document["differences"] if r["metric"] == "answered"]
    assert all(r["value"] > r["base"] for r in more)


def test_compare_files(ccplan: Any, file: str) -> None:
    ran = ccplan("compare", file, file, "--runs", "2")
    assert "Against Small  (2 paired replications, 95 % confidence intervals; seed 1)" in ran.out
    assert "Small (2)" in ran.out
    changed = ccplan("compare", file, file, "--set", "group.all.agents=5", "--json").json()
    assert changed["others"] == ["Small, group.all.agents=5"]


def test_check_says_what_was_understood(ccplan: Any, file: str) -> None:
    ran = ccplan("check", file)
    assert ran.code == 0
    assert "calls" in ran.out
    document = ccplan("check", file, "--json").json()
    assert document["scenario"] == "Small"
    assert document["valid"] is True


def test_schema_is_json(ccplan: Any) -> None:
    schema = ccplan("schema").json()
    assert schema == ccplan("schema", "--json").json()
    assert "queue" in schema["properties"]


ERLANG = ("erlang", "--calls", "100", "--per", "30min", "--aht", "180s")


def test_erlang_of_given_agents(ccplan: Any) -> None:
    answer = ccplan(*ERLANG, "--agents", "14", "--json").json()
    assert answer["model"] == "erlang_c"
    assert answer["wait_probability"] == pytest.approx(0.1741319, abs=1e-6)
    assert answer["service_level"] == pytest.approx(0.88835, abs=1e-5)
    assert answer["asa_s"] == pytest.approx(7.835937, abs=1e-6)
    assert answer["occupancy"] == pytest.approx(0.7142857, abs=1e-6)
    assert answer["load_erlangs"] == pytest.approx(10)


def test_erlang_of_goals(ccplan: Any) -> None:
    answer = ccplan(*ERLANG, "--target", "80/20", "--shrinkage", "30%", "--json").json()
    assert (answer["agents"], answer["scheduled_agents"]) == (14, 20)
    text = ccplan(*ERLANG, "--target", "80/20").out
    assert "88.8 %" in text


def test_version(ccplan: Any) -> None:
    import sim

    assert ccplan("--version").out == f"ccplan {sim.__version__}\n"


BAD = [
    (["run", "nowhere.toml"], "nowhere.toml: there is no such file; shipped scenarios are "),
    (["run", "FILE", "--runs", "0"], "--runs"),
    (["run", "FILE", "--runs", "3", "--precision", "1%"], "give one of them"),
    (["run", "FILE", "--precision", "much"], "precision: 'much'"),
    (["run", "FILE", "--engine", "kernels"], "kernels"),
    (["run", "FILE", "--set", "agents"], "must be PATH=VALUE"),
    (["run", "FILE", "--set", "group.all.agentss=3"], "agents"),
    (["run", "FILE", "--set", "group.all.agents=many"], "many"),
    (["run", "FILE", "--xlsx", "no/folder.xlsx"], "there is no folder no"),
    (["run", "FILE", "--xlsx", "day.csv"], "the name of a workbook must end in .xlsx"),
    (["run", "FILE", "--log", "no/folder"], "there is no folder no"),
    (["run"], "FILE"),
    (["compare", "FILE"], "give another scenario"),
    (["check", "."], "is a folder"),
    (["erlang", "--calls", "100", "--per", "30min", "--aht", "180s"], "give --agents, or a goal"),
    (["erlang", "--calls", "100", "--per", "x", "--aht", "180s", "--agents", "1"], "per"),
    (["erlang", "--calls", "100", "--per", "30min", "--aht", "180s", "--agents", "9"], "9"),
    (["erlang", "--calls", "1", "--per", "1h", "--aht", "9s", "--target", "80"], "target: '80'"),
    (["erlang", "--calls", "1", "--per", "1h", "--aht", "9s", "--asa", "0"], "asa: 0"),
    (["erlang", "--calls", "9", "--per", "1h", "--aht", "0", "--agents", "1"], "aht: 0"),
    (["erlang", "--calls", "9" * 400, "--per", "1h", "--aht", "9", "--agents", "1"],
     "… must be a number of 0 or more"),
    (["erlang", "--calls", "9", "--per", "1h", "--aht", "9", "--agents", "9" * 400], "agents: 999"),
    (["erlang", "--calls", "9", "--per", "1h", "--aht", "9", "--agents", "3", "--at-once",
      "9" * 20], "at_once: 1e+20 must be <= 20"),
    (["erlang", "--calls", "9", "--per", "1h", "--aht", "9", "--agents", "3", "--lines", "2"],
     "lines: 2 trunks are fewer than the 3 agents; allowed: 3 or more"),
    (["erlang", "--calls", "9", "--per", "1h", "--aht", "9", "--agents", "3", "--variant", "x"],
     "variant: 'x'"),
    (["staff", "FILE", "--target", "100/20"], "cannot be staffed"),
    (["staff", "FILE", "--set", "group.all.shrinkage=60%", "--set", "group.all.absent=40%"],
     "leave no agents"),
    (["staff", "FILE", "--by", "guess"], "by: 'guess' is unknown"),
    (["staff", "FILE", "--csv", "no/folder.csv"], "there is no folder no"),
    (["staff", "FILE", "--set", "queue.calls.target=much"], "'much' is not a target"),
    (["fly"], "fly"),
]  # fmt: skip


@pytest.mark.parametrize(("arguments", "message"), BAD, ids=[" ".join(a) for a, _ in BAD])
def test_bad_input_gives_one_message_and_exit_2(
    ccplan: Any, file: str, arguments: list[str], message: str
) -> None:
    ran = ccplan(*[file if a == "FILE" else a for a in arguments])
    assert ran.code == 2
    assert message in ran.err
    assert ran.err.startswith("error: ") or "Usage: " in ran.err
    assert "Traceback" not in ran.err
    assert ran.out == ""


@pytest.mark.parametrize(
    ("place", "arguments"),
    [
        ("sim.experiment.replication_set.stack", ["run", "FILE"]),
        ("sim.report.result_text", ["run", "FILE"]),
        ("sim.scenario.describe", ["check", "FILE"]),
        ("sim.erlang.answer", ["erlang", "--calls", "1", "--per", "1h", "--aht", "9s",
                               "--agents", "2"]),
        ("sim.metrics.metric_ref.evaluate", ["run", "FILE", "--precision", "6%"]),
        ("sim.experiment.replication_set.stack", ["staff", "FILE", "--runs", "2"]),
    ],
)  # fmt: skip
def test_a_bug_is_not_bad_input(
    file: str, monkeypatch: pytest.MonkeyPatch, place: str, arguments: list[str]
) -> None:
    def fault(*_: object, **__: object) -> None:
        raise ValueError("shapes do not match")

    monkeypatch.setattr(place, fault)
    with pytest.raises(ValueError, match="shapes do not match"):
        main([file if a == "FILE" else a for a in arguments])


def test_a_fault_ends_with_a_traceback_and_1(file: str) -> None:
    code = (
        "import sim.report, sys\n"
        "sim.report.result_text = lambda *a, **k: int('x')\n"
        "from sim.cli import main\n"
        "main(['run', sys.argv[1]])\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code, file], check=False, capture_output=True, text=True
    )
    assert ran.returncode == 1
    assert ran.stdout == ""
    assert "Traceback" in ran.stderr
    assert "invalid literal for int()" in ran.stderr


def test_a_broken_scenario_names_file_and_field(ccplan: Any, tmp_path: Path) -> None:
    path = tmp_path / "broken.toml"
    path.write_text(SCENARIO.replace('patience = "exponential 2min"', 'patiense = "2min"'))
    ran = ccplan("run", str(path), "--json")
    assert (ran.code, ran.out) == (2, "")
    assert "broken.toml" in ran.err
    assert "patience" in ran.err


def test_shipped_scenarios_have_names(ccplan: Any, repo_root: Path) -> None:
    by_name = ccplan("check", "power_of_one", "--json").json()
    by_path = ccplan("check", str(repo_root / "scenarios" / "power_of_one.toml"), "--json").json()
    assert by_name["fingerprint"] == by_path["fingerprint"]


def test_staff_finds_agents(ccplan: Any, file: str, tmp_path: Path) -> None:
    sheet = tmp_path / "staff.csv"
    ran = ccplan("staff", file, "--no-simulate", "--target", "80/20", "--csv", str(sheet), "--json")
    needed = [r["required"] for r in ran.json()["requirement"] if r["scope"] == "group"]
    assert max(filter(None, needed)) >= 4
    assert sheet.stat().st_size > 100


def test_staff_of_interval_rows_has_no_fields_to_set(ccplan: Any, tmp_path: Path) -> None:
    ran = ccplan("staff", str(tmp_path / "rows.csv"), "--set", "group.all.agents=3")
    assert ran.code == 2
    assert "is not a scenario and has no fields to change" in ran.err


def spawn(*arguments: str, **given: Any) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "sim", *arguments],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **given,
    )  # fmt: skip


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Have the engine compiled, which takes its time once on a machine."""
    path = tmp_path_factory.mktemp("compiled") / "small.toml"
    path.write_text(SCENARIO)
    sim.simulate(path, runs=1, workers=1)


@pytest.mark.usefixtures("compiled")
@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks for processes where Linux has them")
@pytest.mark.parametrize(
    ("workers", "later"),
    [
        ("1", 2.0),
        ("2", 0.0),
        *(pytest.param("2", later, marks=pytest.mark.slow) for later in (0.3, 0.6, 1.0, 2.0)),
    ],
)
def test_an_interruption_ends_with_130(file: str, workers: str, later: float) -> None:
    """Also while workers start, which they have not yet done when they are to go."""
    ran = spawn("run", file, "--runs", "1000000", "--workers", workers, "--json",
                **BY_ITSELF)  # fmt: skip
    try:
        if workers == "2":
            _wait_for_workers(ran.pid)
        time.sleep(later)
        os.killpg(ran.pid, signal.SIGINT)
        out, err = ran.communicate(timeout=30)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(ran.pid, signal.SIGKILL)
    assert ran.returncode == 130
    assert out == ""
    assert err.strip() == "interrupted"


@pytest.mark.skipif(os.name == "nt", reason="no SIGINT to a child there")
def test_an_interruption_at_the_very_end_does_not_end_by_the_signal(file: str) -> None:
    """What is done is done: 0 with all of the output, or 130 with the word for it."""
    ran = spawn("staff", file, "--no-simulate", "--json", **BY_ITSELF)
    try:
        assert ran.stdout is not None
        out = ""
        while not out.endswith("\n}\n"):
            out += ran.stdout.readline()
        for _ in range(100):  # all is written; what is left is to end
            os.killpg(ran.pid, signal.SIGINT)
            time.sleep(0.01)
            if ran.poll() is not None:
                break
        _, err = ran.communicate(timeout=30)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(ran.pid, signal.SIGKILL)
    assert (ran.returncode, err.strip()) in [(0, ""), (130, "interrupted")]
    assert json.loads(out)["scenario"] == "Small"


@pytest.mark.usefixtures("compiled")
@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks for processes where Linux has them")
@pytest.mark.parametrize("later", [0.0, pytest.param(3.0, marks=pytest.mark.slow)])
def test_workers_go_when_the_process_they_work_for_is_killed(file: str, later: float) -> None:
    ran = spawn("run", file, "--runs", "1000000", "--workers", "2", start_new_session=True)
    group = _wait_for_workers(ran.pid)
    time.sleep(later)
    ran.kill()
    ran.wait()
    until = time.monotonic() + 30
    while (left := [one for one in group if _is_there(one)]) and time.monotonic() < until:
        time.sleep(0.2)
    for one in left:
        os.kill(one, signal.SIGKILL)
    ran.communicate()
    assert left == []


def _wait_for_workers(parent: int) -> list[int]:
    """Return the workers of a process, two of them, when they are there."""
    for _ in range(600):
        found = [int(one.parent.name) for one in Path("/proc").glob("[0-9]*/cmdline")
                 if _is_worker(one, parent)]  # fmt: skip
        if len(found) == 2:
            return found
        time.sleep(0.05)
    raise AssertionError("no workers came")


def _is_worker(cmdline: Path, parent: int) -> bool:
    with suppress(OSError):
        stat = cmdline.with_name("stat").read_text().rpartition(")")[2].split()
        return b"LokyProcess" in cmdline.read_bytes() and int(stat[1]) == parent
    return False


def _is_there(process: int) -> bool:
    with suppress(OSError):
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
        return state != "Z"
    return False


@pytest.fixture
def hearing() -> Iterator[None]:
    before = signal.getsignal(signal.SIGINT)
    hear()
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("hearing")
def test_an_interruption_that_was_swallowed_is_raised_at_the_next_step() -> None:
    with listening():
        with suppress(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        with pytest.raises(KeyboardInterrupt), progress("simulating") as told:
            told(1, 2)
        with pytest.raises(KeyboardInterrupt), progress("simulating"):
            pass
    with progress("simulating") as told:
        told(1, 2)


def test_the_time_left_is_shown_once_the_speed_of_the_later_parts_is_known() -> None:
    left = _TimeLeft()
    assert left.text(0, 10, 0, now=5.0) == ""
    assert left.text(1, 10, 0, now=100.0) == ""  # the first part took long: code was compiled
    assert left.text(2, 10, 0, now=101.0) == ""
    assert left.text(4, 10, 0, now=103.0) == "about 6 s left"
    assert left.text(10, 10, 0, now=109.0) == ""
    resumed = _TimeLeft()
    assert resumed.text(6, 10, 6, now=0.0) == ""
    assert resumed.text(7, 10, 6, now=9.0) == ""
    assert resumed.text(8, 10, 6, now=12.0) == "about 6 s left"


def test_a_process_that_ignores_interruptions_goes_on_ignoring_them() -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with listening():
            assert signal.getsignal(signal.SIGINT) == signal.SIG_IGN
            signal.raise_signal(signal.SIGINT)
            assert not interrupted()
    finally:
        signal.signal(signal.SIGINT, before)


def test_a_log_that_is_wrong_is_a_fault_of_the_program(
    ccplan: Any, file: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = ccplan("run", file, "--log", str(tmp_path / "logs"))
    assert ran.code == 0
    assert "checked the logs: nothing is wrong with them" in ran.err
    monkeypatch.setattr(
        "sim.metrics.invariants.violations", lambda log: ["legs: something is wrong"]
    )
    ran = ccplan("run", file, "--runs", "2", "--log", str(tmp_path / "logs"))
    assert ran.code == 1
    assert "fault: log of replication 2: legs: something is wrong" in ran.err


def test_help_imports_nothing_heavy() -> None:
    """How long it takes is measured by ``make bench``; this is why it is short."""
    ran = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "sim", "--help"],
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    assert "compare" in ran.stdout
    imported = {
        line.rpartition("|")[2].strip().partition(".")[0] for line in ran.stderr.splitlines()
    }
    assert "typer" in imported
    assert imported & {"numpy", "scipy", "pandas", "numba", "pydantic", "streamlit"} == set()


def test_every_command_explains_itself(ccplan: Any) -> None:
    listed = ccplan("--help").out.partition("Commands:\n")[2].splitlines()
    assert len(listed) >= 12
    assert all(line.endswith(".") and not line.endswith("...") for line in listed), "none is cut"
    for name in (line.split()[0] for line in listed):
        ran = ccplan(name, "--help")
        assert ran.code == 0
        assert "--json" in ran.out or name == "app"


@pytest.mark.parametrize(
    ("command", "help_text"),
    [
        ("erlang", "Trunks: the most calls waiting and talking."),
        ("run", "half width of the confidence interval"),
        ("run", "Simulate antithetic pairs of replications."),
        ("run", "Log progress and timings to stderr."),
        ("compare", "half width of the confidence interval"),
        ("compare", "With --best: replications of all scenarios together"),
        ("staff", "Staffing formula: erlang_a or erlang_c."),
        ("sweep", "an unfinished one is resumed"),
    ],
)
def test_help_uses_the_terms_of_the_trade(ccplan: Any, command: str, help_text: str) -> None:
    assert help_text in " ".join(ccplan(command, "--help").out.split())


def test_a_reader_who_leaves_early_causes_no_error(file: str) -> None:
    ran = spawn("schema")
    assert ran.stdout is not None
    ran.stdout.close()
    assert ran.stderr is not None
    with ran.stderr:
        assert ran.stderr.read() == ""
    assert ran.wait(timeout=20) == 0


def test_a_fault_says_by_which_command_it_is_seen_again(
    capsys: pytest.CaptureFixture[str], file: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sim.experiment import ReplicationError
    from sim.experiment.kernel_tallies import KernelTallier

    whole = KernelTallier.tally_together

    def faulty(self: KernelTallier, tapes: Any) -> Any:
        return whole(self, tapes) if tapes.replications[-1] < 3 else 1 / 0

    monkeypatch.setattr(KernelTallier, "tally_together", faulty)
    with pytest.raises(ReplicationError, match="replication 3: ZeroDivisionError"):
        main(["run", file, "--runs", "5", "--seed", "4", "--set", "queue.calls.volume=+10%"])
    again = f"ccplan run {file} --seed 4 --runs 3 --engine auto --workers 1"
    assert f"to reproduce it: {again} --set queue.calls.volume=+10%" in capsys.readouterr().err


@pytest.mark.parametrize("more", [["--runs", "5"], ["--best", "asa_s", "--smallest"]])
def test_a_fault_in_a_comparison_says_in_which_scenario(
    capsys: pytest.CaptureFixture[str], file: str, monkeypatch: pytest.MonkeyPatch, more: list[str]
) -> None:
    from sim.experiment import ReplicationError
    from sim.experiment.kernel_tallies import KernelTallier

    whole = KernelTallier.tally_together

    def faulty(self: KernelTallier, tapes: Any) -> Any:
        more_calls = tapes.model.queues[0].demand.expected.sum() > 200
        return 1 / 0 if more_calls and 3 in tapes.replications else whole(self, tapes)

    monkeypatch.setattr(KernelTallier, "tally_together", faulty)
    with pytest.raises(ReplicationError, match="replication 3: ZeroDivisionError"):
        main(["compare", file, "--set", "queue.calls.volume=+300%", "--seed", "4", *more])
    again = f"ccplan run {file} --seed 4 --runs 3 --engine auto --workers 1"
    assert f"to reproduce it: {again} --set queue.calls.volume=+300%" in capsys.readouterr().err
