"""Serial/modem configuration parameters: what a channel's settings are and who may change them (§25)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeVar

from baseboard.bmc.blueprint.serial import BASIC, PPP, TERMINAL, SerialSpec
from baseboard.bmc.services.home import Home
from baseboard.bmc.services.parameters import NOT_SUPPORTED, READ_ONLY, Progress
from baseboard.bmc.services.serial_defaults import (
    BLOCKS,
    DESTINATIONS,
    DIAL_STRINGS,
    ROOM,
    SETS,
    SUPPORTED_TYPES,
    TAP_ACCOUNTS,
    UNSPECIFIED,
    default_parameter,
)
from baseboard.codes import Cc, Privilege
from baseboard.commands.parameters import serial as p
from baseboard.commands.parameters import serial_dialing as d
from baseboard.commands.parameters import serial_ppp as ppp
from baseboard.errors import CompletionError

WRITE_ONLY: Final = 0x83
TERMINAL_MODE: Final = 29

_SECTION: Final = "serial"
_VOLATILE_SETS: Final = frozenset({17, 19, 21, 23, 25, 28, *range(38, 45)})
"""Of these set 0 is for Alert Immediate, and forgotten."""

P = TypeVar("P", bound=p.SerialParameter)


class SerialParameters:
    """The serial/modem parameters of the BMC's serial channel; only what was changed is kept per BMC.

    Attributes:
        modes: which connection modes the BMC has, as the bits of parameter 3.
        on_change: each is called with the selector of a parameter that was changed.
    """

    __slots__ = ("_changed", "_home", "_progress", "_spec", "_terminal", "modes", "on_change")

    def __init__(self, home: Home, spec: SerialSpec) -> None:
        self._home, self._spec = home, spec
        self._changed = home.journal.saved(_SECTION)
        self._progress = Progress()
        self.modes = BASIC | PPP | TERMINAL
        self.on_change: list[Callable[[int], None]] = []
        self._terminal: p.TerminalModeConfiguration | None = None

    # ---- as the commands have them

    def get(self, selector: int, set_selector: int = 0, block: int = 0) -> bytes:
        """A parameter's data, its selectors repeated.

        Raises:
            CompletionError: 80h, there is no such parameter; 83h, it is write-only; C9h, no such set.
        """
        kind = p.SerialParameter.members().get(selector)
        if kind is not None and kind.write_only:
            raise CompletionError(WRITE_ONLY)
        if selector == TERMINAL_MODE:
            return self.terminal.encode()
        return self._data(selector, set_selector, block)

    def set(self, parameter: p.SerialParameter) -> None:
        """Change a parameter.

        Raises:
            CompletionError: 80h, 81h or 82h of the command; C7h, C9h or CCh for values that cannot be.
        """
        if isinstance(parameter, p.SetInProgress):
            self._progress.set(parameter.state)
            return
        selector, data = parameter.selector, parameter.encode()
        set_selector, block, head = _place(selector, data)
        self._check_place(selector, set_selector, block)
        if parameter.read_only:
            raise CompletionError(READ_ONLY)
        if selector in ROOM:
            if len(data) - head > ROOM[selector]:
                raise CompletionError(Cc.INVALID_LENGTH)
            data = data.ljust(head + ROOM[selector], b"\0")
        self._check(parameter)
        if isinstance(parameter, p.TerminalModeConfiguration):
            self._set_terminal(parameter)
        else:
            self._keep(_key(selector, set_selector, block), data)
        for listener in self.on_change:
            listener(selector)

    def check_known(self, selector: int) -> None:
        """Refuse a parameter that there is not.

        Raises:
            CompletionError: 80h.
        """
        if selector not in p.SerialParameter.members():
            raise CompletionError(NOT_SUPPORTED)

    def settle(self) -> None:
        """System reset or power-down: a claim to be setting parameters ends."""
        self._progress.settle()

    # ---- as the channel needs them

    def read(self, kind: type[P], set_selector: int = 0) -> P:
        """A parameter by its class; what may only be written is read here too."""
        return kind.decode(self._data(kind.selector, set_selector, 1 if kind.selector in BLOCKS else 0))

    def text(self, selector: int, set_selector: int = 0) -> bytes:
        """A string, put together of its blocks, up to its first NUL."""
        blocks = range(1, BLOCKS[selector] + 1) if selector in BLOCKS else (0,)
        data = [self._data(selector, set_selector, block) for block in blocks]
        head = (selector in SETS) + (selector in BLOCKS)
        return b"".join(piece[head:] for piece in data).partition(b"\0")[0]

    @property
    def terminal(self) -> p.TerminalModeConfiguration:
        """How Terminal Mode behaves now."""
        return self._terminal or self.stored_terminal

    @property
    def stored_terminal(self) -> p.TerminalModeConfiguration:
        """How it will after the BMC starts anew."""
        return p.TerminalModeConfiguration.decode(self._data(TERMINAL_MODE, 0, 0))

    @property
    def wanted_modes(self) -> int:
        """Connection modes that are on, as bits."""
        return self._data(3, 0, 0)[0] & self.modes

    def auth_types(self, privilege: int) -> int:
        """Authentication types enabled for sessions of that level, as a bit mask."""
        return self._data(2, 0, 0)[privilege - 1] if Privilege.CALLBACK <= privilege <= Privilege.OEM else 0

    @property
    def mux(self) -> p.MuxSwitchControl:
        """Parameter 8."""
        return self.read(p.MuxSwitchControl)

    @property
    def direct(self) -> bool:
        """There is no modem."""
        return self.read(p.ConnectionMode).direct

    def destination(self, number: int) -> d.DestinationInfo:
        """An alert destination.

        Raises:
            CompletionError: C9h, there is none of that number.
        """
        if number > DESTINATIONS:
            raise CompletionError(Cc.PARAMETER_OUT_OF_RANGE)
        return self.read(d.DestinationInfo, number)

    # ---- inside

    def _data(self, selector: int, set_selector: int, block: int) -> bytes:
        if selector == 0:
            return bytes((self._progress.state,))
        if selector in BLOCKS and selector not in SETS:
            # QUIRK Table 25-4: the block of parameters 10 and 49 is called a set selector in one place.
            set_selector, block = 0, block or set_selector
        elif selector not in SETS:
            set_selector = 0
        self._check_place(selector, set_selector, block)
        changed = self._changed.get(_key(selector, set_selector, block if selector in BLOCKS else 0))
        if changed is not None:
            return changed
        parameter = default_parameter(selector, set_selector, block, self._spec)
        if parameter is None:
            raise CompletionError(NOT_SUPPORTED)
        return parameter.encode()

    @staticmethod
    def _check_place(selector: int, set_selector: int, block: int) -> None:
        if selector in SETS and set_selector >= SETS[selector]:
            raise CompletionError(Cc.PARAMETER_OUT_OF_RANGE)
        if selector in BLOCKS and not 1 <= block <= BLOCKS[selector]:
            raise CompletionError(Cc.PARAMETER_OUT_OF_RANGE)

    def _keep(self, key: int, data: bytes) -> None:
        self._changed[key] = data
        selector, set_selector = key >> 16, key >> 8 & 0xFF
        if not (selector in _VOLATILE_SETS and set_selector == 0):
            self._home.journal.put(_SECTION, key, data)

    def _set_terminal(self, wanted: p.TerminalModeConfiguration) -> None:
        """§25.2: byte 1 says which copy is written, or that the stored one holds again."""
        plain = wanted.replace(operation=p.TerminalOperation.SET_VOLATILE)
        match wanted.operation:
            case p.TerminalOperation.SET_VOLATILE:
                self._terminal = plain
            case p.TerminalOperation.SET_NON_VOLATILE:
                self._terminal = self.terminal  # what holds now goes on to hold
                self._keep(_key(TERMINAL_MODE, 0, 0), plain.encode())
            case _:
                self._terminal = None

    def _check(self, parameter: p.SerialParameter) -> None:
        """Refuse what the channel cannot do, and what Table 25-4 reserves."""
        if isinstance(parameter, p.MessagingCommSettings | d.DestinationCommSettings) and (
            not parameter.bit_rate.known
        ):
            raise CompletionError(Cc.PARAMETER_OUT_OF_RANGE)
        if not self._possible(parameter):
            raise CompletionError(Cc.INVALID_DATA)

    def _possible(self, parameter: p.SerialParameter) -> bool:
        match parameter:
            case p.AuthenticationTypeEnables():
                return not any(enabled & ~SUPPORTED_TYPES for enabled in parameter.encode())
            case p.ConnectionMode():
                return not parameter.encode()[0] & 0x07 & ~self.modes
            case p.MuxSwitchControl(sharing=sharing):
                return not sharing or self._home.backend.serial is not None
            case p.ChannelCallbackControl():
                return all(_is_destination(number) for number in parameter.encode()[2:])
            case d.DestinationInfo():
                return parameter.kind.known and _referred(parameter)
            case d.TapAccount(dial_string=dial, service=service):
                return dial <= DIAL_STRINGS and service <= TAP_ACCOUNTS
            case ppp.PppAccountDialString(dial_string=dial):
                return dial <= DIAL_STRINGS
            case ppp.PppLinkAuthentication() | ppp.PppAccountAuthentication():
                # MS-CHAP needs MD4 and DES, and protects nothing; the BMC has CHAP with MD5, and PAP.
                return parameter.protocol in _PROOFS
            case p.TerminalModeConfiguration(operation=p.TerminalOperation.RESTORE_VOLATILE):
                return True
            case _:
                return _codes_known(parameter)


def _codes_known(parameter: p.SerialParameter) -> bool:
    names: tuple[str, ...] = parameter.__match_args__
    values = (getattr(parameter, name) for name in names)
    return all(value.known for value in values if isinstance(value, _CODES))


_CODES = (
    p.FlowControl, p.TerminalOperation, p.DeleteStyle, p.OutputNewline, p.InputNewline, d.Parity,
    d.TapConfirmation, ppp.SnoopControl, ppp.Negotiation, ppp.IpNegotiation, ppp.LinkAuthentication,
)  # fmt: skip


_PROOFS = (ppp.LinkAuthentication.NONE, ppp.LinkAuthentication.CHAP, ppp.LinkAuthentication.PAP)


def _is_destination(number: int) -> bool:
    return number == UNSPECIFIED or number <= DESTINATIONS


def _referred(info: d.DestinationInfo) -> bool:
    """Whether a destination refers to what there is."""
    match info.kind:
        case d.DestinationKind.DIAL_PAGE | d.DestinationKind.BASIC_CALLBACK:
            return info.upper <= DIAL_STRINGS
        case d.DestinationKind.TAP_PAGE:
            return info.lower <= TAP_ACCOUNTS
        case _:
            return True


def _place(selector: int, data: bytes) -> tuple[int, int, int]:
    """Set selector, block, and how many bytes they take at the beginning of the data."""
    has_set, has_block = selector in SETS, selector in BLOCKS
    head = has_set + has_block
    return data[0] if has_set else 0, data[head - 1] if has_block else 0, head


def _key(selector: int, set_selector: int, block: int) -> int:
    return selector << 16 | set_selector << 8 | block
