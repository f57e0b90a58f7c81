"""AuthCodes of RMCP+ packets, every algorithm, both directions."""

from __future__ import annotations

from typing import Any

import pytest

from baseboard.crypto.integrity import Md5Integrity, integrity
from baseboard.crypto.rakp import kuid
from baseboard.errors import EncodeError, LocalProtocolError
from tests.session_vectors import INTEGRITY, octets, vectors

SIZES = {0: 0, 1: 12, 2: 16, 3: 16, 4: 16}


@vectors("integrity_pad")
def test_hmacs(given: dict[str, Any], expected: dict[str, Any]) -> None:
    signer = integrity(INTEGRITY[given["alg"]], octets(given["k1"]), b"")
    datagram = octets(expected["datagram"])
    covered, code = datagram[4 : -signer.size], datagram[-signer.size :]
    assert signer.sign(covered) == code
    assert signer.verify(covered, code)


@vectors("integrity_md5_128")
def test_md5_128_in_each_reading(given: dict[str, Any], expected: dict[str, Any]) -> None:
    signer = Md5Integrity(octets(given["padded"]))
    covered, code = octets(given["covered"]), octets(expected["authcode"])
    assert signer.sign(covered) == code
    assert signer.verify(covered, code)
    ours = integrity(3, b"", octets(given["password"]))
    assert ours.verify(covered, code) == (octets(given["padded"]) == kuid(octets(given["password"])))


@pytest.mark.parametrize("algorithm", [1, 2, 3, 4])
def test_no_bit_may_change(algorithm: int) -> None:
    signer = integrity(algorithm, b"k" * 20, b"password")
    data = bytes(range(40))
    code = signer.sign(data)
    assert len(code) == signer.size == SIZES[algorithm]
    assert signer.algorithm == algorithm
    for place in range(8 * len(data)):
        changed = (int.from_bytes(data, "big") ^ 1 << place).to_bytes(len(data), "big")
        assert not signer.verify(changed, code)
    for place in range(8 * len(code)):
        changed = (int.from_bytes(code, "big") ^ 1 << place).to_bytes(len(code), "big")
        assert not signer.verify(data, changed)
    assert not signer.verify(data, code[:-1])
    assert not signer.verify(data, b"")
    assert signer.verify(data, code)


def test_none_has_no_code() -> None:
    signer = integrity(0, b"", b"")
    assert signer.size == signer.algorithm == 0
    assert signer.sign(b"data") == b""
    assert signer.verify(b"data", b"")
    assert not signer.verify(b"data", b"x")


def test_what_cannot_be_made() -> None:
    with pytest.raises(LocalProtocolError, match="05h is not known"):
        integrity(5, b"", b"")
    with pytest.raises(EncodeError):
        integrity(3, b"", bytes(21))


def test_keys_are_not_shown() -> None:
    for algorithm in SIZES:
        shown = repr(integrity(algorithm, b"secret k1 key", b"my password"))
        assert "secret" not in shown
        assert "password" not in shown
