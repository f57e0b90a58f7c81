"""Callback: who may have the BMC call, and where to (§25.10-25.12, Table 25-4 parameter 5)."""

from __future__ import annotations

from typing import NamedTuple

from baseboard.bmc.blueprint.serial import SerialSpec
from baseboard.bmc.services.home import Home
from baseboard.bmc.services.serial_defaults import DESTINATIONS, UNSPECIFIED
from baseboard.bmc.services.serial_parameters import SerialParameters
from baseboard.codes import Cc
from baseboard.commands.parameters.serial import CallbackKinds, CbcpOptions, ChannelCallbackControl
from baseboard.commands.parameters.serial_dialing import DestinationInfo, DestinationKind
from baseboard.errors import CompletionError

CALLBACKS = (DestinationKind.BASIC_CALLBACK, DestinationKind.PPP_CALLBACK)

_SECTION = "serial callback"
_FIRST_USER = 2


class CallbackOptions(NamedTuple):
    """How one user may be called back (Table 25-17, bytes 3:7).

    Attributes:
        kinds: in which ways.
        cbcp: what may be agreed on by CBCP.
        destinations: selectors of up to three destinations; FFh = unspecified.
    """

    kinds: CallbackKinds = CallbackKinds(0)
    cbcp: CbcpOptions = CbcpOptions(0)
    destinations: tuple[int, int, int] = (UNSPECIFIED, UNSPECIFIED, UNSPECIFIED)


class Callbacks:
    """The callback settings of a BMC's serial channel."""

    __slots__ = ("_home", "_parameters", "_users")

    def __init__(self, home: Home, spec: SerialSpec, parameters: SerialParameters) -> None:
        self._home, self._parameters = home, parameters
        self._users: dict[int, CallbackOptions] = {}
        for user_id in {one.user_id for one in spec.callbacks if one.user_id}:
            own = [number for number, one in enumerate(spec.callbacks, 1) if one.user_id == user_id]
            first, second, third = (*own[:3], *[UNSPECIFIED] * 3)[:3]
            self._users[user_id] = CallbackOptions(
                CallbackKinds.IPMI | CallbackKinds.CBCP, CbcpOptions.PRE_SPECIFIED, (first, second, third)
            )
        for user_id, row in home.journal.saved(_SECTION).items():
            kinds, cbcp, first, second, third = row
            self._users[user_id] = CallbackOptions(
                CallbackKinds(kinds), CbcpOptions(cbcp), (first, second, third)
            )

    def options(self, user_id: int) -> CallbackOptions:
        """How a user may be called back; not at all by default.

        Raises:
            CompletionError: CCh, there is no such user, or it is one without a name.
        """
        self._check(user_id)
        return self._users.get(user_id, CallbackOptions())

    def set_options(self, user_id: int, options: CallbackOptions) -> None:
        """Say how a user may be called back.

        Raises:
            CompletionError: CCh, there is no such user or no such destination.
        """
        self._check(user_id)
        for number in options.destinations:
            if number != UNSPECIFIED and number > DESTINATIONS:
                raise CompletionError(Cc.INVALID_DATA, "no such destination")
        self._users[user_id] = options
        row = bytes((options.kinds, options.cbcp, *options.destinations))
        self._home.journal.put(_SECTION, user_id, row)

    def target(self, destination: int, user_id: int) -> DestinationInfo:
        """The destination that a user may have called by the command Callback.

        Args:
            user_id: 0 = a local interface, which may have any called.

        Raises:
            CompletionError: C9h, there is no such destination; CCh, it is none to call back; D5h, callback
                is off on the channel; D4h, not for this user.
        """
        info = self._parameters.destination(destination)
        if info.kind not in CALLBACKS:
            raise CompletionError(Cc.INVALID_DATA, "no destination to call back")
        control = self._parameters.read(ChannelCallbackControl)
        if not control.kinds & CallbackKinds.IPMI:
            raise CompletionError(Cc.NOT_SUPPORTED_IN_STATE, "callback is off")
        if user_id:
            own = self._users.get(user_id, CallbackOptions())
            allowed = {
                *own.destinations,
                control.destination_1,
                control.destination_2,
                control.destination_3,
            }
            if not own.kinds & CallbackKinds.IPMI or destination not in allowed - {UNSPECIFIED}:
                raise CompletionError(Cc.INSUFFICIENT_PRIVILEGE)
        return info

    def cbcp_numbers(self, user_id: int) -> tuple[CbcpOptions, list[str]]:
        """What a user may agree on by CBCP: the options of channel and user together, and the numbers."""
        control = self._parameters.read(ChannelCallbackControl)
        own = self._users.get(user_id, CallbackOptions())
        if not (control.kinds & own.kinds & CallbackKinds.CBCP):
            return CbcpOptions(0), []
        numbers = [
            self.number(self._parameters.destination(one)).decode("latin-1")
            for one in own.destinations
            if one != UNSPECIFIED
        ]
        return control.cbcp & own.cbcp, numbers

    def number(self, info: DestinationInfo) -> bytes:
        """What is dialled to reach a destination."""
        selector = info.upper
        if info.kind in (DestinationKind.PPP_CALLBACK, DestinationKind.PPP_ALERT):
            from baseboard.commands.parameters.serial_ppp import PppAccountDialString

            selector = self._parameters.read(PppAccountDialString, info.lower).dial_string
        return self._parameters.text(21, selector)

    def _check(self, user_id: int) -> None:
        if not _FIRST_USER <= user_id <= self._home.blueprint.max_users:
            raise CompletionError(Cc.INVALID_DATA, "no such user ID")
