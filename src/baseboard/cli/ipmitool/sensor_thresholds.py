"""``sensor thresh``: set one threshold, or all upper or all lower ones."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Final, NamedTuple

from baseboard.cli.ipmitool.names import shown
from baseboard.cli.ipmitool.sdr_reading import Sensors
from baseboard.cli.ipmitool.sdr_values import digits
from baseboard.cli.ipmitool.text import completion
from baseboard.cli.results.sensor import ThresholdSet
from baseboard.errors import EncodeError, NoResponse
from baseboard.records.sdr import FullSensorRecord

if TYPE_CHECKING:
    from baseboard.cli.ipmitool.sdr_record import Entry
    from baseboard.cli.ipmitool.sdr_repository import SdrSource

USAGE: Final = """\
sensor thresh <id> <threshold> <setting>
   id        : name of the sensor for which threshold is to be set
   threshold : which threshold to set
                 unr = upper non-recoverable
                 ucr = upper critical
                 unc = upper non-critical
                 lnc = lower non-critical
                 lcr = lower critical
                 lnr = lower non-recoverable
   setting   : the value to set the threshold to

sensor thresh <id> lower <lnr> <lcr> <lnc>
   Set all lower thresholds at the same time

sensor thresh <id> upper <unc> <ucr> <unr>
   Set all upper thresholds at the same time

"""

_INVALID: Final = "Invalid Threshold data values. Cannot Set Threshold Data."
_SENSOR, _SET_THRESHOLD = 0x04, 0x26


class Threshold(NamedTuple):
    """One of the six.

    Attributes:
        word: its letters.
        bit: in the mask of thresholds.
        place: of its value in the commands, from 1.
        title: its name.
        above: letters of those that it has to stay below.
        below: letters of those that it has to stay above.
    """

    word: str
    bit: int
    place: int
    title: str
    above: tuple[str, ...]
    below: tuple[str, ...]


# What ipmitool compares a single new threshold with; what it leaves out, it leaves out.
_THRESHOLDS: Final = {
    one.word: one
    for one in (
        Threshold("unr", 0x20, 6, "Upper Non-Recoverable", (), ("ucr", "unc")),
        Threshold("ucr", 0x10, 5, "Upper Critical", ("unr",), ("unc",)),
        Threshold("unc", 0x08, 4, "Upper Non-Critical", ("unr", "ucr"), ("lnc",)),
        Threshold("lnc", 0x01, 1, "Lower Non-Critical", ("unc",), ("lcr", "lnr")),
        Threshold("lcr", 0x02, 2, "Lower Critical", ("lnc",), ("lnr",)),
        Threshold("lnr", 0x04, 3, "Lower Non-Recoverable", ("lnc", "lcr"), ()),
    )
}

# Several at once: the words that complaints name, and the thresholds that they are for.
_GROUPS: Final = {
    "upper": (("unc", "ucr", "unr"), ("unc", "ucr", "unr")),
    "lower": (("lnc", "lcr", "lnr"), ("lnr", "lcr", "lnc")),
}


async def thresh(source: SdrSource, words: list[str]) -> int:
    """Do what the words after ``sensor thresh`` say."""
    call = source.call
    if len(words) < 3 or words[0] == "help":
        call.err(USAGE, end="")
        return 0
    name, which = words[:2]
    wanted = _wanted(source, name, which, words[2:])
    if wanted is None:
        return 1
    call.out(f"Locating sensor record '{name}'...")
    entry = await source.named(name)
    if entry is None:
        call.err("Sensor data record not found!")
        return 1
    if not isinstance(entry.record, FullSensorRecord):
        call.err(f"Invalid sensor type {entry.kind:02x}")
        return 1
    if not entry.record.has_thresholds:
        call.err(f"Invalid sensor event type {entry.record.event_type:02x}")
        return 1
    setter = Setter(source, entry, entry.record)
    if which in _GROUPS:
        code = 0
        for threshold, value in wanted:
            code = await setter.set(threshold, value)
        return code
    ((threshold, value),) = wanted
    return await setter.set(threshold, value) if await setter.fits(threshold, value) else 1


def _wanted(
    source: SdrSource, name: str, which: str, values: list[str]
) -> list[tuple[Threshold, float]] | None:
    """Which thresholds are to become what; None and a line on standard error if the words do not say."""
    call = source.call
    if which in _GROUPS:
        named, places = _GROUPS[which]
        if len(values) < 3:
            call.err(f"usage: sensor thresh <id> {which} " + " ".join(f"<{one}>" for one in places))
            return None
        found: list[tuple[Threshold, float]] = []
        for title, place, word in zip(named, places, values, strict=False):
            value = real(word)
            if value is None:
                call.err(f"Given {title} '{word}' is invalid.")
                return None
            found.append((_THRESHOLDS[place], value))
        return found
    if which not in _THRESHOLDS:
        call.err(f"Valid threshold '{which}' for sensor '{name}' not specified!")
        return None
    value = real(values[0])
    if value is None:
        call.err(f"Given {which} threshold value '{values[0]}' is invalid.")
        return None
    return [(_THRESHOLDS[which], value)]


def real(word: str) -> float | None:
    """A number as C's ``strtod`` reads it; None if there is more in the word, or it is too large."""
    if not word:
        return 0.0
    text = word.lstrip(" \t\n\v\f\r").lower()
    try:
        if re.match(r"[+-]?0x", text):
            value = float.fromhex(text)
        elif re.fullmatch(r"[+-]?(\d+\.?\d*(e[+-]?\d+)?|\.\d+(e[+-]?\d+)?|inf(inity)?|nan)", text):
            value = float(text)
        else:
            return None
    except (ValueError, OverflowError):
        return None
    return None if math.isinf(value) and "inf" not in text else value


