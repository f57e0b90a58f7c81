"""The blocking part of the interface ``inband``: a host machine and its hardware, for a thread."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Protocol, TypeAlias

from baseboard.client.inband_place import Place
from baseboard.errors import TransportError
from baseboard.links.host_machine import Done, Failed, HostMachine, Read, Reason, Wait, Write
from baseboard.links.ssif_host import ReadBlock, SsifHost, SsifProbe, Trouble, WriteBlock
from baseboard.transports.port_access import MemoryAccess, PortAccess, Registers

# What every interface of registers can carry at least, a message of 40 bytes, less its head (Table 6-9).
_REQUEST, _RESPONSE = 38, 35
_HEAD, _ANSWER_HEAD = 2, 3
_FAREWELL: Final = 1.0
_LONGEST_PAUSE: Final = 0.05


@dataclass(slots=True)
class Job:
    """Something for the thread to do.

    Attributes:
        message: the request from NetFn/LUN on; empty to see whether the hardware is there.
        deadline: in seconds of the monotonic clock.
        stop: set when nobody wants it any more.
    """

    message: bytes
    deadline: float
    stop: threading.Event = field(default_factory=threading.Event)

    def over(self) -> bool:
        """Whether it is to be left undone."""
        return self.stop.is_set() or time.monotonic() >= self.deadline

    def sleep(self, seconds: float) -> None:
        """Let time pass, but not after the job is over."""
        left = self.deadline - time.monotonic()
        self.stop.wait(max(0.0, min(seconds, left, _LONGEST_PAUSE)))


End: TypeAlias = Done | Failed | None
"""How a job ended; None = it is over before it was done."""


class Link(Protocol):
    """A way to the BMC whose calls block.

    Attributes:
        largest_request: bytes of data that a request may have.
        largest_response: bytes of data that a response may have.
    """

    largest_request: int
    largest_response: int

    def greet(self, job: Job) -> End:
        """See whether the hardware is there, and what it can do."""
        ...

    def ask(self, job: Job) -> End:
        """Send a request and get its answer.

        Raises:
            EncodeError: it does not fit the interface.
            TransportError: the hardware cannot be reached.
        """
        ...

    def close(self) -> None:
        """Leave the hardware as nobody's."""
        ...


class RegisterLink:
    """KCS, SMIC or BT.

    Args:
        machine: the host's side.
        registers: of the interface.
    """

    def __init__(self, machine: HostMachine, registers: Registers) -> None:
        self.largest_request, self.largest_response = _REQUEST, _RESPONSE
        self._machine, self._registers = machine, registers
        self._left = False

    def greet(self, job: Job) -> End:
        """See `Link.greet`."""
        self._machine.look(time.monotonic())
        return self._run(job)

    def ask(self, job: Job) -> End:
        """See `Link.ask`."""
        self._machine.request(job.message, time.monotonic())
        return self._run(job)

    def close(self) -> None:
        """See `Link.close`; a request that was left in the middle is aborted."""
        try:
            if self._left:
                self._machine.abort(time.monotonic())
                self._run(Job(b"", time.monotonic() + _FAREWELL))
        except TransportError:
            self._left = True  # whoever comes next finds it so, and recovers
        finally:
            self._registers.close()

    def _run(self, job: Job) -> End:
        value, self._left = 0, True
        while not job.over():
            match self._machine.step(value, time.monotonic()):
                case Read(register):
                    value = self._registers.read(register)
                case Write(register, written):
                    self._registers.write(register, written)
                case Wait(seconds):
                    job.sleep(seconds)
                case end:
                    self._left = False
                    return end
        return None


class Transfers(Protocol):
    """A target on an SMBus."""

    def transfer(self, wanted: WriteBlock | ReadBlock) -> bytes | Trouble:
        """Do a transfer."""
        ...

    def close(self) -> None:
        """Let go of the bus."""
        ...


class SsifLink:
    """SSIF.

    Args:
        access: to the BMC on its bus.
    """

    def __init__(self, access: Transfers) -> None:
        self._host, self._access = SsifHost(), access
        self.largest_request = self._host.limits.longest - _HEAD
        self.largest_response = self._host.limits.longest - _ANSWER_HEAD

    def greet(self, job: Job) -> End:
        """See `Link.greet`: asks the BMC what it can do, if it answers at all."""
        # Get Device ID: a BMC that answers nothing is not to be asked for more, each with its time-out.
        self._host.request(b"\x18\x01", time.monotonic())
        end = self._run(job, self._host)
        if isinstance(end, Done):
            end = self._run(job, SsifProbe(self._host, time.monotonic()))
            self.largest_request = self._host.limits.longest - _HEAD
            # The probe tells what it takes; what every interface can return, it returns in parts if it must.
            self.largest_response = min(_RESPONSE, self._host.limits.longest - _ANSWER_HEAD)
        elif isinstance(end, Failed) and end.reason is Reason.BUSY:
            return Failed(Reason.ABSENT)
        return end

    def ask(self, job: Job) -> End:
        """See `Link.ask`."""
        self._host.request(job.message, time.monotonic())
        return self._run(job, self._host)

    def close(self) -> None:
        """See `Link.close`: the next request puts an end to one that was left in the middle (§12)."""
        self._access.close()

    def _run(self, job: Job, machine: SsifHost | SsifProbe) -> End:
        result: bytes | Trouble | None = None
        while not job.over():
            match machine.step(result, time.monotonic()):
                case (WriteBlock() | ReadBlock()) as wanted:
                    result = self._access.transfer(wanted)
                case Wait(seconds):
                    job.sleep(seconds)
                case end:
                    return end
        return None


def link_to(place: Place, *, force: bool = False) -> Link:
    """Open the hardware of an interface.

    Args:
        place: where it is; of SSIF with its bus.
        force: even where a driver has it.

    Raises:
        TransportError: it cannot be opened.
    """
    if place.kind == "ssif":
        from baseboard.transports.i2c_access import I2cAccess

        return SsifLink(I2cAccess(place.bus or 0, place.address, force=force))
    machine = _machine(place.kind)
    access: Callable[[int, int, int], Registers] = MemoryAccess if place.space == "memory" else PortAccess
    return RegisterLink(machine, access(place.address, machine.size, place.spacing))


def _machine(kind: str) -> HostMachine:
    match kind:
        case "kcs":
            from baseboard.links.kcs_host import KcsHost

            return KcsHost()
        case "smic":
            from baseboard.links.smic_host import SmicHost

            return SmicHost()
        case _:
            from baseboard.links.bt_host import BtHost

            return BtHost()
