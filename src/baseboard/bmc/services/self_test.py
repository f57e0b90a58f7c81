"""The controller's test of itself (§20.4): run as it starts and after a cold reset, never by the command."""

from __future__ import annotations

from baseboard.bmc.services.fru import FruInventory
from baseboard.bmc.services.home import Home
from baseboard.bmc.services.sdr import SdrRepository
from baseboard.bmc.services.sdr_device import LAST
from baseboard.commands.app.device import SelfTestFailure, SelfTestResult
from baseboard.errors import CompletionError, DecodeError
from baseboard.records.fru import read_fru
from baseboard.records.sdr import HEADER_SIZE

_SECTION = "self test"
_PATTERN = b"\x55\xaa"
_OWN_FRU = 0
_FORMAT = 0x01
"""First byte of an internal use area (FRU §9)."""

_STORED = SelfTestFailure.SEL_INACCESSIBLE | SelfTestFailure.SDR_REPOSITORY_INACCESSIBLE
"""What is in the store, besides the inventories that are shipped."""


class SelfTest:
    """What the last test found.

    Attributes:
        failures: what is corrupted or cannot be reached.
    """

    __slots__ = ("_fru", "_home", "_sdr", "failures")

    def __init__(self, home: Home, sdr: SdrRepository, fru: FruInventory) -> None:
        self._home, self._sdr, self._fru = home, sdr, fru
        self.failures = SelfTestFailure(0)

    @property
    def result(self) -> SelfTestResult:
        """How it ended."""
        return SelfTestResult.CORRUPTED if self.failures else SelfTestResult.PASSED

    def look(self) -> None:
        """Look at what can be looked at: the repository, and the BMC's own inventory."""
        self.failures = self._repository() | self._inventory()

    def run(self) -> None:
        """The whole test: the store is written to as well, and what becomes of that is known later."""
        self.look()
        journal = self._home.journal
        journal.put(_SECTION, 0, _PATTERN)
        journal.store.durable(self._written)

    def _written(self, written: bool) -> None:
        if not written:
            self.failures |= _STORED

    def _repository(self) -> SelfTestFailure:
        if not len(self._sdr):
            return SelfTestFailure.SDR_REPOSITORY_EMPTY
        number = 0
        while number != LAST:
            record, number = self._sdr.read(number)
            if len(record) < HEADER_SIZE or len(record) != HEADER_SIZE + record[HEADER_SIZE - 1]:
                return SelfTestFailure.SDR_REPOSITORY_INACCESSIBLE
        return SelfTestFailure(0)

    def _inventory(self) -> SelfTestFailure:
        """The BMC's own inventory, if it has one."""
        try:
            image = self._fru.read(_OWN_FRU, 0, self._fru.size(_OWN_FRU))
        except CompletionError:
            return SelfTestFailure(0)
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
