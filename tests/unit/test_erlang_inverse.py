"""The inverse questions and the dictionary behind the command line."""

import json

import numpy as np
import pytest

from sim import erlang
from sim.erlang import Goals
from sim.erlang import patience as law


def test_fewest_agents_just_meet_every_goal():
    goals = Goals.of("80/20", asa=15, abandonment=0.03, occupancy=0.9)
    need = erlang.fewest_agents("erlang_a", 300, "30min", 200, goals, patience=120)
    n = int(need.agents)
    misses = [[x > 1e-12 for x in (e(f) for e in goals.each().values())] for f in need.around(1)]
    assert [f.agents for f in need.around(1)] == [n - 1, n, n + 1]
    assert any(misses[0])
    assert not any(misses[1] + misses[2])
    assert n - 1 < need.fractional_agents <= n


@pytest.mark.parametrize(
    ("goals", "binding"),
    [
        (Goals.of("80/20", occupancy=0.6), "occupancy"),
        (Goals.of("99/1", occupancy=0.95), "service_level"),
        (Goals(asa=0.1, occupancy=0.95), "asa"),
        (Goals(wait_probability="1%"), "wait_probability"),
    ],
)
def test_binding_goal(goals, binding):
    assert erlang.fewest_agents("erlang_c", 100, "30min", 180, goals).binding == binding


def test_fraction_is_where_the_goal_is_just_met():
    need = erlang.fewest_agents("c", 100, "30min", 180, Goals(occupancy=0.8))
    assert need.fractional_agents == pytest.approx(12.5, rel=1e-12)
    need = erlang.fewest_agents("c", 100, "30min", 180, "80/20")
    # The continuous extension passes through the whole numbers.
    level = erlang.c(100, "30min", 180, 14).service_level(20)
    exact = erlang.fewest_agents("c", 100, "30min", 180, Goals(level - 1e-13, 20))
    assert exact.fractional_agents == pytest.approx(14, abs=1e-9)
    assert need.fractional_agents == pytest.approx(13.0372064664, abs=1e-9)


def test_goal_met_but_for_rounding_is_met():
    # 8.5 erlangs on 10 agents are 85%, whatever the last bit says.
    need = erlang.fewest_agents("c", 8.5, 1, 1, Goals(occupancy=0.85))
    assert need.agents == 10


def test_shrinkage_rounds_up_once():
    assert erlang.scheduled(14, 0.3) == 20
    assert erlang.scheduled(100, "30%") == 143
    assert erlang.scheduled([7, 0], 0.3).tolist() == [10, 0]
    with pytest.raises(ValueError, match="shrinkage: 1"):
        erlang.scheduled(14, 1)


def test_many_intervals_at_once():
    rng = np.random.default_rng(5)
    calls = rng.uniform(0, 3000, 10_000)
    calls[0] = 0.0
    need = erlang.fewest_agents("c", calls, "30min", 200, Goals.of("80/20", occupancy=0.85))
    some = erlang.fewest_agents("a", calls[:1000], "30min", 200, "80/20", patience=120)
    assert (need.agents[0], need.fractional_agents[0]) == (0, 0)
    busy = slice(1, None)
    assert np.all(need.metrics.service_level(20)[busy] >= 0.8)
    assert np.all(need.metrics.occupancy <= 0.85 + 1e-12)
    for i in (1, 17, 400):
        one = erlang.fewest_agents("a", calls[i], "30min", 200, "80/20", patience=120)
        assert one.agents == some.agents[i]
        assert one.fractional_agents == pytest.approx(some.fractional_agents[i], rel=1e-11)


def test_other_models_are_staffed_too():
    a = erlang.fewest_agents("erlang_a", 100, "1h", 300, "80/20", patience=120)
    g = erlang.fewest_agents(
        "general_patience", 100, "1h", 300, "80/20", patience=law.exponential(120)
    )
    assert g.fractional_agents == pytest.approx(a.fractional_agents, rel=1e-10)
    k = erlang.fewest_agents("erlang_a", 100, "1h", 300, "80/20", patience=120, lines=60)
    assert k.agents == a.agents
    assert abs(k.fractional_agents - a.fractional_agents) < 0.3
    chat = erlang.fewest_agents("erlang_chat", 100, "1h", [300, 330, 360], "80/20", patience=120)
    n = int(chat.agents)
    levels = [erlang.chat(100, "1h", [300, 330, 360], m, 120).service_level(20) for m in (n - 1, n)]
    assert levels[0] < 0.8 <= levels[1]
    again = erlang.fewest_agents("a", 100, "1h", 300, "80/20", patience=120, redial=0.8)
    assert again.fractional_agents > a.fractional_agents


