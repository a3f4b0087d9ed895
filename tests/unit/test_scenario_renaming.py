"""Renaming queues and groups: everything that names them follows, all else stays as it was."""

import tomllib

import pytest

from sim.fileio.cell_edit import rename_column
from sim.resources import shipped_scenarios
from sim.scenario import Scenario, load
from sim.scenario.editing import EditError
from sim.scenario.lever_changes import scenario_levers
from sim.scenario.renaming import rename, renamed_center, renamed_step
from sim.units import BadInputError

TEXT = """# Do we have enough?

[center]
open = "09:00-11:00"  # half a morning

# The calls
[queue.calls]
volume = "week.csv:calls"
talk = "exponential 3min"
retry = { share = "50%", after = "exponential 5min", by = "calls" }  # again

[queue.mail]
channel = "email"
volume = 5
talk = "exponential 3min"
due = "1day"
[queue.mail.transfer]
calls = "5%"

[bot.calls]
session = "exponential 1min"
contained = "10%"

[group."first line"]
agents = "week.csv:first line"
[group."first line".skills]
calls = 1
mail = 2
[group."first line".interrupts]
mail = "for calls"
"""
WEEK = b"start;calls;first line\r\n09:00;10;4\r\n09:30;12,5;4\r\n10:00;9;5\r\n10:30;8;5\r\n"


def test_what_names_a_queue_follows_and_every_other_line_stays():
    text, files = rename((TEXT, {"week.csv": WEEK}), "queue", "calls", "Tier-1 (a)")
    data = tomllib.loads(text)
    assert list(data["queue"]) == ["Tier-1 (a)", "mail"]
    assert data["queue"]["Tier-1 (a)"]["retry"]["by"] == "Tier-1 (a)"
    assert data["queue"]["Tier-1 (a)"]["volume"] == "week.csv:Tier-1 (a)"
    assert data["queue"]["mail"]["transfer"] == {"Tier-1 (a)": "5%"}
    assert list(data["bot"]) == ["Tier-1 (a)"]
    group = data["group"]["first line"]
    assert group["skills"] == {"Tier-1 (a)": 1, "mail": 2}
    assert group["interrupts"] == {"mail": "for Tier-1 (a)"}
    assert files["week.csv"] == WEEK.replace(b";calls;", b";Tier-1 (a);")
    kept = [line for line in TEXT.splitlines() if "calls" not in line]
    assert [line for line in text.splitlines() if line in kept] == kept
    assert text.index('[queue."Tier-1 (a)"]') > text.index("# The calls")


def test_a_group_and_its_column_are_renamed():
    text, files = rename((TEXT, {"week.csv": WEEK}), "group", "first line", "team")
    assert tomllib.loads(text)["group"]["team"]["agents"] == "week.csv:team"
    assert "[group.team.skills]" in text
    assert files["week.csv"].startswith(b"start;calls;team\r\n")


def test_a_column_keeps_its_title_where_the_new_one_is_taken():
    text, files = rename((TEXT, {"week.csv": WEEK}), "queue", "calls", "First line")
    assert tomllib.loads(text)["queue"]["First line"]["volume"] == "week.csv:calls"
    assert files["week.csv"] == WEEK


def shipped_names():
    for at, (name, file) in enumerate(shipped_scenarios().items()):
        data = tomllib.loads(file.read_text(encoding="utf-8"))
        for kind in ("queue", "group"):
            first, *others = data[kind]
            mine = kind == ("queue", "group")[at % 2]
            yield pytest.param(name, kind, first, marks=[] if mine else [pytest.mark.slow])
            yield from (pytest.param(name, kind, one, marks=pytest.mark.slow) for one in others)


@pytest.mark.parametrize(("name", "kind", "old"), list(shipped_names()))
def test_every_queue_and_group_that_is_shipped_can_be_renamed(name, kind, old, tmp_path):
    before = load(name)
    files = {one: path.read_bytes() for one, path in before.data_files.items()}
    text, files = rename((before.text, files), kind, old, "new name")
    for one, content in files.items():
        (tmp_path / one).write_bytes(content)
    after = Scenario.parse(text, tmp_path)
    assert "new name" in getattr(after, kind)
    assert old not in getattr(after, kind)
    back, files = rename((text, files), kind, "new name", old)
    for one, content in files.items():
        (tmp_path / one).write_bytes(content)
    assert Scenario.parse(back, tmp_path).fingerprint == before.fingerprint


@pytest.mark.parametrize(
    ("kind", "old", "new", "message"),
    [
        ("queue", "calls", "mail", "there is a 'mail' already"),
        ("queue", "calls", "a.b", "is not a name"),
        ("queue", "calls", " ", "is not a name"),
        ("queue", "phone", "a", "there is none"),
        ("bot", "calls", "a", "there is none"),
    ],
)
def test_wrong_names_are_refused(kind, old, new, message):
    with pytest.raises(EditError, match=message):
        rename((TEXT, {}), kind, old, new)


