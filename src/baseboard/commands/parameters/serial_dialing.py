"""Serial/modem configuration parameters 9-14, 16-28 and 49 (Table 25-4): the modem, whom it calls, pagers."""

from __future__ import annotations

from ipaddress import IPv4Address

from baseboard.commands.parameters.serial import FlowControl, LineRate, SerialParameter
from baseboard.wire import OpenEnum, at


class DestinationKind(OpenEnum):
    """What is done at an alert destination (parameter 17)."""

    DIAL_PAGE = 0x0
    TAP_PAGE = 0x1
    PPP_ALERT = 0x2
    BASIC_CALLBACK = 0x3
    PPP_CALLBACK = 0x4
    OEM_1 = 0xE
    OEM_2 = 0xF


class Parity(OpenEnum):
    """Parity of a line (parameter 19)."""

    NONE = 0
    ODD = 1
    EVEN = 2


class TapConfirmation(OpenEnum):
    """What a paging service must say for a page to count as sent (parameter 28)."""

    ACK_AT_END = 0
    CODE_211_AND_ACK = 1
    CODE_211_OR_213_AND_ACK = 2


@SerialParameter.of(9)
class ModemRingTime(SerialParameter):
    """How long a call rings before the BMC answers it."""

    duration: int = at("1[5:0]", "of 500 ms; 0 = answer at once; 3Fh = never")
    dead_time: int = at("2[3:0]", "of 500 ms, 0-based: silence after which the ringing is over")


@SerialParameter.of(10)
class ModemInitString(SerialParameter):
    """What the modem is told at the start and after each call; blocks of 16 characters, ended by a NUL."""

    block_selector: int = at("1", "counted from 1")
    text: bytes = at("2:", "16 characters at most")


@SerialParameter.of(11)
class ModemEscapeSequence(SerialParameter):
    """What brings a modem back to commands during a call."""

    text: bytes = at("1:", "5 characters at most; default '+++'")


@SerialParameter.of(12)
class ModemHangUpSequence(SerialParameter):
    """The command that hangs up."""

    text: bytes = at("1:", "8 characters at most; default 'ATH'")


@SerialParameter.of(13)
class ModemDialCommand(SerialParameter):
    """What stands before a number that is dialled."""

    text: bytes = at("1:", "8 characters at most; default 'ATD'")


@SerialParameter.of(14)
class PageBlackoutInterval(SerialParameter):
    """How long there are no more pages after one."""

    minutes: int = at("1", "0 = none")


@SerialParameter.of(16)
class NumberOfAlertDestinations(SerialParameter):
    """How many alert destinations are stored; destination 0 is not counted."""

    read_only = True

    count: int = at("1[3:0]")


@SerialParameter.of(17)
class DestinationInfo(SerialParameter):
    """What is done at an alert destination, and how persistently."""

    destination: int = at("1[3:0]", "set selector; 0 = volatile")
    acknowledged: bool = at("2[7]", "the alert is sent until acknowledged", default=False)
    kind: DestinationKind = at("2[3:0]")
    timeout: int = at("3", "seconds to wait for the acknowledgement, 0-based", default=4)
    alert_retries: int = at("4[6:4]", "once connected", default=0)
    call_retries: int = at("4[2:0]", default=0)
    upper: int = at(
        "5[7:4]", "dial string, or of PPP the IP address; the account of a TAP page stands lower", default=0
    )
    lower: int = at("5[3:0]", "TAP or PPP account", default=0)


@SerialParameter.of(18)
class CallRetryInterval(SerialParameter):
    """How long it takes until a number is dialled again."""

    seconds: int = at("1")


@SerialParameter.of(19)
class DestinationCommSettings(SerialParameter):
    """Speed and format of the line while a destination is called."""

    destination: int = at("1[3:0]", "set selector")
    flow_control: FlowControl = at("2[7:6]", default=FlowControl.NONE)
    two_stop_bits: bool = at("2[4]", default=False)
    seven_bits: bool = at("2[3]", default=False)
    parity: Parity = at("2[2:0]", default=Parity.NONE)
    bit_rate: LineRate = at("3[3:0]")


@SerialParameter.of(20)
class NumberOfDialStrings(SerialParameter):
    """How many dial strings are stored; string 0 is not counted."""

    read_only = True

    count: int = at("1[3:0]")


@SerialParameter.of(21)
class DestinationDialString(SerialParameter):
    """What is dialled; blocks of 16 characters, ended by a NUL."""

    set_selector: int = at("1[3:0]", "dial string; 0 = volatile")
    block_selector: int = at("2", "counted from 1")
    text: bytes = at("3:", "16 characters at most")


@SerialParameter.of(22)
class NumberOfDestinationIpAddresses(SerialParameter):
    """How many alert destination IP addresses are stored; address 0 is not counted."""

    read_only = True

    count: int = at("1[3:0]")


@SerialParameter.of(23)
class DestinationIpAddress(SerialParameter):
    """Where an alert over PPP goes."""

    set_selector: int = at("1[3:0]", "address; 0 = volatile")
    address: IPv4Address = at("2:5")


@SerialParameter.of(24)
class NumberOfTapAccounts(SerialParameter):
    """How many accounts with paging services are stored; account 0 is not counted."""

    read_only = True

    count: int = at("1[3:0]")


@SerialParameter.of(25)
class TapAccount(SerialParameter):
    """An account with a paging service: its number, and how it is spoken to."""

    set_selector: int = at("1", "account; 0 = volatile")
    dial_string: int = at("2[7:4]", "of parameter 21")
    service: int = at("2[3:0]", "settings of parameter 28")


@SerialParameter.of(26)
class TapPassword(SerialParameter):
    """The password of an account with a paging service."""

    write_only = True

    set_selector: int = at("1", "account")
    password: bytes = at("2:", "6 characters at most", secret=True)


@SerialParameter.of(27)
class TapPagerId(SerialParameter):
    """The number of the pager."""

    set_selector: int = at("1", "account")
    text: bytes = at("2:", "16 characters at most")


@SerialParameter.of(28)
class TapServiceSettings(SerialParameter):
    """How a paging service is spoken to; times and retries are those of TAP v1.8."""

    set_selector: int = at("1[3:0]", "settings; 0 = volatile")
    confirmation: TapConfirmation = at("2[1:0]")
    service_type: bytes = at("3:5", "such as 'PG1'", default=b"PG1")
    escaped: int = at("6:9", "control characters that are sent as SUB and a letter, bit n = character n")
    t2: int = at("10[7:4]", "of 500 ms, 0-based")
    t1: int = at("10[3:0]", "seconds, 0-based")
    t4: int = at("11[7:4]", "seconds, 0-based")
    t3: int = at("11[3:0]", "of 2 s, 0-based")
    t6: int = at("12[7:4]", "seconds, 0-based")
    t5: int = at("12[3:0]", "of 2 s, 0-based")
    n2: int = at("13[7:4]", "retries")
    n1: int = at("13[3:0]")
    n4: int = at("14[7:4]")
    n3: int = at("14[3:0]")


@SerialParameter.of(49)
class SystemPhoneNumber(SerialParameter):
    """The number under which the system's own modem can be called."""

    block_selector: int = at("1", "16 characters each, counted from 1")
    text: bytes = at("2:", "16 characters at most")
