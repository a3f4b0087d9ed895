"""Customers in a call log: telephone numbers by their digits, and identifiers that change."""

import datetime as dt

import numpy as np
import pytest

from sim.history.call_log import read_call_log
from sim.history.call_log.phone_numbers import phone_numbers

pytest.importorskip("pyarrow", reason="call logs are read with pyarrow")

SAME = {
    "1": ["(212) 555-0100", "212-555-0100", "+12125550100", "1-212-555-0100", "0012125550100"],
    "44": ["020 7946 0018", "+44 (0)20 7946 0018", "0044 20 7946 0018", "tel:+442079460018"],
    "45": ["12 34 56 78", "12345678", "+4512345678"],
    "49": ["030/1234567", "(030) 1234567", "+49 30 1234567"],
}


@pytest.mark.parametrize("code", SAME)
def test_a_number_is_one_however_it_is_written(code):
    others = ["+33 1 23 45 67 89", "0033123456789", "(030) 7654321"]
    found = phone_numbers([*SAME[code], *others])
    count = len(SAME[code])
    assert found.country_code == code
    assert len(set(found.keys[:count])) == 1
    assert found.keys[count] == found.keys[count + 1]
    assert len(set(found.keys)) == 3
    assert found.is_rewritten


def test_numbers_of_two_countries_stay_apart():
    found = phone_numbers(["0123 456 789", "+44 123 456 789", "+49 123 456 789", "+44 123456780"])
    assert found.country_code == "44"
    assert found.keys[0] == found.keys[1] != found.keys[2]


@pytest.mark.parametrize(
    "values",
    [
        ["5000123", "5000124"],
        ["12-34567", "123-4567"],
        ["caller 2125550100", "caller +12125550100"],
        [],
    ],
)
def test_other_identifiers_stay_as_they_are(values):
    assert phone_numbers(values) is None


def test_words_among_numbers_stay_words():
    found = phone_numbers(["+12125550100", "(212) 555-0100", "+12125550101", "1", "+1 2125550102"])
    assert found.keys[3] is None


def log_of(tmp_path, before, after):
    """Write 200 contacts of 50 customers, in the second half written in another way."""
    first = dt.datetime(2026, 3, 2, 9)
    lines = ["offered,wait,talk,agent,Phone\n"]
    for at in range(200):
        when = first + dt.timedelta(days=at // 20, minutes=at % 20)
        write = before if at < 100 else after
        lines.append(f"{when},1,60,a,{write(at % 50)}\n")
    path = tmp_path / "log.csv"
    path.write_text("".join(lines))
    return read_call_log(path, {"customer": "Phone"})


def test_numbers_written_in_another_way_from_a_day_on_are_the_same_customers(tmp_path):
    ways = (lambda n: f"(212) 555-01{n:02d}", lambda n: f"+121255501{n:02d}")
    found = log_of(tmp_path, *ways)
    assert np.unique(found.log.customer).size == 50
    (note,) = (one for one in found.cleaning.notes if "telephone" in one)
    assert "'Phone'" in note
    assert note.endswith("compared by their digits, without the country code +1")
    plain = log_of(tmp_path, ways[1], ways[1])
    assert plain.log.customer.tolist() == found.log.customer.tolist()
    assert not any("telephone" in one for one in plain.cleaning.notes)


def test_other_identifiers_written_in_another_way_from_a_day_on_are_named(tmp_path):
    ways = (lambda n: f"cust-{n}", lambda n: f"{n}/A")
    found = log_of(tmp_path, *ways)
    assert np.unique(found.log.customer).size == 100
    (note,) = (one for one in found.cleaning.notes if "another way" in one)
    assert "column 'Phone'" in note
    assert "from 2026-03-07 on" in note
    assert "cust" not in note.removeprefix("customers")
    mixed = (lambda n: ways[n % 2](n),) * 2
    for same in ((ways[0], ways[0]), mixed):
        assert not any("another way" in one for one in log_of(tmp_path, *same).cleaning.notes)
