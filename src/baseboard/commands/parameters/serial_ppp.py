"""Serial/modem configuration parameters 30-48 (Table 25-4): PPP, its accounts, its UDP proxy."""

from __future__ import annotations

from ipaddress import IPv4Address

from baseboard.commands.parameters.serial import SerialParameter
from baseboard.wire import BE, OpenEnum, at


class SnoopControl(OpenEnum):
    """By which map control characters are undone while the line is watched (parameter 30)."""

    TRANSMIT_ACCM = 0
    SNOOP_ACCM = 1


class Negotiation(OpenEnum):
    """When the BMC negotiates the link (parameter 30)."""

    CONNECTION_AND_SWITCH = 0
    CONNECTION = 1
    NEVER = 2


class IpNegotiation(OpenEnum):
    """How the BMC comes to its IP address on the link (parameter 30)."""

    REQUEST = 0
    FIXED = 1
    NONE = 2


class LinkAuthentication(OpenEnum):
    """How the ends of a PPP link prove who they are (parameters 33 and 43)."""

    NONE = 0
    CHAP = 1
    PAP = 2
    MS_CHAP_V1_NT = 3
    MS_CHAP_V1_LAN_MANAGER = 4
    MS_CHAP_V2 = 5


@SerialParameter.of(30)
class PppProtocolOptions(SerialParameter):
    """What of PPP the BMC watches for, negotiates and uses."""

    snoop_system: bool = at("1[2]", "watch what the system negotiates", default=False)
    snoop: SnoopControl = at("1[1:0]", default=SnoopControl.TRANSMIT_ACCM)
    negotiate: Negotiation = at("2[5:4]")
    filter_by_accm: bool = at("2[2]", "on receipt, by the transmit ACCM", default=False)
    send_acfc: bool = at("2[1]", "leave address and control fields out", default=False)
    send_pfc: bool = at("2[0]", "shorten the protocol field", default=False)
    ip_address: IpNegotiation = at("3[4:3]")
    negotiate_accm: bool = at("3[2]", default=False)
    negotiate_acfc: bool = at("3[1]", default=False)
    negotiate_pfc: bool = at("3[0]", default=False)


@SerialParameter.of(31)
class PppPrimaryRmcpPort(SerialParameter):
    """The UDP port of RMCP on the link."""

    port: int = at("1:2", default=623)


@SerialParameter.of(32)
class PppSecondaryRmcpPort(SerialParameter):
    """The UDP port of secured RMCP on the link."""

    port: int = at("1:2", default=664)


@SerialParameter.of(33)
class PppLinkAuthentication(SerialParameter):
    """What the BMC asks of who calls it."""

    protocol: LinkAuthentication = at("1[3:0]")


@SerialParameter.of(34)
class ChapName(SerialParameter):
    """The name by which the BMC challenges."""

    name: bytes = at("1:16", "padded with 00h")


@SerialParameter.of(35)
class PppAccm(SerialParameter):
    """Which control characters are escaped, bit n = character n."""

    receive: int = at("1:4", codec=BE)
    transmit: int = at("5:8", codec=BE)


@SerialParameter.of(36)
class PppSnoopAccm(SerialParameter):
    """Which control characters are escaped in what is watched."""

    accm: int = at("1:4", codec=BE)


@SerialParameter.of(37)
class NumberOfPppAccounts(SerialParameter):
    """How many accounts there are; account 0 is not counted."""

    read_only = True

    count: int = at("1[3:0]", "8 at most")


@SerialParameter.of(38)
class PppAccountDialString(SerialParameter):
    """What is dialled for an account."""

    set_selector: int = at("1", "account; 0 = volatile")
    dial_string: int = at("2", "of parameter 21")


@SerialParameter.of(39)
class PppAccountIpAddress(SerialParameter):
    """The BMC's own address on an account's link."""

    set_selector: int = at("1", "account; 1 = IPMI messaging")
    address: IPv4Address = at("2:5")


@SerialParameter.of(40)
class PppAccountUserName(SerialParameter):
    """The name by which the BMC logs in."""

    set_selector: int = at("1", "account")
    name: bytes = at("2:", "16 characters at most")


@SerialParameter.of(41)
class PppAccountUserDomain(SerialParameter):
    """What stands before the name, its backslash included."""

    set_selector: int = at("1", "account")
    domain: bytes = at("2:", "16 characters at most")


@SerialParameter.of(42)
class PppAccountUserPassword(SerialParameter):
    """The password by which the BMC logs in."""

    write_only = True

    set_selector: int = at("1", "account")
    password: bytes = at("2:", "16 characters at most", secret=True)


@SerialParameter.of(43)
class PppAccountAuthentication(SerialParameter):
    """How the BMC logs in."""

    set_selector: int = at("1", "account")
    protocol: LinkAuthentication = at("2[3:0]")


@SerialParameter.of(44)
class PppAccountHoldTime(SerialParameter):
    """How long a link stays up once there is nothing more to send."""

    set_selector: int = at("1", "account")
    seconds: int = at("2", "counted from 1")


@SerialParameter.of(45)
class PppProxyIpHeader(SerialParameter):
    """The addresses of packets that system software sends by the BMC."""

    source: IPv4Address = at("1:4")
    destination: IPv4Address = at("5:8")


@SerialParameter.of(46)
class PppProxyTransmitBufferSize(SerialParameter):
    """Bytes that system software can have sent in one packet."""

    read_only = True

    size: int = at("1:2", "0 = there is no UDP proxy")


@SerialParameter.of(47)
class PppProxyReceiveBufferSize(SerialParameter):
    """Bytes of a packet that is held for system software."""

    read_only = True

    size: int = at("1:2", "0 = there is no UDP proxy")


@SerialParameter.of(48)
class PppRemoteConsoleIpAddress(SerialParameter):
    """The address that the BMC gives to who calls it."""

    address: IPv4Address = at("1:4")
