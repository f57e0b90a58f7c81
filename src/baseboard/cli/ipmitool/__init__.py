"""ipmitool's grammar and output, verb by verb: a module per noun, each with ``run(call, words)``."""

from __future__ import annotations
