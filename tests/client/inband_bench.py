"""A BMC of ours behind models of its registers, or on a bus, for the interface ``inband``."""

from __future__ import annotations

import threading
import time

from baseboard.client.inband_link import Job, RegisterLink
from baseboard.links.kcs import Kcs
from baseboard.links.kcs_host import KcsHost
from baseboard.links.registers import RegisterModel
from baseboard.links.ssif import SsifTarget
from baseboard.links.ssif_host import ReadBlock, Trouble, WriteBlock

SOON = 30.0
"""Seconds within which a thread has certainly done its work."""


def job(message: bytes = b"", seconds: float = SOON) -> Job:
    return Job(message, time.monotonic() + seconds)


class Bmc:
    """What answers: 00h and the request's data, unless a test has another answer.

    Attributes:
        requests: from NetFn/LUN on.
        answers: what comes next instead, from the completion code on; None = nothing.
    """

    def __init__(self) -> None:
        self.requests: list[bytes] = []
        self.answers: list[bytes | None] = []
        self.hardware: RegisterModel | SsifTarget | None = None
        self.asked = threading.Event()

    def __call__(self, request: bytes) -> None:
        self.requests.append(request)
        said = self.answers.pop(0) if self.answers else b"\0" + request[2:]
        if said is not None:
            assert self.hardware is not None
            self.hardware.answer(bytes((request[0] | 4, request[1])) + said)
        self.asked.set()


class Registers:
    """The registers of a model; they can be taken away.

    Attributes:
        closed: how often they were let go.
        gone: reading tells FFh.
        fails: raised at each access.
    """

    def __init__(self, model: RegisterModel) -> None:
        self.model, self.closed, self.gone = model, 0, False
        self.fails: Exception | None = None

    def read(self, register: int) -> int:
        if self.fails is not None:
            raise self.fails
        return 0xFF if self.gone else self.model.read(register)

    def write(self, register: int, value: int) -> None:
        self.model.write(register, value)

    def close(self) -> None:
        self.closed += 1


class Bus:
    """A bus with one target.

    Attributes:
        transfers: commands of all that was done.
        closed: how often it was let go.
    """

    def __init__(self, target: SsifTarget | None) -> None:
        self.target = target
        self.transfers: list[int] = []
        self.closed = 0

    def transfer(self, wanted: WriteBlock | ReadBlock) -> bytes | Trouble:
        self.transfers.append(wanted.command)
        if self.target is None:
            return Trouble.UNACKNOWLEDGED
        if isinstance(wanted, WriteBlock):
            took = self.target.write(bytes((wanted.command, len(wanted.block))) + wanted.block)
            return b"" if took else Trouble.UNACKNOWLEDGED
        wire = self.target.read(wanted.command)
        return Trouble.UNACKNOWLEDGED if wire is None else wire[1 : 1 + wire[0]]

    def close(self) -> None:
        self.closed += 1


def kcs(patience: float = SOON) -> tuple[Bmc, Registers, RegisterLink]:
    """A BMC, its registers, and the link to it."""
    bmc = Bmc()
    registers = Registers(Kcs(bmc))
    bmc.hardware = registers.model
    return bmc, registers, RegisterLink(KcsHost(patience=patience), registers)
