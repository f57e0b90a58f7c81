"""Send Message: what one channel sends on over another (§6.12, §6.13, §22.7)."""

from __future__ import annotations

from functools import partial
from typing import Final

from baseboard.bmc.context import SYSTEM_INTERFACE, Context
from baseboard.bmc.dispatch import handlers
from baseboard.bmc.handlers.bridge.sending import send_over_icmb
from baseboard.bmc.services.bridging import IPMB_CHANNEL, SMS_LUN
from baseboard.bmc.services.bus import BROADCAST, Written
from baseboard.bmc.services.bus_station import Station
from baseboard.bmc.services.events import BMC_ADDRESS
from baseboard.codes import AuthType, Cc, ChannelMedium, NetFn, Privilege
from baseboard.commands.app.device import GetDeviceId
from baseboard.commands.app.messaging import SendMessage, SendMessageResponse, Tracking
from baseboard.commands.declaration import lookup
from baseboard.errors import ChecksumError, CompletionError, DecodeError
from baseboard.rmcp import lan_message
from baseboard.rmcp.lan_message import LanMessage
from baseboard.rmcp.session import RequestReceived, Session, SessionV15, SessionV20

_SESSIONS: Final = (ChannelMedium.LAN, ChannelMedium.SERIAL, ChannelMedium.OTHER_LAN)
_ICMB: Final = (ChannelMedium.ICMB_1_0, ChannelMedium.ICMB_0_9)
_SESSION_LESS: Final = 0
_GET_DEVICE_ID: Final = GetDeviceId.command.cmd


class ForSession:
    """A console that has a request sent on; it is answered twice under the number of its Send Message."""

    __slots__ = ("_ctx", "number", "owner", "request")

    def __init__(self, ctx: Context, session: Session, request: RequestReceived) -> None:
        self._ctx, self.request = ctx, request
        self.owner: object = session
        self.number: object = (request.rq_addr, request.rq_seq, request.rq_lun, request.data)

    def answer(self, message: LanMessage) -> None:
        """Pass a response on as though the BMC had carried out the command (§6.13.2)."""
        session = self.request.session
        table = None if session is None else self._ctx.tables.get(session.channel)
        if session is not None and table is not None:
            table.send_message(session, _as_ours(message, self.request, BMC_ADDRESS))
            self._ctx.services.flush()


class ForController:
    """A controller on the IPMB that has a request sent on."""

    __slots__ = ("_station", "number", "owner", "request")

    def __init__(self, station: Station, request: RequestReceived) -> None:
        self._station, self.request = station, request
        self.owner: object = None
        self.number: object = (request.rq_addr, request.rq_seq, request.rq_lun, request.data)

    def answer(self, message: LanMessage) -> None:
        """Pass a response on as though the BMC had carried out the command."""
        self._station.bus.write(_as_ours(message, self.request, self._station.address))


Requester = ForSession | ForController


@handlers.handles(SendMessage)
async def send_message(ctx: Context, request: SendMessage) -> SendMessageResponse:
    """§22.7: at User level to system software only; what is sent raw would pass every check."""
    target = ctx.channels.get(ctx.channel(request.channel))
    icmb = ctx.services.icmb
    if icmb is not None and ctx.origin.channel == icmb.channel:
        raise CompletionError(Cc.NOT_SUPPORTED_IN_STATE)  # from chassis to chassis it would go in circles
    if request.tracking not in (Tracking.NO_TRACKING, Tracking.TRACK_REQUEST):
        raise CompletionError(Cc.INVALID_DATA)
    to_system = target.number == SYSTEM_INTERFACE
    if not ctx.origin.local and not to_system and ctx.origin.privilege < Privilege.OPERATOR:
        raise CompletionError(Cc.INSUFFICIENT_PRIVILEGE)
    if target.medium not in _SESSIONS and (request.encrypted or request.authenticated):
        raise CompletionError(Cc.INVALID_DATA)
    if to_system:
        _to_system_software(ctx, request.message)
    elif target.medium in _SESSIONS:
        _to_console(ctx, target.number, request)
    elif target.medium in _ICMB:
        send_over_icmb(ctx, request, _requester(ctx) if request.tracking else None)
    else:
        _to_bus(ctx, request)
    return SendMessageResponse()


def checked(message: bytes) -> LanMessage:
    """A whole message, from its first address to its second checksum.

    Raises:
        CompletionError: C7h, it is too short; CCh, a checksum is wrong.
    """
    try:
        return lan_message.unwrap(message)
    except ChecksumError as error:
        raise CompletionError(Cc.INVALID_DATA) from error
    except DecodeError as error:
        raise CompletionError(Cc.INVALID_LENGTH) from error


def _as_ours(message: LanMessage, asked: RequestReceived, address: int) -> bytes:
    seen = LanMessage(
        address,
        message.netfn,
        message.rs_lun,
        asked.rq_addr,
        asked.rq_seq,
        asked.rq_lun,
        message.cmd,
        b"",
    )
    return lan_message.wrap_response(seen, message.data)


