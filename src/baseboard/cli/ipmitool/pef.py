"""``ipmitool pef``: info, status, filter, policy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from baseboard.cli.ipmitool.pef_fields import Fields
from baseboard.cli.ipmitool.pef_words import ACTIONS, CONTROLS
from baseboard.cli.ipmitool.questions import Answer, ask, refused
from baseboard.cli.ipmitool.text import byte, timestamp_numeric
from baseboard.cli.results.pef import PefInfo, PefStatus, PefSwitch
from baseboard.cli.results.times import iso, missing
from baseboard.commands.app.system_guid import GetSystemGuid
from baseboard.commands.parameters.pef import PefParameter
from baseboard.commands.sensor.pef import (
    GetLastProcessedEventId,
    GetPefCapabilities,
    GetPefCapabilitiesResponse,
    GetPefConfigurationParameters,
    SetPefConfigurationParameters,
)
from baseboard.wire import Unknown

if TYPE_CHECKING:
    from baseboard.cli.call import Call
    from baseboard.commands.declaration import Request

CONTROL, ACTION, FILTERS, FILTER_DATA, POLICIES, POLICY, GUID = 1, 2, 5, 7, 8, 9, 10
CAPABILITIES_SIZE, STATUS_SIZE = 3, 10
NOT_SUPPORTED = GetPefConfigurationParameters.NOT_SUPPORTED

FILTER_USAGE: Final = """\
usage: pef filter help
	pef filter list
       pef filter enable <id = 1..n>
       pef filter disable <id = 1..n>
       pef filter create <id = 1..n> <params>
       pef filter delete <id = 1..n>"""

POLICY_USAGE: Final = """\
usage: pef policy help
       pef policy list
       pef policy enable <id = 1..n>
       pef policy disable <id = 1..n>
       pef policy create <id = 1..n> <params>
       pef policy delete <id = 1..n>"""

USAGE: Final = """\
usage: pef help
       pef capabilities
       pef event <params>
       pef filter list
       pef filter enable <id = 1..n>
       pef filter disable <id = 1..n>
       pef filter create <id = 1..n> <params>
       pef filter delete <id = 1..n>
       pef info
       pef policy list
       pef policy enable <id = 1..n>
       pef policy disable <id = 1..n>
       pef policy create <id = 1..n> <params>
       pef policy delete <id = 1..n>
       pef pet ack <params>
       pef status
       pef timer get
       pef timer set <0x00-0xFF>"""


async def run(call: Call, words: list[str]) -> int:
    """Run ``pef`` and its words."""
    if not call.exact:
        from baseboard.cli import pef_own

        own = pef_own.find(words)
        if own is not None:
            return await own(call)
    await call.bmc()
    if not words:
        call.err("Not enough parameters given.")
        call.err(USAGE)
        return 1
    match words[0]:
        case "help":
            call.err(USAGE)
            return 0
        case "capabilities" | "event" | "pet" | "timer":
            # So says ipmitool, and it ends well.
            call.err("Not implemented.")
            return 0
        case "info":
            return await _info(call)
        case "status":
            return await _status(call)
        case "filter" | "policy":
            return await _table(call, words[0], words[1:])
        case _:
            call.err(f"Invalid PEF command: '{words[0]}'\n")
            return 1


# ---- parameters


async def get(call: Call, selector: int, set_selector: int = 0) -> Answer[Any] | None:
    """Ask for a parameter."""
    return await ask(
        call,
        GetPefConfigurationParameters(selector=selector, set_selector=set_selector, block_selector=0),
    )


async def put(call: Call, selector: int, data: bytes) -> Answer[Any] | None:
    """Write a parameter."""
    parameter: PefParameter | Unknown = Unknown(selector=selector, raw=data)
    return await ask(call, SetPefConfigurationParameters(parameter=parameter))


async def table_size(call: Call, selector: int) -> int | None:
    """How many entries a table has; None after a complaint."""
    answer = await get(call, selector)
    if refused(call, answer, 2):
        return None
    assert answer is not None
    return answer.data[1] & 0x7F


async def capabilities(call: Call) -> GetPefCapabilitiesResponse | None:
    """What PEF can do; None after a complaint."""
    answer = await ask(call, GetPefCapabilities())
    if refused(call, answer, CAPABILITIES_SIZE):
        return None
    assert answer is not None
    return answer.decode()


async def exchange(call: Call, request: Request[Any], what: str) -> bytes | None:
    """The data that answer a request; None, after a complaint unless it is not supported."""
    answer = await ask(call, request)
    if answer is None or answer.code == NOT_SUPPORTED:
        return None
    if answer.code:
        call.err(f" **Error {answer.code:x} in '{what}' command")
        return None
    return answer.data


# ---- info and status


async def _info(call: Call) -> int:
    policies = await table_size(call, POLICIES)
    if policies is None:
        call.err("Failed to get size of PEF Policy Table.")
        policies = 0
    known = await capabilities(call)
    if known is None:
        call.err("Failed to get PEF Capabilities.")
        return 1
    fields = Fields(call)
    fields.add("Version", f"0x{known.pef_version:02x}")
    fields.add("PEF Event Filter count", known.event_filter_entries)
    fields.add("PEF Alert Policy Table size", policies)
    answer = await get(call, GUID)
    if (answer is None or answer.code != NOT_SUPPORTED) and refused(call, answer, 18):
        code = -1 if answer is None else answer.code or -2
        call.err(f"Failed to get PEF System GUID. {code}")
        return 1
    assert answer is not None
    guid: bytes | None = answer.data[2:]
    if answer.code or not answer.data[1] & 1:
        own = await ask(call, GetSystemGuid())
        guid = None if own is None or own.code or len(own.data) != 16 else own.data
    text = None if guid is None else _guid(guid)
    if text is not None:
        fields.bar("System GUID", text)
    actions = fields.flags(known.actions, ACTIONS, "supported", "unsupported")
    call.out()
    call.result(
        PefInfo(
            version=known.pef_version,
            filters=known.event_filter_entries,
            policies=policies,
            guid=text,
            actions=actions,
        )
    )
    return 0


def _guid(data: bytes) -> str:
    return "-".join(data[start:end].hex() for start, end in ((0, 4), (4, 6), (6, 8), (8, 10), (10, 16)))


async def _status(call: Call) -> int:
    data = await exchange(call, GetLastProcessedEventId(), "Last S/W processed ID")
    if data is None:
        call.err(" **Error retrieving Last S/W processed ID")
        return 1
    data = data.ljust(STATUS_SIZE, b"\0")
    added = int.from_bytes(data[:4], "little")
    last, software, own = (int.from_bytes(data[at : at + 2], "little") for at in (4, 6, 8))
    fields = Fields(call)
    fields.add("Last SEL addition", timestamp_numeric(added, call.options))
    fields.add("Last SEL record ID", f"0x{last:04x}")
    fields.add("Last S/W processed ID", f"0x{software:04x}")
    fields.add("Last BMC processed ID", f"0x{own:04x}")
    found: list[list[str]] = []
    for selector, what, table, yes, no in (
        (CONTROL, "PEF control", CONTROLS, "enabled", "disabled"),
        (ACTION, "PEF action", ACTIONS, "active", "inactive"),
    ):
        request = GetPefConfigurationParameters(selector=selector, set_selector=0, block_selector=0)
        data = await exchange(call, request, what)
        if data is None:
            call.err(f" **Error retrieving {what}")
            return 1
        found.append(fields.flags(data.ljust(2, b"\0")[1], table, yes, no))
    call.out()
    call.result(
        PefStatus(
            last_addition=iso(added),
            last_addition_missing=missing(added),
            last_record=last,
            last_software=software,
            last_bmc=own,
            enabled=found[0],
            actions=found[1],
        )
    )
    return 0


# ---- filters and policies


async def _table(call: Call, table: str, words: list[str]) -> int:
    usage = FILTER_USAGE if table == "filter" else POLICY_USAGE
    if not words:
        call.err("Not enough parameters given.")
        call.err(usage)
        return 1
    match words[0]:
        case "help":
            call.err(usage)
        case "list":
            from baseboard.cli.ipmitool import pef_tables

            return await (pef_tables.filters if table == "filter" else pef_tables.policies)(call)
        case "enable" | "disable":
            if len(words) != 2:
                call.err("Not enough arguments given.")
                call.err(usage)
                return 1
            return await _switch(call, table, words[1], enable=words[0] == "enable")
        case "create" | "delete":
            call.err("Not implemented.")
        case _:
            call.err(f"Invalid PEF {table.capitalize()} command: {words[0]}")
            call.err(usage)
    return 0


async def _switch(call: Call, table: str, word: str, *, enable: bool) -> int:
    name, highest, shown = ("PEF Event Filter", 255, "Filter") if table == "filter" else (
        "PEF Policy", 127, "Policy"
    )  # fmt: skip
    number = byte(word)
    if number is None:
        call.err(f"Invalid {name} ID given: {word}")
        return 1
    if not 1 <= number <= highest:
        call.err(f"{name} ID out of range. Valid range is <1..{highest}>.")
        return 1
    count = await table_size(call, FILTERS if table == "filter" else POLICIES)
    if count is None:
        return 1
    if not count:
        call.err(f"PEF {shown} isn't supported.")
        return 1
    if number > count:
        call.err(f"PEF {shown} ID out of range. Valid range is (1..{count}).")
        return 1
    done = await (_switch_filter if table == "filter" else _switch_policy)(call, number, enable)
    if done is None:
        return 1
    if not done:
        call.err(f"Failed to {'enable' if enable else 'disable'} PEF {shown} ID {number}.")
        return 1
    call.out(f"PEF {shown} ID {number} is {'enabled' if enable else 'disabled'} now.")
    call.result(PefSwitch(table=table, id=number, enabled=enable))
    return 0


async def _switch_filter(call: Call, number: int, enable: bool) -> bool | None:
    """Switch a filter; None if it failed before the switching."""
    # Two writes, the first of which takes away what else is set in the byte: so ipmitool does it.
    if refused(call, await put(call, FILTER_DATA, bytes((number, 0)))):
        return None
    return not refused(call, await put(call, FILTER_DATA, bytes((number, 0x80 if enable else 0))))


async def _switch_policy(call: Call, number: int, enable: bool) -> bool | None:
    """Switch a policy; None if it failed before the switching."""
    answer = await get(call, POLICY, number)
    if refused(call, answer, 5):
        return None
    assert answer is not None
    data = bytearray(answer.data[2:])
    data[0] = data[0] | 0x08 if enable else data[0] & 0xF7
    return not refused(call, await put(call, POLICY, bytes((number,)) + data))
