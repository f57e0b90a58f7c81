"""RMCP+ packets."""

from __future__ import annotations

from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from hypothesis import given as drawn
from hypothesis import strategies as st

from baseboard.crypto.confidentiality import confidentiality
from baseboard.crypto.integrity import integrity
from baseboard.errors import DecodeError, EncodeError, RemoteProtocolError, TruncatedError
from baseboard.rmcp import v20
from tests.session_vectors import INTEGRITY, number, octets, vectors

EXCHANGE = (
    "set_priv_req",
    "set_priv_rsp",
    "get_device_id_req",
    "get_device_id_rsp",
    "close_req",
    "close_rsp",
)
NONE = integrity(0, b"", b"")
CLEAR = confidentiality(0, b"", bytes)


def receive(data: bytes, signer: Any, cipher: Any) -> tuple[int, int, int, bytes]:
    flags, session_id, sequence, start, end = v20.parse(data)
    v20.authenticate(data, flags, end, signer)
    return flags, session_id, sequence, v20.open_payload(data, flags, start, end, cipher)


@vectors("v20_session")
def test_whole_sessions_both_ways(given: dict[str, Any], expected: dict[str, Any]) -> None:
    k1, k2 = octets(expected["keys"]["k1"]), octets(expected["keys"]["k2"])
    signer = integrity(given["integrity"], k1, octets(given["password"]))
    ivs = [octets(iv) for iv in given["ivs"]]
    to_bmc, to_console = number(given["bmc_sid_wire"]), number(given["console_sid_wire"])
    queue: list[bytes] = []
    senders = [confidentiality(given["confidentiality"], k2, lambda _: queue.pop(0)) for _ in range(2)]
    receivers = [confidentiality(given["confidentiality"], k2, bytes) for _ in range(2)]
    for index, name in enumerate(EXCHANGE):
        data, plain = octets(expected["datagrams"][name]), octets(expected["plaintexts"][name])
        flags, session_id, sequence, payload = receive(data, signer, receivers[index % 2])
        assert (session_id, sequence) == (to_console if index % 2 else to_bmc, index // 2 + 1)
        assert payload == plain, name
        assert bool(flags & v20.AUTHENTICATED) == bool(given["integrity"])
        assert bool(flags & v20.ENCRYPTED) == bool(given["confidentiality"])
        if ivs:
            queue[:] = [ivs[index]]
        if given["confidentiality"] == 1:
            # A fresh context each, so that the block before the IV is known.
            decrypt = Cipher(algorithms.AES128(k2[:16]), modes.CBC(bytes(16))).decryptor()
            queue[:] = [decrypt.update(ivs[index])]
            senders[index % 2] = confidentiality(1, k2, lambda _: queue.pop(0))
        assert v20.wrap(0, session_id, sequence, plain, signer, senders[index % 2]) == data, name


@vectors("v20_session_capture")
def test_captured_packets_of_suite_0(given: dict[str, Any], expected: dict[str, Any]) -> None:
    for name, text in expected["datagrams"].items():
        if name.startswith("auth_cap"):
            with pytest.raises(DecodeError):
                v20.parse(octets(text))
            continue
        flags, session_id, sequence, payload = receive(octets(text), NONE, CLEAR)
        assert v20.wrap(flags, session_id, sequence, payload, NONE, CLEAR) == octets(text)
        if name.endswith("_req") and name != "open_req":
            assert session_id == number(given["bmc_sid_wire"])


@vectors("integrity_pad")
def test_13_6_pad(given: dict[str, Any], expected: dict[str, Any]) -> None:
    signer = integrity(INTEGRITY[given["alg"]], octets(given["k1"]), b"")
    data, payload = octets(expected["datagram"]), octets(given["payload"])
    kind = octets(given["payload_type"])[0] & v20.TYPE_MASK
    header = octets(given.get("oem", ""))
    oem = (int.from_bytes(header[:3], "little"), int.from_bytes(header[4:], "little")) if header else None
    assert v20.wrap(kind, number(given["session_id_wire"]), given["seq"], payload, signer, None, oem) == data
    flags, session_id, sequence, start, end = v20.parse(data)
    assert end == start + len(payload)
    assert data[end : -signer.size] == b"\xff" * expected["pad_length"] + bytes((expected["pad_length"], 7))
    assert receive(data, signer, CLEAR) == (flags, session_id, sequence, payload)
    if oem:
        assert v20.oem_of(data) == oem


@pytest.mark.parametrize("algorithm", [1, 2, 3, 4])
def test_13_28_4_every_bit_behind_the_rmcp_header_is_covered(algorithm: int) -> None:
    signer = integrity(algorithm, b"k" * 20, b"password")
    data = v20.wrap(0, 0x1234, 7, b"payload", signer)
    for place in range(4 * 8, 8 * len(data)):
        changed = (int.from_bytes(data, "little") ^ 1 << place).to_bytes(len(data), "little")
        try:
            flags, *_, end = v20.parse(changed)
            v20.authenticate(changed, flags, end, signer)
        except (DecodeError, RemoteProtocolError):
            continue
        assert not flags & v20.AUTHENTICATED, "only without its bit is the trailer not looked at"


def test_a_miscounted_pad_is_accepted_when_it_is_signed() -> None:
    """Q-ICTS-PAD."""
    signer = integrity(1, b"k" * 20, b"")
    right = v20.wrap(0, 0x1234, 7, b"payload", signer)
    flags, *_, end = v20.parse(right)
    covered = right[4:end] + b"\xff\xff\x02\x07"
    v20.authenticate(right[:4] + covered + signer.sign(covered), flags, end, signer)


def test_13_6_no_room_for_the_trailer() -> None:
    signer = integrity(1, b"k" * 20, b"")
    data = v20.wrap(0, 0x1234, 7, b"payload!", signer)
    flags, *_, end = v20.parse(data)
    with pytest.raises(TruncatedError, match="session trailer of 13 bytes"):
        v20.authenticate(data[: end + 13], flags, end, signer)


def test_flags_that_the_session_does_not_have() -> None:
    with pytest.raises(RemoteProtocolError, match="without integrity"):
        v20.authenticate(b"", v20.AUTHENTICATED, 0, NONE)
    with pytest.raises(RemoteProtocolError, match="without confidentiality"):
        v20.open_payload(b"", v20.ENCRYPTED, 0, 0, CLEAR)


def test_header_cut_off() -> None:
    plain = v20.wrap(0, 1, 2, b"payload")
    oem = v20.wrap(2, 1, 2, b"payload", oem=(343, 1))
    for whole in (plain, oem):
        for size in range(len(whole)):
            with pytest.raises(TruncatedError):
                v20.parse(whole[:size])


@pytest.mark.parametrize(("place", "value"), [(0, 5), (3, 6), (3, 0x87), (4, 2), (4, 0x16)])
def test_other_packets(place: int, value: int) -> None:
    data = bytearray(v20.wrap(0, 1, 2, b"payload"))
    data[place] = value
    with pytest.raises(DecodeError, match="not an RMCP"):
        v20.parse(bytes(data))


def test_what_does_not_fit() -> None:
    with pytest.raises(EncodeError, match="payload of 65536 bytes"):
        v20.wrap(0, 1, 2, bytes(65536))
    with pytest.raises(EncodeError):
        v20.wrap(2, 1, 2, b"", oem=(343, 65536))


@drawn(
    st.binary(max_size=70), st.sampled_from([b"", b"\x06\0\xff\x07\x06", b"\x06\0\xff\x07\x06\xc0\1\0\0\0"])
)
def test_random_bytes(data: bytes, start: bytes) -> None:
    signer, cipher = integrity(1, b"k" * 20, b""), confidentiality(1, b"k" * 20, bytes)
    for pair in ((signer, cipher), (NONE, CLEAR)):
        try:
            receive(start + data, *pair)
        except (DecodeError, RemoteProtocolError):
            continue


@pytest.mark.parametrize("size", range(7, 24))
def test_a_sealed_packet_is_a_wrapped_one(size: int) -> None:
    signer, cipher = integrity(1, bytes(20), b""), confidentiality(1, bytes(20), bytes)
    sealed = v20.seal(0x01020304, 7, bytes(range(size)), signer, cipher)
    assert receive(sealed, signer, confidentiality(1, bytes(20), bytes)) == (
        v20.AUTHENTICATED | v20.ENCRYPTED,
        0x01020304,
        7,
        bytes(range(size)),
    )
    fresh = confidentiality(1, bytes(20), bytes)
    assert sealed == v20.wrap(0, 0x01020304, 7, bytes(range(size)), signer, fresh)
