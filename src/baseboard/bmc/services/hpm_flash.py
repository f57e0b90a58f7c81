"""Where the firmware of the simulated components is: banks of flash memory, kept in the store.

A component has three banks: one runs, one holds the backup, one takes what is uploaded. To activate or to
roll
back only says which bank is which, in one change, so that whatever interrupts it leaves the old or the
new. An
upload that was interrupted is no bank at all: nothing names it, and it is thrown away at the next start.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from baseboard.bmc.blueprint.hpm import HpmComponentSpec, HpmSpec
from baseboard.bmc.services.home import Home
from baseboard.errors import DecodeError
from baseboard.records.hpm import HpmVersion
from baseboard.records.simulated_firmware import PASSED, SimulatedFirmware

CHUNK: Final = 4096
"""Bytes of firmware in a row of the store."""

BANKS: Final = 3
CONTROLLER: Final = 0
"""The component that is the controller's own firmware."""

_FIRST: Final = HpmVersion(major=1, minor="00")
_SECTION: Final = "hpm"
_NONE: Final = 0xFF
_SLOTS: Final = struct.Struct("<BBBB")
_BANK: Final = struct.Struct("<?6sIBB32s")


@dataclass(frozen=True, slots=True)
class Bank:
    """Firmware in a bank.

    Attributes:
        number: of the bank, 0-2.
        version: of the firmware.
        length: its bytes.
        digest: SHA-256 of them.
        result: of its self test, both bytes.
        shipped: it is what the component came with, which the store does not hold.
    """

    number: int
    version: HpmVersion
    length: int
    digest: bytes
    result: tuple[int, int] = (PASSED, 0)
    shipped: bool = False


@dataclass(frozen=True, slots=True)
class Banks:
    """What a component has.

    Attributes:
        active: what runs.
        backup: what ran before, if it is kept.
        staged: what was uploaded and waits to be activated.
        armed: it was activated, and waits for the host to be reset.
    """

    active: Bank
    backup: Bank | None = None
    staged: Bank | None = None
    armed: bool = False

    def free(self) -> int:
        """A bank that an upload may take."""
        taken = {self.active.number}
        if self.backup is not None:
            taken.add(self.backup.number)
        return next(number for number in range(BANKS) if number not in taken)


class Flash:
    """The banks of all components of a BMC."""

    __slots__ = ("_banks", "_home", "_journal", "_spec", "rolled_back")

    def __init__(self, home: Home, spec: HpmSpec) -> None:
        self._home = home
        self._journal = home.journal
        self._spec = spec
        self._banks: dict[int, Banks] = {}  # of those that are not as shipped
        self.rolled_back = 0
        kept = self._journal.saved(_SECTION)
        for one in spec.components:
            contents = [self._journal.saved(_bank_section(one.number, bank)) for bank in range(BANKS)]
            if one.number in kept or any(contents):
                self._load(one, kept.get(one.number), contents)

    def __getitem__(self, number: int) -> Banks:
        changed = self._banks.get(number)
        return self._as_shipped(number) if changed is None else changed

    def changed(self, number: int) -> Banks | None:
        """The banks of a component; None = they are as shipped, and need not be made to tell so."""
        return self._banks.get(number)

    def _as_shipped(self, number: int) -> Banks:
        version = self._spec.component(number).version
        if version is None:
            version = self._controller() if number == CONTROLLER else _FIRST
        return _shipped(version)

    def _controller(self) -> HpmVersion:
        identity = self._home.blueprint.identity
        return HpmVersion(
            major=identity.firmware_major,
            minor=identity.firmware_minor,
            auxiliary=identity.aux_firmware or bytes(4),
        )

    def staged(self) -> tuple[int, ...]:
        """The components with something to be activated."""
        return tuple(
            sorted(number for number, one in self._banks.items() if one.staged is not None and not one.armed)
        )

    def armed(self) -> tuple[int, ...]:
        """The components that wait for the host to be reset."""
        return tuple(sorted(number for number, one in self._banks.items() if one.armed))

    def erase(self, number: int) -> int:
        """Throw away what a component has staged, and make room.

        Returns: the bank with the room.
        """
        banks = self[number]
        if banks.staged is not None:
            self._set(number, replace(banks, staged=None, armed=False))
            self._journal.clear(_bank_section(number, banks.staged.number))
        free = self[number].free()
        self._journal.clear(_bank_section(number, free))
        return free

    def back_up(self, number: int) -> None:
        """Make what runs the backup too."""
        banks = self[number]
        old = banks.backup
        self._set(number, replace(banks, backup=banks.active))
        if old is not None and old.number != banks.active.number:
            self._journal.clear(_bank_section(number, old.number))

    def stage(self, number: int, bank: Bank) -> None:
        """Have a bank wait for its activation."""
        self._set(number, replace(self[number], staged=bank, armed=False))

    def arm(self, number: int) -> None:
        """Have a component begin with what is staged when the host is reset."""
        self._set(number, replace(self[number], armed=True))

    def activate(self, numbers: Iterable[int]) -> None:
        """Go over to what is staged, all components in one change."""
        dropped: list[tuple[int, Bank]] = []
        for number in numbers:
            banks = self[number]
            staged = banks.staged
            assert staged is not None
            kept = banks.active if self._spec.component(number).rollback else None
            dropped += [(number, old) for old in (banks.active, banks.backup) if old is not None]
            self._set(number, Banks(staged, kept))
        for number, old in dropped:
            if old.number not in _used(self[number]):
                self._journal.clear(_bank_section(number, old.number))

    def roll_back(self, numbers: Iterable[int], *, keep: bool) -> None:
        """Go back to the backup, all components in one change.

        Args:
            keep: what ran becomes the backup; otherwise it is thrown away.
        """
        for number in numbers:
            banks = self[number]
            backup = banks.backup
            assert backup is not None
            self._set(number, Banks(backup, banks.active if keep else None, banks.staged, banks.armed))
            if not keep and banks.active.number not in _used(self[number]):
                self._journal.clear(_bank_section(number, banks.active.number))

    def put(self, number: int, bank: int, chunk: int, data: bytes) -> None:
        """Write a chunk of an upload."""
        self._journal.put(_bank_section(number, bank), chunk, data)

    def _set(self, number: int, banks: Banks) -> None:
        self._banks[number] = banks
        self._journal.put(_SECTION, number, _encoded(banks))

    def _load(self, spec: HpmComponentSpec, kept: bytes | None, contents: list[dict[int, bytes]]) -> None:
        """What the last run left: banks whose contents are what they should be."""
        factory = self._as_shipped(spec.number)
        shipped = factory.active
        try:
            said = factory if kept is None else _decoded(kept, shipped)
        except (DecodeError, struct.error, IndexError):
            said = factory
        good = {
            bank.number
            for bank in (said.active, said.backup, said.staged)
            if bank is not None and (bank.shipped or _digest(contents[bank.number]) == bank.digest)
        }
        backup = said.backup if said.backup is not None and said.backup.number in good else None
        staged = said.staged if said.staged is not None and said.staged.number in good else None
        if staged is not None and not spec.deferred and not said.armed:
            staged = None
        active = said.active
        if active.number not in good:
            # The boot loader's choice: the backup if that is good, else what cannot be lost.
            active, backup = backup or shipped, None
            self.rolled_back |= 1 << spec.number
        found = Banks(active, backup, staged, said.armed and staged is not None)
        if found != said:
            self._set(spec.number, found)
        elif found != factory:
            self._banks[spec.number] = found
        for bank, rows in enumerate(contents):
            if rows and bank not in _used(found):
                self._journal.clear(_bank_section(spec.number, bank))


