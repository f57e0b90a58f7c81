"""Machines that BMCs run by QEMU, and the mistakes in their descriptions."""

from __future__ import annotations

from pathlib import Path

import pytest

from baseboard.bmc.blueprint.interfaces import RegistersSpec
from baseboard.bmc.blueprint.qemu import DiskSpec, NetworkSpec, QemuSpec
from baseboard.bmc.configuration import load
from baseboard.bmc.configuration import qemu as module
from baseboard.bmc.configuration.vm import MOST_CARRIED
from baseboard.errors import BaseboardError
from tests.bmc.backends.qemu import fake_qemu
from tests.bmc.configuration.files import HERE, ONE, assert_mistake, blueprint, loaded, written

EXAMPLES = Path(__file__).parents[3] / "docs" / "examples"
MANY = '[[bmc]]\nname = "n"\ncount = 2\n[bmc.lan]\nport = 0\n'


def host(folder: Path, text: str = "", bmc: str = ONE) -> str:
    """A file with a machine."""
    program = fake_qemu.program(folder)
    return f'{bmc}[bmc.host]\nbackend = "qemu"\n[bmc.host.qemu]\nprogram = "{program}"\n{text}'


def spec(folder: Path, text: str = "") -> QemuSpec:
    machine = blueprint(folder, host(folder, text)).machine
    assert isinstance(machine, QemuSpec)
    return machine


def test_a_table_with_nothing_in_it_is_a_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    made = blueprint(tmp_path, host(tmp_path))
    machine = made.machine
    assert isinstance(machine, QemuSpec)
    assert machine.folder == f"{tmp_path}/baseboard/one-{made.identity.guid.hex()[:8]}"
    assert machine.networks == (NetworkSpec("user", "virtio-net-pci"),)
    assert machine.interface == made.interface.kind == "kcs"
    assert made.interface.input_size == made.interface.output_size == MOST_CARRIED
    assert made.powered
    monkeypatch.delenv("XDG_RUNTIME_DIR")
    assert "baseboard-" in spec(tmp_path).folder


def test_everything_is_beside_the_file(tmp_path: Path) -> None:
    for name in ("k", "i", "f", "cd", "a", "b"):
        (tmp_path / name).touch()
    made = spec(
        tmp_path,
        'kernel = "k"\ninitrd = "i"\nappend = "quiet n={n}"\nfirmware = "f"\ncdrom = "cd"\nfolder = "run"\n'
        'network = ["tap,ifname=t{n}", "none"]\nnic = "e1000"\narguments = ["-x", "{n}"]\ncpu = "max"\n'
        '[[bmc.host.qemu.disk]]\nfile = "a"\nsnapshot = true\n'
        '[[bmc.host.qemu.disk]]\nfile = "b"\nbus = "usb"\nformat = "qcow2"\n',
    )
    assert made == QemuSpec(
        folder=f"{tmp_path}/run",
        program=f"{tmp_path}/qemu",
        kernel=f"{tmp_path}/k",
        initrd=f"{tmp_path}/i",
        append="quiet n=1",
        firmware=f"{tmp_path}/f",
        cdrom=f"{tmp_path}/cd",
        cpu="max",
        disks=(DiskSpec(f"{tmp_path}/a", snapshot=True), DiskSpec(f"{tmp_path}/b", "qcow2", "usb")),
        networks=(NetworkSpec("tap,ifname=t1", "e1000"),),
        arguments=("-x", "1"),
    )


@pytest.mark.parametrize(
    ("interface", "kind"),
    [("kcs", "kcs"), ("bt", "bt"), ("pci-kcs", "kcs"), ("pci-bt", "bt"), ("ssif", "ssif"), ("none", "smic")],
)
def test_the_system_interface_is_the_machines(tmp_path: Path, interface: str, kind: str) -> None:
    text = host(tmp_path, f'interface = "{interface}"\n', ONE + '[bmc.interface]\nkind = "smic"\n')
    assert blueprint(tmp_path, text).interface.kind == kind


@pytest.mark.parametrize("kind", ["kcs", "smic", "bt", "ssif"])
def test_the_system_interface_is_the_bmcs_own_hardware(tmp_path: Path, kind: str) -> None:
    own = f'[bmc.interface]\nkind = "{kind}"\nregisters = "unix:hardware"\n'
    made = blueprint(tmp_path, host(tmp_path, 'interface = "registers"\n') + own)
    assert isinstance(made.machine, QemuSpec)
    assert made.machine.interface == "registers"
    assert made.interface.kind == kind
    assert made.interface.endpoint == RegistersSpec(f"unix:{tmp_path}/hardware")
    assert made.interface.input_size > MOST_CARRIED


