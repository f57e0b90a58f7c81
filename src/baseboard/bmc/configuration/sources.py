"""Where the values of a described BMC's sensors are read."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from baseboard.bmc.blueprint.sources import (
    CommandSource,
    FileSource,
    HwmonSource,
    OneWireSource,
    Place,
    SourceSpec,
    TachometerSource,
)
from baseboard.bmc.configuration.credentials import beside
from baseboard.bmc.configuration.spots import Spot
from baseboard.bmc.configuration.words import numbered

if TYPE_CHECKING:
    from baseboard.bmc.configuration.source_layout import Probe, Source

_KEYS: Final[dict[str, tuple[str, ...]]] = {
    "command": ("timeout_s",),
    "file": (),
    "hwmon": ("channel", "device", "root"),
    "w1": ("root",),
    "tachometer": ("line", "pulses", "bias"),
}
"""What a source is read by, and the keys that only it has."""

_NEEDED: Final = {"hwmon": "channel", "tachometer": "line"}
_LONGEST_WORD: Final = 64


def source_spec(said: Source | None, spot: Spot, *, states: bool) -> SourceSpec | None:
    """Where a sensor's value is read; None = it has no source.

    Args:
        said: what the file says.
        spot: of ``source``.
        states: it is a sensor with states; its numbers are theirs.

    Raises:
        ConfigurationError: a key is missing, or makes no sense there.
    """
    if said is None:
        return None
    place = place_of(said, spot)
    refused = ("scale", "offset") if states else ("words",)
    for key in refused:
        if getattr(said, key) is not None:
            raise (spot / key).wrong(
                f"makes sense only for a sensor with {'a value' if states else 'states'}"
            )
    if states and isinstance(place, TachometerSource):
        raise (spot / "tachometer").wrong("makes sense only for a sensor with a value")
    words = said.words or {}
    for word in words:
        if not word.strip() or len(word) > _LONGEST_WORD:
            raise (spot / "words").wrong(
                f'found "{word[:20]}"; allowed are texts of 1 to {_LONGEST_WORD} characters'
            )
    return SourceSpec(
        place,
        said.interval_s,
        1.0 if said.scale is None else said.scale,
        said.offset or 0.0,
        tuple(
            (word.strip().lower(), sum(1 << one for one in set(offsets))) for word, offsets in words.items()
        ),
    )


def place_of(said: Probe, spot: Spot) -> Place:
    """Where something is read.

    Raises:
        ConfigurationError: it is read nowhere, or at two places, or a key belongs to another way.
    """
    ways = [way for way in _KEYS if getattr(said, way, None) is not None]
    if len(ways) != 1:
        known = [way for way in _KEYS if hasattr(said, way)]
        found = " and ".join(ways) or "none of them"
        raise (spot / ways[1] if ways else spot).wrong(f"found {found}; allowed is one of {', '.join(known)}")
    (way,) = ways
    for key in {key for keys in _KEYS.values() for key in keys} - set(_KEYS[way]):
        if getattr(said, key, None) is not None:
            raise (spot / key).wrong(f"found {key}, which a source by {way} has not")
    needed = _NEEDED.get(way)
    if needed is not None and getattr(said, needed) is None:
        raise (spot / needed).wrong(f"missing; {way} needs it")
    return _made(said, way, spot)


def _made(said: Probe, way: str, spot: Spot) -> Place:
    given = {key: getattr(said, key) for key in _KEYS[way] if getattr(said, key) is not None}
    value = getattr(said, way)
    match way:
        case "command":
            return CommandSource(tuple(value), folder=str(beside(spot.file, ".").absolute()), **given)
        case "file":
            return FileSource(str(beside(spot.file, value)))
        case "hwmon":
            return HwmonSource(value, **given)
        case "w1":
            return OneWireSource(value, **given)
        case _:
            return TachometerSource(value, **given)


def numbered_source(spec: SourceSpec | None, number: int, name: str) -> SourceSpec | None:
    """The same source for one of several sensors alike: ``{n}`` is its number, ``{name}`` its name."""
    if spec is None:
        return None
    return replace(spec, place=_numbered(spec.place, number, name))


def _numbered(place: Place, number: int, name: str) -> Place:
    match place:
        case CommandSource(command):
            return replace(place, command=tuple(numbered(word, number, name) for word in command))
        case FileSource(path):
            return replace(place, path=numbered(path, number, name))
        case HwmonSource(chip, channel, device):
            return replace(
                place,
                chip=numbered(chip, number),
                channel=numbered(channel, number),
                device=numbered(device, number),
            )
        case OneWireSource(device):
            return replace(place, device=numbered(device, number))
        case _:
            line = place.line
            return place if isinstance(line, int) else replace(place, line=numbered(line, number))
