"""Results for people and for other programs: text, CSV, workbook, Parquet."""

from sim.fileio import OutputError, checked, replaced
from sim.report.quantity import show, show_difference
from sim.report.tables import write_csv, write_log
from sim.report.text import comparison_text, result_text

__all__ = [
    "OutputError",
    "checked",
    "comparison_text",
    "result_text",
    "show",
    "show_difference",
    "replaced",
    "write_csv",
    "write_log",
]
