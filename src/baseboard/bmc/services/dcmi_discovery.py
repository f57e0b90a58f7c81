"""How a BMC makes itself known by DHCP: what it says of itself, and when it asks (DCMI 1.5, 3, 6.1.2).

Only a channel whose address comes from DHCP (LAN parameter 4) asks. Who carries the messages listens to
``on_message``, and says by ``answered`` that a server has the answer; without one the asking goes on.
"""

from __future__ import annotations

import struct
from collections.abc import Callable

from baseboard.bmc.clock import Timer
from baseboard.bmc.services.home import Home
from baseboard.bmc.services.parameters import NOT_SUPPORTED
from baseboard.codes import Manufacturer
from baseboard.commands.parameters.dcmi import (
    ActivateDhcp,
    ContactTimeout,
    DcmiParameter,
    DiscoveryConfiguration,
    InitialTimeout,
    RetryInterval,
)
from baseboard.errors import CompletionError
from baseboard.wire import Unknown

HOST_NAME, VENDOR_SPECIFIC, VENDOR_CLASS = 12, 43, 60
"""DHCP options (RFC 2132)."""

CLASS = b"DCMI36465:1.5"
LONGEST_BACK_OFF_S = 10
_SECTION = "dcmi configuration"
_LONGEST_WAIT_S = 64.0
_FIXED = struct.Struct(">BBBBIHHIIII16s192xI")
_REQUEST, _ETHERNET, _MAC_SIZE, _COOKIE = 1, 1, 6, 0x63825363
_BROADCAST = 0x8000
_MESSAGE_TYPE, _DISCOVER, _END = 53, 1, 0xFF
_TAG_NAME, _TAG_VENDOR, _TAG_VERSION = 1, 2, 3


class Discovery:
    """The configuration parameters, and the asking that they are about.

    Attributes:
        restarts: how often DHCP was begun, by command or by a new name.
        on_message: called with each DHCPDISCOVER message.
    """

    __slots__ = (
        "_home", "_name", "_set", "_timer", "_until", "_wait", "_wanted", "on_message", "restarts",
    )  # fmt: skip

    def __init__(self, home: Home, wanted: Callable[[], bool], name: Callable[[], bytes]) -> None:
        self._home, self._wanted, self._name = home, wanted, name
        self._set = home.journal.saved(_SECTION)
        self._timer: Timer | None = None
        self._until = self._wait = 0.0
        self.restarts = 0
        self.on_message: list[Callable[[bytes], None]] = []

    # the parameters

    def get(self, selector: int) -> bytes:
        """The data of a parameter.

        Raises:
            CompletionError: 80h, there is no such parameter.
        """
        return self._parameter(selector).encode()

    def set(self, parameter: DcmiParameter | Unknown) -> None:
        """Write a parameter.

        Raises:
            CompletionError: 80h, there is no such parameter.
        """
        if isinstance(parameter, ActivateDhcp):
            if parameter.activate:
                self.restart()
        elif isinstance(parameter, Unknown):
            raise CompletionError(NOT_SUPPORTED)
        else:
            self._set[parameter.selector] = parameter.encode()
            self._home.journal.put(_SECTION, parameter.selector, self._set[parameter.selector])

    def _parameter(self, selector: int) -> DcmiParameter:
        kept = self._set.get(selector)
        if kept is not None:
            found = DcmiParameter.parse(selector, kept)
            assert not isinstance(found, Unknown)
            return found
        return _shipped(selector)

    # what it says

    def options(self) -> dict[int, bytes]:
        """The DHCP options by which the BMC tells who it is, as the discovery configuration wants them."""
        wanted = self._parameter(DiscoveryConfiguration.selector)
        assert isinstance(wanted, DiscoveryConfiguration)
        options: dict[int, bytes] = {}
        if wanted.identifier:
            options[HOST_NAME] = self._name()
        if wanted.vendor_class:
            options[VENDOR_CLASS] = CLASS
            options[VENDOR_SPECIFIC] = self._vendor()
        return options

    def _vendor(self) -> bytes:
        identity = self._home.blueprint.identity
        version = f"{identity.firmware_major}.{identity.firmware_minor}".encode()
        return (
            _tagged(_TAG_NAME, Manufacturer.DCMI.name.encode())
            + _tagged(_TAG_VENDOR, identity.manufacturer_id.to_bytes(4, "big"))
            + _tagged(_TAG_VERSION, version)
        )

    def message(self) -> bytes:
        """A DHCPDISCOVER message (RFC 2131) with these options."""
        mac = self._home.blueprint.lan.mac
        number = int.from_bytes(self._home.random(4), "big")
        fixed = _FIXED.pack(
            _REQUEST, _ETHERNET, _MAC_SIZE, 0, number, 0, _BROADCAST, 0, 0, 0, 0, mac, _COOKIE
        )
        options = b"".join(_tagged(code, data) for code, data in sorted(self.options().items()))
        return fixed + _tagged(_MESSAGE_TYPE, bytes((_DISCOVER,))) + options + bytes((_END,))

    # when it asks

    def restart(self) -> None:
        """Begin DHCP anew, if the address comes from there; after a random while if so configured."""
        if not self._wanted():
            return
        self.restarts += 1
        configured = self._parameter(DiscoveryConfiguration.selector)
        assert isinstance(configured, DiscoveryConfiguration)
        drawn = self._home.random(1)[0] % LONGEST_BACK_OFF_S + 1 if configured.random_back_off else 0
        self._after(drawn, self._begin)

    def answered(self) -> None:
        """A server has answered: there is nothing to ask any more."""
        self.stop()

    def stop(self) -> None:
        """End the asking."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _begin(self) -> None:
        """A round: servers are asked until the contact timeout is over."""
        self._until = self._home.clock.now() + self._seconds(ContactTimeout.selector)
        self._wait = float(self._seconds(InitialTimeout.selector))
        self._ask()

    def _ask(self) -> None:
        message = self.message()
        for listener in self.on_message:
            listener(message)
        wait, self._wait = self._wait, min(2 * self._wait, _LONGEST_WAIT_S)
        left = self._until - self._home.clock.now()
        if 0 < wait < left:
            self._after(wait, self._ask)
            return
        retry = self._seconds(RetryInterval.selector)
        if retry:
            self._after(max(left, 0.0) + retry, self._begin)

    def _seconds(self, selector: int) -> int:
        parameter = self._parameter(selector)
        assert isinstance(parameter, InitialTimeout | ContactTimeout | RetryInterval)
        return parameter.seconds

    def _after(self, seconds: float, action: Callable[[], None]) -> None:
        self.stop()
        self._timer = self._home.clock.call_at(self._home.clock.now() + seconds, action)


def _shipped(selector: int) -> DcmiParameter:
    match selector:
        case ActivateDhcp.selector:
            return ActivateDhcp(activate=False)
        case DiscoveryConfiguration.selector:
            return DiscoveryConfiguration(random_back_off=False, vendor_class=True, identifier=True)
        case InitialTimeout.selector:
            return InitialTimeout()
        case ContactTimeout.selector:
            return ContactTimeout()
        case RetryInterval.selector:
            return RetryInterval()
        case _:
            raise CompletionError(NOT_SUPPORTED)


def _tagged(tag: int, data: bytes) -> bytes:
    return bytes((tag, len(data))) + data
