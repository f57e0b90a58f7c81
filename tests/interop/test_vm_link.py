"""QEMU's IPMI hardware in front of our BMCs, by the VM protocol; no guest, a host's side works its ports."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.interop.lab import Bmc, lab
from tests.interop.stopped_machine import GET_DEVICE_ID, HOSTS, StoppedMachine, stopped_machine
from tests.vm.served import served

GET_ENABLES, SET_ENABLES = b"\x18\x2f", b"\x18\x2e"
READ_EVENT = b"\x18\x35"
INTERFACES = pytest.mark.parametrize("interface", HOSTS)


@contextmanager
def bench(interface: str, folder: Path) -> Iterator[tuple[StoppedMachine, Bmc]]:
    """A machine that is connected to the BMC of a lab."""
    with (
        lab("--count", "1", "--vm", str(folder / "bmc")) as running,
        stopped_machine(interface, str(folder / "bmc")) as made,
    ):
        made.connected()
        yield made, running[0]


@INTERFACES
def test_commands_go_through_the_hardware(interface: str, tmp_path: Path) -> None:
    with bench(interface, tmp_path) as (made, bmc):
        outside = bmc.ipmitool("raw", "0x06", "0x01").ok().out.split()
        assert made.ask(GET_DEVICE_ID) == bytes((0, *(int(one, 16) for one in outside)))
        for _ in range(50):
            assert made.ask(b"\x28\x48")[0] == 0  # Get SEL Time
        assert made.ask(b"\x18\xee") == b"\xc1"
        assert bmc.ipmitool("chassis", "status").ok().values["System Power"] == "on"


@INTERFACES
def test_requests_and_answers_of_every_length(interface: str, tmp_path: Path) -> None:
    """The driver of SSIF probes with 63 bytes behind Get Device ID; whatever is asked, an answer comes."""
    with bench(interface, tmp_path) as (made, _):
        for size in (1, 5, 63, 150, 240):
            assert made.ask(GET_DEVICE_ID + bytes(size)) == b"\xc7"
        read = [made.ask(b"\x28\x11\x00\x00\x00" + bytes((count,))) for count in (1, 100, 200, 255)]
        assert [answer[0] for answer in read[:3]] == [0, 0, 0]
        assert all(len(answer) == count + 2 for answer, count in zip(read, (1, 100, 200), strict=False))
        assert 0 < len(read[3]) <= 251


@INTERFACES
def test_attention_and_its_interrupt(interface: str, tmp_path: Path) -> None:
    with bench(interface, tmp_path) as (made, bmc):
        assert not made.attention()
        assert made.ask(GET_ENABLES) == b"\x00\x08"
        assert made.ask(SET_ENABLES + b"\x0c") == b"\x00"
        bmc.ipmitool("event", "1").ok()
        made.until(made.attention)
        assert made.interrupts == []
        assert made.ask(READ_EVENT)[0] == 0
        made.until(lambda: not made.attention())
        if interface == "bt":
            made.write(2, 0x01)  # BT has an enable of its own: B2H_IRQ_EN
        assert made.ask(SET_ENABLES + b"\x0f") == b"\x00"
        # The hardware interrupts for each answer too, from the moment on that the BMC has switched it on.
        made.until(lambda: "raise" in made.interrupts)
        made.ask(GET_ENABLES)
        if interface == "bt":
            made.write(2, 0x03)  # ... and the interrupt stays until it is acknowledged
        made.interrupts.clear()
        bmc.ipmitool("event", "1").ok()
        # Looking at KCS's status takes its interrupt back, so another register is read until it has come.
        made.until(lambda: made.read(0) >= 0 and "raise" in made.interrupts)
        assert made.attention()
        assert made.ask(b"\x18\x31") == b"\x00\x02"
        assert made.ask(READ_EVENT)[0] == 0
        made.until(lambda: not made.attention())


def test_power(tmp_path: Path) -> None:
    with bench("kcs", tmp_path) as (made, bmc):
        bmc.ipmitool("chassis", "power", "reset").ok()
        made.connected()
        assert "chassis power control command" in bmc.ipmitool("chassis", "restart_cause").ok().out
        bmc.ipmitool("chassis", "power", "diag").ok()
        bmc.ipmitool("chassis", "power", "soft").ok()
        made.connected()
        bmc.ipmitool("chassis", "power", "off").ok()
        assert made.ended()
        made.until(lambda: "is off" in bmc.ipmitool("chassis", "power", "status").ok().out)
        # Nothing can start a machine; and no fault is claimed that is none.
        assert bmc.ipmitool("chassis", "power", "on").code != 0
        assert bmc.ipmitool("chassis", "status").ok().values["Power Control Fault"] == "false"


def test_one_that_is_started_again_is_on_again() -> None:
    with lab("--count", "1", "--vm", "tcp:127.0.0.1:0") as running:
        (place,) = running.vms
        for turn in range(2):
            with stopped_machine("kcs", place) as made:
                made.connected()
                assert "is on" in running[0].ipmitool("chassis", "power", "status").ok().out
                if turn == 0:
                    running[0].ipmitool("chassis", "power", "off").ok()
                    assert made.ended()


def test_a_second_machine_waits_until_the_first_has_gone(tmp_path: Path) -> None:
    """It tries each second, and is never cut off in the middle of a request, which QEMU would not survive."""
    with (
        bench("kcs", tmp_path) as (first, _),
        stopped_machine("kcs", str(tmp_path / "bmc")) as second,
    ):
        until = time.monotonic() + 2.5
        while time.monotonic() < until:
            assert second.ask(GET_DEVICE_ID) == b"\xd2"
        assert first.ask(GET_DEVICE_ID)[0] == 0
        first.close()
        second.connected()


@INTERFACES
def test_a_bmc_that_ends_in_the_middle_of_traffic_does_no_harm(interface: str, tmp_path: Path) -> None:
    place = str(tmp_path / "bmc")
    codes: list[int] = []
    with stopped_machine(interface, place) as made:
        for _ in range(3):
            over = threading.Event()

            def traffic(over: threading.Event = over) -> None:
                while not over.is_set():
                    codes.append(made.ask(GET_DEVICE_ID)[0])

            with lab("--count", "1", "--vm", place):
                made.connected()
                asking = threading.Thread(target=traffic)
                asking.start()
                made.until(lambda: len(codes) > 10)
            over.set()
            asking.join()
            assert set(codes) == {0x00, 0xD2}
            codes.clear()
        assert made.process.poll() is None


def test_while_nobody_listens_qemu_answers_by_itself(tmp_path: Path) -> None:
    with stopped_machine("kcs", str(tmp_path / "nobody")) as made:
        assert made.ask(GET_DEVICE_ID) == b"\xd2"


@INTERFACES
def test_a_bmc_that_is_killed_is_found_again_and_has_what_it_acknowledged(interface: str) -> None:
    with served(interface) as bmc, stopped_machine(interface, bmc.socket) as made:
        made.connected()
        entry = b"\x28\x44\x00\x00\x02\x00\x00\x00\x00\x41\x00\x04\x01\x30\x6f\x55\xaa\x5a"
        number = made.ask(entry)
        assert number[0] == 0
        bmc.cut()
        # QUIRK QEMU 7.2: a request before it has seen the end of the connection is its own end at the next.
        time.sleep(0.5)  # polls
        made.until(lambda: made.ask(GET_DEVICE_ID)[0] == 0xD2)
        bmc.restart()
        made.connected()
        found = made.ask(b"\x28\x43\x00\x00" + number[1:3] + b"\x00\xff")
        assert (found[0], found[3:5], found[10:]) == (0, number[1:3], entry[9:])
        # The enables are those of a BMC that starts, and so is the interrupt of the hardware.
        assert made.ask(GET_ENABLES) == b"\x00\x08"
