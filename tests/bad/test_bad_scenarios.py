"""Every kind of bad scenario gives one clear message and no other error."""

from pathlib import Path

import pytest

from sim.scenario import Scenario, ScenarioError

CENTER = '[center]\nopen = "08:00-10:00"\n'
CALLS = '[queue.calls]\nvolume = 10\ntalk = "exponential 3min"\n'
MAIL = '[queue.mail]\nchannel = "email"\nvolume = 10\ntalk = "5min"\n'
TEAM = "[group.team]\nagents = 4\nskills = { calls = 1 }\n"


def whole(center: str = CENTER, queue: str = CALLS, group: str = TEAM, more: str = "") -> str:
    return "\n".join((center, queue, group, more))


def queue(line: str) -> str:
    return whole(queue=CALLS + line + "\n")


def volume(value: str) -> str:
    return whole(queue=f'[queue.calls]\nvolume = {value}\ntalk = "exponential 3min"\n')


def talk(value: str) -> str:
    return whole(queue=f"[queue.calls]\nvolume = 10\ntalk = {value}\n")


def center(line: str) -> str:
    return whole(center=CENTER + line + "\n")


def group(line: str) -> str:
    return whole(group=TEAM + line + "\n")


def staffed(lines: str) -> str:
    return whole(group="[group.team]\nskills = { calls = 1 }\n" + lines + "\n")


def skill(table: str) -> str:
    return whole(group=f"[group.team]\nagents = 4\nskills = {{ calls = {table} }}\n")


def bot(lines: str) -> str:
    return whole(more='[bot.calls]\nsession = "2min"\n' + lines + "\n")


def shift(fields: str) -> str:
    return staffed(f"shifts = [{{ agents = 2, {fields} }}]")


PARCEL = '[issue.parcel]\nqueues = { calls = "25%" }\n'


def outbound(fields: str = "", queue: str = "mail", skills: str = "calls = 1, mail = 1") -> str:
    """Return calls about an issue; without changes they are allowed."""
    calls = {"ahead": '"2h"', "right_party": '"35%"', "settled": '"60%"'}
    calls |= dict([fields.split(" = ")] if fields else [])
    table = ", ".join(f"{key} = {value}" for key, value in calls.items())
    more = f'{PARCEL}outbound = {{ queue = "{queue}", {table} }}\n'
    team = f"[group.team]\nagents = 4\nskills = {{ {skills} }}\n"
    return whole(queue=CALLS + MAIL, group=team, more=more)


