"""Serial/modem configuration parameters 0-8, 15, 29 and 50-54 (Table 25-4): the line, its modes, its mux.

What is dialled is in :mod:`.serial_dialing`, PPP in :mod:`.serial_ppp`.
"""

from __future__ import annotations

from enum import IntFlag
from typing import ClassVar

from baseboard.commands.authentication import AuthTypes
from baseboard.commands.parameters.progress import SetInProgressState
from baseboard.wire import Family, OpenEnum, at


class FlowControl(OpenEnum):
    """How the ends of a serial line hold each other up (parameters 7 and 19)."""

    NONE = 0
    RTS_CTS = 1
    XON_XOFF = 2


class LineRate(OpenEnum):
    """Speed of a serial line (parameters 7 and 19)."""

    BPS_9600 = 0x6
    BPS_19200 = 0x7
    BPS_38400 = 0x8
    BPS_57600 = 0x9
    BPS_115200 = 0xA

    @property
    def bits_per_second(self) -> int:
        """The rate itself; 0 for a reserved number."""
        return _BPS.get(int(self), 0)


_BPS = {6: 9600, 7: 19200, 8: 38400, 9: 57600, 0xA: 115200}


class CallbackKinds(IntFlag):
    """Ways of having the BMC call back (parameter 5, byte 1)."""

    IPMI = 0x01
    CBCP = 0x02


class CbcpOptions(IntFlag):
    """What may be agreed on by CBCP (parameter 5, byte 2)."""

    NO_CALLBACK = 0x01
    PRE_SPECIFIED = 0x02
    CALLER_SPECIFIED = 0x04
    ONE_OF_LIST = 0x08


class TerminalOperation(OpenEnum):
    """Which copy of parameter 29 is written."""

    SET_VOLATILE = 0
    SET_NON_VOLATILE = 1
    RESTORE_VOLATILE = 2


class DeleteStyle(OpenEnum):
    """What takes a character back on the terminal (parameter 29)."""

    DELETE = 0
    BACKSPACE_SPACE_BACKSPACE = 1


class OutputNewline(OpenEnum):
    """What ends a line that the BMC sends (parameter 29)."""

    NONE = 0
    CR_LF = 1
    NUL = 2
    CR = 3
    LF_CR = 4
    LF = 5


class InputNewline(OpenEnum):
    """What ends a line that the BMC gets (parameter 29)."""

    CR = 1
    NUL = 2


class BitRates(IntFlag):
    """Speeds that the channel can do (parameter 50)."""

    BPS_9600 = 0x01
    BPS_19200 = 0x02
    BPS_38400 = 0x04
    BPS_57600 = 0x08
    BPS_115200 = 0x10


class SerialParameter(Family):
    """A serial/modem configuration parameter, by selector (Table 25-4).

    Attributes:
        read_only: a write is refused (82h).
        write_only: a read is refused (83h).
        unverified: what of its layout only one readable source tells; empty if more do.
    """

    read_only: ClassVar[bool] = False
    write_only: ClassVar[bool] = False
    unverified: ClassVar[str] = ""


@SerialParameter.of(0)
class SetInProgress(SerialParameter):
    """Who changes parameters says so; a notice, not a lock; volatile."""

    state: SetInProgressState = at("1[1:0]")


@SerialParameter.of(1)
class AuthenticationTypeSupport(SerialParameter):
    """Which authentication types the channel can do."""

    read_only = True

    auth_types: AuthTypes = at("1[5:0]")


@SerialParameter.of(2)
class AuthenticationTypeEnables(SerialParameter):
    """Which authentication types may be used, by level."""

    callback: AuthTypes = at("1[5:0]")
    user: AuthTypes = at("2[5:0]")
    operator: AuthTypes = at("3[5:0]")
    administrator: AuthTypes = at("4[5:0]")
    oem: AuthTypes = at("5[5:0]")


@SerialParameter.of(3)
class ConnectionMode(SerialParameter):
    """Whether a modem is on the line, and what is spoken over it; of several the BMC finds out which."""

    direct: bool = at("1[7]", "0 = there is a modem", default=False)
    terminal: bool = at("1[2]", default=False)
    ppp: bool = at("1[1]", default=False)
    basic: bool = at("1[0]", default=False)


@SerialParameter.of(4)
class SessionInactivityTimeout(SerialParameter):
    """When a silent session ends."""

    timeout: int = at("1[3:0]", "of 30 s; 0 = never")


@SerialParameter.of(5)
class ChannelCallbackControl(SerialParameter):
    """Whether the BMC calls back, and where to."""

    kinds: CallbackKinds = at("1[1:0]")
    cbcp: CbcpOptions = at("2[3:0]", default=CbcpOptions(0))
    destination_1: int = at("3", "destination selector; FFh = unspecified", default=0xFF)
    destination_2: int = at("4", default=0xFF)
    destination_3: int = at("5", default=0xFF)


