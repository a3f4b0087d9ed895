"""What a sweep of the workspace can be downloaded as."""

import io

import openpyxl
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from sim.app.csv_download import csv_bytes
from sim.app.sweep.design import Range, document_of
from sim.app.sweep.downloads import page, workbook
from sim.app.sweep.saved_sweeps import write_sweep
from sim.app.workspace.storage import open_workspace
from sim.experiment.sweep import sweep
from sim.scenario import load

PAGE = """
from sim.app.sweep.view import sweep_view
sweep_view()
"""


@pytest.fixture
def kept(tmp_path):
    axis = Range("Agents", ("group.sales.agents",), "-1", "+1", "1")
    space = open_workspace(tmp_path)
    document = document_of("=Agents", [axis], 2, 1) | {"engine": "reference"}
    return space, write_sweep(space.folder, load("callback_peak"), document, ())


def shown(space):
    test = AppTest.from_string(PAGE, default_timeout=60)
    test.session_state["workspace"] = space
    test.session_state["scenario"] = "callback_peak"
    test.run()
    assert not test.exception
    return {one.label: one for one in test.download_button}


def test_a_finished_sweep_downloads_as_workbook_page_and_table(kept):
    space, one = kept
    assert shown(space) == {}  # nothing is finished, so there is nothing to download
    swept = sweep(one.study, one.out, workers=1)
    buttons = shown(space)
    assert list(buttons) == ["Workbook (XLSX)", "Report (HTML)", "Table (CSV)"]
    assert not any(button.disabled for button in buttons.values())
    book = openpyxl.load_workbook(io.BytesIO(workbook(one)))
    assert book.sheetnames[0] == "Cells"
    assert book["Cells"].max_row == len(swept.plan.cells) + 1
    assert page(one).startswith("<!doctype html>")


def test_an_unfinished_sweep_has_its_table_only(kept):
    space, one = kept
    sweep(one.study, one.out, workers=1)
    (one.out / "figures.parquet").unlink()
    buttons = shown(space)
    assert [label for label, button in buttons.items() if not button.disabled] == ["Table (CSV)"]


def test_the_table_runs_no_formula():
    found = csv_bytes([{"Agents": "=1+1", "Service level": "80 %"}])
    assert found.startswith(b"\xef\xbb\xbf")
    assert pd.read_csv(io.BytesIO(found)).iloc[0].tolist() == ["'=1+1", "80 %"]
