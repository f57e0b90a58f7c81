"""Requests to controllers behind the BMC: Send Message around Send Message, and the way back (§6.13, §22.7).

A session's requests are tracked: the BMC keeps who asked, sends the inner message on with its own address
and number, and answers twice under the number of the request: first to Send Message, later as though it
had carried out the inner command itself. Some BMCs put the inner answer into the first one instead.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from baseboard.errors import RemoteProtocolError
from baseboard.rmcp import lan_message
from baseboard.wire.value import Value

if TYPE_CHECKING:
    from baseboard.rmcp.lan_message import LanMessage

NETFN: Final = 0x06
SEND_MESSAGE: Final = 0x34
OVERHEAD: Final = 1 + lan_message.SMALLEST
"""Bytes that each hop adds to the data of a request."""

_TRACKED: Final = 0x40


class Hop(Value):
    """A step away from the BMC.

    Attributes:
        channel: on which the one before it sends.
        address: slave address of the controller that the step leads to.
    """

    channel: int
    address: int


def wrap(
    hops: tuple[Hop, ...],
    netfn: int,
    cmd: int,
    data: bytes,
    rq_seq: int,
    rs_lun: int = 0,
    sender: int = lan_message.BMC,
) -> bytes:
    """Make the data of the Send Message command that the first bridge is given.

    Args:
        hops: from that bridge outwards: one for a single bridging, two for a double one.
        rs_lun: logical unit of the last controller.
        sender: address of the first bridge.

    Raises:
        EncodeError: a number does not fit its field.
    """
    senders = (sender, *(hop.address for hop in hops))
    for place in range(len(hops) - 1, -1, -1):
        frame = lan_message.wrap_request(
            netfn, cmd, data, rq_seq, rs_addr=hops[place].address, rs_lun=rs_lun, rq_addr=senders[place]
        )
        data = bytes((_TRACKED | hops[place].channel & 0x0F,)) + frame
        netfn, cmd, rs_lun = NETFN, SEND_MESSAGE, 0
    return data


def answer(message: LanMessage, netfn: int, cmd: int, *, acknowledged: bool, tolerate: bool) -> bytes | None:
    """Read what came back under the number of a bridged request.

    Addresses are not looked at: some BMCs put the target's into the answer, some their own.

    Args:
        netfn: of the inner request.
        cmd: of the inner request.
        acknowledged: a bridge has said before that it sent the message on.
        tolerate: accept wrong checksums inside.

    Returns: completion code and data of the inner response, or of the Send Message that was refused; None
        while a bridge only tells that it sent the message on.

    Raises:
        DecodeError: an answer inside an answer is broken.
        RemoteProtocolError: it is an answer to something else.
    """
    wanted = (netfn | 1, cmd)
    # A Send Message that is itself bridged looks like the bridge's own; the first answer is the bridge's.
    while (message.netfn, message.cmd) == (NETFN | 1, SEND_MESSAGE) and not (
        acknowledged and wanted == (NETFN | 1, SEND_MESSAGE)
    ):
        if message.data[0] or len(message.data) == 1:
            return message.data if message.data[0] else None
        message = lan_message.unwrap(message.data[1:], tolerate_checksums=tolerate)
        acknowledged = True
    if (message.netfn, message.cmd) != wanted:
        raise RemoteProtocolError(f"nobody waits for {message!r}")
    return message.data
