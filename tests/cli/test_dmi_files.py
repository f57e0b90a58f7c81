"""Writing SMBIOS tables into files."""

from __future__ import annotations

from pathlib import Path

import pytest

from baseboard.cli.dmi_files import device, read, told, write
from baseboard.cli.long_options import UsageError
from baseboard.errors import BaseboardError, DecodeError
from baseboard.records.smbios import IpmiDevice, MachineIdentity, build_smbios, read_structures

SMBIOS = build_smbios(MachineIdentity(name="node"), IpmiDevice.at_place("kcs"))


def test_a_dump_is_one_file(tmp_path: Path) -> None:
    path = tmp_path / "made"
    built = write(SMBIOS, str(path), qemu=False, force=False)
    assert (built.files, built.arguments, built.types) == ([str(path)], [], [0, 1, 3, 38, 42, 127])
    assert read(str(path)) == SMBIOS
    assert told(built).startswith(f"{path} is written: types 0, 1, 3, 38, 42, 127; dmidecode --from-dump")
    with pytest.raises(BaseboardError, match="is there already; --force"):
        write(SMBIOS, str(path), qemu=False, force=False)
    write(SMBIOS, str(path), qemu=False, force=True)


def test_for_qemu_there_is_a_file_for_each(tmp_path: Path) -> None:
    folder = tmp_path / "a,b" / "c"
    built = write(SMBIOS, str(folder), qemu=True, force=False)
    assert [Path(name).name for name in built.files] == [
        "type0.bin", "type1.bin", "type3.bin", "type38.bin", "type42.bin",
    ]  # fmt: skip
    assert built.arguments[:2] == ["-smbios", f"file={tmp_path}/a,,b/c/type0.bin"]
    assert " ".join(built.arguments) in told(built)
    found = [read_structures(Path(name).read_bytes())[0] for name in built.files]
    assert tuple(found) == SMBIOS.structures[:-1]


def test_files_have_usual_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert write(SMBIOS, None, qemu=False, force=False).files == ["smbios.bin"]
    assert write(SMBIOS, None, qemu=True, force=False).files[0] == "smbios/type0.bin"


def test_what_cannot_be_written_or_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(BaseboardError, match="No such file"):
        write(SMBIOS, str(tmp_path / "none" / "made"), qemu=False, force=False)
    with pytest.raises(BaseboardError, match="Not a directory|File exists"):
        write(SMBIOS, str(tmp_path / "file"), qemu=True, force=False)
    with pytest.raises(BaseboardError, match="No such file"):
        read(str(tmp_path / "none"))
    with pytest.raises(DecodeError):
        read(str(tmp_path / "file"))


def test_the_place_of_a_bmc_by_options() -> None:
    assert device({}, "bt") == IpmiDevice.at_place("bt")
    given = {"interface": "smic", "address": "0xca9", "spacing": "4", "interrupt": "5", "memory": ""}
    assert device(given, "kcs") == IpmiDevice.at_place("smic", 0xCA9, io=False, spacing=4, interrupt=5)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"address": "port"}, "--address: port is no number"),
        ({"address": "-1"}, "--address: -1 is no number"),
        ({"interrupt": "256"}, "--interrupt: 256 is no number up to 0xff"),
        ({"interface": "ssif", "memory": ""}, "--memory has no meaning with ssif"),
        ({"interface": "ssif", "address": "0x80"}, "address 0x80: ssif has none such"),
    ],
)
def test_what_is_no_place(given: dict[str, str], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        device(given, "kcs")
