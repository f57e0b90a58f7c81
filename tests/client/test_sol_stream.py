"""`SolStream`: losses, gaps, take-over, resets, and what it does about them."""

from __future__ import annotations

import asyncio

import pytest

from baseboard.client import reconnect
from baseboard.client.sol import Ending, GapReason, SolGap, SolStream
from baseboard.client.sol_stream import CAPACITY
from baseboard.commands.app.payload import GetPayloadInstanceInfo
from baseboard.errors import LocalProtocolError
from baseboard.rmcp.lan_message import LanMessage
from baseboard.rmcp.sol_console import ConsoleNotice
from baseboard.rmcp.sol_packet import SolPacket, Status
from baseboard.testing import virtual_loop
from tests.client.sol_bench import sol_bench, until
from tests.client.test_sol import said, typed

INSTANCE = (0x06, GetPayloadInstanceInfo.command.cmd)


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Logging in again need not wait here."""
    monkeypatch.setattr(reconnect, "_PAUSES", (0.1,))


async def all_of(stream: SolStream) -> tuple[bytes, list[GapReason]]:
    """Read to the end."""
    text, gaps = b"", []
    async for item in stream:
        if isinstance(item, SolGap):
            assert item.seconds >= 0
            gaps.append(item.reason)
        else:
            text += item
    return text, gaps


async def gap(stream: SolStream) -> tuple[bytes, SolGap]:
    """Read up to the next gap."""
    text = b""
    while True:
        item = await stream.read()
        if isinstance(item, SolGap):
            return text, item
        assert item, stream.ending
        text += item


def test_nothing_is_lost_or_doubled_on_a_bad_network() -> None:
    async def main() -> None:
        async with sol_bench() as bench, bench.bmc.sol.open() as console:
            bench.relay.loss = 0.2
            wanted = bytes(range(32, 127)) * 20
            for start in range(0, len(wanted), 100):
                await console.write(wanted[start : start + 100])
            await console.drain()
            bench.serial.say(wanted)
            text = b""
            while len(text) < len(wanted):
                item = await console.read()
                assert isinstance(item, bytes)
                text += item
            assert text == wanted
            await typed(bench, wanted)
            assert bytes(bench.serial.typed) == wanted

    virtual_loop.run(main())


async def test_break_lines_ring_and_flush() -> None:
    async with sol_bench() as bench, bench.bmc.sol.open() as console:
        await console.write(b"before")
        console.send_break()
        console.ring()
        await console.write(b"after")
        await typed(bench, b"beforeafter")
        assert bench.serial.breaks == 1
        console.set_lines(cts=False)
        await console.write(b"held")
        await typed(bench, b"held")
        bench.serial.say(b"later")
        console.set_lines(cts=True)
        assert await said(console, b"later") == b"later"
        console.flush(inbound=True, outbound=True)
        await console.write(b"flushed")
        await typed(bench, b"flushed")


async def test_a_host_that_is_off_is_told() -> None:
    async with sol_bench() as bench, bench.bmc.sol.open() as console:
        await console.write(b"x")
        await typed(bench, b"x")
        bench.services.sol.power_changed(False)
        bench.services.sol.power_changed(True)
        bench.serial.say(b"up")
        await said(console, b"up")
        assert console.available
        assert list(console.notices) == [ConsoleNotice.UNAVAILABLE, ConsoleNotice.AVAILABLE]


async def test_a_slow_reader_holds_the_bmc_and_what_it_drops_is_marked() -> None:
    async with sol_bench() as bench, bench.bmc.sol.open() as console:
        for _ in range(80):
            bench.serial.say(b"y" * 1000)
            await asyncio.sleep(0.002)  # polls: the host prints as a host does
        await until(lambda: sum(map(len, _kept(console))) >= CAPACITY - 300)
        assert sum(map(len, _kept(console))) <= CAPACITY
        text, found = await gap(console)
        assert set(text) == {ord("y")}
        assert found.reason is GapReason.OVERRUN


def _kept(console: SolStream) -> list[bytes]:
    return [item for item in console._items if isinstance(item, bytes)]


async def test_deactivated_by_somebody() -> None:
    async with sol_bench() as bench:
        console = await bench.bmc.sol.open()
        bench.serial.say(b"last words")
        await said(console, b"words")
        bench.services.sol.deactivate()
        assert await all_of(console) == (b"", [])
        assert console.ending is Ending.DEACTIVATED
        with pytest.raises(LocalProtocolError, match="over"):
            await console.write(b"x")
        await console.close()


async def test_deactivated_by_somebody_and_wanted_back() -> None:
    """Q-SOLCROSS."""
    async with sol_bench() as bench, bench.bmc.sol.open(reconnect=True) as console:
        await console.write(b"x")
        await typed(bench, b"x")
        bench.services.sol.deactivate()
        _, found = await gap(console)
        assert found.reason is GapReason.DEACTIVATED
        bench.serial.say(b"again")
        assert await said(console, b"again") == b"again"


def test_stolen_without_a_word() -> None:
    """Q-SOLSTEAL: the console that lost it is not told, and hears nothing any more."""

    async def main() -> None:
        async with sol_bench() as bench, bench.another() as second:
            console = await bench.bmc.sol.open(keep_alive=0.2)
            await console.write(b"x")
            await typed(bench, b"x")
            bench.services.sol.deactivate(told=False)
            async with second.sol.open():
                assert (await all_of(console))[0] == b""
            assert console.ending is Ending.TAKEN

    virtual_loop.run(main())


def test_dead_after_a_reset_of_the_system() -> None:
    """Q-SOLREBOOT: session and payload live, but nothing is acknowledged until it is activated anew."""

    async def main() -> None:
        async with sol_bench() as bench:
            console = await bench.bmc.sol.open(keep_alive=0.2)
            await console.write(b"x")
            await typed(bench, b"x")
            own = getattr(bench.bmc.interface, "bmc_session_id", 0)
            bench.services.sol.deactivate(told=False)
            bench.script.lines[INSTANCE] = b"\0" + own.to_bytes(4, "little") + bytes(8)
            _, found = await gap(console)
            assert found.reason is GapReason.SILENCE
            assert found.seconds > 0
            del bench.script.lines[INSTANCE]
            bench.serial.say(b"login: ")
            assert await said(console, b"login: ") == b"login: "
            assert ConsoleNotice.UNACKNOWLEDGED in console.notices
            await console.close()

    virtual_loop.run(main())


def test_the_bmc_is_gone() -> None:
    async def main() -> None:
        async with sol_bench(keep_alive=0.3, retries=1) as bench:
            console = await bench.bmc.sol.open(keep_alive=0.2)
            bench.relay.cut = True
            assert await all_of(console) == (b"", [])
            assert console.ending is Ending.LOST

    virtual_loop.run(main())


def test_the_bmc_comes_back_and_the_gap_is_marked() -> None:
    async def main() -> None:
        async with sol_bench(keep_alive=0.3, retries=1) as bench:
            console = await bench.bmc.sol.open(keep_alive=0.2, reconnect=True)
            await console.write(b"x")
            await typed(bench, b"x")
            before = bench.bmc.interface
            bench.relay.cut = True
            await until(lambda: getattr(before, "closed", False))
            bench.relay.cut = False
            _, found = await gap(console)
            assert found.reason is GapReason.SESSION
            assert bench.bmc.interface is not before
            bench.serial.say(b"hello again")
            assert await said(console, b"again") == b"hello again"
            await console.close()

    virtual_loop.run(main())


async def test_sequence_numbers_that_leap_mark_a_gap() -> None:
    """Q-SOLSEQJUMP."""
    async with sol_bench() as bench:
        console = await bench.bmc.sol.open(keep_alive=None)
        for sequence, text in ((1, b"one"), (2, b"two"), (2, b"two"), (6, b"six")):
            console._received(SolPacket(sequence=sequence, data=text).encode())
        text, leap = await gap(console)
        assert (text, leap.reason) == (b"onetwo", GapReason.SEQUENCE)
        assert await console.read() == b"six"
        console._received(SolPacket(sequence=7, flags=Status.OVERRUN, data=b"seven").encode())
        assert await console.read() == SolGap(0.0, GapReason.OVERRUN)
        assert await console.read() == b"seven"
        console._received(b"\x01")
        await console.close()


async def test_writing_waits_while_very_much_is_on_its_way() -> None:
    async with sol_bench() as bench:
        console = await bench.bmc.sol.open()
        bench.relay.cut = True
        writing = asyncio.ensure_future(console.write(b"z" * 9000))
        await asyncio.wait([writing], timeout=0.1)
        assert not writing.done()
        bench.relay.cut = False
        await writing
        await console.drain()
        await typed(bench, b"z" * 9000)
        await console.close()


async def test_packets_that_overtake_the_activation_are_kept() -> None:
    """Q-SOLMIX."""
    async with sol_bench() as bench:
        console = await bench.bmc.sol.open(keep_alive=None)
        machine, console._machine = console._machine, None
        for _ in range(100):
            console._received(SolPacket(sequence=3, data=b"early").encode())
        assert len(console._early) == 64
        with pytest.raises(LocalProtocolError, match="being activated"):
            console.send_break()
        console._machine = machine
        await console.close()


async def test_sol_activating_makes_it_look_after_the_console() -> None:
    """Some BMCs tell the session that loses SOL by this request."""
    async with sol_bench() as bench, bench.another() as second:
        console = await bench.bmc.sol.open(keep_alive=None)
        bench.services.sol.deactivate(told=False)
        async with second.sol.open():
            console._asked(asked(0x06, 0x01))
            console._asked(asked(0x0C, 0x20))
            assert await all_of(console) == (b"", [])
        assert console.ending is Ending.TAKEN


def asked(netfn: int, cmd: int) -> LanMessage:
    """A request of the BMC."""
    return LanMessage(
        rs_addr=0x81, netfn=netfn, rs_lun=0, rq_addr=0x20, rq_seq=1, rq_lun=0, cmd=cmd, data=b""
    )
