"""What is said of targets: causes of those missed, once for the same ones, and contacts."""

import dataclasses

from sim.planning.target_check import TargetCheck, paragraphs

MISS = TargetCheck(
    "queue", "billing", "service_level", "abandons ignored within 20s", 0.8, 0.7, 0.68, 0.72, 0.8,
    -0.1, 20, 3, "2026-01-05T07:30", 0.0, ("volumes differ",), 1.2,
)  # fmt: skip
MET = dataclasses.replace(MISS, name="sales", simulated=0.8, low=0.79, high=0.82, difference=0.0)


def test_the_lowest_interval_names_its_contacts():
    assert "lowest 0% at 2026-01-05 07:30 (1.2 contacts expected)" in MISS.verdict_text()


def test_a_target_that_is_not_missed_has_no_causes():
    assert MET.status not in ("missed", "overshot")
    assert "Likely causes" not in MET.sentence()
    assert MET.record()["causes"] == ["volumes differ"]


def test_queues_with_the_same_causes_name_them_once():
    other = dataclasses.replace(MISS, name="support")
    alone = dataclasses.replace(MISS, name="vip", causes=("it shares agents",))
    found = paragraphs([MISS, other, alone, MET])
    assert sum("volumes differ" in text for text in found) == 1
    assert [text for text in found if text.startswith("Likely causes")] == [
        "Likely causes: volumes differ (for each of these)"
    ]
    assert any("vip" in text and text.endswith("it shares agents") for text in found)
