"""Planning a roster, and judging one that is already there."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from sim.messages import BadInputError, show_value
from sim.planning.roster.neighbourhoods import by_person
from sim.planning.roster.problem import RosterProblem
from sim.planning.roster.roster_file import read_roster
from sim.planning.roster.roster_model import Assignments, RosterModel, Violation
from sim.planning.roster.roster_result import Roster
from sim.planning.roster.roster_search import ClashError, Search, search
from sim.planning.roster.solve_part import solve

TIME_LIMIT_S = 60.0
JUDGED_S = 60.0
MOST_NAMES = 10
TOO_SHORT = "the time was too short to place every person by all hard rules; allow a longer one"

Progress = Callable[[float, float], None]


def plan_roster(
    source: str | Path | RosterProblem, *, time_limit: float = TIME_LIMIT_S, seed: int = 1,
    progress: Progress | None = None,
) -> Roster:  # fmt: skip
    """Find the cheapest roster that keeps all hard rules.

    Parameters
    ----------
    source : str, Path or RosterProblem
        A file, or what :func:`read_roster` returns.
    time_limit : float
        Seconds after which the best roster so far is returned, with the bound that is proven.
    seed : int
        Of the search by parts, which large rosters need.
    progress : callable, optional
        Called several times a second with the cost of the best roster so far (infinite before
        there is one) and the bound. When it raises KeyboardInterrupt, the best roster so far is
        returned.

    Returns
    -------
    Roster
        Where no roster keeps all hard rules, one that breaks them as little as possible; its
        violations and notes say which.

    Raises
    ------
    BadInputError
        When the file cannot be used, or the time limit is not above zero.
    KeyboardInterrupt
        When interrupted before there is any roster.
    """
    if not 0 < time_limit < float("inf"):
        raise BadInputError(f"time limit {show_value(time_limit)}: allowed: a time above zero")
    problem = source if isinstance(source, RosterProblem) else read_roster(source)
    began = time.monotonic()
    show = progress or (lambda cost, bound: None)

    def searched(model: RosterModel) -> Search:
        left = max(1.0, time_limit - (time.monotonic() - began))
        return search(model.linear, left, show, seed)

    model = RosterModel(problem)
    try:
        state = searched(model)
    except ClashError as clash:
        numbers = clash.persons or _clashing(model, time_limit)
        model = RosterModel(problem, [problem.persons[k].name for k in numbers])
        try:
            state = searched(model)
        except ClashError:  # also those of persons who can work no shift at all
            model = RosterModel(problem, [one.name for one in problem.persons])
            state = searched(model)
    return _result(model, state, time.monotonic() - began)


def _clashing(model: RosterModel, time_limit: float) -> list[int]:
    """Return the numbers of the persons whose hard rules clash."""
    persons = list(range(len(model.persons)))
    until = time.monotonic() + max(time_limit, len(persons))
    return by_person(model.linear, persons, until, lambda _: None)[1]


def _result(model: RosterModel, state: Search, seconds: float) -> Roster:
    assert state.x is not None
    assignments = model.assignments(state.x)
    judged = _judged(model, assignments)
    placed = judged is not None  # else the time was too short to place everyone by all hard rules
    violations, cost = judged or _judged_elastic(model.problem, assignments)
    proven = placed and (state.proven or cost <= state.bound)
    stopped = "" if proven else "interrupted" if state.interrupted else "time limit"
    bound = min(state.bound, cost) if placed else 0.0
    notes = [*model.problem.notes, *_notes(model), *[TOO_SHORT] * (not placed)]
    return Roster(
        model.problem, assignments, violations, cost, cost if proven else bound, proven, seconds,
        stopped, tuple(notes),
    )  # fmt: skip


Judged = tuple[tuple[Violation, ...], float]


def _judged(model: RosterModel, assignments: Assignments) -> Judged | None:
    """Return what assignments break and cost, once all else is as good as they allow.

    None where they break a rule that the model takes for kept.
    """
    found = solve(model.fixed(assignments), JUDGED_S)
    if found.x is None:
        return None
    violations = tuple(model.violations(found.x))
    return violations, round(sum(one.price for one in violations), 4)


def _judged_elastic(problem: RosterProblem, assignments: Assignments) -> Judged:
    judged = _judged(RosterModel(problem, [one.name for one in problem.persons]), assignments)
    assert judged is not None
    return judged


def _notes(model: RosterModel) -> list[str]:
    names = sorted(model.elastic)
    if not names:
        return []
    shown = ", ".join(names[:MOST_NAMES]) + (", …" if len(names) > MOST_NAMES else "")
    return [f"the hard rules for {shown} clash: the violations marked hard are the least that "
            "must give"]  # fmt: skip


def judge_roster(problem: RosterProblem, assignments: Assignments) -> Roster:
    """Return a roster that is already there, such as an edited one, with all it breaks.

    Parameters
    ----------
    problem : RosterProblem
    assignments : mapping of (str, int) to str
        Shift by person and day (from 0).

    Raises
    ------
    BadInputError
        When there is no such person, day or shift, or the person cannot work the shift.
    """
    began = time.monotonic()
    model = RosterModel(problem, [person.name for person in problem.persons])
    for (person, day), shift in assignments.items():
        if (person, day, shift) not in model.variables:
            raise BadInputError(
                f"{show_value(person)}, day {day}: {show_value(shift)} is not possible; allowed: "
                "a shift with demand on that day, for which the person has the skill"
            )
    judged = _judged(model, assignments)
    assert judged is not None
    violations, cost = judged
    return Roster(
        problem, dict(assignments), violations, cost, None, False, time.monotonic() - began,
        notes=problem.notes,
    )  # fmt: skip
