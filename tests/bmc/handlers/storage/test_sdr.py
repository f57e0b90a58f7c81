"""The SDR repository's commands."""

from __future__ import annotations

from typing import Any

import pytest

from baseboard.codes import Cc, NetFn, Privilege
from baseboard.commands.app.device import GetDeviceId
from baseboard.commands.sensor.sensors import GetSensorThreshold, SetSensorThreshold
from baseboard.commands.storage.sdr import (
    AddSdr,
    ClearOperation,
    ClearSdrRepository,
    DeleteSdr,
    EnterSdrRepositoryUpdateMode,
    ErasureProgress,
    ExitSdrRepositoryUpdateMode,
    GetSdr,
    GetSdrRepositoryAllocationInfo,
    GetSdrRepositoryInfo,
    GetSdrRepositoryTime,
    PartialAddSdr,
    Progress,
    ReserveSdrRepository,
    RunInitializationAgent,
    SdrUpdateSupport,
    SetSdrRepositoryTime,
)
from baseboard.commands.storage.sel import GetSelTime
from baseboard.errors import CompletionError
from baseboard.records.thresholds import ThresholdMask
from tests.bmc.harness import Bench, make_bmc
from tests.bmc.services.sensor_specs import PRESENCE, TEMPERATURE

LAN = 1
OEM = bytes((0, 0, 0x51, 0xC0, 7)) + b"\x4f\x4d\0DATA"


@pytest.fixture
def bmc() -> Bench:
    return make_bmc(sensors=(TEMPERATURE, PRESENCE))


def refused(code: int) -> Any:
    return pytest.raises(CompletionError, match=f"^{code:02X}h")


def reserve(bmc: Bench) -> int:
    return bmc.execute(ReserveSdrRepository()).reservation_id


def test_33_9_the_repository_says_what_it_can_do_and_how_full_it_is(bmc: Bench) -> None:
    info = bmc.execute(GetSdrRepositoryInfo())
    assert (info.sdr_version, info.record_count) == (0x51, 3)
    assert info.update_support == SdrUpdateSupport.MODAL_AND_NON_MODAL
    assert info.delete_supported
    assert info.partial_add_supported
    assert info.reserve_supported
    assert info.allocation_info_supported
    assert not info.overflow
    assert info.most_recent_erase == 0xFFFFFFFF
    bmc.execute(AddSdr(record=OEM))
    after = bmc.execute(GetSdrRepositoryInfo())
    assert (after.record_count, after.free_space) == (4, info.free_space - 16)
    assert after.most_recent_addition == bmc.execute(GetSelTime()).time


def test_33_9_more_free_space_than_can_be_told() -> None:
    roomy = make_bmc(sensors=(TEMPERATURE,), sdr_capacity=1 << 20)
    assert roomy.execute(GetSdrRepositoryInfo()).free_space == 0xFFFE
    assert roomy.execute(GetSdrRepositoryAllocationInfo()).possible_units == 0xFFFF


def test_33_10_space_is_allotted_in_units(bmc: Bench) -> None:
    allocation = bmc.execute(GetSdrRepositoryAllocationInfo())
    assert (allocation.possible_units, allocation.unit_size) == (4096, 16)
    assert allocation.free_units == allocation.largest_free_block
    assert allocation.free_units * 16 == bmc.execute(GetSdrRepositoryInfo()).free_space
    assert allocation.maximum_record_size == 17


def test_33_12_a_whole_record_needs_no_reservation(bmc: Bench) -> None:
    first = bmc.execute(GetSdr(record_id=0))
    assert (first.next_record_id, first.data[:5]) == (2, b"\x01\0\x51\x01\x30")
    assert first.data[-6:] == b"\xc5Inlet"
    assert bmc.execute(GetSdr(record_id=0xFFFF)).next_record_id == 0xFFFF
    assert bmc.execute(GetSdr(record_id=1, reservation_id=0x7777, count=5)).data == first.data[:5]


