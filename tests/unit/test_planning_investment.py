"""The best mix of levers: known by enumeration, interactions, budget, resume, and the parts."""

import itertools
import json
import time
from types import SimpleNamespace

import pytest

import ccplan
from sim.experiment import simulate
from sim.planning.investment import investing, simulated_mixes
from sim.planning.investment.find_mix import invest, with_catalogue
from sim.planning.investment.mix_space import MixSpace
from sim.planning.investment.objective import parse_target
from sim.scenario import Scenario
from sim.scenario.lever_changes import scenario_levers
from tests.support.small_levers import with_levers

ONLY_TOGETHER = """
[queue.mail]
channel = "email"
volume = 1
talk = "1min"
due = "1h"
[group.extra]
agents = 0
skills = { mail = 1 }
[lever.hire]
title = "Hire"
changes = { "group.extra.agents" = "+3" }
cost = 400
[lever.train]
title = "Train"
changes = { "group.extra.skills.calls" = 2 }
cost = 400
"""
WORN_OUT = """
[bot.calls]
session = "60s"
contained = "20%"
resolved = "50%"
[lever.bot]
title = "Bot contains more"
changes = { "bot.calls.contained" = "+20pp" }
cost = { once = 1200, life = 12, use = 0.5, per = "sessions" }
"""


def scenario(more="", **fields):
    return Scenario.parse(with_levers(more, **fields))


def space_of(center):
    return MixSpace(center.without_levers, tuple(scenario_levers(center)))


def names(row):
    return {one["name"]: one["level"] for one in row["levers"]}


@pytest.fixture(scope="module")
def found():
    return invest(scenario(), 3000, runs=10, seed=1)


def test_the_best_mix_is_that_of_an_enumeration(found):
    center = scenario()
    space = space_of(center)
    every = itertools.product(*((0.0, *lever.levels) for lever in space.levers))
    base = simulate(space.scenario, runs=10)
    best = {}
    for mix in every:
        result = simulate(space.scenario_of(mix), runs=10)
        pay, gain = (
            result.estimate(metric).value - base.estimate(metric).value
            for metric in ("cost", "fcr")
        )
        cost = sum(v.cost.fixed * level for v, level in zip(space.levers, mix, strict=True))
        if cost + 30 * pay <= 3000:
            best[mix] = gain, cost + 30 * pay
    mix = max(best, key=lambda one: (round(best[one][0], 12), -best[one][1]))
    assert names(found.best) == {
        lever.name: level for lever, level in zip(space.levers, mix, strict=True) if level
    }
    assert found.best["cost"] == pytest.approx(best[mix][1], rel=0.05)  # on other days


def test_a_lever_that_does_nothing_is_not_chosen(found):
    assert "nothing" not in names(found.best)
    row = next(row for row in found.levers if row["name"] == "nothing")
    assert (row["difference"], row["low"], row["high"]) == (0, 0, 0)
    assert any("No significant effect" in one and "New chairs" in one for one in found.advice)


def test_cost_is_what_levers_cost_and_the_change_of_pay(found):
    row = next(row for row in found.levers if row["name"] == "agent")
    assert row["cost"] == pytest.approx(20 * 2 * 30, rel=0.05)  # overtime may fall a little
    assert next(row for row in found.levers if row["name"] == "coach")["cost"] == pytest.approx(
        500, abs=60
    )


def test_levers_that_work_only_together_are_found():
    center = scenario(ONLY_TOGETHER)
    result = invest(
        center, 900, objective="queue.calls.service_level", levers=["hire", "train"], runs=10
    )
    assert names(result.best) == {"hire": 1, "train": 1}
    alone = {row["name"]: row["difference"] for row in result.levers}
    assert abs(alone["hire"]) < 0.02
    assert alone["train"] == 0
    assert result.best["difference"] > 0.05
    assert any("help more together" in one for one in result.advice)


def test_a_budget_for_one_of_both_buys_neither():
    result = invest(
        scenario(ONLY_TOGETHER), 700, objective="queue.calls.service_level",
        levers=["hire", "train", "nothing"], runs=10,
    )  # fmt: skip
    assert "train" not in names(result.best)


