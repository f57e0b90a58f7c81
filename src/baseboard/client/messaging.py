"""`bmc.messaging`: the controller as a mailbox, and who is on its IPMB (§20.9, §22.1-22.8)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from baseboard.client.interface import Target
from baseboard.client.together import unless
from baseboard.codes import Cc, NetFn, Privilege
from baseboard.commands.app.bus import MasterWriteRead
from baseboard.commands.app.device_id import GetDeviceId, GetDeviceIdResponse
from baseboard.commands.app.messaging import (
    ClearMessageFlags,
    EnableMessageChannelReceive,
    GetMessage,
    GetMessageFlags,
    GetMessageFlagsResponse,
    ReadEventMessageBuffer,
    ReceiveState,
    SendMessage,
    Tracking,
)
from baseboard.errors import CompletionError, DecodeError, NoResponse
from baseboard.rmcp import lan_message
from baseboard.transports import waiting

if TYPE_CHECKING:
    from baseboard.client.bmc import Bmc
    from baseboard.client.host_requests import HostRequests
    from baseboard.rmcp.lan_message import LanMessage

ADDRESSES: Final = range(0x10, 0xF0, 2)
"""Slave addresses that are not reserved for other uses of the bus."""

_IPMB: Final = 0
_BROADCAST: Final = 0
_SMS_LUN: Final = 2
_SEQUENCES: Final = 64
_WAIT: Final = 0.06
"""Seconds that a controller may take to answer a broadcast (IPMB v1.0)."""
_LONGEST_QUEUE: Final = 64
"""Messages that are looked through for an answer: a queue that never ends must not hold a scan up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuedMessage:
    """A message of the Receive Message Queue (Tables 22-7 and 22-8).

    Attributes:
        channel: that it came from.
        privilege: of its sender; 0 outside of sessions.
        data: laid out by the channel's protocol.
    """

    channel: int
    privilege: Privilege
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class BusController:
    """A controller that answered.

    Attributes:
        address: slave address, 8 bits.
        device: what it is.
    """

    address: int
    device: GetDeviceIdResponse


