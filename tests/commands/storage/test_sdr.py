"""SDR repository commands."""

from __future__ import annotations

import pytest

from baseboard.commands.storage.sdr import (
    AddSdr,
    ClearOperation,
    ClearSdrRepository,
    ClearSdrRepositoryResponse,
    ErasureProgress,
    GetSdr,
    GetSdrRepositoryInfoResponse,
    GetSdrResponse,
    PartialAddSdr,
    Progress,
    RunInitializationAgent,
    SdrUpdateSupport,
)
from baseboard.errors import DecodeError, EncodeError


def test_a_whole_record_is_read_by_default() -> None:
    assert GetSdr(record_id=0x1234).encode() == bytes.fromhex("0000341200FF")


@pytest.mark.parametrize("size", [5, 7])
def test_a_read_has_six_bytes(size: int) -> None:
    with pytest.raises(DecodeError):
        GetSdr.decode(bytes(size))


def test_a_piece_may_be_empty() -> None:
    assert GetSdrResponse.decode(b"\xff\xff") == GetSdrResponse(next_record_id=0xFFFF, data=b"")


def test_what_the_repository_supports() -> None:
    info = GetSdrRepositoryInfoResponse.decode(bytes.fromhex("510000FFFF00000000000000002F"))
    assert info.update_support is SdrUpdateSupport.NON_MODAL
    assert info.delete_supported
    assert info.partial_add_supported
    assert info.reserve_supported
    assert info.allocation_info_supported
    assert not info.overflow
    assert GetSdrRepositoryInfoResponse.decode(bytes(13) + b"\xe0").overflow


def test_a_clear_is_confirmed_by_default() -> None:
    request = ClearSdrRepository(reservation_id=1, operation=ClearOperation.INITIATE)
    assert request.encode() == b"\x01\x00CLR\xaa"
    assert ClearSdrRepository.decode(b"\x01\x00CLX\x00").confirmation == b"CLX"
    with pytest.raises(EncodeError):
        ClearSdrRepository(reservation_id=1, operation=ClearOperation.INITIATE, confirmation=b"CL")


def test_an_operation_that_is_none_survives() -> None:
    assert ClearSdrRepository.decode(b"\x00\x00CLR\x55").encode() == b"\x00\x00CLR\x55"


def test_the_progress_of_an_erasure() -> None:
    assert ClearSdrRepositoryResponse.decode(b"\x01").progress is ErasureProgress.COMPLETED
    assert ClearSdrRepositoryResponse.decode(b"\x00").progress is ErasureProgress.IN_PROGRESS


def test_pieces_of_a_record() -> None:
    request = PartialAddSdr.decode(bytes.fromhex("0100020005F1AABB"))
    assert (request.reservation_id, request.record_id, request.offset) == (1, 2, 5)
    assert request.progress is Progress.LAST
    assert request.data == b"\xaa\xbb"
    assert PartialAddSdr.LENGTH_MISMATCH == 0x80


def test_an_added_record_may_be_any_bytes() -> None:
    assert AddSdr.decode(b"").record == b""
    assert AddSdr.decode(bytes(64)).record == bytes(64)


def test_the_agent_runs_or_is_asked() -> None:
    assert RunInitializationAgent.decode(b"\x01").run
    assert not RunInitializationAgent.decode(b"\x00").run
    with pytest.raises(DecodeError):
        RunInitializationAgent.decode(b"")
