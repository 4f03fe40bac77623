"""Benchmarks: each module prints a table; README.md says what it measures and how to run it."""
