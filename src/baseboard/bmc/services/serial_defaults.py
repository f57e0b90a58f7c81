"""Serial/modem parameters before anybody changed them (§25.2, Table 25-4)."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import IPv4Address
from typing import Final

from baseboard.bmc.blueprint.serial import BASIC, PPP, TERMINAL, SerialSpec
from baseboard.commands.authentication import AuthTypes
from baseboard.commands.parameters import serial as p
from baseboard.commands.parameters import serial_dialing as d
from baseboard.commands.parameters import serial_ppp as ppp

BLOCK: Final = 16
"""Characters of a block of a string (Table 25-4)."""

SUPPORTED_TYPES: Final = 0x17
"""None, MD2, MD5 and straight password."""

DESTINATIONS: Final = 8
DIAL_STRINGS: Final = 8
IP_ADDRESSES: Final = 4
TAP_ACCOUNTS: Final = 4
PPP_ACCOUNTS: Final = 4
"""How many of each are kept, number 0 not counted."""

ASSOCIATIONS: Final = 2
"""Ways of the connector: by the BMC, or past it straight to the system."""

SETS: Final[dict[int, int]] = {
    17: DESTINATIONS + 1, 19: DESTINATIONS + 1, 21: DIAL_STRINGS + 1, 23: IP_ADDRESSES + 1,
    **dict.fromkeys(range(25, 29), TAP_ACCOUNTS + 1),
    **dict.fromkeys(range(38, 45), PPP_ACCOUNTS + 1),
    51: ASSOCIATIONS, 52: ASSOCIATIONS, 53: ASSOCIATIONS,
}  # fmt: skip
"""Parameters whose data begin with a set selector, and how many sets there are."""

BLOCKS: Final = {10: 3, 21: 3, 49: 2}
"""Parameters in blocks, and how many."""

ROOM: Final = {10: BLOCK, 11: 5, 12: 8, 13: 8, 21: BLOCK, 26: 6, 27: BLOCK, 40: 16, 41: 16, 42: 16, 49: BLOCK}
"""Strings, and how long they may be; they are read padded to that length."""

UNSPECIFIED: Final = 0xFF
_NOWHERE: Final = IPv4Address(0)
_INIT: Final = b"ATE1Q0V1X4&D0S0=0"
_ENTRY = 1
_TAP_SERVICE: Final = bytes.fromhex("00 504731 FFFFFFFF 11 34 13 33 33")
"""ACK at the end, PG1, every control character escaped; T1 to T6 and N1 to N4 of Table 25-4."""


def default_parameter(
    selector: int, set_selector: int, block: int, spec: SerialSpec
) -> p.SerialParameter | None:
    """A parameter as shipped.

    Args:
        selector: which.
        set_selector: of those that have sets.
        block: of those that have blocks, from 1.
        spec: the channel.

    Returns: None where there is no such parameter.
    """
    make = _SIMPLE.get(selector)
    if make is not None:
        return make(spec)
    keyed = _KEYED.get(selector)
    return None if keyed is None else keyed(spec, set_selector, block)


def _blocked(text: bytes, block: int) -> bytes:
    return text[(block - 1) * BLOCK : block * BLOCK].ljust(BLOCK, b"\0")


def _callback_control(spec: SerialSpec) -> p.ChannelCallbackControl:
    """Callbacks that are nobody's in particular are the channel's."""
    shared = [number for number, one in enumerate(spec.callbacks, 1) if not one.user_id]
    first, second, third = (*shared[:3], *[UNSPECIFIED] * 3)[:3]
    return p.ChannelCallbackControl(
        kinds=p.CallbackKinds.IPMI if spec.callbacks else p.CallbackKinds(0),
        destination_1=first,
        destination_2=second,
        destination_3=third,
    )


def _mux(spec: SerialSpec) -> p.MuxSwitchControl:
    return p.MuxSwitchControl(
        to_bmc_on_authentication=True,
        to_bmc_on_rmcp=True,
        to_system_by_escape=True,
        to_bmc_by_escape=True,
        sharing=spec.sharing,
    )


def _modes(spec: SerialSpec) -> p.ConnectionMode:
    return p.ConnectionMode(
        direct=spec.direct,
        terminal=bool(spec.modes & TERMINAL),
        ppp=bool(spec.modes & PPP),
        basic=bool(spec.modes & BASIC),
    )


def _enables(spec: SerialSpec) -> p.AuthenticationTypeEnables:
    types = AuthTypes(spec.auth_types)
    return p.AuthenticationTypeEnables(
        callback=types, user=types, operator=types, administrator=types, oem=types
    )


_SIMPLE: dict[int, Callable[[SerialSpec], p.SerialParameter]] = {
    1: lambda _: p.AuthenticationTypeSupport(auth_types=AuthTypes(SUPPORTED_TYPES)),
    2: _enables,
    3: _modes,
    4: lambda _: p.SessionInactivityTimeout(timeout=2),
    5: _callback_control,
    6: lambda _: p.SessionTermination(on_inactivity=True, on_dcd_loss=True),
    7: lambda spec: p.MessagingCommSettings(bit_rate=p.LineRate(spec.bit_rate)),
    8: _mux,
    9: lambda _: d.ModemRingTime(duration=4, dead_time=10),
    11: lambda _: d.ModemEscapeSequence(text=b"+++".ljust(5, b"\0")),
    12: lambda _: d.ModemHangUpSequence(text=b"ATH".ljust(8, b"\0")),
    13: lambda _: d.ModemDialCommand(text=b"ATD".ljust(8, b"\0")),
    14: lambda _: d.PageBlackoutInterval(minutes=0),
    15: lambda _: p.CommunityString(community=b"public".ljust(18, b"\0")),
    16: lambda _: d.NumberOfAlertDestinations(count=DESTINATIONS),
    18: lambda _: d.CallRetryInterval(seconds=60),
    20: lambda _: d.NumberOfDialStrings(count=DIAL_STRINGS),
    22: lambda _: d.NumberOfDestinationIpAddresses(count=IP_ADDRESSES),
    24: lambda _: d.NumberOfTapAccounts(count=TAP_ACCOUNTS),
    29: lambda _: p.TerminalModeConfiguration(
        line_editing=True, delete=p.DeleteStyle.BACKSPACE_SPACE_BACKSPACE, echo=True, handshake=False
    ),
    30: lambda _: ppp.PppProtocolOptions(
        snoop_system=True,
        negotiate=ppp.Negotiation.CONNECTION_AND_SWITCH,
        filter_by_accm=True,
        ip_address=ppp.IpNegotiation.REQUEST,
        negotiate_accm=True,
        negotiate_acfc=True,
        negotiate_pfc=True,
    ),
    31: lambda _: ppp.PppPrimaryRmcpPort(),
    32: lambda _: ppp.PppSecondaryRmcpPort(),
    33: lambda _: ppp.PppLinkAuthentication(protocol=ppp.LinkAuthentication.NONE),
    34: lambda _: ppp.ChapName(name=bytes(16)),
    35: lambda _: ppp.PppAccm(receive=0, transmit=0xFFFFFFFF),
    36: lambda _: ppp.PppSnoopAccm(accm=0xFFFFFFFF),
    37: lambda _: ppp.NumberOfPppAccounts(count=PPP_ACCOUNTS),
    45: lambda _: ppp.PppProxyIpHeader(source=_NOWHERE, destination=_NOWHERE),
    46: lambda _: ppp.PppProxyTransmitBufferSize(size=TRANSMIT_BUFFER),
    47: lambda _: ppp.PppProxyReceiveBufferSize(size=RECEIVE_BUFFER),
    48: lambda _: ppp.PppRemoteConsoleIpAddress(address=_NOWHERE),
    50: lambda _: p.BitRateSupport(rates=p.BitRates(0x1F)),
    54: lambda _: p.BadPasswordThreshold(threshold=0, reset_interval=0, lockout_interval=0),
}

TRANSMIT_BUFFER: Final = 1024
RECEIVE_BUFFER: Final = 1500
"""Bytes of a packet that the UDP proxy sends and holds."""


def _destination(spec: SerialSpec, number: int, block: int) -> d.DestinationInfo:
    """The first destinations are those that the BMC calls back; the others page, as a 0 says."""
    if not 1 <= number <= len(spec.callbacks):
        return d.DestinationInfo(destination=number, kind=d.DestinationKind.DIAL_PAGE)
    callback = spec.callbacks[number - 1]
    kind = d.DestinationKind.PPP_CALLBACK if callback.ppp else d.DestinationKind.BASIC_CALLBACK
    # §25.2: of a PPP callback the PPP account names the dial string.
    return d.DestinationInfo(
        destination=number,
        kind=kind,
        upper=0 if callback.ppp else number,
        lower=number if callback.ppp else 0,
    )


def _dial_string(spec: SerialSpec, number: int, block: int) -> d.DestinationDialString:
    text = spec.callbacks[number - 1].dial.encode() if 1 <= number <= len(spec.callbacks) else b""
    return d.DestinationDialString(set_selector=number, block_selector=block, text=_blocked(text, block))


def _association(spec: SerialSpec, entry: int, block: int) -> p.SystemSerialPortAssociation:
    by_bmc = entry == 0
    return p.SystemSerialPortAssociation(
        set_selector=entry,
        channel=spec.channel if by_bmc else 0,
        connector=_ENTRY,
        sharing=by_bmc,
        sol=by_bmc,
        controller=_ENTRY,
    )


_KEYED: dict[int, Callable[[SerialSpec, int, int], p.SerialParameter]] = {
    10: lambda _, __, block: d.ModemInitString(block_selector=block, text=_blocked(_INIT, block)),
    17: _destination,
    19: lambda spec, number, _: d.DestinationCommSettings(
        destination=number, bit_rate=p.LineRate(spec.bit_rate)
    ),
    21: _dial_string,
    23: lambda _, number, __: d.DestinationIpAddress(set_selector=number, address=_NOWHERE),
    25: lambda _, number, __: d.TapAccount(set_selector=number, dial_string=0, service=0),
    26: lambda _, number, __: d.TapPassword(set_selector=number, password=bytes(6)),
    27: lambda _, number, __: d.TapPagerId(set_selector=number, text=bytes(16)),
    28: lambda _, number, __: d.TapServiceSettings.decode(bytes((number,)) + _TAP_SERVICE),
    38: lambda _, number, __: ppp.PppAccountDialString(set_selector=number, dial_string=number),
    39: lambda _, number, __: ppp.PppAccountIpAddress(set_selector=number, address=_NOWHERE),
    40: lambda _, number, __: ppp.PppAccountUserName(set_selector=number, name=bytes(16)),
    41: lambda _, number, __: ppp.PppAccountUserDomain(set_selector=number, domain=bytes(16)),
    42: lambda _, number, __: ppp.PppAccountUserPassword(set_selector=number, password=bytes(16)),
    43: lambda _, number, __: ppp.PppAccountAuthentication(
        set_selector=number, protocol=ppp.LinkAuthentication.NONE
    ),
    44: lambda _, number, __: ppp.PppAccountHoldTime(set_selector=number, seconds=60),
    49: lambda spec, _, block: d.SystemPhoneNumber(
        block_selector=block, text=_blocked(spec.phone.encode(), block)
    ),
    51: _association,
    52: lambda _, number, __: p.SystemConnectorName(
        set_selector=number, name=(b"Serial A" if number == _ENTRY else b"").ljust(16, b"\0")
    ),
    53: lambda _, number, __: p.SystemSerialChannelName(
        set_selector=number, name=(b"COM1" if number == _ENTRY else b"").ljust(16, b"\0")
    ),
}
