"""All commands, in the order in which the help lists them."""

# isort: off
from sim.cli.application import app
from sim.cli import file_commands, formula_commands, simulation_commands
from sim.cli import history_commands, planning_commands, roster_command, invest_command
from sim.cli import calibrate_command, open_commands
# isort: on

__all__ = [
    "app",
    "calibrate_command",
    "file_commands",
    "formula_commands",
    "history_commands",
    "invest_command",
    "open_commands",
    "planning_commands",
    "roster_command",
    "simulation_commands",
]
