"""Who is there: management controllers in a network, without logging in (§13.2.3, §22.13)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from baseboard.client.inquiry import Inquiry
from baseboard.client.settings import PORT
from baseboard.client.sockets import find, peer_at
from baseboard.codes import AuthType, Privilege
from baseboard.errors import LoginError
from baseboard.rmcp.asf import IANA
from baseboard.rmcp.flight import Pace
from baseboard.transports import waiting

if TYPE_CHECKING:
    from baseboard.commands.app.channels import (
        GetChannelAuthenticationCapabilitiesResponse as Capabilities,
    )
    from baseboard.rmcp.asf import Pong

AT_ONCE: Final = 256
"""Addresses that are asked at the same time."""

_AUTH_TYPES: Final = (AuthType.NONE, AuthType.MD2, AuthType.MD5, AuthType.PASSWORD, AuthType.OEM)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What answered at an address, and what it says of itself.

    Attributes:
        host: as it was given.
        address: what that is, without the port.
        port: UDP port.
        pong: it answered a presence ping; many BMCs and firewalls do not.
        ipmi: it speaks IPMI: it answered a command, or says so in the pong.
        versions: ``1.5``, ``2.0`` or both, those that it says one may log in with.
        auth_types: of v1.5, for administrators: ``none``, ``MD2``, ``MD5`` ...
        kg_set: logins need K_G (v2.0).
        anonymous: it has a user without name and password switched on.
        null_users: it has a user without name, but with a password, switched on.
        manufacturer: enterprise number of the maker, where the pong or the answer tells it; None otherwise.
    """

    host: str
    address: str
    port: int
    pong: bool
    ipmi: bool
    versions: tuple[str, ...] = ()
    auth_types: tuple[str, ...] = ()
    kg_set: bool = False
    anonymous: bool = False
    null_users: bool = False
    manufacturer: int | None = None


async def discover(
    addresses: Iterable[str],
    *,
    port: int = PORT,
    timeout: float = 1.0,
    retries: int = 1,
    at_once: int = AT_ONCE,
) -> AsyncIterator[Found]:
    """Ask every address whether a BMC is there; yields those that answer, as they do.

    A ping and Get Channel Authentication Capabilities in both wrappers go out at the same time, since each
    of them is kept back by some.

    Args:
        addresses: names or addresses; a name without an address is left out.
        port: UDP port.
        timeout: seconds to wait before what was not answered is asked again.
        retries: how often that is.
        at_once: how many addresses are asked at a time.
    """
    left = iter(addresses)
    found: asyncio.Queue[Found] = asyncio.Queue()

    async def work() -> None:
        for host in left:
            one = await look(host, port=port, timeout=timeout, retries=retries)
            if one is not None:
                found.put_nowait(one)

    workers = [asyncio.create_task(work()) for _ in range(at_once)]
    everyone = asyncio.create_task(_all(workers))
    try:
        while not (everyone.done() and found.empty()):
            coming = asyncio.create_task(found.get())
            await asyncio.wait([coming, everyone], return_when=asyncio.FIRST_COMPLETED)
            if coming.done():
                yield coming.result()
            else:
                coming.cancel()
        await everyone
    finally:
        everyone.cancel()
        await asyncio.gather(*workers, return_exceptions=True)


async def _all(workers: list[asyncio.Task[None]]) -> None:
    await asyncio.gather(*workers)


async def look(host: str, *, port: int = PORT, timeout: float = 1.0, retries: int = 1) -> Found | None:
    """Ask one address; None when nothing answers there. See `discover` for the arguments."""
    try:
        place = await find(host, port)
    except LoginError:
        return None
    pace = Pace(timeout, 0.0, retries + 1)
    inquiry = Inquiry(peer_at(place), pace)
    try:
        pinging = waiting.task(inquiry.ping(timeout * pace.attempts))
        said = await inquiry.capabilities(Privilege.ADMINISTRATOR)
        if said is not None and inquiry.pong is None:
            # It is there, so a pong that has not come by now is not worth more than one wait.
            await waiting.settled([pinging], timeout)
        pong = inquiry.pong if said is not None else await pinging
        pinging.cancel()
    finally:
        inquiry.close()
    if said is None and pong is None:
        return None
    return _found(host, place[1][0], port, pong, said)


def _found(host: str, address: str, port: int, pong: Pong | None, said: Capabilities | None) -> Found:
    manufacturer = pong.iana if pong is not None and pong.iana not in (0, IANA) else None
    if said is None:
        return Found(
            host=host,
            address=address,
            port=port,
            pong=True,
            ipmi=pong is not None and pong.supports_ipmi,
            manufacturer=manufacturer,
        )
    v20 = said.has_extended and said.supports_v20
    # Without the extended form there is no bit for v1.5, which is then all that there is.
    v15 = bool(said.auth_types) and (said.supports_v15 or not said.has_extended)
    return Found(
        host=host,
        address=address,
        port=port,
        pong=pong is not None,
        ipmi=True,
        versions=(*(("1.5",) if v15 else ()), *(("2.0",) if v20 else ())),
        auth_types=tuple(kind.text for kind in _AUTH_TYPES if said.auth_types & 1 << kind),
        kg_set=v20 and said.kg_set,
        anonymous=said.anonymous_login,
        null_users=said.null_users,
        manufacturer=said.oem_id or manufacturer,
    )
