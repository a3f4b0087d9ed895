"""Two engines, one meaning: for the same tape the same log, equal to the bit."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.engine import simulate_replication
from sim.metrics.invariants import violations
from sim.model import build
from sim.resources import scenarios_dir
from verification.engine_differences import first_difference, sums_difference
from verification.random_models import random_model

SHIPPED = sorted(scenarios_dir().glob("*.toml"))
LONGEST = ("online_shop_peak", "insurer_month", "erlang_a", "bot_promise")


@pytest.mark.parametrize(
    "file",
    [pytest.param(one, marks=[pytest.mark.slow] * (one.stem in LONGEST)) for one in SHIPPED],
    ids=lambda file: file.stem,
)
def test_engines_agree_on_a_shipped_scenario_and_so_do_the_tallies(file: Path) -> None:
    model = build(sim.load(file))
    logs = (
        simulate_replication(model, 1, 1, "reference"),
        simulate_replication(model, 1, 1, "kernel"),
    )
    assert first_difference(model, seed=1, replication=1, logs=logs) is None
    assert sums_difference(logs[0]) is None


@pytest.mark.parametrize("whole", [False, True], ids=["seconds", "whole minutes"])
@pytest.mark.parametrize(
    "block", [*range(2), *(pytest.param(one, marks=pytest.mark.slow) for one in range(2, 8))]
)
def test_engines_agree_on_random_models(block: int, whole: bool) -> None:
    for seed in range(20 * block, 20 * block + 20):
        model = random_model(np.random.default_rng([seed, whole]), whole)
        found = first_difference(model, seed=1, replication=1)
        assert found is None, f"random model {seed} {whole}: {found}"


@pytest.mark.parametrize("whole", [False, True], ids=["seconds", "whole minutes"])
def test_engines_agree_on_mirrored_tapes_and_their_logs_are_sound(whole: bool) -> None:
    for seed in range(200, 212):
        model = random_model(np.random.default_rng([seed, whole]), whole)
        logs = (
            simulate_replication(model, 1, 2, "reference", True),
            simulate_replication(model, 1, 2, "kernel", True),
        )
        found = first_difference(model, 1, 2, logs=logs)
        assert found is None, f"random model {seed} {whole}: {found}"
        assert violations(logs[1]) == []


@pytest.mark.slow
def test_plain_python_gives_the_same_log_as_the_compiled_code() -> None:
    code = (
        "import numpy as np\n"
        "from verification.engine_differences import first_difference\n"
        "from verification.random_models import random_model\n"
        "for seed in range(6):\n"
        "    model = random_model(np.random.default_rng([seed, True]), True)\n"
        "    assert first_difference(model, 1, 1) is None, seed\n"
    )
    told = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        env={**os.environ, "NUMBA_DISABLE_JIT": "1"},
        cwd=Path(__file__).parents[2], capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert told.returncode == 0, told.stderr


def test_a_difference_is_found_and_named() -> None:
    model = random_model(np.random.default_rng(3))
    one, other = (
        simulate_replication(model, 1, 1, "reference"),
        simulate_replication(model, 1, 2, "kernel"),
    )
    found = first_difference(model, 1, 1, logs=(one, other))
    assert found is not None
    assert "first part" in found


def test_unknown_engine_is_refused() -> None:
    model = random_model(np.random.default_rng(3))
    with pytest.raises(ValueError, match="known: auto, reference, kernel"):
        simulate_replication(model, 1, 1, "quick")
