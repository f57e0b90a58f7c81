"""The interface ``inband``: the BMC of this machine by its registers or its SMBus, without Linux's driver."""

from __future__ import annotations

import asyncio
import re
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from baseboard.client.bridge import ask_through_queue, hops
from baseboard.client.inband_discovery import PCI, PCI_DEVICES, find
from baseboard.client.inband_link import Job, link_to
from baseboard.client.inband_place import GRAMMAR, Place, parse
from baseboard.client.interface import BMC, Target
from baseboard.codes import Privilege
from baseboard.errors import EncodeError, NoResponse, SessionClosed, TransportError
from baseboard.links.host_machine import Done, Failed, Reason

if TYPE_CHECKING:
    from baseboard.client.inband_link import End, Link
    from baseboard.client.interface import Interface
    from baseboard.client.settings import Settings

GREETING: Final = 10.0
"""Seconds for the first look at the hardware."""

_HINTS: Final = {
    Reason.ABSENT: "check the place (-d), and that the BMC is switched on in the firmware's setup",
    Reason.BUSY: "the BMC may be starting; two programs that use the interface at a time confuse it too",
    Reason.SILENT: "allow more time or retries",
}
_SEQUENCES: Final = 0x3F
_ADAPTERS: Final = "sys/bus/i2c/devices"
_PORTS: Final = "proc/ioports"
_HELD_PORT: Final = re.compile(r"\s*([0-9a-f]+)-([0-9a-f]+) : (ipmi_\w+)")


class Linked(Protocol):
    """How the hardware of a place is opened."""

    def __call__(self, place: Place, *, force: bool = False) -> Link:
        """Open it."""
        ...


class InbandInterface:
    """An open system interface; its accesses are done in a thread, one request after the other.

    Args:
        place: which one.
        link: its hardware.
        settings: retries, and the own address.
    """

    def __init__(self, place: Place, link: Link, settings: Settings) -> None:
        self.name = "inband"
        self.depth = 1
        self.privilege = int(Privilege.ADMINISTRATOR)
        self.place = place
        self.largest_request, self.largest_response = link.largest_request, link.largest_response
        self._link, self._settings = link, settings
        # One thread, and never more than one job for it: who comes meanwhile waits for the turn.
        self._thread = ThreadPoolExecutor(1, f"baseboard-{place.kind}")
        self._turn, self._bridge = asyncio.Lock(), asyncio.Lock()
        self._sequence = 0
        self._closed = False

    async def greet(self) -> None:
        """See whether the hardware is there, and what it can do.

        Raises:
            TransportError: it is not there, or cannot be reached.
        """
        end = await self._job(Job(b"", time.monotonic() + GREETING))
        if not isinstance(end, Done):
            raise self._error(end)
        self.largest_request, self.largest_response = self._link.largest_request, self._link.largest_response

    async def exchange(
        self, netfn: int, cmd: int, data: bytes, *, target: Target = BMC, timeout: float, retry: bool = True
    ) -> bytes:
        """See `Interface.exchange`; who is behind the BMC is reached by Send Message and Get Message."""
        retries = self._settings.retries if retry else 0
        end = time.monotonic() + timeout
        if target.address == self._settings.my_address or not hops(target):
            return await self._ask(netfn, cmd, data, target.lun, end, retries)
        async with self._bridge:  # the answers of all come through one queue
            return await self._ask_beyond(netfn, cmd, data, target, timeout, retries)

    async def close(self) -> None:
        """Let go of the hardware; a request that is under way is given up."""
        if not self._closed:
            self._closed = True
            async with self._turn:
                await asyncio.get_running_loop().run_in_executor(self._thread, self._link.close)
            self._thread.shutdown(wait=False)

    # ---- inside

    async def _ask_beyond(
        self, netfn: int, cmd: int, data: bytes, target: Target, timeout: float, retries: int
    ) -> bytes:
        share = timeout / (retries + 1)
        for left in range(retries, -1, -1):
            self._sequence = self._sequence + 1 & _SEQUENCES
            end = time.monotonic() + share

            async def ask(netfn: int, cmd: int, data: bytes, end: float = end) -> bytes:
                return await self._ask(netfn, cmd, data, 0, end, 0)

            try:
                # QUIRK ipmi_sim 2.0.33: the checksums of what is in its queue are not those of §22.6.
                return await ask_through_queue(
                    ask, netfn, cmd, data, target, sequence=self._sequence, timeout=share, tolerate=True
                )
            except NoResponse:
                if not left:
                    raise
        raise AssertionError("there is at least one attempt")

    async def _ask(self, netfn: int, cmd: int, data: bytes, lun: int, end: float, retries: int) -> bytes:
        message = bytes((netfn << 2 | lun, cmd)) + data
        while True:
            got = await self._job(Job(message, end))
            if isinstance(got, Done):
                return got.message[2:]
            if not retries or got is None or got.reason not in (Reason.LOST, Reason.SILENT):
                raise self._error(got)
            retries -= 1

    async def _job(self, job: Job) -> End:
        """Have the thread do it; who is cancelled waits until the thread has noticed, some milliseconds."""
        async with self._turn:
            if self._closed:
                raise SessionClosed("the interface is closed")
            call = self._link.ask if job.message else self._link.greet
            work = asyncio.get_running_loop().run_in_executor(self._thread, call, job)
            try:
                return await asyncio.shield(work)
            finally:
                job.stop.set()
                await asyncio.wait([work])
                work.exception()  # it was told, or nobody asks any more

    def _error(self, end: Failed | None) -> Exception:
        """The error for what did not succeed, its cause named."""
        if end is None:
            return NoResponse(f"{self.place.name}: no answer in the time given")
        text = f"{self.place.name}: {end.reason.value}"
        if end.reason is Reason.TOO_LONG:
            return EncodeError(text)
        kind = NoResponse if end.reason in (Reason.BUSY, Reason.SILENT, Reason.LOST) else TransportError
        error = kind(text)
        error.hint = _HINTS.get(end.reason, error.hint)
        return error


