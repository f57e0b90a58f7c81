"""Our host's side of KCS on QEMU's hardware, in front of OpenIPMI's ``ipmi_sim``."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from baseboard.commands.app.device import GetDeviceIdResponse
from baseboard.links.host_machine import Done, Failed, Read, Reason, Wait, Write, complete
from baseboard.links.kcs import COMMAND, DATA
from baseboard.links.kcs_host import KcsHost
from tests.interop.qemu_ports import Ports, ports
from tests.interop.simulator import sensor_record, simulator
from tests.vm.guest import free_port

GET_DEVICE_ID, RESERVE = b"\x18\x01", b"\x28\x22"
SENSORS, PATIENCE = 4, 60.0
_NO_BMC_YET = 0xD2


class Interface:
    """QEMU's interface with our machine on it."""

    def __init__(self, registers: Ports) -> None:
        self.ports, self.machine = registers, KcsHost(patience=PATIENCE)

    def complete(self) -> Done | Failed:
        return complete(self.machine, self.ports, time.monotonic, time.sleep)

    def ask(self, request: bytes) -> bytes:
        """A response from its completion code on."""
        self.machine.request(request, time.monotonic())
        end = self.complete()
        assert isinstance(end, Done), end
        assert end.message[:2] == bytes((request[0] | 4, request[1]))
        return end.message[2:]

    def begin(self, request: bytes, accesses: int) -> None:
        """So many accesses of a request."""
        self.machine.request(request, time.monotonic())
        value = 0
        for _ in range(accesses):
            match self.machine.step(value, time.monotonic()):
                case Read(register):
                    value = self.ports.read(register)
                case Write(register, written):
                    self.ports.write(register, written)
                case Wait(seconds):
                    time.sleep(seconds)  # polls: the machine says when it looks again
                case end:
                    raise AssertionError(end)


@pytest.fixture(scope="module")
def kcs() -> Iterator[Interface]:
    port = free_port()
    extra = [f"serial 15 127.0.0.1 {port} codec VM"]
    with simulator(sensors=SENSORS, sel=3, extra=extra), ports("kcs", port) as registers:
        interface = Interface(registers)
        until = time.monotonic() + PATIENCE
        while interface.ask(GET_DEVICE_ID)[0] == _NO_BMC_YET and time.monotonic() < until:
            time.sleep(0.01)  # polls: QEMU connects to the BMC
        yield interface


def test_get_device_id(kcs: Interface) -> None:
    answer = kcs.ask(GET_DEVICE_ID)
    assert answer[0] == 0
    identity = GetDeviceIdResponse.decode(answer[1:])
    assert (identity.manufacturer_id, identity.product_id) == (0x1291, 0x0F02)


def test_every_record_of_the_repository(kcs: Interface) -> None:
    """Long responses, of all the bytes that a transfer may have."""
    reservation = kcs.ask(RESERVE)[1:]
    records, record_id = [], b"\0\0"
    while record_id != b"\xff\xff":
        head = kcs.ask(b"\x28\x23" + reservation + record_id + b"\0\x05")
        assert head[0] == 0
        body, length = b"", head[7]
        while len(body) < length:
            piece = kcs.ask(
                b"\x28\x23" + reservation + record_id + bytes((5 + len(body), min(32, length - len(body))))
            )
            assert piece[0] == 0
            body += piece[3:]
        records.append(head[3:] + body)
        record_id = head[1:3]
    assert [record[2:] for record in records[-SENSORS:]] == [sensor_record(n)[2:] for n in (1, 2, 3, 4)]


def test_long_requests(kcs: Interface) -> None:
    """A SEL entry with every control code of KCS among its bytes."""
    event = bytes.fromhex("0000 02 60616268 6800 04 01 60 01 616268")
    added = kcs.ask(b"\x28\x44" + event)
    assert added[0] == 0
    got = kcs.ask(b"\x28\x43\0\0" + added[1:3] + b"\0\xff")
    assert got[3 + 7 :] == event[7:]


def test_a_command_that_nobody_has_is_refused(kcs: Interface) -> None:
    assert kcs.ask(b"\xf8\x77\x01") == b"\xc1"


@pytest.mark.parametrize("accesses", range(1, 24))
def test_a_request_that_is_given_up_in_the_middle(kcs: Interface, accesses: int) -> None:
    kcs.begin(b"\x18\x01\x01\x02\x03", accesses)
    assert kcs.ask(b"\xf8\x77\x01") == b"\xc1"
    assert kcs.ask(GET_DEVICE_ID)[0] == 0


@pytest.mark.parametrize("accesses", range(1, 24))
def test_an_abort_in_the_middle(kcs: Interface, accesses: int) -> None:
    kcs.begin(b"\x18\x01\x01\x02\x03", accesses)
    kcs.machine.abort(time.monotonic())
    assert kcs.complete() == Done(b"")
    assert kcs.ask(GET_DEVICE_ID)[0] == 0


@pytest.mark.parametrize("writes", [[(COMMAND, 0x62)], [(COMMAND, 0x61), (COMMAND, 0x10)], [(DATA, 0x99)]])
def test_what_others_left_behind_is_cleared_away(kcs: Interface, writes: list[tuple[int, int]]) -> None:
    for register, value in writes:
        kcs.ports.write(register, value)
    assert kcs.ask(GET_DEVICE_ID)[0] == 0


def test_many_requests_one_after_the_other(kcs: Interface) -> None:
    answers = {kcs.ask(GET_DEVICE_ID) for _ in range(100)}
    assert len(answers) == 1


def test_where_no_hardware_is(kcs: Interface) -> None:
    nothing = Interface(kcs.ports)
    nothing.machine.request(GET_DEVICE_ID, time.monotonic())
    step = nothing.machine.step(0, time.monotonic())
    assert step == Read(COMMAND)
    floating = kcs.ports.read(0x200)  # a port that the machine has not
    assert floating == 0xFF
    assert nothing.machine.step(floating, time.monotonic()) == Failed(Reason.ABSENT)
