"""Shifts cover a requirement at least cost: known optima, enumeration, breaks, limits, tours."""

import itertools
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from sim.planning import plan_shifts
from sim.units import clock

# Cyclic day of 24 hours with shifts of 8 hours; least 55.
CYCLIC = [6, 6, 6, 6, 6, 8, 9, 12, 18, 22, 25, 21, 21, 20, 18, 21, 21, 24, 24, 18, 18, 18, 12, 8]
# Example of pyworkforce (README): two days, four shifts; 113 shifts, absolute difference 157.
TWO_DAYS = [
    [9, 11, 17, 9, 7, 12, 5, 11, 8, 9, 18, 17, 8, 12, 16, 8, 7, 12, 11, 10, 13, 19, 16, 7],
    [13, 13, 12, 15, 18, 20, 13, 16, 17, 8, 13, 11, 6, 19, 11, 20, 19, 17, 10, 13, 14, 23, 16, 8],
]
FOUR = {
    name: {"lengths": "8h", "earliest": start, "latest": start, "most": 25}
    for name, start in (
        ("Morning", "05:00"), ("Afternoon", "13:00"), ("Night", "21:00"), ("Mixed", "09:00"),
    )
}  # fmt: skip


def table(folder: Path, agents, first: int = 0, minutes: int = 60, date: str = "") -> Path:
    path = folder / "requirement.csv"
    rows = [f"{date}{(first + k * minutes) // 60:02d}:{(first + k * minutes) % 60:02d},{n}"
            for k, n in enumerate(agents)]  # fmt: skip
    path.write_text("\n".join(["interval,agents", *rows]) + "\n")
    return path


def test_the_text_says_what_is_covered_and_what_is_proven(tmp_path):
    plan = plan_shifts(table(tmp_path, [1, 2, 2, 1], 480), patterns={"day": "2h every 1h"})
    first, second, *rest = plan.text().splitlines()
    assert ": 3 shifts covering " in first
    assert second.endswith("bound 6, proven optimal")
    head = next(line for line in rest if line.startswith("interval"))
    assert head.split()[-2:] == ["overstaffed", "understaffed"]
    guessed = replace(plan, bound_is="heuristic").text().splitlines()[1]
    assert guessed.endswith("bound 6 (heuristic), gap 0%")


def test_coverage_is_drawn(tmp_path):
    plan = plan_shifts(table(tmp_path, [1, 2, 2, 1], 480), patterns={"day": "2h every 1h"})
    [rows] = plan.plot().to_dict()["datasets"].values()
    assert [row["required"] for row in rows] == [1, 2, 2, 1]
    assert all(row["agents"] >= row["required"] for row in rows)


def week(folder: Path, by_day, first_hour: int = 8) -> Path:
    path = folder / "week.csv"
    rows = [
        f"2026-01-{5 + day:02d} {first_hour + k:02d}:00,{n}"
        for day, agents in enumerate(by_day)
        for k, n in enumerate(agents)
    ]
    path.write_text("\n".join(["interval,agents", *rows]) + "\n")
    return path


def on_duty(plan, slot_s: float = 300.0) -> np.ndarray:
    """Agents on duty in slots of a cyclic day, counted from the rows of shifts and breaks alone."""
    slots = round(86400 / slot_s)
    found = np.zeros(slots)

    def add(start: str, end: str, agents: int) -> None:
        first, last = clock(start), clock(end)
        length = (last - first) % 86400 or 86400
        where = (np.arange(round(length / slot_s)) + round(first / slot_s)) % slots
        np.add.at(found, where, agents)

    for row in plan.shifts:
        add(row["start"], row["end"], row["agents"])
        for pause in row["breaks"]:
            add(pause["start"], pause["end"], -row["agents"])
    return found


def test_the_cyclic_day_needs_55(tmp_path):
    plan = plan_shifts(table(tmp_path, CYCLIC), patterns={"day": "8h every 1h"})
    assert (plan.people, plan.hours, plan.cost, plan.bound, plan.gap) == (55, 440, 440, 440, 0)
    assert not plan.uncovered
    assert (on_duty(plan, 3600.0) >= CYCLIC).all()


def test_a_shift_that_passes_midnight_covers_the_morning_of_a_cyclic_day_only(tmp_path):
    path, three = table(tmp_path, [1] * 24), {"day": "8h from 04:00 to 20:00 every 8h"}
    assert plan_shifts(path, patterns=three).uncovered == []
    plan = plan_shifts(path, patterns=three, cyclic=False)
    assert [row["interval"] for row in plan.uncovered] == ["00:00", "01:00", "02:00", "03:00"]


@pytest.mark.parametrize(("day", "shifts", "difference"), [(0, 50, 76), (1, 63, 81)])
def test_four_shifts_cover_as_published(tmp_path, day, shifts, difference):
    path = table(tmp_path, TWO_DAYS[day])
    covering = plan_shifts(path, patterns=FOUR, seats=27)
    assert (covering.shift_count, covering.gap) == (shifts, 0)
    free = {name: one | {"wage": 0} for name, one in FOUR.items()}
    nearest = plan_shifts(path, patterns=free, seats=27, understaffing=1, overstaffing=1)
    assert nearest.cost == pytest.approx(difference)
    assert nearest.gap == 0
    assert np.abs(on_duty(nearest, 3600.0) - TWO_DAYS[day]).sum() == difference


