"""Writing the SDR repository: records, updates, its clock, the initialization agent (§33.13 to §33.21)."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Final

from baseboard.client.deadline import remaining
from baseboard.codes import Cc
from baseboard.commands.storage.sdr import (
    AddSdr,
    ClearOperation,
    ClearSdrRepository,
    DeleteSdr,
    EnterSdrRepositoryUpdateMode,
    ErasureProgress,
    ExitSdrRepositoryUpdateMode,
    GetSdrRepositoryTime,
    PartialAddSdr,
    Progress,
    ReserveSdrRepository,
    RunInitializationAgent,
    SetSdrRepositoryTime,
)
from baseboard.errors import CompletionError, EncodeError, NoResponse
from baseboard.records.sdr import HEADER_SIZE, Sdr
from baseboard.transports import waiting

if TYPE_CHECKING:
    from baseboard.client.bmc import Bmc

PIECE: Final = 16
"""Bytes of a record that every controller takes at once: as many as it must be able to give."""

_TOO_LONG: Final = frozenset({Cc.INVALID_COMMAND, Cc.INVALID_LENGTH, Cc.LENGTH_LIMIT_EXCEEDED})
"""What controllers say that cannot take a record as a whole."""

_PAUSE: Final = 0.1


class SdrChanges(ABC):
    """The part of ``bmc.sdr`` that changes the repository."""

    def __init__(self, bmc: Bmc) -> None:
        self._bmc = bmc
        self._updating = False

    @abstractmethod
    def forget(self) -> None:
        """What was read of the records holds no more."""

    async def reserve(self) -> int:
        """Take the reservation that deleting, clearing and adding in pieces need (§33.11)."""
        return (await self._bmc.execute(ReserveSdrRepository())).reservation_id

    async def add(self, record: Sdr | bytes, *, piece: int = 0) -> int:
        """Add a record; the repository gives it its ID.

        >>> await bmc.sdr.add(record)  # doctest: +SKIP
        58

        Args:
            record: the ID in it does not matter.
            piece: most bytes to send at once; 0: all of them, and 16 where the controller does not take that.

        Returns: the record's ID.

        Raises:
            EncodeError: its length is not what its header says.
            CompletionError: C4h the repository is full, D0h somebody updates it, or refused otherwise.
        """
        raw = record if isinstance(record, bytes) else record.encode()
        if len(raw) < HEADER_SIZE or len(raw) != HEADER_SIZE + raw[HEADER_SIZE - 1]:
            raise EncodeError(f"a record of {len(raw)} bytes does not say that it has as many")
        try:
            if not piece:
                try:
                    # Sent again, it would be there twice.
                    return (await self._bmc.execute(AddSdr(record=raw), retry=False)).record_id
                except CompletionError as error:
                    if error.code not in _TOO_LONG:
                        raise
            return await self._add_in_pieces(raw, piece or PIECE)
        finally:
            self.forget()

    async def _add_in_pieces(self, raw: bytes, piece: int) -> int:
        reservation = 0 if self._updating else await self.reserve()
        number = 0
        for offset in range(0, len(raw), piece):
            end = offset + piece
            request = PartialAddSdr(
                reservation_id=reservation,
                record_id=number,
                offset=offset,
                progress=Progress.LAST if end >= len(raw) else Progress.IN_PROGRESS,
                data=raw[offset:end],
            )
            number = (await self._bmc.execute(request, retry=False)).record_id
        return number

    async def delete(self, record_id: int) -> int:
        """Delete one record.

        Args:
            record_id: 0 = the first, FFFFh = the last.

        Returns: the ID of the record that is gone.

        Raises:
            CompletionError: CBh there is none, or refused otherwise.
        """
        request = DeleteSdr(reservation_id=await self.reserve(), record_id=record_id)
        try:
            return (await self._bmc.execute(request, retry=False)).record_id
        finally:
            self.forget()

    async def clear(self, *, timeout: float = 60.0) -> None:
        """Erase every record, and wait until that is done (§33.16).

        Args:
            timeout: seconds for the erasure.

        Raises:
            CompletionError: the controller refused.
            NoResponse: the erasure did not end.
        """
        reservation = 0 if self._updating else await self.reserve()
        how = ClearOperation.INITIATE
        end = waiting.running().time() + timeout
        try:
            while waiting.running().time() < end:
                request = ClearSdrRepository(reservation_id=reservation, operation=how)
                answer = await self._bmc.execute(request)
                if answer.progress == ErasureProgress.COMPLETED:
                    return
                how = ClearOperation.GET_STATUS
                await waiting.sleep(remaining(_PAUSE))
        finally:
            self.forget()
        raise NoResponse(f"the repository is still being erased after {timeout:g} s")

    async def enter_update_mode(self) -> None:
        """Have the repository for oneself: a modal update, which nobody else can disturb (§33.19).

        It goes on until `exit_update_mode`, or until the controller gives its initiator up.

        Raises:
            CompletionError: D0h somebody else updates it, C1h it knows no such mode.
        """
        await self._bmc.execute(EnterSdrRepositoryUpdateMode())
        self._updating = True

    async def exit_update_mode(self) -> None:
        """End a modal update (§33.20)."""
        self._updating = False
        await self._bmc.execute(ExitSdrRepositoryUpdateMode())

    async def time(self) -> int:
        """Ask for the repository's clock: seconds since 1970, local time (§33.17)."""
        return (await self._bmc.execute(GetSdrRepositoryTime())).time

    async def set_time(self, time: int) -> None:
        """Set the repository's clock; most controllers have one for it and for the event log (§33.18).

        Args:
            time: seconds since 1970, local time.
        """
        await self._bmc.execute(SetSdrRepositoryTime(time=time))

    async def initialized(self) -> bool:
        """Ask whether the initialization agent is done (§33.21)."""
        return (await self._bmc.execute(RunInitializationAgent(run=False))).completed

    async def initialize(self, *, timeout: float = 60.0) -> None:
        """Have the initialization agent set sensors up as their records say, and wait until it is done.

        Args:
            timeout: seconds for the agent.

        Raises:
            CompletionError: the controller has none, or refused.
            NoResponse: it did not end.
        """
        answer = await self._bmc.execute(RunInitializationAgent(run=True))
        end = waiting.running().time() + timeout
        while not answer.completed:
            if waiting.running().time() >= end:
                raise NoResponse(f"the initialization agent is still at work after {timeout:g} s")
            await waiting.sleep(remaining(_PAUSE))
            answer = await self._bmc.execute(RunInitializationAgent(run=False))
