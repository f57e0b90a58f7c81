"""What `session info` notes for ``--json``."""

from __future__ import annotations

from baseboard.cli.results.session import SessionInfo
from tests.cli.ipmitool.typed import Typed

LAN = bytes.fromhex("0d 04 01 02 04 11 c0000201 02005e100001 39cc")


async def test_a_session_over_the_lan_is_noted() -> None:
    command = Typed({(6, 0x3D): b"\x00" + LAN})
    assert await command("session", "info", "active") == 0
    assert command.call.results == [
        SessionInfo(
            handle=13,
            slots=4,
            active=1,
            user_id=2,
            privilege="ADMINISTRATOR",
            kind="IPMIv2/RMCP+",
            channel=1,
            address="192.0.2.1",
            mac="02:00:5e:10:00:01",
            port=0xCC39,
        )
    ]


async def test_an_empty_slot_is_noted_too() -> None:
    command = Typed({(6, 0x3D): b"\x00\x00\x02\x01"})
    assert await command("session", "info", "all") == 0
    assert command.call.results == [SessionInfo(handle=0, slots=2, active=1)] * 2