class Messaging:
    """The mailbox of a controller, for software on its host; from elsewhere most of it is refused (D4h).

    >>> async for found in bmc.messaging.scan():  # doctest: +SKIP
    ...     print(f"{found.address:02X}h", found.device.product_id)
    """

    def __init__(self, bmc: Bmc) -> None:
        self._bmc = bmc

    async def flags(self) -> GetMessageFlagsResponse:
        """Ask what waits."""
        return await self._bmc.execute(GetMessageFlags())

    async def clear(self, *, messages: bool = False, event: bool = False, watchdog: bool = False) -> None:
        """Clear flags, and throw away what they tell of.

        Args:
            messages: the whole Receive Message Queue.
            event: the Event Message Buffer.
            watchdog: the pre-timeout interrupt.
        """
        await self._bmc.execute(
            ClearMessageFlags(
                receive_message_queue=messages, event_message_buffer=event, watchdog_pretimeout=watchdog
            )
        )

    async def takes(self, channel: int) -> bool:
        """Ask whether messages of a channel come into the queue."""
        return await self._receive(channel, ReceiveState.GET_STATE)

    async def take(self, channel: int, *, enabled: bool = True) -> bool:
        """Have messages of a channel come into the queue, or not.

        Returns: whether they do now.
        """
        return await self._receive(channel, ReceiveState.ENABLE if enabled else ReceiveState.DISABLE)

    async def _receive(self, channel: int, state: ReceiveState) -> bool:
        return (await self._bmc.execute(EnableMessageChannelReceive(channel=channel, state=state))).enabled

    async def next(self) -> QueuedMessage | None:
        """Take the oldest message out of the queue; None = there is none."""
        got = await unless(self._bmc.execute(GetMessage()), GetMessage.QUEUE_EMPTY)
        if got is None:
            return None
        return QueuedMessage(channel=got.channel, privilege=got.privilege, data=got.data)

    async def next_event(self) -> bytes | None:
        """Take the event out of the Event Message Buffer: a SEL record; None = there is none."""
        read = ReadEventMessageBuffer()
        got = await unless(self._bmc.execute(read), ReadEventMessageBuffer.BUFFER_EMPTY)
        return None if got is None else got.event

    def requests(self) -> HostRequests:
        """Take requests of others to software on this host, as a controller would; see `HostRequests`.

        Raises:
            LocalProtocolError: they do not come over this interface.
        """
        from baseboard.client.host_requests import HostRequests

        return HostRequests(self._bmc)

    async def send(self, channel: int, message: bytes, *, track: bool = False) -> bytes:
        """Have a message sent out on a channel, as it stands.

        Args:
            message: whole, as the channel's protocol wants it (Table 22-10).
            track: have the controller pass the answer on; it wants that in sessions.

        Returns: what stood in the answer.

        Raises:
            CompletionError: refused; 81h-83h, it could not be written.
        """
        tracking = Tracking.TRACK_REQUEST if track else Tracking.NO_TRACKING
        request = SendMessage(tracking=tracking, channel=channel, message=message)
        return (await self._bmc.execute(request, retry=False)).data

    # ---- who is on the bus

    async def broadcast(self, address: int, *, sequence: int = 0) -> GetDeviceIdResponse | None:
        """Ask one controller by Broadcast Get Device ID, which a host can send by Master Write-Read (§20.9).

        Returns: None, if nobody is there.

        Raises:
            CompletionError: refused, such as D4h in a session.
        """
        command = GetDeviceId.command
        frame = lan_message.wrap_request(
            command.netfn, command.cmd, b"", sequence % _SEQUENCES, rs_addr=address,
            rq_addr=lan_message.BMC, rq_lun=_SMS_LUN,
        )  # fmt: skip
        await self._bmc.execute(
            MasterWriteRead(channel=_IPMB, slave_address=_BROADCAST, data=frame), retry=False
        )
        loop = waiting.running()
        end = loop.time() + _WAIT
        for _ in range(_LONGEST_QUEUE):
            if loop.time() >= end:
                break
            message = await self.next()
            if message is None:
                await waiting.sleep(_WAIT / 8)
                continue
            answer = _answer(message, address, sequence % _SEQUENCES)
            if answer is not None:
                return answer
        return None

    async def scan(self) -> AsyncIterator[BusController]:
        """Find the controllers of the IPMB: by broadcasts from the host, by bridged requests in a session."""
        broadcasts = await self._from_host()
        for turn, address in enumerate(ADDRESSES):
            if broadcasts:
                device = await self.broadcast(address, sequence=turn)
            else:
                device = await self._bridged(address)
            if device is not None:
                yield BusController(address=address, device=device)

    async def _from_host(self) -> bool:
        """Whether the answers to broadcasts come to us: the queue is the host's alone."""
        refused = (Cc.INSUFFICIENT_PRIVILEGE, Cc.INVALID_COMMAND)
        return await unless(self._bmc.execute(GetMessageFlags()), *refused) is not None

    async def _bridged(self, address: int) -> GetDeviceIdResponse | None:
        try:
            return await self._bmc.execute(GetDeviceId(), target=Target(address=address), retry=False)
        except (CompletionError, NoResponse):
            return None


def _answer(queued: QueuedMessage, address: int, sequence: int) -> GetDeviceIdResponse | None:
    """What a queued message says, if it is the answer that is waited for."""
    command = GetDeviceId.command
    try:
        # The queue strips the controller's own address, which the first checksum covers (§22.6).
        message: LanMessage = lan_message.unwrap(bytes((lan_message.BMC,)) + queued.data)
        if (message.netfn, message.cmd, message.rq_seq, message.rs_addr) != (
            NetFn.APP | 1, command.cmd, sequence, address,
        ):  # fmt: skip
            return None
        return GetDeviceIdResponse.decode(message.data[1:]) if message.data[0] == Cc.OK else None
    except DecodeError:
        return None
