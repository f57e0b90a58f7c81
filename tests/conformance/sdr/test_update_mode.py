"""Modal and non-modal updates (§33.3, §33.19, §33.20)."""

from __future__ import annotations

import pytest

from baseboard.commands.storage.sdr import (
    AddSdr,
    ClearSdrRepository,
    EnterSdrRepositoryUpdateMode,
    ExitSdrRepositoryUpdateMode,
    GetSdr,
    PartialAddSdr,
)
from tests.conformance.bench import ADMIN
from tests.conformance.marks import exercises
from tests.conformance.sdr.rig import (
    ADD,
    AGENT,
    ALLOCATION,
    CLEAR,
    DELETE,
    ENTER,
    EXIT,
    GET,
    GET_TIME,
    INFO,
    OK,
    PART,
    RESERVE,
    SET_TIME,
    STORAGE,
    UPDATING,
    oem,
    repository,
)

OTHERS = {
    INFO: "", ALLOCATION: "", RESERVE: "", DELETE: "0000 0100", GET_TIME: "", SET_TIME: "00000040",
    AGENT: "01",
}  # fmt: skip
ALLOWED = {GET: "0000 0000 00 FF", ADD: "0000 51 C0 05 F21B000102", PART: "0000 0000 00 00 00", EXIT: ""}


@exercises(EnterSdrRepositoryUpdateMode, ExitSdrRepositoryUpdateMode, GetSdr, AddSdr, PartialAddSdr)
def test_33_19_the_initiator_updates_without_a_reservation() -> None:
    sdr = repository()
    assert sdr.ask(ENTER) == OK
    # byte 4 [7] of Get Device ID: an SDR update is under way
    assert sdr.bmc.system(0x01)[3] & 0x80
    assert sdr.ask(ADD, oem())[0] == 0
    number = sdr.part(bytes(2), bytes(2), 0, oem(40)[:16])[1:]
    assert sdr.part(bytes(2), number, 16, oem(40)[16:], last=1)[0] == 0
    assert sdr.read(1, 5, 3)[0] == 0
    assert sdr.ask(EXIT) == OK
    assert sdr.bmc.system(0x01)[3] & 0x80 == 0
    assert sdr.ask(INFO)[2:4] == b"\x05\0"
    assert sdr.read(1, 5, 3) == b"\xc5"


@exercises(EnterSdrRepositoryUpdateMode, ClearSdrRepository)
def test_33_19_a_repository_is_written_anew_in_one_update() -> None:
    sdr = repository()
    assert sdr.ask(ENTER) == OK
    assert sdr.ask(CLEAR, b"\0\0CLR\xaa") == bytes.fromhex("00 00")
    sdr.bmc.advance(1)
    assert sdr.ask(CLEAR, b"\0\0CLR\x00") == bytes.fromhex("00 01")
    assert sdr.ask(ADD, oem()) == bytes.fromhex("00 0100")
    assert sdr.ask(EXIT) == OK
    assert list(sdr.restarted().listed()) == [1]


@pytest.mark.parametrize("cmd", OTHERS)
def test_33_19_other_commands_of_the_repository_wait(cmd: int) -> None:
    sdr = repository()
    sdr.ask(ENTER)
    assert sdr.ask(cmd, OTHERS[cmd]) == UPDATING
    sdr.ask(EXIT)
    if cmd != DELETE:
        assert sdr.ask(cmd, OTHERS[cmd])[0] == 0


@pytest.mark.parametrize("cmd", [*ALLOWED, ENTER])
def test_33_19_other_requesters_wait(cmd: int) -> None:
    sdr = repository()
    console = sdr.bmc.in_v20(ADMIN, level=4)
    sdr.ask(ENTER)
    assert console.ask(STORAGE, cmd, bytes.fromhex(ALLOWED.get(cmd, ""))) == UPDATING
    sdr.ask(EXIT)
    if cmd != PART:
        answer = console.ask(STORAGE, cmd, bytes.fromhex(ALLOWED.get(cmd, "")))
        assert answer is not None
        assert answer[0] == 0


@exercises(EnterSdrRepositoryUpdateMode)
def test_33_19_an_update_whose_initiator_went_away_ends_by_itself() -> None:
    sdr = repository()
    sdr.ask(ENTER)
    sdr.bmc.advance(59)
    # as long as the initiator goes on, it goes on
    assert sdr.ask(ADD, oem())[0] == 0
    sdr.bmc.advance(59)
    assert sdr.ask(INFO) == UPDATING
    sdr.bmc.advance(2)
    assert sdr.ask(INFO)[0] == 0
    assert sdr.bmc.system(0x01)[3] & 0x80 == 0


def test_33_19_an_update_ends_with_the_session_of_its_initiator() -> None:
    sdr = repository()
    console = sdr.bmc.in_v20(ADMIN, level=4)
    assert console.ask(STORAGE, ENTER) == OK
    assert sdr.ask(INFO) == UPDATING
    assert console.ask(0x06, 0x3C, console.sidc.to_bytes(4, "little")) == OK
    assert sdr.ask(INFO)[0] == 0


def test_20_3_a_reset_ends_an_update() -> None:
    sdr = repository()
    sdr.ask(ENTER)
    assert sdr.bmc.system(0x03) == OK
    sdr.bmc.advance(10)
    assert sdr.ask(INFO)[0] == 0


def test_33_20_to_leave_what_one_is_not_in_is_harmless() -> None:
    sdr = repository()
    assert sdr.ask(EXIT) == OK
    assert sdr.ask(INFO)[0] == 0
