"""`bmc.channels`: what channels there are, their access, cipher suites and keys."""

from __future__ import annotations

import pytest

from baseboard.codes import ChannelMedium, PayloadType, Privilege
from baseboard.commands.app.channels import AccessMode, Change
from baseboard.errors import CompletionError, EncodeError, NoEffect
from tests.client.harness import desk

SET_ACCESS, INFO, SUITES, KEYS = ((0x06, number) for number in (0x40, 0x42, 0x54, 0x56))


async def test_the_channels_there_are() -> None:
    at = desk(channel=1)
    found = await at.bmc.channels.list()
    assert {info.channel: info.medium for info in found}[1] == ChannelMedium.LAN
    assert 0xF in {info.channel for info in found}
    assert len(at.script.asked) == 13
    assert await at.bmc.channels.lan() == 1
    assert (await at.bmc.channels.info()).channel == 1


async def test_a_controller_that_answers_for_any_number() -> None:
    at = desk({INFO: bytes.fromhex("00 01 04 01 82 F2 1B 00 00 00")})
    assert [info.channel for info in await at.bmc.channels.list()] == [1]
    at.script.lines[INFO] = b"\xcc"
    assert await at.bmc.channels.list() == []
    assert await at.bmc.channels.lan() is None
    at.script.lines[INFO] = b"\xff"
    with pytest.raises(CompletionError):
        await at.bmc.channels.list()


async def test_access_is_read_and_written() -> None:
    at = desk(channel=1)
    channels = at.bmc.channels
    before = await channels.access()
    assert before is not None
    await channels.set_access(1, alerting_disabled=not before.alerting_disabled, stored=False)
    now, stored = await channels.access(1), await channels.access(1, Change.NON_VOLATILE)
    assert now is not None
    assert stored is not None
    assert now.alerting_disabled != before.alerting_disabled
    assert (now.access_mode, now.privilege_limit) == (before.access_mode, before.privilege_limit)
    at.script.asked.clear()
    await channels.set_access(1, privilege_limit=now.privilege_limit)
    assert 0x40 not in {cmd for _, cmd, _ in at.script.asked}, "nothing changes, so nothing is written"
    at.script.lines[SET_ACCESS] = b"\0"
    with pytest.raises(NoEffect, match="channel 1"):
        await channels.set_access(1, access_mode=AccessMode.DISABLED)
    assert await desk({(0x06, 0x41): b"\x82"}).bmc.channels.access(0xF) is None


async def test_cipher_suites_that_it_says_it_has() -> None:
    at = desk(channel=1)
    assert [suite.id for suite in await at.bmc.channels.cipher_suites()] == [3, 17]
    endless = desk({SUITES: b"\0\x01" + bytes.fromhex("C003014181") * 3 + b"\xc0"})
    found = await endless.bmc.channels.cipher_suites()
    assert len(endless.script.asked) == 0x40
    assert len(found) >= 64


async def test_payloads_and_capabilities() -> None:
    at = desk(channel=1)
    assert (await at.bmc.channels.payloads()).standard & 2
    assert await at.bmc.channels.payload_version(PayloadType.SOL) == "1.0"
    assert await at.bmc.channels.payload_version(PayloadType(0x27)) is None
    told = await at.bmc.channels.capabilities(privilege=Privilege.USER)
    assert told.channel == 1
    assert told.supports_v20


async def test_the_key_of_two_key_logins() -> None:
    at = desk({KEYS: b"\0\x02"})
    await at.bmc.channels.set_kg(b"key")
    assert at.script.asked[-1][2] == b"\x0e\x01\x01" + b"key".ljust(20, b"\0")
    with pytest.raises(EncodeError):
        await at.bmc.channels.set_kg(bytes(21))
