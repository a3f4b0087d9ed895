"""Sweeps that are designed on a page and lived in a process of their own."""
