"""What `event` notes for ``--json``: the message, and nothing of the line that was printed on the way."""

from __future__ import annotations

from baseboard.cli.results.event import EventSent
from tests.cli.ipmitool.typed import Typed


async def test_only_what_was_accepted_is_noted() -> None:
    channel = b"\x00\x01\x04\x01\x80\xf2\x1b\x00\x00\x00"
    command = Typed({(6, 0x42): channel, (4, 2): b"\x00"})
    await command("event", "3")
    command.lines[4, 2] = b"\xd4"
    await command("event", "1")
    assert command.call.results == [EventSent(message="040c536f00ffff")]
