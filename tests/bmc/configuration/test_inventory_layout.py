"""Tables about chips and multirecords: what they take."""

from __future__ import annotations

import msgspec
import pytest

from baseboard.bmc.configuration.inventory_layout import (
    Chip,
    DcOutput,
    ManagementAccess,
    OemRecord,
    PowerSupply,
)


def test_a_chip_is_where_such_chips_begin() -> None:
    assert (msgspec.convert({}, Chip).bus, msgspec.convert({}, Chip).address) == (0, 0x50)


@pytest.mark.parametrize(
    ("table", "wrong"),
    [
        (Chip, {"address": 0x78}),
        (PowerSupply, {}),
        (PowerSupply, {"capacity_w": 4096}),
        (DcOutput, {"number": 16, "volts": 1, "lowest_volts": 1, "highest_volts": 1, "maximum_amperes": 1}),
        (DcOutput, {"number": 1, "volts": 400, "lowest_volts": 1, "highest_volts": 1, "maximum_amperes": 1}),
        (ManagementAccess, {"kind": "url", "text": "x"}),
        (OemRecord, {"type": 0xFF, "manufacturer_id": 1}),
        (OemRecord, {"type": 0xC0, "manufacturer_id": 1, "data": "0"}),
    ],
)
def test_what_is_out_of_range_is_a_mistake(table: type, wrong: dict[str, object]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(wrong, table)
