"""From volumes to persons: ``ccplan shifts``, then ``ccplan roster`` with what it wrote."""

import contextlib
import csv
import io
import json
from collections import Counter

import pytest

from sim.cli import main

PERSONS = {"cards": 22, "digital": 11, "generalists": 46}


def run(*arguments):
    out = io.StringIO()
    with pytest.raises(SystemExit) as left, contextlib.redirect_stdout(out):
        main(arguments)
    assert left.value.code in (0, None)
    return out.getvalue()


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
        'persons = "people.csv"\nshifts = { plan = "plan.json", days = "Mon" }\n'
        '[roster]\nname = "Bank"\ndays = 1\n[rules]\nmin_rest = 11\n'
    )
    plan = run("shifts", "retail_monday", "--json", "--out", str(found / "plan.toml"))
    (found / "plan.json").write_text(plan)
    return found


def required(document):
    """Agents of each shift, from the plan."""
    found = Counter()
    for row in document["shifts"]:
        found[row["group"], row["start"], row["end"]] += row["agents"]
    return found


@pytest.mark.parametrize("ending", [pytest.param("json", marks=pytest.mark.slow), "toml"])
def test_the_shifts_of_retail_monday_are_assigned_to_persons(folder, ending):
    document = json.loads((folder / "plan.json").read_text())
    arguments = [str(folder / "roster.toml"), "--shifts", str(folder / f"plan.{ending}")]
    roster = json.loads(run("roster", *arguments, "--time-limit", "20s", "--json"))
    assert roster["feasible"]
    assert roster["uncovered"] == []
    assert roster["notes"] == []
    worked = Counter()
    for row in roster["assignments"]:
        worked[row["person"].rsplit(" ", 1)[0], row["start"], row["end"]] += 1
    assert worked == required(document)
    hours = sum(row["hours"] for row in roster["assignments"])
    unpaid = sum(row["agents"] * 0.5 for row in document["shifts"] if row["pattern"] == "full-time")
    assert hours == pytest.approx(document["hours"] + (unpaid if ending == "toml" else 0))
