"""Two changes of one scenario, made apart, are put together by field."""

import tomllib

import pytest

from sim.scenario.merging import Conflict, changed_paths, merged, merged_files

BASE = """
# A shop.
[queue.orders]
volume = 40  # a day like others
talk = "exponential 3min"

[group.sales]
agents = 5
shrinkage = "10%"
skills = { orders = 1 }
"""


def test_other_fields_of_the_same_group_are_both_kept():
    mine = BASE.replace("agents = 5", "agents = 6")
    theirs = BASE.replace('"10%"', '"30%"')
    text, conflicts = merged(BASE, mine, theirs)
    assert conflicts == []
    assert tomllib.loads(text)["group"]["sales"] == {
        "agents": 6,
        "shrinkage": "30%",
        "skills": {"orders": 1},
    }
    assert "# a day like others" in text


def test_the_same_field_is_reported_with_both_values():
    mine = BASE.replace("agents = 5", "agents = 6").replace("volume = 40", "volume = 41")
    theirs = BASE.replace("agents = 5", "agents = 7")
    text, conflicts = merged(BASE, mine, theirs)
    assert conflicts == [Conflict("group.sales.agents", 6, 7)]
    assert tomllib.loads(text)["group"]["sales"]["agents"] == 7
    assert tomllib.loads(text)["queue"]["orders"]["volume"] == 41


def test_the_same_change_does_not_conflict():
    both = BASE.replace("agents = 5", "agents = 6")
    assert merged(BASE, both, both + "# seen\n") == (both + "# seen\n", [])


def test_a_number_that_became_a_table_goes_with_another_change():
    mine = BASE.replace("volume = 40", "volume = { exact = 40 }")
    text, conflicts = merged(BASE, mine, BASE.replace("agents = 5", "agents = 6"))
    assert conflicts == []
    assert tomllib.loads(text)["queue"]["orders"]["volume"] == {"exact": 40}
    assert tomllib.loads(text)["group"]["sales"]["agents"] == 6


def test_a_field_of_a_table_that_is_gone_is_a_conflict():
    mine = BASE.replace('"10%"', '"20%"').replace("skills =", "wage = 20\nskills =")
    theirs = BASE.partition("[group")[0]
    text, conflicts = merged(BASE, mine, theirs)
    assert text == theirs
    assert {one.path for one in conflicts} == {"group.sales.shrinkage", "group.sales.wage"}


def test_invalid_toml_is_kept_to_choose_from():
    theirs = BASE.replace("agents = 5", "agents = 6")
    assert merged(BASE, "[queue", theirs) == (theirs, [Conflict("", "[queue", theirs)])


def test_tables_beside_it_are_put_together_cell_by_cell():
    base = b"start,a,b\n08:00,1,2\n08:30,3,4\n"
    mine = base.replace(b"08:00,1,2", b"08:00,9,2")
    theirs = base.replace(b"08:00,1,2", b"08:00,1,8").replace(b"3,4", b"3,7")
    files, conflicts = merged_files({"v.csv": base}, {"v.csv": mine}, {"v.csv": theirs})
    assert files == {"v.csv": b"start,a,b\n08:00,9,8\n08:30,3,7\n"}
    assert conflicts == []
    other = base.replace(b"08:00,1,2", b"08:00,5,2")
    files, conflicts = merged_files({"v.csv": base}, {"v.csv": mine}, {"v.csv": other})
    assert files == {"v.csv": other}
    assert conflicts == [Conflict("v.csv", mine, other, is_file=True)]


SEMICOLONS = "start;calls;chats\n08:00;12,5;3\n08:30;14,5;4\n"
QUOTED = 'start,calls,chats\n08:00,"1,200","2,400"\n08:30,"1,300","2,500"\n'


def both(base, mine, theirs):
    files, conflicts = merged_files(
        *({"v.csv": text.encode()} for text in (base, mine, theirs)),
    )
    return files["v.csv"].decode(), bool(conflicts)


