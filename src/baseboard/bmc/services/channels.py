"""Channels: what they are, how they may be used, and their keys (§6.3-6.6, §22.22-22.25)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from baseboard.bmc.services.home import Home
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
    """The channels of a BMC: IPMB, LAN, the system interface, and a serial one if it has that."""

    __slots__ = ("_active", "_channels", "_home", "_keys", "_locked", "_stored")

    def __init__(self, home: Home) -> None:
        self._home = home
        lan = home.blueprint.lan
        self._channels = _layout(lan.channel, _INTERFACES[home.blueprint.interface.kind])
        self._stored = {lan.channel: ChannelAccess()}
        serial = home.blueprint.serial
        if serial is not None:
            medium, protocol = int(ChannelMedium.SERIAL), int(ChannelProtocol.IPMB)
            self._channels[serial.channel] = Channel(serial.channel, medium, protocol, _SINGLE_SESSION)
            self._stored[serial.channel] = ChannelAccess(serial.access)
        icmb = home.blueprint.icmb
        if icmb is not None:
            medium, protocol = int(ChannelMedium.ICMB_1_0), int(ChannelProtocol.ICMB)
            self._channels[icmb.channel] = Channel(icmb.channel, medium, protocol, 0)
        for number, row in home.journal.saved("channel access").items():
            self._stored[number] = ChannelAccess.unpack(row)
        self._active = dict(self._stored)
        self._keys = {lan.channel << 1 | 1: lan.kg.ljust(KEY_SIZE, b"\0")}
        self._keys.update(home.journal.saved("channel key"))
        self._locked = set(home.journal.saved("channel lock"))

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
            self._active[number] = replace(self._active[number], **changes)  # type: ignore[arg-type]  # named as the fields
            return
        self._stored[number] = changed = replace(self._stored[number], **changes)  # type: ignore[arg-type]  # named as the fields
        self._home.journal.put("channel access", number, changed.pack())

    def reload(self) -> None:
        """System reset or power-down: the stored settings hold again (§22.22)."""
        self._active.update(self._stored)

    def kg(self, number: int) -> bytes:
        """The channel's K_G, 20 bytes; all zero = one-key logins."""
        return self._keys.get(number << 1 | 1, bytes(KEY_SIZE))

    def set_kg(self, number: int, key: bytes) -> None:
        """Set K_G; it holds for logins from now on."""
        self._keys[number << 1 | 1] = key
        self._home.journal.put("channel key", number << 1 | 1, key)

    def locked(self, number: int) -> bool:
        """Whether K_G can be neither set nor read any more."""
        return number in self._locked

    def lock(self, number: int) -> None:
        """Lock K_G for good."""
        self._locked.add(number)
        self._home.journal.put("channel lock", number, b"\x01")


def _layout(lan: int, interface: int) -> dict[int, Channel]:
    return {
        PRIMARY_IPMB: Channel(PRIMARY_IPMB, int(ChannelMedium.IPMB), int(ChannelProtocol.IPMB), 0),
        lan: Channel(lan, int(ChannelMedium.LAN), int(ChannelProtocol.IPMB), 2),
        SYSTEM_INTERFACE: Channel(SYSTEM_INTERFACE, int(ChannelMedium.SYSTEM_INTERFACE), interface, 0),
    }
