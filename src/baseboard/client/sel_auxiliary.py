"""`bmc.sel.auxiliary`: how far logs are that somebody keeps beside the SEL (§31.12, §31.13)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from baseboard.commands.storage.sel import (
    AuxiliaryLog,
    GetAuxiliaryLogStatus,
    McaLogStatus,
    OemLogStatus,
    SetAuxiliaryLogStatus,
)
from baseboard.records.timestamps import from_datetime, to_datetime

if TYPE_CHECKING:
    from baseboard.client.bmc import Bmc


@dataclass(frozen=True, slots=True, kw_only=True)
class AuxiliaryStatus:
    """How far such a log is.

    Attributes:
        log: the machine check log, or one of a maker's two.
        last_entry: when it got its last entry; None if that is not known.
        entries: of the machine check log, how many it has; None of others, or if that is not known.
        manufacturer_id: of a maker's log, whose it is; None of the machine check log.
        status: of a maker's log, 8 bytes of its own; empty of the machine check log.
    """

    log: AuxiliaryLog
    last_entry: datetime | None = None
    entries: int | None = None
    manufacturer_id: int | None = None
    status: bytes = b""


_UNSPECIFIED = 0xFFFFFFFF
_STATUS_SIZE = 8


class AuxiliaryLogs:
    """The status of the auxiliary logs of a controller."""

    def __init__(self, bmc: Bmc) -> None:
        self._bmc = bmc

    async def get(self, log: AuxiliaryLog = AuxiliaryLog.MCA) -> AuxiliaryStatus:
        """Ask how far a log is.

        Raises:
            CompletionError: CCh, the controller knows of no such log.
            DecodeError: it told less than the table has.
        """
        answer = await self._bmc.execute(GetAuxiliaryLogStatus(log_type=log))
        time = to_datetime(answer.timestamp)
        if log == AuxiliaryLog.MCA:
            count = McaLogStatus.decode(answer.data).entry_count
            return AuxiliaryStatus(log=log, last_entry=time, entries=None if count == _UNSPECIFIED else count)
        oem = OemLogStatus.decode(answer.data)
        return AuxiliaryStatus(
            log=log, last_entry=time, manufacturer_id=oem.manufacturer_id, status=oem.status
        )

    async def set(self, status: AuxiliaryStatus) -> None:
        """Say how far a log is; without a time it is now.

        Raises:
            CompletionError: CCh, the controller knows of no such log.
        """
        if status.log == AuxiliaryLog.MCA:
            data = McaLogStatus(
                entry_count=_UNSPECIFIED if status.entries is None else status.entries
            ).encode()
        else:
            data = OemLogStatus(
                manufacturer_id=status.manufacturer_id or 0, status=status.status.ljust(_STATUS_SIZE, b"\0")
            ).encode()
        moment = status.last_entry or datetime.now(UTC)
        request = SetAuxiliaryLogStatus(log_type=status.log, timestamp=from_datetime(moment), data=data)
        await self._bmc.execute(request)
