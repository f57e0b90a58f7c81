"""The IPv6 addresses of an interface: tried for duplicates, made of prefixes, growing old (RFC 4862)."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv6Address, IPv6Interface
from typing import Final

from baseboard.links.ethernet_icmpv6 import Prefix
from baseboard.links.network import (
    ACTIVE,
    DEPRECATED,
    FAILED,
    PENDING,
    SLAAC,
    STATIC,
    AddressStatus,
    NeighborTiming,
)

MOST_MADE: Final = 4
"""Addresses made of prefixes; what routers advertise beyond that is not heeded."""

_FOREVER: Final = 0xFFFF_FFFF
_TWO_HOURS: Final = 7200.0
_NEVER: Final = float("inf")
_SOLICITED: Final = b"\x33\x33\xff"


class Entry:
    """One address.

    Attributes:
        address: with its prefix length.
        source: `STATIC` or `SLAAC`.
        status: `PENDING` while it is tried, `ACTIVE`, `FAILED` or `DEPRECATED`.
        due: when it is tried again, or is taken for its own.
        left: questions still to be asked.
        preferred_until, valid_until: by a router's word.
    """

    __slots__ = ("address", "due", "left", "preferred_until", "source", "status", "valid_until")

    def __init__(self, address: IPv6Interface, source: int, now: float, tries: int) -> None:
        self.address, self.source = address, source
        self.status, self.left, self.due = PENDING, tries, now
        self.preferred_until = self.valid_until = _NEVER


class Addresses:
    """All addresses of an interface."""

    __slots__ = ("_entries", "timing")

    def __init__(self) -> None:
        self._entries: dict[IPv6Address, Entry] = {}
        self.timing = NeighborTiming.of(b"")

    def clear(self) -> None:
        """Forget all of them."""
        self._entries.clear()

    def keep(
        self, link_local: IPv6Interface | None, static: Iterable[IPv6Interface | None], now: float
    ) -> None:
        """Have these, and what routers gave; an address that was there goes on as it was."""
        wanted = {address.ip: (address, STATIC) for address in static if address is not None}
        if link_local is not None:
            wanted.setdefault(link_local.ip, (link_local, SLAAC))
        local = None if link_local is None else link_local.ip
        for address, entry in list(self._entries.items()):
            made = entry.source == SLAAC and address != local and not address.is_link_local
            if address not in wanted and not (made and link_local is not None):
                del self._entries[address]
        for address, (interface, source) in wanted.items():
            present = self._entries.get(address)
            if present is None or present.source != source or present.address != interface:
                self._entries[address] = Entry(interface, source, now, self.timing.duplicate_tries)

    def forget_made(self) -> None:
        """Routers are not heeded any more."""
        for address, entry in list(self._entries.items()):
            if entry.source == SLAAC and not address.is_link_local:
                del self._entries[address]

    def advertised(self, prefix: Prefix, address: IPv6Interface, now: float) -> None:
        """A router advertised a prefix of which this address is made (§5.5.3)."""
        entry = self._entries.get(address.ip)
        if entry is None:
            made = sum(one.source == SLAAC for one in self._entries.values())
            if prefix.valid_s and made <= MOST_MADE:
                entry = self._entries[address.ip] = Entry(address, SLAAC, now, self.timing.duplicate_tries)
                entry.valid_until = _until(prefix.valid_s, now)
                entry.preferred_until = _until(prefix.preferred_s, now)
            return
        if entry.source != SLAAC:
            return
        valid = _until(prefix.valid_s, now)
        # Whoever can send on this link could end an address at once: it lasts two hours more.
        if prefix.valid_s > _TWO_HOURS or valid > entry.valid_until:
            entry.valid_until = valid
        elif entry.valid_until - now > _TWO_HOURS:
            entry.valid_until = now + _TWO_HOURS
        entry.preferred_until = _until(prefix.preferred_s, now)
        if entry.status == DEPRECATED and entry.preferred_until > now:
            entry.status = ACTIVE

    def conflict(self, address: IPv6Address) -> None:
        """Somebody else has, or tries, an address that is being tried here."""
        entry = self._entries.get(address)
        if entry is not None and entry.status == PENDING:
            entry.status = FAILED

    def usable(self, address: IPv6Address) -> bool:
        """Whether packets for that address are for this interface."""
        entry = self._entries.get(address)
        return entry is not None and entry.status in (ACTIVE, DEPRECATED)

    def tried(self, address: IPv6Address) -> bool:
        """Whether that address is being tried now."""
        entry = self._entries.get(address)
        return entry is not None and entry.status == PENDING

    def asked_by(self, mac: bytes) -> bool:
        """Whether questions for one of these go to the group of that hardware address (RFC 4291, §2.7.1)."""
        return mac[:3] == _SOLICITED and any(address.packed[13:] == mac[3:] for address in self._entries)

    def on_link(self, address: IPv6Address) -> bool:
        """Whether that address is under the prefix of one of these that was set."""
        return any(
            entry.source == STATIC and entry.status != FAILED and address in entry.address.network
            for entry in self._entries.values()
        )

    def best_for(self, address: IPv6Address) -> IPv6Address | None:
        """The address from which something is sent there (RFC 6724, §5, as far as it matters here)."""
        usable = [entry for entry in self._entries.values() if entry.status in (ACTIVE, DEPRECATED)]
        if not usable:
            return None

        def rank(entry: Entry) -> tuple[bool, bool, int]:
            same_scope = entry.address.ip.is_link_local == address.is_link_local
            shared = 128 - (int(entry.address.ip) ^ int(address)).bit_length()
            return same_scope, entry.status == ACTIVE, shared

        return max(usable, key=rank).address.ip

    def status(self, address: IPv6Interface) -> int:
        """How a static address fares."""
        entry = self._entries.get(address.ip)
        return PENDING if entry is None else entry.status

    def made(self) -> tuple[AddressStatus, ...]:
        """The addresses that were not set."""
        return tuple(
            AddressStatus(entry.source, entry.address, entry.status)
            for entry in self._entries.values()
            if entry.source == SLAAC
        )

    def deadline(self) -> float | None:
        """When `expire` is next due."""
        return min((due for entry in self._entries.values() if (due := _due(entry)) < _NEVER), default=None)

    def expire(self, now: float) -> list[IPv6Address]:
        """What is due by now.

        Returns: the addresses of which everybody is to be asked whether he has them.
        """
        asked: list[IPv6Address] = []
        for address, entry in list(self._entries.items()):
            if entry.status == PENDING and entry.due <= now:
                if entry.left > 0:
                    entry.left -= 1
                    entry.due = now + self.timing.retransmit_s
                    asked.append(address)
                else:
                    entry.status = ACTIVE
            if entry.status == ACTIVE and entry.preferred_until <= now:
                entry.status = DEPRECATED
            if entry.valid_until <= now:
                del self._entries[address]
        return asked


def _until(seconds: int, now: float) -> float:
    return _NEVER if seconds == _FOREVER else now + seconds


def _due(entry: Entry) -> float:
    """When something of an address changes by itself."""
    dues = [entry.valid_until]
    if entry.status == PENDING:
        dues.append(entry.due)
    elif entry.status == ACTIVE:
        dues.append(entry.preferred_until)
    return min(dues)
