"""Channel Access, Channel Info, Security Keys (§22.22 to §22.25)."""

from __future__ import annotations

import pytest

from baseboard.commands.app.channels import (
    GetChannelAccess,
    GetChannelInfo,
    SetChannelAccess,
    SetChannelSecurityKeys,
)
from baseboard.testing.raw_console import RawConsole
from tests.conformance.bench import APP, ELSEWHERE, KG, LAN, OPERATOR, VIEWER, WholeBmc, alive, bench
from tests.conformance.marks import exercises

DONT, STORED, PRESENT = 0x00, 0x40, 0x80
IPMB, SYSTEM = 0, 0xF


def set_access(bmc: WholeBmc, access: int, limit: int = 0, channel: int = LAN) -> bytes:
    return bmc.system(0x40, bytes((channel, access, limit)))


def access(bmc: WholeBmc, which: int, channel: int = LAN) -> bytes:
    return bmc.system(0x41, bytes((channel, which)))


@exercises(SetChannelAccess, GetChannelAccess)
def test_22_22_stored_and_present_settings_are_set_apart() -> None:
    bmc = bench()
    assert access(bmc, PRESENT) == access(bmc, STORED) == bytes((0, 0x02, 0x04))
    assert set_access(bmc, PRESENT | 0x3A, PRESENT | 3) == b"\0"
    assert access(bmc, PRESENT) == bytes((0, 0x3A, 3))
    assert access(bmc, STORED) == bytes((0, 0x02, 4))
    assert set_access(bmc, STORED | 0x12, STORED | 2) == b"\0"
    assert access(bmc, PRESENT) == bytes((0, 0x3A, 3))
    assert access(bmc, STORED) == bytes((0, 0x12, 2))


def test_22_22_one_may_be_changed_without_the_other() -> None:
    bmc = bench()
    set_access(bmc, PRESENT | 0x0A, DONT | 1)
    assert access(bmc, PRESENT) == bytes((0, 0x0A, 4))
    set_access(bmc, DONT | 0x30, PRESENT | 2)
    assert access(bmc, PRESENT) == bytes((0, 0x0A, 2))
    assert set_access(bmc, DONT, DONT) == b"\0"
    assert access(bmc, PRESENT) == bytes((0, 0x0A, 2))


def test_22_22_the_stored_settings_come_back_with_a_system_reset_and_a_power_down() -> None:
    for event in ("reset", "turn_off"):
        bmc = bench()
        assert bmc.backend.power is not None
        bmc.backend.power.turn_on()
        set_access(bmc, PRESENT | 0x1A, PRESENT | 2)
        set_access(bmc, STORED | 0x0A, STORED | 3)
        getattr(bmc.backend.power, event)()
        assert access(bmc, PRESENT) == bytes((0, 0x0A, 3)), event


@exercises(SetChannelAccess, GetChannelAccess)
def test_22_22_the_stored_settings_survive_the_bmc() -> None:
    bmc = bench()
    set_access(bmc, STORED | 0x3A, STORED | 3)
    set_access(bmc, PRESENT | 0x02, PRESENT | 2)
    again = bmc.reopened()
    assert access(again, STORED) == access(again, PRESENT) == bytes((0, 0x3A, 3))


def test_22_22_a_channel_that_a_reset_disables_ends_its_sessions() -> None:
    bmc = bench()
    console = bmc.in_v20()
    set_access(bmc, STORED | 0)
    assert alive(console), "not yet"
    assert bmc.backend.power is not None
    bmc.backend.power.turn_on()
    bmc.backend.power.reset()
    assert console.ask(APP, 0x01) is None
    assert bmc.v20(seed=8).login() == [None]
    assert not bmc.sessions


@exercises(SetChannelAccess)
@pytest.mark.parametrize("version", [15, 20])
def test_22_22_disabling_the_channel_ends_its_sessions_after_the_answer(version: int) -> None:
    bmc = bench()
    console: RawConsole = bmc.in_v15(level=4) if version == 15 else bmc.in_v20(level=4)
    other = bmc.in_v20(VIEWER, address=ELSEWHERE)
    assert console.ask(APP, 0x40, bytes((0xE, PRESENT, 0))) == b"\0"
    assert console.ask(APP, 0x01) is None
    assert other.ask(APP, 0x01) is None
    set_access(bmc, PRESENT | 2)
    assert bmc.v20(seed=9).login() == [0, 0, 0]


@pytest.mark.parametrize("mode", [1, 3, 4, 5, 6, 7])
def test_22_22_a_lan_channel_is_disabled_or_always_available(mode: int) -> None:
    bmc = bench()
    for change in (PRESENT, STORED):
        assert set_access(bmc, change | mode) == b"\x83"
    assert access(bmc, PRESENT) == access(bmc, STORED) == bytes((0, 2, 4))


@pytest.mark.parametrize("limit", [0, 6, 15])
def test_22_22_a_reserved_limit_is_invalid_and_nothing_is_changed(limit: int) -> None:
    bmc = bench()
    assert set_access(bmc, PRESENT | 0x3A, PRESENT | limit) == b"\xcc"
    assert access(bmc, PRESENT) == bytes((0, 2, 4))


def test_22_22_reserved_ways_to_change_are_invalid() -> None:
    bmc = bench()
    assert set_access(bmc, 0xC2, PRESENT | 3) == b"\xcc"
    assert set_access(bmc, PRESENT | 0x0A, 0xC3) == b"\xcc"
    assert access(bmc, PRESENT) == bytes((0, 2, 4))
    assert access(bmc, 0x00) == access(bmc, 0xC0) == b"\xcc"