def test_most_calls_is_the_inverse_of_fewest_agents():
    for model, more in (("c", {}), ("a", {"patience": 120}), ("a", {"patience": 60, "lines": 30})):
        calls = erlang.most_calls(model, 14, "30min", 180, "80/20", **more)
        assert (
            erlang.fewest_agents(model, calls * (1 - 1e-9), 1800, 180, "80/20", **more).agents == 14
        )
        assert (
            erlang.fewest_agents(model, calls * (1 + 1e-6), 1800, 180, "80/20", **more).agents == 15
        )
    many = erlang.most_calls("c", [14, 20], "30min", 180, "80/20")
    assert many[0] == pytest.approx(erlang.most_calls("c", 14, "30min", 180, "80/20"), rel=1e-12)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (Goals, "goals: give at least one"),
        (lambda: Goals.of("80"), "target: '80'"),
        (lambda: Goals.of("120/20"), "target: 1.2"),
        (lambda: Goals.of("100/20"), "service_level: 1"),
        (lambda: Goals(asa=0), "asa: 0"),
        (lambda: Goals(0.8, variant="good"), "variant: 'good'"),
        (lambda: erlang.fewest_agents("d", 1, 1, 1, "80/20"), "model: 'd'"),
        (lambda: erlang.fewest_agents("a", 1, 1, 1, "80/20"), "patience"),
        (lambda: erlang.fewest_agents("c", 1, 1, 1, "80/20", redial=0.1), "redial"),
        (
            lambda: erlang.fewest_agents("c", 100, 1, 1, Goals(blocking=0.01), lines=50),
            "with so few trunks",
        ),
        (lambda: erlang.most_calls("a", 5, 1, 1, Goals(blocking=0.5), patience=1), "any number"),
    ],
)
def test_bad_questions(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_target_forms():
    assert erlang.read_target("80/20") == (0.8, 20)
    assert erlang.read_target("80%/20s") == (0.8, 20)
    assert erlang.read_target("0.9 / 1min") == (0.9, 60)


def test_answer_for_given_agents():
    said = erlang.answer(100, "30min", "180s", agents=14)
    json.dumps(said)
    assert said["model"] == "erlang_c"
    assert (said["agents"], said["load_erlangs"]) == (14, pytest.approx(10))
    assert said["service_level"] == pytest.approx(0.88835, abs=1e-6)
    assert said["asa_s"] == pytest.approx(7.835937, abs=1e-6)
    assert (said["abandonment"], said["blocking"]) == (0, 0)
    assert "scheduled_agents" not in said
    assert erlang.answer(100, 1800, 180, agents=14, shrinkage=0.3)["scheduled_agents"] == 20


def test_answer_chooses_the_model():
    assert erlang.answer(100, 1800, 180, 9, patience="2min")["model"] == "erlang_a"
    full = erlang.answer(100, 1800, 180, 14, lines=14)
    assert full["model"] == "erlang_b"
    assert full["blocking"] == pytest.approx(0.05681914338652086)
    some = erlang.answer(100, 1800, 180, 14, patience=120, lines=16)
    assert some["model"] == "erlang_a"
    assert min(some["blocking"], some["abandonment"]) > 0
    assert some["load_erlangs"] == pytest.approx(10)


def test_answer_finds_agents():
    said = erlang.answer(100, "30min", "180s", target="80/20", max_occupancy="85%", shrinkage="30%")
    assert (said["agents"], said["scheduled_agents"]) == (14, 20)
    assert said["binding_goal"] == "service_level"
    assert said["within_s"] == 20
    late = erlang.answer(100, "30min", "180s", target="80/20", within="60s")
    assert late["within_s"] == 60
    assert late["agents"] < 14
    few = erlang.answer(100, 1800, 180, patience=60, max_abandonment="2%", asa="10s")
    assert few["abandonment"] <= 0.02 < erlang.a(100, 1800, 180, few["agents"] - 1, 60).abandonment
    none = erlang.answer(0, 1800, 180, target="80/20")
    assert (none["agents"], none["service_level"]) == (0, 1)


def test_answer_without_an_answer():
    with pytest.raises(erlang.Unstable, match="give a patience to ask Erlang A"):
        erlang.answer(100, 1800, 180, agents=10)
    with pytest.raises(ValueError, match="goals"):
        erlang.answer(100, 1800, 180)
    with pytest.raises(ValueError, match="variant"):
        erlang.answer(100, 1800, 180, agents=14, variant="best")
    with pytest.raises(ValueError, match="calls"):
        erlang.answer([1, 2], 1800, 180, agents=14)
    with pytest.raises(ValueError, match="agents: .* single number"):
        erlang.answer(100, 1800, 180, agents=[14, 15])
