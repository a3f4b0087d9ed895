"""Ctrl-C during a search for shifts: the best plan so far, at once and from any of its steps."""

import json
import signal
import threading
import time

import numpy as np
import pytest

from sim.cli import main
from sim.planning import plan_shifts
from sim.planning.shifts import simulated_requirement, solve_milp
from sim.planning.shifts.interruption import interruptible, look, note_interruption
from tests.support.small_shifts import MORNING


@pytest.fixture
def week(tmp_path):
    """A requirement around the clock whose proof takes long."""
    rng = np.random.default_rng(4)
    rows = [f"2026-01-{5 + day:02d} {hour:02d}:00,{rng.integers(3, 25)}"
            for day in range(7) for hour in range(24)]  # fmt: skip
    (tmp_path / "week.csv").write_text("interval,agents\n" + "\n".join(rows))
    return tmp_path / "week.csv"


def after(seconds):
    """Progress that is interrupted so many seconds after its first call, once."""
    state = {}

    def progress(done, planned):
        state.setdefault("from", time.monotonic())
        if "at" not in state and time.monotonic() - state["from"] >= seconds:
            state["at"] = time.monotonic()
            raise KeyboardInterrupt

    progress.state = state
    return progress


def test_the_solver_is_left_at_once_with_the_best_plan_so_far(week, monkeypatch):
    monkeypatch.setattr(solve_milp, "MOMENT_S", 0.5)
    progress, threads = after(1.5), threading.active_count()
    plan = plan_shifts(week, time_limit=100, progress=progress)
    assert time.monotonic() - progress.state["at"] < 40  # of 100 s, also on a busy machine
    assert plan.stopped == plan.document()["stopped"] == "interrupted"
    assert plan.uncovered == []
    assert 0 < plan.bound < plan.cost
    assert threading.active_count() == threads


def test_days_that_are_not_solved_yet_are_covered_at_once(week, monkeypatch):
    solved = []

    def slow(model, seconds):
        if len(solved) == 3:
            note_interruption()
            return solve_milp.MilpResult()
        solved.append(model)
        return solve_milp._solve(model, seconds)

    monkeypatch.setattr("sim.planning.shifts.linear_model.solve_milp", slow)
    patterns = {"day": {"lengths": "8h", "earliest": "00:00", "latest": "16:00"}}
    plan = plan_shifts(week, patterns=patterns, cyclic=False)
    assert plan.stopped == "interrupted"
    assert {row["start"][:10] for row in plan.shifts} == {f"2026-01-{k:02d}" for k in range(5, 12)}
    best = plan_shifts(week, patterns=patterns, cyclic=False, time_limit=0.1).uncovered_hours
    assert plan.uncovered_hours <= best + 200


def test_a_search_from_the_goals_gives_a_plan_whose_goals_are_simulated(tmp_path):
    (tmp_path / "center.toml").write_text(MORNING)
    plan = plan_shifts(tmp_path / "center.toml", method="goals", time_limit=60, progress=after(0))
    assert (plan.stopped, plan.method, plan.runs) == ("interrupted", "goals", 20)
    assert [row["met"] for row in plan.goals] == [True]
    assert any("1 plan was simulated" in note for note in plan.notes)


def test_a_requirement_whose_search_is_interrupted_is_covered(tmp_path, monkeypatch):
    (tmp_path / "center.toml").write_text(MORNING)
    reports = []

    def interrupted():
        reports.append(1)
        if len(reports) > 10:
            raise KeyboardInterrupt

    monkeypatch.setattr(simulated_requirement, "look", interrupted)
    plan = plan_shifts(
        tmp_path / "center.toml", requirement="simulation", time_limit=60, workers=1,
        understaffing=10,
    )  # fmt: skip
    assert len(reports) == 11
    assert plan.stopped == "interrupted"
    assert [row["requirement"] for row in plan.methods] == ["formula", "simulation"]


def test_a_second_interruption_ends_it(monkeypatch):
    with interruptible() as state:
        note_interruption()
        assert state.happened
        with pytest.raises(KeyboardInterrupt):
            look()
        with pytest.raises(KeyboardInterrupt):
            note_interruption()
    with pytest.raises(KeyboardInterrupt):
        note_interruption()
    look()  # outside of a search


def test_ctrl_c_prints_the_best_plan_and_says_so(week, heard, monkeypatch, capsys):
    monkeypatch.setattr(solve_milp, "MOMENT_S", 0.3)
    real = solve_milp._in_process

    def interrupted(model, seconds):
        threading.Timer(0.3, signal.raise_signal, [signal.SIGINT]).start()
        return real(model, seconds)

    monkeypatch.setattr(solve_milp, "_in_process", interrupted)
    with pytest.raises(SystemExit) as left:
        main(["shifts", str(week), "--json", "--time-limit", "100s"])
    out, err = capsys.readouterr()
    assert left.value.code in (0, None)
    assert json.loads(out)["stopped"] == "interrupted"
    assert "interrupted: this is the best plan so far" in err
