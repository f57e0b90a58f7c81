"""Encrypted payloads, both directions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from cryptography.hazmat.decrepit.ciphers.algorithms import ARC4
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from hypothesis import given as drawn
from hypothesis import strategies as st

from baseboard.crypto.confidentiality import AesCbc128, Xrc4, confidentiality
from baseboard.errors import DecodeError, LocalProtocolError, RemoteProtocolError, TruncatedError
from tests.session_vectors import octets, vectors

IV = bytes(range(0x80, 0x90))


def unused(size: int) -> bytes:
    raise AssertionError(size)


def blocks_for(key: bytes, *ivs: bytes) -> Callable[[int], bytes]:
    """Random blocks that make fresh AES contexts put these IVs on the wire, each in its first packet."""
    queue = [Cipher(algorithms.AES128(key), modes.CBC(bytes(16))).decryptor().update(iv) for iv in ivs]

    def random(size: int) -> bytes:
        assert size == 16
        return queue.pop(0)

    return random


def counting() -> Callable[[int], bytes]:
    numbers: Iterator[int] = iter(range(1, 1000))
    return lambda size: next(numbers).to_bytes(size, "big")


@vectors("aes_cbc_128")
def test_aes_both_ways(given: dict[str, Any], expected: dict[str, Any]) -> None:
    key, iv, payload = octets(given["key"]), octets(given["iv"]), octets(given["payload"])
    field = iv + octets(expected["ciphertext"])
    assert confidentiality(1, key + b"rest", blocks_for(key, iv)).encrypt(payload) == field
    assert confidentiality(1, key + b"rest", unused).decrypt(field) == payload


@vectors("aes_cbc_128_decrypt")
def test_aes_of_other_implementations(given: dict[str, Any], expected: dict[str, Any]) -> None:
    field = octets(given["payload_field"])
    assert AesCbc128(octets(given["key"]), unused).decrypt(field) == octets(expected["message"])
    same = AesCbc128(octets(given["key"]), blocks_for(octets(given["key"]), field[:16]))
    assert same.encrypt(octets(expected["message"])) == field


@vectors("aes_cbc_128_bad")
def test_aes_pad_is_checked(given: dict[str, Any], expected: dict[str, Any]) -> None:
    assert expected == {"verdict": "discard"}
    with pytest.raises(DecodeError, match="pad is wrong"):
        AesCbc128(octets(given["key"]), unused).decrypt(octets(given["payload_field"]))


@drawn(st.lists(st.binary(max_size=70), max_size=6), st.booleans())
def test_aes_persistent_contexts_equal_one_context_per_packet(payloads: list[bytes], garbage: bool) -> None:
    key = b"0123456789abcdef"
    sender, receiver = AesCbc128(key, counting()), AesCbc128(key, unused)
    fields = [sender.encrypt(payload) for payload in payloads]
    assert len({field[:16] for field in fields}) == len(fields)
    for payload, field in zip(payloads, fields, strict=True):
        if garbage:
            with pytest.raises(DecodeError):
                receiver.decrypt(field[:-1])
        plain = Cipher(algorithms.AES128(key), modes.CBC(field[:16])).decryptor().update(field[16:])
        assert plain[: len(payload)] == payload
        assert plain[len(payload) :] == bytes(range(1, plain[-1] + 1)) + plain[-1:]
        assert receiver.decrypt(field) == payload
    # The order in which they arrive does not matter.
    assert [receiver.decrypt(field) for field in reversed(fields)] == payloads[::-1]


def test_aes_may_be_prepared_which_changes_nothing() -> None:
    key = b"0123456789abcdef"
    prepared, other = AesCbc128(key, counting()), AesCbc128(key, counting())
    prepared.prepare()
    fields = [cipher.encrypt(b"one") for cipher in (prepared, other)]
    prepared.prepare()
    fields += [cipher.encrypt(b"two") for cipher in (prepared, other)]
    assert fields[::2] == fields[1::2]
    assert [other.decrypt(field) for field in fields] == [b"one", b"one", b"two", b"two"]
    assert not hasattr(prepared, "key")


@pytest.mark.parametrize("size", [0, 1, 15, 16, 17, 31, 33, 47])
def test_aes_sizes_that_cannot_be(size: int) -> None:
    with pytest.raises(DecodeError, match=f"payload of {size} bytes"):
        AesCbc128(bytes(16), unused).decrypt(bytes(size))


@drawn(st.binary(max_size=100))
def test_any_bytes_decrypt_or_are_refused(data: bytes) -> None:
    for algorithm in (0, 1, 2, 3):
        scheme = confidentiality(algorithm, b"key" * 7, unused)
        try:
            assert isinstance(scheme.decrypt(data), bytes)
        except (DecodeError, RemoteProtocolError):
            assert algorithm


@vectors("rc4")
def test_the_rc4_that_is_used(given: dict[str, Any], expected: dict[str, Any]) -> None:
    # A repeated key schedules like the key itself; short ones are not accepted.
    key = octets(given["key"])
    size = 8 if len(key) == 4 else 24
    stream = Cipher(ARC4(key * (size // len(key))), mode=None).encryptor()
    stream.update(bytes(given["skip"]))
    assert stream.update(octets(given["plaintext"])).hex() == expected["ciphertext"]


@vectors("xrc4")
def test_xrc4_both_ways(given: dict[str, Any], expected: dict[str, Any]) -> None:
    number = 2 if given["bits"] == 128 else 3
    messages = [octets(message) for message in given["messages"]]
    fields = [octets(field) for field in expected["payload_fields"]]
    key = octets(given["k2_used"])
    sender = Xrc4(number, key, lambda size: octets(given["iv"])[:size])
    assert [sender.encrypt(message) for message in messages] == fields
    receiver = Xrc4(number, key, unused)
    assert [receiver.decrypt(field) for field in fields] == messages
    ours = confidentiality(number, octets(given["k2"]), lambda size: octets(given["iv"])[:size])
    agrees = len(key) == 16
    assert (ours.encrypt(messages[0]) == fields[0]) == agrees


def xrc4_pair() -> tuple[Xrc4, Xrc4]:
    return Xrc4(2, b"k" * 16, counting()), Xrc4(2, b"k" * 16, unused)


def test_xrc4_packets_lost_overtaken_and_repeated() -> None:
    sender, receiver = xrc4_pair()
    texts = [b"first", b"second", b"third", b"fourth", b""]
    fields = [sender.encrypt(text) for text in texts]
    for index in (0, 3, 1, 4, 3, 2):
        assert receiver.decrypt(fields[index]) == texts[index]


def test_xrc4_directions_are_independent() -> None:
    console, bmc = Xrc4(3, b"k" * 16, counting()), Xrc4(3, b"k" * 16, lambda size: IV[:size])
    assert bmc.decrypt(console.encrypt(b"request")) == b"request"
    assert console.decrypt(bmc.encrypt(b"response")) == b"response"
    assert bmc.decrypt(console.encrypt(b"again")) == b"again"
    assert bmc.encrypt(b"")[:4] == b"\x08\0\0\0"


def test_xrc4_restart_takes_a_new_iv() -> None:
    sender, receiver = xrc4_pair()
    assert receiver.decrypt(sender.encrypt(b"one")) == b"one"
    sender.restart()
    field = sender.encrypt(b"two")
    assert field[:4] == bytes(4)
    assert field[4:20] == (2).to_bytes(16, "big")
    assert receiver.decrypt(field) == b"two"
    assert receiver.decrypt(sender.encrypt(b"three")) == b"three"


def test_xrc4_an_empty_first_packet_starts_again() -> None:
    sender, receiver = xrc4_pair()
    assert receiver.decrypt(sender.encrypt(b"")) == b""
    field = sender.encrypt(b"now")
    assert field[:4] == bytes(4)
    assert receiver.decrypt(field) == b"now"


def test_xrc4_stream_starts_again_before_its_offset_overflows(monkeypatch: pytest.MonkeyPatch) -> None:
    sender, receiver = xrc4_pair()
    receiver.decrypt(sender.encrypt(b"x"))
    monkeypatch.setattr(sender, "_sent", 0xFFFFFFFE)
    assert sender.encrypt(b"y")[:4] == b"\xfe\xff\xff\xff"
    field = sender.encrypt(b"z")
    assert field[:4] == bytes(4)
    assert receiver.decrypt(field) == b"z"


def test_xrc4_keeps_a_bounded_part_of_the_stream() -> None:
    sender, receiver = xrc4_pair()
    chunk = bytes(40_000)
    fields = [sender.encrypt(chunk) for _ in range(6)]
    for field in fields:
        assert receiver.decrypt(field) == chunk
    assert receiver.decrypt(fields[5]) == chunk
    with pytest.raises(RemoteProtocolError, match="not within reach"):
        receiver.decrypt(fields[1])


def test_xrc4_offsets_out_of_reach() -> None:
    _, receiver = xrc4_pair()
    with pytest.raises(RemoteProtocolError, match="offset 8 is not within reach"):
        receiver.decrypt(b"\x08\0\0\0data")
    sender, receiver = xrc4_pair()
    receiver.decrypt(sender.encrypt(b"start"))
    with pytest.raises(RemoteProtocolError):
        receiver.decrypt((5 + Xrc4.AHEAD + 1).to_bytes(4, "little") + b"data")
    assert len(receiver.decrypt((5 + Xrc4.AHEAD).to_bytes(4, "little") + b"data")) == 4


@pytest.mark.parametrize("field", [b"", b"\0\0\0", bytes(4), bytes(19)])
def test_xrc4_headers_cut_off(field: bytes) -> None:
    with pytest.raises(TruncatedError):
        Xrc4(2, b"k" * 16, unused).decrypt(field)


def test_none_changes_nothing() -> None:
    scheme = confidentiality(0, b"", unused)
    scheme.restart()
    assert scheme.algorithm == 0
    assert scheme.encrypt(b"data") == scheme.decrypt(b"data") == b"data"


def test_the_others_have_nothing_to_prepare() -> None:
    for algorithm in (0, 2):
        cipher = confidentiality(algorithm, bytes(16), counting())
        cipher.prepare()
        assert cipher.encrypt(b"") == confidentiality(algorithm, bytes(16), counting()).encrypt(b"")


def test_aes_has_nothing_to_restart() -> None:
    scheme = confidentiality(1, b"k" * 20, counting())
    scheme.restart()
    assert scheme.decrypt(scheme.encrypt(b"data")) == b"data"


def test_unknown_algorithm() -> None:
    with pytest.raises(LocalProtocolError, match="04h is not known"):
        confidentiality(4, b"", unused)


def test_keys_are_not_shown() -> None:
    for algorithm in range(4):
        assert "secret" not in repr(confidentiality(algorithm, b"a secret K2 value...", unused))
