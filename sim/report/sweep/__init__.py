"""The results of a sweep as text, charts, a page and a workbook."""
