"""Answers to the commands of group extensions."""
