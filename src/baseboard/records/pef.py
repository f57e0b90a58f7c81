"""How an event filter compares an event data byte (§17.7, §17.8)."""

from __future__ import annotations

_BYTE = 0xFF


def matches(byte: int, and_mask: int, compare_1: int, compare_2: int) -> bool:
    """Compare an event data byte with the three bytes that a filter has for it.

    The masked byte must have the bits of ``compare_2`` wherever ``compare_1`` has a 1, and at least one of
    them where it has a 0, if it has any. Three zeros match every byte.

    This is what the text and its worked examples say. The printed pseudo-code of Appendix B, marked there as
    untested, fails four of the six examples and the three zeros.
    """
    unlike = (byte & and_mask) ^ compare_2
    exact = not unlike & compare_1
    return exact and (compare_1 == _BYTE or ~unlike & ~compare_1 & _BYTE != 0)
