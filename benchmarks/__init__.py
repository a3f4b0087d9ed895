"""Measures the speed of what has to be fast: ``python -m benchmarks``."""
