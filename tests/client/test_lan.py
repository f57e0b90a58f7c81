"""The session driver: requests in flight, the line in front of them, the end of a session."""

from __future__ import annotations

import asyncio
import socket

import pytest

from baseboard.client.deadline import deadline
from baseboard.client.interface import Target
from baseboard.client.lan import LanInterface
from baseboard.codes import PayloadType
from baseboard.commands.app.device import GetDeviceId
from baseboard.errors import DeadlinePassed, LocalProtocolError, NoResponse, SessionClosed
from baseboard.rmcp.console_events import Reason
from baseboard.testing.scripted import Script
from baseboard.transports.udp import DRAIN
from tests.client.lan_bench import V15, Bench, bench, on_virtual_time, passes

DEVICE_ID = (0x06, 0x01)
GUID = (0x06, 0x37)
RESERVE = (0x0A, 0x42)
CLOSE = (0x06, 0x3C)


async def interface_of(at: Bench, **options: object) -> LanInterface:
    bmc = await at.login(**options)
    assert isinstance(bmc.interface, LanInterface)
    return bmc.interface


@pytest.mark.parametrize("version", ["lanplus", "lan"])
def test_a_session_from_login_to_close(version: str) -> None:
    async def main() -> None:
        async with bench(lan=V15) as at:
            interface = await interface_of(at, interface=version)
            assert (interface.name, interface.privilege, interface.closed) == (version, 4, False)
            assert interface.bmc_session_id in at.table.sessions
            answer = await interface.exchange(*DEVICE_ID, b"", timeout=5)
            assert answer[:2] == b"\x00\x20"
            await interface.close()
            await interface.close()
            assert interface.closed
            assert await interface.ended() is Reason.CLOSED
            assert at.table.sessions == {}
            assert "closed" in repr(interface)
            with pytest.raises(SessionClosed):
                await interface.exchange(*DEVICE_ID, b"", timeout=5)

    on_virtual_time(main())


def test_an_unanswered_request_is_repeated_and_given_up() -> None:
    async def main() -> None:
        async with bench(Script({RESERVE: None})) as at:
            interface = await interface_of(at, timeout=1.0, retries=2)
            start = asyncio.get_running_loop().time()
            with pytest.raises(NoResponse, match="after 3 attempts"):
                await interface.exchange(*RESERVE, b"", timeout=100)
            assert asyncio.get_running_loop().time() - start == pytest.approx(1 + 2 + 3, abs=0.1)
            assert at.asked().count(RESERVE) == 3
            with pytest.raises(NoResponse, match=r"0Ah/42h in 0.5 s"):
                await interface.exchange(*RESERVE, b"", timeout=0.5)
            await interface.close()

    on_virtual_time(main())


def test_what_only_reads_is_repeated_soon_and_given_up_as_late() -> None:
    async def main() -> None:
        async with bench(Script({DEVICE_ID: None})) as at:
            interface = await interface_of(at, timeout=1.0, retries=2)
            loop = asyncio.get_running_loop()
            start = loop.time()
            asked = asyncio.create_task(interface.exchange(*DEVICE_ID, b"", timeout=100))
            await passes(0.75)
            # After 0.1, 0.3 and 0.7 s: this BMC answers at once.
            assert at.asked().count(DEVICE_ID) == 4
            with pytest.raises(NoResponse):
                await asked
            assert loop.time() - start == pytest.approx(1 + 2 + 3, abs=0.1)
            assert at.asked().count(DEVICE_ID) == 7
            await interface.close()

    on_virtual_time(main())


