"""`Bmc`: patience with busy controllers, many requests, sessions that are lost."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from baseboard.client.bmc import Bmc
from baseboard.client.deadline import deadline
from baseboard.client.interface import Target
from baseboard.codes import Cc
from baseboard.commands.app.device import GetDeviceId, GetDeviceIdResponse, GetSelfTestResults
from baseboard.commands.app.users import GetUserName
from baseboard.errors import (
    BaseboardError,
    Busy,
    CommandUnknown,
    CompletionError,
    DecodeError,
    NoResponse,
    PrivilegeTooLow,
    SessionClosed,
)
from baseboard.testing.scripted import Script
from tests.client.harness import desk
from tests.client.lan_bench import bench, on_virtual_time, passes

DEVICE_ID = (0x06, 0x01)


def after(*codes: int) -> Callable[[bytes], bytes]:
    """Answers one completion code after the other, then with data."""
    left = list(codes)
    return lambda _: bytes((left.pop(0),)) if left else bytes.fromhex("00 20 01 01 00 02 9f 00 00 00 00 00")


def test_declared_commands_and_raw_bytes() -> None:
    async def main() -> None:
        bmc = desk().bmc
        async with bmc as same:
            assert same is bmc
            answer = await bmc.execute(GetDeviceId())
            assert answer.device_id == 0x20
            assert (await bmc.raw(*DEVICE_ID))[0] == 0x20
            assert (await bmc.exchange(*DEVICE_ID))[:2] == b"\x00\x20"
        with pytest.raises(SessionClosed):
            await bmc.raw(*DEVICE_ID)

    on_virtual_time(main())


@pytest.mark.parametrize(
    ("code", "kind", "text"),
    [
        (0xC1, CommandUnknown, "C1h Invalid command"),
        (0xD4, PrivilegeTooLow, "D4h"),
        (0x87, CompletionError, "87h"),
    ],
)
def test_a_refusal_has_the_class_of_its_cause_and_is_not_repeated(
    code: int, kind: type[CompletionError], text: str
) -> None:
    async def main() -> None:
        at = desk({DEVICE_ID: bytes((code,))})
        for ask in (at.bmc.execute(GetDeviceId()), at.bmc.raw(*DEVICE_ID)):
            with pytest.raises(kind, match=text) as caught:
                await ask
            assert type(caught.value) is kind
        assert len(at.script.asked) == 2

    on_virtual_time(main())


@pytest.mark.parametrize("code", [Cc.NODE_BUSY, Cc.BMC_INITIALIZING, Cc.FIRMWARE_UPDATING, Cc.SDR_UPDATING])
def test_a_busy_controller_is_asked_again(code: int) -> None:
    async def main() -> None:
        at = desk({DEVICE_ID: after(code, code)})
        assert (await at.bmc.execute(GetDeviceId(), retry=False)).device_id == 0x20
        assert len(at.script.asked) == 3
        at = desk({DEVICE_ID: bytes((code,))})
        with pytest.raises(Busy):
            await at.bmc.execute(GetDeviceId())
        assert len(at.script.asked) == 6
        assert (await at.bmc.exchange(*DEVICE_ID, patient=False))[0] == code
        assert len(at.script.asked) == 7

    on_virtual_time(main())


def test_a_time_out_of_the_controller_is_asked_again_where_that_does_no_harm() -> None:
    async def main() -> None:
        at = desk({DEVICE_ID: after(0xC3, 0xC3)})
        assert (await at.bmc.execute(GetDeviceId())).device_id == 0x20
        for retry, times in ((True, 3), (False, 1)):
            at = desk({DEVICE_ID: b"\xc3"})
            with pytest.raises(CompletionError) as caught:
                await at.bmc.execute(GetDeviceId(), retry=retry)
            assert caught.value.code == Cc.TIMEOUT
            assert len(at.script.asked) == times

    on_virtual_time(main())


@pytest.mark.parametrize("code", [0xC5, 0xC1, 0xD4, 0xCB])
def test_other_codes_are_not_waited_out(code: int) -> None:
    async def main() -> None:
        at = desk({DEVICE_ID: bytes((code,))})
        assert await at.bmc.exchange(*DEVICE_ID) == bytes((code,))
        assert len(at.script.asked) == 1

    on_virtual_time(main())


def test_when_the_deadline_ends_the_patience_the_last_word_counts() -> None:
    async def main() -> None:
        at = desk({DEVICE_ID: b"\xc0"})
        with pytest.raises(Busy), deadline(0.25):
            await at.bmc.execute(GetDeviceId())

    on_virtual_time(main())


def test_an_answer_that_does_not_follow_its_table() -> None:
    async def main() -> None:
        at = desk({DEVICE_ID: b"\0\x20"})
        with pytest.raises(DecodeError):
            await at.bmc.execute(GetDeviceId())

    on_virtual_time(main())


def test_silence() -> None:
    async def main() -> None:
        at = desk({DEVICE_ID: None})
        with pytest.raises(NoResponse):
            await at.bmc.execute(GetDeviceId(), timeout=3)

    on_virtual_time(main())


def test_the_lun_of_one_request() -> None:
    async def main() -> None:
        at = desk()
        seen: list[int] = []
        interface = at.bmc.interface
        exchange = interface.exchange

        async def note(*words: int, target: Target, **options: object) -> bytes:
            seen.append(target.lun)
            return await exchange(*words, target=target, **options)  # type: ignore[arg-type]  # passed through

        interface.exchange = note  # type: ignore[method-assign, assignment]  # a spy
        for lun in (None, 0, 1):
            await at.bmc.exchange(*DEVICE_ID, lun=lun)
        assert seen == [0, 0, 1]

    on_virtual_time(main())


def test_identity_is_asked_once() -> None:
    async def main() -> None:
        at = desk()
        first = await at.bmc.identity()
        assert await at.bmc.identity() is first
        assert len(at.script.asked) == 1

    on_virtual_time(main())


# ---- many


def test_many_keep_their_order_and_their_errors(tmp_path: object) -> None:
    async def main() -> None:
        async with bench(cache=str(tmp_path)) as at:
            at.script.lines[0x06, 0x46] = lambda data: b"\xcc" if data[0] == 5 else b"\0" + data + bytes(15)
            bmc = await at.login()
            answers = await bmc.many([GetUserName(user_id=number) for number in range(1, 20)])
            names = [one if isinstance(one, BaseboardError) else one.user_name[0] for one in answers]
            assert isinstance(names.pop(4), CompletionError)
            assert names == [number for number in range(1, 20) if number != 5]
            assert bmc.interface.depth > 1
            await bmc.close()

    on_virtual_time(main())


def test_many_of_few_or_of_none() -> None:
    async def main() -> None:
        at = desk()
        assert await at.bmc.many([]) == []
        (answer,) = await at.bmc.many([GetDeviceId()])
        assert isinstance(answer, GetDeviceIdResponse)
        assert at.bmc.interface.depth == 1

    on_virtual_time(main())


def test_many_in_a_session_that_is_over() -> None:
    async def main() -> None:
        at = desk()
        await at.bmc.close()
        with pytest.raises(SessionClosed):
            await at.bmc.many([GetDeviceId()] * 3)

    on_virtual_time(main())


# ---- sessions that are lost


async def forgets(at: object, bmc: Bmc) -> None:
    """Let the BMC forget its sessions, and the console notice."""
    at.table.sessions.clear()  # type: ignore[attr-defined]  # a bench
    interface = bmc.interface
    while not interface.closed:  # type: ignore[attr-defined]  # a LanInterface
        await passes(1)


def test_a_session_that_was_lost_before_is_opened_again_for_any_request() -> None:
    async def main() -> None:
        async with bench() as at:
            bmc = await at.login(keep_alive=5.0, timeout=0.2, retries=1)
            first = bmc.interface
            await forgets(at, bmc)
            answers = await asyncio.gather(*(bmc.execute(GetDeviceId(), retry=False) for _ in range(3)))
            assert [answer.device_id for answer in answers] == [0x20] * 3
            assert bmc.interface is not first
            assert len(at.table.sessions) == 1
            await bmc.close()

    on_virtual_time(main())


def test_a_request_that_was_under_way_is_sent_again_if_it_may_be() -> None:
    async def main() -> None:
        for retry in (True, False):
            async with bench(Script({(0x06, 0x04): None})) as at:
                bmc = await at.login(timeout=5.0)
                asked = asyncio.create_task(bmc.execute(GetSelfTestResults(), retry=retry))
                await passes(1)
                at.script.lines.clear()
                await bmc.interface.close()
                if retry:
                    assert (await asked).result
                else:
                    with pytest.raises(SessionClosed):
                        await asked
                await bmc.close()

    on_virtual_time(main())


def test_a_bmc_that_was_closed_stays_closed() -> None:
    async def main() -> None:
        async with bench() as at:
            bmc = await at.login()
            await bmc.close()
            with pytest.raises(SessionClosed, match="closed"):
                await bmc.execute(GetDeviceId())
            assert at.table.sessions == {}

    on_virtual_time(main())


def test_logging_in_again_may_fail_too() -> None:
    async def main() -> None:
        async with bench() as at:
            bmc = await at.login(timeout=0.2, retries=1)
            await bmc.interface.close()
            at.relay.there = lambda _: None
            with pytest.raises(SessionClosed, match="logging in again failed: Open Session: no answer"):
                await bmc.execute(GetDeviceId())

    on_virtual_time(main())


def test_it_tells_where_it_is() -> None:
    async def main() -> None:
        assert "memory" in repr(desk().bmc)

    on_virtual_time(main())
