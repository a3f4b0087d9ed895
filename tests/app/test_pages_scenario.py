"""Scenario without a browser: fields change the text, errors stand beside them, tables import."""

import datetime as dt
import io
import tomllib
import zipfile
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from sim.app.scenario_draft import KEY, parsed
from sim.app.workspace import Variant, as_text

PAGE = "from sim.app.pages import scenario\nscenario.page()"


def opened(part, scenario="callback_peak", **state):
    test = AppTest.from_string(PAGE, default_timeout=30)
    test.session_state["scenario"] = scenario
    test.session_state["scenario:part"] = part
    for key, value in state.items():
        test.session_state[key.replace("__", ":")] = value
    return checked(test.run())


def checked(test):
    assert not test.exception
    return test


def draft(test):
    return test.session_state[KEY]


def field(test, path):
    drawn = [*test.text_input, *test.selectbox]
    return next(one for one in drawn if one.key == f"field:{draft(test).number}:{path}")


def test_fields_stand_under_the_headings_of_their_declaration():
    from sim.scenario.form_fields import fields_of, record_at

    for part, path in (("Center", "center"), ("Queues", "queue.orders"), ("Groups", "group.sales")):
        declared = [one.section for one in fields_of(record_at(path)) if one.section]
        drawn = [one.value for one in opened(part).subheader]
        assert [name for name in drawn if name in declared] == list(dict.fromkeys(declared)), part


def button(test, label):
    return next(one for one in test.button if one.label == label)


def texts(found):
    return " ".join(one.value for one in found)


@pytest.mark.parametrize(
    "part",
    ["Summary", "Center", "Queues", "Self-service", "Groups", "Targets", "Events", "Levers",
     "By interval", "Upload volumes", "Text"],
)  # fmt: skip
@pytest.mark.parametrize(
    "scenario", ["retail_monday", pytest.param("power_of_one", marks=pytest.mark.slow)]
)
def test_every_part_opens(part, scenario):
    assert not opened(part, scenario).error


def test_every_field_is_there_with_its_help():
    from sim.scenario.form_fields import fields_of, record_at

    test = opened("Queues", "retail_monday")
    drawn = {one.key: one for one in [*test.text_input, *test.selectbox]}
    for one in fields_of(record_at("queue.billing")):
        if one.kind in ("record", "table"):
            continue
        assert drawn[f"field:0:queue.billing.{one.key}"].help == one.help
    assert drawn["field:0:queue.billing.callback.accepted"].value == "37%"
    assert drawn["field:0:queue.billing.talk"].label == "Talk *"


def test_a_change_of_a_shipped_scenario_becomes_a_copy_that_every_page_sees():
    test = opened("Queues", scenario__queue="orders")
    before = draft(test).text
    field(test, "queue.orders.balk").set_value("5%").run()
    assert not test.exception
    now = draft(test)
    assert now.problems == ()
    assert set(now.text.splitlines()) - set(before.splitlines()) == {'balk = "5%"'}
    assert test.session_state["scenario"] == now.source == "mine/callback-peak"
    kept = test.session_state["workspace"].scenarios["callback-peak"]
    assert kept.queue["orders"].balk == 0.05
    assert kept.text == now.text
    field(test, "queue.orders.balk").set_value("").run()
    assert draft(test).text == before


def test_a_wrong_value_is_reported_at_its_field_and_nothing_is_lost():
    test = opened("Queues", scenario__queue="orders")
    field(test, "queue.orders.balk").set_value("140%").run()
    assert field(test, "queue.orders.balk").value == "140%"
    told = [one.value for one in test.error]
    assert any("One field is invalid" in one for one in told)
    assert sum("more than 100%" in one for one in told) == 1
    assert 'balk = "140%"' in draft(test).text
    assert "140%" not in test.session_state["workspace"].scenarios.__repr__()
    again = AppTest.from_string(PAGE, default_timeout=30)
    again.session_state["workspace"] = test.session_state["workspace"]
    checked(again.run())
    assert field(again, "queue.orders.balk").value == "140%"  # a fresh window, the same workspace
    assert draft(again).problems == draft(test).problems
    field(test, "queue.orders.balk").set_value("4%").run()
    assert not test.error
    assert draft(test).problems == ()


