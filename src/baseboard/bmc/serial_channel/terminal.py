"""Terminal Mode at the BMC's end of a serial line: lines of hex digits, and text commands (§14.7)."""

from __future__ import annotations

from typing import Final

from baseboard.bmc.blueprint.serial import TERMINAL
from baseboard.bmc.dispatch import SMS_LUN
from baseboard.bmc.serial_channel.front import Front
from baseboard.bmc.serial_channel.text_commands import TextCommands
from baseboard.codes import ChannelProtocol
from baseboard.commands.parameters.serial import DeleteStyle, TerminalModeConfiguration
from baseboard.errors import DecodeError
from baseboard.links.serial_terminal import NEWLINES, TerminalController, TerminalSettings
from baseboard.links.terminal_message import TerminalMessage, is_text, read_message, write_message
from baseboard.rmcp import lan_message
from baseboard.rmcp.lan_message import BMC, LanMessage

CONSOLE: Final = 0x8F
"""Software ID of a console in Terminal Mode, as an address (Table 5-4)."""

_BRIDGED: Final = 1


class Terminal:
    """A `SerialMode`.

    Args:
        front: the channel.
    """

    bit = TERMINAL
    protocol = ChannelProtocol.TMODE

    def __init__(self, front: Front) -> None:
        self._front = front
        self._texts = TextCommands(front, CONSOLE)
        self._settings = front.serial.parameters.terminal
        self._link = TerminalController(_translated(self._settings))

    def receive(self, data: bytes, now: float) -> bool:
        """See `SerialMode`: a line that says something is certain."""
        certain = False
        self._follow_settings()
        self._link.receive(data, now)
        self._flush()
        for content in self._link.events():
            if is_text(content):
                certain = True
                self._texts.answer(content, self._say)
            else:
                certain = self._message(content) or certain
        self._flush()
        return certain

    def claims(self, byte: int) -> bool:
        """See `SerialMode`: it gets what no other mode claims."""
        return False

    def announce(self) -> None:
        """§14.3: the answer to the sequence that calls for Terminal Mode."""
        self._follow_settings()
        self._say(b"TMODE OK")

    def send_message(self, message: bytes) -> None:
        """See `SerialMode`; what comes from elsewhere than BMC and host is marked (Table 14-12)."""
        read = lan_message.unwrap(message)
        sender = read.rs_addr if read.is_response else read.rq_addr
        lun = read.rs_lun if read.is_response else read.rq_lun
        bridged = not (sender == BMC and lun in (0, SMS_LUN))
        if read.is_response:
            bridged = True  # the BMC's own answers go out where they were asked for
        number = _BRIDGED if bridged else 0
        told = TerminalMessage(read.netfn, lun & 3, read.rq_seq, number, read.cmd, read.data)
        self._say(write_message(told))

    def reset(self) -> None:
        """See `SerialMode`."""
        self._settings = self._front.serial.parameters.terminal
        self._link = TerminalController(_translated(self._settings))

    def deadline(self) -> float | None:
        """See `SerialMode`: never."""
        return None

    def expire(self, now: float) -> None:
        """See `SerialMode`: nothing here takes time."""

    def _message(self, content: bytes) -> bool:
        try:
            message = read_message(content)
        except DecodeError:
            return False
        read = LanMessage(
            BMC, message.netfn, message.lun, CONSOLE, message.rq_seq, 0, message.cmd, message.data
        )
        if message.netfn & 1:
            self._front.responded(read)
            return True
        if message.bridge:
            return False  # Table 14-12: a console bridges by Send Message
        link = self._link

        def reply(data: bytes) -> None:
            if link is self._link:
                answer = TerminalMessage(message.netfn | 1, message.lun, message.rq_seq, 0, message.cmd, data)
                self._say(write_message(answer))

        self._front.ask(read, reply)
        return True

    def _say(self, content: bytes) -> None:
        newline = NEWLINES[int(self._settings.output_newline)] or b"\r\n"
        self._link.send(content.replace(b"\n", newline))
        self._flush()

    def _follow_settings(self) -> None:
        """Parameter 29 holds from the next line on."""
        wanted = self._front.serial.parameters.terminal
        if wanted != self._settings:
            self.reset()

    def _flush(self) -> None:
        for out in self._link.outgoing():
            self._front.write(out)


def _translated(settings: TerminalModeConfiguration) -> TerminalSettings:
    return TerminalSettings(
        editing=settings.line_editing,
        erase=settings.delete == DeleteStyle.BACKSPACE_SPACE_BACKSPACE,
        echo=settings.echo,
        handshake=settings.handshake,
        output_newline=int(settings.output_newline),
        input_newline=int(settings.input_newline),
    )
