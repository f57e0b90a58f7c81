"""``hpm check``, ``targetcap`` and ``compprop``: what a controller has that can be upgraded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from baseboard.cli.ipmitool.manufacturers import manufacturer_name
from baseboard.cli.ipmitool.text import byte, printable
from baseboard.cli.results.hpm import ComponentProperty, FirmwareComponent, UpgradeTarget
from baseboard.commands.app.device_id import GetDeviceId
from baseboard.commands.groups.hpm import (
    COMPONENTS,
    GetComponentProperties,
    GetTargetUpgradeCapabilities,
    HpmCapability,
    HpmGeneral,
    HpmProperty,
)

if TYPE_CHECKING:
    from baseboard.cli.ipmitool.hpm_link import Link
    from baseboard.commands.groups.hpm import GetTargetUpgradeCapabilitiesResponse

VERSION: Final = 6
NOTHING: Final = b"\xff" * VERSION
LINE: Final = 74
COLD_RESET: Final = "(*) Component requires Payload Cold Reset"

_NAME: Final = 12
_DEVICE: Final = 11
_CAPABILITIES: Final = 8
_UNIT_S: Final = 5
_HIGHEST_PROPERTY: Final = 4
_NO_FLAGS: Final = HpmGeneral(0)
_BACKUP: Final = HpmGeneral.ROLLBACK | HpmGeneral.BACKUP_BY_COMMAND
_FLAGS: Final = (
    ("Upgrade undesirable.....", HpmCapability.UNDESIRABLE),
    ("Aut rollback override...", HpmCapability.ROLLBACK_OVERRIDE),
    ("IPMC degraded...........", HpmCapability.DEGRADED),
    ("Deferred activation.....", HpmCapability.DEFERRED_ACTIVATION),
    ("Service affected........", HpmCapability.SERVICES_AFFECTED),
    ("Manual rollback.........", HpmCapability.MANUAL_ROLLBACK),
    ("Automatic rollback......", HpmCapability.AUTOMATIC_ROLLBACK),
    ("Self test...............", HpmCapability.SELF_TEST),
)
_GENERAL: Final = (
    ("Payload cold reset req....", HpmGeneral.PAYLOAD_COLD_RESET),
    ("Def. activation supported.", HpmGeneral.DEFERRED_ACTIVATION),
    ("Comparison supported......", HpmGeneral.COMPARISON),
    ("Preparation supported.....", HpmGeneral.PREPARATION),
    ("Rollback supported........", _BACKUP),
)


@dataclass(slots=True)
class Versions:
    """What is known of a component.

    Attributes:
        number: of it; its other facts are its properties, versions as six bytes.
    """

    number: int
    name: bytes = b""
    general: HpmGeneral = _NO_FLAGS
    target: bytes = bytes(VERSION)
    rollback: bytes = bytes(VERSION)
    deferred: bytes = bytes(VERSION)
    image: bytes = bytes(VERSION)

    @property
    def has_backup(self) -> bool:
        """Whether a backup is kept."""
        return bool(self.general & _BACKUP)

    @property
    def text(self) -> str:
        """Its description."""
        return printable(self.name.partition(b"\0")[0].decode("latin-1"))

    def line(self, *, image: bool, upgradable: bool) -> str:
        """A row of a table, without its end."""
        marks = ("*" if HpmGeneral.PAYLOAD_COLD_RESET in self.general else " ") + ("^" if upgradable else " ")
        backup = _cell(self.rollback) if self.has_backup else " ---.-- -------- |"
        last = _cell(self.image, " ---.-- |") if image else _cell(self.deferred)
        return f"|{marks}{self.number:2d}|{self.text:<13}|{_cell(self.target)}{backup}{last}"


def _cell(version: bytes, unknown: str = " ---.-- -------- |") -> str:
    if absent(version):
        return unknown
    return f" {version[0]:3d}.{version[1]:02x} {version[2:].hex().upper()} |"


def absent(version: bytes) -> bool:
    """Whether a version stands for none."""
    return version[0] in (0x7F, 0xFF) and version[1] == 0xFF


def version_text(version: bytes) -> str:
    """A version as results have it."""
    tail = f".{version[2:].hex()}" if any(version[2:]) else ""
    return f"{version[0]}.{version[1]:02x}{tail}"


def header(link: Link, *, image: bool) -> None:
    """The head of a table of versions."""
    line = "-" * LINE
    last = "     File       " if image else "     Deferred   "
    link.call.out(line)
    link.call.out("|ID  | Name        |                     Versions                        |")
    link.call.out(f"|    |             |     Active      |     Backup      | {last}|")
    link.call.out(line)


async def device(link: Link) -> bytes | None:
    """The bytes of Get Device ID; None after a complaint."""
    answer = await link.send(GetDeviceId())
    if answer is None or answer.code:
        link.complain("Error getting device ID.", answer)
        return None
    return answer.data.ljust(_DEVICE, b"\0")


async def capabilities(link: Link, *, shown: bool) -> GetTargetUpgradeCapabilitiesResponse | None:
    """What the controller can do; None after a complaint."""
    answer = await link.send(GetTargetUpgradeCapabilities())
    if answer is None:
        link.say("Error getting target upgrade capabilities.")
        return None
    if answer.code:
        link.say(f"Error getting target upgrade capabilities, ccode: 0x{answer.code:x}: {answer.text()}")
        return None
    found = answer.decode(size=_CAPABILITIES - 1)
    if shown:
        _show(link, found)
    return found


def _show(link: Link, found: GetTargetUpgradeCapabilitiesResponse) -> None:
    link.say("TARGET UPGRADE CAPABILITIES")
    link.say("-------------------------------")
    link.say(f"HPM.1 version............{found.version}    ")
    for number in range(COMPONENTS):
        link.say(f"Component {number} presence....[{_yes(found.components >> number & 1)}]   ")
    for text, flag in _FLAGS:
        link.say(f"{text}[{_yes(found.capabilities & flag)}]   ")
    link.say(f"Upgrade timeout.........[{found.upgrade_timeout * _UNIT_S} sec] ")
    link.say(f"Self test timeout.......[{found.self_test_timeout * _UNIT_S} sec] ")
    link.say(f"Rollback timeout........[{found.rollback_timeout * _UNIT_S} sec] ")
    link.say(f"Inaccessibility timeout.[{found.inaccessibility_timeout * _UNIT_S} sec] \n")


def _yes(value: int) -> str:
    return "y" if value else "n"


async def target_capabilities(link: Link) -> bool:
    """``hpm targetcap``."""
    found = await capabilities(link, shown=True)
    if found is None:
        return False
    flags = found.capabilities
    link.call.result(
        UpgradeTarget(
            version=found.version,
            components=[number for number in range(COMPONENTS) if found.components >> number & 1],
            undesirable=HpmCapability.UNDESIRABLE in flags,
            rollback_override=HpmCapability.ROLLBACK_OVERRIDE in flags,
            degraded=HpmCapability.DEGRADED in flags,
            deferred_activation=HpmCapability.DEFERRED_ACTIVATION in flags,
            services_affected=HpmCapability.SERVICES_AFFECTED in flags,
            manual_rollback=HpmCapability.MANUAL_ROLLBACK in flags,
            automatic_rollback=HpmCapability.AUTOMATIC_ROLLBACK in flags,
            self_test=HpmCapability.SELF_TEST in flags,
            upgrade_timeout_s=found.upgrade_timeout * _UNIT_S,
            self_test_timeout_s=found.self_test_timeout * _UNIT_S,
            rollback_timeout_s=found.rollback_timeout * _UNIT_S,
            inaccessibility_timeout_s=found.inaccessibility_timeout * _UNIT_S,
        )
    )
    return True


async def property_of(link: Link, number: int, selector: HpmProperty, *, shown: bool) -> bytes | None:
    """A property of a component; None after a complaint."""
    answer = await link.send(GetComponentProperties(component=number, selector=selector))
    if answer is None:
        link.say("Error getting component properties\n")
        return None
    if answer.code:
        link.complain("Error getting component properties", answer)
        return None
    data = answer.data.ljust(_NAME, b"\0")
    if shown:
        _show_property(link, selector, data)
    return data


_HEADS: Final = {
    HpmProperty.CURRENT_VERSION: "Current Version: ",
    HpmProperty.ROLLBACK_VERSION: "Rollback FW Version: ",
    HpmProperty.DEFERRED_VERSION: "Deferred FW Version: ",
}


def _show_property(link: Link, selector: HpmProperty, data: bytes) -> None:
    if selector == HpmProperty.GENERAL:
        link.say("GENERAL PROPERTIES")
        link.say("-------------------------------")
        lines = [f"{text}[{_yes(data[0] & flag)}]   " for text, flag in _GENERAL]
        link.say("\n".join(lines) + "\n")
    elif selector == HpmProperty.DESCRIPTION:
        name = printable(data[:_NAME].partition(b"\0")[0].decode("latin-1"))
        link.say(f"Description string: {name}\n")
    else:
        link.say(_HEADS[selector])
        link.say(f" Major: {data[0]}")
        link.say(f" Minor: {data[1]:x}")
        link.say(" Aux  : " + " ".join(f"{one:03d}" for one in data[2:VERSION]) + "\n")


async def component_property(link: Link, words: list[str]) -> bool:
    """``hpm compprop <id> <prop>``."""
    number, selector = byte(words[0]), byte(words[1])
    if number is None or number >= COMPONENTS:
        link.say(f"Given Component ID '{words[0]}' is invalid.")
        link.say("Valid Compoment ID is: <0..7>")
        return False
    if selector is None or selector > _HIGHEST_PROPERTY:
        link.say(f"Given Properties selector '{words[1]}' is invalid.")
        link.say("Valid Properties selector is: <0..4>")
        return False
    data = await property_of(link, number, HpmProperty(selector), shown=True)
    if data is None:
        return False
    size = {HpmProperty.GENERAL: 1, HpmProperty.DESCRIPTION: _NAME}.get(HpmProperty(selector), VERSION)
    link.call.result(ComponentProperty(component=number, selector=selector, data=data[:size].hex()))
    return True


async def check(link: Link, *, shown: bool) -> dict[int, Versions] | None:
    """``hpm check``, and what every upgrade begins with; None after a complaint."""
    identity = await device(link)
    if identity is None:
        link.say("Verify whether the Target board is present \n")
        return None
    found = await capabilities(link, shown=bool(link.call.verbose))
    if found is None:
        link.say("Board might not be supporting the HPM.1 Standards\n")
        return None
    if shown:
        _show_device(link, identity)
        header(link, image=False)
    known: dict[int, Versions] = {}
    for number in range(COMPONENTS):
        if not found.components >> number & 1:
            continue
        one = await _versions(link, number)
        if one is None:
            return None
        known[number] = one
        if shown:
            link.call.out(one.line(image=False, upgradable=False))
            link.call.result(_result(one))
    if shown:
        link.call.out("-" * LINE)
        link.say(COLD_RESET)
        link.call.out("\n")
    return known


def _show_device(link: Link, identity: bytes) -> None:
    maker = int.from_bytes(identity[6:8], "little")
    link.say("-------Target Information-------")
    link.say(f"Device Id          : 0x{identity[0]:x}")
    link.say(f"Device Revision    : 0x{identity[1]:x}")
    link.say(f"Product Id         : 0x{int.from_bytes(identity[9:11], 'little'):04x}")
    link.say(f"Manufacturer Id    : 0x{maker:04x} ({printable(manufacturer_name(maker))})\n\n")


def _result(one: Versions) -> FirmwareComponent:
    return FirmwareComponent(
        component=one.number,
        name=one.text,
        active=version_text(one.target),
        backup=None if absent(one.rollback) or not one.has_backup else version_text(one.rollback),
        deferred=None if absent(one.deferred) else version_text(one.deferred),
        image=None,
        upgradable=None,
    )


async def _versions(link: Link, number: int) -> Versions | None:
    """A component's properties; None after a complaint."""
    verbose = bool(link.call.verbose)
    one = Versions(number)
    needed = (
        (HpmProperty.GENERAL, "CompGenProp"),
        (HpmProperty.DESCRIPTION, "CompDescString"),
        (HpmProperty.CURRENT_VERSION, "CompCurrentVersion"),
    )
    found: list[bytes] = []
    for selector, name in needed:
        data = await property_of(link, number, selector, shown=verbose)
        if data is None:
            link.say(f"Get {name} Failed for component Id {number}\n")
            return None
        found.append(data)
    one.general = HpmGeneral(found[0][0] & 0x3F)
    one.name, one.target = found[1][:_NAME], found[2][:VERSION]
    optional = (
        (HpmProperty.ROLLBACK_VERSION, one.has_backup),
        (HpmProperty.DEFERRED_VERSION, HpmGeneral.DEFERRED_ACTIVATION in one.general),
    )
    versions: list[bytes] = []
    for selector, there in optional:
        version: bytes | None = NOTHING
        if there:
            version = await property_of(link, number, selector, shown=verbose)
            if version is None:
                link.say(f"Get CompRollbackVersion Failed for component Id {number}\n")
        versions.append(bytes(VERSION) if version is None else version[:VERSION])
    one.rollback, one.deferred = versions
    return one
