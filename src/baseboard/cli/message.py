"""``message``: the controller as a mailbox, and who is on its IPMB (§20.9, §22.3-22.8)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from baseboard.cli import tables
from baseboard.cli.failures import DONE, FAILED
from baseboard.cli.long_options import UsageError
from baseboard.cli.results.bridging import (
    BridgedAnswer,
    BufferedEvent,
    ChannelReception,
    FoundController,
    Message,
    MessageFlags,
)
from baseboard.cli.typed_numbers import data, number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from baseboard.cli.call import Call

_LAST_CHANNEL: Final = 0xF
_CLEARED: Final = {"messages", "event", "watchdog"}


async def run(call: Call, words: Sequence[str]) -> int:
    """Do what the words behind ``message`` say."""
    match list(words):
        case ["flags"]:
            return await _flags(call)
        case ["clear", *what] if what and set(what) <= _CLEARED:
            messaging = (await call.bmc()).messaging
            await messaging.clear(
                messages="messages" in what, event="event" in what, watchdog="watchdog" in what
            )
            return DONE
        case ["receive", channel]:
            return await _receive(call, channel, "")
        case ["receive", channel, ("on" | "off") as switch]:
            return await _receive(call, channel, switch)
        case ["get"]:
            return await _get(call)
        case ["event"]:
            return await _event(call)
        case ["send", channel, "track", *message] if message:
            return await _send(call, channel, message, track=True)
        case ["send", channel, *message] if message:
            return await _send(call, channel, message, track=False)
        case ["scan"]:
            return await _scan(call)
        case _:
            raise UsageError("`baseboard help message` tells what message takes")


async def _flags(call: Call) -> int:
    flags = await (await call.bmc()).messaging.flags()
    found = MessageFlags(
        messages=flags.receive_message_available,
        event=flags.event_message_buffer_full,
        watchdog_pretimeout=flags.watchdog_pretimeout,
    )
    call.result(found)
    for name, waits in (
        ("Message in the queue", found.messages),
        ("Event in the buffer", found.event),
        ("Watchdog pre-timeout", found.watchdog_pretimeout),
    ):
        call.out(f"{name:<22}: {'yes' if waits else 'no'}")
    return DONE


async def _receive(call: Call, word: str, switch: str) -> int:
    channel = number(word, "a channel", _LAST_CHANNEL)
    messaging = (await call.bmc()).messaging
    enabled = await (messaging.take(channel, enabled=switch == "on") if switch else messaging.takes(channel))
    call.result(ChannelReception(channel=channel, enabled=enabled))
    call.out(f"Messages of channel {channel} are {'taken' if enabled else 'not taken'}")
    return DONE


async def _get(call: Call) -> int:
    message = await (await call.bmc()).messaging.next()
    if message is None:
        call.err("The queue is empty")
        return FAILED
    call.result(Message(channel=message.channel, privilege=int(message.privilege), data=message.data.hex()))
    call.out(f"channel {message.channel}, privilege {int(message.privilege)}: {message.data.hex(' ')}")
    return DONE


async def _event(call: Call) -> int:
    record = await (await call.bmc()).messaging.next_event()
    if record is None:
        call.err("The event buffer is empty")
        return FAILED
    call.result(BufferedEvent(record=record.hex()))
    call.out(record.hex(" "))
    return DONE


async def _send(call: Call, word: str, message: Sequence[str], *, track: bool) -> int:
    channel, whole = number(word, "a channel", _LAST_CHANNEL), data(message)
    answer = await (await call.bmc()).messaging.send(channel, whole, track=track)
    call.result(BridgedAnswer(completion_code=0, data=answer.hex()))
    call.out(answer.hex(" ") or "sent")
    return DONE


async def _scan(call: Call) -> int:
    rows: list[list[str]] = []
    async for one in (await call.bmc()).messaging.scan():
        device = one.device
        found = FoundController(
            address=one.address,
            device_id=device.device_id,
            firmware=f"{device.firmware_major}.{device.firmware_minor}",
            manufacturer_id=device.manufacturer_id,
            product_id=device.product_id,
        )
        call.result(found)
        rows.append(
            [
                f"{found.address:02X}h", str(found.device_id), found.firmware, str(found.manufacturer_id),
                str(found.product_id),
            ]
        )  # fmt: skip
    call.out(tables.plain(["address", "device", "firmware", "maker", "product"], rows))
    return DONE
