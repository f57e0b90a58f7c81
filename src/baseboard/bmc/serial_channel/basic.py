"""Basic Mode at the BMC's end of a serial line: messages as on a LAN, a login in two commands (§14.4)."""

from __future__ import annotations

from baseboard.bmc.blueprint.serial import BASIC
from baseboard.bmc.serial_channel.front import Front
from baseboard.codes import ChannelProtocol
from baseboard.errors import DecodeError
from baseboard.links.serial_basic import START, BasicController, Phase
from baseboard.rmcp import lan_message
from baseboard.rmcp.lan_message import LanMessage


class Basic:
    """A `SerialMode`.

    Args:
        front: the channel.
    """

    bit = BASIC
    protocol = ChannelProtocol.IPMB

    def __init__(self, front: Front) -> None:
        self._front = front
        self._link = BasicController()

    def receive(self, data: bytes, now: float) -> bool:
        """See `SerialMode`: a message whose checksums are right is certain."""
        certain = False
        self._link.receive(data, now)
        for raw in self._link.events():
            try:
                message = lan_message.unwrap(raw)
            except DecodeError:
                continue
            certain = True
            if message.is_response:
                self._front.responded(message)
            elif message.rs_addr == lan_message.BMC:
                self._request(message)
        self._flush()
        return certain

    def claims(self, byte: int) -> bool:
        """See `SerialMode`: a message, from its start character to its end."""
        return byte == START or self._link.phase is not Phase.OUTSIDE

    def send_message(self, message: bytes) -> None:
        """See `SerialMode`."""
        self._link.send(message)
        self._flush()

    def reset(self) -> None:
        """See `SerialMode`."""
        self._link = BasicController()

    def deadline(self) -> float | None:
        """See `SerialMode`: never."""
        return None

    def expire(self, now: float) -> None:
        """See `SerialMode`: nothing here takes time."""

    def _request(self, message: LanMessage) -> None:
        link = self._link

        def reply(data: bytes) -> None:
            if link is self._link:  # else the console that asked is gone
                link.send(lan_message.wrap_response(message, data))
                self._flush()

        self._front.ask(message, reply)

    def _flush(self) -> None:
        for out in self._link.outgoing():
            self._front.write(out)