@SerialParameter.of(6)
class SessionTermination(SerialParameter):
    """What ends a session besides Close Session."""

    on_inactivity: bool = at("1[1]", "time-out of parameter 4")
    on_dcd_loss: bool = at("1[0]", "with a modem always")


@SerialParameter.of(7)
class MessagingCommSettings(SerialParameter):
    """Flow control and speed of IPMI messaging; always 8 data bits, no parity, 1 stop bit."""

    flow_control: FlowControl = at("1[7:6]", default=FlowControl.NONE)
    dtr_hang_up: bool = at("1[5]", "DTR is taken away to hang up", default=False)
    bit_rate: LineRate = at("2[3:0]")


@SerialParameter.of(8)
class MuxSwitchControl(SerialParameter):
    """What switches a shared line between system and BMC, and whether it is shared."""

    power_up_by_escape: bool = at("1[6]", "<ESC>^ wakes the system or powers it up", default=False)
    reset_by_escape: bool = at("1[5]", "<ESC>R<ESC>r<ESC>R resets the system", default=False)
    to_bmc_on_authentication: bool = at(
        "1[4]", "on Get Channel Authentication Capabilities in Basic Mode", default=False
    )
    to_bmc_on_rmcp: bool = at("1[3]", "on an IPMI packet by RMCP over PPP", default=False)
    to_system_by_escape: bool = at("1[2]", "on <ESC>Q", default=False)
    to_bmc_by_escape: bool = at("1[1]", "on <ESC>(", default=False)
    to_bmc_on_dcd_loss: bool = at("1[0]", "without a modem", default=False)
    sharing: bool = at("2[3]", "serial port sharing", default=False)
    ping_in_callback: bool = at("2[2]", "Serial/Modem Connection Active while called back", default=False)
    ping_direct: bool = at("2[1]", "likewise while called, or without a modem", default=False)
    acknowledged_switch: bool = at("2[0]", "a switch to the system waits to be acknowledged", default=False)


@SerialParameter.of(15)
class CommunityString(SerialParameter):
    """The community string of the traps that the BMC sends over PPP."""

    community: bytes = at("1:18", "padded with 00h; default 'public'", secret=True)


@SerialParameter.of(29)
class TerminalModeConfiguration(SerialParameter):
    """How Terminal Mode edits, echoes and ends lines; a volatile and a non-volatile copy."""

    operation: TerminalOperation = at("1[7:6]", "reads as 0", default=TerminalOperation.SET_VOLATILE)
    line_editing: bool = at("1[5]")
    delete: DeleteStyle = at("1[3:2]")
    echo: bool = at("1[1]")
    handshake: bool = at("1[0]", "[SYS] when there is room for another message")
    output_newline: OutputNewline = at("2[7:4]", default=OutputNewline.CR_LF)
    input_newline: InputNewline = at("2[3:0]", default=InputNewline.CR)


@SerialParameter.of(50)
class BitRateSupport(SerialParameter):
    """The speeds that the channel can do."""

    read_only = True
    unverified = "only Wireshark tells the layout"

    rates: BitRates = at("1[4:0]")


@SerialParameter.of(51)
class SystemSerialPortAssociation(SerialParameter):
    """Which connector leads to which serial controller of the system, and whether by way of the BMC."""

    read_only = True
    unverified = "only Wireshark tells the layout; entries counted from 0 is a guess"

    set_selector: int = at("1", "entry")
    channel: int = at("2[7:4]", "IPMI channel of the connector")
    connector: int = at("2[3:0]", "its number")
    sharing: bool = at("3[7]", "serial port sharing is possible")
    sol: bool = at("3[6]", "Serial over LAN is possible")
    controller: int = at("3[3:0]", "channel of the system's serial controller")


@SerialParameter.of(52)
class SystemConnectorName(SerialParameter):
    """What is printed beside the connector."""

    read_only = True
    unverified = SystemSerialPortAssociation.unverified

    set_selector: int = at("1", "connector")
    name: bytes = at("2:17", "padded with 00h")


@SerialParameter.of(53)
class SystemSerialChannelName(SerialParameter):
    """What the system calls its serial controller, such as COM1."""

    read_only = True
    unverified = SystemSerialPortAssociation.unverified

    set_selector: int = at("1", "channel of the serial controller")
    name: bytes = at("2:17", "padded with 00h")


@SerialParameter.of(54)
class BadPasswordThreshold(SerialParameter):
    """After how many bad passwords a user is locked out, and for how long."""

    unverified = "its number, and that it is laid out as LAN parameter 26"

    log_event: bool = at("1[0]", "a Session Audit event when a user is disabled", default=False)
    threshold: int = at("2", "0 = no lock-out")
    reset_interval: int = at("3:4", "of 10 s without an attempt, then the count is 0; 0 = never")
    lockout_interval: int = at("5:6", "of 10 s; 0 = until enabled by command")
