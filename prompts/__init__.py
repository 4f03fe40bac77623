"""Dialects: how each model family talks on each kind of platform; pure."""
