"""What every result can do: show itself in a notebook, be drawn, and be written to a file.

Tables, charts and workbooks are made by :mod:`sim.report`, which stands above the results and
imports them. It is therefore looked up by its name at the moment when it is needed, in the way in
which pandas finds its plotting backends.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.extras import is_installed, need

if TYPE_CHECKING:
    import pandas as pd


def reports(module: str = "chart_and_file_output") -> Any:
    """Return a module of the reports; unless named, the one that makes tables, charts and files."""
    return import_module(f"sim.report.{module}")


class Output:
    """A result with a table; subclasses say which."""

    __slots__ = ()

    def table(self) -> pd.DataFrame:
        """Return the result as a table."""
        raise NotImplementedError

    def plot(self, kind: str | None = None, **options: Any) -> Any:
        """Draw the result as the app does.

        Parameters
        ----------
        kind : str, optional
            One of the charts of this result, the first of them by default; a wrong name is
            answered with the list.
        **options
            What the chart lets one choose, such as ``queue`` or ``metric``.

        Returns
        -------
        altair.Chart
            Of any of Altair's kinds of charts; a notebook draws it, ``.save("chart.html")``
            writes it.

        Raises
        ------
        BadInputError
            When there is no such chart, option or metric.
        """
        need("plot", "altair", "pandas")
        return reports().chart(self, kind, options)

    def to_csv(self, path: str | Path) -> None:
        """Write the table as CSV; the file appears whole or not at all.

        Raises
        ------
        BadInputError
            When the file cannot be written.
        """
        need("to_csv", "pandas")
        reports().write_csv(self, path)

    def to_parquet(self, path: str | Path) -> None:
        """Write the table as a Parquet file; it appears whole or not at all.

        Raises
        ------
        BadInputError
            When the file cannot be written.
        """
        need("to_parquet", "pandas", "pyarrow")
        reports().write_parquet(self, path)

    def to_xlsx(self, path: str | Path) -> None:
        """Write a workbook, the one that the command line writes; it appears whole or not at all.

        Raises
        ------
        BadInputError
            When the file cannot be written.
        """
        need("to_xlsx", "pandas", "xlsxwriter")
        reports().write_xlsx(self, path)

    def _repr_html_(self) -> str | None:
        """Return what a notebook shows: one line, and the metrics that people look at first.

        None, and with it the line alone, where tables are not installed.
        """
        if not is_installed("pandas"):
            return None
        return str(reports().html(self))
