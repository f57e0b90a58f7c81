"""QEMU's command line."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from baseboard.bmc.backends.qemu import command as module
from baseboard.bmc.backends.qemu.boot import BootPlan, usual
from baseboard.bmc.backends.qemu.command import command, quoted, version
from baseboard.bmc.backends.qemu.folder import Folder
from baseboard.bmc.blueprint.qemu import Accelerator, DiskSpec, NetworkSpec, QemuInterface, QemuSpec
from tests.bmc.backends.qemu import fake_qemu

GUID = bytes(range(16))


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Folder]:
    made = Folder(str(tmp_path / "r,n"))
    yield made
    made.close()


def made(folder: Folder, spec: QemuSpec, boot: BootPlan | None = None) -> list[str]:
    return command(spec, folder, "a,b", GUID, [Path("/x/type1.bin")], boot or usual(spec))


def values(words: list[str], option: str) -> list[str]:
    return [words[n + 1] for n, word in enumerate(words) if word == option]


def test_a_machine_waits_for_orders_and_has_its_wires(folder: Folder) -> None:
    words = made(folder, QemuSpec(folder="", program="no-such-qemu", accelerator="tcg"))
    assert words[0] == "no-such-qemu"
    assert values(words, "-name") == ["a,,b"]
    assert values(words, "-uuid") == ["00010203-0405-0607-0809-0a0b0c0d0e0f"]
    assert "-S" in words
    base = quoted(str(folder.qmp.parent))
    assert values(words, "-qmp") == [f"unix:{base}/qmp,server=on,wait=off"]
    assert values(words, "-pidfile") == [str(folder.pid)]
    assert values(words, "-chardev") == [
        f"socket,id=sol,path={base}/serial,reconnect=1",
        f"socket,id=vm,path={base}/vm,reconnect=1",
    ]
    assert values(words, "-machine") == ["pc,graphics=off"]
    assert values(words, "-vga") == ["none"]
    assert values(words, "-accel") == ["tcg"]
    assert values(words, "-smbios") == ["file=/x/type1.bin"]
    devices = ["ipmi-bmc-extern,id=bmc0,chardev=vm", "isa-ipmi-kcs,id=ipmi0,bmc=bmc0"]
    assert values(words, "-device") == devices
    assert not {"-kernel", "-boot", "-cpu", "-bios", "-initrd", "-append"} & set(words)


@pytest.mark.parametrize(
    ("interface", "device"),
    [
        ("bt", "isa-ipmi-bt"),
        ("pci-kcs", "pci-ipmi-kcs"),
        ("pci-bt", "pci-ipmi-bt"),
        ("ssif", "smbus-ipmi"),
        ("none", ""),
    ],
)
def test_its_system_interface(folder: Folder, interface: QemuInterface, device: str) -> None:
    words = made(folder, QemuSpec(folder="", program="x", interface=interface))
    found = [one.partition(",")[0] for one in values(words, "-device")]
    assert found == (["ipmi-bmc-extern", device] if device else [])
    assert len(values(words, "-chardev")) == (2 if device else 1)


def test_the_registers_of_the_bmcs_own_hardware(folder: Folder) -> None:
    spec = QemuSpec(folder="", program="x", interface="registers", memory_mib=64)
    boot = usual(spec)
    words = command(spec, folder, "a", GUID, [], boot, 7)
    assert values(words, "-device") == ["x-pci-proxy-dev,id=ipmi0,fd=7"]
    assert values(words, "-object") == ["memory-backend-memfd,id=memory,size=64M"]
    assert values(words, "-machine") == ["pc,graphics=off,memory-backend=memory"]
    assert len(values(words, "-chardev")) == 1
    own = QemuSpec(folder="", program="x", interface="registers", machine="q35,memory-backend=mine")
    words = command(own, folder, "a", GUID, [], boot, 7)
    assert not values(words, "-object")
    assert values(words, "-machine") == ["q35,memory-backend=mine,graphics=off"]


def test_disks_cd_and_networks_have_their_place_at_boot(folder: Folder) -> None:
    spec = QemuSpec(
        folder="",
        program="x",
        disks=(
            DiskSpec("/d/a,b", "qcow2", snapshot=True),
            DiskSpec("/d/s", bus="scsi"),
            DiskSpec("/d/u", bus="usb"),
            DiskSpec("/d/n", bus="nvme"),
            DiskSpec("/d/i", bus="ide"),
        ),
        cdrom="/d/cd.iso",
        networks=(NetworkSpec("user,hostfwd=tcp::2222-:22", "e1000"), NetworkSpec("tap", "virtio-net-pci")),
    )
    order = ("net0", "cd0", "disk0", "disk1", "disk2", "disk3", "disk4", "net1")
    words = made(folder, spec, BootPlan(order, kernel=False))
    assert values(words, "-drive") == [
        "if=none,id=drive0,format=qcow2,file=/d/a,,b,snapshot=on",
        "if=none,id=drive1,format=raw,file=/d/s",
        "if=none,id=drive2,format=raw,file=/d/u",
        "if=none,id=drive3,format=raw,file=/d/n",
        "if=none,id=drive4,format=raw,file=/d/i",
        "if=none,id=cd,media=cdrom,readonly=on,file=/d/cd.iso",
    ]
    assert values(words, "-netdev") == ["user,id=link0,hostfwd=tcp::2222-:22", "tap,id=link1"]
    assert values(words, "-device")[2:] == [
        "virtio-scsi-pci,id=scsi",
        "qemu-xhci,id=usb",
        "virtio-blk-pci,id=disk0,drive=drive0,bootindex=3",
        "scsi-hd,id=disk1,drive=drive1,bootindex=4",
        "usb-storage,id=disk2,drive=drive2,removable=on,bootindex=5",
        "nvme,id=disk3,drive=drive3,serial=drive3,bootindex=6",
        "ide-hd,id=disk4,drive=drive4,bus=ide.0,bootindex=7",
        "ide-cd,id=cd0,drive=cd,bus=ide.0,bootindex=2",
        "e1000,id=net0,netdev=link0,mac=52:54:00:0d:0e:0f,bootindex=1",
        "virtio-net-pci,id=net1,netdev=link1,mac=52:54:00:0d:0e:10,bootindex=8",
    ]


@pytest.mark.parametrize(
    ("machine", "ports"),
    [
        ("pc-q35-7.2", [",bus=ide.0", ",bus=ide.1", ",bus=ide.2"]),
        ("pc-i440fx-7.2", [",bus=ide.0", ",bus=ide.0", ",bus=ide.1"]),
        ("microvm", ["", "", ""]),
    ],
)
def test_drives_are_spread_over_the_ports(folder: Folder, machine: str, ports: list[str]) -> None:
    disks = (DiskSpec("a", bus="ide"), DiskSpec("b"), DiskSpec("c", bus="ide"))
    spec = QemuSpec(folder="", program="x", machine=machine, interface="none", disks=disks, cdrom="cd")
    assert values(made(folder, spec), "-device") == [
        f"ide-hd,id=disk0,drive=drive0{ports[0]},bootindex=1",
        "virtio-blk-pci,id=disk1,drive=drive1,bootindex=2",
        f"ide-hd,id=disk2,drive=drive2{ports[1]},bootindex=3",
        f"ide-cd,id=cd0,drive=cd{ports[2]},bootindex=4",
    ]


def test_a_kernel_or_the_menu_and_whatever_else_is_wanted(folder: Folder) -> None:
    spec = QemuSpec(
        folder="",
        program="x",
        machine="q35,graphics=on",
        cpu="max",
        firmware="/f",
        kernel="/k",
        initrd="/i",
        append="quiet",
        display="gtk",
        arguments=("-device", "pvpanic"),
    )
    words = made(folder, spec)
    assert words[-2:] == ["-device", "pvpanic"]
    assert [values(words, one) for one in ("-kernel", "-initrd", "-append")] == [["/k"], ["/i"], ["quiet"]]
    assert [values(words, one) for one in ("-cpu", "-bios", "-vga")] == [["max"], ["/f"], ["std"]]
    assert values(words, "-machine") == ["q35,graphics=on"]
    menu = made(folder, spec, BootPlan((), kernel=False, menu=True))
    assert "-kernel" not in menu
    assert values(menu, "-boot") == ["menu=on,splash-time=60000"]
    alone = made(folder, QemuSpec(folder="", program="x", kernel="/k"))
    assert not {"-initrd", "-append"} & set(alone)


@pytest.mark.parametrize(
    ("wanted", "there", "accelerators"),
    [
        ("auto", True, ["kvm", "tcg"]),
        ("auto", False, ["tcg"]),
        ("kvm", False, ["kvm"]),
        ("tcg", True, ["tcg"]),
    ],
)
def test_kvm_where_it_may_be_used(
    folder: Folder,
    monkeypatch: pytest.MonkeyPatch,
    wanted: Accelerator,
    there: bool,
    accelerators: list[str],
) -> None:
    monkeypatch.setattr(os, "access", lambda path, _: there and path == module.KVM)
    words = made(folder, QemuSpec(folder="", program="x", accelerator=wanted))
    assert values(words, "-accel") == accelerators


def test_the_version_tells_how_to_connect_again(
    folder: Folder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = fake_qemu.program(tmp_path)
    assert version(program) == (7, 2)
    assert version(str(tmp_path)) == (0, 0)
    assert version("/bin/true") == (0, 0)
    monkeypatch.setattr(module, "version", lambda program: (9, 2))
    assert "reconnect-ms=1000" in values(made(folder, QemuSpec(folder="")), "-chardev")[0]