BAD = [
    # Issues and customers
    (
        "calls in an unknown queue",
        outbound(queue="mails"),
        ["issue.parcel.outbound.queue", "unknown", "mail"],
    ),
    (
        "calls in a live queue",
        outbound(queue="calls"),
        ["issue.parcel.outbound.queue", "live", "deferred = true"],
    ),
    (
        "calls without agents",
        outbound(skills="calls = 1"),
        ["issue.parcel.outbound.queue", "no group", "mail"],
    ),
    (
        "calls that reach more than all",
        outbound('right_party = "120%"'),
        ["issue.parcel.outbound.right_party", "120%"],
    ),
    (
        "calls that settle more than all",
        outbound("settled = 1.5"),
        ["issue.parcel.outbound.settled", "1.5"],
    ),
    (
        "no call at all",
        outbound("attempts = 0"),
        ["issue.parcel.outbound.attempts", "1 to 20"],
    ),
    (
        "calls at the contact",
        outbound('ahead = "0s"'),
        ["issue.parcel.outbound.ahead", "above zero"],
    ),
    (
        "a share of an issue above one",
        whole(more="[issue.a]\nqueues = { calls = 2 }\n"),
        ["issue.a.queues", "allowed"],
    ),
    (
        "issues above 100 %",
        whole(more=PARCEL + '[issue.b]\nqueues = { calls = "80%" }\n'),
        ["issue", "105%", "at most 100%"],
    ),
    (
        "an issue of an unknown queue",
        whole(more='[issue.a]\nqueues = { call = "5%" }\n'),
        ["issue.a.queues.call", "unknown", "calls"],
    ),
    (
        "an issue that says nothing",
        whole(more='[issue.a]\ntalk = "+20%"\n'),
        ["issue.a", "how often", "queues"],
    ),
    (
        "an issue with queues and volume",
        whole(more=PARCEL + 'volume = "9 a day"\nfirst = { calls = 1 }\n'),
        ["issue.parcel.queues", "one of the two"],
    ),
    (
        "a volume without first",
        whole(more='[issue.a]\nvolume = "9 a day"\n'),
        ["issue.a.first", "missing", "100%"],
    ),
    (
        "first that is not everybody",
        whole(more='[issue.a]\nvolume = "9 a day"\nfirst = { calls = "60%" }\n'),
        ["issue.a.first", "60%", "100%"],
    ),
    (
        "first without a volume",
        whole(more=PARCEL + "first = { calls = 1 }\n"),
        ["issue.parcel.first", "volume"],
    ),
    (
        "a recorded volume of an issue",
        whole(more='[issue.a]\nvolume = { recorded = ["09:00"] }\nfirst = { calls = 1 }\n'),
        ["issue.a.volume", "expected"],
    ),
    (
        "an issue called like a queue",
        whole(more='[issue.calls]\nqueues = { calls = "5%" }\n'),
        ["issue.calls", "queue", "another name"],
    ),
    (
        "a touchpoint without issues",
        whole(more="[touchpoint.web]\n"),
        ["touchpoint.web", "no issue"],
    ),
    (
        "an unknown touchpoint",
        whole(more=PARCEL + 'touchpoint = "web"\n'),
        ["issue.parcel.touchpoint", "web", "unknown"],
    ),
    (
        "segments above 100 %",
        whole(more='[segment.a]\nshare = "60%"\n[segment.b]\nshare = "60%"\n'),
        ["segment", "120%", "at most 100%"],
    ),
    (
        "a segment whose first is not everybody",
        whole(more='[segment.a]\nshare = "60%"\nfirst = { calls = "50%" }\n'),
        ["segment.a.first", "50%", "100%"],
    ),
    (
        "more prevented than there is",
        whole(more=PARCEL + 'prevented = "120%"\n'),
        ["issue.parcel.prevented", "120%"],
    ),
    (
        "resolution without resolved",
        queue('resolution = { transferred = "90%" }'),
        ["queue.calls.resolution", "resolved"],
    ),
    (
        "lost context that is never lost",
        queue('resolved = "70%"\nrepeat = { share = "50%", after = "1h", lost = "+20%" }'),
        ["queue.calls.repeat.lost", "carried"],
    ),
    (
        "a bot without context that carries it",
        bot('contained = "20%"\nhandover = { context = false, carried = "50%" }'),
        ["bot.calls.handover.carried", "context"],
    ),
    (
        "tenure above 100 %",
        group('tenure = [{ share = "60%" }, { share = "60%" }]'),
        ["group.team.tenure", "120%", "at most 100%"],
    ),
    ("a gap without an end", group('gap = "unlimited"'), ["group.team.gap", "finite mean"]),
    (
        "breaks that leave no agent ready",
        group('breaks_when_quiet = { share = "99%", length = "5min" }'),
        ["group.team.breaks_when_quiet.share", "99%", "95%"],
    ),
    (
        "breaks that are too short",
        group('breaks_when_quiet = { share = "50%", length = "1s" }'),
        ["group.team.breaks_when_quiet.length", "1s", "10s"],
    ),
    # The file as a whole
    ("no valid TOML", "[center\n", ["no valid TOML", "1"]),
    ("a key twice", queue("volume = 3"), ["no valid TOML"]),
    (
        "an unknown table",
        whole(more="[groups.b]\nagents = 3"),
        ["groups", "unknown field", "'group'"],
    ),
    ("an unknown key", queue('patiense = "1min"'), ["queue.calls.patiense", "'patience'"]),
    (
        "an unknown key in a table",
        queue('retry = { shares = 0.5, after = "1h" }'),
        ["retry.shares", "'share'"],
    ),
    ("no queue", "[center]\n[group.team]\nagents = 3", ["queue", "there is no queue"]),
    ("no group", CENTER + CALLS, ["group", "there is no group"]),
    ("a table expected", whole(more="[bot]\ncalls = 3"), ["bot.calls", "3", "table"]),
    ("a dot in a name", whole(more='[queue."a.b"]\nvolume = 1\ntalk = "1s"'), ["dot"]),
    # Required fields
    ("no volume", whole(queue='[queue.calls]\ntalk = "3min"\n'), ["queue.calls.volume", "missing"]),
    ("no talk", whole(queue="[queue.calls]\nvolume = 3\n"), ["queue.calls.talk", "is missing"]),
    ("no agents", staffed(""), ["group.team.agents", "missing", "shifts"]),
    ("no session", whole(more='[bot.calls]\ncontained = "10%"'), ["bot.calls.session", "missing"]),
    ("no contained", bot(""), ["bot.calls.contained", "is missing"]),
    # Times and shares
    ("a wrong unit", queue('longest_wait = "20 parsecs"'), ["longest_wait", "parsecs", "min"]),
    ("a negative time", center("warm_up = -5"), ["center.warm_up", "-5", "negative"]),
    ("a time of zero", queue('longest_wait = "0s"'), ["longest_wait", "above zero"]),
    ("not a time", center('short = "soon"'), ["center.short", "'soon'", '"20s"']),
    ("a share above 100%", queue('balk = "120%"'), ["queue.calls.balk", "120%", "100%"]),
    ("percent without sign", queue("balk = 4"), ["queue.calls.balk", '"4%"']),
    ("a negative share", queue("balk = -0.1"), ["queue.calls.balk", "negative"]),
    ("not a share", group('absent = "few"'), ["group.team.absent", "'few'"]),
    ("no yes or no", queue('deferred = "maybe"'), ["deferred", "maybe", "true or false"]),
    ("not a whole number", queue("lines = 2.5"), ["queue.calls.lines", "2.5", "whole number"]),
    ("below the bound", center("days = 0"), ["center.days", "0", "1 to 366"]),
    ("above the bound", center("days = 400"), ["center.days", "400", "1 to 366"]),
    ("no runs", whole(more="[experiment]\nruns = 0"), ["experiment.runs", "from 1"]),
    # Calendar
    (
        "no hours",
        whole(center='[center]\nopen = "early"\n'),
        ["center.open", "early", "08:00-20:00"],
    ),
    ("past midnight", whole(center='[center]\nopen = "20:00-02:00"\n'), ["midnight", "24:00"]),
    ("minute 61", whole(center='[center]\nopen = "08:61-10:00"\n'), ["08:61", "time of day"]),
    (
        "overlapping stretches",
        whole(center='[center]\nopen = "08:00-12:00, 11:00-13:00"\n'),
        ["center.open", "overlap"],
    ),
    (
        "an unknown day",
        whole(center='[center]\nopen = { mon-fry = "08:00-10:00" }\n'),
        ["center.open", "mon-fry", "mon-fri"],
    ),
    (
        "closed throughout",
        whole(center='[center]\nopen = { sun = "08:00-10:00" }\n'),
        ["center.open", "closed on every day"],
    ),
    ("hours within an interval", center('interval = "60min"').replace("08:00", "08:30"), ["08:30"]),
    ("an interval too short", center('interval = "2min"'), ["center.interval", "5 to 60 min"]),
    ("an uneven interval", center('interval = "25min"'), ["center.interval", "25min", "divide"]),
    ("no date", center('first_day = "monday"'), ["center.first_day", "monday", "2026-01-05"]),
    ("an unknown zone", center('time_zone = "Europe/Lisboa"'), ["time_zone", "Europe/Lisbon"]),
    ("an unknown word", center('at_close = "server"'), ["at_close", '"serve"', "send away"]),
    ("days in a stationary run", center('length = "2h"'), ["center.open", "stationary"]),
    (
        "an interval that does not divide the run",
        whole(center='[center]\nlength = "10h"\ninterval = "7h"\n'),
        ["center.interval", "divisor"],
    ),
    ("a long warm-up", center('warm_up = "2days"'), ["center.warm_up", "horizon"]),
    ("an unknown variant", center('variant = "abandon_ignored"'), ["variant", "abandons_ignored"]),
    # Volumes
    ("a list too short", volume("[1, 2, 3]"), ["queue.calls.volume", "3 rows", "expected 4"]),
    ("a negative volume", volume("[1, 2, -3, 4]"), ["queue.calls.volume", "number 3", "-3"]),
    ("a missing number", volume("[1, 2, nan, 4]"), ["queue.calls.volume", "number 3", "missing"]),
    ("no rate", volume('"many"'), ["queue.calls.volume", "many", "1200 a day"]),
    ("a rate over nothing", volume('"5 per 0min"'), ["queue.calls.volume", "no time"]),
    ("half an exact count", volume("{ exact = 2.5 }"), ["queue.calls.volume", "2.5", "whole"]),
    ("an unknown volume table", volume("{ exactly = 2 }"), ["volume", "exactly", "exact"]),
    ("an arrival too late", volume("{ recorded = [1, 90000] }"), ["volume", "90000", "horizon"]),
    (
        "talk for too few arrivals",
        volume("{ recorded = [1, 2], talk = [60] }"),
        ["queue.calls.volume", "talk has 1 rows", "2"],
    ),
    ("a profile without a day", queue("profile = [1, 2, 1, 1]"), ["queue.calls.profile", "a day"]),
    (
        "an empty profile",
        volume('"40 a day"\nprofile = [0, 0, 0, 0]'),
        ["queue.calls.profile", "zero"],
    ),
    (
        "a list in a stationary run",
        whole(center='[center]\nlength = "2h"\n').replace("volume = 10", "volume = [1, 2, 3, 4]"),
        ["queue.calls.volume", "stationary"],
    ),
    # Files
    (
        "no such file",
        volume('"weak.csv:calls"'),
        ["volume", "'weak.csv' does not exist", "week.csv"],
    ),
    ("no such column", volume('"week.csv:call"'), ["call: no such column", "'calls'"]),
    ("no column named", volume('"week.csv"'), ["names no column", "file.csv:column"]),
    ("a negative cell", volume('"week.csv:negative"'), ["week.csv:negative row 3", "-2"]),
    ("an empty cell", volume('"week.csv:hole"'), ["week.csv:hole row 3", "missing"]),
    ("a word in a cell", volume('"week.csv:word"'), ["row 3", "'many'", "not a number"]),
    ("too few rows", volume('"week.csv:short"'), ["3 rows in week.csv:short", "expected 4"]),
    ("an absolute path", volume('"/etc/week.csv:calls"'), ["absolute"]),
    ("out of the folder", volume('"../week.csv:calls"'), ["leaves the scenario's folder"]),
    ("a missing row", volume('"gap.csv:calls"'), ["gap.csv:calls has no row for 09:00"]),
    ("a row twice", volume('"twice.csv:calls"'), ["twice.csv:calls has two rows for 08:30"]),
    ("a broken workbook", volume('"broken.xlsx:calls"'), ["broken.xlsx", "no readable XLSX"]),
    ("an empty file", volume('"empty.csv:calls"'), ["empty.csv", "is empty"]),
    # Distributions
    ("an unknown law", talk('"lognormall 4min cv 1"'), ["queue.calls.talk", '"lognormal"']),
    ("a law without cv", talk('"lognormal 4min"'), ["queue.calls.talk", "needs cv"]),
    ("a law with a foreign cv", talk('"exponential 4min cv 2"'), ["talk", "takes no cv"]),
    ("a law without mean", talk('"exponential"'), ["queue.calls.talk", "lacks the mean"]),
    ("a mean of zero", talk('"exponential 0s"'), ["queue.calls.talk", "above 0"]),
    ("a cv of zero", talk('"gamma 4min cv 0"'), ["queue.calls.talk", "cv", "must be 0.001"]),
    ("half a phase", talk('"erlang 4min k 1.5"'), ["queue.calls.talk", "whole number"]),
    ("a reversed uniform", talk('"uniform 50s 10s"'), ["queue.calls.talk", "must be low"]),
    ("two means", talk('{ law = "weibull", mean = 3, scale = 4, shape = 1 }'), ["one mean"]),
    ("an unknown parameter", talk('{ law = "gamma", men = 3, cv = 1 }'), ["talk", "'men'"]),
    ("a falling curve", queue('patience = { points = [["10s", 0.5], ["20s", 0.2]] }'), ["fall"]),
    ("endless talk", talk('"unlimited"'), ["queue.calls.talk", "finite mean"]),
    ("talk that may not end", talk('{ points = [["60s", "50%"]] }'), ["talk", "no finite mean"]),
    # Queues
    ("a bad target", queue('target = "quickly"'), ["queue.calls.target", "80% in 20s"]),
    (
        "on time without due",
        whole(more=MAIL + 'target = "95% on time"'),
        ["queue.mail.target", "due"],
    ),
    (
        "due and a target of another time",
        whole(more=MAIL + 'due = "24h"\ntarget = "95% in 8h"'),
        ["queue.mail.target", "8h", 'due = "1day"', '"95% on time"'],
    ),
    ("due for live work", queue('due = "1h"'), ["queue.calls.due", "deferred"]),
    ("repeat without resolved", queue('repeat = { share = 0.5, after = "1h" }'), ["resolved"]),
    (
        "retry never",
        queue('retry = { share = 0.5, after = "unlimited" }'),
        ["retry.after", "unlimited"],
    ),
    ("retry by nobody", queue('retry = { share = 0.5, after = "1h", by = "fax" }'), ["'fax'"]),
    (
        "an unclear channel",
        whole(
            queue=MAIL
            + MAIL.replace("mail]", "letters]")
            + CALLS
            + 'retry = { share = 0.5, after = "1h", by = "email" }\n'
        ),
        ["queue.calls.retry.by", "letters or mail"],
    ),
    ("transfer to nobody", queue('transfer = { cals = "5%" }'), ["transfer.cals", "'calls'"]),
    ("transfer to itself", queue('transfer = { calls = "5%" }'), ["transfer.calls", "itself"]),
    (
        "too many transfers",
        whole(
            queue=MAIL
            + MAIL.replace("mail]", "letters]")
            + CALLS
            + 'transfer = { mail = "60%", letters = "50%" }\n'
        ),
        ["queue.calls.transfer", "110%"],
    ),
    ("a callback never offered", queue('callback = { accepted = "30%" }'), ["offer_after"]),
    (
        "a callback with both",
        queue('callback = { accepted = "30%", offer_at = 3, after = "1h" }'),
        ["queue.calls.callback.after", "later"],
    ),
    (
        "callback at place 0",
        queue("callback = { accepted = 0.3, offer_at = 0 }"),
        ["offer_at", "1 up"],
    ),
    ("a weight of zero", queue("weight = 0"), ["queue.calls.weight", "above zero"]),
    (
        "a change of talk by points",
        whole(more=MAIL, queue=CALLS + 'transfer = { mail = { share = 0.1, talk = "+5pp" } }\n'),
        ["transfer.mail.talk", "points"],
    ),
    # Self-service
    (
        "a bot before nobody",
        whole(more='[bot.cards]\nsession = "1min"\ncontained = 0.1'),
        ["bot.cards"],
    ),
    (
        "two bots",
        bot("contained = 0.1") + '[bot.b]\nqueue = "calls"\nsession = "1s"\ncontained = 0\n',
        ["bot.b.queue", "already"],
    ),
    ("more than all sessions", bot("contained = 0.7\nleft = 0.4"), ["bot.calls.contained", "110%"]),
    (
        "more taken than there is",
        bot('contained = "60%"\ntakes = "10min"'),
        ["takes", "less than 5min"],
    ),
    (
        "an outage after the end",
        bot('contained = 0.1\noutage = [{ day = 2, start = "10:00", length = "1h" }]'),
        ["bot.calls.outage.0.day", "1 to 1"],
    ),
    # Groups
    (
        "a skill for nobody",
        whole(group="[group.team]\nagents = 4\nskills = { call = 1 }\n"),
        ["group.team.skills.call", "'calls'"],
    ),
    (
        "agents and shifts",
        group('shifts = [{ agents = 1, start = "08:00", length = "2h" }]'),
        ["group.team.shifts", "agents"],
    ),
    ("negative agents", staffed("agents = -1"), ["group.team.agents", "-1"]),
    ("too few rows of agents", staffed("agents = [1, 2]"), ["group.team.agents", "2 rows", "4"]),
    ("a long shift", shift('start = "08:00", length = "25h"'), ["shifts.0.length", "24h"]),
    ("a shift at no time", shift('start = "8", length = "8h"'), ["shifts.0.start", "'8'"]),
    (
        "no break",
        shift('start = "08:00", length = "8h", breaks = ["15min"]'),
        ["breaks.0", "after 2h"],
    ),
    (
        "a break after the end",
        shift('start = "08:00", length = "2h", breaks = ["30min after 2h"]'),
        ["group.team.shifts.0.breaks.0", "2h"],
    ),
    (
        "breaks that overlap",
        shift('start = "08:00", length = "8h", breaks = ["1h after 1h", "1h after 90min"]'),
        ["breaks.1", "overlaps"],
    ),
    (
        "unknown weekdays",
        shift('start = "08:00", length = "8h", days = "mo-fr"'),
        ["days", "mo-fr"],
    ),
    (
        "shifts in a stationary run",
        shift('start = "08:00", length = "8h"').replace('open = "08:00-10:00"', 'length = "2h"'),
        ["group.team.shifts", "stationary"],
    ),
    (
        "more speeds than contacts",
        skill("{ at_once = 2, speed = [1, 0.8, 0.7] }"),
        ["speed", "3 speeds"],
    ),
    ("a speed of zero", skill("{ speed = 0 }"), ["skills.calls.speed", "above zero"]),
    ("none at once", skill("{ at_once = 0 }"), ["skills.calls.at_once", "1 to 20"]),
    ("a level below zero", skill("-1"), ["group.team.skills.calls.level", "-1"]),
    (
        "wrap put off in chat",
        skill("{ at_once = 2 }") + 'wrap = "when idle"\n',
        ["at_once", "wrap"],
    ),
    (
        "interrupting nobody",
        group('interrupts = { mail = "calls" }'),
        ["interrupts.mail", "unknown"],
    ),
    (
        "interrupting live work",
        group('interrupts = { calls = "live" }'),
        ["interrupts.calls", "live"],
    ),
    ("mixing the unknown", group('mix = [["voice", "chat"]]'), ["group.team.mix", "'chat'"]),
    ("mixing with itself", group('mix = [["voice", "voice"]]'), ["group.team.mix", "itself"]),
    ("mixing three", group('mix = [["voice", "chat", "email"]]'), ["group.team.mix", "items"]),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("scenario")
    (folder / "week.csv").write_text(
        "calls,negative,hole,word,short\n5,1,1,1,1\n6,-2,,many,2\n7,3,3,3,3\n8,4,4,4,\n"
    )
    (folder / "gap.csv").write_text("start,calls\n08:00,1\n08:30,2\n09:30,4\n")
    (folder / "twice.csv").write_text(
        "start,calls\n2026-01-05 08:00,1\n2026-01-05 08:30,2\n2026-01-05 08:30,4\n"
    )
    (folder / "broken.xlsx").write_text("no workbook")
    (folder / "empty.csv").write_text("\n")
    return folder


@pytest.mark.parametrize(("text", "parts"), [b[1:] for b in BAD], ids=[b[0] for b in BAD])
def test_a_bad_scenario_is_reported_plainly(folder: Path, text: str, parts: list[str]) -> None:
    with pytest.raises(ScenarioError) as caught:
        Scenario.parse(text, folder, name="bad.toml")
    message = str(caught.value)
    assert len(caught.value.problems) == 1, message
    assert message.startswith("bad.toml")
    missing = [part for part in parts if part not in message]
    assert not missing, f"{missing} not in: {message}"


def test_the_unchanged_frame_is_good(folder: Path) -> None:
    assert Scenario.parse(whole(), folder).queue["calls"].talk.mean == 180
    assert Scenario.parse(volume('"week.csv:calls"'), folder).queue["calls"].volume.values == (
        5,
        6,
        7,
        8,
    )


def test_outbound_calls_are_allowed_otherwise() -> None:
    assert Scenario.parse(outbound()).issue["parcel"].outbound is not None
