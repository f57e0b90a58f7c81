"""``ipmitool pef filter list`` and ``pef policy list``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from baseboard.cli.ipmitool.channel_facts import LAN, channel_info
from baseboard.cli.ipmitool.names import string
from baseboard.cli.ipmitool.pef import POLICIES, POLICY, capabilities, exchange, get, table_size
from baseboard.cli.ipmitool.pef_fields import Fields
from baseboard.cli.ipmitool.pef_words import (
    ACTIONS,
    LAN_DESTINATIONS,
    MEDIA,
    SENSOR_TYPES,
    SERIAL_DESTINATIONS,
    SEVERITIES,
    TAP_CONFIRMATIONS,
    every,
    first,
    kind_of_event,
    one,
    triggers,
)
from baseboard.cli.ipmitool.pef_words import (
    POLICIES as RULES,
)
from baseboard.cli.ipmitool.questions import ask_bytes, refused
from baseboard.cli.results.pef import Filter, Policy
from baseboard.commands.transport.lan import GetLanConfigurationParameters

if TYPE_CHECKING:
    from baseboard.cli.call import Call

FILTER: Final = 6
FILTER_SIZE, POLICY_SIZE = 22, 5
CONFIGURATIONS: Final = {0x40: "pre-configured", 0x00: "configurable"}

SERIAL: Final = 5
COMMUNITY, LAN_COUNT, LAN_TYPE, LAN_ADDRESS = 16, 17, 18, 19
SERIAL_COUNT, SERIAL_INFO, DIAL_COUNT, DIAL_STRING, TAP_COUNT, TAP_INFO = 16, 17, 20, 21, 24, 25
BLOCK: Final = 16
LONGEST_DIAL: Final = 6 * BLOCK

TRANSPORT, GET_SERIAL = 0x0C, 0x11
"""Get Serial/Modem Configuration (§25.2)."""


async def filters(call: Call) -> int:
    """Print the event filters."""
    known = await capabilities(call)
    if known is None:
        return 1
    if not known.event_filter_entries:
        call.err("PEF Event Filtering isn't supported.")
        return 1
    for number in range(1, known.event_filter_entries + 1):
        answer = await get(call, FILTER, number)
        if refused(call, answer, FILTER_SIZE):
            call.err(f"Failed to get PEF Event Filter Entry {number}.")
            continue
        assert answer is not None
        _filter(call, answer.data[1:])
        call.out()
    return 0


def _filter(call: Call, data: bytes) -> None:
    """Print an entry (Table 17-2): its number, then its bytes."""
    fields = Fields(call)
    number, entry = data[0], data[1:]
    fields.add("PEF Filter Table entry", number)
    enabled = bool(entry[0] & 0x80)
    status = f"{'en' if enabled else 'dis'}abled, {CONFIGURATIONS.get(entry[0] & 0x60, 'reserved')}"
    fields.add("Status", status)
    if enabled:
        fields.add("Sensor type", one(entry[6], SENSOR_TYPES))
        fields.add("Sensor number", "Any" if entry[7] == 0xFF else entry[7])
        fields.add("Event severity", first(entry[3], SEVERITIES))
        fields.add("Event class", kind_of_event(entry[8]))
        fields.add("Event trigger(s)", triggers(entry[8], int.from_bytes(entry[9:11], "little")))
        fields.add("Action", every(entry[1], ACTIONS))
        if entry[1] & 0x01:
            fields.add("Policy set", entry[2] & 0x0F)
    facts = {key: value for key, value in fields.facts.items() if key not in _OWN}
    call.result(Filter(id=number, status=status, facts=facts))


_OWN: Final = frozenset({"PEF Filter Table entry", "Status", "Alert policy table entry"})


async def policies(call: Call) -> int:
    """Print the alert policies and where they send alerts."""
    count = await table_size(call, POLICIES)
    if count is None:
        return 1
    if not count:
        call.err("PEF Alert Policy isn't supported.")
        return 1
    for number in range(1, count + 1):
        answer = await get(call, POLICY, number)
        if refused(call, answer, POLICY_SIZE):
            continue
        assert answer is not None
        fields = Fields(call)
        if await _policy(call, fields, answer.data[1:]):
            call.out()
        facts = {key: value for key, value in fields.facts.items() if key not in _OWN}
        call.result(Policy(id=answer.data[1] & 0x7F, facts=facts))
    return 0


async def _policy(call: Call, fields: Fields, data: bytes) -> bool:
    """Print an entry (Table 17-4); False after a complaint that its channel is not known."""
    fields.add("Alert policy table entry", data[0] & 0x7F)
    fields.add("Policy set", data[1] >> 4)
    fields.add("State", "enabled" if data[1] & 0x08 else "disabled")
    fields.add("Policy entry rule", one(data[1] & 0x07, RULES))
    if data[3] & 0x80:
        fields.add("Event-specific", "true")
    said = await channel_info(call, data[2] >> 4)
    if said is None:
        return False
    medium = int(said.medium)
    fields.add("Channel number", said.channel)
    fields.add("Channel medium", one(medium, MEDIA))
    destination = data[2] & 0x0F
    if medium == LAN:
        await _lan(call, fields, said.channel, destination)
    elif medium == SERIAL:
        await _serial(call, fields, said.channel, destination)
    else:
        fields.add("Destination ID", destination)
    return True


def _missing(call: Call, what: str) -> None:
    call.err(f" **Error retrieving {what}")


# ---- a destination on a LAN


async def _lan_parameter(call: Call, channel: int, selector: int, number: int, what: str) -> bytes | None:
    request = GetLanConfigurationParameters(
        channel=channel, selector=selector, set_selector=number, block_selector=0
    )
    return await exchange(call, request, what)


async def _lan(call: Call, fields: Fields, channel: int, number: int) -> None:
    what = "Alert destination count"
    if await _lan_parameter(call, channel, LAN_COUNT, 0, what) is None:
        _missing(call, what)
        return
    what = "Alert destination type"
    data = await _lan_parameter(call, channel, LAN_TYPE, number, what)
    if data is None or data[1:2] != bytes((number,)):
        _missing(call, what)
        return
    kind, timeout, retries = data.ljust(5, b"\0")[2:5]
    fields.add(what, one(kind & 0x07, LAN_DESTINATIONS))
    if not kind & 0x07:
        community = await _lan_parameter(call, channel, COMMUNITY, 0, "PET community")
        if community is None:
            _missing(call, "PET community")
        else:
            fields.add("PET Community", string(community[1:19]))
    fields.add("ACK timeout/retry (secs)", timeout)
    fields.add("Retries", retries & 0x07)
    what = "Alert destination info"
    data = await _lan_parameter(call, channel, LAN_ADDRESS, number, what)
    if data is None or data[1:2] != bytes((number,)):
        _missing(call, what)
        return
    data = data.ljust(14, b"\0")
    fields.add("IP address", ".".join(str(part) for part in data[4:8]))
    fields.add("MAC address", data[8:14].hex(":"))


# ---- a destination on a serial channel


async def _serial_parameter(
    call: Call, channel: int, selector: int, number: int, block: int, what: str
) -> bytes | None:
    answer = await ask_bytes(call, TRANSPORT, GET_SERIAL, bytes((channel, selector, number, block)))
    if answer is None or answer[0] == 0x80:
        return None
    if answer[0]:
        call.err(f" **Error {answer[0]:x} in '{what}' command")
        return None
    return answer[1].ljust(5, b"\0")


async def _serial(call: Call, fields: Fields, channel: int, number: int) -> None:
    what = "Alert destination count"
    data = await _serial_parameter(call, channel, SERIAL_COUNT, 0, 0, what)
    if data is None:
        _missing(call, what)
        return
    if not 0 < number <= data[1] & 0x0F:
        return
    what = "Alert destination info"
    data = await _serial_parameter(call, channel, SERIAL_INFO, number, 0, what)
    if data is None or data[1] != number:
        _missing(call, what)
        return
    # ipmitool reads from the parameter's revision on, a byte too early: its type is the destination's number.
    kind, timeout, retries = data[1] & 0x0F, data[2], data[3]
    fields.add("Alert destination type", one(kind, SERIAL_DESTINATIONS))
    fields.add("ACK timeout (secs)", timeout)
    fields.add("Retries", retries & 0x77)
    if kind == 1:
        await _tap(call, fields, number)


async def _tap(call: Call, fields: Fields, number: int) -> None:
    # Its requests go to channel 0 where they copy nothing, and to the channel where they do.
    data = await _serial_parameter(call, 0, TAP_COUNT, 0, 0, "Number of TAP accounts")
    if data is None or not data[1] & 0x0F:
        return
    channel = self_channel(fields)
    data = await _serial_parameter(call, channel, TAP_INFO, number, 0, "TAP account info")
    if data is None or data[1] != number:
        _missing(call, "TAP account info")
        return
    dial, service = data[2] >> 4, data[2] & 0x0F
    await _dial(call, fields, channel, dial, "TAP Dial string")
    what = "TAP service settings"
    data = await _serial_parameter(call, channel, TAP_INFO, service, 0, what)
    if data is None or data[1] != service:
        _missing(call, what)
        return
    fields.add("TAP confirmation", one(data[2], TAP_CONFIRMATIONS))


def self_channel(fields: Fields) -> int:
    """The channel whose destination is being printed."""
    return int(fields.facts["Channel number"])


async def _dial(call: Call, fields: Fields, channel: int, number: int, label: str) -> None:
    data = await _serial_parameter(call, 0, DIAL_COUNT, 0, 0, "Dial string count")
    if data is None or not data[1] & 0x0F:
        return
    text, block = b"", 1
    while True:
        data = await _serial_parameter(call, channel, DIAL_STRING, number, block, label)
        # It compares the set selector with the selector that it asked for last.
        if data is None or data[1] != TAP_INFO or data[2] != block:
            _missing(call, label)
            return
        text += data[3 : 3 + BLOCK].ljust(BLOCK, b"\0")
        if b"\0" in text or len(text) >= LONGEST_DIAL:
            break
        block += 1
    fields.add(label, string(text))
