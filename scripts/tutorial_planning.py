"""Renew results, tables and pictures of docs/tutorial-planning.md, and the roster of the example.

Usage: python -m scripts.tutorial_planning. Takes some minutes. The results are saved in
docs/tutorial/planning.json, from which the page can be written and checked without simulating.
Searches end when they find nothing better, and the search for agents uses one process, whose
results arrive in a fixed order. The search of shifts straight from the goals still solves its
programs within seconds, so on a slow machine it may find another plan.
"""

from __future__ import annotations

import csv
import json
import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import ccplan
from scripts.tutorial_charts import save_charts
from scripts.tutorial_page import with_blocks
from sim.experiment import Comparison, Result
from sim.planning import ShiftSchedule, Staffing
from sim.planning.simulated_staffing import SimulatedStaffing
from sim.units import HOUR, clock

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "tutorial-planning.md"
RESULTS = ROOT / "docs" / "tutorial" / "planning.json"
PICTURES = ROOT / "docs" / "tutorial"
SCENARIO = "retail_monday"
PATTERNS = ROOT / "scenarios" / "patterns" / "retail.toml"
ROSTER = ROOT / "scenarios" / "rosters" / "retail_week.toml"
PLAN = ROSTER.with_name("retail_week_shifts.json")
PERSONS = ROSTER.with_name("retail_week_persons.csv")

RUNS = 100
"""Replications of each plan while searching, and of each plan of shifts."""
COMPARED = 200
"""Replications in which single shifts are added and removed."""
NEVER = "30min"
"""Time limit that no search reaches."""
ON_LEAVE = 0.1
"""Share of the agents who are on leave on a day."""
DAYS = ("2026-01-05", "2026-01-06", "2026-01-07", "2026-01-08", "2026-01-09")
LEAST = 0.8
"""Service level that is promised."""
LAST = ("19:00", "19:30")
CONTRACTS = {"full-time": 40, "part-time": 20}
"""Hours a week by pattern."""
NOT_LATE = "08:00-17:30"


def main() -> None:
    """Compute everything, and write results, pictures, example files and page."""
    formula = ccplan.staff(SCENARIO, simulate=False)
    results: dict[str, Any] = {"queues": list(queues(formula))}
    found = ccplan.staff_by_simulation(SCENARIO, runs=RUNS, time_limit=NEVER, workers=1)
    if found.stopped:
        raise SystemExit("the search was stopped: its results would not come back")
    results |= requirement(found)
    plans = shift_plans(found)
    results["shifts"] = {name: shift_results(plan) for name, plan in plans.items()}
    best, simulated = plans["goals"], {name: simulation(plan) for name, plan in plans.items()}
    for name, result in simulated.items():
        results["shifts"][name] |= left_over(result)
    results["dips"] = list(dips(simulated["goals"]))
    results["one_shift"] = list(one_shift(best))
    write_plan(best)
    results["contracts"] = list(contracts(best))
    write_persons(results["contracts"])
    roster = ccplan.plan_roster(ROSTER, time_limit=600)
    results["roster"] = {
        "persons": len(roster.problem.persons),
        "cost": roster.cost,
        "proven": roster.proven,
        "shifts": len(roster.assignments),
        "open": sum(row["short"] for row in roster.uncovered()),
    }
    RESULTS.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    save_charts(PICTURES, found, best, simulated["goals"], roster, results)
    PAGE.write_text(with_blocks(PAGE.read_text(encoding="utf-8"), results), encoding="utf-8")


def queues(formula: Staffing) -> Iterator[dict[str, Any]]:
    """Yield contacts for agents, handle time and offered load of each queue, by formula."""
    for row in formula.of("queue", whole=True):
        hours = row["load_erlangs"]
        yield {
            "queue": row["name"],
            "contacts": row["volume"],
            "aht_s": row["aht_s"],
            "load_h": hours,
        }


def requirement(found: SimulatedStaffing) -> dict[str, Any]:
    """Return hours, cost and service of each method, and what is peculiar to the simulation."""
    methods = [
        one.record() | {"goals": [goal_results(goal.record()) for goal in one.goals]}
        for one in found.methods
    ]
    unstaffed = {row["interval"] for row in found.staffing}
    unstaffed -= {row["interval"] for row in found.staffing if row["on_duty"]}
    return {
        "methods": methods,
        "days": found.days,
        "bound": found.bound,
        "gap": found.gap,
        "unstaffed": sorted(unstaffed & set(LAST)),
    }


def goal_results(row: dict[str, Any]) -> dict[str, Any]:
    """Return what the page shows of a goal."""
    return {key: row[key] for key in ("name", "metric", "target", "value", "low", "high", "met")}


def shift_plans(found: SimulatedStaffing) -> dict[str, ShiftSchedule]:
    """Return shifts that cover the requirement by formula and by simulation, and from the goals."""
    options: dict[str, Any] = {"patterns": PATTERNS, "time_limit": NEVER, "runs": RUNS}
    with TemporaryDirectory() as folder:
        table = Path(folder) / "requirement.csv"
        found.to_csv(table)
        return {
            "formula": ccplan.plan_shifts(SCENARIO, simulate=True, seed=2, **options),
            "simulation": ccplan.plan_shifts(
                SCENARIO, requirement=table, simulate=True, seed=2, **options
            ),
            "goals": ccplan.plan_shifts(SCENARIO, method="goals", **options),
        }


