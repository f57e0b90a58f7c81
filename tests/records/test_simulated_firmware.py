"""Firmware of the simulated components."""

from __future__ import annotations

import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baseboard.errors import ChecksumError, DecodeError, TruncatedError
from baseboard.records.hpm import HpmVersion
from baseboard.records.simulated_firmware import CORRUPT, MARK, SimulatedFirmware, read_firmware

VERSION = HpmVersion(major=3, minor="07", auxiliary=b"\0\0\0\x09")


def test_there_and_back() -> None:
    firmware = SimulatedFirmware(VERSION, CORRUPT, 1, b"anything")
    data = firmware.encode()
    assert data[:20] == b"BBSIMFW\x01" + bytes.fromhex("03 07 00000009 57 01") + b"anyt"
    assert data[-4:] == zlib.crc32(data[:-4]).to_bytes(4, "little")
    assert read_firmware(data) == firmware


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", DecodeError),
        (b"something else", DecodeError),
        (MARK + bytes(11), TruncatedError),
        (SimulatedFirmware(VERSION).encode()[:-1] + b"?", ChecksumError),
    ],
)
def test_what_is_none(data: bytes, error: type[DecodeError]) -> None:
    with pytest.raises(error):
        read_firmware(data)


@given(st.binary(max_size=60))
def test_any_bytes_are_firmware_or_none(data: bytes) -> None:
    for whole in (data, MARK + data):
        try:
            found = read_firmware(whole)
        except DecodeError:
            continue
        assert found.encode() == whole
