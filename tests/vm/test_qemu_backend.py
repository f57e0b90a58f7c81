"""QEMU behind a BMC: the power, the console, the inventory and the boot order of a virtual server."""

from __future__ import annotations

import re
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.interop.patience import eventually
from tests.vm.virtual_server import GUID, HEAD, Screen, Served, field, linux, served

pytestmark = pytest.mark.timeout(1200)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with linux(tmp_path_factory.mktemp("virtual")) as running:
        yield running


def is_on(server: Served) -> bool:
    return server.ipmitool("chassis", "power", "status") == "Chassis Power is on\n"


def switch(server: Served, *, on: bool) -> None:
    """Bring it to where a test begins."""
    server.ipmitool("chassis", "power", "on" if on else "off")
    eventually(lambda: is_on(server), lambda now: now == on)


def cause(server: Served) -> str:
    return server.ipmitool("chassis", "restart_cause").partition(": ")[2].strip()


def starts(server: Served) -> list[str]:
    """The events that say why the system started (sensor type 1Dh)."""
    return [line for line in server.ipmitool("sel", "elist").splitlines() if "Restart" in line]


def section(text: str, kind: int) -> str:
    """One structure of what dmidecode prints."""
    found = re.search(rf"DMI type {kind},.*?(?=^Handle|\Z)", text, re.MULTILINE | re.DOTALL)
    assert found, text
    return found[0]


def test_a_guest_is_started_and_finds_the_same_bmc(server: Served) -> None:
    switch(server, on=False)
    assert server.machine() is None
    with server.console() as screen:
        server.ipmitool("chassis", "power", "on")
        screen.booted()
        inside = screen.run("ipmitool mc info")
        inside_guid = screen.run("ipmitool mc guid")
        complaints = screen.run("dmesg | grep -i ipmi")
    outside = server.ipmitool("mc", "info")
    for name in ("Device ID", "Firmware Revision", "IPMI Version", "Device Revision"):
        assert field(inside, name) == field(outside, name)
    assert field(inside_guid, "System GUID") == field(server.ipmitool("mc", "guid"), "System GUID")
    assert "Interface is up" in complaints or "IPMI message handler" in complaints
    assert not re.search("error|fail|timed out|invalid", complaints, re.IGNORECASE)
    assert is_on(server)


def test_what_the_guest_logs_is_read_outside(server: Served) -> None:
    with server.console() as screen:
        ready(server, screen)
        before = len(server.ipmitool("sel", "list").splitlines())
        screen.run("ipmitool event 1 >/dev/null")
    assert len(server.ipmitool("sel", "list").splitlines()) == before + 1


def ready(server: Served, screen: Screen) -> None:
    """A guest that does what is typed, booted if there was none."""
    if is_on(server):
        screen.connected()
        return
    server.ipmitool("chassis", "power", "on")
    screen.booted()


def test_the_guests_smbios_is_what_the_fru_says(server: Served) -> None:
    with server.console() as screen:
        ready(server, screen)
        tables = screen.run("dmidecode -t 1,2,3,38")
    fru = server.ipmitool("fru", "print", "0")
    system, board, chassis, ipmi = (section(tables, kind) for kind in (1, 2, 3, 38))
    assert field(system, "Manufacturer") == field(fru, "Product Manufacturer")
    assert field(system, "Product Name") == field(fru, "Product Name")
    assert field(system, "Serial Number") == field(fru, "Product Serial")
    assert field(system, "SKU Number") == field(fru, "Product Part Number")
    assert field(system, "UUID") == GUID
    assert field(board, "Product Name") == field(fru, "Board Product")
    assert field(board, "Serial Number") == field(fru, "Board Serial")
    assert field(chassis, "Serial Number") == field(fru, "Chassis Serial")
    assert field(chassis, "Type") == field(fru, "Chassis Type")
    assert field(ipmi, "Interface Type") == "KCS (Keyboard Control Style)"
    assert field(ipmi, "Base Address") == "0x0000000000000CA2 (I/O)"
    assert field(ipmi, "I2C Slave Address") == "0x10"
    assert field(ipmi, "Specification Version") == field(server.ipmitool("mc", "info"), "IPMI Version")


def test_an_nmi_reaches_the_guests_kernel(server: Served) -> None:
    with server.console() as screen:
        ready(server, screen)
        screen.run("dmesg -c >/dev/null")
        server.ipmitool("chassis", "power", "diag")
        assert "NMI" in screen.run("for n in 1 2 3 4 5; do dmesg | grep NMI && break; sleep 1; done")
    assert is_on(server)


def test_a_reset_from_outside_boots_the_guest_anew(server: Served) -> None:
    with server.console() as screen:
        ready(server, screen)
        process = server.machine()
        before = len(starts(server))
        server.ipmitool("chassis", "power", "reset")
        screen.booted()
    assert cause(server) == "chassis power control command"
    assert server.machine() == process
    assert len(starts(server)) == before + 1, "one reset is told once, however often the firmware resets"


def test_a_reboot_by_the_guest_is_noticed_once(server: Served) -> None:
    with server.console() as screen:
        ready(server, screen)
        before = len(starts(server))
        screen.type("reboot -f\n")
        screen.booted()
    assert cause(server) == "soft reset"
    assert len(starts(server)) == before + 1


def test_a_power_cycle_is_a_new_machine(server: Served) -> None:
    with server.console() as screen:
        ready(server, screen)
        process = server.machine()
        server.ipmitool("chassis", "power", "cycle")
        screen.booted()
    assert cause(server) == "chassis power control command"
    assert server.machine() not in (None, process)


