"""The folder of a sweep: what counts as finished, and what is another sweep."""

import json
import shlex
import shutil

import pandas as pd
import pyarrow.parquet as pq
import pytest

import sim
from sim.cli import main
from sim.experiment.replications import ReplicationError
from sim.experiment.sweep import SweepError, load_study, sweep, worker
from sim.experiment.sweep.folder import ChangedError
from sim.units import BadInputError
from tests.support.sweep_studies import CENTER, STUDY, VOLUMES, parts, sums, written


@pytest.fixture
def study(tmp_path):
    return written(tmp_path)


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    folder = tmp_path_factory.mktemp("finished")
    sweep(written(folder), folder / "out", workers=1)
    return folder / "out"


@pytest.fixture
def out(finished, tmp_path):
    """A copy of a finished sweep, for one test."""
    shutil.copytree(finished, tmp_path / "out")
    return tmp_path / "out"


def test_the_table_holds_what_each_scenario_gives_alone(study, out):
    table = pd.read_parquet(out / "figures.parquet")
    assert set(table["cell"]) == set(range(1, 13))
    changed = sim.load(
        study.parent / "small.toml", {"queue.calls.volume": "+10%", "group.all.agents": 5}
    )
    result = sim.simulate(changed, runs=4, seed=1, engine="reference", workers=1)
    here = table[(table["queue.calls.volume"] == "+10%") & (table["group.all.agents"] == "5")]
    columns = ["scope", "name", "metric", "value", "low", "high", "unit", "note"]
    wanted = result.table()[columns]
    pd.testing.assert_frame_equal(
        here[columns].reset_index(drop=True), wanted, check_dtype=False, check_exact=True
    )
    cells = pd.read_parquet(out / "cells.parquet")
    assert cells["runs"].tolist() == [4] * 12
    assert json.loads(cells["changes"][0]) == {"queue.calls.volume": "-10%", "group.all.agents": 3}


def test_cells_share_all_random_numbers(out):
    table = pd.read_parquet(out / "figures.parquet")
    born = table[(table["metric"] == "customers") & (table["scope"] == "total")]
    assert born.groupby("queue.calls.volume")["value"].nunique().tolist() == [1, 1, 1]


def test_a_finished_sweep_simulates_nothing(study, out, monkeypatch):
    before = sums(out)
    monkeypatch.setattr(worker, "simulate", lambda *a, **k: pytest.fail("lived again"))
    again = sweep(study, out, workers=1)
    assert again.fresh == 0
    assert sums(out) == before


def cut(part):
    part.write_bytes(part.read_bytes()[:-100])


def emptied(part):
    part.write_bytes(b"")


def zeros(part):
    part.write_bytes(bytes(part.stat().st_size))


