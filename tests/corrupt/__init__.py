"""Kinds of corruption by group; tests/corruptions.py gathers and runs them."""
