"""Both serial interfaces, over a pseudo-terminal to a simulated BMC."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from baseboard.client.bmc import Bmc
from baseboard.client.interface import Target
from baseboard.client.serial import Basic, SerialInterface, Terminal, open_serial
from baseboard.client.settings import Settings
from baseboard.codes import ChassisControl as Control
from baseboard.commands.app.device import GetDeviceId
from baseboard.commands.chassis.control import ChassisControl, GetChassisStatus
from baseboard.errors import (
    CompletionError,
    EncodeError,
    LoginRefused,
    NoResponse,
    RoleRefused,
    SessionClosed,
    TransportError,
    Unreachable,
)
from baseboard.links.serial_basic import frame
from baseboard.rmcp.lan_message import unwrap, wrap_response
from baseboard.testing.scripted import Script
from tests.serial_line import Line, bench

MODES = ["serial-basic", "serial-terminal"]
LOGIN = {"username": b"admin", "password": b"adminpw"}


def settings(line: Line, mode: str, **more: Any) -> Settings:
    """Patient where an answer comes, quick where a test wants silence."""
    return Settings(**{"interface": mode, "device": line.path, "timeout": 5.0, "retries": 1, **more})


@pytest.fixture(params=MODES)
def mode(request: pytest.FixtureRequest) -> Iterator[str]:
    return request.param  # type: ignore[no-any-return]  # pytest gives what params has


async def test_without_name_and_password_nobody_logs_in(mode: str) -> None:
    with Line(mode, login=False) as line:
        wanted = settings(line, mode)
        async with Bmc(await open_serial(wanted), wanted) as bmc:
            assert (bmc.interface.name, bmc.interface.depth) == (mode, 1)
            assert (await bmc.execute(GetDeviceId())).manufacturer_id == 0
            with pytest.raises(CompletionError, match="C1h"):
                await bmc.raw(0x3E, 0x77)
        assert bytes(line.written).count(b"\x18\xc8" if mode == "serial-basic" else b"[18") == 1


async def test_a_session_from_login_to_its_end(mode: str) -> None:
    with Line(mode) as line:
        wanted = settings(line, mode, **LOGIN)
        async with Bmc(await open_serial(wanted), wanted) as bmc:
            assert bmc.interface.privilege == 4
            assert line.channel.session is not None
            await bmc.execute(ChassisControl(control=Control.POWER_UP))
            assert (await bmc.execute(GetChassisStatus())).power_on
        assert line.channel.session is None


async def test_who_may_not_come_in_is_told_and_the_line_is_free_again(mode: str) -> None:
    with Line(mode) as line:
        with pytest.raises(LoginRefused):
            await open_serial(settings(line, mode, username=b"admin", password=b"guess"))
        interface = await open_serial(settings(line, mode, **LOGIN))
        await interface.close()


async def test_a_level_that_the_user_may_not_have() -> None:
    """Basic Mode asks for a level at the login; Terminal Mode has no word for it: one has what one has."""
    operator = {"username": b"oper", "password": b"operpw"}
    with Line("serial-basic") as line, pytest.raises(RoleRefused):
        await open_serial(settings(line, "serial-basic", **operator))
    with Line("serial-terminal") as line:
        interface = await open_serial(settings(line, "serial-terminal", **operator))
        assert await interface.exchange(0, 2, b"\x01", timeout=5) == b"\0"
        await interface.close()


async def test_long_answers_and_special_characters_come_whole(mode: str) -> None:
    image = bytes(range(256))
    script = Script({(0x0A, 0x11): lambda data: b"\0\x20" + image[data[1] : data[1] + 32]})
    made = bench()
    script.attach(made.controller)
    with Line(mode, made, login=False) as line:
        interface = await open_serial(settings(line, mode))
        got = b""
        while len(got) < 256:
            answer = await interface.exchange(0x0A, 0x11, bytes((0, len(got), 0, 32)), timeout=5)
            got += answer[2:]
        assert got == image
        await interface.exchange(0x0A, 0x11, bytes((0, 0x1B, 0xA0, 0xAA)), timeout=5)
        assert script.asked[-1][2] == bytes((0, 0x1B, 0xA0, 0xAA))
        await interface.close()


async def test_requests_take_turns(mode: str) -> None:
    with Line(mode, login=False) as line:
        interface = await open_serial(settings(line, mode))
        answers = await asyncio.gather(*(interface.exchange(6, 1, b"", timeout=5) for _ in range(70)))
        assert {answer[0] for answer in answers} == {0}
        await interface.close()


async def test_an_answer_that_is_lost_is_asked_for_again(mode: str) -> None:
    with Line(mode, login=False) as line:
        lost: list[bytes] = []

        def lose(data: bytes) -> bytes:
            if len(lost) < 2 and len(data) > 1:
                lost.append(data)
                return data[:-3]  # the end of it is missing, and the next one begins within it
            return data

        line.spoil = lose
        interface = await open_serial(settings(line, mode, timeout=0.05, retries=9))
        assert (await interface.exchange(6, 1, b"", timeout=30))[0] == 0
        assert lost
        await interface.close()


async def test_what_may_not_be_repeated_is_sent_once(mode: str) -> None:
    script = Script({(6, 1): None})
    made = bench()
    script.attach(made.controller)
    with Line(mode, made, login=False) as line:
        interface = await open_serial(settings(line, mode, timeout=0.01, retries=3))
        with pytest.raises(NoResponse, match=f"06h/01h over {line.path}"):
            await interface.exchange(6, 1, b"", timeout=0.1, retry=False)
        assert len(script.asked) == 1
        await interface.close()


async def test_a_line_where_nobody_is_is_told(mode: str) -> None:
    with Line(mode) as line:
        line.spoil = lambda data: b""
        with pytest.raises(Unreachable):
            await open_serial(settings(line, mode, timeout=0.01, retries=0, **LOGIN))


async def test_noise_and_answers_to_others_are_passed_over(mode: str) -> None:
    def noisy(data: bytes) -> bytes:
        if mode == "serial-terminal":
            return b"console: hi [ERR zz] [1C FC 01 00] [1C 04 02 00] [18 04 01] [zz] [OK]" + data
        if len(data) == 1:
            return data
        stranger = unwrap(bytes.fromhex("2018c8 8104 01 7a".replace(" ", "")))
        stranger.rq_seq, stranger.cmd = 1, 2
        other = wrap_response(stranger, b"\0")
        return b"\x01\x02" + frame(b"\x20\x1c") + frame(other) + frame(other[:-1] + b"\0") + data

    with Line(mode, login=False) as line:
        line.spoil = noisy
        interface = await open_serial(settings(line, mode))
        answer = await interface.exchange(6, 1, b"", timeout=5)
        assert (answer[0], len(answer)) == (0, 12)
        await interface.close()


@pytest.mark.parametrize("separately", [True, False])
async def test_a_controller_behind_the_bmc_answers_inside_or_after_send_message(
    mode: str, separately: bool
) -> None:
    inside: list[Any] = []

    def carry(data: bytes) -> bytes:
        request = unwrap(data[1:])
        inside.append((data[0], request.rs_addr, request.rs_lun, request.netfn, request.cmd, request.data))
        if separately:
            later(request.rq_seq)
            return b"\0"
        return b"\0" + wrap_response(request, b"\0\x55")

    def later(rq_seq: int) -> None:
        request = unwrap(bytes.fromhex("2018c881040 17a".replace(" ", "")))
        request.rq_seq = rq_seq
        late = frame(wrap_response(request, b"\0\x55"))
        if mode == "serial-terminal":
            late = b"[1C %02X 01 00 55]" % (rq_seq << 2 | 1)
        asyncio.get_running_loop().call_soon(line.write, late)

    made = bench()
    Script({(6, 0x34): carry}).attach(made.controller)
    with Line(mode, made, login=False) as line:
        interface = await open_serial(settings(line, mode))
        target = Target(address=0x82, channel=7, lun=1)
        assert await interface.exchange(6, 1, b"\x07", target=target, timeout=5) == b"\0\x55"
        assert inside == [(0x47, 0x82, 1, 6, 1, b"\x07")]
        await interface.close()


async def test_beyond_another_controller_two_send_messages_are_nested(mode: str) -> None:
    def carry(data: bytes) -> bytes:
        outer = unwrap(data[1:])
        assert (data[0], outer.rs_addr, outer.cmd, outer.data[0]) == (0x40, 0x82, 0x34, 0x47)
        inner = unwrap(outer.data[1:])
        assert (inner.rs_addr, inner.cmd) == (0x72, 1)
        return b"\0" + wrap_response(outer, b"\0" + wrap_response(inner, b"\0\x66"))

    made = bench()
    Script({(6, 0x34): carry}).attach(made.controller)
    with Line(mode, made, login=False) as line:
        interface = await open_serial(settings(line, mode))
        target = Target(address=0x72, channel=7, transit_address=0x82)
        assert await interface.exchange(6, 1, b"", target=target, timeout=5) == b"\0\x66"
        await interface.close()


async def test_too_long_a_request_is_not_sent(mode: str) -> None:
    with Line(mode, login=False) as line:
        interface = await open_serial(settings(line, mode))
        with pytest.raises(EncodeError, match="249 bytes"):
            await interface.exchange(6, 1, bytes(249), timeout=5)
        assert not line.written
        await interface.close()


async def test_a_line_that_goes_tells_who_waits(mode: str) -> None:
    with Line(mode, login=False) as line:
        line.spoil = lambda data: b""
        interface = await open_serial(settings(line, mode))
        waiting = asyncio.ensure_future(interface.exchange(6, 1, b"", timeout=30))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        line.hang_up()
        with pytest.raises(TransportError):
            await waiting
        with pytest.raises(TransportError):
            await interface.exchange(6, 1, b"", timeout=30)
        await interface.close()


async def test_closing_tells_who_waits(mode: str) -> None:
    with Line(mode, login=False) as line:
        line.spoil = lambda data: b""
        interface = await open_serial(settings(line, mode))
        waiting = asyncio.ensure_future(interface.exchange(6, 1, b"", timeout=30))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        await interface.close()
        with pytest.raises(SessionClosed):
            await waiting
        with pytest.raises(SessionClosed):
            await interface.exchange(6, 1, b"", timeout=30)


async def test_a_controller_that_is_deaf_at_the_end_holds_nobody_up(mode: str) -> None:
    with Line(mode) as line:
        interface = await open_serial(settings(line, mode, timeout=0.05, retries=9, **LOGIN))
        line.spoil = lambda data: b""
        await interface.close()
        await interface.close()


async def test_a_line_that_goes_during_the_login_is_told() -> None:
    with Line("serial-terminal") as line:
        line.spoil = lambda data: b""
        wanted = settings(line, "serial-terminal", **LOGIN)
        opening = asyncio.ensure_future(open_serial(wanted))
        await asyncio.sleep(0)
        line.hang_up()
        with pytest.raises(TransportError):
            await opening


async def test_a_handshake_that_does_not_come_is_not_waited_for_long() -> None:
    with Line("serial-basic", login=False) as line:
        line.spoil = lambda data: data if len(data) > 1 else b""
        interface = SerialInterface(settings(line, "serial-basic"), Basic())
        script = Script({(6, 1): None})
        script.attach(line.bench.controller)
        with pytest.raises(NoResponse):
            await interface.exchange(6, 1, b"", timeout=0.01)
        # The machine's own patience ends, and the request goes out.
        assert (await interface.exchange(6, 2 + 0x35, b"", timeout=30))[0] == 0
        await interface.close()


def test_the_modes_carry_what_every_line_must() -> None:
    assert (Basic.largest_request, Basic.largest_response) == (33, 32)
    assert (Terminal.largest_request, Terminal.largest_response) == (36, 36)
