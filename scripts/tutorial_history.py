"""Renew the first half of docs/tutorial-planning.md and the real center of docs/validate.md.

Usage: python -m scripts.tutorial_history [FOLDER]. Takes some minutes. It reads the data that
CCPLAN_DATA or ../shared/data holds, which are not part of the project: "Anonymous Bank" call log
(Guedj and Mandelbaum, Technion) and the five-minute counts of Weinberg, Brown and Stroud (2007,
Journal of the American Statistical Association 102). Forecast, calibration, validation and
staffing are the commands that the page shows; their output goes to FOLDER, a temporary one unless
named, and what is there already is not computed again. Only aggregates are saved, in
docs/tutorial/history.json.
"""

from __future__ import annotations

import csv
import gzip
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from scripts.history_charts import save_charts
from scripts.history_page import with_history
from sim.units import HOUR

ROOT = Path(__file__).resolve().parent.parent
PAGES = (ROOT / "docs" / "tutorial-planning.md", ROOT / "docs" / "validate.md")
RESULTS = ROOT / "docs" / "tutorial" / "history.json"
PICTURES = ROOT / "docs" / "tutorial"
DATA = Path(os.environ.get("CCPLAN_DATA", ROOT / ".." / "shared" / "data"))
COUNTS = Path("us_bank_2003") / "calls_5min_mar_jun.csv.gz"
LOG = Path("anonymous_bank") / "calls_1999_jan_apr.csv.gz"
FIRST, LAST, NEXT = "1999-01-01", "1999-02-28", "1999-03-01"
RUNS = 40


def main(folder: Path) -> None:
    """Compute everything, and write results, pictures and pages."""
    missing = [str(path) for path in (COUNTS, LOG) if not (DATA / path).exists()]
    if missing:
        raise SystemExit(f"No data here: {', '.join(missing)} in {DATA}; CCPLAN_DATA names it.")
    write_inputs(folder)
    arguments = {
        "forecast": ["counts.csv", "--interval", "30min"],
        "calibrate": [str(DATA / LOG), "--out", "center", "--from", FIRST, "--to", LAST],
        "validate": ["center/scenario.toml", "march_april.csv", "--given", "arrivals",
                     "--given", "agents", "--runs", str(RUNS)],
        "staff": ["center/scenario.toml", "--no-simulate"],
    }  # fmt: skip
    arguments["validate_talk"] = [*arguments["validate"], "--given", "talk"]
    output = {name: command(folder, name, words) for name, words in arguments.items()}
    results = {
        "forecast": forecast_results(output["forecast"]),
        "calibration": calibration_results(output["calibrate"]),
        "validation": validation_results(output["validate"]),
        "validation_with_talk": validation_results(output["validate_talk"]),
        "staffing": staffing_results(output["staff"]),
    }
    RESULTS.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    save_charts(PICTURES, results, output["validate"]["intervals"])
    for page in PAGES:
        page.write_text(with_history(page.read_text(encoding="utf-8"), results), encoding="utf-8")


def write_inputs(folder: Path) -> None:
    """Write the counts with titles that are known, and the log from March on."""
    with gzip.open(DATA / COUNTS, "rt", encoding="utf-8") as file:
        _, *lines = file
    (folder / "counts.csv").write_text("interval_start,offered\n" + "".join(lines))
    with (
        gzip.open(DATA / LOG, "rt", encoding="utf-8", newline="") as file,
        (folder / "march_april.csv").open("w", encoding="utf-8", newline="") as out,
    ):
        rows = csv.reader(file)
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(next(rows))
        writer.writerows(row for row in rows if row[0] >= NEXT)


def command(folder: Path, name: str, words: Sequence[str]) -> Any:
    """Return what a command prints as JSON, read from the folder if it is there already."""
    file = folder / f"{name}.json"
    if not file.exists():
        words = [sys.executable, "-m", "sim", name.partition("_")[0], *words, "--json"]
        path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
        done = subprocess.run(
            words,
            cwd=folder,
            stdout=subprocess.PIPE,
            env=os.environ | {"PYTHONPATH": path},
            check=False,
        )  # its exit code says whether goals are reached
        if not done.stdout:
            raise SystemExit(f"ccplan {name} printed nothing")
        file.write_bytes(done.stdout)
    return json.loads(file.read_text(encoding="utf-8"))


def forecast_results(found: dict[str, Any]) -> dict[str, Any]:
    """Return errors and coverage of the back-test."""
    (queue,) = found["queues"]
    keys = ("method", "horizon", "wape", "bias")
    return {
        "noise": queue["poisson_wape"],
        "back_test": [{key: row[key] for key in keys} for row in queue["back_test"]],
        "chosen": [
            {
                "horizon": one["horizon"],
                "weights": one["weights"],
                **{key: one["coverage"][key] for key in ("intervals", "days", "weeks")},
            }
            for one in queue["chosen"]
        ],
    }


def calibration_results(found: dict[str, Any]) -> dict[str, Any]:
    """Return what was estimated and what was changed to remove bias."""
    return {
        "contacts": found["contacts"],
        "days": found["days_used"],
        "changed": [
            {key: one[key] for key in ("what", "factor", "low", "high")} for one in found["moved"]
        ],
        "largest": {key: found["assumptions"][0][key] for key in ("name", "service_level")},
    }


def validation_results(found: dict[str, Any]) -> dict[str, Any]:
    """Return bias, errors and days inside of all queues together, and bias by queue."""
    wanted = ("service_level", "asa_s", "abandonment")
    return {
        "runs": found["runs"],
        "summary": [
            {key: row[key] for key in ("metric", "recorded", "simulated", "bias", "days",
                                       "inside_days")}
            for row in found["summary"]
            if row["queue"] == "all queues" and row["metric"] in (*wanted, "aht_s")
        ],
        "errors": [
            {key: row[key] for key in ("metric", "period", "count", "error", "random_error",
                                       "formula_error")}
            for row in found["errors"]
            if row["queue"] == "all queues" and row["metric"] in wanted
        ],
        "queues": _by_queue(found, wanted),
    }  # fmt: skip


def _by_queue(found: dict[str, Any], wanted: Sequence[str]) -> list[dict[str, Any]]:
    """Return the contacts of each queue, and the actual value and bias of some metrics."""
    queues: dict[str, dict[str, Any]] = {}
    for row in found["intervals"]:
        if row["metric"] == "offered" and row["queue"] != "all queues":
            one = queues.setdefault(row["queue"], {"queue": row["queue"], "contacts": 0})
            one["contacts"] += round(row["recorded"])
    for row in found["summary"]:
        if row["queue"] in queues and row["metric"] in wanted:
            keys = ("recorded", "bias", "days", "inside_days")
            queues[row["queue"]][row["metric"]] = {key: row[key] for key in keys}
    return list(queues.values())


def staffing_results(found: dict[str, Any]) -> dict[str, float]:
    """Return agent hours of the week: the load, those required, and those of the log."""
    rows = [
        row
        for row in found["requirement"]
        if row["scope"] == "group" and "T" in (row["interval"] or "")
    ]
    hours = found["interval_s"] / HOUR
    totals = {
        key: hours * sum(row[key] or 0.0 for row in rows)
        for key in ("load_erlangs", "required", "now_scheduled")
    }
    (sharing,) = found["sharings"]
    return totals | {"pooled": sharing["pooled_h"]}


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main(Path(sys.argv[1]))
    else:
        with TemporaryDirectory() as temporary:
            main(Path(temporary))
