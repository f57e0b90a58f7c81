"""AuthCodes of v1.5 and of Get AuthCode."""

from __future__ import annotations

from typing import Any

import pytest

from baseboard.crypto.authcode import SIZE, activation_code, authcode, get_authcode, get_authcode_v20
from baseboard.errors import EncodeError, LocalProtocolError
from tests.session_vectors import AUTH_TYPES, INTEGRITY, number, octets, vectors


@vectors("v15_authcode")
def test_captured_activate_session(given: dict[str, Any], expected: dict[str, Any]) -> None:
    code = authcode(
        AUTH_TYPES[given["alg"]],
        octets(given["password"]),
        number(given["session_id_wire"]),
        octets(given["message"]),
        given["session_seq"],
    )
    assert code.hex() == expected["authcode"]


@vectors("v15_single_session")
def test_single_session_channels(given: dict[str, Any], expected: dict[str, Any]) -> None:
    code = activation_code(
        AUTH_TYPES[given["alg"]],
        octets(given["password"]),
        number(given["temp_session_id_wire"]),
        octets(given["challenge"]),
    )
    assert code.hex() == expected["authcode"]


@vectors("get_authcode_v15")
def test_get_authcode_v15(given: dict[str, Any], expected: dict[str, Any]) -> None:
    code = get_authcode(AUTH_TYPES[given["alg"]], octets(given["password"]), octets(given["data"]))
    assert code.hex() == expected["authcode"]


@vectors("get_authcode_v20")
def test_get_authcode_v20(given: dict[str, Any], expected: dict[str, Any]) -> None:
    code = get_authcode_v20(INTEGRITY[given["alg"]], octets(given["password"]), octets(given["data"]))
    assert code.hex() == expected["authcode"]


def test_straight_password_is_the_code() -> None:
    assert authcode(4, b"secret", 1, b"message", 2) == b"secret" + bytes(10)
    assert len(authcode(4, b"", 1, b"message", 2)) == SIZE


def test_type_none_has_no_code() -> None:
    assert authcode(0, b"secret", 1, b"message", 2) == b""


def test_a_20_byte_password_is_not_for_v15() -> None:
    with pytest.raises(EncodeError, match="at most 16 bytes, not 17") as caught:
        authcode(2, b"a-secret-of-17-by", 1, b"", 2)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("auth_type", [3, 5, 6])
def test_types_without_algorithm(auth_type: int) -> None:
    with pytest.raises(LocalProtocolError, match="no AuthCode algorithm"):
        authcode(auth_type, b"", 1, b"", 2)
