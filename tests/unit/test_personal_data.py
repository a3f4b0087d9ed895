"""Columns that are written out never hold numbers or addresses of customers."""

import datetime as dt

import pytest

from sim.cli import main
from sim.history.call_log import read_call_log
from sim.history.call_log.log_outcomes import outcome_names
from sim.history.read_history import read_history
from sim.history.tables.personal_data import check_names, is_personal, masked
from sim.planning.actuals_file import read_actuals_file
from sim.scenario import Scenario, ScenarioError
from tests.support.call_log_rows import TITLES, as_csv, contacts


@pytest.fixture(scope="module")
def rows():
    return contacts(7)


def with_cells(rows, title, cell_of):
    """Return the rows with another cell, by number of the row, in one column."""
    at = TITLES.index(title)
    return [(*row[:at], cell_of(k), *row[at + 1 :]) for k, row in enumerate(rows)]


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("+49 30 1234567", True), ("(212) 555-0100", True), ("2125550100.0", True),
        ("tel:2125550100", True), ("ID 1234567", True), ("anna@example.com", True),
        ("billing", False), ("Queue 42", False), ("line 1 (2026)", False), ("0800", False),
        ("orders @ night", False), ("Team 1000001", True), ("Phone 5551234567", True),
        ("+49 89 1234-567 (Sales)", True), ("Smith, J. <a17@x.com>", True),
        ("a@x.com;b@y.com", True), ("IBAN DE89 3704 0044 0532 0130 00", True),
        ("Mon-Fri 08:00-17:30", False), ("123456.0", False),
        ("3f250420-4389-11d3-9a0c-030582233010", False),
    ],
)  # fmt: skip
def test_numbers_and_addresses_differ_from_names(value, found):
    assert is_personal(value) == found


def test_an_example_is_masked():
    assert masked("+49 30 1234567") == "+** ** *******"
    assert masked("anna@example.com") == "a***@*******.***"


NUMBERS = [f"2125550{k:03d}" for k in range(600)]
ADDRESSES = [f"person{k}@example.com" for k in range(600)]


@pytest.mark.parametrize("values", [NUMBERS, ADDRESSES, [f"cust-{k}" for k in range(600)]])
def test_a_queue_of_customers_is_refused_without_their_values(values, rows, tmp_path):
    log = tmp_path / "log.csv"
    log.write_text(as_csv(TITLES, with_cells(rows, "Queue", lambda k: values[k % 600])))
    with pytest.raises(ScenarioError) as refused:
        read_call_log(log)
    message = str(refused.value)
    assert str(log) in message
    assert "Queue" in message
    assert f"such as {masked(values[0])!r}" in message
    assert "--column queue=" in message
    assert not any(value in message for value in values)


def test_some_numbers_among_names_of_queues_are_refused_too(rows, tmp_path):
    """Small queues are named in a note: one customer there is one too many."""
    log = tmp_path / "log.csv"
    names = ["billing", "orders", "08005550100"]
    log.write_text(as_csv(TITLES, with_cells(
        rows, "Queue", lambda k: NUMBERS[k] if k < 5 else names[k % 3]
    )))  # fmt: skip
    with pytest.raises(
        ScenarioError, match="has 5 values like telephone numbers.* in 5 of 500 rows; "
    ):
        read_call_log(log)


@pytest.mark.parametrize("values", [NUMBERS[:20], ["help@bank.example", "vip@bank.example"]])
def test_numbers_and_mailboxes_of_the_center_are_queues(values, rows, tmp_path):
    log = tmp_path / "log.csv"
    found = with_cells(rows, "Queue", lambda k: values[k % len(values)])
    log.write_text(as_csv(TITLES, found))
    assert set(read_call_log(log).log.queues) == set(values)


def test_a_rare_number_among_those_of_the_center_is_allowed_and_many_are_not():
    usual = dict.fromkeys(NUMBERS[:9], 500)
    check_names("f", "t", "queue", usual | {NUMBERS[9]: 2})
    for others in (NUMBERS[9:14], ["0800123"], ["08005550100"], ["anna@example.com"]):
        with pytest.raises(ScenarioError, match="correct or remove them"):
            check_names("f", "t", "queue", usual | dict.fromkeys(others, 2))
    mailboxes = {"help@bank.example": 900, "vip@bank.example": 400}
    check_names("f", "t", "queue", mailboxes)
    for other in ("new@bank.example", "new@mail.example"):
        with pytest.raises(ScenarioError, match="has 1 value like"):
            check_names("f", "t", "queue", mailboxes | {other: 2})
    american = {f"+1800555010{k}": 500 for k in range(4)}
    with pytest.raises(ScenarioError, match="has 1 value like"):
        check_names("f", "t", "queue", american | {"+12125550143": 1})
    check_names("f", "t", "queue", {f"queue {k}": 1 for k in range(60)})