def shift_results(plan: ShiftSchedule) -> dict[str, Any]:
    """Return what the page shows of a plan of shifts."""
    counted = Counter[str]()
    for row in plan.shifts:
        counted[row["pattern"]] += row["agents"]
    last = [row["agents"] for row in plan.coverage if row["interval"] == LAST[-1]]
    return {
        "hours": plan.hours,
        "cost": plan.cost,
        "people": plan.people,
        "bound": plan.bound,
        "bound_is": plan.bound_is,
        "patterns": dict(sorted(counted.items())),
        "paid_breaks_h": sum(row["agents"] * paid_break_h(row) for row in plan.shifts),
        "on_duty_last": sum(last),
        "goals": [goal_results(row) for row in plan.goals],
    }


def simulation(plan: ShiftSchedule) -> Result:
    """Simulate a plan of shifts on the days on which its goals were simulated."""
    assert plan.scenario is not None
    return ccplan.simulate(plan.scenario, runs=RUNS, seed=2)


def left_over(result: Result) -> dict[str, Any]:
    """Return abandonment and the mails that are left at the end of the day."""
    found = {name: result.estimate(name) for name in ("abandonment", "backlog")}
    return {name: [one.value, one.low, one.high] for name, one in found.items()}


def dips(result: Result) -> Iterator[str]:
    """Yield the half hours in which the service level of all queues is below 80 %."""
    rows = result.table(interval=True, scope="total", metric="service_level")
    for row in rows.to_dict("records"):
        when = f"{row['interval']:%H:%M}"
        if row["value"] < LEAST and when <= LAST[-1]:
            yield when


def paid_break_h(shift: Mapping[str, Any]) -> float:
    """Return the hours of paid breaks in a shift."""
    paid = [one for one in shift["breaks"] if one["paid"]]
    return sum(clock(one["end"]) - clock(one["start"]) for one in paid) / HOUR


def one_shift(plan: ShiftSchedule) -> Iterator[dict[str, Any]]:
    """Yield what one full-time shift more or less changes, group by group."""
    base = plan.scenario
    assert base is not None
    for group in base.group:
        place = middle_shift(plan, group)
        shift = base.group[group].shifts[place]
        path = f"group.{group}.shifts.{place}.agents"
        for change in ("+1", "-1"):
            other = base.with_(**{path: change})
            compared = ccplan.compare([base, other], runs=COMPARED, seed=3)
            yield {
                "group": group,
                "start_s": shift.start,
                "length_s": shift.length,
                "path": path,
                "change": change,
                "cost": 8 * float(change) * (base.group[group].wage or 0.0),
                "differences": list(differences(compared)),
            }


def middle_shift(plan: ShiftSchedule, group: str) -> int:
    """Return the number of the full-time shift that starts nearest to 9:30."""
    assert plan.scenario is not None
    shifts = plan.scenario.group[group].shifts
    full = [k for k, one in enumerate(shifts) if one.length > 8 * 3600]
    return min(full, key=lambda k: (abs(shifts[k].start - 9.5 * 3600), k))


def differences(compared: Comparison) -> Iterator[dict[str, Any]]:
    """Yield the change of the service level of each live queue with its confidence interval."""
    for row in compared.rows:
        if (row.scope, row.metric) == ("queue", "service_level") and row.difference is not None:
            yield {
                "queue": row.name,
                "difference": row.difference,
                "low": row.low,
                "high": row.high,
            }


def write_plan(plan: ShiftSchedule) -> None:
    """Write the shifts as `ccplan shifts --json` prints them, without what no roster reads."""
    document = plan.document()
    kept = ("hours", "cost", "cost_is", "people", "shift_count", "shifts")
    text = json.dumps({key: document[key] for key in kept}, indent=1)
    PLAN.write_text(text + "\n", encoding="utf-8")


def contracts(plan: ShiftSchedule) -> Iterator[dict[str, Any]]:
    """Yield the number of persons by group and kind of contract, some of them on leave."""
    assert plan.scenario is not None
    needed = Counter[tuple[str, str]]()
    for row in plan.shifts:
        needed[row["group"], row["pattern"]] += row["agents"]
    for name, group in plan.scenario.group.items():
        for pattern, hours in CONTRACTS.items():
            shifts = needed[name, pattern]
            agents = math.ceil(shifts / (1 - ON_LEAVE) - 1e-9)
            paid = agents * hours / len(DAYS)
            yield {
                "group": name,
                "pattern": pattern,
                "shifts": shifts,
                "persons": agents,
                "hours": paid,
                "cost": paid * (group.wage or 0.0),
            }


def write_persons(kinds: Sequence[Mapping[str, Any]]) -> None:
    """Write persons whose contracts fill the shifts of five days.

    The days of leave are what the contracts of each kind have beyond the shifts.
    """
    persons: list[list[object]] = []
    numbers = Counter[str]()
    for kind in kinds:
        group, hours = kind["group"], CONTRACTS[kind["pattern"]]
        for leave in leaves(kind["persons"], len(DAYS) * (kind["persons"] - kind["shifts"])):
            numbers[group] += 1
            name = f"{group[0].upper()}{numbers[group]:02d}"
            worked = hours * (len(DAYS) - len(leave)) // len(DAYS)
            is_limited = kind["pattern"] == "full-time" and numbers[group] % 6 == 0
            until = NOT_LATE if is_limited else ""
            persons.append([name, group, worked, worked, "; ".join(leave), until])
    with PERSONS.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        titles = ["person", "skills", "min_hours_a_week", "max_hours_a_week", "leave"]
        out.writerow([*titles, "available Wed"])
        out.writerows(persons)


def leaves(persons: int, days: int) -> list[list[str]]:
    """Return the days of leave of each person, as even as they can be over persons and days."""
    found: list[list[str]] = [[] for _ in range(persons)]
    for k in range(days):
        found[k % persons].append(DAYS[(k + k // persons) % len(DAYS)])
    return [sorted(one) for one in found]


if __name__ == "__main__":
    main()
