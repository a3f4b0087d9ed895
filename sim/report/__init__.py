"""Results for people and for other programs: text, CSV, workbook, Parquet."""

from sim.report.formatting import show, show_difference
from sim.report.table_files import write_log, write_rows
from sim.report.text import comparison_text, result_text

__all__ = [
    "comparison_text",
    "result_text",
    "show",
    "show_difference",
    "write_log",
    "write_rows",
]
