"""Cipher suites, RAKP keys, integrity, confidentiality and v1.5 AuthCodes: functions of bytes and keys."""

from __future__ import annotations
