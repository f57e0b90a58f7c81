"""Answers to the sensor commands."""
