"""``bmc.sdr``: the Sensor Data Records of a controller, read once and kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from baseboard.client.pipelining import learned_depth, may_bear
from baseboard.client.profile import address_of, cache_folder
from baseboard.client.sdr_cache import SdrCache
from baseboard.client.sdr_changes import SdrChanges
from baseboard.client.sdr_entry import Records, SdrEntry, decode_dump, encode_dump
from baseboard.client.sdr_walk import DeviceSdrs, Repository, Source, walk
from baseboard.commands.app.device_id import DeviceSupport, GetDeviceIdResponse
from baseboard.commands.app.system_guid import GetSystemGuid
from baseboard.commands.sensor.device_sdr import (
    GetDeviceSdrInfo,
    GetDeviceSdrInfoResponse,
    ReserveDeviceSdrRepository,
)
from baseboard.commands.storage.sdr import (
    GetSdrRepositoryAllocationInfo,
    GetSdrRepositoryAllocationInfoResponse,
    GetSdrRepositoryInfo,
    GetSdrRepositoryInfoResponse,
)
from baseboard.errors import CompletionError, DecodeError, NoResponse
from baseboard.records.sdr import SensorRecord
from baseboard.transports import waiting

if TYPE_CHECKING:
    from pathlib import Path

    from baseboard.client.bmc import Bmc
    from baseboard.client.settings import Settings

__all__ = ["Records", "SdrEntry", "SdrRepository", "decode_dump", "encode_dump", "forget"]

_FRESH: Final = 30.0
"""Seconds for which records that were just checked are believed without asking again."""


class _State(NamedTuple):
    """How the records stood at the controller."""

    text: str
    expected: int | None
    device: bool = False


class SdrRepository(SdrChanges):
    """The records that tell which sensors and devices a controller knows.

    Where the controller has no repository, its own Device SDRs take its place for reading.

    >>> entries = await bmc.sdr.records()  # doctest: +SKIP
    >>> entries[0].record.id_string        # doctest: +SKIP
    'CPU1 Temp'
    """

    def __init__(self, bmc: Bmc) -> None:
        super().__init__(bmc)
        self._records: Records | None = None
        self._state: _State | None = None
        self._checked = 0.0
        self._given = self._changed = False
        self._told: GetSdrRepositoryInfoResponse | None = None
        self._reading = waiting.Lock()

    def forget(self) -> None:
        """What was read holds no more: the records were changed, maybe twice within a second."""
        self._changed = True

    def take(self, info: GetSdrRepositoryInfoResponse) -> None:
        """Use this answer, which somebody has just asked for, at the next look for changes."""
        self._told = info

    async def info(self) -> GetSdrRepositoryInfoResponse:
        """Ask how full the repository is and when it changed (§33.9)."""
        return await self._bmc.execute(GetSdrRepositoryInfo())

    async def allocation(self) -> GetSdrRepositoryAllocationInfoResponse:
        """Ask how the repository allots its space (§33.10)."""
        return await self._bmc.execute(GetSdrRepositoryAllocationInfo())

    async def device_info(self, *, records: bool = False) -> GetDeviceSdrInfoResponse:
        """Ask what Device SDRs there are (§35.2).

        Args:
            records: count the records; else the sensors of LUN 0.
        """
        return await self._bmc.execute(GetDeviceSdrInfo(count_sdrs=records))

    async def records(self, *, refresh: bool = False) -> Records:
        """Give all records, in the repository's order.

        What was read before is kept, here and in the user's cache folder, and is taken from there as long as
        the controller says that nothing has changed.

        Args:
            refresh: read them from the controller in any case.

        Returns: the records; ``missing`` names what could not be read, ``complete`` is False if the time
            ran out.

        Raises:
            CompletionError: the controller has no records, or does not give them away.
            NoResponse: it does not answer.
        """
        async with self._reading:
            if self._given and self._records is not None and not refresh:
                return self._records
            refresh, self._changed = refresh or self._changed, False
            now = waiting.running().time()
            if self._records is not None and not refresh and now - self._checked < _FRESH:
                return self._records
            self._records = await self._renewed(refresh=refresh)
            self._checked, self._given = now if self._records.complete else now - _FRESH, False
            return self._records

    async def reserve_device(self) -> int:
        """Take the reservation that reading the controller's own records in pieces needs (§35.4)."""
        return (await self._bmc.execute(ReserveDeviceSdrRepository())).reservation_id

    async def device_records(self) -> Records:
        """Give the controller's own records, whether it has a repository or not (§35.3).

        Raises:
            CompletionError: it has none, or gives them away over local interfaces only (D4h).
        """
        return await self._device_sdrs(_State("", None, device=True))

    def use(self, records: Records) -> None:
        """Take these records, those of a file for instance, for the controller's."""
        self._records, self._given = records, True

    async def find(self, name: str) -> SdrEntry | None:
        """Give the first record with that name; None if there is none."""
        for entry in await self.records():
            if str(getattr(entry.record, "id_string", "")).strip() == name.strip():
                return entry
        return None

    async def _renewed(self, *, refresh: bool) -> Records:
        """The records as they are now: those of before, those of the cache, or those of the controller."""
        state = await self._ask_state()
        before, self._state = self._state, state
        if (
            not refresh
            and self._records is not None
            and self._records.complete
            and state == before
            and state.text
        ):
            return self._records
        cache = self._cache()
        identity = ""
        if cache is not None and state.text:
            kept = cache.at(self._address)
            if refresh or kept is None or kept.state != state.text:
                identity = await self._identity()
                kept = cache.of(identity)
            if not refresh and kept is not None and kept.state == state.text:
                cache.point(self._address, kept.identity)
                return kept.records
        found = await self._read(state)
        if cache is not None and state.text and found.complete:
            cache.keep(identity, state.text, found, self._address)
        return found

    async def _ask_state(self) -> _State:
        """What the controller says about its records; without text where it does not say it."""
        told, self._told = self._told, None
        try:
            info = told or await self.info()
        except (CompletionError, DecodeError):
            info = None
            self._bmc.meet("Q-SDRINFO")
        if info is not None and info.record_count:
            return _State(f"repository {info.encode().hex()}", info.record_count)
        device = await self._device_id()
        if device is None or not device.provides_sdrs or DeviceSupport.SDR_REPOSITORY in device.support:
            text = "" if info is None else f"repository {info.encode().hex()}"
            return _State(text, None if info is None else info.record_count)
        try:
            own = await self.device_info(records=True)
        except (CompletionError, DecodeError):
            return _State("", None, device=True)
        return _State(f"device {own.encode().hex()}", own.count, device=True)

    async def _read(self, state: _State) -> Records:
        if state.device:
            return await self._device_sdrs(state)
        try:
            return await self._walk(Repository(self._bmc), state.expected)
        except CompletionError as refused:
            try:
                found = await self._device_sdrs(state)
            except CompletionError:
                raise refused from None
            return found

    async def _walk(self, source: Source, expected: int | None = None) -> Records:
        """Read all records, in pieces of the size that the controller is known to bear."""
        learned = self._bmc.learned
        depth = await learned_depth(self._bmc, expected or 0) if may_bear(self._bmc) else 1
        found = await walk(source, expected, learned.size("sdr_read"), depth)
        self._bmc.meet(*found.quirks)
        await learned.keep_size("sdr_read", found.read_size)
        return found

    async def _device_sdrs(self, state: _State) -> Records:
        """The controller's own records; every LUN that has sensors may have its own (Q-DEVSDR)."""
        found = await self._walk(DeviceSdrs(self._bmc, None), state.expected if state.device else None)
        found.quirks.discard("Q-SDRCOUNT")
        found.quirks.add("Q-DEVSDR")
        self._bmc.meet("Q-DEVSDR")
        luns = {entry.record.owner_lun for entry in found if isinstance(entry.record, SensorRecord)}
        for lun in sorted(await self._luns() - luns):
            try:
                more = await self._walk(DeviceSdrs(self._bmc, lun))
            except (CompletionError, NoResponse) as error:
                found.missing.append(f"Device SDRs of LUN {lun}: {error}")
                continue
            known = {entry.raw for entry in found}
            found += [entry for entry in more if entry.raw not in known]
            found.missing += more.missing
            found.complete = found.complete and more.complete
        return found

    async def _luns(self) -> set[int]:
        try:
            info = await self.device_info()
        except (CompletionError, DecodeError, NoResponse):
            return set()
        # LUN 0, or the target's own, was read in any case.
        has = (info.lun1_has_sensors, info.lun2_has_sensors, info.lun3_has_sensors)
        return {lun for lun, some in enumerate(has, 1) if some} - {self._bmc.settings.target.lun}

    async def _device_id(self) -> GetDeviceIdResponse | None:
        try:
            return await self._bmc.identity()
        except (CompletionError, DecodeError):
            return None

    # ---- who the controller is, for the cache

    async def _identity(self) -> str:
        device = await self._device_id()
        try:
            guid = (await self._bmc.execute(GetSystemGuid())).guid.hex()
        except (CompletionError, DecodeError, NoResponse):
            guid = ""
        if device is None:
            return f"unknown guid={guid} {self._address}"
        target = self._bmc.settings.target
        return (
            f"manufacturer={device.manufacturer_id} product={device.product_id} device={device.device_id}"
            f" firmware={device.firmware_major}.{device.firmware_minor} guid={guid}"
            f" at={target.channel}/{target.address:02x}" + ("" if guid.strip("0") else f" {self._address}")
            # Without a GUID nothing tells two machines of one model apart but where they are.
        )

    @property
    def _address(self) -> str:
        return address_of(self._bmc.settings)

    def _cache(self) -> SdrCache | None:
        """Where records are kept; a controller in the same process needs no such place."""
        chosen = self._bmc.settings
        if not chosen.learn or self._bmc.interface.name == "memory":
            return None
        return SdrCache(cache_folder(chosen.cache) / "sdr")


def forget(settings: Settings) -> Path:
    """Drop the records that are kept of the controller that these settings lead to.

    Returns: the file that told which records those are.
    """
    return SdrCache(cache_folder(settings.cache) / "sdr").forget(address_of(settings))
