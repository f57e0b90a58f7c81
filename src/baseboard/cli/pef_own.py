"""Verbs of ``pef`` that ipmitool has not, or says of that they are not implemented."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING, Final

from baseboard.cli import pef_entries
from baseboard.cli.ipmitool.text import printable
from baseboard.cli.long_options import UsageError
from baseboard.cli.results.pef import (
    PefAlert,
    PefCapabilities,
    PefLast,
    PefString,
    PefSwitch,
    PefTimer,
    PefWritten,
    PetAcknowledged,
)
from baseboard.cli.results.times import iso
from baseboard.commands.sensor.pef import AlertStatus, PetAcknowledge

if TYPE_CHECKING:
    from baseboard.cli.call import Call
    from baseboard.commands.sensor.pef import GetLastProcessedEventIdResponse

Own = Callable[["Call"], Awaitable[int]]

_NONE: Final = 0xFFFF
_SUSPENDED: Final = 0xFE
_STATUS: Final = {
    AlertStatus.NONE: "none",
    AlertStatus.NORMAL_END: "sent",
    AlertStatus.CALL_RETRIES_FAILED: "failed",
    AlertStatus.ACKNOWLEDGE_TIMEOUT: "not acknowledged",
    AlertStatus.IN_PROGRESS: "in progress",
}


def find(words: list[str]) -> Own | None:
    """The verb that these words are; None if they are ipmitool's own affair."""
    for length in (2, 1):
        verb = _VERBS.get(" ".join(words[:length]))
        if verb is not None:
            return partial(verb, words=words[length:])
    return None


async def _capabilities(call: Call, words: list[str]) -> int:
    _none(words, "pef capabilities")
    status = await (await call.bmc()).pef.status()
    known = status.capabilities
    names = pef_entries.action_words(known.actions)
    version = f"{known.pef_version & 0xF}.{known.pef_version >> 4}"
    call.out(f"Version             : {version}")
    call.out(f"Event filters       : {known.event_filter_entries}")
    call.out(f"Actions             : {', '.join(names) or 'none'}")
    call.out(f"OEM records         : {'filtered' if known.oem_event_record_filtering else 'not filtered'}")
    call.result(
        PefCapabilities(
            version=version,
            actions=names,
            oem_records=known.oem_event_record_filtering,
            filters=known.event_filter_entries,
        )
    )
    return 0


async def _switch(call: Call, words: list[str], *, on: bool) -> int:
    _none(words, "pef enable" if on else "pef disable")
    await (await call.bmc()).pef.enable(enabled=on)
    call.out(f"Event filtering is {'enabled' if on else 'disabled'} now.")
    call.result(PefSwitch(table="pef", id=0, enabled=on))
    return 0


# ---- the postpone timer, and how far events were processed


async def _timer_get(call: Call, words: list[str]) -> int:
    _none(words, "pef timer get")
    return _timer(call, await (await call.bmc()).pef.timer())


async def _timer_set(call: Call, words: list[str]) -> int:
    if len(words) != 1:
        raise UsageError("pef timer set SECONDS|off|suspend")
    if words[0] == "suspend":
        return _timer(call, await (await call.bmc()).pef.suspend())
    seconds = 0 if words[0] == "off" else pef_entries.number(words[0], 0, 0xFD, "seconds")
    return _timer(call, await (await call.bmc()).pef.arm_timer(seconds))


def _timer(call: Call, value: int) -> int:
    if value == _SUSPENDED:
        state, text = "pef off", "Event filtering is off until the next reset or power-down."
    elif value:
        state, text = "armed", f"Software has {value} s to look at events first."
    else:
        state, text = "off", "Event filtering acts at once."
    call.out(text)
    call.result(PefTimer(state=state, seconds=value if state == "armed" else None))
    return 0


async def _last(call: Call, words: list[str]) -> int:
    _none(words, "pef last [set RECORD [bmc]]")
    return _told_last(call, await (await call.bmc()).pef.last_event())