def test_changes_of_a_variant_follow():
    step = {
        "queue.calls.volume": "+10%",
        "group.first line.skills.calls.level": 2,
        "queue.mail.transfer.calls": "3%",
        "group.first line.skills": {"calls": 1, "mail": 2},
        "queue.mail.retry": {"share": 0.5, "after": "5min", "by": "calls"},
    }
    assert renamed_step(step, "queue", "calls", "phone") == {
        "queue.phone.volume": "+10%",
        "group.first line.skills.phone.level": 2,
        "queue.mail.transfer.phone": "3%",
        "group.first line.skills": {"phone": 1, "mail": 2},
        "queue.mail.retry": {"share": 0.5, "after": "5min", "by": "phone"},
    }
    assert renamed_step({"group.a.agents": 3}, "group", "a", "b") == {"group.b.agents": 3}


def test_name_and_question_change_and_notes_stay():
    text = '# What if?\n# Really?\n#\n# A note.\n\n[center]\nname = "A"\nopen = "always"\n'
    changed = renamed_center(text, "B", "Enough   people?")
    assert changed.startswith('# Enough people?\n#\n# A note.\n\n[center]\nname = "B"\n')
    assert renamed_center("[queue.a]\nvolume = 1\n", "B", "Why?").startswith("# Why?\n\n")
    assert not renamed_center(text, "B", "").startswith("# What")
    with pytest.raises(EditError, match="is empty"):
        renamed_center(text, " ", "")


def test_a_title_is_changed_in_its_own_encoding():
    content = "Zeit;Störung\n09:00;4\n".encode("cp1252")
    assert rename_column(content, "Störung", "Fälle") == content.replace(
        "Störung".encode("cp1252"), "Fälle".encode("cp1252")
    )


@pytest.mark.parametrize("value", ["9" * 5000, "[" * 3000, '"'])
def test_a_text_that_cannot_be_read_is_refused(value):
    with pytest.raises(BadInputError, match="TOML|number|brackets"):
        rename((f"{TEXT}\nx = {value}\n", {}), "queue", "calls", "phone")


def test_a_bot_that_is_not_a_table_is_left_unchanged():
    text = TEXT.replace("[bot.calls]", "[bot.mail]") + "\n[bot]\ncalls = 5\n"
    text, _ = rename((text, {}), "queue", "calls", "phone")
    assert tomllib.loads(text)["bot"]["calls"] == 5


LEVERS = """
[event.sick]
start = "09:30"
length = "30min"
changes = { "bot.calls" = "off", "queue.calls.talk" = "+20%" }

[lever.hire]
changes = { "group.first line.agents" = "+1", "group.first line.skills.mail.speed" = "+5%" }

[lever.train]
changes = { "group.first line.skills.calls" = 2 }

[lever.bot]
of = ["calls"]
cost = { use = 0.1, per = "queue.calls.sessions" }
[lever.bot.changes]
"bot.calls.contained" = "+10pp"
"queue.mail.transfer.calls" = "4%"
"queue.*.volume" = "-1%"
"""


def test_paths_of_levers_and_events_follow_a_renamed_queue_with_its_bot():
    text, _ = rename((TEXT + LEVERS, {"week.csv": WEEK}), "queue", "calls", "phone")
    data = tomllib.loads(text)
    assert data["event"]["sick"]["changes"] == {"bot.phone": "off", "queue.phone.talk": "+20%"}
    assert data["lever"]["train"]["changes"] == {"group.first line.skills.phone": 2}
    assert data["lever"]["hire"] == tomllib.loads(LEVERS)["lever"]["hire"]
    assert data["lever"]["bot"] == {
        "of": ["phone"],
        "cost": {"use": 0.1, "per": "queue.phone.sessions"},
        "changes": {
            "bot.phone.contained": "+10pp", "queue.mail.transfer.phone": "4%",
            "queue.*.volume": "-1%",
        },
    }  # fmt: skip


def test_paths_of_levers_follow_a_renamed_group():
    text, _ = rename((TEXT + LEVERS, {"week.csv": WEEK}), "group", "first line", "calls")
    levers = tomllib.loads(text)["lever"]
    assert levers["hire"]["changes"] == {
        "group.calls.agents": "+1", "group.calls.skills.mail.speed": "+5%"
    }  # fmt: skip
    assert levers["train"]["changes"] == {"group.calls.skills.calls": 2}
    assert levers["bot"] == tomllib.loads(LEVERS)["lever"]["bot"]


def test_a_bot_with_a_queue_of_its_own_keeps_its_name_in_levers():
    own = (TEXT + LEVERS).replace("[bot.calls]", '[bot.calls]\nqueue = "calls"')
    text, _ = rename((own, {"week.csv": WEEK}), "queue", "calls", "phone")
    data = tomllib.loads(text)
    assert data["event"]["sick"]["changes"] == {"bot.calls": "off", "queue.phone.talk": "+20%"}
    assert "bot.calls.contained" in data["lever"]["bot"]["changes"]
    assert data["lever"]["bot"]["of"] == ["calls", "phone"]


def test_a_shipped_scenario_with_levers_means_the_same_under_other_names():
    file = shipped_scenarios()["shop_levers"]
    content = (file.read_text(encoding="utf-8"), {})
    for kind, old, new in (("queue", "chat", "talk"), ("group", "phones", "voice team")):
        content = rename(content, kind, old, new)
    center = Scenario.parse(content[0])
    changes = {one.name: set(one.changes) for one in scenario_levers(center)}
    assert changes["bot_coverage"] == {"bot.talk.contained"}
    assert changes["agent"] == {"group.voice team.agents"}
    assert changes["cross_training"] == {"group.voice team.skills.talk"}
