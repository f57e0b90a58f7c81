"""What a file may say of upgrades, shelves and chassis: ranges."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from baseboard.bmc.configuration.hpm_layout import Hpm, HpmComponent, Picmg, PicmgLink, Vita


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (HpmComponent, {"number": 8, "name": "x"}),
        (HpmComponent, {"number": 0, "name": "twelve chars"}),
        (HpmComponent, {"number": 0, "name": ""}),
        (HpmComponent, {"number": 0, "name": "x", "version": "128.00"}),
        (HpmComponent, {"number": 0, "name": "x", "size": (1 << 20) + 1}),
        (Hpm, {"upgrade_timeout_s": 4}),
        (Hpm, {"step_s": -1}),
        (Picmg, {"version": "2"}),
        (Picmg, {"levels": []}),
        (Picmg, {"modules": 33}),
        (PicmgLink, {"interface": "base", "channel": 64}),
        (Vita, {"tier": 5}),
        (Vita, {"leds": 0}),
        (Vita, {"anything": 1}),
    ],
)
def test_what_is_refused(kind: type, said: dict[str, Any]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(said, kind)


def test_what_is_said_by_saying_nothing() -> None:
    assert msgspec.convert({}, Picmg).version == "2.3"
    assert msgspec.convert({}, Vita).leds == 4
    one = msgspec.convert({"number": 7, "name": "CPLD"}, HpmComponent)
    assert (one.rollback, one.payload_reset, one.size) == (True, False, 1 << 20)
