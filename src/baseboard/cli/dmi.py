"""``baseboard dmi``: SMBIOS tables read and written, and where this machine's BMC is."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Final, cast

from baseboard.cli import dmi_files, dmi_text
from baseboard.cli.failures import DONE, FAILED
from baseboard.cli.ipmitool.text import printable
from baseboard.cli.long_options import UsageError
from baseboard.cli.native_call import NativeCall
from baseboard.cli.results.dmi import DmiStructure, FoundInterface
from baseboard.cli.verbs.dmi import PLACE
from baseboard.errors import NotFound
from baseboard.records.smbios import IpmiDevice, Smbios, build_smbios

if TYPE_CHECKING:
    from baseboard.client.bmc import Bmc
    from baseboard.client.inband_discovery import Found
    from baseboard.records.smbios import InterfaceKind, Structure

LOCAL_INTERFACES: Final = ("open", "inband")
"""Through these it is this machine's own BMC that is reached."""

ROOT: Final = "/"
"""Where this machine's own files begin."""

_WIDTH: Final = 20


async def run(call: NativeCall, words: list[str]) -> int:
    """Run ``dmi`` and its words.

    Raises:
        UsageError: they are no verb's.
    """
    action = _VERBS.get(" ".join(words[:1]))
    if action is None or len(words) != 1:
        raise UsageError(f"`dmi` has the verbs {', '.join(_VERBS)}, with options only")
    return await action(call)


def _tables(call: NativeCall) -> Smbios:
    """The tables of the file that was named, or of this machine."""
    from baseboard.client.inband_discovery import tables

    if "from" in call.given:
        return dmi_files.read(call.given["from"])
    _here(call)
    try:
        return tables(ROOT)
    except OSError as error:
        hint = "only root may read it" if isinstance(error, PermissionError) else "--from FILE reads a dump"
        wrong = NotFound(f"this machine's SMBIOS: {error.filename or ''}: {error.strerror or error}")
        wrong.hint = hint
        raise wrong from error


def _here(call: NativeCall) -> None:
    if call.name and call.options.settings.host:
        raise UsageError("SMBIOS is read of this machine, or --from FILE; no BMC is asked for it")


async def _show(call: NativeCall) -> int:
    smbios = _tables(call)
    major, minor = smbios.version
    call.out(f"SMBIOS {major}.{minor}, {len(smbios.structures)} structures")
    for structure in smbios.structures:
        name = dmi_text.TITLES.get(structure.type)
        if name is not None:
            _show_structure(call, structure, name)
    return DONE


def _show_structure(call: NativeCall, structure: Structure, name: str) -> None:
    facts = dmi_text.facts(structure)
    call.out()
    call.out(f"{name} (type {structure.type}, handle {structure.handle:04X}h)")
    for key, value in facts.items():
        word = {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
        call.out(printable(f"  {key.replace('_', ' '):{_WIDTH}}{word}"))
    call.result(
        DmiStructure(
            handle=structure.handle, type=structure.type, name=name, facts=facts, raw=structure.encode()
        )
    )


async def _find(call: NativeCall) -> int:
    from baseboard.client.inband_discovery import find as look
    from baseboard.client.inband_discovery import of_smbios

    broken: list[str] = []
    if "from" in call.given:
        found = list(of_smbios(dmi_files.read(call.given["from"])))
    else:
        _here(call)
        found = look(ROOT, broken)
    for text in broken:
        call.note(text)
    for one in found:
        call.out(line(one, held="from" not in call.given))
        call.result(
            FoundInterface(
                kind=one.kind, address=one.address, space=one.space, spacing=one.spacing, bus=one.bus,
                interrupt=one.interrupt, sources=one.sources, detail=one.detail, device=one.device,
                driver=one.driver,
            )
        )  # fmt: skip
    if not found:
        call.err("no table tells of a BMC: neither SMBIOS, ACPI, the device tree nor PCI")
        return FAILED
    return DONE


def line(found: Found, *, held: bool = True) -> str:
    """A system interface in a line: where it is, who tells, and if it is this machine's who holds it."""
    where = f"0x{found.address:x}"
    match found.space:
        case "io":
            where = f"port {where}"
        case "memory":
            where = f"memory {where}"
        case _:
            where = f"slave address {where}" + ("" if found.bus is None else f" on I2C bus {found.bus}")
    spacing = f", registers {found.spacing} bytes apart" if found.spacing > 1 else ""
    interrupt = f", interrupt {found.interrupt}" if found.interrupt is not None else ""
    holder = f"; {found.device} by {found.driver or 'its driver'}" if found.device else "; no driver holds it"
    told = f" (told by {', '.join(found.sources)}: {found.detail})"
    return printable(f"{found.kind} at {where}{spacing}{interrupt}{holder if held else ''}{told}")


async def _build(call: NativeCall) -> int:
    from baseboard.cli import dmi_identity

    bmc = await call.bmc()
    identity = await dmi_identity.identity(bmc)
    place = await _place(call, bmc)
    smbios = build_smbios(identity, place, await dmi_identity.inventories(bmc))
    built = dmi_files.write(
        smbios, call.given.get("output"), qemu="qemu" in call.given, force="force" in call.given
    )
    call.out(dmi_files.told(built))
    call.result(built)
    return DONE


async def _place(call: NativeCall, bmc: Bmc) -> IpmiDevice:
    """Where the BMC is: as the options tell; of this machine's own BMC as its tables do; else as usual."""
    from baseboard.cli import dmi_identity

    own = bmc.interface.name in LOCAL_INTERFACES
    if own and not any(option.name in call.given for option in PLACE):
        from baseboard.client.inband_discovery import find as look

        for one in look(ROOT):
            return IpmiDevice.at_place(
                cast("InterfaceKind", one.kind),
                one.address,
                io=one.space == "io",
                spacing=one.spacing,
                interrupt=one.interrupt or 0,
            )
    return dmi_files.device(call.given, await dmi_identity.interface(bmc))


_VERBS: Final[dict[str, Callable[[NativeCall], Awaitable[int]]]] = {
    "show": _show,
    "find": _find,
    "build": _build,
}
