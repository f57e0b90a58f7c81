"""FRU commands: data of any length, counts that may differ from it."""

from __future__ import annotations

import pytest

from baseboard.commands.storage.fru import (
    GetFruInventoryAreaInfoResponse,
    ReadFruData,
    ReadFruDataResponse,
    WriteFruData,
)
from baseboard.errors import DecodeError


def test_a_device_accessed_by_words() -> None:
    info = GetFruInventoryAreaInfoResponse.decode(bytes.fromhex("000801"))
    assert (info.area_size, info.accessed_by_words) == (0x800, True)


def test_the_count_of_words_is_half_the_bytes() -> None:
    response = ReadFruDataResponse.decode(bytes.fromhex("0201020304"))
    assert (response.count_returned, response.data) == (2, b"\x01\x02\x03\x04")


def test_nothing_may_be_returned() -> None:
    assert ReadFruDataResponse.decode(b"\x00") == ReadFruDataResponse(count_returned=0, data=b"")


@pytest.mark.parametrize("size", [3, 5])
def test_a_read_has_four_bytes(size: int) -> None:
    with pytest.raises(DecodeError):
        ReadFruData.decode(bytes(size))


def test_a_write_may_be_empty_but_says_where() -> None:
    assert WriteFruData.decode(bytes.fromhex("010203")) == WriteFruData(
        fru_device_id=1, offset=0x302, data=b""
    )
    with pytest.raises(DecodeError):
        WriteFruData.decode(bytes.fromhex("0102"))


def test_own_completion_codes() -> None:
    assert [int(code) for code in WriteFruData.command.codes] == [0x80, 0x81]
    assert WriteFruData.WRITE_PROTECTED.name == "WriteFruData.WRITE_PROTECTED"
    assert ReadFruData.DEVICE_BUSY == 0x81
