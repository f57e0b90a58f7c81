"""HPM.1 upgrade images: a maker's, ours, and what is none."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baseboard.errors import ChecksumError, DecodeError, EncodeError, TruncatedError
from baseboard.records.hpm import (
    ActionKind,
    HpmFirmware,
    HpmHeader,
    HpmImage,
    HpmRecord,
    HpmVersion,
    ImageCapability,
    build_hpm,
    read_hpm,
)

# The first 72 bytes of tests/hpm_bin/firmware.hpm of python-ipmi: a board of maker 15000 (Kontron).
HEADER = bytes.fromhex("5049434D47465755 00 04 983A00 A506 CBAA065B 07 02 0C 0C 0C 0000 00000B0A0D00 0000 F8")
PREPARE = bytes.fromhex("01 02 FD")
UPLOAD = bytes.fromhex("02 02 FC 04 50 01030000 49504D20436F6E74726F6C6C657200000000000000")
VERSION = HpmVersion(major=2, minor="11", auxiliary=b"\1\2\3\4")


def sealed(*parts: bytes) -> bytes:
    data = b"".join(parts)
    return data + hashlib.md5(data, usedforsecurity=False).digest()


def upload(data: bytes, head: bytes = UPLOAD) -> bytes:
    return head + len(data).to_bytes(4, "little") + data


def image(**changes: Any) -> HpmImage:
    header = HpmHeader(
        device_id=0x20, manufacturer_id=0, product_id=1, components=1, earliest_major=0, earliest_minor="00",
        version=VERSION, **changes,
    )  # fmt: skip
    return HpmImage(header, (HpmRecord(ActionKind.UPLOAD, 1, HpmFirmware(VERSION, "one", b"firmware")),))


def test_a_maker_s_image() -> None:
    data = sealed(HEADER, PREPARE, upload(b"\x96\x8b\x01"))
    found = read_hpm(data)
    header = found.header
    assert (header.device_id, header.manufacturer_id, header.product_id) == (4, 15000, 1701)
    assert (header.time, header.components) == (0x5B06AACB, 0b10)
    assert header.capabilities == (
        ImageCapability.SELF_TEST | ImageCapability.AUTOMATIC_ROLLBACK | ImageCapability.MANUAL_ROLLBACK
    )
    assert (header.self_test_timeout, header.rollback_timeout, header.inaccessibility_timeout) == (12, 12, 12)
    assert header.version == HpmVersion(major=0, minor="00", auxiliary=b"\x0b\x0a\x0d\x00")
    first, second = found.actions
    assert first == HpmRecord(ActionKind.PREPARE, 0b10)
    assert second.firmware == HpmFirmware(
        HpmVersion(major=4, minor="50", auxiliary=b"\1\3\0\0"), "IPM Controller", b"\x96\x8b\x01"
    )
    assert build_hpm(found) == data


def test_the_maker_s_own_data() -> None:
    made = HpmImage(image().header, image().actions, oem=b"anything")
    data = build_hpm(made)
    assert read_hpm(data).oem == b"anything"
    assert build_hpm(read_hpm(data)) == data


def test_the_checksum_of_an_upload_may_take_in_what_follows_it() -> None:
    whole = bytearray(upload(b"x"))
    whole[2] = (whole[2] - sum(whole[:34])) & 0xFF
    assert read_hpm(sealed(HEADER, bytes(whole))).actions[0].components == 2


def test_a_version_as_people_read_it() -> None:
    assert str(VERSION) == "2.11.01020304"
    assert str(HpmVersion(major=2, minor="05")) == "2.05"


def broken(place: int, value: int) -> bytes:
    data = bytearray(HEADER + PREPARE)
    data[place] = value
    return sealed(bytes(data))


@pytest.mark.parametrize(
    ("data", "error", "text"),
    [
        (b"", DecodeError, "no HPM.1"),
        (b"PICMGFWU", DecodeError, "no HPM.1"),
        (bytes(80), DecodeError, "no HPM.1"),
        (HEADER + PREPARE + bytes(16), ChecksumError, "MD5"),
        (broken(8, 1), DecodeError, "format version 1"),
        (broken(9, 5), ChecksumError, "header"),
        (broken(33, 9), TruncatedError, "OEM data"),
        (broken(37, 0), ChecksumError, "action"),
        (sealed(HEADER, b"\x01\x02"), TruncatedError, "action"),
        (sealed(HEADER, b"\x03\x02\xfb"), DecodeError, "no action 3"),
        (sealed(HEADER, UPLOAD), TruncatedError, "upload"),
        (sealed(HEADER, upload(b"abc")[:-1]), TruncatedError, "firmware"),
        (sealed(HEADER, b"\x02\x03\xfb" + upload(b"x")[3:]), DecodeError, "one component"),
        (sealed(HEADER, b"\x02\x02\x00" + upload(b"x")[3:]), ChecksumError, "action"),
    ],
)
def test_what_is_none(data: bytes, error: type[DecodeError], text: str) -> None:
    with pytest.raises(error, match=text):
        read_hpm(data)


@pytest.mark.parametrize(
    "record",
    [
        HpmRecord(ActionKind.UPLOAD, 1),
        HpmRecord(ActionKind.UPLOAD, 3, HpmFirmware(VERSION, "", b"")),
        HpmRecord(ActionKind.UPLOAD, 1, HpmFirmware(VERSION, "x" * 22, b"")),
    ],
)
def test_what_cannot_be_written(record: HpmRecord) -> None:
    with pytest.raises(EncodeError):
        build_hpm(HpmImage(image().header, (record,)))


@given(st.binary(max_size=200), st.binary(max_size=60))
def test_any_bytes_are_an_image_or_none(head: bytes, tail: bytes) -> None:
    for data in (head, sealed(head), sealed(HEADER, tail), sealed(HEADER[:34], head)):
        try:
            found = read_hpm(data)
        except DecodeError:
            continue
        assert read_hpm(build_hpm(found)) == found
