"""``ipmitool dcmi discover`` and ``oob_discover``: what the platform says that it can do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from baseboard.cli.ipmitool.dcmi_words import question
from baseboard.cli.results.dcmi import Capabilities, Pong
from baseboard.commands.groups.dcmi import GetDcmiCapabilitiesInfo

if TYPE_CHECKING:
    from baseboard.cli.call import Call

PARAMETERS: Final = {
    1: "platform",
    2: "mandatory_attributes",
    3: "optional_attributes",
    4: "managebility access",
}
VERSIONS: Final = frozenset({(1, 0), (1, 1), (1, 5)})
REVISIONS: Final = frozenset({1, 2})
SIZE: Final = 7

MANDATORY: Final = (
    "Identification support available",
    "SEL logging available",
    "Chassis power available",
    "Temperature monitor available",
)
OPTIONAL: Final = ("Power management available",)
ACCESS: Final = (
    "In-band KCS channel available",
    "Out-of-band serial TMODE available",
    "Out-of-band secondary LAN channel available",
    "Out-of-band primary LAN channel available",
    "SOL enabled",
    "VLAN capable",
)
IDENTIFICATION: Final = ("GUID", "DHCP hostname", "Asset tag")
TEMPERATURES: Final = ("inlet", "cpu", "baseboard")


async def discover(call: Call) -> int | None:
    """Print the capability parameters 1 to 4."""
    for selector, name in PARAMETERS.items():
        parameter = await _parameter(call, selector)
        if parameter is None:
            call.err(f"Error discovering {name} capabilities!\n")
            return None
        version, data = parameter
        call.result(Capabilities(parameter=name, version=version, data=data.hex()))
        data = data.ljust(4, b"\0")
        {1: _platform, 2: _mandatory, 3: _optional, 4: _access}[selector](call, data)
    return 0


async def _parameter(call: Call, selector: int) -> tuple[str, bytes] | None:
    answer = await question(call, GetDcmiCapabilitiesInfo(selector=selector))
    if answer is None:
        return None
    major, minor, revision = answer.data.ljust(3, b"\0")[:3]
    if (major, minor) not in VERSIONS:
        call.err("ERROR!  This command is not available on this platform")
        return None
    if revision not in REVISIONS:
        call.err("ERROR!  This command is not compatible with this version")
        return None
    return f"{major}.{minor}", answer.data[3:]


def _list(call: Call, names: tuple[str, ...], bits: int) -> None:
    for number, name in enumerate(names):
        if bits >> number & 1:
            call.out(f"        {name}")


def _platform(call: Call, data: bytes) -> None:
    call.out("    Supported DCMI capabilities:")
    for title, names, bits in (
        ("Mandatory platform capabilities", MANDATORY, data[0]),
        ("Optional platform capabilities", OPTIONAL, data[1]),
        ("Managebility access capabilities", ACCESS, data[2]),
    ):
        call.out(f"\n         {title}")
        _list(call, names, bits)


def _mandatory(call: Call, data: bytes) -> None:
    rollover = "enabled" if data[1] & 0x80 else "not present"
    call.out("\n    Mandatory platform attributes:")
    call.out("\n         SEL Attributes: ", end="")
    call.out(f"\n               SEL automatic rollover is {rollover}", end="")
    call.out(f"\n               {int.from_bytes(data[:2], 'little') & 0xFFF} SEL entries")
    call.out("\n         Identification Attributes: ")
    _list(call, IDENTIFICATION, data[2])
    call.out("\n         Temperature Monitoring Attributes: ")
    _list(call, TEMPERATURES, data[3])


def _optional(call: Call, data: bytes) -> None:
    pad = " " * 16
    call.out("\n    Optional Platform Attributes: ")
    call.out("\n         Power Management:")
    # It compares the byte with 40h; that of the BMC, 20h in the upper seven bits, is 20h (Table 6-3).
    if data[0] == 0x40:
        call.out(f"{pad}Slave address of device: 20h (BMC)")
    else:
        call.out(f"{pad}Slave address of device: {data[0]:x}h (8bits)(Satellite/External controller)")
    channel = data[1] >> 4
    call.out(f"{pad}Channel number is {f'{channel:x}h ' if channel else '0h (Primary BMC)'}")
    call.out(f"{pad}    Device revision is {data[1] & 0xF} ")


def _access(call: Call, data: bytes) -> None:
    call.out("\n    Manageability Access Attributes: ")
    for name, channel in (("Primary", data[0]), ("Secondary", data[1])):
        told = "is not available for OOB" if channel == 0xFF else f"number: {channel} is available"
        call.out(f"         {name} LAN channel {told}")
    told = (
        "No serial channel is available"
        if data[2] == 0xFF
        else f"Serial channel number: {data[2]} is available"
    )
    call.out(f"         {told}")


async def ping(call: Call) -> int | None:
    """Send an RMCP Presence Ping; ipmitool prints nothing of the answer."""
    settings = call.options.settings
    if settings.interface not in {"lan", "lanplus"}:
        call.err("\nOOB discovery is available only via RMCP interface.")
        return None
    from baseboard.client.discover import look
    from baseboard.codes import Manufacturer

    found = await look(settings.host, port=settings.port, timeout=settings.timeout)
    if found is not None and found.pong:
        call.result(Pong(ipmi=found.ipmi, dcmi=found.manufacturer == Manufacturer.DCMI))
    return 0
