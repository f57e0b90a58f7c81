"""Cipher suites, RAKP keys, integrity, confidentiality and v1.5 AuthCodes: functions of bytes and keys."""

from __future__ import annotations

from baseboard.crypto.authcode import activation_code, authcode, get_authcode, get_authcode_v20
from baseboard.crypto.confidentiality import Confidentiality, confidentiality
from baseboard.crypto.integrity import Integrity, integrity
from baseboard.crypto.md2 import md2
from baseboard.crypto.suites import SUITES, CipherSuite, suite_for

__all__ = [
    "SUITES",
    "CipherSuite",
    "Confidentiality",
    "Integrity",
    "activation_code",
    "authcode",
    "confidentiality",
    "get_authcode",
    "get_authcode_v20",
    "integrity",
    "md2",
    "suite_for",
]
