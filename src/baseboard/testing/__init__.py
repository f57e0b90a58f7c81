"""What tests of management software use: strategies for messages, vectors, a clock that obeys.

Each module is imported by itself, for some need packages that the library does not: ``strategies``
needs Hypothesis.
"""

from __future__ import annotations

__all__: list[str] = []