def test_the_days_of_a_week_are_planned_alike_alone_and_together(tmp_path):
    days = [[2, 3, 3, 2, 4, 1], [1, 1, 2, 2, 5, 3]]
    patterns = {"a": "3h every 1h", "b": "2h every 1h"}
    alone = [plan_shifts(table(tmp_path, day, 480), patterns=patterns).cost for day in days]
    together = plan_shifts(week(tmp_path, days), patterns=patterns)
    assert together.cost == sum(alone)
    assert together.shifts[0]["start"].startswith("2026-01-05T08:00")


def test_small_random_days_agree_with_enumeration(tmp_path):
    rng = np.random.default_rng(5)
    kinds = [(start, length) for length in (2, 3) for start in range(6 - length)]
    chosen = np.array(list(itertools.product(range(4), repeat=len(kinds))))
    hours = chosen @ [length for _, length in kinds]
    shifts = np.array([[s <= k < s + n for k in range(5)] for s, n in kinds])
    for _ in range(6):
        agents = rng.integers(0, 4, 5)
        agents[[0, -1]] = np.maximum(agents[[0, -1]], 1)
        best = hours[(chosen @ shifts >= agents).all(axis=1)].min()
        plan = plan_shifts(
            table(tmp_path, agents, 480), patterns={"day": {"lengths": ["2h", "3h"], "step": "1h"}}
        )
        assert (plan.cost, plan.gap) == (best, 0)


def test_breaks_lie_in_their_windows_in_order_and_leave_the_requirement_covered(tmp_path):
    pattern = {
        "lengths": ["8h", "5h"],
        "step": "1h",
        "breaks": [
            "15min between 1h and 4h",
            "30min unpaid between 2h and 5h in shifts from 6h",
            "15min between 11:00 and 16:00 in shifts from 6h",
        ],
    }
    wanted = [2, 4, 6, 7, 8, 8, 7, 6, 5, 3, 2]
    plan = plan_shifts(table(tmp_path, wanted, 480), patterns={"day": pattern}, time_limit=30)
    assert not plan.uncovered
    assert (np.repeat(wanted, 12) <= on_duty(plan)[96:228]).all()
    for row in plan.shifts:
        start = clock(row["start"])
        spans = [(clock(p["start"]), clock(p["end"])) for p in row["breaks"]]
        assert len(spans) == (3 if clock(row["end"]) - start > 6 * 3600 else 1)
        assert spans == sorted(spans)
        assert all(a[1] <= b[0] for a, b in itertools.pairwise(spans))
        assert start + 3600 <= spans[0][0]
        assert spans[0][1] <= start + 4 * 3600
        if len(spans) == 3:
            assert start + 2 * 3600 <= spans[1][0]
            assert spans[1][1] <= start + 5 * 3600
            assert clock("11:00") <= spans[2][0]
            assert spans[2][1] <= clock("16:00")
    unpaid = sum(0.5 * row["agents"] for row in plan.shifts if len(row["breaks"]) == 3)
    gross = sum(
        row["agents"] * (clock(row["end"]) - clock(row["start"])) / 3600 for row in plan.shifts
    )
    assert plan.hours == pytest.approx(gross - unpaid)


def test_breaks_of_a_plan_are_spread(tmp_path):
    pattern = {"lengths": "4h", "latest": "08:00", "breaks": ["30min between 1h and 3h"]}
    plan = plan_shifts(table(tmp_path, [9] + [8] * 3, 480), patterns={"day": pattern})
    starts = {pause["start"] for row in plan.shifts for pause in row["breaks"]}
    assert plan.people == 11
    assert len(starts) >= 4
    assert on_duty(plan)[108:132].min() >= 8


def test_prices_decide_between_missing_and_surplus_agents(tmp_path):
    path = table(tmp_path, [1, 5, 1, 1], 480)
    full = plan_shifts(path, patterns={"day": "4h every 1h"})
    assert (full.people, full.cost) == (5, 20)
    cheap = plan_shifts(path, patterns={"day": "4h every 1h"}, understaffing=1.5)
    assert cheap.people == 1
    assert cheap.cost == 4 + 4 * 1.5
    assert [row["short"] for row in cheap.uncovered] == [4]
    even = plan_shifts(path, patterns={"day": "4h every 1h"}, understaffing=5, overstaffing=1)
    costs = {n: 4 * n + 5 * (5 - n) + 3 * (n - 1) for n in range(1, 6)}
    assert even.cost == min(costs.values())


def test_limits_of_patterns_hold(tmp_path):
    agents = [3, 6, 6, 3, 3, 6, 6, 3]
    path = table(tmp_path, agents, 480)
    patterns = {
        "full": {"lengths": "8h", "least": 2, "most": 4},
        "part": {"lengths": "4h", "most_share": "40%"},
    }
    plan = plan_shifts(path, patterns=patterns)
    count = {
        name: sum(row["agents"] for row in plan.shifts if row["pattern"] == name)
        for name in patterns
    }
    assert 2 <= count["full"] <= 4
    assert count["part"] <= 0.4 * sum(count.values())
    assert plan.uncovered
    assert "most = 4" in plan.reasons[0]
    assert plan.relaxations[0]["short_h"] == 0


