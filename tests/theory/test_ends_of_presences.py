"""Shifts from call logs: no contact is begun after an end, so it lies behind the last begin.

A day is simulated with shifts of known ends, presences are read from its log, and further days are
simulated with shifts made of them in several ways.
"""

from dataclasses import replace

import numpy as np

from sim.distributions import Exponential
from sim.engine import simulate_replication
from sim.log import Outcome
from tests.support.small_models import DAY, center, drawn, group, shift

DAYS, AGENTS = 20, 36
OPENS, CLOSES = 8 * 3600.0, 18 * 3600.0


def model(shifts):
    volume = np.tile(np.repeat([0.0, 34.0, 0.0], (16, 20, 12)), DAYS)
    hours = [(day * DAY + OPENS, day * DAY + CLOSES) for day in range(DAYS)]
    asked = replace(
        drawn("a", volume, DAYS * 48, hours=hours),
        talk=Exponential(180.0), wrap=Exponential(30.0), patience=Exponential(300.0),
    )  # fmt: skip
    team = group("team", [0], shifts=shifts)
    return center(asked, team, days=DAYS, day_s=DAY, interval_s=1800.0)


def true_shifts():
    rng, found = np.random.default_rng(5), []
    for day in range(DAYS):
        for agent in range(AGENTS):  # short presences too: ten minutes to two hours
            start = OPENS + agent % 9 * 3600 + rng.uniform(0, 3600)
            end = min(start + rng.uniform(600, 7200), CLOSES)
            found.append(shift(agent, day * DAY + start, day * DAY + end, day=day))
    return found


def service_level(shifts):
    found = []
    for seed in (11, 12, 13):
        legs = simulate_replication(model(shifts), seed, 1).legs
        in_time = (legs.outcome == Outcome.ANSWERED) & (legs.leave - legs.enter <= 20)
        found.append(in_time.mean())
    return float(np.mean(found))


def test_last_contact_begun_and_the_age_of_a_begin_is_the_end_of_a_shift():
    truth = true_shifts()
    legs = simulate_replication(model(truth), 1, 1).legs
    spans, between, idle = [], [], []
    for agent in range(AGENTS):
        for day in range(DAYS):
            mine = (legs.agent == agent) & (legs.leave // DAY == day)
            if mine.any():
                begins, ends = np.sort(legs.leave[mine]), np.sort(legs.end[mine])
                between += np.diff(begins).tolist()
                idle += (begins[1:] - ends[:-1]).tolist()
                spans.append((agent, day, begins[0], begins[-1], ends[-1]))
    age = np.sum(np.square(between)) / (2 * np.sum(between))  # Cox 1962, Renewal Theory, sec. 5.1
    before = np.mean(idle)
    level = {
        "truth": service_level(truth),
        "begun": service_level([shift(a, s, max(b, s + 1), day=d) for a, d, s, b, _ in spans]),
        "finished": service_level([shift(a, s - before, e, day=d) for a, d, s, _, e in spans]),
        "corrected": service_level(
            [shift(a, s - before, b + age, day=d) for a, d, s, b, _ in spans]
        ),
    }
    assert abs(level["corrected"] - level["truth"]) < 0.01, level
    assert level["begun"] < level["truth"] - 0.03, level
    assert level["finished"] > level["truth"] + 0.01, level
