"""What is recommended: cheap mixes before dear ones of the same effect, and targets that hold."""

import re

import pytest

import ccplan
from sim.model import build
from sim.planning.investment import recommended_mix
from sim.planning.investment.find_mix import invest
from sim.planning.investment.objective import parse_objective
from sim.planning.investment.simulated_mixes import SimulatedMixes
from sim.scenario import Scenario
from tests.support.small_levers import with_levers

PEARLS = """
[lever.pearls]
title = "Pearls"
changes = { "queue.calls.resolved" = "+0.1pp" }
cost = 4000
"""
FINE = PEARLS.replace("0.1pp", "0.4pp")


def names(row):
    return [one["name"] for one in row["levers"]]


def test_levers_that_add_nothing_significant_are_not_recommended():
    center = Scenario.parse(with_levers(PEARLS))
    found = invest(center, 9000, levers=["coach", "pearls"], runs=10)
    assert "coach" in names(found.recommended)
    assert "pearls" not in names(found.recommended)
    assert found.advice[0].startswith("Take Coaching: FCR goes from")
    assert found.recommended["cost"] < 1000


def test_a_mix_of_nearly_the_effect_at_much_less_cost_is_recommended_and_the_best_named():
    center = Scenario.parse(with_levers(FINE, volume="300", agents="22"))
    found = invest(center, 90_000, levers=["coach", "pearls"], runs=60)
    assert names(found.best) == ["coach", "pearls"]
    assert names(found.recommended) == ["coach"]
    assert found.advice[0].startswith("Take Coaching: ")
    assert "The best mix for the budget, Coaching + Pearls, costs 4,0" in found.advice[1]
    assert re.search(
        r"beyond \d+ a month each further 1,000 brings less than 0\.1 points", found.advice[1]
    )


def test_the_frontier_has_no_dearer_mix_that_is_not_shown_to_be_better():
    center = Scenario.parse(with_levers(PEARLS))
    found = invest(center, 9000, levers=["coach", "pearls", "nothing"], runs=10)
    best = names(found.best)
    for row in found.frontier:
        assert "pearls" not in names(row) or names(row) == best


def test_a_small_gain_says_that_it_is_small():
    objective = parse_objective(build(Scenario.parse(with_levers()).without_levers), "fcr")
    assert objective.shown_at_most(0.0004) == "less than 0.1 points"
    assert objective.shown_at_most(0.0012) == "less than 0.2 points"


class Days:
    """New days on which mixes make what they are said to make."""

    def __init__(self, gains):
        self.gains = gains

    def check(self, search):
        self.asked = []

        def check(mix):
            self.asked.append(search.space.words(mix))
            return type("Checked", (), {"found": {"fcr": Gain(self.gains[self.asked[-1]])},
                                        "base": {"fcr": Gain(0.0)}})()  # fmt: skip

        return check


class Gain:
    """A value that can be compared with another."""

    def __init__(self, value):
        self.value = value

    def minus(self, other):
        return Gain(self.value - other.value)


class Search:
    """A search that simulated some mixes of one lever each, by name: gain and cost."""

    target = 0.02

    def __init__(self, known):
        self.known = known
        self.space = type("Space", (), {
            "words": staticmethod(lambda mix: mix), "used": staticmethod(lambda mix: [mix]),
            "nothing": "nothing",
        })  # fmt: skip
        self.objective = type("Objective", (), {"name": "fcr", "signed": staticmethod(lambda x: x)})
        self.selected = []

    def gain(self, mix):
        return self.known[mix][0]

    def cost(self, mix):
        return type("Cost", (), {"total": self.known[mix][1]})

    def fits(self, mix):
        return True


def test_the_next_cheapest_mixes_are_tried_until_one_holds():
    search = Search({"a": (0.021, 100), "b": (0.022, 200), "c": (0.03, 300), "d": (0.05, 900)})
    days = Days({"a": 0.018, "b": 0.019, "c": 0.028, "d": 0.05})
    assert recommended_mix.cheapest_that_holds(search, days.check(search)) == 0
    assert search.selected == ["c"]
    assert days.asked == ["a", "b", "c"]


def test_no_mix_is_only_said_when_the_strongest_was_tried():
    known = {f"m{k}": (0.02 + k / 1e4, 100.0 + k) for k in range(30)}
    search = Search(known)
    days = Days(dict.fromkeys(known, 0.01) | {"m29": 0.021})
    assert recommended_mix.cheapest_that_holds(search, days.check(search)) == 0
    assert search.selected == ["m29"]
    days = Days(dict.fromkeys(known, 0.01) | {"m29": 0.015})
    left = recommended_mix.cheapest_that_holds(search, days.check(search))
    assert search.selected == ["m29"]
    assert left == 30 - len(days.asked) > 0


def test_advice_never_takes_a_mix_that_misses_the_target():
    found = invest(Scenario.parse(with_levers()), what_would_it_take="fcr=99%", runs=5)
    assert not found.what_would_it_take["reached"]
    assert not any(one.startswith("Take") for one in found.advice)
    assert "reaches fcr=99%" in found.advice[0]
    assert "tried on new days reaches fcr=99%" in found.text()


def test_a_target_that_is_reached_already_needs_no_lever():
    found = invest(Scenario.parse(with_levers()), what_would_it_take="fcr=20%", runs=5)
    assert found.best["levers"] == []
    assert found.advice[0].startswith("Change nothing: the scenario reaches fcr=20% already (")
    assert "reaches fcr=20% already, without any lever" in found.text()


@pytest.mark.parametrize(
    ("metric", "difference", "words"),
    [
        ("csat", 0.004, "brings 0.4 points of CSAT"),
        ("csat", -0.018, "costs 1.8 points of CSAT"),
        ("cost_of_poor_service", -4324.0, "lowers cost of poor service by 4,324"),
        ("cost_per_resolved", 0.13, "raises cost per resolved by 0.13"),
    ],
)
def test_differences_are_said_with_their_direction(metric, difference, words):
    model = build(ccplan.load("online_shop_peak"))
    assert parse_objective(model, metric).moved(difference) == words


def test_sums_say_of_how_many_days_they_are():
    fewer = '[lever.fewer]\nchanges = { "group.team.agents" = "-1" }\n'
    found = invest(Scenario.parse(with_levers(fewer)), 700, objective="cost", runs=5,
                   levers=["fewer"])  # fmt: skip
    assert " of 1 day goes from " in found.advice[0]
    assert " a month" in found.advice[0]


def test_a_month_of_working_days_is_shorter():
    monday = Scenario.parse(with_levers())
    whole = monday.with_(**{"center.days": 7})
    words = "working days only"
    for center, days, noted in ((monday, 30, True), (monday, 21, False), (whole, 30, False)):
        found = invest(center, 700, levers=["coach"], runs=5, days_a_month=days)
        assert any(words in note for note in found.notes) == noted


def test_a_budget_far_below_every_lever_is_refused_before_simulating(monkeypatch):
    def simulated(*arguments):
        raise AssertionError

    monkeypatch.setattr(SimulatedMixes, "simulate", simulated)
    message = r"budget: 10 a month is below the cheapest lever, Coaching \(500 a month\)"
    with pytest.raises(ccplan.BadInputError, match=message):
        invest(Scenario.parse(with_levers()), 10, levers=["coach", "dear"], runs=5)
