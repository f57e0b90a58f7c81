"""What can be written of a sensor besides its limits: reading, status and type (§35.15 to §35.17)."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from baseboard.client.sensor_settings import SensorSettings
from baseboard.codes import EventReadingType, SensorType
from baseboard.commands.sensor.sensors import (
    BitsOperation,
    EventDataOperation,
    GetSensorType,
    ReadingOperation,
    SetSensorReadingAndEventStatus,
    SetSensorType,
)
from baseboard.errors import NoEffect

if TYPE_CHECKING:
    from baseboard.client.sensor import Sensor
    from baseboard.records.events import EventData

_EXCEPT_OFFSET: Final = EventDataOperation.WRITE_EXCEPT_OFFSET
_OPERATIONS: Final = {"write": BitsOperation.WRITE, "set": BitsOperation.SET, "clear": BitsOperation.CLEAR}


class Bits(NamedTuple):
    """What is done with a sensor's assertion or deassertion status.

    Attributes:
        how: ``write`` it as given, ``set`` the bits that are 1, ``clear`` the bits that are 1.
        mask: bit n is event offset n.
    """

    how: Literal["write", "set", "clear"]
    mask: int


class Kind(NamedTuple):
    """What a sensor says that it is."""

    sensor_type: SensorType
    event_type: EventReadingType


class SensorWriting(SensorSettings):
    """The part of ``bmc.sensors`` that writes what sensors show, and what they are."""

    @abstractmethod
    async def read(self, sensor: Sensor | str, *, thresholds: bool = True) -> Sensor:
        """Read one sensor."""

    async def write(
        self,
        sensor: Sensor | str,
        value: float | None = None,
        *,
        raw: int | None = None,
        assertions: Bits | None = None,
        deassertions: Bits | None = None,
        event_data: EventData | None = None,
        keep_offset: bool = True,
    ) -> Sensor:
        """Write what a settable sensor shows; its controller sends the events that come of it (§35.17).

        >>> await bmc.sensors.write("Inlet Temp", 41.5)                      # doctest: +SKIP
        >>> await bmc.sensors.write("Drive 2", assertions=Bits("set", 0b10)) # doctest: +SKIP

        Args:
            sensor: it, or its name.
            value: the reading, in the sensor's unit.
            raw: the same as a raw byte.
            assertions: what is done with its states, or with the conditions of its thresholds.
            deassertions: what is done with what it says to be over.
            event_data: goes out with the events; None: the controller's own.
            keep_offset: the offset in the event data is the controller's; else it is as given.

        Returns: the sensor, read again.

        Raises:
            EncodeError: no reading stands for the value.
            CompletionError: 80h it cannot be written, 81h its event data cannot, or refused otherwise.
        """
        known = await self._known(sensor)
        if value is not None:
            raw = (await self.conversion(known)).raw(value)
        request = _request(known.number, raw, assertions, deassertions)
        if event_data is not None:
            data = event_data.encode()
            request = request.replace(
                event_data_operation=_EXCEPT_OFFSET if keep_offset else EventDataOperation.WRITE,
                event_data1=data[0],
                event_data2=data[1],
                event_data3=data[2],
            )
        # Sent again, its events would be sent again.
        await self._bmc.execute(request, target=self.target(known), retry=False)
        return await self.read(known, thresholds=False)

    async def kind(self, sensor: Sensor | str) -> Kind:
        """Ask what a sensor is now, whatever its record says (§35.16)."""
        known = await self._known(sensor)
        answer = await self._bmc.execute(GetSensorType(sensor_number=known.number), target=self.target(known))
        return Kind(answer.sensor_type, answer.event_reading_type)

    async def set_kind(self, sensor: Sensor | str, sensor_type: int, event_type: int | None = None) -> Kind:
        """Say what a sensor is, which its events then say (§35.15).

        Args:
            sensor: it, or its name.
            sensor_type: Table 42-3.
            event_type: event/reading type; None: as it is.

        Raises:
            CompletionError: the controller refused.
            NoEffect: it did not, but the type is not what was set.
        """
        known = await self._known(sensor)
        event = (await self.kind(known)).event_type if event_type is None else EventReadingType(event_type)
        wanted = Kind(SensorType(sensor_type), event)
        request = SetSensorType(
            sensor_number=known.number, sensor_type=wanted.sensor_type, event_reading_type=event
        )
        await self._bmc.execute(request, target=self.target(known))
        now = await self.kind(known)
        if now != wanted:
            raise NoEffect(
                f"{known.name}: its type was set to {wanted.sensor_type:02X}h/{wanted.event_type:02X}h"
                f" and is {now.sensor_type:02X}h/{now.event_type:02X}h"
            )
        return now


def _request(
    number: int, raw: int | None, assertions: Bits | None, deassertions: Bits | None
) -> SetSensorReadingAndEventStatus:
    """The request, whose event data are the controller's own."""
    asserted, deasserted = (bits.mask if bits else 0 for bits in (assertions, deassertions))
    return SetSensorReadingAndEventStatus(
        sensor_number=number,
        assertion_operation=_operation(assertions),
        deassertion_operation=_operation(deassertions),
        reading_operation=ReadingOperation.NO_CHANGE if raw is None else ReadingOperation.WRITE,
        reading=raw or 0,
        assertions_low=asserted & 0xFF,
        assertions_high=asserted >> 8,
        deassertions_low=deasserted & 0xFF,
        deassertions_high=deasserted >> 8,
    )


def _operation(bits: Bits | None) -> BitsOperation:
    return BitsOperation.NO_CHANGE if bits is None else _OPERATIONS[bits.how]
