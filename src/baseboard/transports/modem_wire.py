"""A serial device with a modem: DCD tells of calls, RI of ringing; speed and format of each call."""

from __future__ import annotations

import array
import contextlib
import termios
from collections.abc import Callable
from typing import Final, NamedTuple

from baseboard.transports.serial_wire import LOOK, SerialWire
from baseboard.transports.wire import Listener

_PARITY: Final = {0: 0, 1: termios.PARENB | termios.PARODD, 2: termios.PARENB}
_RTS_CTS, _XON_XOFF = 1, 2


class CharacterFormat(NamedTuple):
    """What a device is set to besides its speed.

    Attributes:
        flow_control: 0 none, 1 RTS/CTS, 2 XON/XOFF.
        seven_bits: seven data bits, else eight.
        two_stop_bits: two stop bits, else one.
        parity: 0 none, 1 odd, 2 even.
    """

    flow_control: int = 0
    seven_bits: bool = False
    two_stop_bits: bool = False
    parity: int = 0


PLAIN: Final = CharacterFormat()


class FormattedWire(SerialWire):
    """A serial device whose format can be set.

    Args:
        path: of the device.
        bits_per_second: its speed until it is set.
        listener: who hears what happens.
    """

    def __init__(self, path: str, bits_per_second: int, listener: Listener) -> None:
        self._format = PLAIN
        super().__init__(path, bits_per_second, listener)

    def set_format(self, bits_per_second: int, form: CharacterFormat) -> None:
        """Speak at this speed and in this format; what the device does not have is left alone."""
        self._format = form
        self.set_rate(bits_per_second)

    def _set_up(self, fd: int, bits_per_second: int) -> None:
        super()._set_up(fd, bits_per_second)
        if self._format != PLAIN:
            with contextlib.suppress(termios.error):
                termios.tcsetattr(fd, termios.TCSANOW, formatted(termios.tcgetattr(fd), self._format))


def formatted(
    settings: list[int | list[bytes | int]], form: CharacterFormat
) -> list[int | list[bytes | int]]:
    """The settings of a terminal in another format."""
    iflag, oflag, cflag, *rest = settings
    assert isinstance(iflag, int)
    assert isinstance(cflag, int)
    cflag &= ~(termios.CSIZE | termios.PARENB | termios.PARODD | termios.CSTOPB | termios.CRTSCTS)
    cflag |= termios.CS7 if form.seven_bits else termios.CS8
    cflag |= termios.CSTOPB if form.two_stop_bits else 0
    cflag |= _PARITY.get(form.parity, 0)
    cflag |= termios.CRTSCTS if form.flow_control == _RTS_CTS else 0
    iflag &= ~(termios.IXON | termios.IXOFF)
    iflag |= termios.IXON | termios.IXOFF if form.flow_control == _XON_XOFF else 0
    return [iflag, oflag, cflag, *rest]


class ModemWire(FormattedWire):
    """A serial device with a modem at its far end.

    Args:
        path: of the device.
        bits_per_second: its speed until it is set.
        listener: who hears what happens; that DCD has changed too.
        rang: called with each pulse of RI.
    """

    def __init__(self, path: str, bits_per_second: int, listener: Listener, rang: Callable[[], None]) -> None:
        self._dcd = self._ri = False
        self._rang = rang
        super().__init__(path, bits_per_second, listener)
        self._look_at_modem()

    @property
    def carrier(self) -> bool:
        """Whether the device is open: characters go to the modem whether there is a call or not."""
        return self._fd >= 0

    @property
    def call(self) -> bool:
        """Whether DCD is asserted: there is a call."""
        return self._fd >= 0 and self._dcd

    def _look_at_modem(self) -> None:
        """See what the modem does with its lines; nothing tells."""
        bits = array.array("i", [0])
        if not self._control(termios.TIOCMGET, bits):
            return
        dcd, ri = bool(bits[0] & termios.TIOCM_CD), bool(bits[0] & termios.TIOCM_RI)
        if ri and not self._ri:
            self._rang()
        changed = dcd is not self._dcd
        self._dcd, self._ri = dcd, ri
        if changed:
            self._listener.changed()
        self._later(LOOK, self._look_at_modem)


__all__ = ["PLAIN", "CharacterFormat", "FormattedWire", "ModemWire", "formatted"]
