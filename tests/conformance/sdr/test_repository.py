"""What the repository says of itself, and reading it (§33.9 to §33.12)."""

from __future__ import annotations

import pytest

from baseboard.commands.storage.sdr import (
    GetSdr,
    GetSdrRepositoryAllocationInfo,
    GetSdrRepositoryInfo,
    ReserveSdrRepository,
)
from tests.conformance.bench import CALLER, OPERATOR, VIEWER
from tests.conformance.marks import exercises
from tests.conformance.sdr.rig import (
    ABSENT,
    ADD,
    AGENT,
    ALLOCATION,
    CANCELLED,
    CLEAR,
    DELETE,
    ENTER,
    EXIT,
    GET,
    GET_TIME,
    INFO,
    LENGTH,
    OK,
    PART,
    RESERVE,
    SET_TIME,
    STORAGE,
    oem,
    repository,
)


@exercises(GetSdrRepositoryInfo)
def test_33_9_what_it_holds_and_can_do() -> None:
    """Version 51h, both ways of updating (11b), delete, partial add, reserve, allocation info."""
    sdr = repository()
    answer = sdr.ask(INFO)
    assert (answer[1], answer[2:4]) == (0x51, b"\x03\0")
    assert answer[14] == 0x6F
    added, erased = sdr.times()
    assert erased == 0xFFFFFFFF
    before = sdr.free()
    sdr.bmc.raw(0x0A, 0x49, (1_700_000_000).to_bytes(4, "little"))
    assert sdr.ask(ADD, oem(20))[0] == 0
    assert sdr.ask(INFO)[2:4] == b"\x04\0"
    # units of 16 bytes: a record of 20 takes two
    assert sdr.free() == before - 32
    assert sdr.times() == (1_700_000_000, 0xFFFFFFFF)
    assert added != 1_700_000_000
    sdr.bmc.advance(5)
    assert sdr.ask(DELETE, sdr.reserve() + b"\x04\0")[0] == 0
    assert sdr.times() == (1_700_000_000, 1_700_000_005)
    # consoles know their copies by the two times
    assert sdr.restarted().times() == (1_700_000_000, 1_700_000_005)


