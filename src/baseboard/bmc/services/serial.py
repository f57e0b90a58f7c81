"""The serial channel of a BMC: what its commands work on (§14, §25)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from baseboard.bmc.blueprint.serial import PPP, SerialSpec
from baseboard.bmc.ports import SerialPort
from baseboard.bmc.services.channels import Channels
from baseboard.bmc.services.home import Home
from baseboard.bmc.services.serial_callback import Callbacks
from baseboard.bmc.services.serial_defaults import ASSOCIATIONS
from baseboard.bmc.services.serial_mux import BY_BMC, make_mux
from baseboard.bmc.services.serial_parameters import SerialParameters
from baseboard.bmc.services.serial_proxy import UdpProxy
from baseboard.bmc.services.sol import FIRST, Sol
from baseboard.codes import Cc, ChannelProtocol
from baseboard.commands.app.sessions import SerialActivity
from baseboard.commands.parameters.serial import MessagingCommSettings
from baseboard.commands.parameters.serial_dialing import DestinationInfo
from baseboard.errors import CompletionError

TAP_CODES = 5
"""Response codes of a paging service that are remembered (§25.4)."""

_NO_CODE = b"000"
_SECTION = "serial routing"
_SINGLE_SESSION, _MULTI_SESSION, _SESSION_BASED = 1, 2, 3
"""Kinds of channels (Table 22-30)."""

OemText = Callable[[str], str]
"""Answers a ``SYS`` command of a manufacturer's own; raises CompletionError."""


class SerialLink(Protocol):
    """What the endpoint of the channel does for the commands."""

    @property
    def ready(self) -> bool:
        """Whether there is a modem, and it can dial now."""
        ...

    def acknowledged(self) -> None:
        """The console has noted that the line goes to the system."""
        ...

    def call_back(self, destination: int, info: DestinationInfo) -> None:
        """Hang up, if need be, and call a destination."""
        ...


class Serial:
    """The serial channel's state.

    Attributes:
        spec: as shipped.
        parameters: the serial/modem parameters.
        mux: who has the line.
        callbacks: who may be called back.
        proxy: the PPP UDP proxy.
        link: the endpoint; None = the channel has no connector.
        protocol: of what is spoken now, as Get Channel Info tells.
        activity: what the line is used for, as Get Session Info tells.
        destination: selector of the destination that was called; 0 = none.
        tap_codes: response codes of the paging service called last, the newest first.
        oem_texts: ``SYS`` commands of manufacturers, by IANA enterprise number.
        packets: a PPP link is up, and sessions are those of RMCP inside it.
    """

    __slots__ = (
        "_home", "activity", "callbacks", "destination", "link", "mux", "oem_texts", "packets", "parameters",
        "protocol", "proxy", "spec", "tap_codes",
    )  # fmt: skip

    def __init__(self, home: Home, spec: SerialSpec, channels: Channels) -> None:
        self._home = home
        self.spec = spec
        self.parameters = SerialParameters(home, spec)
        self.mux = make_mux(home.backend.serial, self.parameters, lambda: channels.access(spec.channel).mode)
        self.callbacks = Callbacks(home, spec, self.parameters)
        self.proxy = UdpProxy()
        self.link: SerialLink | None = None
        self.protocol = ChannelProtocol.IPMB
        self.activity = SerialActivity.MESSAGING
        self.destination = 0
        self.packets = False
        self.tap_codes: list[bytes] = []
        self.oem_texts: dict[int, OemText] = {}
        self.mux.routing = home.journal.saved(_SECTION).get(0, bytes((BY_BMC,)))[0]
        self.parameters.on_change.append(self._changed)

    @property
    def session_support(self) -> int:
        """One session, or with PPP several; which of both, where that depends on what the console speaks."""
        modes = self.parameters.wanted_modes
        if not modes & PPP:
            return _SINGLE_SESSION
        return _MULTI_SESSION if modes == PPP else _SESSION_BASED

    def share_with(self, sol: Sol) -> None:
        """Stand between SOL and the host's first serial port, and tell SOL the speed of the line (§15.3)."""
        others = sol.ports
        mux = None if self._home.backend.serial is None else self.mux

        def ports(instance: int) -> SerialPort | None:
            return mux if instance == FIRST else others(instance)

        sol.ports = ports
        sol.parameters.serial_rate = lambda: (
            self.parameters.read(MessagingCommSettings).bit_rate.bits_per_second
        )

    def start(self) -> None:
        """The BMC is up."""
        power = self._home.backend.power
        self.mux.started(on=power is not None and power.is_on())

    def restarted(self, *, by_command: bool) -> None:
        """The system was reset, or its power went."""
        self.parameters.settle()
        self.mux.restarted(by_command=by_command)

    def page_began(self) -> None:
        """A paging service is called: what the last one said is forgotten (§25.4)."""
        self.tap_codes.clear()

    def page_answered(self, code: bytes) -> None:
        """A paging service sent a response code of three digits."""
        self.tap_codes = [code, *self.tap_codes][:TAP_CODES]

    def last_codes(self) -> list[bytes]:
        """The five response codes, the newest first."""
        return [*self.tap_codes, *[_NO_CODE] * TAP_CODES][:TAP_CODES]

    def route(self, entry: int) -> None:
        """Have another entry of parameter 51 hold; that is kept.

        Raises:
            CompletionError: C9h, there is no such entry; D5h, the system has no serial port to route to.
        """
        if entry >= ASSOCIATIONS:
            raise CompletionError(Cc.PARAMETER_OUT_OF_RANGE)
        if entry != BY_BMC and self._home.backend.serial is None:
            raise CompletionError(Cc.NOT_SUPPORTED_IN_STATE)
        if entry != self.mux.routing:
            self._home.journal.put(_SECTION, 0, bytes((entry,)))
            self.mux.route(entry)

    def _changed(self, selector: int) -> None:
        if selector == _MUX_CONTROL:
            self.mux.settings_changed()


_MUX_CONTROL = 8
