"""The command erlang: chats, any patience, the most calls, targets, zero agents."""

import json

import pytest

from sim import erlang
from sim.cli.erlang_command import handle_times, patience
from sim.erlang import patience as law
from sim.units import BadInputError

BASE = {"per": "30min", "aht": "180s"}
PLAIN = ("erlang", "--calls", "100", "--per", "30min", "--aht", "180s")


@pytest.fixture
def ccplan(capsys):
    from sim.cli import main

    def run(*arguments):
        try:
            main(list(arguments))
            code = 0
        except SystemExit as end:
            code = end.code or 0
        out, err = capsys.readouterr()
        return code, out, err

    return run


def test_chats_by_repeated_or_listed_handle_times(ccplan):
    base = ("erlang", "--calls", "60", "--per", "1h", "--agents", "4", "--patience", "120s")
    twice = ccplan(*base, "--aht", "300s", "--aht", "500s", "--json")[1]
    listed = ccplan(*base, "--aht", "300s,500s", "--concurrency", "2", "--json")[1]
    assert twice == listed
    got = json.loads(twice)
    want = erlang.chat(60, "1h", [300, 500], 4, 120)
    assert got["model"] == "chat"
    assert got["wait_probability"] == pytest.approx(want.wait_probability)
    assert got["load_erlangs"] == pytest.approx(5)


def test_patience_of_any_distribution_is_exact(ccplan):
    out = ccplan(*PLAIN, "--agents", "10", "--patience", "lognormal 120s cv 1", "--json")[1]
    got, want = json.loads(out), erlang.g(100, 1800, 180, 10, law.lognormal(120, 1))
    assert got["model"] == "general_patience"
    assert got["abandonment"] == pytest.approx(want.abandonment)
    assert got["wait_p95_s"] == pytest.approx(want.wait_percentile(95))
    for text in ("120s", "exponential 120s"):
        same = json.loads(ccplan(*PLAIN, "--agents", "10", "--patience", text, "--json")[1])
        assert same["model"] == "erlang_a"
        assert same["abandonment"] == erlang.a(100, 1800, 180, 10, 120).abandonment
    weibull = patience("weibull 3min shape 0.8")
    assert weibull.mean_s == pytest.approx(180)
    assert patience("unlimited") is None
    code, out, err = ccplan(*PLAIN, "--agents", "10", "--patience", "wavy 3min")
    assert (code, out) == (2, "")
    assert "patience: " in err
    assert "wavy" in err


def test_one_or_several_handle_times():
    assert handle_times(["3min"]) == "3min"
    assert handle_times(["300s, 400s", "500s"]) == ["300s", "400s", "500s"]


def test_the_most_calls_meet_the_goal_and_more_do_not(ccplan):
    arguments = ("erlang", "--per", "30min", "--aht", "180s", "--target", "80/20")
    got = json.loads(ccplan(*arguments, "--agents", "14", "--json")[1])
    assert got["calls"] == pytest.approx(erlang.most_calls("c", 14, 1800, 180, "80/20"))
    assert got["service_level"] == pytest.approx(0.8, abs=1e-9)
    assert got["goals"][0]["met"]
    more = erlang.answer(calls=got["calls"] * 1.001, agents=14, target="80/20", **BASE)
    assert not more["goals"][0]["met"]
    for extra in ({"patience": "2min"}, {"patience": law.weibull(120, 2)}, {"lines": 20}):
        found = erlang.answer(None, agents=14, target="80/20", **BASE, **extra)
        assert found["service_level"] == pytest.approx(0.8, abs=1e-8)
    code, _, err = ccplan("erlang", "--per", "30min", "--aht", "180s", "--target", "80/20")
    assert (code, "give --calls" in err) == (2, True)


def test_every_metric_is_there():
    got = erlang.answer(100, agents=12, patience=60, short="10s", **BASE)
    model = erlang.a(100, 1800, 180, 12, 60)
    assert got["service_levels"] == {
        v: pytest.approx(model.service_level(20, v, 10)) for v in erlang.VARIANTS
    }
    assert got["abandonment_excl_short"] == pytest.approx(model.abandonment_excl_short(10))
    assert got["virtual_wait_s"] == pytest.approx(model.virtual_wait_s)
    busy = erlang.answer(100, agents=10, patience=60, **BASE)
    waits = [busy[f"wait_p{p}_s"] for p in (50, 80, 90, 95, 99)]
    want = erlang.a(100, 1800, 180, 10, 60).wait_percentile([50, 80, 90, 95, 99])
    assert waits == pytest.approx(list(want))
    assert waits[-1] > waits[1] > 0