class Setter:
    """Sets the thresholds of one sensor."""

    def __init__(self, source: SdrSource, entry: Entry, record: FullSensorRecord) -> None:
        self._source, self._call = source, source.call
        self._entry, self._record = entry, record
        self._sensors = Sensors(source)

    async def fits(self, threshold: Threshold, value: float) -> bool:
        """Whether a threshold may become that, as the others stand; if not, standard error says so."""
        data = await self._present()
        if data is None:
            self._call.err("Sensor data record not found!")
            return False
        mask = data[0]
        factors = self._entry.factors
        assert factors is not None

        def other(word: str) -> float:
            return max(factors.value(data[_THRESHOLDS[word].place]), 0.0)

        clash = mask & threshold.bit and (
            any(mask & _THRESHOLDS[word].bit and value >= other(word) for word in threshold.above)
            or any(mask & _THRESHOLDS[word].bit and value <= other(word) for word in threshold.below)
        )
        if clash:
            self._call.err(_INVALID)
        return not clash

    async def _present(self) -> bytes | None:
        """Mask and six thresholds."""
        try:
            answer = await self._source.bmc.exchange(
                _SENSOR, 0x27, bytes((self._record.sensor_number,)), target=self._sensors.target(self._record)
            )
        except NoResponse:
            return None
        return None if answer[0] else answer[1:].ljust(7, b"\0")

    async def set(self, threshold: Threshold, value: float) -> int:
        """Set one; 0 if the controller takes it, else 1."""
        call, name = self._call, shown(self._entry.whole_name)
        call.out(f'Setting sensor "{name}" {threshold.title} threshold to {digits(value, 3)}')
        raw = self._raw(value)
        if raw is None:
            call.err(f"Error setting threshold: no raw reading stands for {value:g}")
            return 1
        values = bytearray(6)
        values[threshold.place - 1] = raw
        request = bytes((self._record.sensor_number, threshold.bit)) + values
        try:
            answer = await self._source.bmc.exchange(
                _SENSOR, _SET_THRESHOLD, request, target=self._sensors.target(self._record)
            )
        except NoResponse:
            call.err("Error setting threshold")
            return 1
        if answer[0]:
            call.err(f"Error setting threshold: {completion(answer[0])}")
            return 1
        call.result(ThresholdSet(name=name, threshold=threshold.word, value=value, raw=raw))
        return 0

    def _raw(self, value: float) -> int | None:
        """The byte nearest to a value.

        ipmitool forgets the linearization here, and lets a value out of range begin anew at 0, so that 300 of
        a sensor that ends at 255 would become 44.
        """
        factors = self._entry.factors
        if factors is None or factors.discrete:
            return 0 if math.isnan(value) else int(min(max(value, 0), 255))
        try:
            return self._record.formula.raw(value)
        except EncodeError:
            return None
