"""Reading tables and writing files: one way for each, with bounds.

``read_table``, ``table_from_bytes`` and ``table_from_text`` give a :class:`Table`; its cells are
read by ``number`` and ``duration``. ``replaced`` and ``write_file`` write whole files or none.
"""

from sim.fileio.atomic_files import (
    UNFINISHED,
    OutputError,
    checked,
    remove_open,
    remove_unfinished,
    replaced,
    write_file,
)
from sim.fileio.cell_values import duration, is_missing, number
from sim.fileio.limits import FILES, MEGABYTE, UPLOADS, TableLimits
from sim.fileio.spreadsheet_formulas import IN_MEMORY, TEXT_ONLY, escape_formula
from sim.fileio.table import Table, TableError
from sim.fileio.table_reader import (
    SUFFIXES,
    is_table,
    read_table,
    table_from_bytes,
    table_from_text,
)
from sim.messages import show_value
from sim.numerals import POINT, AmbiguousNumberError, Numbers

__all__ = [
    "FILES",
    "IN_MEMORY",
    "MEGABYTE",
    "POINT",
    "SUFFIXES",
    "TEXT_ONLY",
    "UNFINISHED",
    "UPLOADS",
    "AmbiguousNumberError",
    "TableLimits",
    "Numbers",
    "OutputError",
    "Table",
    "TableError",
    "checked",
    "duration",
    "escape_formula",
    "is_missing",
    "is_table",
    "number",
    "read_table",
    "remove_open",
    "remove_unfinished",
    "replaced",
    "show_value",
    "table_from_bytes",
    "table_from_text",
    "write_file",
]
