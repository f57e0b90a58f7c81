"""`EventStream`: events of a BMC as they come to its own host (§6.13.2, §22.8).

Linux's driver hands them out by itself, woken by the BMC's attention. An interface without that driver is
asked for the Event Message Buffer again and again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Self

from baseboard.client.deadline import remaining
from baseboard.client.host_side import HostSide, host_side
from baseboard.client.sel_entry import SelEntry, SensorNames, describe
from baseboard.errors import SessionClosed
from baseboard.transports import waiting

if TYPE_CHECKING:
    from collections.abc import Iterable

    from baseboard.client.bmc import Bmc
    from baseboard.client.feed import Feed

POLLED: Final = frozenset({"inband", "memory"})
"""Interfaces of the host itself on which nobody takes the events but us."""


class EventStream:
    """Events as they come, for ever; ``async for`` gives each as a `SelEntry`.

    >>> async for event in bmc.events.listen(await bmc.sdr.records()):  # doctest: +SKIP
    ...     print(event.sensor, event.event)
    """

    def __init__(self, bmc: Bmc, sdr: Iterable[object], interval: float) -> None:
        """Begin to listen.

        Args:
            sdr: Sensor Data Records, for names, values and units.
            interval: seconds between two looks, on interfaces without a driver that tells by itself.

        Raises:
            LocalProtocolError: events do not come over this interface.
            TransportError: the driver does not tell them.
        """
        self._bmc, self._interval = bmc, interval
        self._names = SensorNames(sdr)
        self._feed: Feed[bytes] | None = None
        self._host: HostSide | None = None
        self._closed = self._buffering = False
        if bmc.interface.name not in POLLED:
            self._host = host_side(bmc.interface, "events")
            self._feed = self._host.listen()

    def name(self, sdr: Iterable[object]) -> None:
        """Take other Sensor Data Records for the names in what follows."""
        self._names = SensorNames(sdr)

    @property
    def lost(self) -> int:
        """How many events went, for nobody took them in time."""
        return 0 if self._feed is None else self._feed.lost

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> SelEntry:
        """The next event.

        Raises:
            DeadlinePassed: it did not come within the time for the operation.
            SessionClosed: the stream or the interface was closed.
        """
        raw = await (self._look() if self._feed is None else self._feed.take())
        return describe(raw, names=self._names)

    async def close(self) -> None:
        """Listen no more; harmless when it is closed already."""
        self._closed = True
        if self._host is not None and self._feed is not None:
            self._host.listen_no_more(self._feed)

    async def ready(self) -> None:
        """See that no event is missed from here on: where no driver does it, switch the buffer on."""
        if self._feed is None and not self._buffering:
            await self._bmc.events.set_enables(event_message_buffer=True)
            self._buffering = True

    async def _look(self) -> bytes:
        """Wait until the Event Message Buffer has something."""
        await self.ready()
        while not self._closed:
            record = await self._bmc.messaging.next_event()
            if record is not None:
                return record
            await waiting.sleep(remaining(self._interval))
        raise SessionClosed("nobody listens any more")
