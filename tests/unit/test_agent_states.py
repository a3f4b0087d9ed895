"""States of agents beside a call log: read, cleaned, and what they say goes before inference."""

import datetime as dt

import numpy as np
import pytest

from sim.history.calibration import center_estimation
from sim.history.calibration.center_estimation import estimate_center
from sim.history.calibration.estimate_rows import rows_of
from sim.history.call_log import AgentState, read_call_log, read_state_log, with_states
from sim.history.call_log.state_words import guess_state
from sim.history.estimation.presences import agents_present
from sim.report.calibration.words import agents_text
from sim.units import BadInputError
from tests.support import recorded_world
from tests.support.recorded_world import STATE_TITLES, changes_of, world, write_log

HEADCOUNT = [5, 6, 6, 6, 7, 7, 7, 7, 6, 6, 6, 6, 7, 7, 6, 6, 5, 5, 5, 4]
DAYS = 14
FIELDS = {
    "center__days": DAYS,
    "queue__billing__volume": recorded_world.HALF_HOURS * DAYS,
    "group__team__agents": HEADCOUNT * DAYS,
    "queue__billing__wrap": "exponential 30s",
    "queue__cards__wrap": "exponential 30s",
    "group__team__gap": "lognormal 20s cv 1.5 zero 20%",
    "group__team__breaks_when_quiet": {"share": "30%", "length": "exponential 3min"},
}
TRUE = {
    ("gap_mean", "center"): 16.0,
    ("gap_zero", "center"): 0.2,
    ("not_ready_when_quiet", "center"): 0.3,
    ("quiet_break_mean", "center"): 180.0,
    ("wrap_mean", "queue.billing"): 30.0,
    ("wrap_mean", "queue.cards"): 30.0,
}


