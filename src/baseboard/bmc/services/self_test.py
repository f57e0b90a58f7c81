"""The controller's test of itself (§20.4): run as it starts and after a cold reset, never by the command."""

from __future__ import annotations

from baseboard.bmc.services.fru import FruInventory
from baseboard.bmc.services.home import Home
from baseboard.bmc.services.sdr import SdrRepository
from baseboard.commands.app.device import SelfTestFailure, SelfTestResult
from baseboard.errors import CompletionError, DecodeError
from baseboard.records.fru import read_fru

_SECTION = "self test"
_PATTERN = b"\x55\xaa"
_OWN_FRU = 0
_FORMAT = 0x01
"""First byte of an internal use area (FRU §9)."""

_STORED = SelfTestFailure.SEL_INACCESSIBLE | SelfTestFailure.SDR_REPOSITORY_INACCESSIBLE
"""What is in the store, besides the inventories that are shipped."""


class SelfTest:
    """What the last test found."""

    __slots__ = ("_found", "_fru", "_home", "_image", "_sdr")

    def __init__(self, home: Home, sdr: SdrRepository, fru: FruInventory) -> None:
        self._home, self._sdr, self._fru = home, sdr, fru
        self._found = SelfTestFailure(0)
        # The BMC's own inventory as the test met it, until somebody asks what came of it.
        self._image: bytes | None = None

    @property
    def failures(self) -> SelfTestFailure:
        """What is corrupted or cannot be reached."""
        if self._image is not None:
            self._found |= _judged(self._image)
            self._image = None
        return self._found

    @property
    def result(self) -> SelfTestResult:
        """How it ended."""
        return SelfTestResult.CORRUPTED if self.failures else SelfTestResult.PASSED

    def look(self) -> None:
        """Look at what can be looked at: the repository, and the BMC's own inventory."""
        self._found, self._image = self._repository(), self._inventory()

    def run(self) -> None:
        """The whole test: the store is written to as well, and what becomes of that is known later."""
        self.look()
        journal = self._home.journal
        journal.put(_SECTION, 0, _PATTERN)
        journal.store.durable(self._written)

    def _written(self, written: bool) -> None:
        if not written:
            self._found |= _STORED

    def _repository(self) -> SelfTestFailure:
        if not len(self._sdr):
            return SelfTestFailure.SDR_REPOSITORY_EMPTY
        return SelfTestFailure(0) if self._sdr.sound else SelfTestFailure.SDR_REPOSITORY_INACCESSIBLE

    def _inventory(self) -> bytes | None:
        """The BMC's own inventory, if it has one; of one that nobody wrote this is no copy."""
        try:
            return self._fru.read(_OWN_FRU, 0, self._fru.size(_OWN_FRU))
        except CompletionError:
            return None


def _judged(image: bytes) -> SelfTestFailure:
    """What is wrong with an inventory."""
    try:
        found = read_fru(image)
    except DecodeError:
        return SelfTestFailure.BMC_FRU_INACCESSIBLE
    failures = SelfTestFailure(0)
    if found.internal is not None and found.internal[:1] != bytes((_FORMAT,)):
        failures |= SelfTestFailure.INTERNAL_USE_AREA_CORRUPT
    if any(problem.area != "internal" for problem in found.problems):
        failures |= SelfTestFailure.BMC_FRU_INACCESSIBLE
    elif found.problems:
        failures |= SelfTestFailure.INTERNAL_USE_AREA_CORRUPT
    return failures
