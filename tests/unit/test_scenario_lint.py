"""What is reported of channels, recorded arrivals and agents."""

import pytest

from sim.model import build
from sim.scenario import Scenario, ScenarioError, describe, lint_warnings

TEXT = """
[center]
first_day = 2026-01-05
open = "08:00-10:00"
[queue.calls]
volume = 30
talk = "exponential 3min"
patience = "2min"
[group.all]
agents = 4
skills = { calls = 1 }
"""


def test_a_channel_is_read_in_lower_case() -> None:
    mail = Scenario.parse(TEXT.replace("volume", 'channel = "Email"\nvolume'))
    assert mail.queue["calls"].channel == "email"
    assert build(mail).channels == ("email",)
    assert mail.queue["calls"].is_deferred


@pytest.mark.parametrize("word", ["e-mail", "E-Mail", "mail"])
def test_other_words_for_email_are_odd(word: str) -> None:
    mail = Scenario.parse(TEXT.replace("volume", f'channel = "{word}"\nvolume'))
    found = [odd for odd in lint_warnings(mail) if 'did you mean "email"?' in odd]
    assert len(found) == 1
    assert word.lower() in found[0]
    assert ("live work" in found[0]) is (word != "mail")


def test_recorded_arrivals_outside_the_opening_hours_are_odd() -> None:
    def warnings_of(arrivals: str) -> list[str]:
        text = TEXT.replace("volume = 30", f"volume = {{ recorded = [{arrivals}] }}")
        return [odd for odd in lint_warnings(Scenario.parse(text)) if "recorded" in odd]

    assert warnings_of("28800, 35999") == []
    assert warnings_of('28800, 36000, "07:30"') == [
        "Queue calls: 2 of 3 recorded arrivals lie outside the opening hours, the first at "
        "07:30 on 2026-01-05."
    ]


def test_hours_without_agents_are_named() -> None:
    found = describe(Scenario.parse(TEXT.replace("agents = 4", "agents = [0, 2, 0, 0]")))
    assert [line.split(";")[0] for line in found if line.startswith("Group all:")] == [
        "Group all: 0 to 2 agents on duty",
        "Group all: unstaffed 08:00-08:30, 09:00-10:00.",
    ]


def test_agents_are_counted_whole_after_shrinkage() -> None:
    found = describe(Scenario.parse(TEXT.replace("agents = 4", 'agents = 4\nshrinkage = "40%"')))
    assert any(
        "2 agents on duty (after 40% shrinkage, rounded" in line.replace(" %", "%")
        for line in found
    )


@pytest.mark.parametrize("agents", ["2.5", "[2, 2.5, 3, 3]"])
def test_parts_of_agents_are_refused(agents: str) -> None:
    with pytest.raises(ScenarioError, match=r"2\.5 is not a whole number.*a whole number"):
        Scenario.parse(TEXT.replace("agents = 4", f"agents = {agents}"))


def test_parts_that_a_change_makes_are_rounded() -> None:
    more = Scenario.parse(TEXT).with_(**{"group.all.agents": "+15%"})
    assert build(more).groups[0].headcount.tolist()[16:20] == [5] * 4
    assert any("5 agents on duty; serves" in line for line in describe(more))


@pytest.mark.parametrize(
    ("back", "warned"), [("100%", True), ("90%", False)], ids=["a circle", "an end"]
)
def test_a_circle_of_transfers_without_end_is_odd(back: str, warned: bool) -> None:
    chat = f"""[queue.chat]
channel = "chat"
volume = 5
talk = "exponential 3min"
transfer = {{ calls = "{back}" }}
[group.all]"""
    text = TEXT.replace("[group.all]", f'transfer = {{ chat = "100%" }}\n{chat}')
    scenario = Scenario.parse(text.replace("calls = 1", "calls = 1, chat = 1"))
    found = [line for line in lint_warnings(scenario) if "circle" in line]
    assert (
        found
        == [
            "calls, chat: all contacts are transferred in a circle; the third transfer is the last."
        ]
        * warned
    )