def _requester(ctx: Context) -> Requester:
    """Who gets the responses to what is tracked.

    Raises:
        CompletionError: CCh, the system interface matches responses itself (Table 6-8); D3h, the channel has
            no way to send what was not asked for.
    """
    origin = ctx.origin
    if origin.channel == SYSTEM_INTERFACE:
        raise CompletionError(Cc.INVALID_DATA)
    if origin.request is not None and origin.session is not None:
        return ForSession(ctx, origin.session, origin.request)
    if origin.request is None or origin.channel != IPMB_CHANNEL:
        raise CompletionError(Cc.DESTINATION_UNAVAILABLE)
    return ForController(ctx.services.bridging.station, origin.request)


# ---- to system software and to consoles


def _to_system_software(ctx: Context, message: bytes) -> None:
    """Get Message gives a console's message with its session handle before it (Table 22-8)."""
    checked(message)
    session = ctx.origin.session
    handle = b"" if session is None else bytes((session.handle,))
    if not ctx.messaging.put_message(ctx.origin.channel, ctx.origin.privilege, handle + message):
        raise CompletionError(Cc.DESTINATION_UNAVAILABLE)


def _to_console(ctx: Context, channel: int, request: SendMessage) -> None:
    """The message for a console begins with its session handle (Table 22-10)."""
    table = ctx.tables.get(channel)
    if not request.message:
        raise CompletionError(Cc.INVALID_LENGTH)
    if table is None:
        raise CompletionError(Cc.DESTINATION_UNAVAILABLE)
    session = table.by_handle(request.message[0])
    if session is None:
        raise CompletionError(SendMessage.INVALID_SESSION_HANDLE)
    if (request.encrypted and not _encrypts(session)) or (request.authenticated and not _signs(session)):
        raise CompletionError(Cc.INVALID_DATA)
    message = checked(request.message[1:])
    if request.tracking and not message.is_response:
        ctx.services.bridging.consoles.send(session, table, message, _requester(ctx))
    else:
        table.send_message(session, request.message[1:])
    ctx.services.flush()


def _encrypts(session: Session) -> bool:
    return isinstance(session, SessionV20) and session.confidentiality.algorithm != 0


def _signs(session: Session) -> bool:
    """What a session can do to protect a message it does to each."""
    if isinstance(session, SessionV20):
        return session.integrity.size > 0
    return isinstance(session, SessionV15) and session.auth_type != AuthType.NONE


# ---- to the IPMB


def _addressed(data: bytes) -> LanMessage:
    """What is to go over the bus, to one address.

    OpenIPMI and Linux's driver look for controllers by Broadcast Get Device ID in a Send Message: the general
    call address, then a request. Only the controller whose address that bears heeds it (§20.9), so it goes to
    that one, and nobody there is a NAK like any other.

    Raises:
        CompletionError: C7h, CCh: it is no message, or nothing that may be broadcast.
    """
    if data[:1] != bytes((BROADCAST,)):
        return checked(data)
    message = checked(data[1:])
    asked = (message.netfn, message.rs_lun, message.cmd)
    if message.is_response or asked != (NetFn.APP, 0, _GET_DEVICE_ID):
        raise CompletionError(Cc.INVALID_DATA)
    return message


def _to_bus(ctx: Context, request: SendMessage) -> None:
    message = _addressed(request.message)
    requester = _requester(ctx) if request.tracking and not message.is_response else None
    if message.rs_addr == ctx.services.home.address and not message.is_response:
        if message.rs_lun == SMS_LUN:
            _to_system_software(ctx, request.message)
        else:
            _to_ourselves(ctx, message, requester)
        return
    station = ctx.services.bridging.station
    if requester is not None:
        station.track(message, requester)
        return
    if message.is_response:
        written = station.bus.write(request.message)
    else:
        written = station.send(message, message.rq_seq, message.rq_lun)
    if written != Written.DONE:
        raise CompletionError(written)


def _to_ourselves(ctx: Context, message: LanMessage, requester: Requester | None) -> None:
    """The BMC's own address on the bus: it answers as a controller there.

    Requests from the bus are not asked for a level, so those of a session are asked for theirs here: what it
    may not do, it may not do this way either.
    """
    clock = ctx.services.home.clock
    refusal = _refusal(ctx, message)

    def answer(data: bytes) -> None:
        # The answer to Send Message comes first.
        clock.call_at(clock.now(), partial(_back, ctx, message, requester, data))

    if refusal:
        answer(bytes((refusal,)))
    else:
        ctx.services.bridging.to_itself(message, answer)


def _back(ctx: Context, message: LanMessage, requester: Requester | None, data: bytes) -> None:
    if requester is not None:
        response = LanMessage(
            BMC_ADDRESS, message.netfn | 1, message.rs_lun, BMC_ADDRESS, message.rq_seq, 0, message.cmd, data
        )
        requester.answer(response)
    elif message.rq_lun == SMS_LUN:
        frame = lan_message.wrap_response(message, data)
        ctx.messaging.put_message(IPMB_CHANNEL, _SESSION_LESS, frame[1:])


def _refusal(ctx: Context, message: LanMessage) -> int:
    """What the requester may not do: by its level, by the firewall of its own channel."""
    origin = ctx.origin
    refused = ctx.services.firewall.refusal(
        origin.channel, message.rs_lun, message.netfn, message.cmd, message.data
    )
    if refused or origin.local:
        return refused
    group = message.data[0] if message.netfn == NetFn.GROUP_EXTENSION and message.data else None
    known = lookup(message.netfn, message.cmd, group)
    return Cc.INSUFFICIENT_PRIVILEGE if known is not None and origin.privilege < known.privilege else Cc.OK