def test_33_12_a_read_from_the_middle_needs_a_live_reservation(bmc: Bench) -> None:
    with refused(Cc.RESERVATION_CANCELLED):
        bmc.execute(GetSdr(record_id=1, offset=5, count=8))
    number = reserve(bmc)
    whole = bmc.execute(GetSdr(record_id=1)).data
    assert bmc.execute(GetSdr(reservation_id=number, record_id=1, offset=5, count=8)).data == whole[5:13]
    assert bmc.execute(GetSdr(reservation_id=number, record_id=1, offset=5, count=0xFE)).data == whole[5:]
    with refused(Cc.PARAMETER_OUT_OF_RANGE):
        bmc.execute(GetSdr(reservation_id=number, record_id=1, offset=len(whole)))
    reserve(bmc)
    with refused(Cc.RESERVATION_CANCELLED):
        bmc.execute(GetSdr(reservation_id=number, record_id=1, offset=5, count=8))


def test_33_12_a_record_too_long_for_the_channel_is_read_in_pieces(bmc: Bench) -> None:
    number = bmc.execute(AddSdr(record=bytes((0, 0, 0x51, 0xC0, 0xF5)) + bytes(0xF5))).record_id
    with refused(Cc.CANNOT_RETURN_SO_MANY):
        bmc.execute(GetSdr(record_id=number), channel=LAN)
    assert len(bmc.execute(GetSdr(record_id=number, count=200), channel=LAN).data) == 200


def test_33_13_a_record_is_added(bmc: Bench) -> None:
    assert bmc.execute(AddSdr(record=OEM)).record_id == 4
    assert bmc.execute(GetSdr(record_id=4)).data == b"\x04\0" + OEM[2:]
    with refused(Cc.INVALID_LENGTH):
        bmc.execute(AddSdr(record=OEM[:-1]))
    assert bmc.reopen().execute(GetSdrRepositoryInfo()).record_count == 4


def test_33_14_a_record_is_added_in_pieces(bmc: Bench) -> None:
    number = reserve(bmc)

    def part(record_id: int, offset: int, data: bytes, progress: Progress) -> int:
        request = PartialAddSdr(
            reservation_id=number, record_id=record_id, offset=offset, progress=progress, data=data
        )
        return bmc.execute(request).record_id

    record_id = part(0, 0, OEM[:6], Progress.IN_PROGRESS)
    assert part(record_id, 6, OEM[6:], Progress.LAST) == record_id
    assert bmc.execute(GetSdr(record_id=record_id)).data[2:] == OEM[2:]
    with refused(Cc.RESERVATION_CANCELLED):
        part(0, 0, OEM[:6], Progress.IN_PROGRESS)


def test_33_15_deleting_needs_a_reservation(bmc: Bench) -> None:
    with refused(Cc.RESERVATION_CANCELLED):
        bmc.execute(DeleteSdr(reservation_id=0, record_id=2))
    number = reserve(bmc)
    assert bmc.execute(DeleteSdr(reservation_id=number, record_id=2)).record_id == 2
    with refused(Cc.RESERVATION_CANCELLED):
        bmc.execute(DeleteSdr(reservation_id=number, record_id=1))
    with refused(Cc.NOT_PRESENT):
        bmc.execute(DeleteSdr(reservation_id=reserve(bmc), record_id=2))
    assert bmc.execute(GetSdrRepositoryInfo()).most_recent_erase == bmc.execute(GetSelTime()).time


def test_33_16_clearing_is_asked_for_by_name_and_watched(bmc: Bench) -> None:
    number = reserve(bmc)

    def clear(operation: int, confirmation: bytes = b"CLR", reservation_id: int = number) -> ErasureProgress:
        request = ClearSdrRepository(
            reservation_id=reservation_id, confirmation=confirmation, operation=ClearOperation(operation)
        )
        return bmc.execute(request).progress

    with refused(Cc.INVALID_DATA):
        clear(0xAA, b"CLS")
    with refused(Cc.INVALID_DATA):
        clear(0x55)
    with refused(Cc.RESERVATION_CANCELLED):
        clear(0xAA, reservation_id=0)
    assert clear(0xAA) == ErasureProgress.IN_PROGRESS
    assert clear(0x00) == ErasureProgress.IN_PROGRESS
    with refused(Cc.SDR_UPDATING):
        bmc.execute(GetSdrRepositoryInfo())
    bmc.advance(1)
    assert clear(0x00) == ErasureProgress.COMPLETED
    assert bmc.execute(GetSdrRepositoryInfo()).record_count == 0
    with refused(Cc.NOT_PRESENT):
        bmc.execute(GetSdr(record_id=0))


