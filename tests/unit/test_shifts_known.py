"""Optima from textbooks and by argument: cyclic days, days off of a week, part-time shares."""

import itertools

import pytest

from sim.planning import plan_shifts


def table(path, labels, agents):
    rows = [f"{label},{count}" for label, count in zip(labels, agents, strict=True)]
    path.write_text("\n".join(["interval,agents", *rows]))
    return path


# Shifts of 8 hours that start every 4 hours, around the clock. A shift covers two intervals, so
# alternate intervals share none: their sums are bounds, and the larger one is reached.
@pytest.mark.parametrize(
    ("agents", "least"),
    [
        ([4, 8, 10, 7, 12, 4], 26),  # buses; Taha, Operations Research
        ([60, 70, 60, 50, 20, 30], 150),  # nurses and drivers, in many textbooks
        ([5, 5, 5, 5, 5, 5], 15),
    ],
)
def test_a_cyclic_day_of_six_intervals(tmp_path, agents, least):
    labels = [f"{hour:02d}:00" for hour in range(0, 24, 4)]
    day = table(tmp_path / "day.csv", labels, agents)
    plan = plan_shifts(day, patterns={"day": "8h every 4h"}, interval="4h", cyclic=True)
    assert (plan.people, plan.cost, plan.gap) == (least, 8 * least, 0)
    assert least >= max(sum(agents[0::2]), sum(agents[1::2]))


def test_five_consecutive_days_of_every_seven(tmp_path):
    """Post office: every employee works five consecutive days, then has two off; least 23.

    Winston, Operations Research (its linear relaxation needs 22 1/3).
    """
    agents = [17, 13, 15, 19, 14, 16, 11]
    labels = [f"2026-01-{5 + day:02d} {hour:02d}:00" for day in range(7) for hour in (8, 12)]
    week = table(tmp_path / "week.csv", labels, [n for n in agents for _ in range(2)])
    tour = {"lengths": "8h", "earliest": "08:00", "latest": "08:00", "days_a_week": 5,
            "days_off_in_pairs": True}  # fmt: skip
    plan = plan_shifts(week, patterns={"tour": tour}, interval="4h", cyclic=True)
    assert (plan.people, plan.shift_count, plan.gap) == (23, 115, 0)
    assert plan.bound == 23 * 40


@pytest.mark.parametrize("days_off", [[2, 2, 2, 2, 2, 2, 2], [5, 4, 4, 4, 5, 7, 6]])
def test_any_two_days_off_need_the_sum_over_five_or_the_busiest_day(tmp_path, days_off):
    """Where days off need not be adjacent, the least is max(busiest day, ceil(sum / 5)).

    Burns and Carter, Work force size and single shift schedules with variable demands, 1985.
    """
    labels = [f"2026-01-{5 + day:02d} {hour:02d}:00" for day in range(7) for hour in (8, 12)]
    week = table(tmp_path / "week.csv", labels, [n for n in days_off for _ in range(2)])
    tour = {"lengths": "8h", "earliest": "08:00", "latest": "08:00", "days_a_week": 5,
            "consecutive": 7}  # fmt: skip
    plan = plan_shifts(week, patterns={"tour": tour}, interval="4h", cyclic=True)
    assert plan.people == max(*days_off, -(-sum(days_off) // 5))
    assert plan.gap == 0


def test_part_time_at_most_a_share_of_the_shifts(tmp_path):
    """Full-time 8 h, part-time 4 h at most 30 % of the shifts: enumerated."""
    agents = [4, 7, 3]
    day = table(tmp_path / "day.csv", ["08:00", "12:00", "16:00"], agents)
    patterns = {
        "full": {"lengths": "8h", "earliest": "08:00", "step": "4h"},
        "part": {"lengths": "4h", "earliest": "08:00", "step": "4h", "most_share": "30%"},
    }
    plan = plan_shifts(day, patterns=patterns, interval="4h", cyclic=False)

    def allowed(early, late, *part):
        return (
            early + part[0] >= agents[0]
            and early + late + part[1] >= agents[1]
            and late + part[2] >= agents[2]
            and sum(part) <= 0.3 * (early + late + sum(part))
        )

    counts = (one for one in itertools.product(range(8), repeat=5) if allowed(*one))
    least = min(8 * (early + late) + 4 * sum(part) for early, late, *part in counts)
    assert (plan.cost, plan.gap) == (least, 0)
