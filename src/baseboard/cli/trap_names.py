"""The names of the sensors that traps are about: from a file, from the cache, or from the sender itself."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, NamedTuple

from baseboard.errors import BaseboardError

if TYPE_CHECKING:
    from baseboard.cli.hosts import Place
    from baseboard.cli.prepare import Setup
    from baseboard.client.pet import Pet
    from baseboard.client.sel_entry import SensorNames

KEPT: Final = 256
"""Senders whose sensors are remembered."""

PATIENCE: Final = 20.0
"""Seconds that a sender may take until its sensors are read; the trap is told without them then."""

AGAIN: Final = 300.0
"""Seconds after which a sender that could not be asked is asked again."""


class _Known(NamedTuple):
    names: SensorNames | None
    until: float


class TrapNames:
    """Looks up the sensors of senders.

    Only hosts that the user named are logged in to: a trap is a datagram that anybody can send, and a login
    shows whoever answers it something made of the password.

    Args:
        setup: the line: hosts, login, ``-S``.
        note: tells what went wrong.
    """

    def __init__(self, setup: Setup, note: Callable[[str], None]) -> None:
        self._setup, self._note = setup, note
        self._places: dict[tuple[str, int], Place] | None = None
        self._known: OrderedDict[tuple[str, int], _Known] = OrderedDict()
        self._file: SensorNames | None = None
        if setup.options.sdr_file:
            self._file = _of_file(setup.options.sdr_file)

    async def of(self, pet: Pet) -> SensorNames | None:
        """The sensors of a trap's sender; None if they are not to be had."""
        if self._file is not None:
            return self._file
        now = asyncio.get_running_loop().time()
        key = pet.host, pet.port
        known = self._known.get(key)
        if known is None or now >= known.until:
            names = await self._ask(pet)
            known = self._known[key] = _Known(names, now + AGAIN if names is None else float("inf"))
            if len(self._known) > KEPT:
                self._known.popitem(last=False)
        self._known.move_to_end(key)
        return known.names

    async def _ask(self, pet: Pet) -> SensorNames | None:
        if self._places is None:
            self._places = await self._resolved()
        # Of several BMCs at one address the trap's own port tells which; else the address alone does.
        place = self._places.get((pet.host, pet.port)) or self._places.get((pet.host, 0))
        if place is None:
            return self._cached(pet)
        from baseboard.client.connect import Connection
        from baseboard.client.sel_entry import SensorNames

        try:
            async with asyncio.timeout(PATIENCE), Connection(self._setup.of(place).settings) as bmc:
                return SensorNames(await bmc.sdr.records())
        except TimeoutError:
            self._note(f"{place.name}: its sensors could not be read within {PATIENCE:g} s")
        except BaseboardError as error:
            self._note(f"{place.name}: its sensors could not be read: {error}")
        return None

    async def _resolved(self) -> dict[tuple[str, int], Place]:
        """The named hosts by address and port, and by address alone."""
        from baseboard.client.sockets import find

        places: dict[tuple[str, int], Place] = {}
        settings = self._setup.options.settings
        for place in self._setup.places:
            port = place.port or settings.port
            try:
                _, address = await find(place.host, port, settings.family)
            except BaseboardError as error:
                self._note(f"{place.name}: {error}")
                continue
            places[address[0], port] = place
            places.setdefault((address[0], 0), place)
        return places

    def _cached(self, pet: Pet) -> SensorNames | None:
        """What an earlier login to that address left."""
        from dataclasses import replace

        from baseboard.client.profile import address_of, cache_folder
        from baseboard.client.sdr_cache import SdrCache
        from baseboard.client.sel_entry import SensorNames

        settings = self._setup.options.settings
        if not settings.learn:
            return None
        cache = SdrCache(cache_folder(settings.cache) / "sdr")
        for port in (pet.port, settings.port):
            kept = cache.at(address_of(replace(settings, host=pet.host, port=port, interface="lanplus")))
            if kept is not None:
                return SensorNames(kept.records)
        return None


def _of_file(name: str) -> SensorNames:
    """Read a file of ``sdr dump``.

    Raises:
        BaseboardError: it cannot be read, or is no such file.
    """
    from baseboard.client.sdr_entry import decode_dump
    from baseboard.client.sel_entry import SensorNames

    try:
        with open(name, "rb") as file:
            return SensorNames(decode_dump(file.read()))
    except OSError as error:
        raise BaseboardError(f"{name}: {error.strerror or error}") from error
