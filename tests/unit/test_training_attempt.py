"""A learner's way through a lesson, what is kept of it, and what a class sees."""

import csv
import io
import sqlite3
import threading

import pytest

from sim.training import (
    AttemptStore,
    LessonAttempt,
    Stage,
    classroom_file,
    current_attempt,
    latest_attempt,
    new_attempt,
)
from sim.training.attempt_document import document
from sim.training.class_results import (
    alt_text_class,
    as_csv,
    class_rows,
    lesson_results,
    progress_rows,
)
from sim.training.lesson_text import status
from sim.units import BadInputError
from tests.support.small_lesson import small


@pytest.fixture
def store(tmp_path):
    return AttemptStore(tmp_path / "classroom.sqlite")


@pytest.fixture(scope="module")
def lesson():
    return small()


def predicted(lesson, store, learner="Ada", team="May", value="3", reason="work plus two"):
    attempt = new_attempt(lesson, store, team, learner)
    attempt.predict(value, reason)
    return attempt


def finished(lesson, store, learner="Ada", team="May", value="3", transfer="4"):
    attempt = predicted(lesson, store, learner, team, value)
    attempt.decide("3")
    attempt.reveal_error()
    attempt.transfer(transfer)
    return attempt


def test_the_way_through_a_lesson(lesson, store):
    attempt = current_attempt(lesson, store, "May", "Ada")
    assert attempt.stage is Stage.PREDICT
    attempt.predict("4", "a guess")
    assert attempt.stage is Stage.DECIDE
    attempt.decide("2")
    assert attempt.stage is Stage.SEE
    day = attempt.simulate_day()
    assert (day[0].time, day[-1].time, day[0].on_duty) == ("00:00", "02:00", 2)
    assert any(row.mine and row.x == 2 for row in attempt.simulate_cases())
    assert (
        attempt.reveal_error().words() == "You said 4, it is 3: 1 too high, within the tolerance."
    )
    assert attempt.review()[0].why == "3 are needed, you took 2."
    assert attempt.debrief()["What changed"].startswith("3 agents, 2 more than the work; simulated")
    assert attempt.transfer("9").off == 5
    assert attempt.stage is Stage.DONE
    assert attempt.transfer_grade().answer == 9


def test_nothing_is_shown_before_prediction_and_decision(lesson, store):
    attempt = new_attempt(lesson, store, "", "Ada")
    shows = (
        attempt.simulate_day,
        attempt.simulate_cases,
        attempt.reveal_error,
        attempt.review,
        attempt.debrief,
    )
    for show in (*shows, attempt.truth):
        with pytest.raises(BadInputError, match="decision: comes first"):
            show()
    with pytest.raises(BadInputError):
        attempt.decide("3")
    attempt.predict("3", "so")
    for show in shows:
        with pytest.raises(BadInputError, match="decision: comes first"):
            show()
    with pytest.raises(BadInputError, match="transfer: comes once, after the reveal"):
        attempt.transfer("4")


def test_a_locked_prediction_cannot_be_changed(lesson, store):
    attempt = predicted(lesson, store)
    with pytest.raises(BadInputError, match="prediction: is locked"):
        attempt.predict("5", "I know better now")
    with pytest.raises(BadInputError, match="prediction: is locked"):
        store.predict(attempt.record.id, 5.0, "behind its back")
    (kept,) = store.attempts("May", "Ada")
    assert (kept.prediction, kept.reason) == (3.0, "work plus two")


def test_decision_and_transfer_answer_come_once(lesson, store):
    attempt = finished(lesson, store)
    with pytest.raises(BadInputError, match="decision: comes once"):
        attempt.decide("4")
    with pytest.raises(BadInputError, match="transfer: comes once"):
        attempt.transfer("5")
    (kept,) = store.attempts()
    assert (kept.decision, kept.transfer) == ("3", 4.0)


def test_a_wrong_prediction_keeps_nothing(lesson, store):
    attempt = new_attempt(lesson, store, "May", "Ada")
    for value, reason in (("many", "so"), ("3", "  "), ("3", "x" * 1001), ("99", "so")):
        with pytest.raises(BadInputError):
            attempt.predict(value, reason)
    assert store.attempts() == []
    attempt.predict("3", "so")


def test_a_lesson_goes_on_where_it_was_left(lesson, store):
    predicted(lesson, store)
    assert current_attempt(lesson, store, "May", "Ada").stage is Stage.DECIDE
    assert current_attempt(lesson, store, "May", "Ben").stage is Stage.PREDICT
    assert current_attempt(lesson, store, "June", "Ada").stage is Stage.PREDICT
    finished(lesson, store, "Ben")
    assert latest_attempt(lesson, store, "May", "Ben").stage is Stage.DONE
    assert current_attempt(lesson, store, "May", "Ben").stage is Stage.PREDICT


def test_a_changed_lesson_begins_anew(lesson, store):
    predicted(lesson, store)
    other = small(("calls  = 20", "calls  = 25"))
    assert latest_attempt(other, store, "May", "Ada").stage is Stage.PREDICT
    assert latest_attempt(lesson, store, "May", "Ada").stage is Stage.DECIDE


@pytest.mark.parametrize("name", ["", "   ", "x" * 61, "a\x00b", "a\u202eb"])
def test_a_name_that_cannot_be_used_is_refused(lesson, store, name):
    with pytest.raises(BadInputError, match="learner: "):
        new_attempt(lesson, store, "", name)
    with pytest.raises(BadInputError, match="learner: "):
        store.begin("", name, ("mine", "Mine", "m"), "")


