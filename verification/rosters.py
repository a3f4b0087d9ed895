"""Rosters with known optima: three public instances of Curtois and Qu (2014).

The files are not part of this repository, as their licence is not known. They are read where
CCPLAN_PLANNING points, or from ``shared/planning`` beside the repository.
"""

import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from sim.planning.roster import RosterProblem, plan_roster, read_roster
from verification.checks import Check, exact

ROOT = Path(__file__).resolve().parents[1]
OPTIMA = {1: 607, 2: 828, 3: 1001}
"""Proven optima by instance, as the site of the instances lists them."""
LIMIT_S = 600.0
SOURCE = "schedulingbenchmarks.org"
ABSENT = "No instances here: CCPLAN_PLANNING names the folder that holds rosters/instance1.txt."


def roster_folder() -> Path | None:
    """Return the folder of the instances, None where there is none."""
    named = os.environ.get("CCPLAN_PLANNING")
    place = Path(named) if named else ROOT.parent / "shared" / "planning"
    return place / "rosters" if (place / "rosters" / "instance1.txt").is_file() else None


def roster_checks() -> Iterator[Check]:
    """Solve each instance to its proven optimum; nothing where the files are absent."""
    folder = roster_folder()
    if folder is None:
        sys.stderr.write(f"rosters are skipped. {ABSENT}\n")
        return
    for number, optimum in OPTIMA.items():
        problem = read_roster(folder / f"instance{number}.txt")
        found = plan_roster(problem, time_limit=LIMIT_S)
        case = f"Roster, instance {number}"
        yield exact(case, SOURCE, "cost", optimum, penalty(problem, found.assignments))
        yield exact(case, SOURCE, "proven bound", optimum, found.bound or 0.0)
        yield exact(case, SOURCE, "hard rules broken", 0, len(found.violations) - sum(
            not one.hard for one in found.violations))  # fmt: skip


def penalty(problem: RosterProblem, shifts: Mapping[tuple[str, int], str]) -> float:
    """Return the penalty of a roster as the instances define it, without the model."""
    wishes = sum(
        wish.price or 0.0
        for wish in problem.wishes
        if (shifts.get((wish.person, wish.day)) == wish.shift) != wish.on
    )
    cover = 0.0
    for need in problem.demand:
        agents = sum(shifts.get((p.name, need.day)) == need.shift for p in problem.persons)
        cover += (need.under or 0.0) * max(0, need.agents - agents)
        cover += (need.over or 0.0) * max(0, agents - need.agents)
    return wishes + cover