class Upload:
    """An upload under way: its bytes go to the flash memory as they come, or are only summed up.

    Attributes:
        component: whose firmware it is.
        compare: it is compared with what is active, not kept.
        length: bytes so far.
    """

    __slots__ = ("_bank", "_chunks", "_data", "_flash", "_sum", "compare", "component", "length")

    def __init__(self, flash: Flash, component: int, *, compare: bool) -> None:
        self._flash = flash
        self.component, self.compare = component, compare
        self._bank = 0 if compare else flash.erase(component)
        self._data = bytearray()
        self._chunks = 0
        self._sum = hashlib.sha256()
        self.length = 0

    def add(self, data: bytes) -> None:
        """Take a block; the caller sees to it that there is room."""
        self.length += len(data)
        self._sum.update(data)
        self._data += data
        if not self.compare:
            while len(self._data) - self._chunks * CHUNK >= CHUNK:
                self._write()

    def data(self) -> bytes:
        """All of it."""
        return bytes(self._data)

    def equal(self) -> bool:
        """Whether it is what is active."""
        active = self._flash[self.component].active
        return active.length == self.length and active.digest == self._sum.digest()

    def finish(self, firmware: SimulatedFirmware) -> None:
        """Have it wait for its activation."""
        if len(self._data) > self._chunks * CHUNK:
            self._write()
        bank = Bank(
            self._bank, firmware.version, self.length, self._sum.digest(), (firmware.result, firmware.details)
        )
        self._flash.stage(self.component, bank)

    def drop(self) -> None:
        """Throw away what there is of it."""
        if not self.compare:
            self._flash.erase(self.component)

    def _write(self) -> None:
        start = self._chunks * CHUNK
        self._flash.put(self.component, self._bank, self._chunks, bytes(self._data[start : start + CHUNK]))
        self._chunks += 1


def _bank_section(component: int, bank: int) -> str:
    return f"hpm {component} {bank}"


def _used(banks: Banks) -> set[int]:
    """Banks whose contents the store has to keep."""
    return {
        bank.number
        for bank in (banks.active, banks.backup, banks.staged)
        if bank is not None and not bank.shipped
    }


@cache
def _shipped(version: HpmVersion) -> Banks:
    """A component as it came: one object for all BMCs of a make-up."""
    data = SimulatedFirmware(version).encode()
    return Banks(Bank(0, version, len(data), hashlib.sha256(data).digest(), shipped=True))


def _digest(rows: dict[int, bytes]) -> bytes:
    found = hashlib.sha256()
    for key in sorted(rows):
        found.update(rows[key])
    return found.digest()


def _encoded(banks: Banks) -> bytes:
    places = [banks.active, banks.backup, banks.staged]
    numbers = [_NONE if one is None else place for place, one in enumerate(places)]
    parts = [_SLOTS.pack(*numbers, banks.armed)]
    for one in places:
        if one is None:
            continue
        version = one.version.encode()
        parts.append(
            bytes((one.number,)) + _BANK.pack(one.shipped, version, one.length, *one.result, one.digest)
        )
    return b"".join(parts)


def _decoded(data: bytes, shipped: Bank) -> Banks:
    """The banks of a row of the store; a shipped one is as the blueprint has it now."""
    *numbers, armed = _SLOTS.unpack_from(data)
    at_byte = _SLOTS.size
    found: list[Bank | None] = []
    for number in numbers:
        if number == _NONE:
            found.append(None)
            continue
        came, version, length, result, details, digest = _BANK.unpack_from(data, at_byte + 1)
        bank = Bank(data[at_byte] % BANKS, HpmVersion.decode(version), length, digest, (result, details))
        found.append(replace(shipped, number=bank.number) if came else bank)
        at_byte += 1 + _BANK.size
    active, backup, staged = found
    if active is None:
        raise DecodeError("no bank is active")
    return Banks(active, backup, staged, bool(armed))
