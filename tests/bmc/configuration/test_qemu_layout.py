"""What a file may say of a machine that QEMU runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bmc.configuration.files import HERE, ONE, assert_mistake

QEMU = ONE + '[bmc.host]\nbackend = "qemu"\n[bmc.host.qemu]\n'


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("interface", '"smic"', "ssif"),
        ("accelerator", '"xen"', "tcg"),
        ("memory_mib", "1", "16"),
        ("cpus", "0", "1"),
        ("nic", '"e1000,addr=3"', ""),
        ("memory", "1024", "memory_mib"),
    ],
)
def test_a_value_that_cannot_be(tmp_path: Path, key: str, value: str, words: str) -> None:
    assert_mistake(tmp_path, f"{QEMU}{key} = {value} {HERE}\n", f"bmc[0].host.qemu.{key}", words)


def test_a_disk_has_a_file_and_a_bus_that_is_there(tmp_path: Path) -> None:
    text = f'{QEMU}[[bmc.host.qemu.disk]]\nfile = "a"\nbus = "floppy" {HERE}\n'
    assert_mistake(tmp_path, text, "bmc[0].host.qemu.disk[0].bus", "virtio")