def test_more_levers_than_can_be_enumerated_are_searched_with_their_interactions():
    more = ONLY_TOGETHER + "".join(
        f'[lever.idle{k}]\nchanges = {{ "group.team.overtime" = "+{k}%" }}\ncost = 50\n'
        for k in range(1, 6)
    )
    center = scenario(more)
    result = invest(center, 1350, objective="queue.calls.service_level", runs=10)
    assert {"hire", "train"} <= set(names(result.best))
    assert not any(name.startswith("idle") for name in names(result.best))
    assert result.simulated < 4 * 2 * 2 * 2 * 2 * 2**6


def test_the_document_keeps_its_keys(found):
    document = json.loads(found.to_json())
    promised = {"budget", "objective", "base", "best", "levers", "frontier", "tornado", "advice"}
    assert promised | {"undecided"} <= set(document)
    best = {"levers", "cost", "value", "low", "high", "difference"}
    assert best <= set(document["best"])
    assert document["best"]["low"] <= document["best"]["value"] <= document["best"]["high"]
    alone = {"name", "cost", "difference", "low", "high", "service_level_difference"}
    assert all(alone <= set(row) for row in document["levers"])
    assert document["objective"] == "fcr"


def test_the_frontier_rises_in_cost_and_objective(found):
    rows = found.frontier
    assert len(rows) >= 3
    assert rows[0]["cost"] <= 0
    for before, after in itertools.pairwise(rows):
        assert after["cost"] >= before["cost"]
        assert after["difference"] > before["difference"]


def test_the_tornado_halves_the_effect_of_a_lever(found):
    bar = next(row for row in found.tornado if row["assumption"] == "effect of Coaching")
    assert bar["difference_low"] < found.best["difference"] < bar["difference_high"]
    assert (bar["low"], bar["high"]) == ("50%", "150%")


def test_coefficients_of_satisfaction_that_do_not_matter_are_not_in_the_tornado():
    result = invest(scenario("[satisfaction]"), 700, levers=["coach"], runs=5, objective="fcr")
    assert [row["assumption"] for row in result.tornado] == ["effect of Coaching"]


def test_satisfaction_is_the_objective_where_it_is_modelled_with_its_ranges_in_the_tornado():
    result = invest(scenario("[satisfaction]"), 700, levers=["coach"], runs=5)
    assert result.objective == "csat"
    assert result.best["difference"] > 0
    bars = {row["assumption"]: row for row in result.tornado}
    assert {"effect of Coaching", "satisfaction.unresolved", "satisfaction.satisfied"} <= set(bars)
    assert bars["satisfaction.unresolved"]["source"].startswith("SQM")
    harsh, mild = (bars["satisfaction.unresolved"][f"difference_{end}"] for end in ("low", "high"))
    assert any("csat rests on the table [satisfaction]" in note for note in result.notes)
    assert harsh > mild > 0  # what is resolved matters less where the unresolved mind less


def test_another_effect_changes_the_advice():
    more = '[lever.rival]\ntitle = "Rival"\nchanges = { "queue.calls.resolved" = "+9pp" }\n'
    center = scenario(more + 'cost = 500\neffect = "100% to 100%"\n')
    result = invest(center, 700, levers=["coach", "rival"], runs=10)
    assert names(result.best) == {"coach": 1}
    bar = next(row for row in result.tornado if row["assumption"] == "effect of Coaching")
    assert bar["changes_advice"]
    assert bar["words_low"] == "Rival"
    assert bar["words_high"] is None
    assert any("another mix is better: Rival" in one for one in result.advice)


def test_the_naive_cut_stands_beside_with_reasons():
    result = invest(scenario(WORN_OUT), 3000, levers=["bot", "agent"], runs=10)
    (cut,) = [one for one in result.naive if one["promised"] is None]
    assert cut["agents"] == 1
    assert "20 % of calls" in cut["rule"]
    assert cut["service_level_difference"] < 0
    assert any("easy contacts" in one for one in cut["reasons"])
    assert any("not resolved" in one for one in cut["reasons"])


def test_uses_are_paid_for_what_a_lever_adds():
    free = WORN_OUT.replace("use = 0.5", "use = 0.0").replace(', per = "sessions"', "")
    tried = '"bot.calls.tried" = "+50pp"'
    half = 'session = "60s"\ntried = "50%"'
    dear, cheap = (
        text.replace('"bot.calls.contained" = "+20pp"', tried).replace('session = "60s"', half)
        for text in (WORN_OUT, free)
    )
    one, other = (
        invest(scenario(text), 9000, levers=["bot", "nothing"], runs=10, objective="service_level")
        for text in (dear, cheap)
    )
    costs = [next(row["cost"] for row in r.levers if row["name"] == "bot") for r in (one, other)]
    added = 30 * 60 * 0.5 * 0.5 * 2  # half of 120 contacts a day, half a unit of money each
    assert costs[0] - costs[1] == pytest.approx(added, rel=0.1)


