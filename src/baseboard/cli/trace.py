"""``-vv``: the login, every request and response on standard error, field by field; secrets are stars."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from baseboard.cli import annotated
from baseboard.client.interface import BMC, Target
from baseboard.errors import BaseboardError

if TYPE_CHECKING:
    from baseboard.client.interface import Interface

# Whoever knows one of these can try passwords at home until one fits: it belongs into no report.
_GUESSABLE: Final = frozenset({"code", "auth_code", "challenge"})
_TRAILER: Final = "session trailer"
_STEPS: Final = {
    0x10: "Open Session Request",
    0x11: "Open Session Response",
    **{0x11 + number: f"RAKP Message {number}" for number in (1, 2, 3, 4)},
}
"""Payload types of a login (Table 13-16)."""


@contextmanager
def login(tell: Callable[[str], None]) -> Generator[None]:
    """Tell what goes to and fro while somebody logs in inside the block: no session, no exchange yet.

    Args:
        tell: takes text, line ends included.
    """
    from baseboard.client.sockets import overhearing

    listening = True

    def overhear(sent: bool, data: bytes) -> None:
        if listening:
            tell(f"{'>>' if sent else '<<'} {_packet(data)}")

    token = overhearing.set(overhear)
    try:
        yield
    finally:
        overhearing.reset(token)
        listening = False


def _packet(data: bytes) -> str:
    """What is in a packet of a login, without its headers."""
    from baseboard.cli.explaining import explain
    from baseboard.cli.explaining_packets import UNREADABLE
    from baseboard.rmcp import v20

    # Behind the RMCP header (§13.6): the format, then flags and payload type.
    kind = data[5] if data[4:5] == bytes((v20.FORMAT,)) and len(data) > 5 else 0
    if kind & v20.ENCRYPTED:
        return f"encrypted message, {len(data)} bytes\n"
    try:
        parts = [part for part in explain(data, "packet") if part.title != _TRAILER]
    except BaseboardError as error:
        return f"{len(data)} bytes that are no packet: {error}\n"
    if parts[-1].title == UNREADABLE:
        return f"{len(data)} bytes that are no packet: {parts[-1].lines[0].note}\n"
    lines = [replace(line, secret=True) if line.field in _GUESSABLE else line for line in parts[-1].lines]
    title = f"{_STEPS[kind]}: {parts[-1].title}" if kind in _STEPS else parts[-1].title
    return f"{title}\n{annotated.text(lines)}"


def attach(interface: Interface, tell: Callable[[str], None]) -> None:
    """Tell from now on what goes over an interface.

    Args:
        tell: takes text, line ends included.
    """
    inside = interface.exchange

    async def exchange(
        netfn: int, cmd: int, data: bytes, *, target: Target = BMC, timeout: float, retry: bool = True
    ) -> bytes:
        asked = annotated.request(netfn, cmd, data)
        place = "" if target == BMC else f" to {target.address:02X}h.{target.lun}"
        tell(f">> {asked.title}{place}\n{annotated.text(asked.lines)}")
        began = time.monotonic()
        try:
            answer = await inside(netfn, cmd, data, target=target, timeout=timeout, retry=retry)
        except BaseboardError as error:
            tell(f"<< {type(error).__name__}: {error}\n")
            raise
        told = annotated.response(netfn | 1, cmd, answer)
        took = (time.monotonic() - began) * 1000
        tell(f"<< {told.title}, {took:.1f} ms\n{annotated.text(told.lines)}")
        return answer

    # This very object goes on serving: a console asks it for more than requests.
    interface.exchange = exchange  # type: ignore[method-assign]  # of this one interface only
