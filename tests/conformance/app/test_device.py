"""Global commands of a management controller (§20)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from baseboard.bmc.blueprint import FruSpec, Identity
from baseboard.bmc.store import MemoryStore
from baseboard.commands.app.device import (
    ColdReset,
    GetAcpiPowerState,
    GetDeviceGuid,
    GetDeviceId,
    GetSelfTestResults,
    GetSystemGuid,
    ManufacturingTestOn,
    SetAcpiPowerState,
    WarmReset,
)
from baseboard.records.fru import BoardArea, ProductArea, build_fru
from baseboard.testing.clock import VirtualClock
from tests.bmc.fakes import BLUEPRINT, GUID
from tests.bmc.harness import Bench, make_bmc
from tests.bmc.held_store import HeldStore
from tests.conformance.bench import ELSEWHERE, OPERATOR, VIEWER, bench
from tests.conformance.marks import exercises

APP, STORAGE = 0x06, 0x0A
DEVICE_ID, COLD, WARM, SELF_TEST, MANUFACTURING, SET_ACPI, GET_ACPI, GUID_OF_DEVICE = range(1, 9)
INITIALIZED_S = 1.1
PASSED = bytes.fromhex("00 55 00")
OTHER_GUID = bytes.fromhex("ffeeddccbbaa99887766554433221100")
BOARD = build_fru(board=BoardArea(manufacturer="Maker", product_name="Board"), size=128)


def ask(bmc: Bench, cmd: int, data: str = "") -> bytes:
    return bmc.raw(APP, cmd, bytes.fromhex(data))


def cold_reset(bmc: Bench) -> None:
    assert ask(bmc, COLD) == b"\0"
    bmc.advance(INITIALIZED_S)


# ---- 20.1


@exercises(GetDeviceId)
def test_20_1_an_example_of_a_public_test_suite() -> None:
    made = Identity(
        "example", GUID, device_id=0x0C, device_revision=9, firmware_major=0, firmware_minor="00",
        manufacturer_id=15000, product_id=5310, aux_firmware=bytes.fromhex("04000200"),
    )  # fmt: skip
    answer = ask(make_bmc(identity=made), DEVICE_ID)
    # all of it but what the controller supports besides, bytes 3 and 7
    assert answer[:2] + answer[3:6] == bytes.fromhex("00 0c 00 00 02")
    assert answer[2] & 0x0F == 9
    assert answer[7:] == bytes.fromhex("98 3a 00 be 14 04 00 02 00")
    short = replace(made, aux_firmware=None, firmware_major=127, firmware_minor="99")
    answer = ask(make_bmc(identity=short), DEVICE_ID)
    assert answer[3:6] == bytes.fromhex("7f 99 02")
    assert len(answer) == 12


@exercises(GetDeviceId, ColdReset)
def test_20_1_the_controller_says_that_it_initializes_itself() -> None:
    bmc = make_bmc()
    assert ask(bmc, DEVICE_ID)[3] & 0x80 == 0
    assert ask(bmc, COLD) == b"\0"
    bmc.advance(0.1)
    assert ask(bmc, DEVICE_ID)[3] & 0x80
    bmc.advance(INITIALIZED_S)
    assert ask(bmc, DEVICE_ID)[3] & 0x80 == 0


# ---- 20.2, 20.3


@exercises(ColdReset)
@pytest.mark.parametrize("version", [15, 20])
def test_20_2_a_cold_reset_ends_sessions_and_stops_the_watchdog(version: int) -> None:
    bmc = bench()
    console = bmc.in_v15(level=4) if version == 15 else bmc.in_v20(level=4)
    assert console.ask(APP, 0x24, bytes.fromhex("04 01 00 00 64 00")) == b"\0"
    assert console.ask(APP, 0x22) == b"\0"
    assert console.ask(APP, COLD) == b"\0", "it is answered first"
    bmc.advance(INITIALIZED_S)
    assert console.ask(APP, DEVICE_ID) is None
    assert not bmc.sessions
    assert ask(bmc, 0x25)[1] & 0x40 == 0
    assert ask(bmc, 0x22) == b"\x80", "it has to be set again"
    assert bmc.v20(seed=9).login() == [0, 0, 0]


@exercises(ColdReset)
def test_20_2_a_cold_reset_brings_defaults_back() -> None:
    bmc = make_bmc()
    bmc.raw(APP, 0x2E, b"\x0f")
    ask(bmc, SET_ACPI, "80 81")
    cold_reset(bmc)
    assert bmc.raw(APP, 0x2F) == b"\0\x08"
    assert ask(bmc, GET_ACPI) == bytes.fromhex("00 2a 2a")


@exercises(WarmReset)
def test_20_3_a_warm_reset_ends_communication_and_nothing_else() -> None:
    bmc = bench()
    console = bmc.in_v20(level=4)
    bmc.raw(APP, 0x2E, b"\x0d")
    ask(bmc, SET_ACPI, "80 81")
    assert ask(bmc, 0x24, "04 01 00 00 64 00") == b"\0"
    ask(bmc, 0x22)
    assert console.ask(APP, WARM) == b"\0"
    bmc.advance(0.2)
    assert console.ask(APP, DEVICE_ID) is None
    assert not bmc.sessions
    assert bmc.raw(APP, 0x2F) == b"\0\x0d"
    assert ask(bmc, GET_ACPI) == bytes.fromhex("00 00 01")
    assert ask(bmc, 0x25)[1] & 0x40, "the watchdog counts on"
    assert ask(bmc, DEVICE_ID)[3] & 0x80 == 0


# ---- 20.4


@exercises(GetSelfTestResults)
def test_20_4_the_command_tells_the_result_and_starts_no_test() -> None:
    bmc = make_bmc()
    assert ask(bmc, SELF_TEST) == PASSED
    bmc.services.sdr.clear(0)
    assert ask(bmc, SELF_TEST) == PASSED, "the result of the last test"
    cold_reset(bmc)
    assert ask(bmc, SELF_TEST) == bytes.fromhex("00 57 08"), "the SDR repository is empty"
    bmc.services.sdr.add(bytes.fromhex("00 00 51 c0 04 01 02 03 04"), 0)
    cold_reset(bmc)
    assert ask(bmc, SELF_TEST) == PASSED


@exercises(GetSelfTestResults)
def test_20_4_a_corrupt_inventory_of_the_controller_is_found() -> None:
    internal = build_fru(internal=b"\x01" + bytes(15), product=ProductArea(manufacturer="M"), size=128)
    bmc = make_bmc(frus=(FruSpec(0, "Board", internal),))
    assert ask(bmc, SELF_TEST) == PASSED
    assert bmc.raw(STORAGE, 0x12, b"\0\x08\0\x07") == b"\0\x01", "the format of the internal use area"
    cold_reset(bmc)
    assert ask(bmc, SELF_TEST) == bytes.fromhex("00 57 04")
    assert bmc.raw(STORAGE, 0x12, b"\0\x08\0\x01") == b"\0\x01"
    assert bmc.raw(STORAGE, 0x12, b"\0\x00\0\x77") == b"\0\x01", "the common header"
    cold_reset(bmc)
    assert ask(bmc, SELF_TEST)[1] == 0x57
    assert ask(bmc, SELF_TEST)[2] & 0x20, "the inventory cannot be read"
    assert ask(bmc.reopen(), SELF_TEST)[2] & 0x20, "a start is a test too"


@exercises(GetSelfTestResults)
def test_20_4_a_store_that_cannot_be_written_is_found() -> None:
    store = HeldStore()
    bmc = Bench(BLUEPRINT, store, VirtualClock())
    assert ask(bmc, SELF_TEST) == PASSED
    bmc.services.device.reset(cold=True)
    bmc.advance(INITIALIZED_S)
    assert store.waiting
    store.report(written=False)
    assert ask(bmc, SELF_TEST) == bytes.fromhex("00 57 c0"), "SEL and SDR repository are kept there"
    bmc.services.device.reset(cold=True)
    bmc.advance(INITIALIZED_S)
    store.report(written=True)
    assert ask(bmc, SELF_TEST) == PASSED


# ---- 20.5


@exercises(ManufacturingTestOn)
def test_20_5_in_the_manufacturing_test_mode_protected_inventories_can_be_written() -> None:
    bmc = make_bmc(frus=(FruSpec(0, "Board", BOARD, writable=False),))
    write = b"\0\x10\0\xaa"
    assert bmc.raw(STORAGE, 0x12, write) == b"\x80"
    assert ask(bmc, MANUFACTURING) == b"\0"
    assert bmc.raw(STORAGE, 0x12, write) == b"\0\x01"
    assert bmc.raw(STORAGE, 0x11, b"\0\x10\0\x01") == b"\0\x01\xaa"
    cold_reset(bmc)
    assert bmc.raw(STORAGE, 0x12, write) == b"\x80", "a cold reset leaves the mode"
    ask(bmc, MANUFACTURING)
    assert bmc.reopen().raw(STORAGE, 0x12, write) == b"\x80"


@exercises(ManufacturingTestOn)
def test_20_5_no_parameters_are_known() -> None:
    bmc = make_bmc()
    assert ask(bmc, MANUFACTURING, "01") == b"\xcc"
    assert not bmc.services.device.manufacturing


# ---- 20.6, 20.7

SYSTEM_STATES = [*range(0x0B), 0x20, 0x21, 0x2A]
DEVICE_STATES = [0, 1, 2, 3, 0x2A]


@exercises(SetAcpiPowerState, GetAcpiPowerState)
@pytest.mark.parametrize("state", SYSTEM_STATES)
def test_20_6_system_states_are_told(state: int) -> None:
    bmc = make_bmc()
    assert ask(bmc, GET_ACPI) == bytes.fromhex("00 2a 2a"), "unknown at first"
    assert ask(bmc, SET_ACPI, f"{0x80 | state:02x} 00") == b"\0"
    assert ask(bmc, GET_ACPI) == bytes((0, state, 0x2A))


@exercises(SetAcpiPowerState, GetAcpiPowerState)
@pytest.mark.parametrize("state", DEVICE_STATES)
def test_20_6_device_states_are_told(state: int) -> None:
    bmc = make_bmc()
    assert ask(bmc, SET_ACPI, f"00 {0x80 | state:02x}") == b"\0"
    assert ask(bmc, GET_ACPI) == bytes((0, 0x2A, state))


@exercises(SetAcpiPowerState, GetAcpiPowerState)
def test_20_6_what_is_not_to_change_stays() -> None:
    bmc = make_bmc()
    ask(bmc, SET_ACPI, "80 81")
    for data in ("05 02", "ff 02", "05 ff", "7f 7f"):
        assert ask(bmc, SET_ACPI, data) == b"\0"
        assert ask(bmc, GET_ACPI) == bytes.fromhex("00 00 01"), data


@pytest.mark.parametrize("data", ["8b 00", "9f 00", "a2 00", "00 84", "00 a0", "fe 00"])
def test_20_6_states_that_there_are_not_are_refused(data: str) -> None:
    bmc = make_bmc()
    assert ask(bmc, SET_ACPI, data) == b"\xcc"
    assert ask(bmc, GET_ACPI) == bytes.fromhex("00 2a 2a")


@exercises(SetAcpiPowerState)
def test_20_6_it_changes_no_power_but_a_sleeper_feeds_no_watchdog() -> None:
    bmc = make_bmc()
    bmc.backend.power.turn_on()  # type: ignore[union-attr]  # a fake has them
    ask(bmc, 0x24, "04 01 00 00 0a 00")
    ask(bmc, 0x22)
    assert ask(bmc, SET_ACPI, "83 00") == b"\0"
    assert bmc.backend.power.on  # type: ignore[union-attr]  # a fake has them
    bmc.advance(30)
    assert "reset" not in bmc.backend.calls


# ---- 20.8


@exercises(GetDeviceGuid, GetSystemGuid)
@pytest.mark.parametrize(
    ("encoding", "wire"),
    [
        ("ipmi", "ffeeddccbbaa99887766554433221100"),
        ("smbios", "33221100554477668899aabbccddeeff"),
        ("rfc4122", "00112233445566778899aabbccddeeff"),
    ],
)
def test_20_8_the_orders_in_which_a_guid_travels(encoding: str, wire: str) -> None:
    identity = Identity("x", GUID, guid_encoding=encoding)  # type: ignore[arg-type]  # one of three
    bmc = make_bmc(identity=identity)
    assert ask(bmc, GUID_OF_DEVICE) == bmc.raw(APP, 0x37) == b"\0" + bytes.fromhex(wire)


@exercises(GetDeviceGuid, GetSystemGuid)
def test_20_8_the_controllers_own_guid_may_be_another_one() -> None:
    bmc = make_bmc(identity=Identity("x", GUID, device_guid=OTHER_GUID))
    assert ask(bmc, GUID_OF_DEVICE) == b"\0" + OTHER_GUID[::-1]
    assert bmc.raw(APP, 0x37) == b"\0" + GUID[::-1]


@pytest.mark.parametrize(
    ("cmd", "data", "level"),
    [(DEVICE_ID, b"", 2), (COLD, b"", 4), (WARM, b"", 4), (SELF_TEST, b"", 2), (MANUFACTURING, b"", 4),
     (SET_ACPI, b"\0\0", 4), (GET_ACPI, b"", 2), (GUID_OF_DEVICE, b"", 2)],
)  # fmt: skip
@pytest.mark.parametrize("version", [15, 20])
def test_g_1_levels_on_a_session_channel(cmd: int, data: bytes, level: int, version: int) -> None:
    bmc = bench()
    for user, at in ((VIEWER, 2), (OPERATOR, 3)):
        address = ELSEWHERE if at == 3 else ("192.0.2.78", 4000)
        console = (
            bmc.in_v15(user, address=address, level=at)
            if version == 15
            else bmc.in_v20(user, address=address, level=at)
        )
        answer = console.ask(APP, cmd, data)
        assert answer is not None
        assert (answer[0] == 0xD4) == (at < level)


def test_5_2_no_data_are_expected() -> None:
    bmc = make_bmc()
    for cmd in (DEVICE_ID, COLD, WARM, SELF_TEST, GET_ACPI, GUID_OF_DEVICE):
        assert ask(bmc, cmd, "00") == b"\xc7"
    assert ask(bmc, SET_ACPI) == ask(bmc, SET_ACPI, "00") == ask(bmc, SET_ACPI, "000000") == b"\xc7"
    assert isinstance(bmc.store, MemoryStore)