def test_the_bar_tells_fields_that_are_not_right():
    bar = "\nfrom sim.app.changes_bar import changes_bar\nchanges_bar()"
    test = AppTest.from_string(PAGE + bar, default_timeout=30)
    test.session_state["scenario"] = "callback_peak"
    test.session_state["scenario:part"] = "Queues"
    test.session_state["scenario:queue"] = "orders"
    checked(test.run())
    assert "No unsaved changes" in texts(test.markdown)
    checked(field(test, "queue.orders.balk").set_value("140%").run())
    assert "Page *Scenario*: 1 field is invalid" in texts(test.markdown)
    assert "No unsaved changes" not in texts(test.markdown)
    again = AppTest.from_string(bar, default_timeout=30)
    again.session_state["scenario"] = "callback_peak"
    again.session_state["workspace"] = test.session_state["workspace"]
    assert "Page *Scenario*: fields are invalid" in texts(checked(again.run()).markdown)
    checked(field(test, "queue.orders.balk").set_value("4%").run())
    told = texts(test.markdown)
    assert "**Copy of A peak with callbacks**, base scenario" in told
    assert "No unsaved changes" in told


def test_a_copy_is_distinguished_from_its_original_in_the_picker():
    test = opened("Queues", scenario__queue="orders")
    field(test, "queue.orders.balk").set_value("5%").run()
    picker = next(one for one in checked(test).selectbox if one.key == "scenario")
    assert {"A peak with callbacks", "Copy of A peak with callbacks"} < set(picker.options)
    test.session_state["scenario"] = "callback_peak"
    checked(test.run())
    field(test, "queue.orders.balk").set_value("6%").run()
    picker = next(one for one in checked(test).selectbox if one.key == "scenario")
    assert [one for one in picker.options if one.startswith("Copy")] == [
        "Copy callback-peak of A peak with callbacks",
        "Copy callback-peak-2 of A peak with callbacks",
    ]


def test_a_field_with_parts_is_drawn_as_plain_fields():
    test = opened("Center", "retail_monday")
    assert field(test, "center.busyness.cv").value == "6%"
    assert "{" not in "".join(one.value for one in test.text_input)
    field(test, "center.busyness.cv").set_value("8%").run()
    kept = checked(test).session_state["workspace"].scenarios["retail-monday"]
    assert (kept.center.busyness.cv, kept.center.busyness.shared) == (0.08, 0.6)


def test_a_choice_and_a_needed_field():
    test = opened("Queues", scenario__queue="orders")
    field(test, "queue.orders.route").set_value("least busy").run()
    assert 'route = "least busy"' in draft(test).text
    field(test, "queue.orders.talk").set_value("").run()
    assert any("talk" in problem.path for problem in draft(test).problems)


def test_the_text_and_the_forms_are_one():
    test = opened("Text")
    text = test.text_area[0].value
    assert text.startswith("# Do callbacks save")
    test.text_area[0].set_value(text.replace("at_close", "# a note\nat_close") + "\n# end\n").run()
    assert draft(test).text.endswith("# end\n")
    test.text_area[0].set_value(text + "[queue.orders\n").run()
    assert "no valid TOML" in texts(test.markdown)
    assert test.text_area[0].value.endswith("[queue.orders\n")
    test.session_state["scenario:part"] = "Queues"
    test.run()
    assert not test.exception
    assert "correct it under Text" in texts(test.info)


def test_queues_are_added_and_removed():
    test = opened("Queues", scenario__queue="orders")
    next(one for one in test.text_input if one.key == "new:queue").set_value("chat*s").run()
    button(test, "Add").click().run()
    assert not test.exception
    assert "volume = 20" in draft(test).text
    assert test.session_state["scenario:queue"] == "chat*s"
    button(test, f"Remove {as_text('chat*s')}").click().run()
    assert not test.exception
    assert "chat*s" not in draft(test).text
    next(one for one in test.text_input if one.key == "new:queue").set_value("a.b").run()
    button(test, "Add").click().run()
    assert "is not a valid name; allowed" in texts(test.error)


def test_rows_of_a_table_change_the_text():
    from dataclasses import replace

    from sim.scenario.table_rows import change_rows

    test = opened("Groups", "retail_monday", scenario__group="generalists")
    now = draft(test)
    changes = {"edited_rows": {0: {"level": "2"}}}
    text = change_rows(now.text, "group.generalists.skills", changes)
    assert parsed(replace(now, text=text)).group["generalists"].skills["billing"].level == 2


PASTED = "interval_start\tqueue\toffered\taht_s\n09:00\torders\t111\t00:05:00\n"


def test_volumes_are_mapped_previewed_and_taken():
    test = opened("Upload volumes", volumes__paste=PASTED)
    assert "were guessed from their titles" in texts(test.caption)
    mapped = {one.label: one.value for one in test.selectbox}
    assert (mapped["Offered"], mapped["Channel"]) == ("offered", "(no column)")
    assert test.dataframe[0].value["offered"].tolist() == ["111"]
    assert test.dataframe[1].value["Contacts of the table"].tolist() == ["111"]
    button(test, "Import volumes").click().run()
    assert not test.exception
    now = draft(test)
    assert now.problems == ()
    assert tomllib.loads(now.text)["queue"]["orders"]["volume"] == "volumes.csv:orders"
    assert now.files["volumes.csv"].decode().splitlines()[1] == "09:00,111"
    with zipfile.ZipFile(io.BytesIO(now.archive())) as book:
        assert sorted(book.namelist()) == ["callback-peak.toml", "volumes.csv"]


