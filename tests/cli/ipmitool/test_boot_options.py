"""How boot options are written: what comes before and after, and who is told what."""

from __future__ import annotations

import pytest

from baseboard.cli.ipmitool import boot_options
from baseboard.cli.ipmitool.boot_options import Writer
from tests.cli.ipmitool.typed import Typed

FLAGS = b"\x80\x04\x00\x00\x00"


async def test_a_controller_that_knows_no_progress_is_asked_once() -> None:
    command = Typed({(0, 8): lambda data: b"\x80" if not data[0] else b"\x00"})
    writer = Writer(command.call)
    await writer.mark(boot_options.IN_PROGRESS)
    await writer.mark(boot_options.COMPLETE)
    assert command.sent(0, 8) == [b"\x00\x01"]
    assert not command.err


async def test_a_refused_commit_is_no_reason_to_leave_it_in_progress() -> None:
    command = Typed({(0, 8): lambda data: b"\x80" if data == b"\x00\x02" else b"\x00"})
    writer = Writer(command.call)
    for state in (boot_options.IN_PROGRESS, boot_options.COMMIT, boot_options.COMPLETE):
        await writer.mark(state)
    assert command.sent(0, 8) == [b"\x00\x01", b"\x00\x02", b"\x00\x00"]


@pytest.mark.parametrize(
    ("line", "code", "err"),
    [
        (b"\x00", 0, ""),
        (b"\x82", 0x82, "Set Chassis Boot Parameter 5 failed: Parameter is read-only\n"),
        (b"\xd4", 0xD4, "Set Chassis Boot Parameter 5 failed: Insufficient privilege level\n"),
        (None, -1, "Error setting Chassis Boot Parameter 5\n"),
    ],
)
async def test_a_write_that_fails_is_told(line: bytes | None, code: int, err: str) -> None:
    command = Typed({(0, 8): line})
    assert await Writer(command.call).write(boot_options.FLAGS, FLAGS) == code
    assert command.err == err
    assert command.sent(0, 8) == [b"\x05" + FLAGS]


@pytest.mark.parametrize(
    ("line", "quiet", "err"),
    [
        (b"\x80", False, "Get Chassis Boot Parameter 7 failed: Unsupported parameter\n"),
        (b"\xc9", False, "Get Chassis Boot Parameter 7 failed: Parameter out of range\n"),
        (b"\xc9", True, ""),
        (b"\x80", True, "Get Chassis Boot Parameter 7 failed: Unsupported parameter\n"),
        (None, True, "Error Getting Chassis Boot Parameter 7\n"),
    ],
)
async def test_a_read_that_fails_is_told_unless_the_blocks_just_end(
    line: bytes | None, quiet: bool, err: str
) -> None:
    command = Typed({(0, 9): line})
    assert await boot_options.read(command.call, boot_options.MAILBOX, 3, quiet=quiet) is None
    assert command.err == err
    assert command.sent(0, 9) == [b"\x07\x03\x00"]
