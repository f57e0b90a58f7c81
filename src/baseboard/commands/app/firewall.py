"""Firmware firewall and command discovery: which commands there are, and which are switched off (§21).

Beware of the masks: those of *support* have a 0 for what is available, all others a 1 for what they name.
`members` and `mask` turn them into numbers and back.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Self

from baseboard.codes import NetFn, Privilege
from baseboard.commands.declaration import CompletionCode, Request, Response, command
from baseboard.errors import EncodeError
from baseboard.wire import OpenEnum, at

COMMANDS: Final = 128
"""Commands that one mask is about, in 16 bytes."""

SUB_FUNCTIONS: Final = 32
"""Sub-functions that one mask is about, in 4 bytes."""

_BODY = "defining body of NetFn 2Ch (1 byte), or IANA number of NetFn 2Eh (3); absent for all others"
_NUMBERS: Final = "the numbers of sub-functions (Appendix H)"
_HALVES: Final = (4, 8)  # bytes of the masks of sub-functions: 0-31, or 0-63


class LunSupport(OpenEnum):
    """What is behind a LUN (Table 21-2)."""

    NONE = 0
    BASE = 1
    EXTENDED = 2


class CommandRange(OpenEnum):
    """The half of a network function's commands that a mask is about (Table 21-3, byte 2)."""

    FROM_00H = 0
    FROM_80H = 1


def members(mask: bytes, *, first: int = 0, inverted: bool = False) -> frozenset[int]:
    """Give the numbers that a mask names: bit b of byte k is number ``8k + b``.

    Args:
        mask: as it stands in the message.
        first: number of its bit 0, such as 128 for commands from 80h on.
        inverted: it names by 0 bits, as those of the support commands do.
    """
    return frozenset(
        first + 8 * place + bit
        for place, byte in enumerate(mask)
        for bit in range(8)
        if bool(byte >> bit & 1) != inverted
    )


