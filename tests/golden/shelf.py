"""What files say of a board in a shelf, and of a module in a VPX chassis."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from tests.interop.lab import Lab, described_lab

SHELF = """
[bmc.picmg]
modules = 2
leds = 1
clocks = [1, 2]
[[bmc.picmg.link]]
interface = "base"
channel = 1
[[bmc.picmg.link]]
interface = "fabric"
channel = 2
type = 2
ports = 15
[[bmc.picmg.amc]]
channel = 4
type = 5
"""
CHASSIS = """
[bmc.vita]
modules = 2
"""


@contextmanager
def shelf_and_chassis() -> Iterator[Lab]:
    """Two racks, one of which is in a shelf and one in a chassis."""
    with described_lab({"rack-shelf": SHELF, "rack-vpx": CHASSIS}, strict=True) as running:
        yield running
