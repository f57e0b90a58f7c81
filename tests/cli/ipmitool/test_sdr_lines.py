"""Lines about devices; the expected lines are ipmitool's."""

from __future__ import annotations

from typing import Any

import pytest

from baseboard.cli.ipmitool import sdr
from tests.cli.ipmitool.scenes import Stage
from tests.cli.ipmitool.shelf import Shelf, event_only, record

SHELF = Shelf(
    records=[
        event_only(9, b"SEL Fullness", sensor_type=0x10),
        record(0x12, bytes.fromhex("2400209f0000002e0100c4") + b"MC20"),
        record(0x12, bytes.fromhex("4401c9290000002e0200c4") + b"MC44"),
        record(0x11, bytes.fromhex("200380000010020a0100c4") + b"FRU3"),
        record(0x10, bytes.fromhex("24512d43002400070109c3") + b"Gen"),
    ]
)


@pytest.mark.parametrize(
    ("words", "options", "lines"),
    [
        (
            ["list", "all"],
            {},
            [
                "SEL Fullness     | Event-Only        | ns",
                "MC20             | Static MC @ 24h   | ok",
                "MC44             | Dynamic MC @ 44h  | ok",
                "FRU3             | Log FRU @03h 0a.1 | ok",
                "Gen              | Generic @24:51.9  | ok",
            ],
        ),
        (
            ["elist", "all"],
            {},
            [
                "SEL Fullness     | 09h | ns  |  7.1 | Event-Only",
                "MC20             | 00h | ok  | 46.1 | Static MC @ 24h",
                "MC44             | 00h | ok  | 46.2 | Dynamic MC @ 44h",
                "FRU3             | 00h | ns  | 10.1 | Logical FRU @03h",
                "Gen              | 00h | ns  |  7.1 | Generic Device @24h:51h.9",
            ],
        ),
        (
            ["list", "all"],
            {"csv": True},
            [
                "SEL Fullness,09h,ns,7.1,Event-Only",
                "MC20,00h,ok,46.1",
                "MC44,00h,ok,46.2",
                "FRU3,00h,ns,10.1",
                "Gen,00h,ns,7.1",
            ],
        ),
    ],
)
async def test_devices(words: list[str], options: dict[str, Any], lines: list[str]) -> None:
    stage = Stage(SHELF.given() | {"06/01": "0020010100029f570100010000000000"}, **options)
    assert await sdr.run(stage.call, words) == 0
    assert stage.out.splitlines() == lines
