"""A BMC on loopback that offers OEM payloads, and a session with it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from baseboard.bmc.configuration.endpoints import endpoints
from baseboard.bmc.server import RunningBmc, Server
from baseboard.bmc.services.payloads import OemService, PayloadLink
from baseboard.client.bmc import Bmc
from baseboard.client.connect import connect
from baseboard.rmcp.payloads import OemPayload
from tests.bmc.fakes import BLUEPRINT, FakeBackend

IANA = 7154


class Echo(OemService):
    """Says what it hears, from behind."""

    payload = OemPayload(IANA, 1, handle=0x21)
    capacity = 2
    largest = 100

    def activated(self, link: PayloadLink) -> bytes:
        return b"\0" + link.auxiliary[1:2]

    def received(self, link: PayloadLink, data: bytes) -> None:
        if data == b"end":
            link.close()
        else:
            link.send(data[::-1])


class Explicit(Echo):
    payload = OemPayload(IANA, 2)


@asynccontextmanager
async def payload_bench(*services: OemService, **login: Any) -> AsyncIterator[tuple[Bmc, RunningBmc]]:
    """A BMC with these payloads, which the administrator may use, and a session."""
    server = Server()
    (place,) = endpoints("127.0.0.1", 0, 1, "ports")
    lan = replace(BLUEPRINT.lan, suites=((2, 4), (3, 4), (4, 4), (17, 4)))
    running = server.add(replace(BLUEPRINT, lan=lan), lambda blueprint, clock: FakeBackend(), place)
    for service in services:
        running.controller.services.payloads.register(service)
    settings: dict[str, Any] = {"username": "admin", "password": "adminpw", "learn": False, "timeout": 0.2}
    try:
        async with connect("127.0.0.1", port=running.port, **(settings | login)) as bmc:
            if services:
                await bmc.payloads.set_access(2, 2, 0x21, enabled=True)
            yield bmc, running
    finally:
        await server.close()
