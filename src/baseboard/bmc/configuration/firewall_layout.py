"""What a file may say about the firmware firewall (§18, §21)."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from msgspec import Meta, field

from baseboard.bmc.configuration.layout_types import Line, Table

Commands: TypeAlias = Annotated[list[Line], Meta(max_length=256)]


class FirewallRule(Table):
    """``[[bmc.firewall.rule]]``: commands that a channel does not take as shipped."""

    channel: Literal["system_interface", "lan", "serial", "ipmb"]
    disable: Commands = field(default_factory=list[str])
    remove: Commands = field(default_factory=list[str])


class Firewall(Table):
    """``[bmc.firewall]``: which channel takes which commands."""

    lockable: bool = False
    rule: list[FirewallRule] = []