# ---- which one


def choose(device: str, root: str = "/") -> tuple[Place, bool]:
    """Find the interface that is wanted.

    Args:
        device: what the user says of it, see `parse`; empty = the first that the firmware tells of.
        root: folder that holds ``sys`` and ``proc``.

    Returns: the interface, and whether it may be taken although a driver has it.

    Raises:
        LocalProtocolError: the text is wrong.
        TransportError: there is none, it is not certain which bus it is on, it is switched off, or a driver
            has it.
    """
    wanted = parse(device)
    broken: list[str] = []
    found = find(root, broken)
    place = wanted.place
    if place is None:
        if not found:
            missing = TransportError("; ".join(["no firmware table tells of a system interface", *broken]))
            missing.hint = f"say where it is: -d {GRAMMAR}"
            raise missing
        place = found[0].place
    same = [one for one in found if (one.space, one.address) == (place.space, place.address)]
    if not wanted.force:
        holder = next((f"{one.driver} ({one.device})" for one in same if one.driver), "")
        holder = holder or (_port_holder(place, root) if place.space == "io" else "")
        if holder:
            held = TransportError(f"{place.name}: the driver {holder} has it")
            held.hint = (
                "use -I open; both at a time garble each other's requests (-d ...,force does it anyway)"
            )
            raise held
    for one in same:
        if one.sources[0] == PCI and _line(Path(root) / PCI_DEVICES / one.detail / "enable") == "0":
            off = TransportError(f"{place.name}: the PCI device {one.detail} does not decode its addresses")
            off.hint = f"switch it on: echo 1 >/{PCI_DEVICES}/{one.detail}/enable"
            raise off
    if place.kind == "ssif" and place.bus is None:
        place = replace(place, bus=_bus(place, root))
    return place, wanted.force


def _port_holder(place: Place, root: str) -> str:
    """The driver that has asked Linux for these ports; empty if none has, or nobody may know."""
    try:
        lines = (Path(root) / _PORTS).read_text().splitlines()
    except OSError:
        return ""
    for line in lines:
        held = _HELD_PORT.match(line)
        if held is not None and int(held[1], 16) <= place.address <= int(held[2], 16):
            return held[3]
    return ""


def _bus(place: Place, root: str) -> int:
    """The bus of an SSIF whose firmware table tells the address alone: the only SMBus there is.

    Raises:
        TransportError: there are several, or none.
    """
    buses = {
        int(path.parent.name.removeprefix("i2c-")): _line(path)
        for path in (Path(root) / _ADAPTERS).glob("i2c-*/name")
        if path.parent.name.removeprefix("i2c-").isdecimal()
    }
    smbuses = sorted(number for number, name in buses.items() if name.lower().startswith("smbus"))
    if len(smbuses) == 1:
        return smbuses[0]
    listed = ", ".join(f"i2c-{number} {name}" for number, name in sorted(buses.items())) or "none"
    error = TransportError(f"{place.name}: on which bus it is nobody tells; there are: {listed}")
    error.hint = f"name it: -d ssif@i2c-N:{place.address:#04x}; modprobe loads the driver of a bus"
    raise error


def _line(path: Path) -> str:
    try:
        return path.read_text(errors="replace").strip()[:100]
    except OSError:
        return ""


async def open_inband(settings: Settings, *, root: str = "/", linked: Linked | None = None) -> Interface:
    """Open a system interface of this machine.

    Args:
        root: folder that holds ``sys`` and ``proc``.
        linked: opens the hardware; None = the real one.

    Raises:
        LocalProtocolError: the device is no interface's name.
        TransportError: there is none, it may not be used, or nothing is there.
    """
    place, force = await asyncio.to_thread(choose, settings.device, root)
    link = await asyncio.to_thread(linked or link_to, place, force=force)
    interface = InbandInterface(place, link, settings)
    try:
        await interface.greet()
    except BaseException:
        await interface.close()
        raise
    return interface