async def _last_set(call: Call, words: list[str]) -> int:
    if not 1 <= len(words) <= 2 or words[1:] not in ([], ["bmc"], ["software"]):
        raise UsageError("pef last set RECORD|none [software|bmc]")
    record = _NONE if words[0] == "none" else pef_entries.number(words[0], 0, _NONE, "a record's ID")
    pef = (await call.bmc()).pef
    await pef.set_last_event(record, by_bmc=words[1:] == ["bmc"])
    return _told_last(call, await pef.last_event())


def _told_last(call: Call, last: GetLastProcessedEventIdResponse) -> int:
    rows = (
        ("Last record of the log", last.last_record_id),
        ("Processed by software", last.last_software_processed),
        ("Processed by the BMC", last.last_bmc_processed),
    )
    call.out(f"{'Last addition':<23}: {iso(last.most_recent_addition) or '-'}")
    for title, record in rows:
        call.out(f"{title:<23}: {'none' if record == _NONE else f'{record:#06x}'}")
    shown = [None if record == _NONE else record for _, record in rows]
    call.result(
        PefLast(
            last_addition=iso(last.most_recent_addition),
            last_record=shown[0],
            last_software=shown[1],
            last_bmc=shown[2],
        )
    )
    return 0


# ---- alerts


async def _alert(call: Call, words: list[str]) -> int:
    usage = "pef alert CHANNEL DESTINATION [string N] [event TYPE SENSOR EVENT-TYPE D1 D2 D3]"
    channel, destination = _where(words, usage)
    string, event = None, None
    rest = words[2:]
    if rest[:1] == ["string"] and len(rest) > 1:
        string, rest = pef_entries.number(rest[1], 0, 0x7F, "a string's number"), rest[2:]
    if rest[:1] == ["event"] and len(rest) == 7:
        event, rest = pef_entries.event(rest[1:]), []
    if rest:
        raise UsageError(usage)
    pef = (await call.bmc()).pef
    await pef.alert(channel, destination, string=string, event=event)
    return _told_alert(call, channel, destination, await pef.alert_status(channel, destination))


async def _alert_status(call: Call, words: list[str]) -> int:
    channel, destination = _where(words, "pef alert status CHANNEL DESTINATION", exactly=True)
    pef = (await call.bmc()).pef
    return _told_alert(call, channel, destination, await pef.alert_status(channel, destination))


async def _alert_clear(call: Call, words: list[str]) -> int:
    channel, destination = _where(words, "pef alert clear CHANNEL DESTINATION", exactly=True)
    pef = (await call.bmc()).pef
    await pef.clear_alert_status(channel, destination)
    return _told_alert(call, channel, destination, await pef.alert_status(channel, destination))


def _where(words: list[str], usage: str, *, exactly: bool = False) -> tuple[int, int]:
    if len(words) < 2 or (exactly and len(words) > 2):
        raise UsageError(usage)
    channel = pef_entries.number(words[0], 0, 0xF, "a channel")
    return channel, pef_entries.number(words[1], 0, 0xF, "a destination")


def _told_alert(call: Call, channel: int, destination: int, status: AlertStatus | None) -> int:
    text = "none" if status is None else _STATUS.get(status, str(status))
    call.out(f"Alert to destination {destination} of channel {channel}: {text}")
    call.result(PefAlert(channel=channel, destination=destination, status=text))
    return 0


async def _acknowledge(call: Call, words: list[str]) -> int:
    if len(words) != 8:
        raise UsageError("pef pet ack SEQUENCE TIMESTAMP SOURCE DEVICE SENSOR D1 D2 D3")
    sequence = pef_entries.number(words[0], 0, 0xFFFF, "a sequence number")
    time = pef_entries.number(words[1], 0, 0xFFFFFFFF, "a timestamp")
    source, device, sensor, first, second, third = (
        pef_entries.number(word, 0, 0xFF, "a byte") for word in words[2:]
    )
    trap = PetAcknowledge(
        sequence_number=sequence, local_timestamp=time, event_source_type=source, sensor_device=device,
        sensor_number=sensor, event_data1=first, event_data2=second, event_data3=third,
    )  # fmt: skip
    await (await call.bmc()).pef.acknowledge(trap)
    call.out(f"Trap {sequence} is acknowledged.")
    call.result(PetAcknowledged(sequence_number=sequence))
    return 0


