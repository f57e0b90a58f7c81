"""Answers to the app commands."""
