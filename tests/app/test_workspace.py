"""The workspace: plain files that survive, stay in their folder, and are reported when damaged."""

import io
import json
import zipfile

import pytest

import sim
from sim.app.simulation_jobs import MOST_STORED, ResultCache
from sim.app.workspace import MOST_SAVED, SavedResult, Variant, as_text, storage
from sim.app.workspace.archive import MOST_UNPACKED, packed, unpacked
from sim.app.workspace.folder import Folder
from sim.app.workspace.history import HISTORY, MOST, add_version, content_of, versions
from sim.app.workspace.names import slug
from sim.app.workspace.toml_writer import toml_text
from sim.scenario import Scenario
from sim.units import BadInputError

PLAIN = """# Does one fewer matter?
[center]
name = "Shop"
[queue.calls]
volume = "week.csv:calls"
talk = "exponential 3min"
[group.agents]
agents = 4
skills = { calls = 1 }
"""


@pytest.fixture
def shop(tmp_path):
    folder = tmp_path / "source"
    folder.mkdir()
    (folder / "week.csv").write_text("calls\n" + "\n".join(["30"] * 48))
    return Scenario.parse(PLAIN, folder)


@pytest.fixture
def work(tmp_path):
    return storage.open_workspace(tmp_path / "work")


def opened_again(work):
    return storage.open_workspace(work.folder.root)


def kept(shop, name="Today", note="", words=("One fewer", "Busy"), runs=4):
    changed = shop.with_(**{"group.agents.agents": "-1"}).with_(**{"queue.calls.volume": "+10%"})
    return SavedResult(name, note, changed, words, sim.simulate(changed, runs=runs, seed=7))


def test_a_saved_result_has_the_same_metrics_after_a_restart(work, shop):
    one = kept(shop, note="=cmd()")
    work.save_result(one)
    again = opened_again(work).saved_results["Today"]
    assert (again.note, again.runs, again.seed) == ("=cmd()", 4, 7)
    assert again.words == ("One fewer", "Busy")
    assert again.scenario.fingerprint == one.scenario.fingerprint
    assert again.result is None
    level, before = again.service_level, one.result.estimate("service_level")
    assert (level.value, level.low, level.high) == (before.value, before.low, before.high)
    simulated = sim.simulate(again.scenario, runs=again.runs, seed=again.seed)
    assert simulated.rows == one.result.rows
    assert [words for words, _ in again.changes] == ["One fewer", "Busy"]


def test_a_kept_result_is_plain_files_that_stand_alone(work, shop, tmp_path):
    import pandas as pd

    work.save_result(kept(shop))
    place = work.folder.root / "results" / "today"
    assert {p.name for p in place.iterdir()} == {
        "result.toml",
        "scenario.toml",
        "week.csv",
        "figures.parquet",
    }
    assert (place / "scenario.toml").read_text() == PLAIN
    figures = pd.read_parquet(place / "figures.parquet")
    assert "service_level" in set(figures.metric)
    alone = sim.load(place / "scenario.toml")
    assert alone.fingerprint == shop.fingerprint


def test_kept_results_have_different_names(work, shop):
    one = kept(shop)
    work.save_result(one)
    with pytest.raises(BadInputError, match="name: 'Today' is taken"):
        work.save_result(one)
    with pytest.raises(BadInputError, match="name: is empty"):
        work.save_result(kept(shop, "  "))
    assert work.free_name("Today") == "Today (2)"
    work.save_result(kept(shop, "today!"))  # the same name of a folder
    assert list(opened_again(work).saved_results) == ["Today", "today!"]
    work.remove_result("Today")
    work.remove_result("Today")
    assert list(work.saved_results) == ["today!"]


def test_kept_results_are_bounded(work, shop, monkeypatch):
    monkeypatch.setattr(storage, "MOST_SAVED", 1)
    assert MOST_SAVED >= 20
    work.save_result(kept(shop))
    with pytest.raises(BadInputError, match="at most 1 can be saved"):
        work.save_result(kept(shop, "another"))


def test_two_windows_on_one_workspace_see_each_others_work(work, shop):
    other = opened_again(work)
    assert not other.saved_results
    work.save_result(kept(shop))
    assert list(other.saved_results) == ["Today"]
    other.remove_result("Today")
    assert not work.saved_results


@pytest.mark.parametrize(
    ("file", "content", "words"),
    [
        ("result.toml", "name = ", "is damaged"),
        ("result.toml", 'name = "a"', "is missing"),
        ("scenario.toml", "[queue", "no valid TOML"),
        ("scenario.toml", PLAIN.replace("agents = 4", "agents = 9"), "was changed after"),
        ("week.csv", "", "is empty"),
        ("result.toml", b"\xff\xfe\x00", "is damaged"),
    ],
)
def test_a_damaged_result_is_reported_and_the_others_work(work, shop, file, content, words):
    work.save_result(kept(shop))
    work.save_result(kept(shop, "Other"))
    path = work.folder.root / "results" / "today" / file
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    again = opened_again(work)
    assert list(again.saved_results) == ["Other"]
    assert [words in text and "results/today" in text for text in again.damaged] == [True]
    assert path.exists()
    again.folder.remove("results/today")
    assert not again.damaged