@pytest.mark.parametrize(
    "names",
    [
        {f"8{k:06}": 1_700 for k in range(30)}, {f"FIL 8{k:06}": 120 for k in range(25)},
        {f"0800{k:04}": 3_000 if k < 8 else 1 for k in range(11)},
        {f"line {'abcdefghij'[k % 10]}{'xy'[k % 2] * k}": 1 + k * k // 2000 for k in range(254)},
        {f"line {k}": 3 + (k > 200) * 40 for k in range(254)},
    ],
)  # fmt: skip
def test_names_of_many_rows_each_are_those_of_the_center(names):
    check_names("f", "t", "queue", names)


@pytest.mark.parametrize(
    "names",
    [
        dict.fromkeys(NUMBERS[:21], 99), dict.fromkeys(NUMBERS[:20], 9),
        {f"0800{k:04}": 3_000 if k < 8 else 1 for k in range(600)},
        {f"Ms {'abcdefghij'[k % 10]}{'xy'[k % 2] * k}": 1 + k % 2 for k in range(254)},
        {f"cust-{k}": 3 + k % 2 for k in range(254)},
    ],
)  # fmt: skip
def test_names_of_few_rows_each_are_those_of_customers(names):
    with pytest.raises(ScenarioError):
        check_names("f", "t", "queue", names)


def test_a_stray_number_is_counted_and_never_shown():
    names = {"billing": 30_000, "orders": 20_755, NUMBERS[0]: 3}
    with pytest.raises(ScenarioError) as refused:
        check_names("f", "t", "queue", names)
    message = str(refused.value)
    assert "'2*********', in 3 of 50,758 rows: correct or remove them;" in message
    assert "or write names in place of these values in the file" in message
    assert NUMBERS[0] not in message
    check_names("f", "t", "queue", names, known=[NUMBERS[0]])


@pytest.mark.parametrize(
    "form", ["2026-{:02}-{:02}", "{1:02}.{0:02}.2026", "2026{:02}{:02}", "{}/{}/26 08:00:00"]
)
def test_dates_are_called_dates(form):
    days = {form.format(1 + k % 12, 1 + k // 12): 1 for k in range(240)}
    with pytest.raises(ScenarioError, match="like dates|as dates have") as refused:
        check_names("f", "t", "queue", days)
    assert "customers" not in str(refused.value)


@pytest.mark.parametrize(("meaning", "title"), [("channel", "Channel"), ("outcome", "Outcome")])
def test_channels_and_outcomes_are_no_customers_either(meaning, title, rows, tmp_path):
    log = tmp_path / "log.csv"
    titles = (*TITLES, "Channel")
    found = [(*row, "phone") for row in rows]
    at = titles.index(title)
    found = [(*row[:at], NUMBERS[k % 600], *row[at + 1 :]) for k, row in enumerate(found)]
    log.write_text(as_csv(titles, found))
    with pytest.raises(ScenarioError) as refused:
        read_call_log(log)
    assert f"--column {meaning}=TITLE" in str(refused.value)
    assert not any(value in str(refused.value) for value in NUMBERS)
    if meaning == "outcome":
        with pytest.raises(ScenarioError, match="like telephone numbers"):
            outcome_names(log, {"outcome": title, "offered": "Start time", "wait": "Waited",
                                "agent": "Agent"})  # fmt: skip


def table(queue_of, rows=960):
    start = dt.datetime(2026, 1, 5)
    lines = [
        f"{start + dt.timedelta(minutes=30 * (k // 2))},{queue_of(k)},{5 + k % 7}"
        for k in range(rows)
    ]
    return "\n".join(["interval_start,queue,offered", *lines]) + "\n"


def test_a_forecast_names_no_customers(tmp_path, capsys):
    file = tmp_path / "table.csv"
    file.write_text(table(lambda k: NUMBERS[k % 600]))
    with pytest.raises(SystemExit, match="2"):
        main(["forecast", str(file)])
    message = capsys.readouterr().err
    assert "like telephone numbers" in message
    assert not any(value in message for value in NUMBERS)
    file.write_text(table(lambda k: NUMBERS[k % 2]))
    assert {one.queue for one in read_history(file).queues} == set(NUMBERS[:2])


def test_calibrate_writes_nothing_of_a_queue_of_customers(rows, tmp_path, capsys):
    log = tmp_path / "log.csv"
    log.write_text(as_csv(TITLES, with_cells(rows, "Queue", lambda k: NUMBERS[k % 600])))
    with pytest.raises(SystemExit, match="2"):
        main(["calibrate", str(log), "--out", str(tmp_path / "center")])
    assert not (tmp_path / "center").exists()
    said = capsys.readouterr()
    assert not any(value in said.out + said.err for value in NUMBERS)


@pytest.mark.parametrize("is_log", [True, False])
def test_queues_of_a_scenario_may_be_rare_numbers_in_its_actuals(is_log, rows, tmp_path):
    file = tmp_path / "actuals.csv"
    if is_log:
        found = with_cells(rows, "Queue", lambda k: NUMBERS[0] if k < 3 else "orders")
        file.write_text(as_csv(TITLES, found))
    else:
        file.write_text(table(lambda k: NUMBERS[0], rows=1))
    with pytest.raises(ScenarioError, match="like telephone numbers"):
        read_actuals_file(file, scenario_with_queue("other"))
    read = read_actuals_file(file, scenario_with_queue(NUMBERS[0]))
    assert NUMBERS[0] in {entry.queue for entry in read.actuals.entries}


def scenario_with_queue(name):
    return Scenario.parse(f"""
[center]
first_day = 2026-03-02
days = 7
open = "09:00-15:00"

[queue."{name}"]
volume = 4
talk = "3min"

[group.sales]
agents = 2
skills = {{ "{name}" = 1 }}
""")