def mask(numbers: Iterable[int], bits: int, *, first: int = 0, inverted: bool = False) -> bytes:
    """Make a mask of numbers.

    Args:
        numbers: what it is to name; those that lie outside of it are left out.
        bits: its length, a multiple of 8.
        first: number of its bit 0.
        inverted: name by 0 bits, as the support commands do.
    """
    value = sum(1 << number - first for number in set(numbers) if 0 <= number - first < bits)
    if inverted:
        value ^= (1 << bits) - 1
    return value.to_bytes(bits // 8, "little")


class GetNetfnSupportResponse(Response):
    """Which pairs of network functions each LUN has; bit n = NetFn 2n and 2n + 1 (Table 21-2)."""

    lun_3: LunSupport = at("2[7:6]")
    lun_2: LunSupport = at("2[5:4]")
    lun_1: LunSupport = at("2[3:2]")
    lun_0: LunSupport = at("2[1:0]")
    lun_0_pairs: bytes = at("3:6", "1 = pair is used")
    lun_1_pairs: bytes = at("7:10", "1 = pair is used")
    lun_2_pairs: bytes = at("11:14", "1 = pair is used")
    lun_3_pairs: bytes = at("15:18", "1 = pair is used")


@command(NetFn.APP, 0x09, section="21.2", privilege=Privilege.USER)
class GetNetfnSupport(Request[GetNetfnSupportResponse]):
    """Ask which network functions there are on a channel."""

    channel: int = at("1[3:0]", "Eh = the channel this request came in on", default=0xE)


class GetCommandSupportResponse(Response):
    """Which commands there are (Table 21-3)."""

    unavailable: bytes = at("2:17", "a bit per command: 0 = available, 1 = not available")


@command(NetFn.APP, 0x0A, section="21.3", privilege=Privilege.USER)
class GetCommandSupport(Request[GetCommandSupportResponse]):
    """Ask which commands a network function has on a channel."""

    channel: int = at("1[3:0]", default=0xE)
    commands: CommandRange = at("2[7:6]", default=CommandRange.FROM_00H)
    netfn: NetFn = at("2[5:0]", "that of the request or of the response")
    lun: int = at("3[1:0]", default=0)
    body: bytes = at("4:", _BODY, default=b"")


class GetCommandSubFunctionSupportResponse(Response):
    """Which parts a command has, and what numbers them (Table 21-4)."""

    specification: int = at("2", "[7:4] 0 IPMI, 1 IPMB, 2 ICMB, [3:0] errata; NetFn 2Ch, 2Eh: errata alone")
    version: int = at("3", "of that specification, as in Get Device ID: 02h = 2.0, 51h = 1.5")
    revision: int = at("4", "of that specification: 10h = revision 1.0")
    unavailable: bytes = at("5:8", "sub-functions 0-31: 0 = available, 1 = not available")
    unavailable_above: bytes | None = at("9:12", "sub-functions 32-63, where there are such", default=None)


@command(
    NetFn.APP, 0x0B, section="21.4", privilege=Privilege.USER, name="Get Command Sub-function Support",
    unverified=_NUMBERS,
)  # fmt: skip
class GetCommandSubFunctionSupport(Request[GetCommandSubFunctionSupportResponse]):
    """Ask which parts of a command there are on a channel."""

    channel: int = at("1[3:0]", default=0xE)
    netfn: NetFn = at("2[5:0]")
    lun: int = at("3[1:0]", default=0)
    command_number: int = at("4")
    body: bytes = at("5:", _BODY, default=b"")


class GetConfigurableCommandsResponse(Response):
    """Which commands can be switched (Table 21-5)."""

    configurable: bytes = at("2:17", "a bit per command: 1 = Set Command Enables can switch it")


@command(NetFn.APP, 0x0C, section="21.5", privilege=Privilege.USER)
class GetConfigurableCommands(Request[GetConfigurableCommandsResponse]):
    """Ask which commands can be switched on a channel."""

    channel: int = at("1[3:0]", default=0xE)
    commands: CommandRange = at("2[7:6]", default=CommandRange.FROM_00H)
    netfn: NetFn = at("2[5:0]")
    lun: int = at("3[1:0]", default=0)
    body: bytes = at("4:", _BODY, default=b"")


class GetConfigurableCommandSubFunctionsResponse(Response):
    """Which parts of a command can be switched (Table 21-6)."""

    configurable: bytes = at("2:5", "sub-functions 0-31: 1 = can be switched")
    configurable_above: bytes | None = at("6:9", "sub-functions 32-63, where there are such", default=None)


@command(
    NetFn.APP, 0x0D, section="21.6", privilege=Privilege.USER, name="Get Configurable Command Sub-functions",
    unverified=_NUMBERS,
)  # fmt: skip
class GetConfigurableCommandSubFunctions(Request[GetConfigurableCommandSubFunctionsResponse]):
    """Ask which parts of a command can be switched on a channel."""

    channel: int = at("1[3:0]", default=0xE)
    netfn: NetFn = at("2[5:0]")
    lun: int = at("3[1:0]", default=0)
    command_number: int = at("4")
    body: bytes = at("5:", _BODY, default=b"")


class SetCommandEnablesResponse(Response):
    """The commands are switched (Table 21-7)."""


@command(
    NetFn.APP, 0x60, section="21.7", privilege=Privilege.ADMINISTRATOR,
    unverified="which commands can never be switched off, and that the settings are non-volatile (§18)",
)  # fmt: skip
class SetCommandEnables(Request[SetCommandEnablesResponse]):
    """Switch a network function's commands on a channel; a disabled one answers D4h."""

    NOT_CONFIGURABLE = CompletionCode(0x80, "attempt to enable an unsupported or un-configurable command")

    channel: int = at("1[3:0]", default=0xE)
    commands: CommandRange = at("2[7:6]", default=CommandRange.FROM_00H)
    netfn: NetFn = at("2[5:0]")
    lun: int = at("3[1:0]", default=0)
    enabled: bytes = at("4:19", "a bit per command: 1 = enable, 0 = disable; all of the half is replaced")
    body: bytes = at("20:", f"here it follows the mask: {_BODY}", default=b"")


class GetCommandEnablesResponse(Response):
    """Which commands are on (Table 21-8)."""

    enabled: bytes = at("2:17", "a bit per command: 1 = enabled, 0 = disabled or not supported")


@command(NetFn.APP, 0x61, section="21.8", privilege=Privilege.USER)
class GetCommandEnables(Request[GetCommandEnablesResponse]):
    """Ask which of a network function's commands are on."""

    channel: int = at("1[3:0]", default=0xE)
    commands: CommandRange = at("2[7:6]", default=CommandRange.FROM_00H)
    netfn: NetFn = at("2[5:0]")
    lun: int = at("3[1:0]", default=0)
    body: bytes = at("4:", _BODY, default=b"")


class SetCommandSubFunctionEnablesResponse(Response):
    """The parts are switched (Table 21-9)."""


@command(
    NetFn.APP, 0x62, section="21.9", privilege=Privilege.ADMINISTRATOR,
    name="Set Command Sub-function Enables", unverified=_NUMBERS,
)  # fmt: skip
class SetCommandSubFunctionEnables(Request[SetCommandSubFunctionEnablesResponse]):
    """Switch parts of a command on a channel; a disabled part answers D6h."""

    NOT_CONFIGURABLE = CompletionCode(
        0x80, "attempt to enable an unsupported or un-configurable sub-function"
    )

    channel: int = at("1[3:0]", default=0xE)
    netfn: NetFn = at("2[5:0]")
    lun: int = at("3[1:0]", default=0)
    command_number: int = at("4")
    # The body comes before the masks here, so that only their number tells where they begin.
    body_and_enabled: bytes = at("5:", f"{_BODY}; then 4 or 8 bytes: 1 = enable, 0 = disable")

    @property
    def body(self) -> bytes:
        """Defining body or IANA number; empty if there is none."""
        return self.body_and_enabled[: len(self.body_and_enabled) % 4]

    @property
    def enabled(self) -> bytes:
        """The mask: 4 bytes, or 8 where there are sub-functions from 32 on."""
        return self.body_and_enabled[len(self.body_and_enabled) % 4 :]

    @classmethod
    def of_parts(
        cls,
        *,
        channel: int = 0xE,
        netfn: NetFn,
        lun: int = 0,
        command_number: int,
        enabled: bytes,
        body: bytes = b"",
    ) -> Self:
        """Make it of its parts, with the mask apart from the body.

        Raises:
            EncodeError: the mask has not 4 or 8 bytes, or the body more than 3.
        """
        if len(enabled) not in _HALVES or len(body) >= _HALVES[0]:
            raise EncodeError(f"{cls.__name__}: a mask of {len(enabled)} bytes, a body of {len(body)}")
        return cls(
            channel=channel,
            netfn=netfn,
            lun=lun,
            command_number=command_number,
            body_and_enabled=body + enabled,
        )


class GetCommandSubFunctionEnablesResponse(Response):
    """Which parts of a command are on (Table 21-10)."""

    enabled: bytes = at("2:5", "sub-functions 0-31: 1 = enabled, 0 = disabled or not supported")
    enabled_above: bytes | None = at("6:9", "sub-functions 32-63, where there are such", default=None)


@command(
    NetFn.APP, 0x63, section="21.10", privilege=Privilege.USER, name="Get Command Sub-function Enables",
    unverified=_NUMBERS,
)  # fmt: skip
class GetCommandSubFunctionEnables(Request[GetCommandSubFunctionEnablesResponse]):
    """Ask which parts of a command are on."""

    NOT_CONFIGURABLE = CompletionCode(0x80, "unsupported or un-configurable sub-function")

    channel: int = at("1[3:0]", default=0xE)
    netfn: NetFn = at("2[5:0]")
    lun: int = at("3[1:0]", default=0)
    command_number: int = at("4")
    body: bytes = at("5:", _BODY, default=b"")


class GetOemNetfnIanaSupportResponse(Response):
    """Whose an OEM or group network function is: one entry of a list (Table 21-11)."""

    last: bool = at("2[7]", "no entry follows")
    lun_3: LunSupport = at("3[7:6]", default=LunSupport.NONE)
    lun_2: LunSupport = at("3[5:4]", default=LunSupport.NONE)
    lun_1: LunSupport = at("3[3:2]", default=LunSupport.NONE)
    lun_0: LunSupport = at("3[1:0]", default=LunSupport.NONE)
    body: bytes = at("4:", "defining body of NetFn 2Ch; IANA number of 2Eh and 30h-3Fh", default=b"")


@command(NetFn.APP, 0x64, section="21.11", privilege=Privilege.USER, name="Get OEM NetFn IANA Support")
class GetOemNetfnIanaSupport(Request[GetOemNetfnIanaSupportResponse]):
    """Ask whose an OEM or group network function is, an entry at a time."""

    channel: int = at("1[3:0]", default=0xE)
    netfn: NetFn = at("2[5:0]", "2Ch, 2Eh, or 30h-3Fh")
    list_index: int = at("3[5:0]", "from 0", default=0)
