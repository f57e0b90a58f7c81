"""SEL commands."""

from __future__ import annotations

import pytest

from baseboard.commands.storage.sdr import ClearOperation
from baseboard.commands.storage.sel import (
    AddSelEntry,
    AuxiliaryLog,
    ClearSel,
    DeleteSelEntry,
    GetAuxiliaryLogStatus,
    GetAuxiliaryLogStatusResponse,
    GetSelEntry,
    GetSelInfo,
    GetSelInfoResponse,
    GetSelTimeUtcOffsetResponse,
    McaLogStatus,
    OemLogStatus,
    PartialAddSelEntry,
    ReserveSel,
    SetAuxiliaryLogStatus,
    SetSelTimeUtcOffset,
)
from baseboard.errors import DecodeError, EncodeError

ERASE_81H = [GetSelInfo, ReserveSel, GetSelEntry, AddSelEntry, PartialAddSelEntry, DeleteSelEntry]


@pytest.mark.parametrize("request_type", ERASE_81H)
def test_81h_is_an_erasure_in_progress(request_type: type[GetSelInfo]) -> None:
    assert request_type.ERASE_IN_PROGRESS == 0x81
    assert request_type.ERASE_IN_PROGRESS in request_type.command.codes


def test_a_whole_entry_is_read_by_default() -> None:
    assert GetSelEntry(record_id=0).encode() == bytes.fromhex("0000000000FF")


@pytest.mark.parametrize("size", [15, 17])
def test_an_entry_has_sixteen_bytes(size: int) -> None:
    with pytest.raises(DecodeError):
        AddSelEntry.decode(bytes(size))
    with pytest.raises(EncodeError):
        AddSelEntry(record=bytes(size))


def test_what_the_log_supports() -> None:
    info = GetSelInfoResponse.decode(bytes.fromhex("51020000100000000000000000") + b"\x8f")
    assert (info.entries, info.free_space) == (2, 0x1000)
    assert info.overflow
    assert info.delete_supported
    assert info.partial_add_supported
    assert info.reserve_supported
    assert info.allocation_info_supported


def test_a_clear_and_its_poll() -> None:
    assert ClearSel(reservation_id=0x2211, operation=ClearOperation.INITIATE).encode() == b"\x11\x22CLR\xaa"
    assert ClearSel.decode(b"\x11\x22CLR\x00").operation is ClearOperation.GET_STATUS


@pytest.mark.parametrize(("text", "minutes"), [("0000", 0), ("3C00", 60), ("D4FE", -300), ("FF07", 0x7FF)])
def test_the_offset_from_utc_has_a_sign(text: str, minutes: int) -> None:
    assert GetSelTimeUtcOffsetResponse.decode(bytes.fromhex(text)).offset == minutes
    assert SetSelTimeUtcOffset(offset=minutes).encode() == bytes.fromhex(text)


def test_status_of_the_machine_check_log() -> None:
    assert GetAuxiliaryLogStatus.decode(b"\x00").log_type is AuxiliaryLog.MCA
    response = GetAuxiliaryLogStatusResponse.decode(bytes.fromhex("90B3C66705000000"))
    assert response.timestamp == 0x67C6B390
    assert McaLogStatus.decode(response.data) == McaLogStatus(entry_count=5)
    assert McaLogStatus(entry_count=5).encode() == response.data


def test_status_of_an_oem_log() -> None:
    request = SetAuxiliaryLogStatus.decode(bytes.fromhex("0190B3C6675701000102030405060708"))
    assert request.log_type is AuxiliaryLog.OEM_1
    status = OemLogStatus.decode(request.data)
    assert (status.manufacturer_id, status.status) == (343, bytes(range(1, 9)))
    assert status.encode() == request.data
