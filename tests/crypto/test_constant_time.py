"""A comparison in constant time."""

from __future__ import annotations

import hmac
import subprocess
import sys

from baseboard.crypto.constant_time import compare_digest


def test_it_compares_as_hmac_does() -> None:
    for left, right in ((b"", b""), (b"ab", b"ab"), (b"ab", b"aa"), (b"ab", b"abc")):
        assert compare_digest(left, right) == hmac.compare_digest(left, right) == (left == right)


def test_it_loads_no_second_openssl() -> None:
    code = "import sys, baseboard.crypto.constant_time; print(sorted({'hmac', 'hashlib'} & set(sys.modules)))"
    command = [sys.executable, "-c", code]
    assert subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout == "[]\n"