@pytest.mark.parametrize("channel", [IPMB, SYSTEM])
def test_22_22_channels_without_sessions_have_no_access_settings(channel: int) -> None:
    bmc = bench()
    assert set_access(bmc, PRESENT | 2, channel=channel) == b"\x82"
    assert access(bmc, PRESENT, channel) == b"\x82"


@pytest.mark.parametrize("channel", [2, 5, 0xB, 0xC, 0xD])
def test_22_22_channels_that_do_not_exist_are_invalid(channel: int) -> None:
    bmc = bench()
    assert set_access(bmc, PRESENT | 2, channel=channel) == b"\xcc"
    assert access(bmc, PRESENT, channel) == b"\xcc"
    assert bmc.system(0x42, bytes((channel,))) == b"\xcc"


@pytest.mark.parametrize("data", [b"", b"\x01", b"\x01\x82", b"\x01\x82\x84\x00"], ids=len)
def test_22_22_both_bytes_are_always_there(data: bytes) -> None:
    assert bench().system(0x40, data) == b"\xc7"


def test_22_22_who_may_ask_and_who_may_set() -> None:
    bmc = bench()
    viewer, operator = bmc.in_v20(VIEWER), bmc.in_v20(OPERATOR, address=ELSEWHERE, level=3)
    assert viewer.ask(APP, 0x41, b"\x0e\x80") == bytes((0, 2, 4))
    assert operator.ask(APP, 0x40, b"\x0e\x00\x00") == b"\xd4"


@exercises(GetChannelInfo)
def test_22_24_what_the_channels_are() -> None:
    bmc = bench()
    vendor = bytes((0xF2, 0x1B, 0x00))
    assert bmc.system(0x42, b"\x00") == bytes((0, 0x00, 0x01, 0x01, 0x00)) + vendor + bytes(2)
    assert bmc.system(0x42, b"\x01") == bytes((0, 0x01, 0x04, 0x01, 0x80)) + vendor + bytes(2)
    assert bmc.system(0x42, b"\x0f") == bytes((0, 0x0F, 0x0C, 0x05, 0x00)) + vendor + b"\xff\xff"
    console, _ = bmc.in_v20(), bmc.in_v15(address=ELSEWHERE)
    present = console.ask(APP, 0x42, b"\x0e")
    assert present == bytes((0, 0x01, 0x04, 0x01, 0x82)) + vendor + bytes(2), "two sessions"
    assert bmc.system(0x42, b"\x0e")[1] == SYSTEM


def key(bmc: WholeBmc, operation: int, number: int = 1, data: bytes = b"") -> bytes:
    return bmc.system(0x56, bytes((LAN, operation, number)) + data)


@exercises(SetChannelSecurityKeys)
def test_22_25_kg_is_set_and_read() -> None:
    bmc = bench()
    assert key(bmc, 0) == b"\0\x02" + bytes(20)
    assert key(bmc, 1, data=KG) == b"\0\x02"
    assert key(bmc, 0) == b"\0\x02" + KG
    assert key(bmc.reopened(), 0) == b"\0\x02" + KG


@pytest.mark.parametrize("size", [0, 1, 16, 19])
def test_22_25_a_short_key_is_refused(size: int) -> None:
    bmc = bench(kg=KG)
    assert key(bmc, 1, data=bytes(size)) == b"\x81"
    assert key(bmc, 0)[2:] == KG


@pytest.mark.parametrize("size", [21, 32])
def test_22_25_a_long_key_is_refused(size: int) -> None:
    bmc = bench(kg=KG)
    assert key(bmc, 1, data=bytes(size)) == b"\x82"
    assert key(bmc, 0)[2:] == KG


@exercises(SetChannelSecurityKeys)
def test_22_25_a_locked_key_can_be_neither_set_nor_read() -> None:
    bmc = bench(kg=KG)
    assert key(bmc, 2) == b"\0\x01"
    for locked in (bmc, bmc.reopened()):
        assert key(locked, 0) == b"\x80"
        assert key(locked, 1, data=bytes(20)) == b"\x80"
        assert alive(locked.in_v20(kg=KG)), "it is still in use"


def test_22_25_kr_is_not_used() -> None:
    for operation in (0, 1, 2):
        assert key(bench(), operation, 0, bytes(20) if operation == 1 else b"") == b"\x84"


def test_22_25_reserved_values_and_channels_without_keys_are_invalid() -> None:
    bmc = bench()
    assert key(bmc, 3) == b"\xcc"
    assert key(bmc, 0, 2) == b"\xcc"
    for channel in (IPMB, 3, SYSTEM):
        assert bmc.system(0x56, bytes((channel, 0, 1))) == b"\xcc"


def test_22_25_keys_are_an_administrators() -> None:
    bmc = bench(kg=KG)
    operator = bmc.in_v20(OPERATOR, kg=KG, level=3)
    for operation in (0, 1, 2):
        assert operator.ask(APP, 0x56, bytes((0xE, operation, 1)) + KG) == b"\xd4"
    administrator = bmc.in_v20(kg=KG, address=ELSEWHERE, level=4)
    assert administrator.ask(APP, 0x56, b"\x0e\x00\x01") == b"\0\x02" + KG
