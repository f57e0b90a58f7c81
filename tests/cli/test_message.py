"""``baseboard message``."""

from __future__ import annotations

import pytest

from baseboard.cli.long_options import UsageError
from baseboard.cli.message import run
from baseboard.client import messaging
from tests.cli.noting import NotingStage

GIVEN = {
    "06/01": "00 34 80 01 02 02 21 57 01 00 34 12",
    "06/30": "00",
    "06/31": "00 01",
    "06/32": "00 01 01",
    "06/33": "00 41 20 18 c8",
    "06/34": "00",
    "06/35": "00 01 00 02 00 00 00 00 20 00 04 01 30 01 57 60 5a",
}


async def lines(*words: str, code: int = 0, **changed: str) -> list[str]:
    on = NotingStage({**GIVEN, **{key.replace("_", "/"): value for key, value in changed.items()}})
    assert await run(on.call, list(words)) == code
    return (on.out + on.err).splitlines()


async def test_what_waits() -> None:
    assert await lines("flags") == [
        "Message in the queue  : yes",
        "Event in the buffer   : no",
        "Watchdog pre-timeout  : no",
    ]
    assert await lines("get") == ["channel 1, privilege 4: 20 18 c8"]
    assert await lines("event") == ["01 00 02 00 00 00 00 20 00 04 01 30 01 57 60 5a"]


async def test_what_does_not_wait() -> None:
    empty = NotingStage({**GIVEN, "06/33": "80", "06/35": "80"})
    assert await run(empty.call, ["get"]) == 1
    assert await run(empty.call, ["event"]) == 1
    assert empty.err.splitlines() == ["The queue is empty", "The event buffer is empty"]


async def test_a_channel_is_asked_about_and_switched() -> None:
    assert await lines("receive", "1") == ["Messages of channel 1 are taken"]
    on = NotingStage({**GIVEN, "06/32": "00 01 00"})
    assert await run(on.call, ["receive", "1", "off"]) == 0
    assert on.out == "Messages of channel 1 are not taken\n"
    assert on.last == ("06/32", "0100")


@pytest.mark.parametrize(
    ("line", "sent"),
    [
        ("clear messages", ("06/30", "01")),
        ("clear event watchdog", ("06/30", "0a")),
        ("receive 1 on", ("06/32", "0101")),
        ("send 0 0x82 0x18", ("06/34", "008218")),
        ("send 0 track 0x82", ("06/34", "4082")),
    ],
)
async def test_what_is_sent(line: str, sent: tuple[str, str]) -> None:
    on = NotingStage(GIVEN)
    assert await run(on.call, line.split()) == 0
    assert on.last == sent


async def test_controllers_are_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(messaging, "ADDRESSES", (0x82,))
    on = NotingStage({**GIVEN, "06/31": "d4"})
    assert await run(on.call, ["scan"]) == 0
    assert on.out.splitlines() == [
        "ADDRESS  DEVICE  FIRMWARE  MAKER  PRODUCT",
        "82h      52      1.02      343    4660",
    ]


@pytest.mark.parametrize(
    "line",
    [
        "",
        "nonsense",
        "clear",
        "clear nonsense",
        "receive",
        "receive 16",
        "receive 1 maybe",
        "send 0",
        "get now",
    ],
)
async def test_what_cannot_be_meant(line: str) -> None:
    with pytest.raises(UsageError):
        await run(NotingStage(GIVEN).call, line.split())
