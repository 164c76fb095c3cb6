"""Measurements: run by hand, side by side where a claim is a ratio; never part of the tests."""