@pytest.fixture(scope="module")
def no_order():
    """The order of queues, which states do not change, is not estimated, to be quicker."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(center_estimation, "estimate_order", lambda *_: None)
        yield


@pytest.fixture(scope="module")
def rows(no_order):
    return recorded_world.rows_of(world(**FIELDS)), recorded_world.state_rows_of(world(**FIELDS))


@pytest.fixture(scope="module")
def files(rows, tmp_path_factory):
    folder = tmp_path_factory.mktemp("world")
    log = write_log(folder / "log.csv", rows[0])
    return log, write_log(folder / "states.csv", rows[1], STATE_TITLES)


@pytest.fixture(scope="module")
def log(files):
    return read_call_log(files[0])


@pytest.fixture(scope="module")
def estimates(files, log):
    return estimate_center(with_states(log.log, read_state_log(files[1], log).states))


def states_of(tmp_path, log, rows, titles=STATE_TITLES, **options):
    return read_state_log(write_log(tmp_path / "states.csv", rows, titles), log, **options)


def counted(found):
    return {step.name: step.count for step in found.cleaning.steps}


def test_known_wrap_up_gaps_and_breaks_are_recovered(estimates):
    found = {(row.name, row.scope): row for row in rows_of(estimates)}
    for key, truth in TRUE.items():
        row = found[key]
        half = (row.high - row.low) / 2
        assert abs(row.value - truth) < 1.5 * half, key
        assert half < 0.15 * truth, key
        assert "recorded states" in row.method


def test_presences_are_exact_where_the_gap_rule_misses_some(estimates, log):
    def by_interval(found):
        return agents_present(found.present, found.log.days)[:, 16:36].mean(axis=0)

    assert by_interval(estimates) == pytest.approx(HEADCOUNT, abs=0.03)
    assert np.abs(by_interval(estimate_center(log.log)) - HEADCOUNT).max() > 0.2
    assert agents_text(estimates.states) == "recorded agents"
    assert agents_text(None) == "inferred agents"
    assert estimates.sensitivity == ()
    assert estimates.readiness is None


def test_one_row_a_change_is_the_same_as_one_row_a_state(estimates, log, rows, tmp_path):
    changes = changes_of(rows[1])
    np.random.default_rng(2).shuffle(changes)
    found = states_of(tmp_path, log, changes, ("who", "since", "new state"),
                      columns={"agent": "who", "start": "since"})  # fmt: skip
    assert found.cleaning.steps == []
    other = estimate_center(with_states(log.log, found.states))
    assert rows_of(other) == rows_of(estimates)


def test_names_order_and_titles_change_nothing(estimates, rows, tmp_path):
    contacts = [(*row[:4], row[4] and f"Person {row[4][::-1]}", row[5]) for row in rows[0]]
    states = [(f"  person {row[0][::-1].lower()}", *row[1:]) for row in rows[1]]
    rng = np.random.default_rng(3)
    rng.shuffle(contacts)
    rng.shuffle(states)
    log = read_call_log(write_log(tmp_path / "log.csv", contacts))
    titles = ("User", "State Start Time", "State End Time", "Agent State")
    found = states_of(tmp_path, log, states, titles)
    other = estimate_center(with_states(log.log, found.states))
    assert rows_of(other) == rows_of(estimates)
    assert np.array_equal(np.sort(other.present.start), np.sort(estimates.present.start))


def test_whole_seconds_and_another_clock_give_the_same(rows, tmp_path):
    """The states are 7 s late, and all times whole seconds."""

    def whole(text, late=0.0):
        read = dt.datetime.strptime(text, "%Y-%m-%d %H:%M:%S.%f")
        return (read + dt.timedelta(seconds=late + 0.5)).replace(microsecond=0)

    contacts = []
    for offered, wait, outcome, talk, agent, queue in rows[0]:
        start, answer = whole(offered), whole(offered, float(wait))
        length = talk and f"{(whole(offered, float(wait) + float(talk)) - answer).seconds}"
        contacts.append((start, f"{(answer - start).seconds}", outcome, length, agent, queue))
    late = [(agent, whole(start, 7), whole(end, 7), word) for agent, start, end, word in rows[1]]
    log = read_call_log(write_log(tmp_path / "log.csv", contacts))
    found = states_of(tmp_path, log, late)
    assert found.cleaning.notes == [
        "the clock of the states is 7 s ahead; they are set by that of the call log"
    ]
    estimates = estimate_center(with_states(log.log, found.states))
    values = {(row.name, row.scope): row.value for row in rows_of(estimates)}
    for key, truth in TRUE.items():
        assert values[key] == pytest.approx(truth, rel=0.15), key


@pytest.mark.slow
def test_a_gap_during_which_agents_count_as_available_is_the_same(tmp_path, no_order):
    """Many systems show who has finished as available, also while the next contact rings."""
    center = world(**{key: value for key, value in FIELDS.items() if "quiet" not in key})
    log = read_call_log(write_log(tmp_path / "log.csv", recorded_world.rows_of(center)))
    rows, found = recorded_world.state_rows_of(center), []
    for shown in ("Not ready", "Available"):
        states = [(*row[:3], shown if row[3] == "Not ready" else row[3]) for row in rows]
        estimates = estimate_center(with_states(log.log, states_of(tmp_path, log, states).states))
        found.append(estimates.gap.mean)
    assert found[0] == found[1]
    assert found[1].contains(16.0)


def test_times_logged_in_alone_give_presences(log, rows, tmp_path):
    sessions = []
    for agent, start, end, _ in rows[1]:
        if sessions and sessions[-1][0] == agent and sessions[-1][2] == start:
            sessions[-1] = (agent, sessions[-1][1], end)
        else:
            sessions.append((agent, start, end))
    found = states_of(tmp_path, log, sessions, ("agent", "login", "logout"))
    assert not found.states.has_details
    other = estimate_center(with_states(log.log, found.states))
    present = agents_present(other.present, other.log.days)[:, 16:36].mean(axis=0)
    assert present == pytest.approx(HEADCOUNT, abs=0.02)
    assert other.log.wrap is None
    assert other.readiness is not None


@pytest.mark.parametrize(
    ("words", "state"),
    [
        ("Available|AVAIL|Ready|On Queue|Idle|bereit", AgentState.AVAILABLE),
        ("On Call|Talking|Busy|ACD|InboundContact|Interacting|Connected on hold|RING|Handling",
         AgentState.BUSY),
        ("After Call Work|ACW|Wrap-up|AfterContactWork|After contact work|Work ready",
         AgentState.WRAP_UP),
        ("Not Ready|AUX|AUX 3|Break|Unavailable|Off queue|Pause", AgentState.NOT_READY),
        ("Lunch|Meeting|Not Ready - Lunch|Training|LunchBreak|Mittagspause|Déjeuner|Team-Meeting",
         AgentState.BREAK),
        ("Logged out|Offline|Logout|LoggedOut|Sign-out|UNSTAF|Log off", AgentState.LOGGED_OUT),
        ("Logged in|Login|Staffed|Online", AgentState.LOGGED_IN),
    ],
)  # fmt: skip
def test_common_words_are_known(words, state):
    for one in words.split("|"):
        assert guess_state(one) == state, one
    assert guess_state("Zulu") is None


def test_available_off_the_queue_is_not_ready(log, tmp_path):
    day = f"{log.log.first_day}"
    states = [
        ("A0", f"{day} 08:00:00", f"{day} 08:10:00", "Available"),
        ("A0", f"{day} 08:10:00", f"{day} 18:00:00", "On Queue"),
    ]
    found = states_of(tmp_path, log, states).states.state.tolist()
    assert found == [AgentState.NOT_READY, AgentState.AVAILABLE]


def test_days_without_states_keep_the_gap_rule(log, rows, tmp_path):
    first_week = [row for row in rows[1] if row[1] < moment(log, "", 7)]
    found = states_of(tmp_path, log, first_week)
    assert counted(found) == {"days of the log without states": DAYS - 7}
    estimates = estimate_center(with_states(log.log, found.states))
    present = agents_present(estimates.present, DAYS)[:, 16:36]
    assert present[:7].mean(axis=0) == pytest.approx(HEADCOUNT, abs=0.02)
    assert present[7:].mean() == pytest.approx(np.mean(HEADCOUNT), abs=0.6)
    assert estimates.states.contacts == pytest.approx(0.5, abs=0.1)
    assert "and else inferred" in agents_text(estimates.states)


def moment(log, clock, day=0):
    return f"{log.log.first_day + dt.timedelta(days=day)} {clock}"


def test_what_cannot_be_is_counted(log, rows, tmp_path):
    states = list(rows[1])
    agent, start, end, state = states[5]
    states += [
        states[5],  # twice
        (agent, end, start, state),  # ends before it begins
        ("Stranger", start, end, state),
        ("", start, end, state),
        (agent, "", end, state),
        (agent, start[:-7] + ".000000", end, "Lunch"),  # overlaps
        (agent, moment(log, "20:00:00"), "", "Available"),  # never ends
        (agent, moment(log, "20:00:00", 400), moment(log, "21:00:00", 400), "Available"),
    ]
    found = states_of(tmp_path, log, states)
    assert counted(found) == {
        "states without a time": 1,
        "states without an agent": 1,
        "states that are there twice": 1,
        "agents with states who have no contact in the log": 1,
        "states that end before they begin": 1,
        "states without an end, where a log-out is missing": 1,
        "states that overlap the next one": 1,
        "states on other days than the log": 1,
    }
    assert found.cleaning.rows == len(states)


def test_a_missing_log_out_ends_with_the_last_contact(log, rows, tmp_path):
    """Without log-outs an agent would stay until the next morning."""
    changes = [row for row in changes_of(rows[1]) if row[2] != "Logged out"]
    found = states_of(tmp_path, log, changes, ("agent", "time", "state"))
    missing = counted(found)["states without an end, where a log-out is missing"]
    assert missing >= DAYS
    present = estimate_center(with_states(log.log, found.states)).present
    assert (present.end - present.start).max() < 11 * 3600


def test_agents_without_states_keep_the_gap_rule(log, rows, tmp_path):
    some = [row for row in rows[1] if row[0] != "A0"]
    found = states_of(tmp_path, log, some)
    assert counted(found)["agents of the log without states"] == 1
    estimates = estimate_center(with_states(log.log, found.states))
    assert len(estimates.sensitivity) == 3
    assert estimates.states.agents == estimates.states.of_agents - 1
    assert set(np.unique(estimates.present.agent)) == set(range(len(log.log.agents)))


def test_breaks_and_other_work_do_not_count_as_present(log, rows, tmp_path):
    """An hour of lunch and one of outbound calls, on days at which A0 took no contact."""
    contacts = [row for row in rows[0] if row[4] != "A0" or row[0][:10] > moment(log, "")[:10]]
    log = read_call_log(write_log(tmp_path / "log.csv", contacts))
    states = [row for row in rows[1] if row[0] != "A0"]
    for start, end, state in (
        ("08:00:00", "11:00:00", "Available"), ("11:00:00", "12:00:00", "Lunch"),
        ("12:00:00", "13:00:00", "Outbound"), ("13:00:00", "15:00:00", "Available"),
    ):  # fmt: skip
        states.append(("A0", moment(log, start), moment(log, end), state))
    found = states_of(tmp_path, log, states)
    other = estimate_center(with_states(log.log, found.states))
    code = log.agent_codes["a0"]
    mine = (other.present.agent == code) & (other.present.start < 86_400)
    assert sorted(other.present.start[mine] / 3600) == [8.0, 13.0]
    assert sorted(other.present.end[mine] / 3600) == [11.0, 15.0]


@pytest.mark.parametrize(
    ("state", "options", "message"),
    [
        ("Zulu", {}, r"state: 'Zulu': unknown; allowed: available, break, busy"),
        ("Zulu", {"words": {"Zulu": "sleeping"}}, "Zulu=sleeping: 'sleeping' is not a state"),
        ("Ready", {"words": {"Zulu": "busy"}}, "no row has the state 'Zulu'; allowed: Ready"),
        ("Ready", {"columns": {"agent": "who"}}, "there is no column 'who'; the file has: agent"),
        ("Ready", {"columns": {"mood": "state"}}, "'mood' is not a meaning of a column"),
        (
            "Ready",
            {"columns": {"start": ""}},
            "Start: no column is mapped to it; .*--states-column",
        ),
        ("Ready", {"zone": "Mars"}, "not a time zone"),
    ],
)
def test_bad_states_have_one_message(log, tmp_path, state, options, message):
    row = ("A0", moment(log, "08:00:00"), moment(log, "09:00:00"), state)
    with pytest.raises(BadInputError, match=message) as error:
        states_of(tmp_path, log, [row], **options)
    assert len(str(error.value).splitlines()) == 1


@pytest.mark.parametrize(
    ("rows_to_write", "message"),
    [
        ([], "has no rows; allowed: a header and one row per state of an agent"),
        ([("Eve", "08:00:00", "09:00:00")], "none of its 1 agents has a contact in the log"),
        ([("A0", "09:00:00", "08:00:00")], "100% of the states end before they begin"),
        ([("A0", "03:00:00", "04:00:00")], "100% of the contacts .* while they were logged out"),
    ],
)
def test_states_that_do_not_fit_are_refused(log, tmp_path, rows_to_write, message):
    rows = [(a, moment(log, s), moment(log, e), "Ready") for a, s, e in rows_to_write]
    with pytest.raises(BadInputError, match=message) as error:
        states_of(tmp_path, log, rows)
    assert "Eve" not in str(error.value)


def test_a_code_that_always_lasts_as_long_is_a_planned_break(log, rows, tmp_path):
    lunches = [
        (agent, moment(log, "19:00:00", day), moment(log, "19:30:00", day), "AUX 7")
        for agent in ("A0", "A1")
        for day in range(DAYS)
    ]
    found = states_of(tmp_path, log, [*rows[1], *lunches])
    assert np.count_nonzero(found.states.state == AgentState.BREAK) == len(lunches)
    assert found.cleaning.notes == [
        "state 'AUX 7' nearly always lasts 30min: taken as a planned break "
        "(--state 'AUX 7=not_ready' if it is none)"
    ]
    said = states_of(tmp_path, log, [*rows[1], *lunches], words={"AUX 7": "not_ready"})
    assert not np.any(said.states.state == AgentState.BREAK)
    assert said.cleaning.notes == []


def test_a_word_can_be_said_and_all_others_too(log, tmp_path):
    states = [
        ("A0", moment(log, "08:00:00"), moment(log, "09:00:00"), "Zulu"),
        ("A0", moment(log, "09:00:00"), moment(log, "18:00:00"), "Yankee"),
    ]
    found = states_of(tmp_path, log, states, words={"zulu": "busy", "*": "available"})
    assert found.states.state.tolist() == [AgentState.BUSY, AgentState.AVAILABLE]


def test_a_state_past_midnight_with_a_column_of_dates(log, tmp_path):
    day = str(log.log.first_day)
    states = [
        ("A0", day, "08:00:00", "13:00:00", "Ready"), ("A0", day, "13:00:00", "18:00:00", "Busy"),
        ("A0", day, "23:50:00", "00:10:00", "Ready"),
    ]  # fmt: skip
    found = states_of(tmp_path, log, states, ("agent", "date", "start", "end", "state"))
    assert (found.states.end - found.states.start).tolist() == [18_000.0, 18_000.0, 1200.0]
