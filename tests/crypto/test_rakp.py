"""The formulas of §13.31 to §13.33."""

from __future__ import annotations

import hmac
from typing import Any

import pytest

from baseboard.crypto import rakp
from baseboard.errors import EncodeError, LocalProtocolError
from tests.session_vectors import ALGORITHMS, number, octets, vectors


@vectors("rakp_keys", "v20_session")
def test_keys_of_both_sides(given: dict[str, Any], expected: dict[str, Any]) -> None:
    expected = expected.get("keys", expected)
    algorithm = ALGORITHMS[given.get("alg") or given["auth"]]
    kuid = rakp.kuid(octets(given["password"]))
    kg = octets(given["kg"]) if given["kg"] else kuid
    sidm, sidc = number(given["console_sid_wire"]), number(given["bmc_sid_wire"])
    rm, rc, guidc = octets(given["rm"]), octets(given["rc"]), octets(given["guid"])
    role, name = octets(given["role"])[0], octets(given["username"])
    sik = rakp.sik(algorithm, kg, rm, rc, role, name)
    got = {
        "rakp2": rakp.keac2(algorithm, kuid, sidm, sidc, rm, rc, guidc, role, name),
        "rakp3": rakp.keac3(algorithm, kuid, rc, sidm, role, name),
        "sik": sik,
        "rakp4": rakp.icv(algorithm, sik, rm, sidc, guidc),
        "k1": rakp.k1(algorithm, sik),
        "k2": rakp.k2(algorithm, sik),
    }
    assert {name: value.hex() for name, value in got.items()} == expected
    assert len(got["rakp2"]) == len(got["rakp3"]) == rakp.code_size(algorithm)
    assert len(got["rakp4"]) == rakp.icv_size(algorithm)


@vectors("rakp2_hmac")
def test_published_rakp_2_codes(given: dict[str, Any], expected: dict[str, Any]) -> None:
    data = octets(given["hmac_input"])
    sidm, sidc = int.from_bytes(data[:4], "little"), int.from_bytes(data[4:8], "little")
    name = data[58:]
    assert len(name) == data[57]
    kuid = rakp.kuid(octets(given["password"]))
    algorithm = ALGORITHMS[given["alg"]]
    code = rakp.keac2(algorithm, kuid, sidm, sidc, data[8:24], data[24:40], data[40:56], data[56], name)
    assert code.hex() == expected["rakp2"]


def test_13_31_a_key_has_20_bytes() -> None:
    """Q-KG-ALIGN."""
    assert rakp.kuid(b"") == rakp.NULL_KEY == bytes(20)
    assert rakp.kuid(b"x" * 20) == b"x" * 20
    with pytest.raises(EncodeError, match="at most 20 bytes, not 21") as caught:
        rakp.kuid(b"sesame" + bytes(15))
    assert "sesame" not in str(caught.value)


def test_13_32_constants_have_20_bytes_for_every_hash() -> None:
    """Q-KG-ALIGN."""
    for algorithm, digest in ((1, "sha1"), (2, "md5"), (3, "sha256")):
        assert rakp.k1(algorithm, b"sik") == hmac.digest(b"sik", b"\1" * 20, digest)
        assert rakp.k2(algorithm, b"sik") == hmac.digest(b"sik", b"\2" * 20, digest)


def test_rakp_none_has_neither_codes_nor_keys() -> None:
    assert rakp.code_size(0) == rakp.icv_size(0) == 0
    assert rakp.sik(0, bytes(20), bytes(16), bytes(16), 4, b"") == rakp.k1(0, b"") == rakp.k2(0, b"") == b""


@pytest.mark.parametrize("algorithm", [-1, 4, 0x30])
def test_unknown_algorithm(algorithm: int) -> None:
    with pytest.raises(LocalProtocolError, match="no RAKP formulas"):
        rakp.code_size(algorithm)
    with pytest.raises(LocalProtocolError, match="no RAKP formulas"):
        rakp.icv_size(algorithm)
    with pytest.raises(LocalProtocolError, match="no RAKP formulas"):
        rakp.k1(algorithm, b"")
