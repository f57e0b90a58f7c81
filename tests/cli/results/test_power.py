"""What `power` notes for ``--json``."""

from __future__ import annotations

import pytest

from baseboard.cli.results import shapes
from baseboard.cli.results.power import PowerControl, PowerStatus
from tests.cli.ipmitool.typed import Typed


@pytest.mark.parametrize(
    ("words", "answer", "found"),
    [
        ("power status", b"\x00\x01\x00\x00", PowerStatus(power_on=True)),
        ("chassis power status", b"\x00\x00\x00\x00", PowerStatus(power_on=False)),
        ("power on", b"\x00", PowerControl(control="Up/On")),
        ("chassis power soft", b"\x00", PowerControl(control="Soft")),
    ],
)
async def test_what_is_found(words: str, answer: bytes, found: object) -> None:
    command = Typed({(0, 1): answer, (0, 2): answer})
    assert await command(*words.split()) == 0
    assert command.call.results == [found]


async def test_what_is_refused_finds_nothing() -> None:
    command = Typed()
    assert await command("power", "on") == 1
    assert command.call.results == []


def test_shapes_are_known_by_their_verbs() -> None:
    known = shapes()
    assert known["power status"] is known["chassis power status"] is PowerStatus
    assert known["power on"] is known["chassis power on"] is PowerControl
