"""What the verbs of ``firewall`` find."""

from __future__ import annotations

from dataclasses import dataclass

from baseboard.cli.results import shape


@shape("firewall info")
@dataclass(frozen=True, slots=True, kw_only=True)
class Commands:
    """The commands of a network function on a LUN.

    Attributes:
        available: numbers of the commands that there are.
        configurable: those that can be switched.
        enabled: those that are on.
        command: the command that was asked about; null where all were.
        sub_functions: of that command: which can be switched.
        sub_functions_enabled: of that command: which are on.
    """

    channel: int
    lun: int
    netfn: int
    available: list[int]
    configurable: list[int]
    enabled: list[int]
    command: int | None = None
    sub_functions: list[int] | None = None
    sub_functions_enabled: list[int] | None = None


@shape("firewall enable", "firewall disable", "firewall reset")
@dataclass(frozen=True, slots=True, kw_only=True)
class Switched:
    """What was switched; null = all of them."""

    channel: int
    lun: int
    netfn: int
    command: int | None
    sub_function: int | None
    enabled: bool
