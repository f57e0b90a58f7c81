"""Answers to the chassis commands."""
