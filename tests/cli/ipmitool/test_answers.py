"""A question whose failure is told at once."""

from __future__ import annotations

import pytest

from baseboard.cli.ipmitool.answers import answered, hexadecimal
from baseboard.commands.app.device import GetDeviceGuid
from tests.cli.ipmitool.typed import Typed


@pytest.mark.parametrize(
    ("line", "refused", "err"),
    [
        (None, None, "Get failed\n"),
        (b"\xc1", None, "Get failed: Invalid command\n"),
        (b"\xc1", "Refused", "Refused: Invalid command\n"),
        (b"\x80", None, "Get failed: its own\n"),
    ],
)
async def test_a_failure_is_told(line: bytes | None, refused: str | None, err: str) -> None:
    command = Typed({(6, 8): line})
    own = {0x80: "its own"}
    assert await answered(command.call, GetDeviceGuid(), "Get failed", refused, own=own) is None
    assert command.err == err


async def test_an_answer_is_given_back() -> None:
    command = Typed({(6, 8): b"\x00" + bytes(range(16))})
    answer = await answered(command.call, GetDeviceGuid(), "Get failed")
    assert answer is not None
    assert answer.decode().guid == bytes(range(16))
    assert not command.err


def test_bytes_stand_sixteen_in_a_row() -> None:
    assert hexadecimal(b"") == ""
    assert hexadecimal(b"\x00\xff") == " 00 ff"
    assert hexadecimal(bytes(17)) == " 00" * 16 + "\n 00"
