"""What makers mean by the bytes of an event that the specification leaves to them, as far as it is public."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from baseboard.records.events import DataUse
from baseboard.records.sel import SystemEvent

DELL: Final = 674
SUPERMICRO: Final = (10876, 47488)

_MEMORY, _LOGGING, _INTERRUPT, _DELL_NON_FATAL, _DELL_FATAL, _SUPERMICRO_OWN = (
    0x0C, 0x10, 0x13, 0xC2, 0xC3, 0xD0,
)  # fmt: skip
_KNOWN: Final = frozenset({_MEMORY, _LOGGING, _INTERRUPT, _DELL_NON_FATAL, _DELL_FATAL, _SUPERMICRO_OWN})

_PER_NODE: Final[Mapping[int, int]] = {8: 4, 9: 6, 0xA: 8, 0xB: 9, 0xC: 12, 0xD: 24, 0xE: 3}
"""Memory modules of a node, by the upper half of Dell's event data byte 2."""

_NO_BANK: Final = 0xF
_RESETS: Final[Mapping[int, str]] = {0: "BMC unexpected reset", 1: "BMC cold reset", 2: "BMC warm reset"}


def concerns(event: SystemEvent) -> bool:
    """Whether an event has bytes of a maker's own, of a kind that something is known about."""
    own = DataUse.OEM in (event.event_data.use_2, event.event_data.use_3)
    return own and int(event.sensor_type) in _KNOWN


def maker_words(manufacturer_id: int, event: SystemEvent) -> tuple[str, ...]:
    """Say what the maker means; nothing where that is not public.

    Args:
        manufacturer_id: of the controller that keeps the log.
    """
    if not concerns(event):
        return ()
    words = _WORDS.get(manufacturer_id & 0xFFFFF)
    text = "" if words is None else words(event)
    return (text,) if text else ()


def _dell(event: SystemEvent) -> str:
    data = event.event_data
    if int(event.sensor_type) in (_MEMORY, _LOGGING):
        return _dell_memory(event)
    if data.use_2 != DataUse.OEM or data.use_3 != DataUse.OEM:
        return ""
    if data.data_3 & 0x80:
        return f"slot {data.data_3 & 0x7F}"
    return f"PCI {data.data_3 & 0x7F:02x}:{data.data_2 >> 3 & 0x1F:02x}.{data.data_2 & 7}"


def _dell_memory(event: SystemEvent) -> str:
    """Card, bank and modules: bits of byte 3, counted from where byte 2 says."""
    data = event.event_data
    card, first = "", 0
    upper = data.data_2 >> 4 if data.use_2 == DataUse.OEM else _NO_BANK
    if data.use_2 == DataUse.OEM:
        card = f"card {chr(ord('A') + upper)}" if upper < min(_PER_NODE) else ""
        bank = data.data_2 & 0x0F
        first = 0 if bank == _NO_BANK else bank << 3
    if data.use_3 != DataUse.OEM:
        return card
    places = [first + bit for bit in range(8) if data.data_3 >> bit & 1]
    size = _PER_NODE.get(upper)
    names = [
        f"DIMM{place + 1}" if size is None else f"DIMM{chr(ord('A') + place // size)}{place % size + 1}"
        for place in places
    ]
    return " ".join([*([card] if card else []), ", ".join(names)]).strip()


def _supermicro(event: SystemEvent) -> str:
    data = event.event_data
    if int(event.sensor_type) == _SUPERMICRO_OWN and data.data_3 == 0xFF:
        return _RESETS.get(data.data_2, "")
    return ""  # how modules are numbered differs from board to board


_WORDS: Final[Mapping[int, Callable[[SystemEvent], str]]] = {
    DELL: _dell,
    **dict.fromkeys(SUPERMICRO, _supermicro),
}
