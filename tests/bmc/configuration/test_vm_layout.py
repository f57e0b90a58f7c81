"""What a file may say of a virtual machine: nothing but where it connects."""

from __future__ import annotations

from pathlib import Path

from tests.bmc.configuration.files import HERE, ONE, assert_mistake

VM = ONE + '[bmc.host]\nbackend = "vm"\n[bmc.host.vm]\n'


def test_the_place_is_needed(tmp_path: Path) -> None:
    text = VM.replace("[bmc.host.vm]", f"[bmc.host.vm] {HERE}")
    assert_mistake(tmp_path, text, "bmc[0].host.vm.listen", "missing")


def test_a_key_that_is_none_is_named(tmp_path: Path) -> None:
    text = f'{VM}listen = "unix:vm"\nlisten_on = 1 {HERE}\n'
    assert_mistake(tmp_path, text, "bmc[0].host.vm.listen_on")
