"""Controllers behind the BMC: how a `Target` is reached over each kind of interface (§6.13, §22.6, §22.7)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final, TypeAlias

from baseboard.client.interface import BMC, Target
from baseboard.errors import DecodeError, EncodeError, NoResponse, RemoteProtocolError
from baseboard.rmcp import bridging, lan_message
from baseboard.rmcp.bridging import Hop
from baseboard.transports import waiting

Ask: TypeAlias = Callable[[int, int, bytes], Awaitable[bytes]]
"""Sends netfn, command and data to the BMC itself; gives completion code and response data."""

_GET_MESSAGE: Final = 0x33
_QUEUE_EMPTY: Final = 0x80
_SMS_LUN: Final = 2
_POLL: Final = 0.01
_SLOWEST_POLL: Final = 0.1


def hops(target: Target) -> tuple[Hop, ...]:
    """The way from the BMC to a target; empty for the BMC itself, at whatever logical unit."""
    if target.address == BMC.address:
        return ()
    last = Hop(target.channel, target.address)
    if target.transit_address is None or target.transit_address == BMC.address:
        return (last,)
    return (Hop(target.transit_channel, target.transit_address), last)


async def ask_through_queue(
    ask: Ask,
    netfn: int,
    cmd: int,
    data: bytes,
    target: Target,
    *,
    sequence: int,
    timeout: float,
    tolerate: bool = False,
) -> bytes:
    """Ask a controller behind the BMC from a system interface: Send Message, then Get Message until it came.

    The system interface has no tracking: the answer goes to the BMC's LUN 10b and so into its Receive Message
    Queue (§6.13.3). What else is in the queue is taken out and lost, as ipmitool does.

    Args:
        sequence: rqSeq of the bridged message, 0-63; another one than for the request before.
        timeout: seconds until the answer must be there.
        tolerate: accept wrong checksums in the queue, as Linux's driver does: the BMC has checked the bus's.

    Returns: completion code and data of the target, or those of the Send Message that was refused.

    Raises:
        NoResponse: the target did not answer in time.
        EncodeError: a number does not fit, or the target is the BMC itself.
    """
    loop = waiting.running()
    end = loop.time() + timeout
    sent = await ask(bridging.NETFN, bridging.SEND_MESSAGE, _frame(netfn, cmd, data, target, sequence))
    if sent[0]:
        return sent
    pause, acknowledged = _POLL, False
    while loop.time() < end:
        got = await ask(bridging.NETFN, _GET_MESSAGE, b"")
        if got[0] == _QUEUE_EMPTY:
            await waiting.sleep(min(pause, max(end - loop.time(), 0.0)))
            pause = min(2 * pause, _SLOWEST_POLL)
            continue
        if got[0]:
            return got
        try:
            message = _unqueued(got, sequence, tolerate)
            answer = bridging.answer(message, netfn, cmd, acknowledged=acknowledged, tolerate=tolerate)
        except (DecodeError, RemoteProtocolError):
            continue
        if answer is not None:
            return answer
        acknowledged = True
    raise NoResponse(f"no answer to {netfn:02X}h/{cmd:02X}h from {target.address:02X}h in {timeout:.1f} s")


def _unqueued(got: bytes, sequence: int, tolerate: bool) -> lan_message.LanMessage:
    """A response out of the queue, which strips the BMC's own address: the first checksum covers it (§22.6).

    Raises:
        RemoteProtocolError: it is the response to another request, or none.
        DecodeError: it is broken.
    """
    message = lan_message.unwrap(bytes((lan_message.BMC,)) + got[2:], tolerate_checksums=tolerate)
    if message.rq_seq != sequence or not message.is_response:
        raise RemoteProtocolError(f"nobody waits for {message!r}")
    return message


def _frame(netfn: int, cmd: int, data: bytes, target: Target, sequence: int) -> bytes:
    """Make the data of the first Send Message: channel and frame."""
    way = hops(target)
    if not way:
        raise EncodeError("the BMC itself is not reached by bridging")
    first, lun = way[0], target.lun
    if len(way) > 1:
        # Hops beyond the first track as those of a session do.
        data = bridging.wrap(way[1:], netfn, cmd, data, sequence, lun, first.address)
        netfn, cmd, lun = bridging.NETFN, bridging.SEND_MESSAGE, 0
    return bytes((first.channel,)) + lan_message.wrap_request(
        netfn,
        cmd,
        data,
        sequence,
        rs_addr=first.address,
        rs_lun=lun,
        rq_addr=lan_message.BMC,
        rq_lun=_SMS_LUN,
    )
