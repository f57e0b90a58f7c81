"""Files of the Linux kernel that tell temperatures, voltages and speeds: hwmon and 1-wire."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from baseboard.bmc.blueprint.sources import HwmonSource, OneWireSource
from baseboard.errors import TransportError

MOST: Final = 4096
"""Bytes of a file that are looked at."""

_SCALES: Final = {
    "temp": 1e-3, "in": 1e-3, "curr": 1e-3, "humidity": 1e-3, "power": 1e-6, "energy": 1e-6,
}  # fmt: skip
"""From the kernel's units (m°C, mV, mA, 1/1000 %, µW, µJ) to those of sensors; fans are in RPM in both."""

_VALUES: Final = ("input", "average", "min", "max", "crit", "lowest", "highest")
_CHANNEL: Final = re.compile(r"([a-z]+)[0-9]*(?:_([a-z0-9_]+))?")
_ONE_WIRE: Final = re.compile(r"\bt=(-?[0-9]{1,7})\s*$")


def read_text(path: Path) -> str:
    """What a file says.

    Raises:
        TransportError: it cannot be read.
    """
    try:
        with path.open("rb") as stream:
            return stream.read(MOST).decode("utf-8", "replace").strip()
    except OSError as error:
        raise TransportError(f"{path}: {error.strerror or error}") from error


def write_text(path: Path, text: str) -> None:
    """Write into a file that is there.

    Raises:
        TransportError: it is not, or what is written is refused.
    """
    try:
        with path.open("r+b", buffering=0) as stream:
            stream.write(text.encode("ascii"))
    except OSError as error:
        raise TransportError(f"{path}: {error.strerror or error}") from error


def chip_folder(source: HwmonSource) -> Path:
    """Where the kernel shows a monitoring chip; its number differs from one start to the next.

    Raises:
        TransportError: there is no such chip, or several.
    """
    found: dict[str, Path] = {}
    names: set[str] = set()
    for folder in sorted(Path(source.root).glob("hwmon*")):
        try:
            name = read_text(folder / "name")
        except TransportError:  # it has just gone
            continue
        names.add(name)
        device = (folder / "device").resolve().name
        if name == source.chip and source.device in ("", device):
            found[device] = folder
    if len(found) > 1:
        raise TransportError(
            f"there are {len(found)} chips {source.chip}; device is one of {', '.join(found)}"
        )
    for folder in found.values():
        return folder
    which = f"{source.chip} at {source.device}" if source.device else source.chip
    there = ", ".join(sorted(names)) or "none"
    raise TransportError(f"there is no chip {which} in {source.root}; there are: {there}")


def read_hwmon(source: HwmonSource) -> str:
    """A channel of a monitoring chip, in the units of sensors: degrees C, volts, RPM, watts, amperes.

    Raises:
        TransportError: it cannot be read, or the chip says that it is faulty.
    """
    folder = chip_folder(source)
    channel, _, suffix = source.channel.partition("_")
    fault = folder / f"{channel}_fault"
    if fault.exists() and read_text(fault) == "1":
        raise TransportError(f"{source.chip} says that {channel} is faulty")
    if not suffix:
        suffix = "average" if (folder / f"{channel}_average").exists() else "input"
        suffix = "input" if (folder / f"{channel}_input").exists() else suffix
    text = read_text(folder / f"{channel}_{suffix}")
    kind = _CHANNEL.match(channel)
    scale = _SCALES.get(kind[1]) if kind is not None and suffix in _VALUES else None
    if scale is None:
        return text
    try:
        return repr(int(text) * scale)
    except ValueError:
        raise TransportError(f'{source.chip} {source.channel}: "{text[:20]}" is no number') from None


def read_one_wire(source: OneWireSource) -> str:
    """A thermometer on a 1-wire bus, in degrees C; the kernel measures as it is read, for up to a second.

    Raises:
        TransportError: it cannot be read, or what came was damaged on the way.
    """
    folder = Path(source.root) / source.device
    direct = folder / "temperature"
    text = read_text(direct) if direct.exists() else _of_slave(source.device, read_text(folder / "w1_slave"))
    try:
        return repr(int(text) / 1000)
    except ValueError:
        raise TransportError(f'{source.device}: "{text[:20]}" is no temperature') from None


def _of_slave(device: str, text: str) -> str:
    """The temperature in the two lines that older kernels have: the bytes, and whether they are right."""
    lines = text.splitlines()
    if not lines or not lines[0].rstrip().endswith("YES"):
        raise TransportError(f"{device}: what it sent was damaged")
    found = _ONE_WIRE.search(lines[-1])
    return found[1] if found is not None else lines[-1]