def test_an_answer_that_was_not_read_yet_is_not_taken_for_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that was kept from running meets its timers before the last of what came meanwhile."""

    async def main() -> None:
        async with bench() as at:
            interface = await interface_of(at, timeout=1.0, retries=2)
            loop = asyncio.get_running_loop()
            before, lost_time = loop.time, [0.0]
            monkeypatch.setattr(loop, "time", lambda: before() + sum(lost_time))
            (console,) = at.relay.senders

            def late(answer: bytes) -> bytes:
                with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
                    for _ in range(2 * DRAIN):
                        stranger.sendto(b"noise", ("127.0.0.1", console[1]))
                lost_time.append(0.5)
                return answer

            at.relay.back = late
            assert (await interface.exchange(*DEVICE_ID, b"", timeout=100))[:2] == b"\x00\x20"
            at.relay.back = bytes
            assert at.asked().count(DEVICE_ID) == 1
            assert not interface.repeats
            await interface.close()

    on_virtual_time(main())


def test_6_12_9_a_long_silence_does_not_take_the_session_along() -> None:
    """The BMC misses more packets than its window is wide; the last ones go out again with their numbers."""

    async def main() -> None:
        for options in ({}, {"interface": "lan"}):
            async with bench(lan=V15) as at:
                bmc = await at.login(**options)
                bmc.interface.depth = 4
                at.relay.there = lambda data: None
                asked = [asyncio.create_task(bmc.execute(GetDeviceId())) for _ in range(4)]
                before = len(at.relay.sent)
                await passes(8)
                assert len(at.relay.sent) - before > 16
                at.relay.there = bytes
                assert len(await asyncio.gather(*asked)) == 4
                await bmc.close()

    on_virtual_time(main())


def test_what_does_harm_twice_is_sent_once() -> None:
    async def main() -> None:
        async with bench(Script({DEVICE_ID: None})) as at:
            interface = await interface_of(at)
            with pytest.raises(NoResponse):
                await interface.exchange(*DEVICE_ID, b"", timeout=30, retry=False)
            assert at.asked().count(DEVICE_ID) == 1
            await interface.close()

    on_virtual_time(main())


@pytest.mark.parametrize("depth", [1, 3])
def test_as_many_requests_at_a_time_as_the_depth(depth: int) -> None:
    """The BMC answers none of them: what is under way is what was sent once."""

    async def main() -> None:
        async with bench(Script({RESERVE: None})) as at:
            interface = await interface_of(at, timeout=5.0)
            interface.depth = depth
            assert interface.depth == depth
            asked = [
                asyncio.create_task(interface.exchange(*RESERVE, bytes((n,)), timeout=50)) for n in range(6)
            ]
            await passes(1)
            assert at.asked().count(RESERVE) == depth
            at.script.lines[RESERVE] = lambda data: b"\0" + data
            answers = await asyncio.gather(*asked)
            assert answers == [bytes((0, n)) for n in range(6)]
            await interface.close()

    on_virtual_time(main())


def test_waiting_in_line_counts_against_the_deadline_of_the_whole_alone() -> None:
    async def main() -> None:
        async with bench(Script({GUID: None})) as at:
            interface = await interface_of(at, timeout=3.0, retries=0)
            first = asyncio.create_task(interface.exchange(*GUID, b"", timeout=3))
            await asyncio.sleep(0)
            second = asyncio.create_task(interface.exchange(*DEVICE_ID, b"", timeout=1))
            with pytest.raises(DeadlinePassed), deadline(2):
                await interface.exchange(*DEVICE_ID, b"", timeout=30)
            with pytest.raises(NoResponse):
                await first
            assert (await second)[0] == 0
            await interface.close()

    on_virtual_time(main())


def test_a_cancelled_request_gives_its_turn_away() -> None:
    async def main() -> None:
        async with bench(Script({GUID: None})) as at:
            interface = await interface_of(at)
            asked = [asyncio.create_task(interface.exchange(*GUID, b"", timeout=50)) for _ in range(3)]
            after = asyncio.create_task(interface.exchange(*DEVICE_ID, b"", timeout=50))
            await passes(0.1)
            asked[0].cancel()
            await asyncio.sleep(0)
            asked[1].cancel()
            asked[2].cancel()
            assert (await after)[0] == 0
            assert all(task.cancelled() for task in asked)
            await interface.close()

    on_virtual_time(main())


def test_the_end_of_the_session_ends_what_is_under_way() -> None:
    async def main() -> None:
        async with bench(Script({GUID: None})) as at:
            interface = await interface_of(at)
            asked = [asyncio.create_task(interface.exchange(*GUID, b"", timeout=50)) for _ in range(2)]
            await passes(0.1)
            await interface.close()
            for task in asked:
                with pytest.raises(SessionClosed, match="closed"):
                    await task

    on_virtual_time(main())


def test_close_waits_one_short_time_out_at_most() -> None:
    """Q-CLOSE-SILENT."""

    async def main() -> None:
        async with bench(Script({CLOSE: None})) as at:
            interface = await interface_of(at, timeout=10.0)
            start = asyncio.get_running_loop().time()
            await interface.close()
            assert asyncio.get_running_loop().time() - start <= 1.01
            assert CLOSE in at.asked()

    on_virtual_time(main())


def test_a_lost_session_is_noticed_by_the_keep_alive() -> None:
    async def main() -> None:
        async with bench() as at:
            interface = await interface_of(at, keep_alive=20.0, timeout=0.5, retries=1)
            await passes(30)
            assert DEVICE_ID in at.asked(), "an idle session is kept"
            at.relay.back = lambda _: None
            assert await interface.ended() is Reason.LOST
            with pytest.raises(SessionClosed, match="does not answer"):
                await interface.exchange(*DEVICE_ID, b"", timeout=5)

    on_virtual_time(main())


def test_an_unanswered_request_has_the_session_checked_at_once() -> None:
    async def main() -> None:
        async with bench() as at:
            interface = await interface_of(at, keep_alive=1000.0, timeout=0.5, retries=1)
            at.relay.back = lambda _: None
            with pytest.raises(NoResponse):
                await interface.exchange(*GUID, b"", timeout=60)
            start = asyncio.get_running_loop().time()
            assert await interface.ended() is Reason.LOST
            assert asyncio.get_running_loop().time() - start < 10

    on_virtual_time(main())


def test_departures_that_need_consent_are_named_in_a_session_too() -> None:
    async def main() -> None:
        async with bench(lan=V15) as at:
            interface = await interface_of(at, interface="lan", timeout=0.5, retries=1)
            at.relay.back = lambda data: data[:13] + bytes((data[13] ^ 1,)) + data[14:]
            with pytest.raises(NoResponse) as caught:
                await interface.exchange(*DEVICE_ID, b"", timeout=60)
            assert "Q-NOAUTHCODE" in caught.value.hint
            assert interface.symptoms == {"Q-NOAUTHCODE"}
            at.relay.back = bytes
            await interface.close()

    on_virtual_time(main())


def test_payloads_go_to_who_opened_them() -> None:
    async def main() -> None:
        async with bench() as at:
            interface = await interface_of(at)
            heard: list[bytes] = []
            interface.open_payload(PayloadType.SOL, heard.append)
            await interface.exchange(0x06, 0x48, b"\x01\x01\xc0\x00\x00\x00", timeout=5)
            interface.send_payload(PayloadType.SOL, b"\x01\x00\x00\x00x")
            await passes(0.1)
            assert any(packet[1] == 1 for packet in heard), "it acknowledges the first packet"
            interface.close_payload(PayloadType.SOL)
            count = len(heard)
            interface.send_payload(PayloadType.SOL, b"\x02\x00\x00\x00y")
            await passes(0.1)
            assert len(heard) == count
            await interface.close()

    on_virtual_time(main())


def test_v15_has_no_payloads() -> None:
    async def main() -> None:
        async with bench(lan=V15) as at:
            interface = await interface_of(at, interface="lan")
            with pytest.raises(LocalProtocolError, match="lanplus"):
                interface.send_payload(PayloadType.SOL, b"")
            await interface.close()

    on_virtual_time(main())


def test_a_controller_behind_the_bmc_is_asked_through_it() -> None:
    """The BMC of this test has no bus, so it refuses; that is the answer."""

    async def main() -> None:
        refusals = Script({(0x06, 0x34): lambda data: b"\x83" if data[0] == 0x40 else b"\xcc"})
        async with bench(refusals) as at:
            interface = await interface_of(at)
            target = Target(address=0x24, channel=0)
            assert await interface.exchange(*DEVICE_ID, b"", target=target, timeout=5) == b"\x83"
            assert at.script.asked[-1][2][1:3] == b"\x24\x18"
            await interface.close()

    on_virtual_time(main())
