"""Two changes of one scenario, made apart, are put together by field."""

import tomllib

from sim.scenario.merging import Conflict, merged, merged_files

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


def test_the_same_field_is_told_with_both_values():
    mine = BASE.replace("agents = 5", "agents = 6").replace("volume = 40", "volume = 41")
    theirs = BASE.replace("agents = 5", "agents = 7")
    text, conflicts = merged(BASE, mine, theirs)
    assert conflicts == [Conflict("group.sales.agents", 6, 7)]
    assert tomllib.loads(text)["group"]["sales"]["agents"] == 7
    assert tomllib.loads(text)["queue"]["orders"]["volume"] == 41


def test_the_same_change_is_no_conflict():
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


def test_a_text_that_is_no_toml_is_kept_to_choose_from():
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


def test_files_are_added_and_removed_apart():
    base = {"a.csv": b"1", "b.csv": b"2"}
    files, conflicts = merged_files(base, {"b.csv": b"2", "c.csv": b"3"}, base | {"b.csv": b"4"})
    assert (files, conflicts) == ({"b.csv": b"4", "c.csv": b"3"}, [])
