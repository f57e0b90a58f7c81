"""``baseboard icmb``."""

from __future__ import annotations

import pytest

from baseboard.cli.icmb import run
from baseboard.cli.long_options import UsageError
from tests.cli.noting import NotingStage

GIVEN = {
    "02/00": "00 01",
    "02/01": "00",
    "02/02": "00 01 01",
    "02/03": "00",
    "02/04": "00",
    "02/05 00": "00 00 0100 0200 0300",
    "02/05 01": "00 01 0400 0500 0600 0000 0000 0000 0000 0000 0700 0800",
    "02/06": "00 01 03 00",
    "02/08": "00",
    "02/09": "00 08 08 82 01",
    "02/0a": "00 00 01 02 c4 49434d42",
    "02/0b": "00 05 c4 5261636b",
    "02/0c": "00 00 06 c3 526f77",
    "02/10": "00",
    "02/11": ["00 02 02", "00"],
    "02/12": "00",
    "02/13": "00 20",
    "02/14": "00",
    "02/20 020212": "00 00",
    "02/20 020213": "00 00 28",
    "02/20 020220": "00 00 00 34 12",
    "02/20 030320": "00 00 c1",
    "02/21": "00",
    "02/30": "00 07",
    "02/31": "00",
    "02/32": "00",
    "02/33": "00",
    "02/34": "00 02 02",
    "02/35": "00 01 20 00",
    "02/ff": "00",
}


def stage(**changed: object) -> NotingStage:
    return NotingStage({**GIVEN, **changed})


async def lines(*words: str, code: int = 0) -> list[str]:
    on = stage()
    assert await run(on.call, list(words)) == code
    return on.out.splitlines()


async def test_the_bridge_tells_of_itself() -> None:
    assert await lines("info") == [
        "State           : enabled",
        "Address         : 0101h",
        "Specification   : 1.3",
        "Chassis device  : 20h",
        "Stands in for   : 82h.1 as 0808h",
        "Connection      : 5 Rack",
        "Connector 0     : ICMB (type 2)",
    ]


async def test_without_address_and_proxy() -> None:
    on = NotingStage({**GIVEN, "02/00": "00 02", "02/02": "00 00 00", "02/09": "00 00 00 00 00"})
    assert await run(on.call, ["info"]) == 0
    assert "State           : assigning address" in on.out
    assert "Address         : none" in on.out
    assert "Stands in for   : nobody" in on.out


async def test_counters_have_a_line_each() -> None:
    found = await lines("stats", "get")
    assert found[:4] == [
        "Runt commands       : 1",
        "Bad commands        : 2",
        "Spurious responses  : 3",
        "Sent                : 4",
    ]
    assert len(found) == 13


async def test_other_chassis_are_listed() -> None:
    assert await lines("discover") == ["ADDRESS  CHASSIS DEVICE", "0202h    28h"]


async def test_a_controller_in_another_chassis_answers_or_refuses() -> None:
    assert await lines("request", "0x0202", "6", "1") == ["34 12"]
    assert await lines("request", "0x0202", "at", "0x82.1", "6", "1") == ["34 12"]
    on = stage()
    assert await run(on.call, ["request", "0x0303", "6", "1"]) == 1
    assert on.err == "0303h, 20h: Invalid command\n"


async def test_events_are_told_of() -> None:
    assert await lines("events", "info") == [
        "Received        : 7",
        "Sent to         : 0202h",
        "Of others       : taken, for 20h.0",
    ]
    on = NotingStage({**GIVEN, "02/34": "00 00 00", "02/35": "00 01"})
    assert await run(on.call, ["events", "info"]) == 0
    assert on.out.splitlines()[1:] == ["Sent to         : nobody", "Of others       : taken"]
    on = NotingStage({**GIVEN, "02/35": "00 00"})
    await run(on.call, ["events", "info"])
    assert on.out.splitlines()[2] == "Of others       : not taken"


async def test_a_connection_is_told() -> None:
    assert await lines("exchange", "0x0202", "5", "Rack") == ["0202h is at connection 6 Row"]


@pytest.mark.parametrize(
    ("line", "sent"),
    [
        ("enable", "01 01"),
        ("disable", "01 00"),
        ("address 0x1234", "03 34 12"),
        ("address auto", "03 00 00"),
        ("proxy 0x0808 0x82 1", "04 08 08 82 01"),
        ("proxy 0x0808 0x82", "04 08 08 82 00"),
        ("proxy off", "04 00 00 00 00"),
        ("stats clear", "08"),
        ("discovered", "12"),
        ("chassis 0x28", "14 28"),
        ("tell 0xffff 0 2 1", "21 ff ff 20 20 00 02 01"),
        ("error", "ff"),
        ("events to 0x0202", "31 02 02"),
        ("events to off", "31 00 00"),
        ("events take 0x20", "32 01 20 00"),
        ("events take 0x82 2", "32 01 82 02"),
        ("events take off", "32 00 20 00"),
        ("events send online", "33 00"),
        ("events send discovery-end", "33 03"),
    ],
)
async def test_what_is_sent(line: str, sent: str) -> None:
    on = stage()
    assert await run(on.call, line.split()) == 0
    assert on.last == ("02/" + sent.replace(" ", "")[:2], sent.replace(" ", "")[2:])


@pytest.mark.parametrize(
    "line",
    [
        "",
        "nonsense",
        "info now",
        "enable now",
        "disable now",
        "address",
        "address 0",
        "address 0xffff",
        "proxy",
        "proxy 1",
        "proxy 1 2 3 4",
        "proxy 1 2 4",
        "stats",
        "stats get now",
        "stats clear now",
        "exchange 1 2",
        "exchange 1 2 abcdefghijklmnopq",
        "discover now",
        "discovered now",
        "chassis",
        "request 1",
        "request 1 6",
        "request 1 at 2 6",
        "request 0 6 1",
        "tell 1 6",
        "error now",
        "events info now",
        "events to",
        "events take",
        "events take 1 2 3",
        "events send",
        "events send nonsense",
    ],
)
async def test_what_cannot_be_meant(line: str) -> None:
    on = stage()
    with pytest.raises(UsageError):
        await run(on.call, line.split())
