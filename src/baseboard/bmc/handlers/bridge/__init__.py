"""Answers to the bridge commands."""
