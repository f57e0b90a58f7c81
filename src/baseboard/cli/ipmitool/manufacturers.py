"""Names for manufacturer IDs: those that Baseboard ships, then the system's registry."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from baseboard.codes.organizations import ORGANIZATIONS

REGISTRIES: Final = (
    "/usr/share/misc/enterprise-numbers.txt",
    "/usr/share/misc/enterprise-numbers",
)
"""IANA's list where distributions put it: a line with the number, an indented one with the name."""

_OWN: Final[Mapping[int, str]] = {
    0x000000: "Unknown",
    0x0FFFFF: "Unspecified",
    0xFFFFFE: "A Debug Assisting Company, Ltd.",
}
"""Numbers that ipmitool has its own words for."""


def manufacturer_name(number: int) -> str:
    """The name of a manufacturer; ``Unknown (0x2A7C)`` for one that nothing here knows."""
    return _OWN.get(number) or ORGANIZATIONS.get(number) or _registered(number) or f"Unknown (0x{number:02X})"


def _registered(number: int) -> str:
    for registry in REGISTRIES:
        try:
            with open(registry, "rb") as file:
                data = file.read()
        except OSError:
            continue
        place = data.find(b"\n%d\n" % number)
        if place >= 0:
            line = data[place + 1 :].split(b"\n", 2)[1]
            return line.decode("utf-8", "replace").strip()
    return ""
