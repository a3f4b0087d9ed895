"""Forecasts of volumes and handle times, chosen by a rolling back-test on the history."""
