"""The page on experience gives the coefficients as the program has them."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.scenario import Satisfaction


def test_the_page_has_the_defaults_and_ranges_of_all_coefficients(repo_root: Path) -> None:
    page = (repo_root / "docs" / "experience.md").read_text()
    rows = (line.strip("|").split("|") for line in page.splitlines() if line.count("|") == 6)
    shown = {row[0].strip(" `"): [cell.strip() for cell in row[1:]] for row in rows}
    coefficients = Satisfaction().coefficients
    assert set(coefficients) <= set(shown)
    for name, one in coefficients.items():
        value, extent, evidence, _ = shown[name]
        assert float(value) == pytest.approx(one.value), name
        assert tuple(map(float, extent.split(" to "))) == pytest.approx(one.ends), name
        assert one.source != "made up" or "made up" in evidence, name