def altered(part):
    content = bytearray(part.read_bytes())
    content[len(content) // 3] ^= 1
    part.write_bytes(content)


def removed(part):
    part.unlink()


def of_another_cell(part):
    part.write_bytes(parts(part.parents[2])[0].read_bytes())


def rewritten(part):
    """Another number in a file that is otherwise valid."""
    table = pq.read_table(part)
    values = [0.5, *table.column("value").to_pylist()[1:]]
    at = table.schema.get_field_index("value")
    pq.write_table(table.set_column(at, table.schema.field(at), [values]), part)


def with_another_head(part):
    table = pq.read_table(part)
    pq.write_table(table.replace_schema_metadata({b"ccplan": b'"a text"'}), part)


def with_a_deep_head(part):
    table = pq.read_table(part)
    deep = b"[" * 50_000 + b"]" * 50_000
    pq.write_table(table.replace_schema_metadata({b"ccplan": deep}), part)


HARMS = [rewritten, cut, emptied, zeros, altered, removed, of_another_cell]


@pytest.mark.parametrize("harm", [*HARMS, with_another_head, with_a_deep_head])
def test_only_a_damaged_cell_file_is_simulated_again(harm, study, out):
    before = sums(out)
    harm(parts(out)[6])
    again = sweep(study, out, workers=1)
    assert again.fresh == 1
    assert sums(out) == before


BROKEN = {
    "no JSON": "{",
    "another thing": "[1, 2]",
    "a study of another kind": '{"study": 5, "scenario": {}}',
    "a scenario of another kind": '{"study": {}, "scenario": "retail_monday"}',
    "no scenario": '{"study": {}}',
    "no text": "\udcff",
    "deep": '{"study": {}, "scenario": ' + '{"a": ' * 100_000 + "1" + "}" * 100_001,
    "digits": '{"study": {}, "scenario": {}, "seed": ' + "9" * 5000 + "}",
}


def test_a_broken_manifest_is_made_anew(study, out):
    before = (out / "manifest.json").read_bytes()
    for name, text in BROKEN.items():
        (out / "manifest.json").write_bytes(text.encode(errors="surrogateescape"))
        assert sweep(study, out).fresh == 0, name
        assert (out / "manifest.json").read_bytes() == before, name


STRANGE = {
    "forged": {"study": {"a": {"b": 1}, "base\nerror: forged": "x\u001b[2J"}},
    "long": {"study": {"axis": "x" * 5000}},
    "kinds": {"cells": {"a": []}, "runs": [[]], "seed": None},
    "deep": {"study": json.loads('{"a": ' * 300 + "1" + "}" * 300)},
}


def test_a_different_manifest_is_reported_line_by_line(study, out):
    before = json.loads((out / "manifest.json").read_text())
    for name, damage in STRANGE.items():
        (out / "manifest.json").write_text(json.dumps(before | damage))
        with pytest.raises(ChangedError) as caught:
            sweep(study, out)
        lines = str(caught.value).splitlines()[1:-1]
        assert lines, name
        assert all(line.isprintable() and len(line) <= 1010 for line in lines), name
        assert all(line.startswith("  ") for line in lines), name


def test_a_lost_manifest_is_made_anew(study, out):
    before = sums(out)
    (out / "manifest.json").write_bytes(bytes(100))
    assert sweep(study, out, workers=1).fresh == 0
    assert sums(out) == before


CHANGES = [
    ("runs", "study.toml", STUDY.replace("runs = 4", "runs = 5"), ["runs: was 4, is 5"]),
    (
        "an axis",
        "study.toml",
        STUDY.replace('"+10%"]', '"+20%"]'),
        ["study.axis.queue.calls.volume.values", '"+10%"', '"+20%"'],
    ),
    (
        "figures",
        "study.toml",
        'figures = ["asa_s"]\n' + STUDY,
        ["study.figures: was [], is", "asa_s"],
    ),
    ("the scenario", "small.toml", CENTER.replace("2min", "1min"), ["scenario 'Small': its file"]),
    ("its name", "small.toml", CENTER.replace("Small", "Big"), ["was 'Small', is 'Big'"]),
    ("a file beside it", "small.csv", VOLUMES.replace("15", "16"), ["or a file beside it"]),
]


@pytest.mark.parametrize(
    ("file", "text", "wanted"), [c[1:] for c in CHANGES], ids=[c[0] for c in CHANGES]
)
def test_a_change_is_noticed_and_named(file, text, wanted, study, out, capsys):
    before = sums(out)
    if file == study.name:
        text = text.format(engine="reference")
    (study.parent / file).write_text(text)
    with pytest.raises(SystemExit) as left:
        main(["sweep", str(study), "--out", str(out)])
    told = capsys.readouterr().err
    assert left.value.code == 2
    assert told.startswith(f"error: {out}: was made otherwise and is left as it is:\n  ")
    assert [word for word in wanted if word not in told] == [], told
    assert "give another folder" in told
    assert sums(out) == before


def test_a_file_that_an_axis_names_is_watched_too(tmp_path):
    text = STUDY.replace('["-10%", "+0%", "+10%"]', '["small.csv:calls", "other.csv:calls"]')
    study = written(tmp_path, text)
    (tmp_path / "other.csv").write_text(VOLUMES.replace("20", "25"))
    sweep(study, tmp_path / "out", workers=1)
    (tmp_path / "other.csv").write_text(VOLUMES.replace("20", "26"))
    with pytest.raises(ChangedError, match="a file that a changed field names holds other"):
        sweep(study, tmp_path / "out", workers=1)


def test_another_version_is_noticed(study, out, monkeypatch):
    monkeypatch.setattr(sim, "__version__", "9.9.9")
    with pytest.raises(ChangedError, match=r'version of ccplan: was ".+", is "9\.9\.9"'):
        sweep(study, out, workers=1)


def test_another_seed_is_noticed(study, out):
    with pytest.raises(ChangedError, match="seed: was 1, is 7"):
        sweep(study, out, workers=1, seed=7)


def test_a_comment_changes_nothing(study, out):
    study.write_text("# why\n" + study.read_text())
    assert sweep(study, out, workers=1).fresh == 0


def test_a_failing_cell_is_named_and_the_others_are_kept(study, tmp_path, monkeypatch, capsys):
    real = worker.simulate

    def simulate(model, **options):
        if model.groups[0].headcount.max() == 5 and options["runs"] == 4:
            raise ReplicationError("scenario 'Small', seed 1, replication 3: IndexError: oh", 1, 3)
        return real(model, **options)

    monkeypatch.setattr(worker, "simulate", simulate)
    out = tmp_path / "out"
    with pytest.raises(SweepError) as failed:
        sweep(study, out, workers=1)
    message = str(failed.value)
    assert "3 of 12 cells failed; the others are kept" in message
    assert "cell 3 (queue.calls.volume=-10%, group.all.agents=5)" in message
    assert "seed 1, replication 3: IndexError: oh" in message
    assert len(parts(out)) == 9
    command = message.split("to reproduce it: ")[1].splitlines()[0]
    assert command == (
        f"ccplan run {study.parent / 'small.toml'} --set queue.calls.volume=-10% "
        "--set group.all.agents=5 --engine reference --seed 1 --runs 3"
    )
    monkeypatch.setattr(worker, "simulate", real)
    with pytest.raises(SystemExit):
        main(shlex.split(command)[1:])
    assert "3 replications" in capsys.readouterr().out
    assert sweep(study, out, workers=1).fresh == 3


def test_what_a_cell_changes_is_written_as_the_command_line_reads_it():
    changes = {"a": "lognormal 4min cv 1", "b": 8, "c": True, "d": {"x": "1min", "y": [1, 2]}}
    text = worker.replay_command("my file.toml", changes, 3, "auto")
    words = shlex.split(text)
    assert words[:3] == ["ccplan", "run", "my file.toml"]
    assert words[3:11] == [
        "--set", "a=lognormal 4min cv 1", "--set", "b=8", "--set", "c=true",
        "--set", 'd={ "x" = "1min", "y" = [1, 2] }',
    ]  # fmt: skip
    assert words[11:] == ["--seed", "3"]


def test_other_files_are_left_alone(study, tmp_path):
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "letter.txt").write_text("dear")
    with pytest.raises(BadInputError, match=r"holds 'letter\.txt' and no sweep"):
        sweep(study, tmp_path / "home")
    assert sorted(p.name for p in (tmp_path / "home").iterdir()) == [".lock", "letter.txt"]


@pytest.mark.slow
def test_precision_of_the_study_is_reached(tmp_path):
    text = STUDY.replace("runs = 4", 'precision = "4%"').replace("step = 1", "step = 3")
    swept = sweep(written(tmp_path, text), tmp_path / "out", workers=1)
    assert {one.runs for one in swept.cell_results.values()} != {20}
    for cell in swept.grid:
        assert swept.headline_of(cell.number).half <= 0.04


def test_only_the_requested_metrics_are_saved(tmp_path):
    text = 'figures = ["asa_s", "group.*.occupancy"]\n' + STUDY
    swept = sweep(written(tmp_path, text), tmp_path / "out", workers=1)
    found = set(swept.table()[["scope", "metric"]].itertuples(index=False, name=None))
    assert found == {("total", "asa_s"), ("total", "service_level"), ("group", "occupancy")}


def test_a_base_may_be_shipped(tmp_path):
    (tmp_path / "s.toml").write_text('base = "erlang_a"\n[axis]\n"center.name" = ["a", "b"]\n')
    assert load_study(tmp_path / "s.toml").source == "erlang_a"