def test_a_lever_that_needs_another_is_shown_with_what_it_adds():
    more = '[lever.deep]\ntitle = "Deep"\nchanges = { "queue.calls.resolved" = "+5pp" }\n'
    center = scenario(more + 'needs = "coach"\ncost = 100\n')
    result = invest(center, 700, levers=["deep"], runs=10)
    row = next(row for row in result.levers if row["name"] == "deep")
    assert row["difference"] == pytest.approx(0.05, abs=0.02)
    assert row["cost"] == pytest.approx(100, abs=30)
    assert names(result.best) == {"coach": 1, "deep": 1}


def test_excluded_levers_are_not_combined():
    center = scenario('[lever.other]\nchanges = { "queue.calls.resolved" = "+1pp" }\ncost = 10\n'
                      'excludes = "coach"\n')  # fmt: skip
    result = invest(center, 900, levers=["coach", "other"], runs=10)
    assert names(result.best) == {"coach": 1}


def test_mixes_beyond_the_bounds_of_a_field_are_left_out():
    more = '[lever.other]\nchanges = { "queue.calls.resolved" = "+4pp" }\ncost = 10\n'
    center = scenario(more, resolved='"89%"')
    result = invest(center, 5000, levers=["coach", "other"], runs=10)
    assert names(result.best) == {"coach": 1}
    assert any("cannot be combined" in note for note in result.notes)


def test_the_cheapest_mix_that_reaches_a_target():
    result = invest(scenario(), what_would_it_take="fcr=+7pp", runs=10)
    row = result.what_would_it_take
    assert row["reached"]
    assert names(row) == {"coach": 1}
    assert result.budget is None


def test_a_target_that_no_mix_reaches():
    row = invest(scenario(), what_would_it_take="fcr=99%", runs=10).what_would_it_take
    assert not row["reached"]
    assert row["difference"] > 0.1


@pytest.mark.parametrize(
    ("text", "base", "difference"),
    [("fcr=+2pp", 0.7, 0.02), ("abandonment=-10%", 0.2, -0.02), ("asa_s=20s", 30, -10),
     ("fcr=80%", 0.7, 0.1), ("asa_s=-5s", 30, -5)],
)  # fmt: skip
def test_targets_are_values_or_changes(text, base, difference):
    model = ccplan.simulate(scenario().without_levers, runs=1).model
    assert parse_target(model, text).difference(base) == pytest.approx(difference)


def test_the_same_from_one_thread_and_from_two():
    documents = []
    for workers in (1, 2):
        document = invest(scenario(), 1300, runs=5, workers=workers).document()
        documents.append({k: v for k, v in document.items() if k != "seconds"})
    assert documents[0] == documents[1]


def test_a_search_that_was_stopped_goes_on_from_its_folder(tmp_path):
    asked = itertools.count()
    stopped = invest(
        scenario(),
        1300,
        runs=5,
        workers=1,
        resume=tmp_path / "mixes",
        stop=lambda: next(asked) > 60,
    )
    assert stopped.stopped == "interrupted"
    assert stopped.best["levers"] is not None
    assert any("stopped before the check" in note for note in stopped.notes)
    resumed = invest(scenario(), 1300, runs=5, workers=1, resume=tmp_path / "mixes")
    whole = invest(scenario(), 1300, runs=5, workers=1)
    assert 0 < stopped.simulated < whole.simulated
    assert stopped.simulated + resumed.simulated == whole.simulated
    skip = ("seconds", "simulated")
    one, other = (
        {k: v for k, v in r.document().items() if k not in skip} for r in (resumed, whole)
    )
    assert one == other


def test_a_line_that_was_not_finished_is_simulated_anew(tmp_path):
    invest(scenario(), 1300, runs=5, levers=["coach"], resume=tmp_path / "mixes")
    file = tmp_path / "mixes" / "mixes.jsonl"
    text = file.read_text()
    file.write_text(text[:-40])
    second = invest(scenario(), 1300, runs=5, levers=["coach"], resume=tmp_path / "mixes")
    assert second.simulated == 1
    assert file.read_text() == text