def test_redials_raise_the_load():
    plain = erlang.answer(100, agents=9, patience=60, **BASE)
    again = erlang.answer(100, agents=9, patience=60, redial="50%", **BASE)
    assert again["load_erlangs"] == plain["load_erlangs"] == pytest.approx(10)
    assert again["abandonment"] > plain["abandonment"]


def test_goals_are_judged(ccplan):
    arguments = (*PLAIN, "--agents", "14", "--target", "80/20", "--max-occupancy", "70%")
    goals = json.loads(ccplan(*arguments, "--json")[1])["goals"]
    assert [(g["goal"], g["bound"], g["met"]) for g in goals] == [
        ("service_level", 0.8, True),
        ("occupancy", 0.7, False),
    ]
    text = ccplan(*arguments)[1]
    assert "service level at least 80.0 %: met, 88.8 %" in text
    assert "occupancy at most 70.0 %: not met, 71.4 %" in text


def test_blocking_without_a_goal_is_noted(ccplan):
    arguments = ("--lines", "12", "--target", "80/20")
    got = json.loads(ccplan(*PLAIN, *arguments, "--json")[1])
    assert got["blocking"] > 0.01
    assert len(got["notes"]) == 1
    assert "find every trunk busy" in got["notes"][0]
    assert "find every trunk busy" in ccplan(*PLAIN, *arguments)[2]
    wide = erlang.answer(100, lines=30, target="80/20", max_blocking="1%", **BASE)
    assert wide["notes"] == []
    assert wide["blocking"] <= 0.01
    with pytest.raises(BadInputError, match="max_blocking: without trunks"):
        erlang.answer(100, max_blocking="1%", **BASE)


@pytest.mark.parametrize(
    ("target", "within"), [("80/20", None), ("80% in 20s", None), ("80%", "20s"), ("80%", None)]
)
def test_targets_are_read(target, within):
    got = erlang.answer(100, target=target, within=within, **BASE)
    assert (got["agents"], got["within_s"], got["goals"][0]["bound"]) == (14, 20, 0.8)


@pytest.mark.parametrize("target", ["80", "80 in", "in 20s", "80/20/5", "much in 20s"])
def test_targets_that_are_none(target):
    with pytest.raises(BadInputError):
        erlang.read_target(target, 20)


def test_without_agents_all_abandon_or_are_blocked():
    nobody = {"agents": 0, **BASE}
    calm = erlang.answer(0, **nobody)
    assert (calm["agents"], calm["occupancy"], calm["abandonment"]) == (0, 0, 0)
    left = erlang.answer(100, patience=60, **nobody)
    assert (left["abandonment"], left["wait_probability"], left["service_level"]) == (1, 1, 0)
    assert left["service_levels"]["abandons_positive"] == pytest.approx(1 - 2.718281828 ** (-1 / 3))
    assert left["mean_queue_length"] == pytest.approx(100 / 30)
    assert (left["asa_s"], left["virtual_wait_s"], left["wait_p90_s"]) == (None, None, None)
    assert erlang.answer(100, lines=5, **nobody)["blocking"] == 1
    # Lines held for a patience each: an Erlang B system.
    full = erlang.answer(100, lines=5, patience=60, **nobody)
    assert full["blocking"] == pytest.approx(erlang.b(100, 1800, 60, 5).blocking)
    assert full["abandonment"] == pytest.approx(1 - full["blocking"])
    with pytest.raises(erlang.Unstable, match="agents: 0 cannot handle a load of 10 erlangs"):
        erlang.answer(100, **nobody)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"aht": ["3min", "4min"]}, "patience: chats at once need"),
        ({"aht": ["3min", "4min"], "at_once": 3, "patience": 60}, "aht: 2 handle times"),
        ({"at_once": 2, "patience": 60, "lines": 30}, "lines: are not known for chats"),
        ({"at_once": 2, "patience": 60, "redial": 0.5}, "redial: is not known for chats"),
        ({"lines": 30, "patience": law.fixed(60)}, "lines: are known for an exponential"),
        ({"agents": -1}, "agents: -1"),
        ({"short": "-5s"}, "short"),
    ],
)
def test_what_cannot_be_answered(given, message):
    with pytest.raises(BadInputError, match=message):
        erlang.answer(100, **({"agents": 14} | BASE | given))
