"""The blocking part of ``inband``: machines of ours against models of ours, with an end to everything."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from baseboard.client import inband_link
from baseboard.client.inband_link import Job, RegisterLink, SsifLink, link_to
from baseboard.client.inband_place import Place, parse
from baseboard.errors import EncodeError, TransportError
from baseboard.links.bt_host import BtHost
from baseboard.links.host_machine import Done, Failed, Reason
from baseboard.links.kcs import COMMAND, State
from baseboard.links.kcs_host import KcsHost
from baseboard.links.smic_host import SmicHost
from baseboard.links.ssif import SsifTarget
from baseboard.transports import i2c_access, port_access
from tests.client.inband_bench import Bmc, Bus, job, kcs

DEVICE = b"\x18\x01"


def test_a_job_is_over_at_its_time_or_when_nobody_wants_it() -> None:
    one = job()
    assert not one.over()
    one.sleep(0.001)
    one.stop.set()
    one.sleep(1e6)
    assert one.over()
    late = Job(b"", time.monotonic())
    late.sleep(1e6)
    assert late.over()


def test_a_request_by_registers() -> None:
    bmc, registers, link = kcs()
    assert link.greet(job()) == Done(b"")
    assert link.ask(job(b"\x18\x01\x07")) == Done(b"\x1c\x01\x00\x07")
    assert bmc.requests == [b"\x18\x01\x07"]
    with pytest.raises(EncodeError):
        link.ask(job(bytes(300)))
    link.close()
    assert registers.closed == 1


def test_no_hardware() -> None:
    _, registers, link = kcs()
    registers.gone = True
    assert link.greet(job()) == Failed(Reason.ABSENT)


def test_a_request_that_is_late_is_left_and_the_next_one_works() -> None:
    bmc, _, link = kcs()
    bmc.answers = [None]
    assert link.ask(job(DEVICE, seconds=0.05)) is None
    assert link.ask(job(b"\x18\x02")) == Done(b"\x1c\x02\x00")


def test_a_request_that_nobody_wants_any_more_is_left() -> None:
    bmc, registers, link = kcs()
    bmc.answers = [None]
    one = job(DEVICE)
    ends: list[object] = []
    thread = threading.Thread(target=lambda: ends.append(link.ask(one)))
    thread.start()
    assert bmc.asked.wait(30)
    one.stop.set()
    thread.join(30)
    assert ends == [None]
    assert registers.model.read(COMMAND) & 0xC0 == State.READ
    link.close()
    assert registers.model.read(COMMAND) & 0xC0 == State.IDLE  # left as nobody's
    assert registers.closed == 1


def test_registers_that_cannot_be_read_are_closed_all_the_same() -> None:
    _, registers, link = kcs()
    registers.fails = TransportError("gone")
    with pytest.raises(TransportError, match="gone"):
        link.ask(job(DEVICE))
    link.close()
    assert registers.closed == 1


def ssif(**limits: int) -> tuple[Bmc, Bus, SsifLink]:
    bmc = Bmc()
    target = SsifTarget(bmc, **limits)  # type: ignore[arg-type] # all of these are int
    bmc.hardware = target
    return bmc, (bus := Bus(target)), SsifLink(bus)


def test_a_request_by_smbus_of_a_bmc_that_says_what_it_can_do() -> None:
    bmc, bus, link = ssif()
    assert (link.largest_request, link.largest_response) == (30, 29)
    bmc.answers = [b"\0", b"\x00\x00\x80\xff\xff"]
    assert link.greet(job()) == Done(b"")
    assert [request[:2] for request in bmc.requests] == [DEVICE, b"\x18\x57", DEVICE]
    assert (link.largest_request, link.largest_response) == (253, 35)
    long = b"\x18\x77" + bytes(range(100))
    assert link.ask(job(long)) == Done(b"\x1c\x77\x00" + bytes(range(100)))
    assert 0x06 in bus.transfers
    link.close()
    assert bus.closed == 1


def test_a_bmc_on_smbus_that_does_not_say_what_it_can_do() -> None:
    bmc, _, link = ssif()
    bmc.answers = [b"\0", b"\xc1"]
    assert link.greet(job()) == Done(b"")
    assert (link.largest_request, link.largest_response) == (30, 29)
    with pytest.raises(EncodeError):
        link.ask(job(bytes(33)))


def test_nobody_on_the_bus() -> None:
    bus = Bus(None)
    assert SsifLink(bus).greet(job()) == Failed(Reason.ABSENT)
    assert set(bus.transfers) == {2}


def test_somebody_on_the_bus_who_does_not_answer() -> None:
    bmc, _, link = ssif()
    bmc.answers = [None]
    assert link.greet(job(seconds=0.05)) is None


@pytest.mark.parametrize("kind", ["kcs", "smic", "bt"])
@pytest.mark.parametrize("space", ["io", "memory"])
def test_the_link_of_a_place(kind: str, space: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "registers"
    path.write_bytes(b"\xff" * 0x10000)

    class Ports(port_access.PortAccess):
        def __init__(self, base: int, size: int, spacing: int) -> None:
            super().__init__(base, size, spacing, str(path))

    class Memory(port_access.MemoryAccess):
        def __init__(self, base: int, size: int, spacing: int) -> None:
            super().__init__(base, size, spacing, str(path))

    monkeypatch.setattr(inband_link, "PortAccess", Ports)
    monkeypatch.setattr(inband_link, "MemoryAccess", Memory)
    link = link_to(Place(kind=kind, address=0x100, space=space, spacing=4))
    assert isinstance(link, RegisterLink)
    machine = {"kcs": KcsHost, "smic": SmicHost, "bt": BtHost}[kind]
    assert isinstance(link._machine, machine)
    assert link.greet(job()) == Failed(Reason.ABSENT)
    link.close()


def test_the_link_to_an_ssif(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[object] = []

    class Access(Bus):
        def __init__(self, number: int, address: int, *, force: bool) -> None:
            super().__init__(None)
            opened.append((number, address, force))

    monkeypatch.setattr(i2c_access, "I2cAccess", Access)
    place = parse("ssif@i2c-3:0x12").place
    assert place is not None
    assert isinstance(link_to(place, force=True), SsifLink)
    assert opened == [(3, 0x12, True)]