def test_progress_is_kept_by_learner_and_class(lesson, store):
    finished(lesson, store, "Ada", "May")
    predicted(lesson, store, "Ben", "May")
    predicted(lesson, store, "Ada", "June")
    assert [a.learner for a in store.attempts("May")] == ["Ada", "Ben"]
    assert [a.team for a in store.attempts(learner="Ada")] == ["May", "June"]
    assert store.teams() == ["June", "May"]
    assert status(lesson, store.attempts("May", "Ada")) == "done, transfer correct"
    assert status(lesson, store.attempts("June", "Ada")) == "begun"
    assert status(lesson, store.attempts("June", "Ben")) == "new"


def test_many_may_write_at_once(lesson, store):
    def work(k):
        predicted(lesson, store, f"Learner {k}", value=str(k))

    threads = [threading.Thread(target=work, args=(k,)) for k in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = {a.learner: a.prediction for a in store.attempts("May")}
    assert found == {f"Learner {k}": float(k) for k in range(12)}


def test_typed_text_is_kept_as_text(lesson, store):
    name = "Robert'); DROP TABLE attempt;--"
    predicted(lesson, store, name, reason='"; <b>x</b>')
    (kept,) = store.attempts(learner=name)
    assert (kept.learner, kept.reason) == (name, '"; <b>x</b>')


def test_an_invalid_database_is_reported(tmp_path, lesson):
    file = tmp_path / "classroom.sqlite"
    file.write_text("not a database, " * 100)
    with pytest.raises(BadInputError, match=r"classroom\.sqlite: progress cannot be saved"):
        AttemptStore(file).attempts()
    assert file.read_text().startswith("not a database")


def test_the_file_lies_in_the_home_of_the_planner(tmp_path, monkeypatch):
    monkeypatch.setenv("CCPLAN_HOME", str(tmp_path))
    assert classroom_file() == tmp_path / "classroom.sqlite"
    assert AttemptStore().attempts() == []
    assert AttemptStore().teams() == []
    assert not classroom_file().exists()  # looking makes no file


def test_a_class_counts_each_first_prediction(lesson, store):
    finished(lesson, store, "Ada", value="3")
    finished(lesson, store, "Ada", value="40")  # knows the answer by now
    finished(lesson, store, "Ben", value="5")
    predicted(lesson, store, "Cleo", value="8")
    (one,) = lesson_results(store.attempts("May"))
    assert [a.prediction for a in one.attempts] == [3, 5, 8]
    assert (one.middle, one.truth, one.seen, one.right) == (5, 3, 2, 1)
    rows = class_rows(one, revealed=False)
    assert list(rows[0]) == ["Learner", "Predicted", "Because", "Decided"]
    verdicts = [row["Verdict"] for row in class_rows(one, revealed=True)]
    assert verdicts == ["within the tolerance", "near", "has not seen it yet"]
    assert alt_text_class(one, False) == "3 predictions from 3 to 8, median 5."
    assert alt_text_class(one, True).endswith("The truth is 3.")


def test_the_truth_of_a_class_waits_for_the_reveal(lesson, store):
    attempt = predicted(lesson, store)
    (one,) = lesson_results(store.attempts("May"))
    assert (one.truth, one.seen, one.middle) == (None, 0, 3)
    attempt.decide("3")
    attempt.reveal_error()
    assert lesson_results(store.attempts("May"))[0].truth == 3


def test_progress_of_a_class(lesson, store):
    finished(lesson, store, "Ada", transfer="9")
    predicted(lesson, store, "Ben")
    assert progress_rows(store.attempts("May")) == [
        {"Learner": "Ada", "Begun": "1", "Finished": "1", "Transfer correct": "0"},
        {"Learner": "Ben", "Begun": "1", "Finished": "0", "Transfer correct": "0"},
    ]


def test_csv_holds_all_and_runs_nothing(lesson, store):
    finished(lesson, store, "Ada", value="4")
    predicted(lesson, store, "=HYPERLINK(1)", "+May", reason='@SUM(A1), "so"')
    rows = list(csv.DictReader(io.StringIO(as_csv(store.attempts()))))
    first, second = rows
    assert (first["prediction"], first["truth"], first["error"]) == ("4", "3", "1")
    assert (first["within_tolerance"], first["transfer_holds"], first["unit"]) == (
        "1",
        "1",
        "count",
    )
    assert second["learner"] == "'=HYPERLINK(1)"
    assert second["class"] == "'+May"
    assert second["reason"] == """'@SUM(A1), "so\""""
    assert (second["decision"], second["truth"], second["ended"]) == ("", "", "")


def test_an_attempt_as_document(lesson, store):
    attempt = finished(lesson, store, value="4")
    found = document(attempt, attempt.simulate_day(), attempt.simulate_cases())
    assert found["prediction"]["error"] == 1
    assert found["prediction"]["reason"] == "work plus two"
    assert found["decision"]["judged"][0]["mine"] is True
    assert {row["x"] for row in found["many"]} == {2, 3}
    assert found["transfer"]["holds"] is True
    assert len(found["day"]) == 9
    assert found["day"][-1]["time"] == "02:00"


def test_an_older_seed_is_another_day(lesson, store):
    record = finished(lesson, store).record
    one, two = (LessonAttempt(lesson, store, record, seed).simulate_day() for seed in (1, 2))
    assert one != two


def test_every_change_is_one_transaction(lesson, store):
    attempt = predicted(lesson, store)
    with sqlite3.connect(store.file) as base:
        base.execute(
            "CREATE TRIGGER no BEFORE UPDATE ON attempt BEGIN SELECT RAISE(ABORT, 'x'); END"
        )
    base.close()
    with pytest.raises(BadInputError, match="progress cannot be saved"):
        attempt.decide("3")
    assert store.attempts()[0].decision is None
