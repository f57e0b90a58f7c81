"""A machine that QEMU runs, as the blueprint has it."""

from __future__ import annotations

from typing import get_args

from baseboard.bmc.blueprint.qemu import DiskBus, DiskSpec, QemuInterface, QemuSpec


def test_nothing_of_a_machine_outlives_its_bmc_unless_told() -> None:
    assert not QemuSpec("run").keep_running


def test_a_disk_is_written_to_unless_told() -> None:
    assert DiskSpec("a") == DiskSpec("a", "raw", "virtio", snapshot=False)


def test_each_interface_and_bus_has_a_device() -> None:
    from baseboard.bmc.backends.qemu import command

    assert {*command._INTERFACES, "registers", "none"} == set(get_args(QemuInterface))
    assert set(command._DISKS) == set(get_args(DiskBus))
