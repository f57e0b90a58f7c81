"""The interface ``open``: the BMC of this machine, through Linux's driver."""

from __future__ import annotations

import fcntl
from typing import TYPE_CHECKING, Final

from baseboard.client.bridge import hops
from baseboard.client.feed import Feed
from baseboard.client.host_side import HostRequest
from baseboard.client.interface import BMC, Target
from baseboard.codes import Privilege
from baseboard.errors import EncodeError, NoResponse, SessionClosed, TransportError
from baseboard.rmcp import bridging
from baseboard.rmcp.lan_message import LanMessage
from baseboard.transports import waiting
from baseboard.transports.ipmidev import BMC_ITSELF, IpmiDevice, names
from baseboard.transports.ipmidev_abi import AddressType, DeviceAddress, Received, ReceiveType

if TYPE_CHECKING:
    import asyncio

    from baseboard.client.interface import Interface
    from baseboard.client.settings import Settings
    from baseboard.transports.ipmidev import Ioctl

LONGEST: Final = 270
"""Bytes of data that the driver takes in a request: its longest message less netfn and command."""

# What every system interface can carry at least, a message of 40 bytes (Table 6-9).
_REQUEST, _RESPONSE = 38, 35


class DeviceInterface:
    """An open device file, and who waits for an answer from it.

    Raises:
        TransportError: the device cannot be opened.
    """

    def __init__(self, settings: Settings, *, ioctl: Ioctl = fcntl.ioctl) -> None:
        self.name = "open"
        self.depth = 1
        self.largest_request = _REQUEST
        self.largest_response = _RESPONSE
        self.privilege = int(Privilege.ADMINISTRATOR)
        self._settings = settings
        self._waiting: dict[int, asyncio.Future[bytes]] = {}
        self._listeners: list[Feed[bytes]] = []
        self._receivers: list[Feed[HostRequest]] = []
        self._registered: set[tuple[int, int, int | None]] = set()
        self._msgid = 0
        self._lost: TransportError | None = None
        self._closed = False
        self._device = IpmiDevice(names(settings.device), self._take, self._end, ioctl=ioctl)
        if settings.my_address is not None:
            self._device.set_my_address(settings.target.channel, settings.my_address)

    async def exchange(
        self, netfn: int, cmd: int, data: bytes, *, target: Target = BMC, timeout: float, retry: bool = True
    ) -> bytes:
        """See `Interface.exchange`; over an IPMB it is the driver that sends again."""
        self._usable()
        msgid = self._msgid = self._msgid + 1 & 0x7FFFFFFF
        way = () if target.address == self._settings.my_address else hops(target)
        address, sent = BMC_ITSELF._replace(lun=target.lun), (netfn, cmd, data)
        if way:
            address = DeviceAddress(AddressType.IPMB, way[0].channel, target.lun, way[0].address)
        if len(way) > 1:
            # What the driver asks the first controller for is to ask the second one.
            address = address._replace(lun=0)
            carried = bridging.wrap(way[1:], netfn, cmd, data, msgid & 0x3F, target.lun, way[0].address)
            sent = (bridging.NETFN, bridging.SEND_MESSAGE, carried)
        if len(sent[2]) > LONGEST:
            raise EncodeError(f"a request of {len(sent[2])} data bytes; the driver takes {LONGEST}")
        retries = self._settings.retries if retry and way else 0
        # The driver gives up first: its C3h says more than silence does.
        pause = round(1000 * min(self._settings.timeout, timeout / (retries + 2)))
        answered: asyncio.Future[bytes] = waiting.running().create_future()
        self._waiting[msgid] = answered
        try:
            self._device.send(address, msgid, *sent, retries=retries, retry_ms=pause)
            async with waiting.timeout(timeout):
                answer = await answered
        except TimeoutError:
            raise NoResponse(f"no answer to {netfn:02X}h/{cmd:02X}h in {timeout:.1f} s") from None
        finally:
            self._waiting.pop(msgid, None)
        return _carried(answer, netfn, cmd) if len(way) > 1 else answer

    async def close(self) -> None:
        """Close the device; who still waits is told."""
        self._closed = True
        self._device.close()
        self._fail(SessionClosed("the device was closed"))

    # ---- what comes by itself, see `HostSide`

    def listen(self) -> Feed[bytes]:
        """See `HostSide.listen`."""
        self._usable()
        if not self._listeners:
            self._device.get_events(True)
        feed = Feed[bytes]()
        self._listeners.append(feed)
        return feed

    def listen_no_more(self, feed: Feed[bytes]) -> None:
        """See `HostSide.listen_no_more`."""
        if feed in self._listeners:
            self._listeners.remove(feed)
            feed.end(SessionClosed("nobody listens any more"))
            if not self._listeners and not self._closed and self._lost is None:
                self._device.get_events(False)

    def receive(self) -> Feed[HostRequest]:
        """See `HostSide.receive`."""
        self._usable()
        feed = Feed[HostRequest]()
        self._receivers.append(feed)
        return feed

    def receive_no_more(self, feed: Feed[HostRequest]) -> None:
        """See `HostSide.receive_no_more`."""
        if feed in self._receivers:
            self._receivers.remove(feed)
            feed.end(SessionClosed("nobody takes requests any more"))
            if not self._receivers and not self._closed and self._lost is None:
                for spec in list(self._registered):
                    self.unregister(*spec)

    def register(self, netfn: int, cmd: int, channels: int | None = None) -> None:
        """See `HostSide.register`."""
        self._usable()
        self._device.register(netfn, cmd, channels)
        self._registered.add((netfn, cmd, channels))

    def unregister(self, netfn: int, cmd: int, channels: int | None = None) -> None:
        """See `HostSide.unregister`."""
        self._usable()
        self._registered.discard((netfn, cmd, channels))
        self._device.unregister(netfn, cmd, channels)

    def answer(self, request: HostRequest, data: bytes) -> None:
        """See `HostSide.answer`."""
        self._usable()
        self._device.answer(request.sender, request.msgid, request.netfn, request.cmd, data)

    def _usable(self) -> None:
        if self._lost is not None:
            raise self._lost
        if self._closed:
            raise SessionClosed("the device is closed")

    def _take(self, sender: DeviceAddress, head: Received, data: bytes) -> None:
        match head.type:
            case ReceiveType.RESPONSE:
                future = self._waiting.get(head.msgid)
                if data and future is not None and not future.done():
                    future.set_result(data)
            case ReceiveType.ASYNC_EVENT:
                for feed in self._listeners:
                    feed.put(data)
            case ReceiveType.COMMAND:
                request = HostRequest(
                    channel=sender.channel,
                    address=sender.slave_address,
                    lun=sender.lun,
                    netfn=head.netfn,
                    cmd=head.cmd,
                    data=data,
                    msgid=head.msgid,
                    sender=self._device.sender,
                )
                for receiver in self._receivers:
                    receiver.put(request)
            case _:  # how an answer of ours went, and what makers have of their own
                return

    def _end(self, error: TransportError) -> None:
        self._lost = error
        self._fail(error)

    def _fail(self, error: Exception) -> None:
        for future in self._waiting.values():
            if not future.done():
                future.set_exception(error)
        for feed in self._listeners:
            feed.end(error)
        for receiver in self._receivers:
            receiver.end(error)


def _carried(answer: bytes, netfn: int, cmd: int) -> bytes:
    """The answer of the second controller, out of that of the first to its Send Message."""
    message = LanMessage(0, bridging.NETFN | 1, 0, 0, 0, 0, bridging.SEND_MESSAGE, answer)
    inner = bridging.answer(message, netfn, cmd, acknowledged=False, tolerate=False)
    if inner is None:
        raise NoResponse("the controller on the way sent no answer with its own")
    return inner


async def open_device(settings: Settings) -> Interface:
    """Open the BMC of this machine.

    Raises:
        TransportError: there is no such device, or it may not be opened.
    """
    return DeviceInterface(settings)