def test_a_bad_table_is_reported_by_row_and_column():
    test = opened("Upload volumes", volumes__paste=PASTED.replace("111", "many"))
    assert "offered: 'many' must be a number of 0 or more" in texts(test.error).replace("\\", "")
    assert not test.dataframe[1:]
    test = opened("Upload volumes", volumes__paste=PASTED.replace("orders", "x <b>"))
    assert not test.exception


def test_changes_are_undone_one_by_one():
    test = opened("Queues", scenario__queue="orders")
    assert button(test, "Undo").disabled
    before = draft(test).text
    field(test, "queue.orders.balk").set_value("5%").run()
    field(test, "queue.orders.talk").set_value("long").run()
    assert draft(test).problems
    button(test, "Undo").click().run()
    assert draft(test).problems == ()
    assert 'balk = "5%"' in draft(test).text
    assert test.session_state["workspace"].scenarios["callback-peak"].queue["orders"].balk == 0.05
    button(test, "Undo").click().run()
    assert draft(test).text == before
    assert button(checked(test), "Undo").disabled


def test_what_is_wrong_is_put_away_even_after_a_refresh():
    test = opened("Queues", scenario__queue="orders")
    right = draft(test).text
    field(test, "queue.orders.talk").set_value("long").run()
    again = AppTest.from_string(PAGE, default_timeout=30)
    again.session_state["workspace"] = test.session_state["workspace"]
    checked(again.run())
    assert draft(again).problems
    button(again, "Restore last valid version").click().run()
    assert (draft(again).text, draft(again).problems, list(again.error)) == (right, (), [])
    button(again, "Undo").click().run()
    assert draft(checked(again)).problems


def test_volumes_that_do_not_fit_leave_the_scenario_as_it_was():
    test = opened("Upload volumes", volumes__paste=PASTED.replace("111", "1e30"))
    assert not test.exception
    assert draft(test).problems == ()
    assert "volumes.csv" not in draft(test).files
    assert "10,000,000" in texts(test.error)
    assert all(one.label != "Import volumes" for one in test.button)


def test_the_first_change_keeps_the_variant_and_what_start_tries():
    test = opened("Queues", scenario__queue="orders")
    space = test.session_state["workspace"]
    space.save_variant(Variant("Busy", "", "callback_peak", ("Volume +5 %",), (
        {"queue.orders.volume": "+5%"},)))  # fmt: skip
    checked(test.run())
    chosen = {one.key: one for one in test.selectbox}
    chosen["variant:callback_peak"].set_value("Busy").run()
    space.set_value("start:callback_peak|Busy:|queue.orders.talk", 10)
    field(test, "queue.orders.balk").set_value("5%").run()
    checked(test)
    assert test.session_state["scenario"] == "mine/callback-peak"
    assert {one.key: one.value for one in test.selectbox}["variant:mine/callback-peak"] == "Busy"
    assert space.values["start:mine/callback-peak|Busy:|queue.orders.talk"] == 10


def test_undoing_a_first_wrong_change_makes_no_copy():
    test = opened("Queues", scenario__queue="orders")
    field(test, "queue.orders.talk").set_value("long").run()
    button(test, "Undo").click().run()
    checked(test)
    assert draft(test).problems == ()
    assert test.session_state["scenario"] == "callback_peak"
    assert test.session_state["workspace"].scenarios == {}


def test_own_scenarios_and_variants_are_removed():
    test = opened("Queues", scenario__queue="orders")
    assert "Remove" not in [one.label for one in test.button]
    field(test, "queue.orders.balk").set_value("5%").run()
    name = test.session_state["workspace"].scenarios["callback-peak"].name
    button(test, f"Remove {as_text(name)} and its variants").click().run()
    checked(test)
    assert test.session_state["workspace"].scenarios == {}
    assert test.session_state["scenario"] == "retail_monday"


def test_a_change_that_changes_nothing_makes_no_copy():
    text = PAGE + "\nfrom sim.app.scenario_draft import change\nchange(lambda one: one)"
    test = AppTest.from_string(text, default_timeout=30)
    test.session_state["scenario"] = "retail_monday"
    checked(test.run())
    assert test.session_state["workspace"].scenarios == {}
    assert test.session_state["scenario"] == "retail_monday"


