"""The table about a BMC's place on the IPMB: what it may say."""

from __future__ import annotations

from pathlib import Path

import pytest

from baseboard.bmc.configuration.ipmb_layout import Ipmb
from tests.bmc.configuration.files import HERE, ONE, assert_mistake


def test_defaults() -> None:
    one = Ipmb()
    assert (one.address, one.bus, one.listen, one.exposed, one.i2c, one.event_receiver) == (
        0x20,
        None,
        False,
        False,
        False,
        None,
    )


@pytest.mark.parametrize("line", ["address = 0x21", "address = 0xF0", 'bus = ""', "event_receiver = 0xFF"])
def test_a_place_that_cannot_be(tmp_path: Path, line: str) -> None:
    assert_mistake(tmp_path, f"{ONE}[bmc.ipmb]\n{line} {HERE}\n", f"bmc[0].ipmb.{line.split()[0]}")
