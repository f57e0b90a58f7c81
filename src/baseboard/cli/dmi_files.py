"""Writing SMBIOS tables: a dump, or files for QEMU, and where the system interface is that they tell of."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from baseboard.cli.long_options import UsageError
from baseboard.cli.results.dmi import BuiltTables
from baseboard.errors import BaseboardError, EncodeError
from baseboard.records.smbios import IpmiDevice, Smbios, files_for_qemu, read_dump, write_dump

if TYPE_CHECKING:
    from baseboard.records.smbios import InterfaceKind

DUMP: Final = "smbios.bin"
"""Where a dump goes if nobody says."""

FOLDER: Final = "smbios"
"""Where the files for QEMU go if nobody says."""

_LARGEST: Final = 1 << 22
_LAST_INTERRUPT: Final = 0xFF


def device(given: Mapping[str, str], kind: InterfaceKind) -> IpmiDevice:
    """Where the BMC is, as the options tell it.

    Args:
        kind: of interface, if they do not.

    Raises:
        UsageError: they tell what cannot be.
    """
    kind = cast("InterfaceKind", given.get("interface", kind))
    if kind == "ssif" and "memory" in given:
        raise UsageError("--memory has no meaning with ssif: its address is one of SMBus")
    try:
        return IpmiDevice.at_place(
            kind,
            _number(given, "address", None, (1 << 64) - 1),
            io="memory" not in given,
            spacing=int(given.get("spacing", "1")),
            interrupt=_number(given, "interrupt", 0, _LAST_INTERRUPT) or 0,
        )
    except EncodeError as error:
        raise UsageError(str(error)) from error


def _number(given: Mapping[str, str], name: str, otherwise: int | None, largest: int) -> int | None:
    word = given.get(name)
    if word is None:
        return otherwise
    try:
        found = int(word, 0)
    except ValueError:
        found = -1
    if not 0 <= found <= largest:
        raise UsageError(f"--{name}: {word} is no number up to {largest:#x}")
    return found


def write(smbios: Smbios, output: str | None, *, qemu: bool, force: bool) -> BuiltTables:
    """Write tables into a file, or one into each of several.

    Args:
        output: the file; with ``qemu`` the folder. None = the usual one.
        qemu: as QEMU takes them.
        force: even if files are there already.

    Raises:
        BaseboardError: a file is there already, or cannot be written.
    """
    types = [structure.type for structure in smbios.structures]
    if not qemu:
        path = Path(output or DUMP)
        _write(path, write_dump(smbios), force)
        return BuiltTables(files=[str(path)], types=types, arguments=[])
    folder = Path(output or FOLDER)
    files: list[str] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BaseboardError(f"{folder}: {error.strerror or error}") from error
    for name, data in files_for_qemu(smbios):
        _write(folder / name, data, force)
        files.append(str(folder / name))
    # In QEMU's options a comma ends a value, two are one.
    arguments = [word for name in files for word in ("-smbios", f"file={name.replace(',', ',,')}")]
    return BuiltTables(files=files, types=types, arguments=arguments)


def _write(path: Path, data: bytes, force: bool) -> None:
    try:
        with path.open("wb" if force else "xb") as stream:
            stream.write(data)
    except FileExistsError:
        raise BaseboardError(f"{path} is there already; --force overwrites it") from None
    except OSError as error:
        raise BaseboardError(f"{path}: {error.strerror or error}") from error


def told(built: BuiltTables) -> str:
    """What was written, in words."""
    types = ", ".join(str(kind) for kind in dict.fromkeys(built.types))
    if built.arguments:
        return f"types {types}; for QEMU:\n{' '.join(built.arguments)}"
    return f"{built.files[0]} is written: types {types}; dmidecode --from-dump {built.files[0]} reads it"


def read(name: str) -> Smbios:
    """Read a dump.

    Raises:
        DecodeError: it is broken.
        BaseboardError: it cannot be read.
    """
    try:
        with open(name, "rb") as stream:
            return read_dump(stream.read(_LARGEST))
    except OSError as error:
        raise BaseboardError(f"{name}: {error.strerror or error}") from error