@pytest.mark.parametrize("content", ["{", "[1]", "\x00", '{"a": 1'])
def test_damaged_values_are_no_reason_to_stop(work, content):
    work.set_value("a", 1)
    (work.folder.root / "values.json").write_text(content)
    assert opened_again(work).values == {}


def test_values_of_fields_survive(work):
    work.set_value("runs", 50)
    work.set_value("odd", object())
    assert opened_again(work).values == {"runs": 50}
    assert json.loads((work.folder.root / "values.json").read_text()) == {"runs": 50}


def test_variants_lie_over_their_scenario(work, shop):
    one = Variant("Fewer", "a note", "mine/shop", ("less",), ({"group.agents.agents": "-1"},))
    work.save_variant(one)
    assert opened_again(work).variants("mine/shop") == {"Fewer": one}
    assert opened_again(work).variants("retail_monday") == {}
    assert one.over(shop).group["agents"].agents.each == 3
    with pytest.raises(BadInputError, match="is taken"):
        work.save_variant(one)
    work.remove_variant("mine/shop", "Fewer")
    assert not work.variants()


def test_own_scenarios_are_kept_once(work, shop):
    name = work.add_scenario(shop, "My shop.toml")
    assert name == "my-shop-toml"
    assert work.add_scenario(shop, "again") == name
    again = opened_again(work).scenarios[name]
    assert again.fingerprint == shop.fingerprint
    assert again.text == PLAIN


@pytest.mark.parametrize(
    "name", ["../x", "/etc/passwd", "a/../../x", "", "C:/x", "a\\..\\x", "results/\n"]
)
def test_no_path_leads_out_of_the_folder(tmp_path, name):
    with pytest.raises(BadInputError):
        Folder(tmp_path / "work").write(name, "x")
    assert list(tmp_path.iterdir()) == []


def test_no_link_leads_out_of_the_folder(tmp_path):
    (tmp_path / "work").mkdir()
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "a.toml").write_text("secret = 1")
    (tmp_path / "work" / "results").symlink_to(tmp_path / "secret")
    folder = Folder(tmp_path / "work")
    with pytest.raises(BadInputError, match="leaves the workspace"):
        folder.read("results/a.toml")
    with pytest.raises(BadInputError, match="leaves the workspace"):
        folder.write("results/b.toml", "")
    assert folder.every() == []


def test_a_zip_contains_everything(work, shop, tmp_path):
    work.save_result(kept(shop))
    work.add_scenario(shop, "shop")
    work.save_variant(Variant("V", "", "mine/shop", ("x",), ({"group.agents.agents": 3},)))
    other = storage.open_workspace(tmp_path / "other")
    unpacked(other.folder, packed(work.folder))
    assert list(other.saved_results) == ["Today"]
    there, here = other.saved_results["Today"], work.saved_results["Today"]
    assert (there.scenario, there.runs, there.seed) == (here.scenario, here.runs, here.seed)
    assert there.service_level.value == here.service_level.value
    assert list(other.scenarios) == ["shop"]
    assert list(other.variants()) == ["V"]
    assert packed(other.folder) == packed(work.folder)


def test_a_zip_overwrites_nothing(work, shop, tmp_path):
    work.save_result(kept(shop))
    other = storage.open_workspace(tmp_path / "other")
    other.save_result(kept(shop, "today", "mine", runs=2))
    unpacked(other.folder, packed(work.folder))
    assert {one.note for one in other.saved_results.values()} == {"mine", ""}
    assert other.folder.folders("results") == ["today", "today-2"]


def zipped(files):
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as book:
        for name, content in files.items():
            book.writestr(name, content)
    return sink.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (lambda: b"no zip", "is damaged or not a ZIP file"),
        (lambda: zipped({}), "is empty"),
        (lambda: zipped({"results/a/../../../x.toml": ""}), "not a workspace file"),
        (lambda: zipped({"/results/a/x.toml": ""}), "not a workspace file"),
        (lambda: zipped({"results/a/.x.toml": ""}), "not a workspace file"),
        (lambda: zipped({"results/a/run.py": ""}), "not a workspace file"),
        (lambda: zipped({"elsewhere/a.toml": ""}), "not a workspace file"),
        (lambda: zipped({"results/a/x.csv": b"0" * (MOST_UNPACKED + 1)}), "unpacks to more"),
        (lambda: zipped({f"results/{k}/a.toml": "" for k in range(5001)}), "5,001 files"),
    ],
)
def test_a_zip_that_is_not_allowed_changes_nothing(work, content, words):
    with pytest.raises(BadInputError, match=words):
        unpacked(work.folder, content())
    assert not work.folder.root.exists()