@pytest.mark.parametrize(("tried", "warned"), [("100%", True), ("95%", False)])
def test_context_of_repeats_that_all_use_the_bot_is_odd(tried: str, warned: bool) -> None:
    repeat = 'resolved = "70%"\nrepeat = { share = "50%", after = "1h", carried = "40%" }'
    bot = f'[bot.calls]\nsession = "1min"\ncontained = "20%"\ntried = "{tried}"'
    text = TEXT.replace("[group.all]", f"{repeat}\n{bot}\n[group.all]")
    found = [line for line in lint_warnings(Scenario.parse(text)) if "repeat.carried" in line]
    assert len(found) == warned


def variation_warnings(field: str, owner: str = "[center]") -> list[str]:
    """Return the warnings about a field of the scenario that is added to a table."""
    known = lint_warnings(Scenario.parse(TEXT))
    found = lint_warnings(Scenario.parse(TEXT.replace(owner, f"{owner}\n{field}")))
    return [line for line in found if line not in known]


@pytest.mark.parametrize(
    ("fields", "warned"),
    [
        ('busyness = "10%"\ntalk_variation = { cv = "9%", correlation = "-30%" }', []),
        (
            'talk_variation = { cv = "9%", correlation = "-30%" }',
            ["center.talk_variation.correlation has no effect, as volumes do not differ"],
        ),
        (
            'talk_variation = { correlation = "30%", memory = "50%" }',
            [
                "center.talk_variation.correlation has no effect without center.talk_variation.cv.",
                "center.talk_variation.memory has no effect without center.talk_variation.cv.",
            ],
        ),
        (
            'busyness = { memory = "50%" }',
            ["center.busyness.memory has no effect without center.busyness.cv."],
        ),
        ('talk_variation = { level_change = "1%", level_date = 2026-01-01 }', []),
        (
            "talk_variation = { level_date = 2026-01-01 }",
            ["center.talk_variation.level_date has no effect without"],
        ),
        (
            'talk_variation = { level_change = "11%" }',
            ["center.talk_variation.level_change is 11% from one day to the next"],
        ),
        (
            'talk_variation = { level_change = "3%", level_date = 2025-01-05 }',
            ["center.talk_variation: by the last day, 365 days after its level was known, talk"],
        ),
    ],
    ids=[
        "all with an effect",
        "volumes alike",
        "talk alike",
        "busyness without cv",
        "level changes",
        "level does not change",
        "level changes much",
        "level known long before",
    ],
)
def test_variation_of_days_without_an_effect_is_odd(fields: str, warned: list[str]) -> None:
    found = variation_warnings(fields)
    assert len(found) == len(warned)
    assert all(line.startswith(start) for line, start in zip(found, warned, strict=True))


@pytest.mark.parametrize(
    ("owner", "field", "path"),
    [
        ("[center]", "busyness = {}", "center.busyness.cv"),
        ("[center]", "talk_variation = {}", "center.talk_variation.cv"),
        ("[group.all]", "speed_spread = {}", "group.all.speed_spread"),
    ],
)
def test_a_variation_of_more_than_its_mean_is_odd(owner: str, field: str, path: str) -> None:
    assert variation_warnings(field.format(15), owner) == [
        f'{path} is 1,500%; is that intended? For 15 percent write "15%".'
    ]
    assert variation_warnings(field.format('"100%"'), owner) == []


@pytest.mark.parametrize(("speed", "warned"), [("120", True), ('"1000%"', False)])
def test_a_person_of_more_than_ten_times_the_speed_is_odd(speed: str, warned: bool) -> None:
    persons = f'persons = [{{ name = "Ada" }}, {{ name = "Bob", speed = {speed} }}]'
    assert (
        variation_warnings(persons, "[group.all]")
        == [
            "group.all.persons.1 (Bob): speed is 12,000%; is that intended? For 120 percent write "
            '"120%".'
        ]
        * warned
    )
