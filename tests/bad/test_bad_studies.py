"""Every kind of bad study gives one clear message and exit 2."""

from pathlib import Path

import pytest

from sim.cli import main
from tests.support.sweep_studies import written

AXIS = "[axis]\nqueue.calls.volume = ['-10%', '+10%']\n"
BASE = 'base = "small.toml"\nruns = 2\n'

BAD = [
    ("no valid TOML", "[axis\n", ["study.toml", "no valid TOML"]),
    ("no base", AXIS, ["study.toml", "base", "is missing"]),
    ("an unknown base", 'base = "nobody.toml"\n' + AXIS, ["nobody.toml", "no such file"]),
    ("nothing varied", BASE, ["axis", "nothing is varied"]),
    ("an unknown field", BASE + "run = 3\n" + AXIS, ["study.toml:3", "run", "'runs'"]),
    ("runs out of bounds", 'base = "small.toml"\nruns = 0\n' + AXIS, ["study.toml:2: runs", "0"]),
    ("runs and precision", BASE + 'precision = "1%"\n' + AXIS, ["runs, precision", "one of them"]),
    ("a wrong engine", BASE + 'engine = "fast"\n' + AXIS, ["engine", "'fast'", "kernel"]),
    (
        "no list",
        BASE + "[axis]\nqueue.calls.volume = 3\n",
        ["queue.calls.volume", "3 is not a list"],
    ),
    ("an empty list", BASE + "[axis]\nqueue.calls.volume = []\n", ["volume", "empty"]),
    ("a value twice", BASE + "[axis]\nqueue.calls.volume = [1, 1]\n", ["volume", "twice"]),
    ("no path", BASE + "[axis]\nqueue.call.volume = [1, 2]\n", ["no queue 'call'", "'calls'"]),
    ("no value", BASE + "[axis]\ngroup.all.agents = ['x']\n", ["cell 1", "group.all.agents", "x"]),
    (
        "a range without steps",
        BASE + "[axis]\ngroup.all.agents = { from = 1, to = 3 }\n",
        ["study.toml:4", "group.all.agents", "step or count"],
    ),
    (
        "a range that falls",
        BASE + "[axis]\ngroup.all.agents = { from = 3, to = 1, step = 1 }\n",
        ["group.all.agents", "1 is not above 3"],
    ),
    (
        "a range of two kinds",
        BASE + "[axis]\ngroup.all.agents = { from = '-10%', to = '+2', count = 3 }\n",
        ["group.all.agents", "two kinds"],
    ),
    (
        "a range with an unknown word",
        BASE + "[axis]\ngroup.all.agents = { from = 1, to = 3, steps = 1 }\n",
        ["group.all.agents.steps", "unknown field", "'step'"],
    ),
    (
        "too many cells",
        BASE + "[axis]\ngroup.all.agents = { from = 0.0, to = 1000, step = 0.0001 }\n",
        ["group.all.agents", "10,000,001"],
    ),
    (
        "a field twice",
        BASE + AXIS + "[overlay.demand.more]\nqueue.calls.volume = '+5%'\n",
        ["'queue.calls.volume' is changed by", "'demand'"],
    ),
    (
        "no bounds",
        BASE + "[design]\nkind = 'sobol'\npoints = 4\nfactor.group.all.agents = [3]\n",
        ["group.all.agents", "no bounds"],
    ),
    (
        "sobol without a power of two",
        BASE + "[design]\nkind = 'sobol'\npoints = 5\nfactor.group.all.agents = [3, 5]\n",
        ["points: 5", "power of two"],
    ),
    (
        "an unknown design",
        BASE + "[design]\nkind = 'random'\npoints = 5\nfactor.group.all.agents = [3, 5]\n",
        ["design.kind", "'random'", "latin hypercube or sobol"],
    ),
    ("an unknown figure", BASE + "figures = ['servicelevel']\n" + AXIS, ["'servicelevel'"]),
    ("no figure", BASE + "figures = ['a.b.c.d']\n" + AXIS, ["'a.b.c.d' is not a metric"]),
    ("several headlines", BASE + "headline = 'queue.*.asa_s'\n" + AXIS, ["headline", "one name"]),
    (
        "a figure of nothing",
        BASE + "figures = ['queue.call.asa_s']\n" + AXIS,
        ["queue.call.asa_s", "no queue 'call'", "calls"],
    ),
    (
        "a headline of nothing",
        BASE + "headline = 'group.nope.occupancy'\n" + AXIS,
        ["group.nope.occupancy", "no group 'nope'", "all"],
    ),
    (
        "a figure that does not apply",
        BASE + "figures = ['queue.calls.occupancy']\n" + AXIS,
        ["queue.calls.occupancy", "this scenario has it as"],
    ),
    (
        "a figure of any that does not apply",
        BASE + "figures = ['queue.*.cost']\n" + AXIS,
        ["queue.*.cost", "it requires group.NAME.wage"],
    ),
    (
        "the experiment as an axis",
        BASE + "[axis]\nexperiment.seed = [1, 2]\n",
        ["'experiment.seed' is the same for all cells", "seed"],
    ),
    (
        "a sobol analysis that is too large",
        BASE + "[sensitivity]\nsobol = 1048576\nfactor.group.all.agents = [3, 5]\n",
        ["sensitivity.sobol", "3,145,728 cells"],
    ),
    (
        "steps back",
        BASE + "[axis]\ngroup.all.agents = { from = 1, to = 3, step = -1 }\n",
        ["group.all.agents", "step: -1"],
    ),
    (
        "a sensitivity without amounts",
        BASE + "[axis]\nqueue.calls.talk = ['3min', 'exponential 4min']\n[sensitivity]\n",
        ["sensitivity.factor", "queue.calls.talk", "bounds of its own"],
    ),
]


@pytest.mark.parametrize(("text", "wanted"), [b[1:] for b in BAD], ids=[b[0] for b in BAD])
def test_bad_study(text: str, wanted: list[str], tmp_path: Path, capsys):
    file = written(tmp_path, text.replace("{", "{{").replace("}", "}}"))
    out = tmp_path / "out"
    with pytest.raises(SystemExit) as left:
        main(["sweep", str(file), "--out", str(out)])
    told = capsys.readouterr()
    assert left.value.code == 2
    assert [word for word in wanted if word not in told.err] == [], told.err
    assert told.out == ""
    assert not out.exists()


def test_no_study(tmp_path, capsys):
    with pytest.raises(SystemExit) as left:
        main(["sweep", str(tmp_path / "no.toml"), "--out", str(tmp_path / "out")])
    assert left.value.code == 2
    assert "no.toml: there is no such file" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("more", "wanted"),
    [
        (["--workers", "2", "--cluster", "tcp://127.0.0.1:1"], "workers, cluster"),
        (["--out", "small.toml"], "is a file"),
        (["--out", "."], "holds 'small.csv' and no sweep"),
    ],
)
def test_bad_options(more, wanted, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as left:
        main(["sweep", str(written(tmp_path)), "--out", "out", *more])
    assert left.value.code == 2
    assert wanted in capsys.readouterr().err
    assert (tmp_path / "small.toml").is_file()
