"""Lessons as data; attempts of learners, graded and stored."""

from sim.training.attempt import LessonAttempt, Stage, current_attempt, latest_attempt, new_attempt
from sim.training.attempt_store import AttemptRecord, AttemptStore, classroom_file
from sim.training.lesson import Lesson
from sim.training.lesson_file import load_lesson, parse_lesson, shipped_lessons

__all__ = [
    "AttemptRecord",
    "AttemptStore",
    "Lesson",
    "LessonAttempt",
    "Stage",
    "classroom_file",
    "current_attempt",
    "latest_attempt",
    "load_lesson",
    "new_attempt",
    "parse_lesson",
    "shipped_lessons",
]
