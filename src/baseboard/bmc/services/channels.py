"""Channels: what they are, how they may be used, and their keys (§6.3-6.6, §22.22-22.25)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache

from baseboard.bmc.services.home import Home
from baseboard.bmc.shared import EMPTY
from baseboard.codes import Cc, ChannelMedium, ChannelProtocol, Privilege
from baseboard.errors import CompletionError

IPMI_FORUM = 7154
"""Vendor of all standard channel protocols (Table 22-24)."""

SYSTEM_INTERFACE = 0xF
"""Channel number of KCS, SMIC, BT and SSIF together (Table 6-1)."""

PRIMARY_IPMB = 0
KEY_SIZE = 20
ALWAYS_AVAILABLE = 2
DISABLED = 0
_SINGLE_SESSION = 1
_INTERFACES = {
    "kcs": int(ChannelProtocol.KCS),
    "smic": int(ChannelProtocol.SMIC),
    "bt": int(ChannelProtocol.BT_15),
    "ssif": int(ChannelProtocol.SMBUS),
}


@dataclass(frozen=True, slots=True)
class Channel:
    """What a channel is (Table 22-28).

    Attributes:
        number: 0-Bh or Fh.
        medium: channel medium type.
        protocol: channel protocol type.
        session_support: 0 session-less, 1 single-session, 2 multi-session, 3 session-based.
    """

    number: int
    medium: int
    protocol: int
    session_support: int


@dataclass(frozen=True, slots=True)
class ChannelAccess:
    """How a channel may be used (Table 22-26).

    Attributes:
        mode: 0 disabled, 1 pre-boot only, 2 always available, 3 shared.
        alerting_disabled: PEF alerting is off.
        per_message_disabled: v1.5 packets after activation need no AuthCode.
        user_level_disabled: v1.5 User level commands need no AuthCode.
        limit: highest privilege level on the channel.
    """

    mode: int = ALWAYS_AVAILABLE
    alerting_disabled: bool = False
    per_message_disabled: bool = False
    user_level_disabled: bool = False
    limit: int = int(Privilege.ADMINISTRATOR)

    def pack(self) -> bytes:
        """The bytes that the store keeps."""
        flags = self.alerting_disabled << 5 | self.per_message_disabled << 4 | self.user_level_disabled << 3
        return bytes((flags | self.mode, self.limit))

    @classmethod
    def unpack(cls, row: bytes) -> ChannelAccess:
        """What :meth:`pack` made."""
        flags, limit = row
        return cls(flags & 7, bool(flags & 0x20), bool(flags & 0x10), bool(flags & 8), limit)


class Channels:
    """The channels of a BMC: IPMB, LAN, the system interface, and a serial one if it has that.

    What they are as shipped is one object for all BMCs; what is changed is copied then.
    """

    __slots__ = ("_active", "_channels", "_home", "_keys", "_locked", "_stored")

    def __init__(self, home: Home) -> None:
        self._home = home
        lan = home.blueprint.lan
        serial, icmb = home.blueprint.serial, home.blueprint.icmb
        self._channels, self._stored = _layout(
            lan.channel,
            _INTERFACES[home.blueprint.interface.kind],
            None if serial is None else (serial.channel, serial.access),
            None if icmb is None else icmb.channel,
        )
        kept = home.journal.saved("channel access")
        if kept:
            changed = {number: ChannelAccess.unpack(row) for number, row in kept.items()}
            self._stored = {**self._stored, **changed}
        self._active = self._stored
        self._keys = home.journal.saved("channel key")
        locked = home.journal.saved("channel lock")
        self._locked = frozenset(locked) if locked else EMPTY

    def numbers(self) -> tuple[int, ...]:
        """Every channel there is."""
        return tuple(self._channels)

    def get(self, number: int) -> Channel:
        """One channel; Eh has been resolved before.

        Raises:
            CompletionError: CCh, there is no such channel.
        """
        channel = self._channels.get(number)
        if channel is None:
            raise CompletionError(Cc.INVALID_DATA, "no such channel")
        return channel

    def session_channel(self, number: int) -> Channel:
        """A channel that has sessions, and so users and access settings.

        Raises:
            CompletionError: CCh, there is no such channel or it has no sessions.
        """
        channel = self.get(number)
        if channel.session_support == 0:
            raise CompletionError(Cc.INVALID_DATA, "a session-less channel")
        return channel

    def lan_channel(self, number: int) -> Channel:
        """A LAN channel, which alone has the LAN and the SOL configuration (§23, §26).

        Raises:
            CompletionError: CCh, there is no such channel or it is of another medium.
        """
        channel = self.get(number)
        if channel.medium != ChannelMedium.LAN:
            raise CompletionError(Cc.INVALID_DATA, "no LAN channel")
        return channel

    def serial_channel(self, number: int) -> Channel:
        """A serial channel, which alone has the serial/modem configuration (§25).

        Raises:
            CompletionError: CCh, there is no such channel or it is of another medium.
        """
        channel = self.get(number)
        if channel.medium != ChannelMedium.SERIAL:
            raise CompletionError(Cc.INVALID_DATA, "no serial channel")
        return channel

    def access(self, number: int, *, stored: bool = False) -> ChannelAccess:
        """How a session channel may be used: now, or after the next power-up (``stored``)."""
        return (self._stored if stored else self._active)[number]

    def set_access(self, number: int, *, stored: bool, **changes: int | bool) -> None:
        """Change some of the access settings, the present ones or the stored ones."""
        if not stored:
            now = replace(self._active[number], **changes)  # type: ignore[arg-type]  # named as the fields
            self._active = {**self._active, number: now}
            return
        changed = replace(self._stored[number], **changes)  # type: ignore[arg-type]  # named as the fields
        self._stored = {**self._stored, number: changed}
        self._home.journal.put("channel access", number, changed.pack())

    def reload(self) -> None:
        """System reset or power-down: the stored settings hold again (§22.22)."""
        self._active = self._stored

    def kg(self, number: int) -> bytes:
        """The channel's K_G, 20 bytes; all zero = one-key logins."""
        kept, lan = self._keys.get(number << 1 | 1), self._home.blueprint.lan
        if kept is not None:
            return kept
        return (lan.kg if number == lan.channel else b"").ljust(KEY_SIZE, b"\0")

    def set_kg(self, number: int, key: bytes) -> None:
        """Set K_G; it holds for logins from now on."""
        self._keys[number << 1 | 1] = key
        self._home.journal.put("channel key", number << 1 | 1, key)

    def locked(self, number: int) -> bool:
        """Whether K_G can be neither set nor read any more."""
        return number in self._locked

    def lock(self, number: int) -> None:
        """Lock K_G for good."""
        self._locked |= {number}
        self._home.journal.put("channel lock", number, b"\x01")


