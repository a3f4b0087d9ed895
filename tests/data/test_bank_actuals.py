"""A simulated week of a bank compared with its recorded half hours, as by the command."""

import gzip
from datetime import timedelta
from pathlib import Path

import pytest

import sim
from sim.fileio import table_from_text
from sim.history.tables.actuals import read_actuals
from sim.planning.compare_with_actuals import Validation, validate
from verification.bank import DAYS, WEEK, bank_week


@pytest.fixture(scope="module")
def found(data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Validation:
    scenario = bank_week(data_dir, 900, tmp_path_factory.mktemp("bank"))
    result = sim.simulate(scenario, runs=6, seed=1)
    path = data_dir / "anonymous_bank" / "intervals_30min_jan_apr.csv.gz"
    record = table_from_text("half_hours.csv", gzip.decompress(path.read_bytes()).decode())
    return validate(scenario, result, read_actuals(record))


def test_the_columns_are_understood_by_themselves(found: Validation) -> None:
    assert [one.metric for one in found.verdicts] == [
        "offered", "answered", "abandonment", "service_level", "asa_s", "aht_s",
    ]  # fmt: skip
    assert any("they are outside the scenario (" in text for text in found.warnings)


def test_the_record_is_read_whole(found: Validation) -> None:
    offered = next(one for one in found.verdicts if one.metric == "offered")
    assert offered.recorded == 9106  # counted in the record of these seven days
    # Recorded arrivals are used as they are, so nothing is random.
    assert offered.simulated == 9106
    assert (offered.error, offered.inside) == (0, 1)
    assert {cell.day for cell in found.cells} == {
        (WEEK + timedelta(k)).isoformat() for k in range(DAYS)
    }


def test_abandonment_is_as_near_as_the_verification_says(found: Validation) -> None:
    lost = next(one for one in found.verdicts if one.metric == "abandonment")
    assert lost.recorded == pytest.approx(0.223, abs=0.001)
    # The agents are inferred from gaps of 15 minutes: about two points too few abandon.
    assert -0.035 < lost.bias < 0.005
    assert lost.chance_low < lost.error
    assert 0.4 < lost.inside < 0.95
