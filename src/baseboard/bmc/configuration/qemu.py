"""The described virtual machines that their BMCs run by QEMU."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final

from baseboard.bmc.blueprint import Blueprint, InterfaceSpec
from baseboard.bmc.blueprint.interfaces import InterfaceKind, RegistersSpec
from baseboard.bmc.blueprint.qemu import DiskSpec, NetworkSpec, QemuSpec
from baseboard.bmc.configuration.credentials import beside
from baseboard.bmc.configuration.vm import MOST_CARRIED
from baseboard.bmc.configuration.words import numbered, varies
from baseboard.errors import BaseboardError

if TYPE_CHECKING:
    from baseboard.bmc.configuration.qemu_layout import Qemu, QemuDisk
    from baseboard.bmc.configuration.spots import Spot

KINDS: Final[dict[str, InterfaceKind]] = {
    "kcs": "kcs",
    "bt": "bt",
    "pci-kcs": "kcs",
    "pci-bt": "bt",
    "ssif": "ssif",
}
"""The system interface that each of QEMU's devices is; it hands whole messages on."""

_PLAIN: Final = re.compile(r"[^A-Za-z0-9._-]")


def qemu_specs(said: Qemu, spot: Spot, count: int) -> list[QemuSpec]:
    """The machine of each of so many BMCs.

    Args:
        said: what the file says.
        spot: of its table.
        count: BMCs that are made of it.

    Raises:
        ConfigurationError: a file or program is not there, or several machines would have one.
        BaseboardError: what leads QEMU is not installed.
    """
    if find_spec("qemu") is None or find_spec("qemu.qmp") is None:
        raise BaseboardError("qemu.qmp is missing: pip install 'baseboard[vm]' brings it")
    if shutil.which(said.program) is None:
        raise (spot / "program").wrong(f'found "{said.program}", which is no program here')
    for key in ("initrd", "append"):
        if getattr(said, key) is not None and said.kernel is None:
            raise (spot / key).wrong(f"found {key}, which goes with a kernel, and there is none")
    if count > 1:
        _check_shared(said, spot, count)
    return [_spec(said, spot, turn + 1) for turn in range(count)]


def behind_qemu(blueprint: Blueprint, spec: QemuSpec) -> Blueprint:
    """A BMC with its machine; where QEMU has the hardware, the system interface is what that is."""
    interface = blueprint.interface
    if spec.interface in KINDS:
        interface = _carried(interface, KINDS[spec.interface])
    if not spec.folder:
        spec = replace(spec, folder=_folder(blueprint.identity.name, blueprint.identity.guid))
    return replace(blueprint, machine=spec, interface=interface)


def check_interface(said: Qemu, spot: Spot, interface: InterfaceSpec) -> None:
    """The machine has one system interface, and it is there.

    Args:
        said: what the file says of the machine.
        spot: of its table.
        interface: of the BMC.

    Raises:
        ConfigurationError: the BMC has registers and the machine does not look for them, or the other way.
    """
    has, wants = isinstance(interface.endpoint, RegistersSpec), said.interface == "registers"
    if wants and not has:
        raise (spot / "interface").wrong(
            'found "registers", and there are none: bmc.interface needs registers = "unix:PATH"'
        )
    if has and said.interface in KINDS:
        raise (spot / "interface").wrong(
            f'found "{said.interface}", which is QEMU\'s own hardware, and bmc.interface has registers;'
            ' interface = "registers" leads to them'
        )


def _carried(interface: InterfaceSpec, kind: InterfaceKind) -> InterfaceSpec:
    return replace(
        interface,
        kind=kind,
        input_size=min(interface.input_size, MOST_CARRIED),
        output_size=min(interface.output_size, MOST_CARRIED),
    )


def _folder(name: str, guid: bytes) -> str:
    """Where a machine's sockets are, when nobody says: the same place for the next BMC of that name."""
    plain = f"{_PLAIN.sub('_', name)}-{guid.hex()[:8]}"
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    if runtime and Path(runtime).is_dir():
        return str(Path(runtime) / "baseboard" / plain)
    # Whoever may write there too cannot take the folder's place: it is one of a directory with a sticky bit.
    return str(Path(tempfile.gettempdir()) / f"baseboard-{os.geteuid()}-{plain}")


def _check_shared(said: Qemu, spot: Spot, count: int) -> None:
    """No two machines have one folder, or write to one disk."""
    if said.folder is not None and not varies(said.folder):
        raise (spot / "folder").wrong(f'found "{said.folder}" for {count} BMCs; put {{n}} where they differ')
    for number, disk in enumerate(said.disk):
        if not disk.snapshot and not varies(disk.file):
            raise (spot / "disk" / number / "file").wrong(
                f'found "{disk.file}" for {count} BMCs; put {{n}} where they differ, or snapshot = true'
            )


def _spec(said: Qemu, spot: Spot, number: int) -> QemuSpec:
    def path(key: str) -> str:
        value = getattr(said, key)
        return "" if value is None else _there(value, spot / key, number)

    def text(value: str | None) -> str:
        return "" if value is None else numbered(value, number)

    return QemuSpec(
        folder="" if said.folder is None else str(beside(spot.file, text(said.folder)).absolute()),
        program=said.program,
        machine=said.machine,
        memory_mib=said.memory_mib,
        cpus=said.cpus,
        cpu=said.cpu or "",
        accelerator=said.accelerator,
        interface=said.interface,
        kernel=path("kernel"),
        initrd=path("initrd"),
        append=text(said.append),
        firmware=path("firmware"),
        disks=tuple(_disk(one, spot / "disk" / index, number) for index, one in enumerate(said.disk)),
        cdrom=path("cdrom"),
        networks=_networks(said, text),
        display=said.display,
        arguments=tuple(text(word) for word in said.arguments),
        keep_running=said.keep_running,
    )


def _disk(said: QemuDisk, spot: Spot, number: int) -> DiskSpec:
    return DiskSpec(_there(said.file, spot / "file", number), said.format, said.bus, said.snapshot)


def _networks(said: Qemu, text: Callable[[str], str]) -> tuple[NetworkSpec, ...]:
    named = [said.network] if isinstance(said.network, str) else said.network
    return tuple(NetworkSpec(text(one), said.nic) for one in named if one != "none")


def _there(value: str, spot: Spot, number: int) -> str:
    """The path of a file that has to be there, beside the file that names it."""
    path = beside(spot.file, numbered(value, number)).absolute()
    if not path.exists():
        raise spot.wrong(f"found {path}, which is not there")
    if not os.access(path, os.R_OK):
        raise spot.wrong(f"found {path}, which cannot be read")
    return str(path)