def test_a_link_in_a_zip_is_refused(work):
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as book:
        link = zipfile.ZipInfo("results/a/x.toml")
        link.external_attr = 0o120777 << 16
        book.writestr(link, "/etc/passwd")
    with pytest.raises(BadInputError, match="not a workspace file"):
        unpacked(work.folder, sink.getvalue())


def test_tables_come_back_as_they_were():
    import tomllib

    table = {
        "name": 'a "quoted" \\ name\n\x7f\t=1',
        "list": ["+10%", 1, 2.5, True],
        "step": [{"words": "x", "set": {"a.b": "+1", "c": {"d e": [1]}}}, {"set": {"f": 2}}],
    }
    assert tomllib.loads(toml_text(table)) == table


@pytest.mark.parametrize(
    ("name", "file"),
    [("Busy Monday", "busy-monday"), ("../../x", "x"), ("=1+1", "1-1"), ("äö", "unnamed")],
)
def test_names_of_files_are_plain(name, file):
    assert slug(name) == file


def test_the_store_forgets_what_was_not_asked_for_the_longest():
    store = ResultCache()
    for k in range(MOST_STORED):
        store.put(("s", k, 1), k)
    assert store.get(("s", 0, 1)) == 0
    store.put(("s", MOST_STORED, 1), MOST_STORED)
    assert store.get(("s", 0, 1)) == 0
    assert store.get(("s", 1, 1)) is None
    assert len(store.results) == MOST_STORED


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Retail bank", "Retail bank"),
        ("**bold**", r"\*\*bold\*\*"),
        ("[a](http://b)", r"\[a\]\(http\://b\)"),
        ("<b>$x$</b>", r"\<b\>\$x\$\</b\>"),
        (":material/home:", r"\:material/home\:"),
        ("two\nlines", "two lines"),
    ],
)
def test_names_are_shown_letter_by_letter(name, shown):
    assert as_text(name) == shown


def test_two_windows_do_not_overwrite_each_others_fields(work):
    one, other = opened_again(work), opened_again(work)
    one.set_value("volume", 10)
    other.set_value("patience", 20)
    assert opened_again(work).values == {"volume": 10, "patience": 20}
    one.forget_values("vol")
    assert opened_again(work).values == {"patience": 20}


def test_a_copy_of_a_scenario_has_its_variants(work):
    step = {"group.agents.agents": "-1"}
    work.save_variant(Variant("Fewer", "", "retail_monday", ("One fewer",), (step,)))
    work.copy_variants("retail_monday", "mine/shop")
    work.copy_variants("retail_monday", "mine/shop")
    assert list(work.variants("mine/shop")) == list(work.variants("retail_monday")) == ["Fewer"]
    assert work.variant_count == 2
    work.remove_variant("mine/shop")
    assert (work.variants("mine/shop"), work.variant_count) == ({}, 1)


def test_variants_follow_a_scenario_beside_those_of_its_new_name(work):
    for base, step in (("mine/a", "-1"), ("mine/b", "-2")):
        one = Variant("Fewer", "", base, ("Fewer",), ({"group.agents.agents": step},))
        work.save_variant(one)
    work.move_variants("mine/a", "mine/b")
    assert work.variants("mine/a") == {}
    steps = {name: one.steps[0]["group.agents.agents"] for name, one in work.variants().items()}
    assert steps == {"Fewer": "-2", "Fewer (2)": "-1"}


def test_a_full_workspace_takes_a_file_in_place_of_one_as_long(tmp_path):
    folder = Folder(tmp_path, most=100)
    folder.write("a.txt", "x" * 90)
    folder.write("a.txt", "y" * 90)
    folder.write("a.txt", "z" * 100)
    with pytest.raises(BadInputError, match="at most"):
        folder.write("a.txt", "z" * 101)
    assert folder.read("a.txt") == b"z" * 100


def test_the_oldest_versions_go_with_the_files_that_only_they_had(work):
    place, history = "scenarios/shop", f"scenarios/shop/{HISTORY}"
    for k in range(MOST + 3):
        files = {"week.csv": b"calls\n1\n" if k < 2 else b"calls\n2\n"}
        add_version(work.folder, place, (f"# {k}", files))
    known = versions(work.folder, place)
    assert [one.text for one in known] == [f"# {k}" for k in range(MOST + 2, 2, -1)]
    assert len(known) == len(work.folder.files(history, ".json")) == MOST
    assert [content_of(work.folder, place, one)[1] for one in known] == [files] * MOST
    (left,) = work.folder.files(f"{history}/files", ".csv")
    assert work.folder.read(f"{history}/files/{left}") == b"calls\n2\n"
