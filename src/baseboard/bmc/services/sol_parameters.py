"""The configuration parameters of Serial over LAN (Table 26-5)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from baseboard.bmc.services.home import Home
from baseboard.bmc.services.parameters import NOT_SUPPORTED, READ_ONLY, Progress
from baseboard.codes import Cc, Privilege
from baseboard.commands.parameters import sol as p
from baseboard.errors import CompletionError
from baseboard.rmcp.sol_controller import SolController

PAYLOAD_SIZE: Final = 4 + 255
"""Largest SOL payload either way: header and as many characters as an accepted count can say."""

BITS_PER_SECOND: Final = {
    p.BitRate.BPS_9600: 9600,
    p.BitRate.BPS_19200: 19200,
    p.BitRate.BPS_38400: 38400,
    p.BitRate.BPS_57600: 57600,
    p.BitRate.BPS_115200: 115200,
}

_RATES: Final = {speed: rate for rate, speed in BITS_PER_SECOND.items()}
_INTERVAL_S: Final = 0.005
_RETRY_INTERVAL_S: Final = 0.01
_PRIVILEGES: Final = range(Privilege.USER, Privilege.OEM + 1)
_VOLATILE_RATE: Final = 6
_CHANNEL: Final = 7


class SolParameters:
    """The SOL configuration parameters; all but progress and the volatile bit rate are kept.

    Attributes:
        serial_rate: tells the bit rate of the serial channel, which rate 0h stands for; None = there is none.
    """

    __slots__ = ("_changed", "_home", "_progress", "_volatile_rate", "serial_rate")

    def __init__(self, home: Home) -> None:
        self._home = home
        self._changed: dict[int, bytes] = home.journal.saved("sol")
        self._progress = Progress()
        self._volatile_rate: p.BitRate | None = None
        self.serial_rate: Callable[[], int] | None = None

    def get(self, selector: int) -> bytes:
        """A parameter's data.

        Raises:
            CompletionError: 80h, there is no such parameter.
        """
        return self._parameter(selector).encode()

    def set(self, parameter: p.SolParameter) -> None:
        """Change a parameter.

        Raises:
            CompletionError: 80h to 82h of the command, C9h or CCh for values that cannot be.
        """
        selector = parameter.selector
        match parameter:
            case p.SetInProgress(state=state):
                self._progress.set(state)
                return
            case p.VolatileBitRate(bit_rate=rate):
                self._check_rate(rate)
                self._volatile_rate = rate
                return
            case p.NonVolatileBitRate(bit_rate=rate):
                self._check_rate(rate)
            case p.SolAuthentication(privilege=privilege):
                if privilege not in _PRIVILEGES:
                    raise CompletionError(Cc.INVALID_DATA)
            case p.CharacterAccumulation(interval=interval):
                if interval == 0:
                    raise CompletionError(Cc.INVALID_DATA)
            case p.SolPayloadPort(port=port):
                if not port:
                    raise CompletionError(Cc.PARAMETER_OUT_OF_RANGE)
            case _:
                self._parameter(selector)
                if parameter.read_only:
                    raise CompletionError(READ_ONLY)
        self._changed[selector] = data = parameter.encode()
        self._home.journal.put("sol", selector, data)

    @property
    def enabled(self) -> bool:
        """Whether SOL may be activated."""
        return p.SolEnable.decode(self.get(1)).enabled

    @property
    def authentication(self) -> p.SolAuthentication:
        """What SOL asks of a session."""
        return p.SolAuthentication.decode(self.get(2))

    @property
    def port(self) -> int:
        """The UDP port that SOL uses."""
        return p.SolPayloadPort.decode(self.get(8)).port

    @property
    def bits_per_second(self) -> int:
        """The speed of the host's serial ports now."""
        rate = p.VolatileBitRate.decode(self.get(_VOLATILE_RATE)).bit_rate
        if rate == p.BitRate.SERIAL_CHANNEL and self.serial_rate is not None:
            return self.serial_rate()
        return BITS_PER_SECOND.get(rate, BITS_PER_SECOND[p.BitRate.BPS_115200])

    def settle(self) -> None:
        """System reset or power-down: a claim to be setting parameters ends."""
        self._progress.settle()

    def reload_rate(self) -> None:
        """SOL starts: the volatile bit rate is the stored one again."""
        self._volatile_rate = None

    def controller(self, *, handshake: bool) -> SolController:
        """A machine with the timing that parameters 3 and 4 ask for."""
        gather = p.CharacterAccumulation.decode(self.get(3))
        retry = p.SolRetry.decode(self.get(4))
        return SolController(
            PAYLOAD_SIZE,
            accumulate=gather.interval * _INTERVAL_S,
            threshold=gather.send_threshold,
            retries=retry.retry_count,
            interval=retry.retry_interval * _RETRY_INTERVAL_S,
            handshake=handshake,
        )

    def _check_rate(self, rate: p.BitRate) -> None:
        """Rate 0h needs a serial channel whose rate can be used instead."""
        if rate in BITS_PER_SECOND:
            return
        if rate != p.BitRate.SERIAL_CHANNEL or self.serial_rate is None:
            raise CompletionError(Cc.PARAMETER_OUT_OF_RANGE)

    def _parameter(self, selector: int) -> p.SolParameter:
        if selector == 0:
            return p.SetInProgress(state=self._progress.state)
        if selector == _VOLATILE_RATE:
            stored = p.NonVolatileBitRate.decode(self.get(5)).bit_rate
            return p.VolatileBitRate(bit_rate=stored if self._volatile_rate is None else self._volatile_rate)
        if selector == _CHANNEL:
            return p.SolPayloadChannel(channel=self._home.blueprint.lan.channel)
        changed = self._changed.get(selector)
        if changed is not None:
            kept = p.SolParameter.parse(selector, changed)
            assert isinstance(kept, p.SolParameter)
            return kept
        return self._shipped(selector)

    def _shipped(self, selector: int) -> p.SolParameter:
        """A parameter that nobody has changed."""
        simple: dict[int, Callable[[], p.SolParameter]] = {
            1: lambda: p.SolEnable(enabled=True),
            2: lambda: p.SolAuthentication(
                force_encryption=True, force_authentication=True, privilege=Privilege.USER
            ),
            # A key's echo goes out at once; what comes while a packet is under way goes with the next.
            3: lambda: p.CharacterAccumulation(interval=2, send_threshold=1),
            4: lambda: p.SolRetry(retry_count=7, retry_interval=50),
            5: lambda: p.NonVolatileBitRate(bit_rate=_RATES[self._home.blueprint.sol.baud]),
            8: lambda: p.SolPayloadPort(port=self._home.blueprint.lan.port),
        }
        make = simple.get(selector)
        if make is None:
            raise CompletionError(NOT_SUPPORTED)
        return make()
