"""Configuration parameters: families of data chosen by a selector.

Whoever imports one of them gets all, so that no family lacks members.
"""

from __future__ import annotations

from baseboard.commands.parameters import (
    boot,
    lan,
    lan_ipv6,
    pef,
    progress,
    serial,
    serial_dialing,
    serial_ppp,
    sol,
    system_info,
)

__all__ = [
    "boot",
    "lan",
    "lan_ipv6",
    "pef",
    "progress",
    "serial",
    "serial_dialing",
    "serial_ppp",
    "sol",
    "system_info",
]
