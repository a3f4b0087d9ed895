"""Lessons as data, what lives them, grades them and keeps what learners predicted."""

from sim.training.attempt import Passage, Step, again, begun, latest
from sim.training.attempt_store import Attempt, Store, classroom_file
from sim.training.lesson import Lesson
from sim.training.lesson_file import load_lesson, parse_lesson, shipped_lessons

__all__ = [
    "Attempt",
    "Lesson",
    "Passage",
    "Step",
    "Store",
    "again",
    "begun",
    "classroom_file",
    "latest",
    "load_lesson",
    "parse_lesson",
    "shipped_lessons",
]
