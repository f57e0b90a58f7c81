"""`bmc.events`: sending events, where the controller's own go, and what is switched on (§22.1-22.8, §29)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from baseboard.client.sel_entry import SelEntry, SensorNames, describe
from baseboard.client.together import unless
from baseboard.commands.app.messaging import (
    ClearMessageFlags,
    GetBmcGlobalEnables,
    GetBmcGlobalEnablesResponse,
    GetMessageFlags,
    GetMessageFlagsResponse,
    ReadEventMessageBuffer,
    SetBmcGlobalEnables,
)
from baseboard.commands.sensor.events import (
    GetEventReceiver,
    PlatformEvent,
    SetEventReceiver,
    SystemInterfacePlatformEvent,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from baseboard.client.bmc import Bmc
    from baseboard.client.host_events import EventStream
    from baseboard.records.events import EventMessage

SYSTEM_SOFTWARE: Final = 0x41
"""Generator ID of system management software, the first of its kind (Table 5-4)."""

LOCAL: Final = frozenset({"open", "inband", "memory"})
"""Interfaces through which the sender names itself, since they have no addresses (Table 29-3)."""

NOWHERE: Final = 0xFF


@dataclass(frozen=True, slots=True, kw_only=True)
class Receiver:
    """Where a controller sends its events.

    Attributes:
        address: 8-bit slave address; None = it sends none.
        lun: of the receiver.
    """

    address: int | None
    lun: int


class Events:
    """Events of a controller, and to it."""

    def __init__(self, bmc: Bmc) -> None:
        self._bmc = bmc

    async def send(self, event: EventMessage, *, generator_id: int = SYSTEM_SOFTWARE) -> None:
        """Report an event, as if a sensor had sent it; the controller logs it and may act upon it.

        Args:
            event: what happened.
            generator_id: who says so, through a system interface; elsewhere the sender's address tells.
        """
        data = event.event_data.encode()
        words = {
            "evm_rev": int(event.evm_rev),
            "sensor_number": event.sensor_number,
            "event_data1": data[0],
            "event_data2": data[1],
            "event_data3": data[2],
        }
        deassertion = bool(event.direction)
        request: PlatformEvent
        if self._bmc.interface.name in LOCAL:
            request = SystemInterfacePlatformEvent(
                generator_id=generator_id,
                sensor_type=event.sensor_type,
                event_type=event.event_type,
                deassertion=deassertion,
                **words,
            )
        else:
            request = PlatformEvent(
                sensor_type=event.sensor_type,
                event_type=event.event_type,
                deassertion=deassertion,
                **words,
            )
        # Sent again, it would be logged again.
        await self._bmc.execute(request, retry=False)

    # ---- where events go

    async def receiver(self) -> Receiver:
        """Ask where the controller sends its events."""
        told = await self._bmc.execute(GetEventReceiver())
        address = None if told.event_receiver == NOWHERE else told.event_receiver
        return Receiver(address=address, lun=told.lun)

    async def set_receiver(self, address: int | None, lun: int = 0) -> None:
        """Say where the controller is to send its events; None = nowhere. All its events are armed anew."""
        await self._bmc.execute(
            SetEventReceiver(event_receiver=NOWHERE if address is None else address, lun=lun)
        )

    def listen(self, sdr: Iterable[object] = (), *, interval: float = 0.2) -> EventStream:
        """Wait for events as they come to the BMC's own host, for ever; see `EventStream`.

        Args:
            sdr: Sensor Data Records, for names, values and units.
            interval: seconds between two looks, where no driver tells of events by itself.

        Raises:
            LocalProtocolError: events do not come over this interface; a log can be followed over any.
        """
        from baseboard.client.host_events import EventStream

        return EventStream(self._bmc, sdr, interval)

    # ---- the event message buffer, for the system's own software

    async def read_buffer(self, sdr: Iterable[object] = ()) -> SelEntry | None:
        """Take the event from the Event Message Buffer; None if it is empty."""
        answer = await unless(
            self._bmc.execute(ReadEventMessageBuffer(), retry=False), ReadEventMessageBuffer.BUFFER_EMPTY
        )
        return None if answer is None else describe(answer.event, names=SensorNames(sdr))

    async def flags(self) -> GetMessageFlagsResponse:
        """Ask what waits for the system's software."""
        return await self._bmc.execute(GetMessageFlags())

    async def clear_flags(
        self, *, event_buffer: bool = False, messages: bool = False, watchdog: bool = False
    ) -> None:
        """Clear flags, and with them what they tell of."""
        await self._bmc.execute(
            ClearMessageFlags(
                event_message_buffer=event_buffer,
                receive_message_queue=messages,
                watchdog_pretimeout=watchdog,
            )
        )

    # ---- what is switched on

    async def enables(self) -> GetBmcGlobalEnablesResponse:
        """Ask whether events are logged and buffered, and which interrupts are on."""
        return await self._bmc.execute(GetBmcGlobalEnables())

    async def set_enables(
        self,
        *,
        event_logging: bool | None = None,
        event_message_buffer: bool | None = None,
        event_message_buffer_full_interrupt: bool | None = None,
        receive_message_queue_interrupt: bool | None = None,
    ) -> None:
        """Switch these; what is left out stays as it is. Only through a system interface."""
        now = await self.enables()
        await self._bmc.execute(
            SetBmcGlobalEnables(
                oem_2=now.oem_2,
                oem_1=now.oem_1,
                oem_0=now.oem_0,
                event_logging=_or(event_logging, now.event_logging),
                event_message_buffer=_or(event_message_buffer, now.event_message_buffer),
                event_message_buffer_full_interrupt=_or(
                    event_message_buffer_full_interrupt, now.event_message_buffer_full_interrupt
                ),
                receive_message_queue_interrupt=_or(
                    receive_message_queue_interrupt, now.receive_message_queue_interrupt
                ),
            )
        )


def _or(wanted: bool | None, present: bool) -> bool:
    return present if wanted is None else wanted
