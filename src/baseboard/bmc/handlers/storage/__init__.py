"""Answers to the storage commands."""
