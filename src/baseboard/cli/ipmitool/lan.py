"""``ipmitool lan``: print, set, alert, stats."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from baseboard.cli.ipmitool import lan_usage as usage
from baseboard.cli.ipmitool.channel_facts import first_lan, is_lan
from baseboard.cli.ipmitool.questions import ask, known
from baseboard.cli.ipmitool.text import COMPLETION, byte

if TYPE_CHECKING:
    from baseboard.cli.call import Call

STATISTICS_SIZE: Final = 18
COUNTERS: Final = (
    "IP Rx Packet",
    "IP Rx Header Errors",
    "IP Rx Address Errors",
    "IP Rx Fragmented",
    "IP Tx Packet",
    "UDP Rx Packet",
    "RMCP Rx Valid",
    "UDP Proxy Packet Received",
    "UDP Proxy Packet Dropped",
)


async def run(call: Call, words: list[str]) -> int:
    """Run ``lan`` and its words."""
    await call.bmc()
    if not words or words[0] == "help":
        call.err(usage.MAIN)
        return 0 if words else 1
    match words[0]:
        case "print" | "printconf":
            return await _print(call, words)
        case "set":
            from baseboard.cli.ipmitool import lan_set

            return await lan_set.run(call, words[1:])
        case "alert":
            from baseboard.cli.ipmitool import lan_alert

            return await lan_alert.run(call, words[1:])
        case "stats":
            return await _stats(call, words)
        case _:
            call.err(f"Invalid LAN command: {words[0]}")
            return 1


async def _channel(call: Call, words: list[str]) -> int | None:
    """The channel that a verb's last word names, or the first LAN; None after a complaint."""
    if words:
        channel = byte(words[0])
        if channel is None:
            call.err(f"Invalid channel: {words[0]}")
            return None
    else:
        channel = await first_lan(call)
    if not await is_lan(call, channel):
        call.err(f"Invalid channel: {channel}")
        return None
    return channel


async def _print(call: Call, words: list[str]) -> int:
    if len(words) > 2:
        call.err(usage.MAIN)
        return 1
    channel = await _channel(call, words[1:])
    if channel is None:
        return 1
    # It asks a second time before it prints, and a controller may have changed its mind.
    if not await is_lan(call, channel):
        call.err(f"Channel {channel} is not a LAN channel")
        return 1
    from baseboard.cli.ipmitool.lan_print import show

    return await show(call, channel)


async def _stats(call: Call, words: list[str]) -> int:
    if len(words) < 2:
        call.err(usage.MAIN)
        return 1
    # Only a third word that is the last one is the channel.
    channel = await _channel(call, words[2:] if len(words) == 3 else [])
    if channel is None:
        return 1
    if words[1] not in {"get", "clear"}:
        call.err(usage.MAIN)
        return 1
    if not await is_lan(call, channel):
        call.err(f"Channel {channel} is not a LAN channel")
        return 1
    return await _counters(call, channel, clear=words[1] == "clear")


async def _counters(call: Call, channel: int, *, clear: bool) -> int:
    from baseboard.cli.results.lan import LanStatistics
    from baseboard.commands.transport.lan import GetIpUdpRmcpStatistics

    answer = await ask(call, GetIpUdpRmcpStatistics(channel=channel & 0xF, clear=clear))
    if answer is None or answer.code:
        if not clear:
            why = (
                ""
                if answer is None
                else f": {known(answer.code, {0x80: 'Unsupported parameter'}, COMPLETION)}"
            )
            call.err(f"Get LAN Stats command failed{why}")
        return 1
    if clear:
        return 0
    data = answer.data.ljust(STATISTICS_SIZE, b"\0")
    if call.verbose > 1:
        call.out("--- Rx Stats ---")
        call.out("".join(f"{data[at]:02X} {data[at + 1]:02X} - " for at in range(0, STATISTICS_SIZE, 2)))
    for at, key in enumerate(COUNTERS):
        # ipmitool takes the first byte for the high one; IPMI sends the low one first (Table 23-7).
        call.out(f"{key:<26}: {int.from_bytes(data[2 * at : 2 * at + 2], 'big')}")
    said = answer.decode(size=STATISTICS_SIZE)
    call.result(LanStatistics(channel=channel, **{name: getattr(said, name) for name in _NAMES}))
    return 0


_NAMES: Final = (
    "ip_packets_received",
    "ip_header_errors",
    "ip_address_errors",
    "ip_fragments_received",
    "ip_packets_transmitted",
    "udp_packets_received",
    "rmcp_packets_received",
    "proxy_packets_received",
    "proxy_packets_dropped",
)