def test_a_folder_of_another_search_is_refused(tmp_path):
    invest(scenario(), 1300, runs=5, levers=["coach"], resume=tmp_path / "mixes")
    with pytest.raises(ccplan.BadInputError, match="the levers differs"):
        invest(scenario(), 1300, runs=5, levers=["dear"], resume=tmp_path / "mixes")


def test_interrupted_before_anything_was_simulated():
    with pytest.raises(KeyboardInterrupt):
        invest(scenario(), 1300, runs=5, stop=lambda: True)


@pytest.mark.parametrize("mixes", [1, 3])
def test_interrupted_the_moment_a_mix_is_simulated(mixes, tmp_path):
    left = itertools.count(1)

    def interrupt(progress):
        if next(left) == mixes:
            raise KeyboardInterrupt

    folder = tmp_path / "mixes"
    try:
        found = invest(scenario(), 1300, runs=5, workers=1, resume=folder, report=interrupt)
    except KeyboardInterrupt:
        pytest.fail("it ended without a result")
    assert found.stopped == "interrupted"
    assert found.simulated == len((folder / "mixes.jsonl").read_text().splitlines()) == mixes
    assert len(found.frontier) >= min(mixes, 2)


def clock(monkeypatch, step):
    """Let each look at the time take so many seconds."""
    looks = itertools.count()
    times = SimpleNamespace(monotonic=lambda: step * next(looks), perf_counter=time.perf_counter)
    for module in (investing, simulated_mixes):
        monkeypatch.setattr(module, "time", times)


def test_out_of_time_keeps_the_best_so_far(monkeypatch):
    clock(monkeypatch, 1)
    result = invest(scenario(), 1300, runs=5, time_limit=100, workers=1)
    assert result.stopped == "time"
    assert result.frontier


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "budget: is missing"),
        ({"budget": -1}, "budget: -1 must be 0 or more"),
        ({"budget": 1}, r"budget: 1 a month is below the cheapest lever, New chairs \("),
        ({"budget": 900, "objective": "cst"}, "for: cst: there is no metric 'cst'"),
        ({"budget": 900, "objective": "containment"}, "does not have it; it requires a bot"),
        (
            {"budget": 900, "objective": "value_kept"},
            r"does not have it; it requires \[satisfaction\] and segment.NAME.value",
        ),
        ({"budget": 900, "objective": "occupancy"}, "neither more nor less is better"),
        ({"budget": 900, "levers": ["coch"]}, "did you mean coach"),
        ({"budget": 900, "runs": 2}, "runs: 2 must be from 5"),
        ({"budget": 900, "runs": 5, "days": 3}, "set one of them"),
        ({"budget": 900, "days": 0}, "days: 0 must be above 0"),
        ({"budget": 900, "time_limit": "soon"}, "time-limit"),
        ({"budget": 900, "days_a_month": 40}, "days-a-month"),
        ({"what_would_it_take": "fcr"}, "is not a target"),
        ({"what_would_it_take": "fcr=+5s"}, "does not fit"),
        ({"what_would_it_take": "fcr=+5pp", "objective": "fcr"}, "names its metric"),
    ],
)
def test_bad_options_are_refused(options, message):
    with pytest.raises(ccplan.BadInputError, match=message) as error:
        invest(scenario(), **({} if {"days", "runs"} & set(options) else {"runs": 5}), **options)
    assert "\n" not in str(error.value)


def test_a_scenario_without_levers_is_refused():
    with pytest.raises(ccplan.BadInputError, match=r"has no lever; allowed: tables \[lever.NAME\]"):
        invest(scenario().without_levers, 900)


def test_a_lever_paid_per_use_of_what_is_not_counted_is_refused():
    with pytest.raises(ccplan.BadInputError, match=r"lever.bot.cost.per: fcr is a ratio"):
        invest(scenario(WORN_OUT.replace('"sessions"', '"fcr"')), 900, runs=5)


def test_the_catalogue_is_added_where_it_does_not_contradict():
    result = invest(scenario().without_levers, 3000, catalogue=True, runs=5, levers=["coaching"])
    assert [row["name"] for row in result.levers] == ["coaching"]
    assert "uncalibrated" in " ".join(result.notes)


def test_the_catalogue_adds_no_lever_that_the_scenario_takes_itself():
    center = scenario('[lever.mine]\nuse = "knowledge_base"\n')
    more, _ = with_catalogue(center)
    assert "mine" in more.lever
    assert "repair_at_source" in more.lever
    assert "knowledge_base" not in more.lever


def test_ccplan_hands_the_function_on():
    assert ccplan.invest is invest
