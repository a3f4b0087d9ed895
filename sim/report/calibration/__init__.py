"""The report of a calibration: text and page."""
