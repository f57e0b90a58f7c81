"""Questions, and what is said of their answers."""

from __future__ import annotations

import pytest

from baseboard.cli.ipmitool.questions import ask, ask_bytes, known, refused
from baseboard.commands.app.users import GetUserAccess
from baseboard.commands.groups.dcmi import GetAssetTag
from tests.cli.ipmitool.scenes import Stage


async def test_an_answer_is_code_and_bytes_and_what_they_say() -> None:
    stage = Stage({"06/44": "00 03 42 01 34"})
    answer = await ask(stage.call, GetUserAccess(channel=1, user_id=2))
    assert answer is not None
    assert (answer.code, answer.data.hex(), answer.group) == (0, "03420134", None)
    assert answer.decode().max_users == 3
    assert answer.text() == "Command completed normally"


async def test_the_group_is_kept_apart() -> None:
    stage = Stage({"2c/06": "00 dc 05", "2c/06 dc01": "00"})
    answer = await ask(stage.call, GetAssetTag(offset=0, count=0))
    assert answer is not None
    assert (answer.group, answer.data) == (0xDC, b"\x05")
    empty = await ask(stage.call, GetAssetTag(offset=1, count=0))
    assert empty is not None
    assert (empty.group, empty.data) == (None, b"")


async def test_a_short_answer_can_be_filled_up() -> None:
    stage = Stage({"06/44": "00 03"})
    answer = await ask(stage.call, GetUserAccess(channel=1, user_id=2))
    assert answer is not None
    assert not answer.decode(size=4).messaging


async def test_silence_is_none() -> None:
    stage = Stage({"06/44": None, "0c/11": None})
    assert await ask(stage.call, GetUserAccess(channel=1, user_id=2)) is None
    assert await ask_bytes(stage.call, 0x0C, 0x11, b"") is None
    assert await ask_bytes(stage.call, 0x0C, 0x12, b"") == (0xC1, b"")


@pytest.mark.parametrize(
    ("answer", "size", "complaint"),
    [
        (None, 4, "IPMI response is NULL.\n"),
        ("d4", 4, "IPMI command failed: Insufficient privilege level\n"),
        ("42", 4, "IPMI command failed: Unknown (0x42)\n"),
        ("00 03 42 01", 4, "Unexpected data length received.\n"),
        ("00 03 42 01 34", 4, ""),
        ("00 03", None, ""),
    ],
)
async def test_what_is_of_no_use_is_told(answer: str | None, size: int | None, complaint: str) -> None:
    stage = Stage({"06/44": answer})
    got = await ask(stage.call, GetUserAccess(channel=1, user_id=2))
    assert refused(stage.call, got, size) is bool(complaint)
    assert stage.err == complaint


def test_a_number_is_known_by_the_first_table_that_has_it() -> None:
    assert known(1, {1: "a"}, {1: "b"}) == "a"
    assert known(2, {1: "a"}, {2: "b"}) == "b"
    assert known(0x2A, {}) == "Unknown (0x2A)"
