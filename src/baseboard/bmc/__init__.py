"""The management controller."""
