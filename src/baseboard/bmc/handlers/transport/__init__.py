"""Answers to the transport commands."""