@pytest.mark.parametrize(
    ("base", "old", "mine", "theirs"),
    [
        ("start;calls\n08:00;12,5\n08:30;14,5\n", "12,5", "12,7", "13,5"),
        (SEMICOLONS, "12,5", "12,7", "13,5"),
        (QUOTED, '"1,200"', '"9,200"', '"1,900"'),
        ('a,b\n"x,y",1\n"u,v",2\n', '"x,y"', '"z,y"', '"x,w"'),
        ('a;b\n1;"x\ny"\n2;3\n', '"x\ny"', '"z\ny"', '"x\nw"'),
        ("# a, b\na,b\n1,2\n", "# a, b", "# c, b", "# a, d"),
    ],
)
def test_one_cell_changed_twice_is_a_conflict_whatever_is_in_it(base, old, mine, theirs):
    other = base.replace(old, theirs)
    assert both(base, base.replace(old, mine), other) == (other, True)


def test_cells_are_those_that_the_reader_sees():
    mine, theirs = SEMICOLONS.replace("12,5;3", "12,7;3"), SEMICOLONS.replace("12,5;3", "12,5;9")
    assert both(SEMICOLONS, mine, theirs) == (SEMICOLONS.replace("12,5;3", "12,7;9"), False)
    mine, theirs = QUOTED.replace('"1,200"', '"1,900"'), QUOTED.replace('"2,400"', '"3,400"')
    wanted = QUOTED.replace('"1,200","2,400"', '"1,900","3,400"')
    assert both(QUOTED, mine, theirs) == (wanted, False)
    mine = SEMICOLONS.replace("14,5", "15,5")
    found = both(SEMICOLONS, mine, SEMICOLONS.replace("\n", "\r\n"))
    assert found == (mine.replace("\n", "\r\n"), False)


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        # A row removed at the top and one added at the end: rows are others at the same place.
        ("t,a,b\n09:00,3,4\n10:00,3,6\n11:00,1,1\n", "t,a,b\n08:00,3,4\n09:00,3,7\n10:00,3,6\n"),
        # Columns that changed places: the value of one would be written into the other.
        ("t,b,a\n08:00,4,3\n09:00,4,3\n10:00,6,3\n", "t,a,b\n08:00,3,9\n09:00,3,4\n10:00,3,6\n"),
        # Another separator.
        ("t;a;b\n08:00;3;4\n09:00;3;4\n10:00;3;6\n", "t,a,b\n08:00,3,4\n09:00,3,4\n10:00,3,7\n"),
        # A column more.
        (
            "t,a,b,c\n08:00,3,4,1\n09:00,3,4,1\n10:00,3,6,1\n",
            "t,a,b\n08:00,3,5\n09:00,3,4\n10:00,3,6\n",
        ),
    ],
)  # fmt: skip
def test_rows_and_columns_that_moved_are_a_conflict(mine, theirs):
    base = "t,a,b\n08:00,3,4\n09:00,3,4\n10:00,3,6\n"
    assert both(base, mine, theirs) == (theirs, True)
    assert both(base, theirs, mine) == (mine, True)


def test_a_column_that_is_titled_anew_goes_with_a_changed_cell():
    base = "t,a,b\n08:00,3,4\n"
    mine, theirs = base.replace("t,a", "t,cards"), base.replace("3,4", "3,7")
    assert both(base, mine, theirs) == ("t,cards,b\n08:00,3,7\n", False)


@pytest.mark.parametrize("mine", ["a = " + "[" * 3000, "a = " + "9" * 5000, "a = 1\na = 2"])
def test_what_cannot_be_read_is_reported_as_a_whole(mine):
    assert merged(BASE, mine, BASE + "# seen\n")[1] == [Conflict("", mine, BASE + "# seen\n")]
    assert changed_paths(mine, BASE) == []


def test_files_are_added_and_removed_apart():
    base = {"a.csv": b"1", "b.csv": b"2"}
    files, conflicts = merged_files(base, {"b.csv": b"2", "c.csv": b"3"}, base | {"b.csv": b"4"})
    assert (files, conflicts) == ({"b.csv": b"4", "c.csv": b"3"}, [])
