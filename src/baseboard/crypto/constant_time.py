"""A comparison that takes as long for a wrong code as for a right one."""

from __future__ import annotations

# Importing hmac, which has it from here, loads OpenSSL besides that in cryptography, and takes 3 ms.
from _operator import _compare_digest  # pyright: ignore[reportPrivateUsage]  # so does hmac itself

__all__ = ["compare_digest"]

compare_digest = _compare_digest
"""Whether two codes are the same."""