async def _event(call: Call, words: list[str]) -> int:
    if len(words) != 6:
        raise UsageError("pef event TYPE SENSOR EVENT-TYPE D1 D2 D3")
    event = pef_entries.event(words)
    await (await call.bmc()).events.send(event)
    call.out("The event is sent.")
    return 0


# ---- strings and tables


async def _strings(call: Call, words: list[str]) -> int:
    _none(words, "pef string list")
    pef = (await call.bmc()).pef
    for number, text in enumerate(await pef.strings()):
        keys = await pef.string_keys(number)
        shown = text.decode("latin-1")
        call.out(f"{number:3}  filter {keys.filter_number:3}  set {keys.string_set:3}  {printable(shown)}")
        call.result(PefString(number=number, filter=keys.filter_number, set=keys.string_set, text=shown))
    return 0


async def _string_set(call: Call, words: list[str]) -> int:
    usage = "pef string set N TEXT [filter=N] [set=N]"
    if len(words) < 2:
        raise UsageError(usage)
    number = pef_entries.number(words[0], 0, 0x7F, "a string's number")
    keys = pef_entries.pairs(words[2:], ("filter", "set"), usage)
    wanted = {key: pef_entries.number(value, 0, 0x7F, f"{key}=") for key, value in keys.items()}
    try:
        text = words[1].encode("latin-1")
    except UnicodeEncodeError as error:
        raise UsageError("an alert string is of 8-bit characters") from error
    pef = (await call.bmc()).pef
    await pef.set_string(number, text, filter_number=wanted.get("filter"), string_set=wanted.get("set"))
    now = await pef.string_keys(number)
    call.out(f"Alert string {number} is written.")
    call.result(PefString(number=number, filter=now.filter_number, set=now.string_set, text=words[1]))
    return 0


async def _filter_create(call: Call, words: list[str]) -> int:
    number, entry = pef_entries.event_filter(words)
    await (await call.bmc()).pef.set_filter(number, entry)
    return _written(call, "filter", number, entry.encode())


async def _filter_delete(call: Call, words: list[str]) -> int:
    number, entry = pef_entries.numbered(words, "pef filter delete N"), pef_entries.NO_FILTER
    await (await call.bmc()).pef.set_filter(number, entry)
    return _written(call, "filter", number, entry.encode(), gone=True)


async def _policy_create(call: Call, words: list[str]) -> int:
    number, entry = pef_entries.alert_policy(words)
    await (await call.bmc()).pef.set_policy(number, entry)
    return _written(call, "policy", number, entry.encode())


async def _policy_delete(call: Call, words: list[str]) -> int:
    number, entry = pef_entries.numbered(words, "pef policy delete N"), pef_entries.NO_POLICY
    await (await call.bmc()).pef.set_policy(number, entry)
    return _written(call, "policy", number, entry.encode(), gone=True)


def _written(call: Call, table: str, number: int, raw: bytes, *, gone: bool = False) -> int:
    call.out(f"PEF {table.capitalize()} ID {number} is {'deleted' if gone else 'written'}.")
    call.result(PefWritten(table=table, id=number, raw=raw))
    return 0


def _none(words: list[str], usage: str) -> None:
    if words:
        raise UsageError(usage)


_VERBS: Final[dict[str, Callable[..., Awaitable[int]]]] = {
    "capabilities": _capabilities,
    "enable": partial(_switch, on=True),
    "disable": partial(_switch, on=False),
    "timer get": _timer_get,
    "timer set": _timer_set,
    "last": _last,
    "last set": _last_set,
    "alert": _alert,
    "alert status": _alert_status,
    "alert clear": _alert_clear,
    "pet ack": _acknowledge,
    "event": _event,
    "string list": _strings,
    "string set": _string_set,
    "filter create": _filter_create,
    "filter delete": _filter_delete,
    "policy create": _policy_create,
    "policy delete": _policy_delete,
}