def sent(test, scenario, path, value, number):
    """Have a field that was drawn for a draft send its value, as browsers do when it goes."""
    text = (
        PAGE
        + f"""
import streamlit as st
from sim.app.scenario_forms import _typed
st.session_state["field:{number}:{path}"] = {value!r}
_typed({path!r}, "text", {number})
"""
    )
    other = AppTest.from_string(text, default_timeout=30)
    for key in (KEY, "workspace", "scenario:part", "scenario:past"):
        other.session_state[key] = test.session_state[key]
    other.session_state["scenario"] = scenario
    other.session_state["scenario:part"] = "Summary"
    return checked(other.run())


def test_a_field_that_sends_what_it_showed_makes_no_copy():
    path = "group.generalists.wage"
    test = opened("Groups", "retail_monday", scenario__group="generalists")
    shown = field(test, path).value
    assert (shown, "wage = 22.0" in draft(test).text) == ("22", True)
    test = sent(test, "retail_monday", path, shown, 0)
    assert test.session_state["workspace"].scenarios == {}
    test = sent(test, "retail_monday", path, "22.00", 0)  # the same number
    assert test.session_state["workspace"].scenarios == {}
    test = sent(test, "retail_monday", path, "23", 0)
    kept = test.session_state["workspace"].scenarios["retail-monday"]
    assert kept.group["generalists"].wage == 23


def test_a_field_of_one_scenario_is_never_written_into_another():
    test = opened("Queues", "retail_monday")
    number = draft(test).number
    test = sent(test, "callback_peak", "queue.billing.balk", "5%", number)
    assert draft(test).source == "callback_peak"
    assert "billing" not in draft(test).text
    assert test.session_state["workspace"].scenarios == {}


def test_a_field_typed_into_while_the_copy_is_made_goes_into_the_copy():
    test = opened("Queues", "retail_monday")
    number = draft(test).number
    field(test, "queue.billing.balk").set_value("5%").run()
    assert draft(test).source == "mine/retail-monday"
    test = sent(test, "mine/retail-monday", "queue.billing.talk", "4min", number)
    kept = test.session_state["workspace"].scenarios["retail-monday"]
    assert tomllib.loads(kept.text)["queue"]["billing"]["talk"] == "4min"


def test_a_table_saved_while_another_scenario_is_chosen_does_not_take_the_choice_back():
    test = opened("By interval", "retail_monday")
    text = (
        "from dataclasses import replace\nfrom sim.app.scenario_draft import change\n"
        "change(lambda one: replace(one, text=one.text + '# seen'))\n" + PAGE
    )
    other = AppTest.from_string(text, default_timeout=30)
    for key in (KEY, "workspace", "scenario:part"):
        other.session_state[key] = test.session_state[key]
    other.session_state["scenario"] = "callback_peak"
    checked(other.run())
    assert len(test.session_state["workspace"].scenarios) == 1
    assert other.session_state["scenario"] == "callback_peak"


def test_times_by_interval_persons_and_talk_variation_can_be_typed_into_forms():
    queues = opened("Queues")
    intervals = len(
        parsed(draft(queues)).center.grid.open_intervals(parsed(draft(queues)).center.open)
    )
    rows = ", ".join(f'"exponential {180 + k}s"' for k in range(intervals))
    field(queues, "queue.orders.talk").set_value(f"[{rows}]")
    checked(queues.run())
    talk = parsed(draft(queues)).queue["orders"].talk
    assert [row.mean for row in talk.rows] == [180 + k for k in range(intervals)]
    field(queues, "queue.orders.talk").set_value('["1min"]')
    assert "1 rows; expected" in texts(checked(queues.run()).error)
    center = opened("Center")
    field(center, "center.talk_variation").set_value("9%")
    assert parsed(draft(checked(center.run()))).center.talk_variation.cv == 0.09
    field(center, "center.talk_variation").set_value('{ cv = "9%", level_change = "1%" }')
    field(checked(center.run()), "center.talk_variation.level_date").set_value("2025-12-01")
    variation = parsed(draft(checked(center.run()))).center.talk_variation
    assert (variation.level_change, variation.level_date) == (0.01, dt.date(2025, 12, 1))
    field(center, "center.talk_variation.level_date").set_value("2099-12-01")
    assert "is after the first day" in texts(checked(center.run()).error)


def test_persons_of_a_file_are_a_field_and_those_of_a_list_a_table():
    for written, is_field in (('"team.csv"', True), ('[{ name = "Ada" }]', False)):
        groups = opened("Groups")
        own = draft(groups)
        text = own.text.replace("[group.sales]", f"[group.sales]\npersons = {written}")
        groups.session_state[KEY] = replace(own, text=text)
        checked(groups.run())
        drawn = [one.key for one in groups.text_input if one.key.endswith("group.sales.persons")]
        assert bool(drawn) == is_field