def test_what_no_shift_can_cover_is_reported_with_the_rule_to_relax(tmp_path):
    path = table(tmp_path, [3, 4, 5, 5], 450, 30)
    plan = plan_shifts(path, patterns={"early": "2h from 08:00", "late": "1h from 09:00"})
    assert plan.uncovered == [{"group": "agents", "interval": "07:30", "short": 3}]
    assert plan.reasons[0] == "07:30 needs 3 and lacks 3: no shift may start before 08:00"
    assert plan.reasons[1].startswith(
        "cheapest rule to relax: pattern.late.earliest = 09:00, instead 07:30"
    )
    looser = plan_shifts(path, patterns={"early": "2h from 08:00", "late": "1h from 07:30"})
    assert not looser.uncovered
    assert looser.cost == plan.relaxations[0]["cost"]


def test_groups_take_their_own_patterns(tmp_path):
    path = tmp_path / "groups.csv"
    path.write_text("interval,group,agents\n8:00,a,2\n9:00,a,2\n8:00,b,3\n9:00,b,1\n")
    patterns = {"all": "2h every 1h", "single": {"lengths": "1h", "step": "1h", "groups": "b"}}
    plan = plan_shifts(path, patterns=patterns)
    assert plan.cost == 4 + 4
    assert {row["group"] for row in plan.shifts if row["pattern"] == "single"} == {"b"}


TOUR = {"lengths": "1h", "earliest": "08:00", "step": "1h", "latest": "09:00", "days_a_week": 2}


def best_of_tours(wanted: np.ndarray, tours: list[tuple[tuple[int, int], ...]], most: int) -> int:
    """Fewest persons whose tours cover agents by day and hour, by trying all."""
    for persons in range(most + 1):
        for chosen in itertools.combinations_with_replacement(tours, persons):
            cover = np.zeros_like(wanted)
            for tour in chosen:
                for day, hour in tour:
                    cover[day, hour] += 1
            if (cover >= wanted).all():
                return persons
    raise AssertionError


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("varies", ["0s", "24h"])
def test_small_weeks_of_tours_agree_with_enumeration(tmp_path, seed, varies):
    wanted = np.random.default_rng(seed).integers(0, 2, (4, 2))
    wanted[:, 0] = np.maximum(wanted[:, 0], wanted.max(axis=1) == 0)
    tours = [
        ((a, one), (b, other))
        for a, b in itertools.combinations(range(4), 2)
        for one in range(2)
        for other in range(2)
        if varies == "24h" or one == other
    ]
    pattern = TOUR | {"start_varies": varies}
    plan = plan_shifts(week(tmp_path, wanted.tolist()), patterns={"two": pattern})
    assert plan.people == best_of_tours(wanted, tours, 6)
    assert plan.gap == 0
    assert sum(row["people"] for row in plan.tours) == plan.people
    assert all(len(row["days"]) == 2 for row in plan.tours)


def test_rules_of_tours_are_kept(tmp_path):
    days = [[3] * 10] * 7
    rules = {"lengths": ["5h"], "step": "1h", "days_a_week": 5, "start_varies": "24h",
             "days_off_in_pairs": True, "consecutive": 5, "rest": "20h"}  # fmt: skip
    plan = plan_shifts(week(tmp_path, days), patterns={"five": rules}, time_limit=20)
    assert not plan.uncovered
    worked = sum(len(row["days"]) * row["people"] for row in plan.tours)
    assert worked == plan.shift_count
    for row in plan.tours:
        numbers = [int(day[-2:]) - 5 for day in row["days"]]
        off = [day for day in range(-1, 8) if day not in numbers]
        assert len(numbers) == 5
        assert all(day - 1 in off or day + 1 in off or day in (-1, 7) for day in off)
        ends = [one["end"] for one in row["shifts"]]
        starts = [one["start"] for one in row["shifts"]]
        for k in range(4):
            gap = np.datetime64(starts[k + 1]) - np.datetime64(ends[k])
            assert gap >= np.timedelta64(20, "h")


def test_overtime_and_wages_make_the_cost(tmp_path):
    pattern = {"lengths": "10h", "wage": 20, "overtime_after": "8h"}
    plan = plan_shifts(table(tmp_path, [1] * 10, 480), patterns={"long": pattern})
    assert plan.cost == 200  # a table has no overtime rate
    assert plan.cost_is == "wages"


def test_the_time_limit_leaves_a_plan_with_its_bound(tmp_path):
    rng = np.random.default_rng(1)
    path = table(tmp_path, rng.integers(5, 60, 96), 0, 15)
    plan = plan_shifts(path, time_limit=1)
    assert plan.shifts
    assert 0 < plan.bound <= plan.cost
    assert plan.gap == pytest.approx((plan.cost - plan.bound) / plan.cost)
    assert plan.seconds < 15