@exercises(GetSdrRepositoryAllocationInfo, GetSdrRepositoryInfo)
def test_33_10_what_is_free_is_what_can_be_added() -> None:
    sdr = repository(sdr_capacity=1024)

    def allocation() -> tuple[int, ...]:
        answer = sdr.ask(ALLOCATION)
        return (*(int.from_bytes(answer[n : n + 2], "little") for n in (1, 3, 5, 7)), answer[9])

    units, size, free, block, largest = allocation()
    assert (units, size) == (64, 16)
    assert free == block == sdr.free() // 16
    assert largest * 16 >= 64
    used = sum(-(-len(record) // 16) for record in sdr.listed().values())
    assert free == units - used
    for left in range(free - 1, -1, -1):
        assert sdr.ask(ADD, oem(16))[0] == 0
        assert allocation()[2] == left
    # §33.9: C4h, and the overflow flag until something is erased
    assert sdr.ask(INFO)[14] & 0x80 == 0
    assert sdr.ask(ADD, oem(16)) == b"\xc4"
    assert sdr.ask(INFO)[14] & 0x80
    assert sdr.free() == 0
    again = sdr.restarted()
    assert again.ask(INFO)[14] & 0x80
    assert again.ask(DELETE, again.reserve() + b"\xff\xff")[0] == 0
    assert again.ask(INFO)[14] & 0x80 == 0
    assert again.free() == 16


@exercises(GetSdr)
def test_33_12_records_are_read_one_after_the_other() -> None:
    sdr = repository()
    records = sdr.listed()
    assert list(records) == [1, 2, 3]
    assert all(len(record) == record[4] + 5 for record in records.values())
    assert sdr.read(0xFFFF)[1:3] == b"\xff\xff"
    assert sdr.read(0xFFFF)[3:] == records[3]
    assert sdr.read(4) == ABSENT


@exercises(GetSdr, ReserveSdrRepository)
def test_33_11_only_reading_from_the_middle_needs_a_reservation() -> None:
    sdr = repository()
    whole = sdr.read(1)[3:]
    assert sdr.read(1, 0, 5, b"\x77\x77")[3:] == whole[:5]
    assert sdr.read(1, 5, 5) == CANCELLED
    held = sdr.reserve()
    assert held != bytes(2)
    assert sdr.read(1, 5, 5, held)[3:] == whole[5:10]
    # beyond the end what there is is given; from beyond the end nothing
    assert sdr.read(1, len(whole) - 3, 20, held)[3:] == whole[-3:]
    assert sdr.read(1, len(whole), 1, held) == b"\xc9"
    newer = sdr.reserve()
    assert sdr.read(1, 5, 5, held) == CANCELLED
    assert sdr.read(1, 5, 5, newer)[0] == 0


def test_33_12_a_record_too_long_for_the_channel_is_read_in_pieces() -> None:
    sdr = repository()
    assert sdr.ask(ADD, oem(255))[0] == 0
    console = sdr.bmc.in_v20(VIEWER)
    assert console.ask(STORAGE, GET, bytes.fromhex("0000 0400 00 FF")) == b"\xca"
    held = console.ask(STORAGE, RESERVE) or b""
    pieces = b""
    for offset in range(0, 255, 85):
        answer = console.ask(STORAGE, GET, held[1:] + bytes.fromhex("0400") + bytes((offset, 85)))
        assert answer is not None
        pieces += answer[3:]
    assert pieces == b"\x04\0" + oem(255)[2:]


@pytest.mark.parametrize("change", ["add", "delete", "clear", "reset"])
def test_33_11_what_cancels_a_reservation(change: str) -> None:
    sdr = repository()
    held = sdr.reserve()
    if change == "add":
        assert sdr.ask(ADD, oem())[0] == 0
    elif change == "delete":
        assert sdr.ask(DELETE, held + b"\x02\0")[0] == 0
    elif change == "clear":
        assert sdr.ask(CLEAR, held + b"CLR\xaa")[0] == 0
        sdr.bmc.advance(1)
    else:
        assert sdr.bmc.system(0x03) == OK
        sdr.bmc.advance(10)
    assert sdr.read(1, 5, 5, held) == CANCELLED
    assert sdr.ask(DELETE, held + b"\x01\0") == CANCELLED


FOR_USERS = {INFO: "", ALLOCATION: "", RESERVE: "", GET: "0000 0000 00 FF", GET_TIME: ""}
FOR_OPERATORS = {
    ADD: "0000 51 C0 05 F21B000102", PART: "0000 0000 00 01 00", DELETE: "0000 0100", CLEAR: "0000 434C52 AA",
    SET_TIME: "00000040", ENTER: "", EXIT: "", AGENT: "00",
}  # fmt: skip


@pytest.mark.parametrize("version", ["in_v15", "in_v20"])
@pytest.mark.parametrize("cmd", [*FOR_USERS, *FOR_OPERATORS])
def test_appendix_g_users_read_and_operators_change(cmd: int, version: str) -> None:
    data = bytes.fromhex({**FOR_USERS, **FOR_OPERATORS}[cmd])
    codes = []
    for user in (CALLER, VIEWER, OPERATOR):
        bmc = repository().bmc
        console = getattr(bmc, version)(user, level=user.privilege if user is OPERATOR else 0)
        codes.append(console.ask(STORAGE, cmd, data)[0] == 0xD4)
    assert codes == [True, cmd in FOR_OPERATORS, False]


@pytest.mark.parametrize(
    ("cmd", "data"),
    [
        (INFO, "00"), (ALLOCATION, "00"), (RESERVE, "00"), (GET, "0000 0000 00"), (PART, "0000 0000 00"),
        (DELETE, "0000 01"), (CLEAR, "0000 434C52"), (GET_TIME, "00"), (SET_TIME, "000000"), (ENTER, "00"),
        (EXIT, "00"), (AGENT, ""),
    ],
)  # fmt: skip
def test_5_2_a_request_of_a_wrong_length_is_refused(cmd: int, data: str) -> None:
    assert repository().ask(cmd, data) == LENGTH
