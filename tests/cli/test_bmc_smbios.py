"""``bmc smbios``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from baseboard.cli.program import main
from baseboard.records.smbios import IpmiDevice, find, read_dump

ONE = """\
[[bmc]]
name = "node1"
makeup = "rack"
[bmc.lan]
port = 1623
[bmc.interface]
kind = "bt"
[[bmc.user]]
name = "admin"
password = "a-good-passwrd"
"""


@pytest.fixture
def described(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file that describes a BMC; what is written goes beside it."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "bmc.toml"
    path.write_text(ONE)
    return path


def test_a_dump_of_a_machine_that_does_not_run(described: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bmc", "smbios", str(described)]) == 0
    assert "smbios.bin is written: types 0, 1, 2, 3, 38, 39, 127" in capsys.readouterr().out
    ((_, device),) = find(read_dump(Path("smbios.bin").read_bytes()).structures, IpmiDevice)
    assert (device.kind, device.address) == ("bt", 0xE4)
    assert main(["bmc", "smbios", str(described)]) == 1
    assert "--force" in capsys.readouterr().err


def test_for_qemu_at_another_place(described: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = [
        "--qemu",
        "--json",
        "--interface",
        "kcs",
        "--address",
        "0xfed00000",
        "--memory",
        "--interrupt",
        "9",
    ]
    assert main(["bmc", "smbios", str(described), "--output", "files", *words]) == 0
    built = json.loads(capsys.readouterr().out)
    assert built["arguments"][:2] == ["-smbios", "file=files/type0.bin"]
    assert Path("files/type38.bin").read_bytes()[4:18] == bytes.fromhex("01 20 20 FF 0000D0FE00000000 0A 09")


def test_one_of_several_is_named(described: Path, capsys: pytest.CaptureFixture[str]) -> None:
    described.write_text(ONE + ONE.replace("node1", "node2").replace("1623", "2623"))
    assert main(["bmc", "smbios", str(described)]) == 1
    assert "--name chooses one of node1, node2" in capsys.readouterr().err
    assert main(["bmc", "smbios", str(described), "--name", "node3"]) == 1
    assert "no BMC is named node3; there are node1, node2" in capsys.readouterr().err
    assert main(["bmc", "smbios", str(described), "--name", "node2"]) == 0
    assert (read_dump(Path("smbios.bin").read_bytes())).of(3)
