"""Send Message to the ICMB, where the BMC itself is the bridge (§8.2, Tables 8-1 to 8-5)."""

from __future__ import annotations

from baseboard.bmc.context import SYSTEM_INTERFACE, Context
from baseboard.bmc.handlers.bridge.waiting import reachable
from baseboard.bmc.services.bus_station import Asker
from baseboard.bmc.services.events import BMC_ADDRESS
from baseboard.codes import Cc
from baseboard.commands.app.messaging import SendMessage
from baseboard.commands.bridge.bridging import BridgeRequest
from baseboard.errors import CompletionError
from baseboard.rmcp.lan_message import LanMessage

_ADDRESS_AND_COMMAND = 3
_SHORTEST_MESSAGE = 3
_SESSION_LESS = 0


def send_over_icmb(ctx: Context, request: SendMessage, asker: Asker | None) -> None:
    """Send a message to a controller in another chassis; its answer comes later.

    ::

        rqSeq<<2 (system interface only)  remote bridge (2)  20h  rsSA  netFn/LUN  command  data

    Args:
        asker: who gets the answer as though the BMC had given it; the system interface gets it by Get
            Message, with the number that it sent (Table 8-2).

    Raises:
        CompletionError: C7h, it is too short; CCh, it is no message for a controller; as `reachable`.
    """
    from_system = ctx.origin.channel == SYSTEM_INTERFACE
    sequence, message = (request.message[:1], request.message[1:]) if from_system else (b"", request.message)
    if len(message) < _ADDRESS_AND_COMMAND + _SHORTEST_MESSAGE:
        raise CompletionError(Cc.INVALID_LENGTH)
    address, command, inner = (
        int.from_bytes(message[:2], "little"),
        message[2],
        message[_ADDRESS_AND_COMMAND:],
    )
    if command != BridgeRequest.command.cmd:
        raise CompletionError(Cc.INVALID_DATA)
    icmb = reachable(ctx, address)

    def answered(answer: bytes) -> None:
        if from_system:
            whole = sequence + (answer or bytes((Cc.TIMEOUT,)))
            ctx.messaging.put_message(icmb.channel, _SESSION_LESS, whole)
        elif asker is not None and answer:
            function, cmd = inner[1], inner[2]
            # The remote bridge's own refusal stands in for what the controller would have said.
            data = answer[1:] if answer[0] == Cc.OK and len(answer) > 1 else answer[:1]
            asker.answer(
                LanMessage(BMC_ADDRESS, function >> 2 | 1, function & 3, BMC_ADDRESS, 0, 0, cmd, data)
            )

    icmb.link.ask(address, command, inner, answered)
