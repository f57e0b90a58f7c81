"""``forward``: which commands the controller hands to another one (§35b)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from baseboard.cli import tables
from baseboard.cli.failures import DONE, FAILED
from baseboard.cli.ipmitool.text import completion
from baseboard.cli.long_options import UsageError
from baseboard.cli.results.bridging import BridgedAnswer, Chosen, Forwarded, ForwardTarget
from baseboard.cli.typed_numbers import data, number
from baseboard.client.forwarding import HERE
from baseboard.codes import NetFn

if TYPE_CHECKING:
    from baseboard.cli.call import Call
    from baseboard.client.forwarding import ForwardingTarget

_BYTE: Final = 0xFF
_LUN: Final = 3
_LAST_CHANNEL: Final = 0xF
_LAST_NETFN: Final = 0x3E
_NETFNS: Final = (
    NetFn.CHASSIS, NetFn.BRIDGE, NetFn.SENSOR_EVENT, NetFn.APP, NetFn.FIRMWARE, NetFn.STORAGE,
    NetFn.TRANSPORT, *range(0x30, 0x40, 2),
)  # fmt: skip
"""Network functions of which nobody in particular has to be named."""


async def run(call: Call, words: list[str]) -> int:
    """Do what the words behind ``forward`` say."""
    words, channel = _channel(words)
    match words:
        case ["info", word]:
            return await _info(call, number(word, "a channel", _LAST_CHANNEL))
        case ["info"]:
            return await _info(call, channel)
        case [("add" | "remove") as verb, netfn, *commands] if commands:
            return await _choose(call, channel, netfn, commands, forwarded=verb == "add")
        case ["enable", *controller] if len(controller) <= 2:
            return await _enable(call, channel, controller)
        case ["disable"]:
            return _tell(call, await (await call.bmc()).forwarding.disable(channel))
        case ["send", *request] if len(request) > 1:
            return await _send(call, data(request))
        case _:
            raise UsageError("`baseboard help forward` tells what forward takes")


def _channel(words: list[str]) -> tuple[list[str], int]:
    """The words without ``channel N``, and that channel."""
    if len(words) > 2 and words[-2] == "channel":
        return words[:-2], number(words[-1], "a channel", _LAST_CHANNEL)
    return words, HERE


async def _info(call: Call, channel: int) -> int:
    forwarding = (await call.bmc()).forwarding
    target = await forwarding.target(channel)
    rows: list[list[str]] = []
    for netfn in _NETFNS:
        commands = sorted(await forwarding.chosen(netfn, channel=channel))
        if commands:
            call.result(
                Forwarded(
                    channel=target.channel,
                    enabled=target.enabled,
                    slave_address=target.slave_address,
                    slave_lun=target.lun,
                    netfn=netfn,
                    commands=commands,
                )
            )
            rows.append([f"{netfn:02X}", " ".join(f"{command:02X}" for command in commands)])
    _say(call, target)
    if rows:
        call.out(tables.plain(["netfn", "commands"], rows))
    return DONE


async def _choose(call: Call, channel: int, word: str, commands: list[str], *, forwarded: bool) -> int:
    netfn = number(word, "a network function", _LAST_NETFN) & ~1
    wanted = data(commands)
    forwarding = (await call.bmc()).forwarding
    now = sorted(await forwarding.choose(netfn, wanted, forwarded=forwarded, channel=channel))
    call.result(Chosen(netfn=netfn, commands=now))
    call.out(f"NetFn {netfn:02X}h: {' '.join(f'{command:02X}' for command in now) or 'none'}")
    return DONE


async def _enable(call: Call, channel: int, controller: list[str]) -> int:
    slave = number(controller[0], "a slave address", _BYTE) if controller else None
    lun = number(controller[1], "a LUN", _LUN) if len(controller) > 1 else 0
    return _tell(call, await (await call.bmc()).forwarding.enable(slave, lun=lun, channel=channel))


async def _send(call: Call, request: bytes) -> int:
    bmc, target = await call.bmc(), call.options.settings.target
    answer = await bmc.forwarding.hand_over(target, request[0], request[1], request[2:])
    call.result(BridgedAnswer(completion_code=answer[0], data=answer[1:].hex()))
    if answer[0]:
        call.err(completion(answer[0]))
        return FAILED
    call.out(answer[1:].hex(" "))
    return DONE


def _tell(call: Call, target: ForwardingTarget) -> int:
    call.result(
        ForwardTarget(
            channel=target.channel,
            enabled=target.enabled,
            slave_address=target.slave_address,
            slave_lun=target.lun,
        )
    )
    _say(call, target)
    return DONE


def _say(call: Call, target: ForwardingTarget) -> None:
    whom = f" to {target.slave_address:02X}h.{target.lun}" if target.slave_address else ""
    does = "forwards" if target.enabled else "does not forward"
    call.out(f"Channel {target.channel} {does}{whom}")
