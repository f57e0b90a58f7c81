"""A thousand simulated servers in one process, a port each: ipmipower and our console ask every one."""

from __future__ import annotations

import os
import select
import socket
import time
from collections.abc import Iterator

import pytest

from baseboard.bmc.configuration.building import stable_guid
from baseboard.commands.app.device import GetSystemGuid, GetSystemGuidResponse
from baseboard.commands.chassis.control import GetChassisStatus, GetChassisStatusResponse
from baseboard.crypto.suites import SUITES
from baseboard.rmcp.console_events import Answered, LoginFailed, SessionEnded, SessionOpened
from baseboard.rmcp.console_v20 import ConsoleV20
from baseboard.rmcp.login import Login
from tests import peers
from tests.interop.lab import Bmc, lab, run

COUNT = 1000
# So many at a time: a console has a socket for each host, and systems allow as few as 1,024.
AT_ONCE = 250
PATIENCE = 120


@pytest.fixture(scope="module")
def thousand() -> Iterator[list[Bmc]]:
    with lab("--count", str(COUNT)) as running:
        yield running.bmcs


class Visit:
    """A console that logs into a BMC, asks for its GUID and its chassis, and leaves."""

    def __init__(self, bmc: Bmc, now: float) -> None:
        login = Login(username=bmc.username.encode(), password=bmc.password.encode())
        self.bmc, self.ended = bmc, False
        self.console = ConsoleV20(login, SUITES[17], os.urandom)
        self.answers: list[bytes] = []
        self.console.open(now)

    def proceed(self, now: float) -> None:
        """Do what follows from what happened."""
        for event in self.console.events():
            match event:
                case SessionOpened():
                    for command in (GetSystemGuid.command, GetChassisStatus.command):
                        self.console.request(command.netfn, command.cmd, b"", now)
                case Answered():
                    assert event.data[0] == 0
                    self.answers.append(event.data[1:])
                    if len(self.answers) == 2:
                        self.console.close(now)
                case LoginFailed():
                    raise event.error
                case SessionEnded():
                    self.ended = True

    def found(self) -> tuple[bytes, bool]:
        """The system's GUID, and whether it is on."""
        guid, status = self.answers
        return GetSystemGuidResponse.decode(guid).guid, GetChassisStatusResponse.decode(status).power_on


def visited(bmcs: list[Bmc]) -> list[Visit]:
    """Visit all of them at the same time, through one socket."""
    visits = {(bmc.address, bmc.port): Visit(bmc, time.monotonic()) for bmc in bmcs}
    until = time.monotonic() + PATIENCE
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as wire:
        wire.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        while not all(visit.ended for visit in visits.values()):
            now = time.monotonic()
            assert now < until, [visit.bmc.name for visit in visits.values() if not visit.ended]
            for address, visit in visits.items():
                visit.console.expire(now)
                visit.proceed(now)
                for datagram in visit.console.outgoing():
                    wire.sendto(datagram, address)
            while select.select([wire], [], [], 0.01)[0]:
                datagram, sender = wire.recvfrom(2048)
                visits[sender].console.receive(datagram, time.monotonic())
    return list(visits.values())


def test_ipmipower_asks_a_thousand_ports(thousand: list[Bmc]) -> None:
    tool = peers.require("FreeIPMI", "ipmipower")
    for start in range(0, COUNT, AT_ONCE):
        hosts = ",".join(f"{bmc.address}:{bmc.port}" for bmc in thousand[start : start + AT_ONCE])
        command = [tool, "-h", hosts, "-u", thousand[0].username, "-p", thousand[0].password, "--stat"]
        done = run([*command, "-D", "LAN_2_0", "-I", "17"], "", PATIENCE, {}).ok()
        assert done.lines == ["127.0.0.1: on"] * AT_ONCE


def test_each_of_a_thousand_is_a_server_of_its_own(thousand: list[Bmc]) -> None:
    found: dict[bytes, Bmc] = {}
    for start in range(0, COUNT, AT_ONCE):
        for visit in visited(thousand[start : start + AT_ONCE]):
            guid, on = visit.found()
            assert on
            found[guid] = visit.bmc
    assert {bmc.name: guid[::-1] for guid, bmc in found.items()} == {
        bmc.name: stable_guid(f"lab {bmc.name}") for bmc in thousand
    }
    assert len(found) == COUNT


def test_one_that_is_switched_off_is_the_only_one(thousand: list[Bmc]) -> None:
    some = thousand[500 : 500 + AT_ONCE]
    some[10].freeipmi("ipmipower", "--off", "--wait-until-off").ok()
    states = [visit.found()[1] for visit in visited(some)]
    assert [number for number, on in enumerate(states) if not on] == [10]
