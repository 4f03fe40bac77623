"""A tiny GLM-4.1V that the tests build themselves: true architecture, geometry and special tokens,
a few million random weights, no download."""
