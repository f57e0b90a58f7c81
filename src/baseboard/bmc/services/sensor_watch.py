"""What happened to the sensors of a BMC: what holds, and what is remembered (§35.12, §35.13)."""

from __future__ import annotations

from array import array

from baseboard.bmc.services.sensor_template import SensorTemplate
from baseboard.bmc.shared import Sparse

KNOWN = 0x8000
"""Set in a sensor's word once its states were seen; there is no state 15."""

_STATES = 0x7FFF


class Watch(Sparse):
    """A word for each sensor, and more for those whose events ended, or that somebody must re-arm.

    Attributes:
        present: events (bit n = offset n) whose condition held when the sensor was last looked at.
    """

    __slots__ = ("_ended", "_latched", "present")
    PARTS = (("_ended", dict), ("_latched", dict))

    _ended: dict[int, int]
    _latched: dict[int, int]

    def __init__(self, sensors: int) -> None:
        self.present = array("H", bytes(2 * sensors))

    def forget(self) -> None:
        """Nothing was seen yet, and nothing happened."""
        size = len(self.present)
        self.present[:] = array("H", bytes(2 * size))
        self._ended.clear()
        self._latched.clear()

    def held(self, sensor: SensorTemplate) -> int:
        """The conditions that held when the sensor was last looked at."""
        return self.present[sensor.index] & _STATES

    def known(self, sensor: SensorTemplate) -> bool:
        """Whether states of the sensor were seen before."""
        return bool(self.present[sensor.index] & KNOWN)

    def begin(self, sensor: SensorTemplate, conditions: int) -> None:
        """Take these conditions for known, without news."""
        self.present[sensor.index] = KNOWN | conditions

    def change(self, sensor: SensorTemplate, conditions: int) -> tuple[int, int]:
        """Take note of what holds now.

        Returns: the assertion and the deassertion events that this makes.
        """
        index = sensor.index
        before = self.present[index] & _STATES
        if conditions == before:
            return 0, 0
        self.present[index] = KNOWN | conditions
        began, over = conditions & ~before, before & ~conditions
        ended = self._ended.get(index, 0)
        if sensor.auto_rearm:
            # a condition that is back has re-armed the event of its end, and the other way round
            self._ended[index] = ended & ~began | over
            return began, over
        latched = self._latched.get(index, 0)
        self._latched[index] = latched | began
        self._ended[index] = ended | over
        return began & ~latched, over & ~ended

    def ended(self, sensor: SensorTemplate) -> int:
        """The deassertion events that are remembered, those among them that the sensor never sends too."""
        return self._ended.get(sensor.index, 0)

    def end(self, sensor: SensorTemplate, ended: int) -> int:
        """Write the deassertion status (§35.17): what is set there is over, whether it held or not.

        Returns: the deassertion events that this makes, besides those of conditions that held.
        """
        before = self._ended.get(sensor.index, 0)
        self._ended[sensor.index] = ended
        return ended & ~before

    def status(self, sensor: SensorTemplate) -> tuple[int, int]:
        """The assertion and deassertion events that have occurred (§35.13)."""
        held = self.held(sensor) if sensor.auto_rearm else self._latched.get(sensor.index, 0)
        return held & sensor.assertions, self._ended.get(sensor.index, 0) & sensor.deassertions

    def rearm(self, sensor: SensorTemplate, assertions: int, deassertions: int) -> None:
        """Forget events, so that a condition that still holds is news again (§35.12)."""
        index = sensor.index
        self.present[index] &= ~(assertions & _STATES)
        if index in self._ended:
            self._ended[index] &= ~(deassertions & _STATES)
        if index in self._latched:
            self._latched[index] &= ~assertions
