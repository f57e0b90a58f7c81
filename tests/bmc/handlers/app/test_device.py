"""Global commands of a management controller (§20), byte for byte as consoles see them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from baseboard.bmc.blueprint import Identity, SensorSpec
from tests.bmc.fakes import BLUEPRINT, GUID
from tests.bmc.handlers.checks import ADMINISTRATOR, ANYBODY, USER, at_least, check
from tests.bmc.harness import Bench, make_bmc

APP = 0x06
DEVICE_ID, COLD_RESET, WARM_RESET, SELF_TEST, MANUFACTURING = 1, 2, 3, 4, 5
SET_ACPI, GET_ACPI, DEVICE_GUID, SYSTEM_GUID = 6, 7, 8, 0x37
TEMPERATURE = SensorSpec(1, "Temp", 1)
KONTRON = Identity(
    "example",
    GUID,
    device_id=0x0C,
    device_revision=9,
    firmware_major=0,
    firmware_minor="00",
    manufacturer_id=15000,
    product_id=5310,
    aux_firmware=bytes.fromhex("04000200"),
)


def ask(bmc: Bench, cmd: int, data: str = "") -> bytes:
    return bmc.raw(APP, cmd, bytes.fromhex(data))


@pytest.mark.parametrize(
    ("cmd", "level", "lengths"),
    [
        (DEVICE_ID, USER, (0,)),
        (COLD_RESET, ADMINISTRATOR, (0,)),
        (WARM_RESET, ADMINISTRATOR, (0,)),
        (SELF_TEST, USER, (0,)),
        (MANUFACTURING, ADMINISTRATOR, at_least(0)),
        (SET_ACPI, ADMINISTRATOR, (2,)),
        (GET_ACPI, USER, (0,)),
        (DEVICE_GUID, USER, (0,)),
        (SYSTEM_GUID, ANYBODY, (0,)),
    ],
)
def test_g_1_levels_and_lengths(cmd: int, level: int, lengths: tuple[int, ...] | range) -> None:
    check(make_bmc(), APP, cmd, level, lengths)


def test_20_1_who_the_controller_is() -> None:
    # as an example has it, but for what this controller provides: no device SDRs; chassis, event receiver,
    # FRU, SEL, SDR repository and sensors
    expected = bytes.fromhex("00 0c 09 00 00 02 9f 98 3a 00 be 14 04 00 02 00")
    assert ask(make_bmc(identity=KONTRON), DEVICE_ID) == expected
    shorter = replace(KONTRON, aux_firmware=None, firmware_major=2, firmware_minor="45")
    assert ask(make_bmc(identity=shorter), DEVICE_ID) == bytes.fromhex("00 0c 09 02 45 02 9f 98 3a 00 be 14")


def test_bmcs_that_are_alike_give_the_very_same_answer_and_others_do_not() -> None:
    one, other = make_bmc(identity=KONTRON), make_bmc(identity=replace(KONTRON, name="another"))
    different = make_bmc(identity=replace(KONTRON, product_id=5311))
    answers = [ask(bmc, DEVICE_ID) for bmc in (one, different, other)]
    assert answers[0] == answers[2] != answers[1]
    told = [bmc.services.device.told for bmc in (one, different, other)]
    assert None not in told
    made = [parts[3] for parts in told if parts is not None]
    assert made[0] is made[2]
    assert made[0] is not made[1]


def test_20_2_a_cold_reset_is_answered_first_and_then_takes_its_time() -> None:
    bmc = make_bmc()
    assert ask(bmc, COLD_RESET) == b"\0"
    assert ask(bmc, DEVICE_ID)[3] >> 7 == 0
    bmc.advance(0.5)
    assert ask(bmc, DEVICE_ID)[3] >> 7 == 1
    bmc.advance(5)
    assert ask(bmc, DEVICE_ID)[3] >> 7 == 0


def test_20_3_a_warm_reset_initializes_nothing() -> None:
    bmc = make_bmc()
    assert ask(bmc, WARM_RESET) == b"\0"
    for _ in range(20):
        bmc.advance(0.05)
        assert ask(bmc, DEVICE_ID)[3] >> 7 == 0


def test_20_4_the_self_test_passes_unless_there_is_nothing_in_the_sdr_repository() -> None:
    bmc = make_bmc(sensors=(TEMPERATURE,))
    assert ask(bmc, SELF_TEST) == bytes.fromhex("00 55 00")
    bmc.services.sdr.clear(0)
    assert ask(bmc.reopen(), SELF_TEST) == bytes.fromhex("00 57 08")


def test_20_5_the_manufacturing_test_mode_is_left_by_a_cold_reset() -> None:
    bmc = make_bmc()
    assert ask(bmc, MANUFACTURING, "01") == b"\xcc"
    assert not bmc.services.device.manufacturing
    assert ask(bmc, MANUFACTURING) == b"\0"
    assert bmc.services.device.manufacturing
    ask(bmc, COLD_RESET)
    bmc.advance(5)
    assert not bmc.services.device.manufacturing


def test_20_6_acpi_states_are_noted_where_bit_7_says_so() -> None:
    bmc = make_bmc()
    assert ask(bmc, GET_ACPI) == bytes.fromhex("00 2a 2a")
    assert ask(bmc, SET_ACPI, "80 82") == b"\0"
    assert ask(bmc, GET_ACPI) == bytes.fromhex("00 00 02")
    assert ask(bmc, SET_ACPI, "05 03") == b"\0"
    assert ask(bmc, SET_ACPI, "ff ff") == b"\0"
    assert ask(bmc, GET_ACPI) == bytes.fromhex("00 00 02")
    assert ask(bmc, SET_ACPI, "85 00") == b"\0"
    assert ask(bmc, GET_ACPI) == bytes.fromhex("00 05 02")
    assert bmc.backend.calls == ["start"]


@pytest.mark.parametrize("state", [*range(0x0B), 0x20, 0x21, 0x2A])
def test_20_6_every_system_state_there_is(state: int) -> None:
    bmc = make_bmc()
    assert ask(bmc, SET_ACPI, f"{0x80 | state:02x} 00") == b"\0"
    assert ask(bmc, GET_ACPI)[1] == state


@pytest.mark.parametrize("data", ["8b 00", "9f 00", "a2 00", "fe 00", "00 84", "00 a0", "80 fe"])
def test_20_6_states_that_there_are_not_are_refused(data: str) -> None:
    bmc = make_bmc()
    assert ask(bmc, SET_ACPI, data) == b"\xcc"
    assert ask(bmc, GET_ACPI) == bytes.fromhex("00 2a 2a")


@pytest.mark.parametrize(
    ("state", "running"),
    [(0x80, True), (0x81, False), (0x83, False), (0x88, False), (0x89, False), (0x01, True)],
)
def test_27_3_a_system_that_sleeps_feeds_no_watchdog(state: int, running: bool) -> None:
    bmc = make_bmc()
    bmc.raw(APP, 0x24, bytes.fromhex("04 01 00 00 58 02"))
    bmc.raw(APP, 0x22)
    assert ask(bmc, SET_ACPI, f"{state:02x} 00") == b"\0"
    assert bmc.services.watchdog.running == running


@pytest.mark.parametrize(
    ("encoding", "wire"),
    [
        ("ipmi", "ffeeddccbbaa99887766554433221100"),
        ("smbios", "33221100554477668899aabbccddeeff"),
        ("rfc4122", "00112233445566778899aabbccddeeff"),
    ],
)
def test_20_8_guids_in_the_three_orders_of_the_field(encoding: str, wire: str) -> None:
    # 00112233-4455-6677-8899-AABBCCDDEEFF
    identity = replace(BLUEPRINT.identity, guid=GUID, guid_encoding=encoding)  # type: ignore[arg-type]  # one of its words
    bmc = make_bmc(identity=identity)
    assert ask(bmc, SYSTEM_GUID) == b"\0" + bytes.fromhex(wire)
    assert ask(bmc, DEVICE_GUID) == b"\0" + bytes.fromhex(wire)


def test_20_8_the_controller_may_have_a_guid_of_its_own() -> None:
    own = bytes(range(16))
    bmc = make_bmc(identity=replace(BLUEPRINT.identity, device_guid=own))
    assert ask(bmc, DEVICE_GUID) == b"\0" + own[::-1]
    assert ask(bmc, SYSTEM_GUID) == b"\0" + GUID[::-1]


def test_20_1_it_is_told_anew_when_what_it_tells_of_has_changed() -> None:
    bmc = make_bmc(identity=KONTRON)
    first = ask(bmc, DEVICE_ID)
    assert ask(bmc, DEVICE_ID) == first
    bmc.services.sdr.enter_update_mode((1, 1))
    assert ask(bmc, DEVICE_ID)[3] == first[3] | 0x80
    bmc.services.sdr.exit_update_mode((1, 1))
    assert ask(bmc, DEVICE_ID) == first
    home = bmc.services.home
    home.blueprint = replace(home.blueprint, identity=replace(KONTRON, product_id=1))
    assert ask(bmc, DEVICE_ID)[10:12] == b"\x01\x00"
