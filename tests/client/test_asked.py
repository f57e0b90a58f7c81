"""A request as its task waits for it."""

from __future__ import annotations

import asyncio

from baseboard.client.asked import Asked
from baseboard.transports.arrival import Arrivals


def test_what_was_not_sent_has_no_token_and_maybe_its_words() -> None:
    async def main() -> None:
        among = Arrivals()
        alone: Asked[bytes] = Asked(among)
        assert (alone.words, alone.token, alone.started) == (None, 0, 0.0)
        told: Asked[bytes | None] = Asked(among, (6, 1, b"", 0))
        assert told.words == (6, 1, b"", 0)
        asyncio.get_running_loop().call_soon(told.set_result, b"\0")
        assert await told == b"\0"

    asyncio.run(main())
