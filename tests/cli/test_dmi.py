"""``dmi``: what tables tell, where the BMC is, tables made of what a BMC knows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from baseboard.cli import dmi
from baseboard.cli.dmi import line
from baseboard.client.inband_discovery import Found
from baseboard.records.smbios import (
    IpmiDevice,
    MachineIdentity,
    Structure,
    SystemInformation,
    build_smbios,
    find,
    read_dump,
    write_dump,
)
from tests.cli.simulated import Told
from tests.client.fake_machine import FakeMachine

Program = Callable[..., Told]


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeMachine:
    """This machine, as far as `dmi` sees it."""
    made = FakeMachine(tmp_path / "machine")
    made.root.mkdir()
    monkeypatch.setattr(dmi, "ROOT", str(made.root))
    return made


def a_dump(folder: Path) -> str:
    path = folder / "dump"
    smbios = build_smbios(MachineIdentity(name="node\x1b[2J"), IpmiDevice.at_place("kcs", interrupt=5))
    path.write_bytes(write_dump(smbios))
    return str(path)


def test_a_dump_is_shown(program: Program, tmp_path: Path) -> None:
    told = program("dmi", "show", "--from", a_dump(tmp_path), login=False)
    assert told.code == 0
    assert told.out.startswith("SMBIOS 3.2, 6 structures\n")
    assert "\nIPMI device (type 38, handle 2600h)\n  interface           kcs\n" in told.out
    assert "\x1b" not in told.out


def test_a_dump_as_data(program: Program, tmp_path: Path) -> None:
    found = program("dmi", "show", "--json", "--from", a_dump(tmp_path), login=False).document["result"]
    assert [one["type"] for one in found] == [0, 1, 3, 38, 42]
    assert found[3]["facts"]["address"] == "0xca2"
    assert found[3]["raw"].startswith("2612002601")


def test_this_machine_is_shown(program: Program, machine: FakeMachine) -> None:
    machine.smbios(Structure.of(0x100, SystemInformation(), product_name="Server"))
    told = program("dmi", "show", login=False)
    assert told.code == 0
    assert "product name        Server" in told.out


def test_a_machine_without_tables(program: Program, machine: FakeMachine) -> None:
    told = program("dmi", "show", login=False)
    assert told.code != 0
    assert "this machine's SMBIOS:" in told.err
    assert "--from FILE reads a dump" in told.err


def test_tables_that_may_not_be_read(
    program: Program, machine: FakeMachine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(root: str) -> None:
        raise PermissionError(13, "Permission denied", "table")

    monkeypatch.setattr("baseboard.client.inband_discovery.tables", refused)
    assert "Only root may read it" in program("dmi", "show", login=False).err


def test_a_broken_dump_is_told_with_the_place(program: Program, tmp_path: Path) -> None:
    path = a_dump(tmp_path)
    Path(path).write_bytes(Path(path).read_bytes()[:62])
    told = program("dmi", "show", "--from", path, login=False)
    assert told.code != 0
    assert "SMBIOS structure" in told.err


def test_the_bmc_is_found_with_its_driver(program: Program, machine: FakeMachine) -> None:
    machine.smbios(Structure.of(0x26, IpmiDevice.at_place("kcs")))
    machine.held("ipmi0", "platform/x", "ipmi_si", "kcs,i/o,0xca2,rsp=1,rsi=1,rsh=0,irq=5,ipmb=32")
    told = program("dmi", "find", login=False)
    assert told.code == 0
    assert told.out == (
        "kcs at port 0xca2, interrupt 5; ipmi0 by ipmi_si (told by smbios: type 38, handle 0026h)\n"
    )
    (found,) = program("dmi", "find", "--json", login=False).document["result"]
    assert (found["kind"], found["address"], found["driver"]) == ("kcs", 0xCA2, "ipmi_si")


def test_the_bmc_of_a_dump_has_no_driver_here(program: Program, tmp_path: Path) -> None:
    told = program("dmi", "find", "--from", a_dump(tmp_path), login=False)
    assert told.out == "kcs at port 0xca2, interrupt 5 (told by smbios: type 38, handle 2600h)\n"


def test_no_bmc_is_found(program: Program, machine: FakeMachine) -> None:
    machine.file("sys/firmware/acpi/tables/SPMI", b"SPMI")
    told = program("dmi", "find", login=False)
    assert told.code == 1
    assert told.out == ""
    assert "no table tells of a BMC" in told.err
    assert "Spmi: 4 bytes" in told.err


@pytest.mark.parametrize(
    ("found", "text"),
    [
        (
            Found(kind="bt", address=0xFED00000, space="memory", spacing=4, sources=("pci",), detail="0:3"),
            "bt at memory 0xfed00000, registers 4 bytes apart; no driver holds it (told by pci: 0:3)",
        ),
        (
            Found(
                kind="ssif", address=0x10, space="smbus", bus=6, sources=("smbios", "devicetree"), detail="x",
                device="ipmi0",
            ),
            "ssif at slave address 0x10 on I2C bus 6; ipmi0 by its driver (told by smbios, devicetree: x)",
        ),
        (
            Found(kind="ssif", address=0x10, space="smbus", sources=("spmi",), detail="x"),
            "ssif at slave address 0x10; no driver holds it (told by spmi: x)",
        ),
    ],
)  # fmt: skip
def test_a_place_in_a_line(found: Found, text: str) -> None:
    assert line(found) == text


def test_tables_are_made_of_what_the_bmc_knows(program: Program, tmp_path: Path) -> None:
    path = tmp_path / "made"
    told = program("dmi", "build", "--output", str(path), "--address", "0x2e8", "--spacing", "4")
    assert told.code == 0, told.err
    made = read_dump(path.read_bytes())
    ((_, device),) = find(made.structures, IpmiDevice)
    assert (device.kind, device.address, device.spacing) == ("kcs", 0x2E8, 4)
    ((system, body),) = find(made.structures, SystemInformation)
    shown = program("fru", "print", "0").out
    assert f": {system.text('serial_number')}\n" in shown
    assert body.guid is not None
    assert len(made.of(39)) == 2
    again = program("dmi", "build", "--output", str(path))
    assert again.code == 1
    assert "--force" in again.err


def test_tables_for_qemu(program: Program, tmp_path: Path) -> None:
    told = program("dmi", "build", "--qemu", "--json", "--output", str(tmp_path / "q"), "--interface", "bt")
    result = told.document["result"]
    assert f"file={tmp_path}/q/type38.bin" in result["arguments"]
    assert 42 not in result["types"]


@pytest.mark.parametrize("words", [(), ("nothing",), ("show", "more")])
def test_what_is_no_verb(program: Program, words: tuple[str, ...]) -> None:
    told = program("dmi", *words, login=False)
    assert told.code == 2
    assert "show, find, build" in told.err


def test_no_bmc_is_asked_for_this_machines_tables(program: Program) -> None:
    for verb in ("show", "find"):
        told = program("dmi", verb)
        assert told.code == 2
        assert "SMBIOS is read of this machine" in told.err
