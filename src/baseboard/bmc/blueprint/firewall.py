"""What the firmware firewall of a BMC keeps out as shipped (§18, §21)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FirewallRule:
    """What is off on the channels of one kind.

    Attributes:
        medium: channel medium type, such as 4 for LAN and Ch for the system interface (Table 6-3).
        commands: numbers of commands, ``netfn << 8 | cmd``, above that the defining body plus 1.
        parts: numbers of commands and of the sub-functions of theirs that are off.
        removed: nobody can switch them on; the channel does not have them. Of sub-functions there are none.
    """

    medium: int
    commands: tuple[int, ...] = ()
    parts: tuple[tuple[int, int], ...] = ()
    removed: bool = False


@dataclass(frozen=True, slots=True)
class FirewallSpec:
    """The firewall as shipped.

    Attributes:
        rules: what is off; without rules everything is on.
        lockable: Set Command Enables can be switched off on session channels too, as long as another channel
            keeps it.
    """

    rules: tuple[FirewallRule, ...] = ()
    lockable: bool = False


NOTHING_OFF = FirewallSpec()
"""What most BMCs are shipped with, and share."""
