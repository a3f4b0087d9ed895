"""The kernel mirrors the reference engine: each function has a twin of its name.

Who reads or changes a rule in one engine finds it under the same name, in the module of the same
name, in the other. What has no twin stands below with the reason.
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from sim.engine import rules

REFERENCE = Path(rules.__file__).parent
KERNEL = REFERENCE / "kernel"

NO_KERNEL_MODULE = {
    "ranked_events": "SimPy's heap of events; the kernel has its own, in containers and loop",
    "reference": "starts SimPy's processes; the kernel's loop does it",
    "state": "the objects of a replication; the kernel has tables, in layout and buffers",
}

ONLY_REFERENCE = {
    "a process of SimPy, or a part of one: the kernel cuts it where it waits": {
        "agents": "shift breaks headcount",
        "contacts": "contact wait_and_talk start_recontact",
        "dispatch": "pause",
        "opening_hours": "opening_hours",
        "outbound": "outbound_calls call call_later",
        "service": "completion",
        "waiting": "wait",
    },
    "the kernel schedules one timer of a wait at a time": {
        "waiting": "wait_limits set_wait_timers",
    },
    "the kernel has linked lists": {"containers": "all_idle holds"},
    "the kernel's engine makes the log": {"recorder": "log table merge_states"},
}

ONLY_KERNEL = {
    "a queue without conditions calls nothing": {"entities": "conditions_among"},
    "what happens at one instant of a process of SimPy": {
        "agents": "schedule_shift next_break leave_for_break end_break next_headcount",
        "availability": "start_break",
        "contacts": "completed after_talk",
        "dispatch": "pause_over",
        "opening_hours": "schedule_opening",
        "outbound": "schedule_first_call",
        "service": "schedule_completion",
        "waiting": "wait_timer leave_soon",
    },
    "only the first timer of a wait is scheduled, for most waits end before": {
        "dispatch": "next_wait_timer is_behind",
    },
    "SimPy has the heap of events, Python the other containers": {
        "containers": (
            "happens_before push_event pop_event move_to_its_place first_child first_of_equals "
            "set_event clear_siblings is_ahead "
            "leg_ahead_of since_longer taking_list"
        ),
    },
    "another phase of a contact changes no list of agents; together with one update of the lists "
    "where a contact follows another: retail_monday and email_backlog 1.07 times as fast": {
        "availability": "update_phase",
    },
    "rows of legs that are over are used again, so that the memory in use stays small": {
        "entities": "free_finished_legs",
    },
    "rows in the place of the records that the state of the reference holds": {
        "entities": "kind_row segment_row",
    },
    "contacts and agents have keys of their own": {"draws": "keyed_uniform"},
    "one step of a loop over tables": {
        "entities": "leg_order",
        "routing_policy": "least_busy first_with_capacity goes_before interrupts comes_first",
    },
}


def functions(path: Path) -> set[str]:
    """Names of the functions of a module, and of the methods of its recorder."""
    names = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef):
            names.add(node.name.lstrip("_"))
        elif isinstance(node, ast.ClassDef) and node.name == "Recorder":
            found = [one.name for one in node.body if isinstance(one, ast.FunctionDef)]
            names.update(name for name in found if not name.startswith("__"))
    return names


def listed(exceptions: dict[str, dict[str, str]], module: str) -> list[str]:
    """Names of a module that stand among the exceptions."""
    return [name for group in exceptions.values() for name in group.get(module, "").split()]


MODULES = sorted(path.stem for path in REFERENCE.glob("*.py") if path.stem != "__init__")
MIRRORED = [module for module in MODULES if module not in (*NO_KERNEL_MODULE, "rules")]


@pytest.mark.parametrize("module", MIRRORED)
def test_every_function_has_a_twin_of_its_name(module: str) -> None:
    reference = functions(REFERENCE / f"{module}.py")
    kernel = functions(KERNEL / f"{module}.py")
    assert sorted(reference - kernel) == sorted(listed(ONLY_REFERENCE, module))
    assert sorted(kernel - reference) == sorted(listed(ONLY_KERNEL, module))


def test_the_shared_rules_are_compiled_as_they_are() -> None:
    source = (KERNEL / "rules.py").read_text(encoding="utf-8")
    for name in functions(REFERENCE / "rules.py"):
        assert f"\n{name} = compiled(rules.{name})\n" in source, name


def test_exceptions_are_of_modules_that_there_are_and_few() -> None:
    for module in NO_KERNEL_MODULE:
        assert module in MODULES
        assert not (KERNEL / f"{module}.py").exists()
    for exceptions in (ONLY_REFERENCE, ONLY_KERNEL):
        assert {module for group in exceptions.values() for module in group} <= set(MIRRORED)
    every = sum(len(functions(REFERENCE / f"{module}.py")) for module in MIRRORED)
    without = sum(len(listed(ONLY_REFERENCE, module)) for module in MIRRORED)
    assert without < every / 8, f"{without} of {every} functions have no twin"