def test_the_machine_and_its_bmc_have_one_interface(tmp_path: Path) -> None:
    text = host(tmp_path, f'interface = "registers" {HERE}\n')
    assert_mistake(
        tmp_path, text, "bmc[0].host.qemu.interface", 'bmc.interface needs registers = "unix:PATH"'
    )
    own = '[bmc.interface]\nregisters = "unix:hardware"\n'
    text = host(tmp_path, f'interface = "bt" {HERE}\n') + own
    assert_mistake(tmp_path, text, "bmc[0].host.qemu.interface", "QEMU's own hardware", '"registers" leads')
    apart = blueprint(tmp_path, host(tmp_path, 'interface = "none"\n') + own)
    assert isinstance(apart.interface.endpoint, RegistersSpec)


@pytest.mark.parametrize("key", ["kernel", "firmware", "cdrom"])
def test_a_file_that_is_missing(tmp_path: Path, key: str) -> None:
    text = host(tmp_path, f'{key} = "none" {HERE}\n')
    assert_mistake(tmp_path, text, f"bmc[0].host.qemu.{key}", "not there")


def test_a_file_that_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a").touch()
    monkeypatch.setattr("os.access", lambda *_: False)
    monkeypatch.setattr("shutil.which", lambda name: name)
    text = host(tmp_path, f'[[bmc.host.qemu.disk]]\nfile = "a" {HERE}\n')
    assert_mistake(tmp_path, text, "bmc[0].host.qemu.disk[0].file", "cannot be read")


def test_a_program_that_is_missing(tmp_path: Path) -> None:
    text = f'{ONE}[bmc.host]\nbackend = "qemu"\n[bmc.host.qemu]\nprogram = "no-such-qemu" {HERE}\n'
    assert_mistake(tmp_path, text, "bmc[0].host.qemu.program", "no program here")


@pytest.mark.parametrize("key", ["initrd", "append"])
def test_what_goes_with_a_kernel(tmp_path: Path, key: str) -> None:
    text = host(tmp_path, f'{key} = "x" {HERE}\n')
    assert_mistake(tmp_path, text, f"bmc[0].host.qemu.{key}", "kernel")


def test_several_machines_have_each_their_own(tmp_path: Path) -> None:
    for name in ("d1", "d2", "base"):
        (tmp_path / name).touch()
    text = host(
        tmp_path,
        'folder = "run{n}"\n[[bmc.host.qemu.disk]]\nfile = "d{n}"\n'
        '[[bmc.host.qemu.disk]]\nfile = "base"\nsnapshot = true\n',
        MANY,
    )
    machines = [one.blueprint.machine for one in loaded(tmp_path, text).bmcs]
    assert [one.folder for one in machines if isinstance(one, QemuSpec)] == [
        f"{tmp_path}/run1", f"{tmp_path}/run2",
    ]  # fmt: skip
    assert len({one.folder for one in machines if isinstance(one, QemuSpec)}) == 2


def test_several_machines_with_one_folder_or_one_disk(tmp_path: Path) -> None:
    (tmp_path / "d").touch()
    text = host(tmp_path, f'folder = "run" {HERE}\n', MANY)
    assert_mistake(tmp_path, text, "bmc[0].host.qemu.folder", "{n}")
    text = host(tmp_path, f'[[bmc.host.qemu.disk]]\nfile = "d" {HERE}\n', MANY)
    assert_mistake(tmp_path, text, "bmc[0].host.qemu.disk[0].file", "snapshot = true")


@pytest.mark.parametrize("missing", ["qemu", "qemu.qmp"])
def test_what_leads_qemu_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    monkeypatch.setattr(module, "find_spec", lambda name: None if name == missing else name)
    path = written(tmp_path, host(tmp_path))
    with pytest.raises(BaseboardError, match=r"pip install 'baseboard\[vm\]'"):
        load([path])


@pytest.mark.parametrize(
    ("name", "disks", "count"),
    [("virtual-server", ["server.img"], 1), ("rack-of-vms", [f"node{n}.img" for n in range(1, 5)], 4)],
)
def test_the_examples_describe_what_they_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, disks: list[str], count: int
) -> None:
    monkeypatch.setenv("BMC_PASSWORD", "correct horse")
    for disk in disks:
        (tmp_path / disk).touch()
    text = (EXAMPLES / f"{name}.toml").read_text()
    program = fake_qemu.program(tmp_path)
    text = text.replace("[bmc.host.qemu]", f'[bmc.host.qemu]\nprogram = "{program}"')
    machines = [one.blueprint.machine for one in loaded(tmp_path, text).bmcs]
    assert len(machines) == count
    files = [disk.file for one in machines if isinstance(one, QemuSpec) for disk in one.disks]
    assert files == [f"{tmp_path}/{disk}" for disk in disks]
