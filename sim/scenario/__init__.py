"""What a planner writes: a strict scenario file, files beside it, and overrides by path."""

from sim.scenario.bot import Bot
from sim.scenario.center import Busyness, Center, Experiment
from sim.scenario.describe import describe
from sim.scenario.distribution import Distribution
from sim.scenario.group import Group, QuietBreaks, Shift, Skill
from sim.scenario.lint import lint_warnings
from sim.scenario.problems import Problem, ScenarioError
from sim.scenario.queue import Callback, Queue, Repeat, Retry, Target, Transfer
from sim.scenario.satisfaction import Satisfaction
from sim.scenario.scenario import Scenario, load
from sim.scenario.schema import schema
from sim.scenario.series import Series
from sim.scenario.volume import Volume

__all__ = [
    "Bot",
    "Busyness",
    "Callback",
    "Center",
    "Distribution",
    "Experiment",
    "Group",
    "Problem",
    "Queue",
    "QuietBreaks",
    "Repeat",
    "Retry",
    "Satisfaction",
    "Scenario",
    "ScenarioError",
    "Series",
    "Shift",
    "Skill",
    "Target",
    "Transfer",
    "Volume",
    "describe",
    "lint_warnings",
    "load",
    "schema",
]
