"""Run in the guest: software on the host that answers one request of a console, and says what it was."""

from __future__ import annotations

import asyncio
import json
import sys
import traceback

from baseboard.client.connect import connect

NETFN, CMD = 0x30, 0x01


async def answer() -> dict[str, object]:
    """Take a request and answer it with what it brought, backwards."""
    async with connect(interface="open") as bmc:
        requests = bmc.messaging.requests()
        await requests.register(NETFN, CMD)
        print("READY", flush=True)
        request = await anext(requests)
        await requests.answer(request, request.data[::-1])
        # The driver takes what is sent in its order: once this is answered the answer is on its way.
        await bmc.identity()
        await requests.close()
        return {
            "netfn": request.netfn,
            "cmd": request.cmd,
            "channel": request.channel,
            "data": list(request.data),
        }


try:
    print("ANSWERED " + json.dumps(asyncio.run(answer())), flush=True)
except Exception:  # noqa: BLE001 - whatever it is, the test outside shows it
    traceback.print_exc(file=sys.stdout)
    sys.exit(1)
