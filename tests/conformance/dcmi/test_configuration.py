"""DCMI configuration parameters, and the DHCP discovery that they are about (DCMI 1.5, 3, 6.1.2, 6.1.3)."""

from __future__ import annotations

import pytest

from baseboard.bmc.blueprint import DcmiSpec
from baseboard.commands.groups.dcmi import (
    GetDcmiConfigurationParameters,
    SetDcmiConfigurationParameters,
    SetManagementControllerIdentifierString,
)
from tests.bmc.harness import Bench, make_bmc
from tests.conformance.marks import exercises

SET, GET = 0x12, 0x13
VERSION = b"\0\xdc\x01\x05\x01"
DONE = b"\0\xdc"
OPTIONS_FROM = 240  # bytes of a DHCP message before its options (RFC 2131)


def bmc() -> Bench:
    return make_bmc(dcmi=DcmiSpec())


def ask(one: Bench, cmd: int, data: str) -> bytes:
    return one.raw(0x2C, cmd, b"\xdc" + bytes.fromhex(data))


def by_dhcp(one: Bench) -> list[bytes]:
    """Have the LAN address come from DHCP (LAN parameter 4), and gather what is asked for it."""
    assert one.raw(0x0C, 0x01, b"\x01\x04\x02") == b"\0"
    messages: list[bytes] = []
    one.services.dcmi.discovery.on_message.append(messages.append)
    return messages


def options(message: bytes) -> dict[int, bytes]:
    found: dict[int, bytes] = {}
    at = OPTIONS_FROM
    while message[at] != 0xFF:
        size = message[at + 1]
        found[message[at]] = message[at + 2 : at + 2 + size]
        at += 2 + size
    return found


@exercises(GetDcmiConfigurationParameters)
def test_6_1_3_as_shipped() -> None:
    one = bmc()
    assert ask(one, GET, "01 00") == VERSION + b"\0"
    assert ask(one, GET, "02 00") == VERSION + b"\x03"
    assert ask(one, GET, "03 00") == VERSION + b"\x04"
    assert ask(one, GET, "04 00") == VERSION + b"\x78\x00"
    assert ask(one, GET, "05 00") == VERSION + b"\x40\x00"


@exercises(SetDcmiConfigurationParameters, GetDcmiConfigurationParameters)
@pytest.mark.parametrize(("selector", "data"), [(2, "81"), (2, "00"), (3, "ff"), (4, "2c 01"), (5, "ff ff")])
def test_6_1_2_parameters_are_kept(selector: int, data: str) -> None:
    one = bmc()
    assert ask(one, SET, f"{selector:02x} 00 {data}") == DONE
    assert ask(one, GET, f"{selector:02x} 00") == VERSION + bytes.fromhex(data)
    assert ask(one.reopen(), GET, f"{selector:02x} 00") == VERSION + bytes.fromhex(data)


@pytest.mark.parametrize("selector", [0, 6, 0x7F, 0xFF])
def test_6_1_2_there_are_five_parameters(selector: int) -> None:
    one = bmc()
    assert ask(one, GET, f"{selector:02x} 00") == ask(one, SET, f"{selector:02x} 00 01") == b"\x80"


@pytest.mark.parametrize(
    "data", ["02 00", "03 00", "04 00 01", "05 00 01", "01 00", "02 00 01 01", "04 00 01 02 03"]
)
def test_6_1_2_parameters_have_their_lengths(data: str) -> None:
    assert ask(bmc(), SET, data) == b"\xc7"


def test_6_1_2_no_parameter_has_sets() -> None:
    one = bmc()
    assert ask(one, GET, "02 01") == ask(one, SET, "02 01 03") == b"\xc9"
    assert ask(one, GET, "02") == ask(one, GET, "02 00 00") == b"\xc7"


@exercises(SetDcmiConfigurationParameters)
def test_6_1_2_activation_begins_dhcp_and_is_not_stored() -> None:
    one = bmc()
    messages = by_dhcp(one)
    assert ask(one, SET, "01 00 01") == DONE
    assert ask(one, GET, "01 00") == VERSION + b"\0"
    one.advance(0)
    assert len(messages) == 1
    assert one.services.dcmi.discovery.restarts == 1
    assert ask(one, SET, "01 00 00") == DONE
    assert one.services.dcmi.discovery.restarts == 1


def test_6_1_2_an_address_that_is_set_needs_no_dhcp() -> None:
    one = bmc()
    messages: list[bytes] = []
    one.services.dcmi.discovery.on_message.append(messages.append)
    assert ask(one, SET, "01 00 01") == DONE
    one.advance(300)
    assert messages == []
    assert one.services.dcmi.discovery.restarts == 0


@exercises(SetDcmiConfigurationParameters)
@pytest.mark.parametrize(
    ("configuration", "codes"), [(0, set()), (1, {12}), (2, {60, 43}), (3, {12, 60, 43})]
)
def test_3_the_discovery_configuration_says_what_is_told(configuration: int, codes: set[int]) -> None:
    one = bmc()
    messages = by_dhcp(one)
    ask(one, SET, f"02 00 {configuration:02x}")
    ask(one, SET, "01 00 01")
    one.advance(0)
    told = options(messages[0])
    assert told.pop(53) == b"\x01", "DHCPDISCOVER"
    assert set(told) == codes
    mac = one.blueprint.lan.mac
    assert messages[0][28:34] == mac
    if 12 in told:
        assert told[12] == b"DCMI" + mac.hex().upper().encode()
    if 60 in told:
        assert told[60] == b"DCMI36465:1.5"
        assert told[43] == b"\x01\x04DCMI" + b"\x02\x04\0\0\0\0" + b"\x03\x041.00"


@exercises(SetManagementControllerIdentifierString)
def test_6_4_6_2_a_new_name_begins_dhcp_and_is_told_there() -> None:
    one = bmc()
    messages = by_dhcp(one)
    assert one.raw(0x2C, 0x0A, b"\xdc\0\x10sixteen letters!") == b"\0\xdc\x10"
    assert one.services.dcmi.discovery.restarts == 0
    assert one.raw(0x2C, 0x0A, b"\xdc\x10\x02!\0") == b"\0\xdc\x12"
    assert one.services.dcmi.discovery.restarts == 1
    one.advance(0)
    assert options(messages[0])[12] == b"sixteen letters!!"


@exercises(SetDcmiConfigurationParameters)
def test_6_1_2_the_timing_is_as_set() -> None:
    one = bmc()
    messages = by_dhcp(one)
    ask(one, SET, "03 00 02")  # first after 2 seconds again, then after 4
    ask(one, SET, "04 00 0a 00")  # for 10 seconds
    ask(one, SET, "05 00 1e 00")  # and anew 30 seconds later
    ask(one, SET, "01 00 01")
    heard: list[int] = []
    for _ in range(90):
        one.advance(1)
        heard.append(len(messages))
    assert heard[0] == 1
    assert (heard[1], heard[5], heard[9]) == (2, 3, 3)
    assert (heard[38], heard[39]) == (3, 4)
    one.services.dcmi.discovery.answered()
    count = len(messages)
    one.advance(300)
    assert len(messages) == count, "a server has answered"


@exercises(SetDcmiConfigurationParameters)
def test_6_1_2_a_random_while_goes_by_first() -> None:
    one = bmc()
    messages = by_dhcp(one)
    ask(one, SET, "02 00 83")
    ask(one, SET, "01 00 01")
    one.advance(0.9)
    assert messages == []
    one.advance(9.2)
    assert messages