def test_33_17_the_event_logs_clock_is_the_repositorys(bmc: Bench) -> None:
    bmc.execute(SetSdrRepositoryTime(time=1_000_000_000))
    assert bmc.execute(GetSdrRepositoryTime()).time == 1_000_000_000
    assert bmc.execute(GetSelTime()).time == 1_000_000_000


def test_33_19_in_update_mode_the_repository_answers_its_initiator_only(bmc: Bench) -> None:
    assert not bmc.execute(GetDeviceId()).updating
    bmc.execute(EnterSdrRepositoryUpdateMode())
    assert bmc.execute(GetDeviceId()).updating
    for request in (
        GetSdrRepositoryInfo(),
        GetSdrRepositoryAllocationInfo(),
        ReserveSdrRepository(),
        DeleteSdr(reservation_id=0, record_id=1),
        GetSdrRepositoryTime(),
        SetSdrRepositoryTime(time=0),
        RunInitializationAgent(run=False),
    ):
        with refused(Cc.SDR_UPDATING):
            bmc.execute(request)
    for others in (GetSdr(record_id=0), AddSdr(record=OEM), ExitSdrRepositoryUpdateMode()):
        with refused(Cc.SDR_UPDATING):
            bmc.execute(others, channel=LAN)
    assert bmc.execute(GetSdr(record_id=1, offset=5, count=1)).data == b"\x20"
    assert bmc.execute(ClearSdrRepository(reservation_id=0, operation=ClearOperation.INITIATE)).progress == 0
    bmc.advance(1)
    assert bmc.execute(AddSdr(record=OEM)).record_id == 1
    bmc.execute(ExitSdrRepositoryUpdateMode())
    assert bmc.execute(GetSdrRepositoryInfo(), channel=LAN).record_count == 1


def test_33_21_the_initialization_agent_sets_the_sensors_by_their_records(bmc: Bench) -> None:
    assert bmc.execute(RunInitializationAgent(run=False)).completed
    bmc.execute(
        SetSensorThreshold(sensor_number=1, thresholds=ThresholdMask.UPPER_CRITICAL, upper_critical=99)
    )
    assert bmc.execute(RunInitializationAgent(run=False)).completed
    assert bmc.execute(GetSensorThreshold(sensor_number=1)).upper_critical == 99
    assert bmc.execute(RunInitializationAgent(run=True)).completed
    assert bmc.execute(GetSensorThreshold(sensor_number=1)).upper_critical == 50


@pytest.mark.parametrize(
    "request_",
    [
        AddSdr(record=OEM),
        PartialAddSdr(reservation_id=0, record_id=0, offset=0, progress=Progress.LAST, data=OEM),
        DeleteSdr(reservation_id=0, record_id=1),
        ClearSdrRepository(reservation_id=0, operation=ClearOperation.INITIATE),
        SetSdrRepositoryTime(time=0),
        EnterSdrRepositoryUpdateMode(),
        ExitSdrRepositoryUpdateMode(),
        RunInitializationAgent(run=True),
    ],
    ids=lambda request: type(request).__name__,
)
def test_33_changes_need_an_operator(bmc: Bench, request_: Any) -> None:
    with refused(Cc.INSUFFICIENT_PRIVILEGE):
        bmc.execute(request_, channel=LAN, privilege=Privilege.USER)


def test_33_every_command_refuses_data_of_a_wrong_length(bmc: Bench) -> None:
    for cmd, data in ((0x23, bytes(5)), (0x26, bytes(3)), (0x27, bytes(5)), (0x29, bytes(3)), (0x2C, b"")):
        assert bmc.raw(NetFn.STORAGE, cmd, data) == bytes((Cc.INVALID_LENGTH,))
