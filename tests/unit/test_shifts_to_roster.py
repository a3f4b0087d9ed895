"""From volumes to persons: ``ccplan shifts``, then ``ccplan roster`` with what it wrote."""

import csv
import json
from collections import Counter

import pytest

from sim.cli import main

PERSONS = {"cards": 22, "digital": 11, "generalists": 46}


def run(capsys, *arguments):
    with pytest.raises(SystemExit) as left:
        main(arguments)
    out, err = capsys.readouterr()
    assert left.value.code in (0, None), err
    return out


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Persons with their skills, and a roster file that names both tables."""
    found = tmp_path_factory.mktemp("chain")
    with (found / "people.csv").open("w", newline="") as table:
        rows = csv.writer(table)
        rows.writerow(["person", "skills", "max_consecutive_days"])
        for group, count in PERSONS.items():
            rows.writerows([f"{group} {k:02d}", group, 5] for k in range(1, count + 1))
    (found / "roster.toml").write_text(
        'persons = "people.csv"\nshifts = { plan = "plan.json", days = "Mon-Tue" }\n'
        '[roster]\nname = "Bank"\ndays = 2\n[rules]\nmin_rest = 11\n'
    )
    return found


def required(document):
    """Agents of each shift, from the plan."""
    found = Counter()
    for row in document["shifts"]:
        found[row["group"], row["start"], row["end"]] += row["agents"]
    return found


@pytest.mark.parametrize("ending", ["json", "toml"])
def test_the_shifts_of_retail_monday_are_assigned_to_persons(capsys, folder, tmp_path, ending):
    out = ["--out", str(tmp_path / "monday.toml")]
    document = json.loads(run(capsys, "shifts", "retail_monday", "--json", *out))
    (folder / "plan.json").write_text(json.dumps(document))
    plan = folder / "plan.json" if ending == "json" else tmp_path / "monday.toml"
    arguments = [str(folder / "roster.toml"), "--shifts", str(plan)]
    roster = json.loads(run(capsys, "roster", *arguments, "--time-limit", "20s", "--json"))
    assert roster["feasible"]
    assert roster["uncovered"] == []
    assert roster["notes"] == []
    for index in (0, 1):
        worked = Counter()
        for row in roster["assignments"]:
            if row["index"] == index:
                group = row["person"].rsplit(" ", 1)[0]
                worked[group, row["start"], row["end"]] += 1
        assert worked == required(document)
    hours = sum(row["hours"] for row in roster["assignments"])
    paid = 2 * document["hours"]
    unpaid = sum(row["agents"] * 0.5 for row in document["shifts"] if row["pattern"] == "full-time")
    assert hours == pytest.approx(paid if ending == "json" else paid + 2 * unpaid)
