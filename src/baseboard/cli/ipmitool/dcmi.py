"""``ipmitool dcmi``: what Data Center Manageability asks of a platform."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from baseboard.cli.ipmitool.dcmi_words import CONFIGURATION, VERBS, number_of, question, usage, useful
from baseboard.cli.ipmitool.names import shown
from baseboard.cli.ipmitool.questions import ask
from baseboard.cli.ipmitool.word_values import raw, unsigned
from baseboard.cli.results.dcmi import Configuration, ConfigurationChange, Text
from baseboard.commands.groups.dcmi import (
    PIECE,
    GetAssetTag,
    GetDcmiConfigurationParameters,
    GetManagementControllerIdentifierString,
    SetAssetTag,
    SetDcmiConfigurationParameters,
    SetManagementControllerIdentifierString,
)

if TYPE_CHECKING:
    from baseboard.cli.call import Call

TITLE: Final = "Data Center Management Interface commands"
LONGEST: Final = 64
ACTIVATE_DHCP, DISCOVERY, INITIAL, CONTACT, RETRY = 1, 2, 3, 4, 5
TAG_ENCODINGS: Final = (
    GetAssetTag.BINARY,
    GetAssetTag.BCD_PLUS,
    GetAssetTag.SIX_BIT,
    GetAssetTag.OTHER_LANGUAGE,
)


async def run(call: Call, words: list[str]) -> int:
    """Run ``dcmi`` and its words."""
    await call.bmc()
    if not words or words[0] == "help":
        return _usage(call)
    code = await _verb(call, words)
    if code is None:
        return 1
    call.out()
    return code


def _usage(call: Call) -> int:
    usage(call, VERBS, TITLE)
    return 1


async def _verb(call: Call, words: list[str]) -> int | None:
    """Run a verb; None when it failed in such a way that no empty line closes its output."""
    number = number_of(words[0], VERBS, 0xFF)
    match number:
        case 0:
            from baseboard.cli.ipmitool.dcmi_platform import discover

            return await discover(call)
        case 1:
            from baseboard.cli.ipmitool.dcmi_power import power

            return await power(call, words)
        case 2 | 7 | 8:
            from baseboard.cli.ipmitool import dcmi_thermal as thermal

            if number == 7:
                return await thermal.policy(call, words)
            return await (thermal.sensors if number == 2 else thermal.temperatures)(call)
        case 3:
            return await _asset_tag(call)
        case 5:
            return await _identifier(call)
        case 4 | 6 if len(words) == 1:
            _usage(call)
            return None
        case 4:
            return await _set_asset_tag(call, words[1])
        case 6:
            return await _set_identifier(call, words[1])
        case 9:
            return await _configuration(call)
        case 10:
            return await _configure(call, words)
        case 11:
            from baseboard.cli.ipmitool.dcmi_platform import ping

            return await ping(call)
        case _:
            _usage(call)
            return None


# ---- asset tag and identifier string


async def _asset_tag(call: Call) -> int | None:
    answer = await question(call, GetAssetTag(offset=0, count=0))
    data = b""
    if answer is not None:
        total = answer.data.ljust(1, b"\0")[0]
        call.out("\n Asset tag: ", end="")
        while len(data) < total:
            count = min(PIECE, total - len(data))
            answer = await question(call, GetAssetTag(offset=len(data), count=count), fine=TAG_ENCODINGS)
            if answer is None:
                break
            data += _printed(call, answer.data[1:], count)
    if answer is None:
        call.err("Error getting asset tag!")
        return None
    return _text(call, data)


async def _identifier(call: Call) -> int | None:
    answer = await question(call, GetManagementControllerIdentifierString(offset=0, count=1))
    data = b""
    if answer is not None:
        total = answer.data.ljust(1, b"\0")[0]
        call.out("\n Get Management Controller Identifier String: ", end="")
        while len(data) < total:
            count = min(PIECE, total - len(data))
            request = GetManagementControllerIdentifierString(offset=len(data), count=count)
            answer = await question(call, request)
            if answer is None:
                break
            data += _printed(call, answer.data[1:], count)
    if answer is None:
        call.err("Error getting management controller identifier string!")
        return None
    return _text(call, data)


def _printed(call: Call, data: bytes, count: int) -> bytes:
    """Print a piece of a text; what is missing of it is 00h."""
    data = data[:count].ljust(count, b"\0")
    # ipmitool prints a 00h too, which no terminal shows.
    call.out("\0".join(shown(part) for part in data.split(b"\0")), end="")
    return data


def _text(call: Call, data: bytes) -> int:
    call.out()
    call.result(Text(text=shown(data.rstrip(b"\0"))))
    return 0


async def _set_asset_tag(call: Call, word: str) -> int | None:
    data = raw(word)
    if len(data) > LONGEST:
        call.err("\nValue is too long.")
        call.err("\nError setting asset tag!")
        return None
    call.out("\n Set Asset Tag: ", end="")
    for offset in range(0, len(data), PIECE):
        piece = data[offset : offset + PIECE]
        if await question(call, SetAssetTag(offset=offset, count=len(piece), data=piece)) is None:
            call.err("\nError setting asset tag!")
            return None
        _printed(call, piece, len(piece))
    return _text(call, data)


async def _set_identifier(call: Call, word: str) -> int | None:
    data = raw(word) + b"\0"
    what = "Error setting management controller identifier string!"
    if len(data) > LONGEST:
        call.err("\nValue is too long.")
        call.err(what)
        return None
    call.out("\n Set Management Controller Identifier String Command: ", end="")
    for offset in range(0, len(data), PIECE):
        piece = data[offset : offset + PIECE]
        request = SetManagementControllerIdentifierString(offset=offset, count=len(piece), data=piece)
        answer = await ask(call, request)
        # The last piece begins DHCP, and the session may be gone before its answer.
        if call.options.settings.interface != "lanplus" and not useful(call, answer):
            call.err(what)
            return None
        _printed(call, piece, len(piece))
    return _text(call, data)


# ---- configuration


async def _configuration(call: Call) -> int | None:
    found: dict[int, bytes] = {}
    for selector in (DISCOVERY, INITIAL, CONTACT, RETRY):
        answer = await question(call, GetDcmiConfigurationParameters(selector=selector))
        if answer is None:
            call.err("Error Get DCMI Configuration Parameters!")
            return None
        data = found[selector] = answer.data.ljust(5, b"\0")[3:5]
        word = int.from_bytes(data, "little")
        if selector == DISCOVERY:
            identifier, vendor = ("enabled" if data[0] & bit else "disabled" for bit in (1, 2))
            call.out("\n\tDHCP Discovery method\t: ", end="")
            call.out(f"\n\t\tManagement Controller ID String is {identifier}", end="")
            what = "Vendor class identifier DCMI IANA and Vendor class-specific Informationa are"
            call.out(f"\n\t\t{what} {vendor}", end="")
        elif selector == INITIAL:
            call.out(f"\n\tInitial timeout interval\t: {data[0]} seconds", end="")
        else:
            kind = "timeout" if selector == CONTACT else "retry"
            call.out(f"\n\tServer contact {kind} interval\t: {word} seconds", end="")
    call.result(
        Configuration(
            identifier=bool(found[DISCOVERY][0] & 1),
            vendor_class=bool(found[DISCOVERY][0] & 2),
            initial_timeout=found[INITIAL][0],
            contact_timeout=int.from_bytes(found[CONTACT], "little"),
            retry_interval=int.from_bytes(found[RETRY], "little"),
        )
    )
    return 0


async def _configure(call: Call, words: list[str]) -> int | None:
    activate = words[1:2] == ["activate_dhcp"]
    wrong = not activate if len(words) == 2 else len(words) != 3 or words[1] == "help"
    if wrong:
        usage(call, CONFIGURATION, "DCMI Configuration Parameters")
        return None
    value = 1 if activate else unsigned(words[2], 16)
    if value is None:
        call.err(f"Given {words[1]} '{words[2]}' is invalid.")
        return None
    selector = ACTIVATE_DHCP if activate else number_of(words[1], CONFIGURATION, 0xFF)
    data = value.to_bytes(2, "little")[: 2 if selector > INITIAL else 1]
    request = SetDcmiConfigurationParameters(selector=selector, data=data)
    # Whatever comes of it, ipmitool ends well.
    if await question(call, request) is None:
        call.err("Error Set DCMI Configuration Parameters!")
    else:
        call.result(ConfigurationChange(parameter=words[1], value=value))
    return 0
