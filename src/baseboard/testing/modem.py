"""A modem of the Hayes kind and a telephone network around it, for tests of serial channels that dial."""

from __future__ import annotations

from collections.abc import Callable

from baseboard.bmc.clock import Clock
from baseboard.bmc.ports import ConnectorNotice, LineFormat

_GUARD = 1.0
"""Silence before an escape sequence for it to count, seconds."""


class Party:
    """Somebody at the other end of a call.

    Attributes:
        heard: what came over the call.
        answers: called with what came; what it returns is sent back.
        connected: the call stands.
    """

    def __init__(self, answers: Callable[[bytes], bytes] | None = None) -> None:
        self.heard = bytearray()
        self.answers = answers
        self.connected = False
        self._modem: SimulatedModem | None = None

    def say(self, data: bytes) -> None:
        """Send over the call."""
        if self._modem is not None:
            self._modem.carried(data)

    def hang_up(self) -> None:
        """End the call."""
        if self._modem is not None:
            self._modem.dropped()

    def joined(self, modem: SimulatedModem | None) -> None:
        """The call stands, or is over."""
        self._modem, self.connected = modem, modem is not None

    def hear(self, data: bytes) -> None:
        """Take what came over the call."""
        self.heard += data
        answer = self.answers(data) if self.answers is not None else b""
        if answer:
            self.say(answer)


class SimulatedModem:
    """A modem, plugged into a serial channel: a :class:`~baseboard.bmc.ports.Connector`.

    Args:
        clock: time.
        modem_lines: DCD and RI are wired.

    Attributes:
        network: who answers which number; others do not.
        refusal: what the modem says of numbers that nobody answers.
        commands: command lines that it got.
        dialled: numbers that it dialled.
        formats: how the line was configured.
        dtr: whether DTR is asserted.
        echoed: whether it echoes commands.
        deaf: it does not answer commands.
    """

    def __init__(self, clock: Clock, *, modem_lines: bool = True) -> None:
        self.modem_lines = modem_lines
        self.network: dict[str, Party] = {}
        self.refusal = "NO CARRIER"
        self.commands: list[str] = []
        self.dialled: list[str] = []
        self.formats: list[LineFormat] = []
        self.dtr = True
        self.echoed = True
        self.deaf = False
        self._clock = clock
        self._line = bytearray()
        self._party: Party | None = None
        self._waiting: Party | None = None
        self._commanding = True
        self._last = 0.0
        self._receive: Callable[[bytes], None] = _unheard
        self._noticed: Callable[[ConnectorNotice], None] = _unnoticed

    # ---- the channel's side

    def open(self, receive: Callable[[bytes], None], noticed: Callable[[ConnectorNotice], None]) -> None:
        """See `Connector`."""
        self._receive, self._noticed = receive, noticed

    def write(self, data: bytes) -> None:
        """See `Connector`: commands, or what goes to the far end."""
        now, before = self._clock.now(), self._last
        self._last = now
        if self._party is not None and not self._commanding:
            if data == b"+++" and now - before >= _GUARD:
                self._commanding = True
                self._say("OK")
            else:
                self._party.hear(data)
            return
        if self.echoed:
            self._receive(data)
        for byte in data:
            if byte == 0x0D:
                line, self._line = self._line.decode("latin-1"), bytearray()
                self._obey(line)
            else:
                self._line.append(byte)

    def carrier(self) -> bool:
        """See `Connector`."""
        return self._party is not None

    def set_dtr(self, asserted: bool) -> None:
        """See `Connector`: without DTR the modem hangs up."""
        if self.dtr and not asserted and self._party is not None:
            self.dropped()
        self.dtr = asserted

    def configure(self, line: LineFormat) -> None:
        """See `Connector`."""
        self.formats.append(line)

    def close(self) -> None:
        """See `Connector`."""
        self._receive, self._noticed = _unheard, _unnoticed

    # ---- the network's side

    def ring(self, caller: Party) -> None:
        """Somebody calls, and the bell rings once."""
        self._waiting = caller
        if self.modem_lines:
            self._noticed(ConnectorNotice.RING)
        self._say("RING")

    def carried(self, data: bytes) -> None:
        """The far end sent something."""
        if not self._commanding:
            self._receive(data)

    def dropped(self) -> None:
        """The call is over."""
        party, self._party = self._party, None
        if party is None:
            return
        party.joined(None)
        self._commanding = True
        if self.modem_lines:
            self._noticed(ConnectorNotice.CARRIER)
        self._say("NO CARRIER")

    # ---- inside

    def _obey(self, line: str) -> None:
        command = line.strip().upper()
        if not command:
            return
        self.commands.append(line.strip())
        if self.deaf:
            return
        if command.startswith("ATD"):
            self._dial(line.strip()[3:])
        elif command == "ATA":
            self._answer()
        elif command.startswith("ATH"):
            self._say("OK")
            self.dropped()
        elif command.startswith("AT"):
            self.echoed = "E0" not in command and (self.echoed or "E1" in command)
            self._say("OK")
        else:
            self._say("ERROR")

    def _dial(self, number: str) -> None:
        self.dialled.append(number)
        party = self.network.get(number.rstrip(";"))
        if number.endswith(";"):
            self._say("OK")
        elif party is None:
            self._say(self.refusal)
        else:
            self._connect(party)

    def _answer(self) -> None:
        waiting, self._waiting = self._waiting, None
        if waiting is None:
            self._say("NO CARRIER")
        else:
            self._connect(waiting)

    def _connect(self, party: Party) -> None:
        self._party, self._commanding = party, False
        party.joined(self)
        self._say("CONNECT 19200")
        if self.modem_lines:
            self._noticed(ConnectorNotice.CARRIER)

    def _say(self, text: str) -> None:
        self._receive(f"\r\n{text}\r\n".encode("ascii"))


def _unheard(data: bytes) -> None:
    """Nobody is plugged in."""


def _unnoticed(notice: ConnectorNotice) -> None:
    """Nobody notices."""
