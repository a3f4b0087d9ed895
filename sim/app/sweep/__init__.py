"""Sweeps that are designed on a page and simulated in a process of their own."""