@cache
def _layout(
    lan: int, interface: int, serial: tuple[int, int] | None, icmb: int | None
) -> tuple[Mapping[int, Channel], Mapping[int, ChannelAccess]]:
    """The channels, and how they may be used as shipped; the same objects for the same arguments.

    Args:
        lan: number of the LAN channel.
        interface: protocol of the system interface.
        serial: number of the serial channel, and its access mode.
        icmb: number of the ICMB channel.
    """
    channels = {
        PRIMARY_IPMB: Channel(PRIMARY_IPMB, int(ChannelMedium.IPMB), int(ChannelProtocol.IPMB), 0),
        lan: Channel(lan, int(ChannelMedium.LAN), int(ChannelProtocol.IPMB), 2),
        SYSTEM_INTERFACE: Channel(SYSTEM_INTERFACE, int(ChannelMedium.SYSTEM_INTERFACE), interface, 0),
    }
    accesses = {lan: ChannelAccess()}
    if serial is not None:
        number, mode = serial
        medium, protocol = int(ChannelMedium.SERIAL), int(ChannelProtocol.IPMB)
        channels[number] = Channel(number, medium, protocol, _SINGLE_SESSION)
        accesses[number] = ChannelAccess(mode)
    if icmb is not None:
        medium, protocol = int(ChannelMedium.ICMB_1_0), int(ChannelProtocol.ICMB)
        channels[icmb] = Channel(icmb, medium, protocol, 0)
    return channels, accesses