def test_a_soft_shutdown_presses_the_guests_power_button(server: Served) -> None:
    with server.console() as screen:
        ready(server, screen)
        server.ipmitool("chassis", "power", "soft")
        screen.wait_for("@@button")
        eventually(lambda: is_on(server), lambda on: not on)
    assert server.machine() is None
    assert "off/down" in server.ipmitool("sel", "elist") or "soft-off" in server.ipmitool("sel", "elist")


def test_a_bmc_that_was_killed_takes_the_running_machine_over(server: Served) -> None:
    with server.console() as screen:
        ready(server, screen)
        screen.run("kept=4711")
        process = server.machine()
    server.end(signal.SIGKILL)
    assert server.machine() == process
    server.start()
    assert is_on(server)
    assert server.machine() == process
    with server.console() as screen:
        screen.connected()
        assert screen.run("echo kept $kept; ipmitool mc info").startswith("kept 4711")
        server.ipmitool("chassis", "power", "reset")
        screen.booted()
    assert cause(server) == "chassis power control command"
    switch(server, on=False)
    assert server.machine() is None


def test_the_end_of_the_bmc_in_good_order_is_the_machines_end(server: Served) -> None:
    switch(server, on=True)
    assert server.machine() is not None
    assert server.end() == 0
    assert server.machine() is None
    server.start()
    eventually(lambda: is_on(server), bool)  # as it was before mains failed


# Prints that it runs, waits for a key at the serial port, and resets the machine by the keyboard controller.
BOOT_SECTOR = bytes.fromhex(
    "fa 31c0 8ed8"  # cli; xor ax,ax; mov ds,ax
    "be 217c"  # mov si, 7c21h: the text
    "ba f803"  # mov dx, 3f8h
    "ac 84c0 7403 ee ebf8"  # lodsb; test al,al; jz +3; out dx,al; jmp back
    "ba fd03"  # mov dx, 3fdh
    "ec a801 74fb"  # in al,dx; test al,1; jz back
    "b0fe e664"  # mov al, feh; out 64h, al
    "ebfe"  # jmp itself
)
TEXT = b"@@disk runs\r\n\0"


def boot_sector() -> bytes:
    assert len(BOOT_SECTOR) == 0x21
    return (BOOT_SECTOR + TEXT).ljust(510, b"\0") + b"\x55\xaa"


FIRMWARE = (
    HEAD
    + """
memory_mib = 64
network = "user"
nic = "e1000"
cdrom = "cd.iso"

[[bmc.host.qemu.disk]]
file = "disk.img"
snapshot = true
"""
)


@pytest.fixture
def bare(tmp_path: Path) -> Iterator[Served]:
    """A machine with a disk, a CD that cannot be booted, and a network."""
    (tmp_path / "disk.img").write_bytes(boot_sector().ljust(1 << 20, b"\0"))
    (tmp_path / "cd.iso").write_bytes(bytes(1 << 20))
    with served(tmp_path, FIRMWARE) as running:
        yield running


def tried(screen: Screen) -> list[str]:
    """What the firmware tries, until the disk's program runs."""
    shown = screen.wait_for("@@disk runs")
    return re.findall(r"Booting from (Hard Disk|DVD/CD|ROM)", shown)


def test_boot_flags_change_the_order_for_one_boot(bare: Served) -> None:
    with bare.console() as screen:
        bare.ipmitool("chassis", "power", "on")
        assert tried(screen) == ["Hard Disk"]
        process = bare.machine()

        bare.ipmitool("chassis", "bootdev", "cdrom")
        bare.ipmitool("chassis", "power", "reset")
        assert tried(screen) == ["DVD/CD", "Hard Disk"]

        # The guest's own reboot follows them too, if they are to outlast it (parameter 3, bit 1).
        bare.ipmitool("raw", "0x00", "0x08", "0x03", "0x02")
        bare.ipmitool("chassis", "bootdev", "cdrom")
        time.sleep(1.5)  # polls: nothing tells when the firmware's own resets, which follow a reset, are over
        screen.type("x")
        assert tried(screen) == ["DVD/CD", "Hard Disk"]
        assert cause(bare) == "soft reset"
        assert bare.machine() == process

        # Those for one boot are used up, those for every boot are not.
        bare.ipmitool("chassis", "power", "reset")
        assert tried(screen) == ["Hard Disk"]
        bare.ipmitool("chassis", "bootdev", "cdrom", "options=persistent")
        for _ in range(2):
            bare.ipmitool("chassis", "power", "cycle")
            assert tried(screen) == ["DVD/CD", "Hard Disk"]
        bare.ipmitool("chassis", "bootdev", "none")


def test_boot_flags_lead_to_the_network_and_to_the_firmwares_menu(bare: Served) -> None:
    with bare.console() as screen:
        bare.ipmitool("chassis", "bootdev", "pxe")
        bare.ipmitool("chassis", "power", "on")
        shown = screen.wait_for("Configuring (net0", "@@disk runs")
        assert shown.endswith("Configuring (net0")
        bare.ipmitool("chassis", "bootdev", "bios")
        bare.ipmitool("chassis", "power", "reset")
        screen.wait_for("Press ESC for boot menu")
        screen.type("\x1b")
        shown = screen.wait_for("Select boot device:", "@@disk runs")
        assert shown.endswith("Select boot device:")
    assert is_on(bare)


def test_a_qemu_that_cannot_start_is_a_power_control_fault(tmp_path: Path) -> None:
    text = HEAD + 'network = "none"\narguments = ["-device", "no-such-device"]\n'
    with served(tmp_path, text) as server:
        server.ipmitool("chassis", "power", "on")
        status = eventually(
            lambda: server.ipmitool("chassis", "status"),
            lambda text: field(text, "Power Control Fault") == "true",
        )
        assert field(status, "System Power") == "off"
        assert "'no-such-device' is not a valid device model name" in server.errors
