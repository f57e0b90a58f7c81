"""A controller's own SDRs: those of the sensors that it has now (§35.2 to §35.4)."""

from __future__ import annotations

from baseboard.bmc.services.reservation import Reservation
from baseboard.bmc.services.sdr_template import SdrTemplate
from baseboard.bmc.services.sensors import Sensors
from baseboard.codes import Cc
from baseboard.errors import CompletionError

LAST = 0xFFFF
"""As record ID in a request the last record, in a response that there is none after this."""


class DeviceSdrs:
    """The records that the controller was made with, without those of sensors that are not there.

    Attributes:
        reservation: who may read in part; cancelled when sensors come or go.
    """

    __slots__ = ("_sensors", "_template", "reservation")

    def __init__(self, sensors: Sensors, template: SdrTemplate) -> None:
        self._sensors, self._template = sensors, template
        self.reservation = Reservation()
        sensors.population.on_change.append(self.reservation.cancel)

    def __len__(self) -> int:
        return len(self._ids())

    @property
    def dynamic(self) -> bool:
        """Whether sensors may come and go."""
        return self._sensors.population.dynamic

    @property
    def changes(self) -> int:
        """The population change indicator: how often sensors came or went."""
        self._sensors.population.refresh()
        return self._sensors.population.changes

    def sensors(self, lun: int) -> int:
        """How many sensors there are on a LUN."""
        self._sensors.population.refresh()
        absent = self._sensors.population.absent
        return sum(one.lun == lun and one.index not in absent for one in self._sensors.catalogue.sensors)

    def read(self, record_id: int) -> tuple[bytes, int]:
        """A record and the ID of the one after it; FFFFh = there is none.

        A record keeps its ID while sensors come and go.

        Args:
            record_id: 0000h = the first, FFFFh = the last.

        Raises:
            CompletionError: CBh, there is no such record.
        """
        ids = self._ids()
        if ids and record_id in (0, LAST):
            record_id = ids[0] if record_id == 0 else ids[-1]
        if record_id not in ids:
            raise CompletionError(Cc.NOT_PRESENT)
        place = ids.index(record_id) + 1
        return self._template.records[record_id - 1], ids[place] if place < len(ids) else LAST

    def _ids(self) -> range | list[int]:
        """The IDs of the records that are there."""
        self._sensors.population.refresh()
        every = range(1, len(self._template.records) + 1)
        absent = {self._template.places[index] for index in self._sensors.population.absent}
        return [number for number in every if number not in absent] if absent else every
