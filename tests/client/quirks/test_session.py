"""Departures in and around the session: what is borne unasked, and what only by consent."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from baseboard.bmc.blueprint import Identity
from baseboard.client.discover import discover
from baseboard.client.interface import Target
from baseboard.commands.app.device import GetDeviceId
from baseboard.errors import ConsentNeeded, LoginError, NoResponse
from baseboard.rmcp import lan_message, setup, v15
from baseboard.testing.scripted import Script
from tests.client.lan_bench import HOST, V15, Bench, bench, kind, on_virtual_time
from tests.client.quirks.oddities import CAPABILITIES

RAKP_2, RAKP_4 = 0x13, 0x15


def setup_longer(message: int, more: bytes) -> Callable[[bytes], bytes]:
    """Add bytes to a message of the handshake."""

    def back(data: bytes) -> bytes:
        if kind(data) != message:
            return data
        payload = data[16:] + more
        return data[:14] + len(payload).to_bytes(2, "little") + payload

    return back


async def works(at: Bench, **options: Any) -> frozenset[str]:
    """Log in, ask something, log out; the departures that were met."""
    async with at.connection(**({"timeout": 0.3, "retries": 1} | options)) as bmc:
        assert (await bmc.execute(GetDeviceId())).device_id
        return bmc.quirks_met


def test_a_key_exchange_code_that_is_longer_than_the_hash() -> None:
    """Q-RAKP2LEN."""

    async def main() -> None:
        async with bench() as at:
            at.relay.back = setup_longer(RAKP_2, b"\0")
            assert await works(at) == {"Q-RAKP2LEN"}

    on_virtual_time(main())


def test_a_check_value_in_suite_0() -> None:
    """Q-SUITE0-ICV."""

    async def main() -> None:
        async with bench(lan=replace(V15, suites=((0, 4), (17, 4)))) as at:
            at.relay.back = setup_longer(RAKP_4, bytes(12))
            assert await works(at, cipher_suite=0) == {"Q-SUITE0-ICV"}

    on_virtual_time(main())


def test_a_guid_of_zeros_is_hashed_as_it_is() -> None:
    """Q-RAKP2-GUID0."""

    async def main() -> None:
        async with bench(identity=Identity("bench", bytes(16))) as at:
            assert await works(at) == frozenset()
            (second,) = (setup.Rakp2.decode(one[16:]) for one in at.relay.answered if kind(one) == RAKP_2)
            assert second.guid == bytes(16)

    on_virtual_time(main())


def numbered(change: Callable[[int], int]) -> Callable[[bytes], bytes]:
    """Give packets of a v1.5 session other numbers, signed as they are to be."""

    def back(data: bytes) -> bytes:
        if kind(data) != -1 or not data[4]:
            return data
        packet = v15.unwrap(data)
        if lan_message.unwrap(packet.message).cmd == 0x3A:
            return data
        number = change(packet.sequence) & 0xFFFFFFFF
        return v15.wrap(packet.auth_type, number, packet.session_id, packet.message, b"adminpw")

    return back


def test_numbers_that_rise_by_two() -> None:
    """Q-SEQSKIP."""
    count = [0]

    def two(number: int) -> int:
        count[0] += 1
        return number + count[0]

    async def main() -> None:
        async with bench(lan=V15) as at:
            at.relay.back = numbered(two)
            assert await works(at, interface="lan") == frozenset()

    on_virtual_time(main())


def test_a_first_number_that_is_one_off() -> None:
    """Q-FIRSTSEQ."""

    async def main() -> None:
        async with bench(lan=V15) as at:
            for step in (-1, 1):
                at.relay.back = numbered(lambda number, step=step: number + step)  # type: ignore[misc]  # bound now
                assert await works(at, interface="lan") == frozenset()

    on_virtual_time(main())


def swapped(number: int) -> int:
    return int.from_bytes(number.to_bytes(4, "little"), "big")


def wrong_checksums(data: bytes) -> bytes:
    """Break the second checksum inside of a v1.5 packet, and sign it."""
    if kind(data) != -1:
        return data
    packet = v15.unwrap(data)
    message = packet.message[:-1] + bytes((packet.message[-1] ^ 1,))
    return v15.wrap(packet.auth_type, packet.sequence, packet.session_id, message, b"adminpw")


def of_no_session(data: bytes) -> bytes:
    if kind(data) != -1 or not data[4]:
        return data
    packet = v15.unwrap(data)
    return v15.wrap(packet.auth_type, packet.sequence, 0, packet.message, b"adminpw")


def unsigned(data: bytes) -> bytes:
    return data[:13] + bytes((data[13] ^ 1,)) + data[14:] if kind(data) == -1 and data[4] else data


@pytest.mark.parametrize(
    ("quirk", "back"),
    [
        ("Q-SEQENDIAN", numbered(swapped)),
        ("Q-CHKSUM", wrong_checksums),
        ("Q-IDZERO", of_no_session),
        ("Q-NOAUTHCODE", unsigned),
    ],
)
def test_what_costs_security_needs_consent(quirk: str, back: Callable[[bytes], bytes]) -> None:
    """Without it the error names id and option; with it everything works."""

    async def main() -> None:
        async with bench(lan=V15) as at:
            at.relay.back = back
            with pytest.raises(LoginError) as caught:
                await works(at, interface="lan")
            assert isinstance(caught.value, ConsentNeeded)
            assert caught.value.quirk == quirk
            assert f"quirks={{{quirk!r}}}" in caught.value.hint
            met = await works(at, interface="lan", quirks={quirk})
            assert met <= {quirk}

    on_virtual_time(main())


def test_bridged_answers_with_wrong_authcodes() -> None:
    """Q-BRIDGE-AUTH: named, and by consent borne for bridged answers alone."""
    device_id = bytes.fromhex("24 01 01 00 02 00 00 00 00 00 00")

    async def main() -> None:
        async with bench(Script({(6, 0x34): b"\0"}), lan=V15) as at:

            def back(data: bytes) -> bytes:
                if kind(data) != -1 or not data[4]:
                    return data
                packet = v15.unwrap(data)
                message = lan_message.unwrap(packet.message)
                if (message.netfn, message.cmd) != (7, 0x34):
                    return data
                # The BMC's own word is replaced by the controller's.
                message.netfn, message.cmd = 6, 1
                inner = lan_message.wrap_response(message, b"\0" + device_id)
                return unsigned(
                    v15.wrap(packet.auth_type, packet.sequence, packet.session_id, inner, b"adminpw")
                )

            at.relay.back = back
            behind = Target(address=0x24)
            for quirks in (frozenset[str](), frozenset({"Q-BRIDGE-AUTH"})):
                async with at.connection(interface="lan", timeout=0.3, retries=1, quirks=quirks) as bmc:
                    if quirks:
                        assert (await bmc.execute(GetDeviceId(), target=behind)).device_id == 0x24
                        continue
                    with pytest.raises(NoResponse) as caught:
                        await bmc.execute(GetDeviceId(), target=behind)
                    assert "Q-BRIDGE-AUTH" in caught.value.hint

    on_virtual_time(main())


def test_a_type_of_the_makers_is_named() -> None:
    """Q-SUPERMICRO-OEM15 is not built, and the error says so."""

    async def main() -> None:
        async with bench(Script({CAPABILITIES: b"\0\x01\x20\x04\0\0\0\0\0"})) as at:
            with pytest.raises(LoginError) as caught:
                await works(at, interface="lan")
            assert "Q-SUPERMICRO-OEM15" in caught.value.hint
            with pytest.raises(LoginError) as caught:
                await works(at, interface="lan", quirks={"Q-SUPERMICRO-OEM15"})
            assert caught.value.hint.startswith("Q-SUPERMICRO-OEM15")

    on_virtual_time(main())


def test_a_bmc_that_answers_no_ping_is_found_and_reached() -> None:
    """Q-NOPING."""

    async def main() -> None:
        async with bench() as at:
            at.relay.there = lambda data: None if kind(data) == -2 else data
            found = [one async for one in discover([HOST], port=at.port, timeout=0.3)]
            assert [one.address for one in found] == [HOST]
            assert await works(at) == frozenset()

    on_virtual_time(main())


def test_requests_keep_a_distance_from_a_bmc_that_freezes() -> None:
    """Q-BUSYFLOOD: all that is asked is answered, though it is deaf for seconds after a flood."""
    times: list[float] = []
    deaf = [0.0]

    async def main() -> None:
        async with bench() as at:

            def there(data: bytes) -> bytes | None:
                now = asyncio.get_running_loop().time()
                times.append(now)
                if len(times) >= 20 and now - times[-20] < 0.5 and now >= deaf[0]:
                    deaf[0] = now + 4
                return None if now < deaf[0] else data

            at.relay.there = there
            bmc = await at.login()
            bmc.interface.depth = 4
            answers = await bmc.many([GetDeviceId()] * 200)
            assert not [one for one in answers if isinstance(one, Exception)]
            assert "Q-BUSYFLOOD" in bmc.quirks_met
            # Half of them come through without another freeze.
            assert asyncio.get_running_loop().time() < 120
            await bmc.close()

    on_virtual_time(main())
