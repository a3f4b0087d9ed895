"""Results for people and for other programs: text, CSV, workbook, Parquet."""

from sim.report.quantity import show, show_difference
from sim.report.tables import write_log, write_rows
from sim.report.text import comparison_text, result_text

__all__ = [
    "comparison_text",
    "result_text",
    "show",
    "show_difference",
    "write_log",
    "write_rows",
]
