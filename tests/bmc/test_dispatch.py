"""The one path of every request: checks in their order, handlers that finish or wait, held answers (§21)."""

from __future__ import annotations

import asyncio
import enum
import logging
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from baseboard.bmc.blueprint.bridging import IcmbSpec
from baseboard.bmc.blueprint.dcmi import DcmiSpec
from baseboard.bmc.blueprint.hpm import HpmSpec
from baseboard.bmc.blueprint.interfaces import InterfaceSpec
from baseboard.bmc.blueprint.picmg import PicmgSpec, VitaSpec
from baseboard.bmc.context import SYSTEM_INTERFACE, Context, Origin
from baseboard.bmc.dispatch import SMS_LUN, absent, handlers
from baseboard.bmc.services.command_keys import key_of, key_of_command, luns
from baseboard.codes import Cc, NetFn, Privilege
from baseboard.commands import Interfaces, Request, Response, command, declaration
from baseboard.errors import CompletionError
from baseboard.testing.clock import VirtualClock
from baseboard.wire import at
from tests.bmc.fakes import BLUEPRINT
from tests.bmc.harness import Bench, make_bmc
from tests.bmc.held_store import HeldStore

APP = int(NetFn.APP)
SENSOR = int(NetFn.SENSOR_EVENT)
CMD = 0x7F
IPMB, LAN = 0, 1
OTHERS: dict[str, Any] = {"hpm": HpmSpec(), "picmg": PicmgSpec(), "vita": VitaSpec()}
BODY = 0x42


class EchoResponse(Response):
    value: int = at("2")


Handler = Callable[[Context, Any], Awaitable[EchoResponse]]


async def echo(ctx: Context, request: Any) -> EchoResponse:
    return EchoResponse(value=request.value)


@pytest.fixture(autouse=True)
def registered(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a test declares and handles is forgotten after it."""
    monkeypatch.setattr(declaration, "_registry", dict(vars(declaration)["_registry"]))
    monkeypatch.setattr(handlers, "table", dict(handlers.table))


def declare(handler: Handler = echo, netfn: NetFn = NetFn.APP, **options: Any) -> type[Request[EchoResponse]]:
    """A command of a byte, of which bit 7 is reserved, and its handler."""

    @command(netfn, CMD, section="1.2", **options)
    class Echo(Request[EchoResponse]):
        """Ask for an echo."""

        value: int = at("1[6:0]")

    handlers.handles(Echo)(handler)
    return Echo


def bmc_with(handler: Handler = echo, *, strict: bool = False, **options: Any) -> Bench:
    """A BMC that has the command."""
    declare(handler, **options)
    return make_bmc(strict=strict)


def over_lan(bmc: Bench, level: int) -> bytes:
    return bmc.raw(APP, CMD, b"\x05", origin=bmc.origin(LAN, level))


# What is refused before any handler is asked


@pytest.mark.parametrize(
    ("netfn", "cmd"), [(APP, 0x7E), (0x08, 0x00), (0x3E, 0x99), (0x2C, 0x01), (0x2E, 0x00)]
)
def test_7_16_an_unknown_command_is_told_to_anybody(netfn: int, cmd: int) -> None:
    bmc = make_bmc()
    for origin in (bmc.origin(), bmc.origin(LAN, 1), Origin(LAN)):
        for data in (b"", b"\xdc", bytes(40)):
            assert bmc.raw(netfn, cmd, data, origin=origin) == b"\xc1"


@pytest.mark.parametrize("lun", [1, 2, 3])
def test_7_16_commands_are_at_lun_0(lun: int) -> None:
    bmc = bmc_with()
    assert bmc.raw(APP, CMD, b"\x05", lun) == b"\xc2"
    assert bmc.raw(APP, 0x7E, b"", lun) == b"\xc1"


def test_5_5_sensor_commands_may_be_at_luns_0_1_and_3_while_2_is_system_software() -> None:
    seen: list[int] = []

    async def look(ctx: Context, request: Any) -> EchoResponse:
        seen.append(ctx.lun)
        return EchoResponse(value=0)

    bmc = bmc_with(look, netfn=NetFn.SENSOR_EVENT)
    answers = [bmc.raw(SENSOR, CMD, b"\x05", lun)[0] for lun in range(4)]
    assert answers == [0, 0, 0xC2, 0]
    assert seen == [0, 1, 3]


@pytest.mark.parametrize("needed", range(1, 6))
def test_g_1_a_level_includes_those_below(needed: int) -> None:
    bmc = bmc_with(privilege=Privilege(needed))
    for level in range(1, 6):
        assert over_lan(bmc, level) == (b"\x00\x05" if level >= needed else b"\xd4")
    assert bmc.raw(APP, CMD, b"\x05", origin=Origin(LAN)) == b"\xd4"


def test_g_1_local_interfaces_have_no_level() -> None:
    bmc = bmc_with(privilege=Privilege.ADMINISTRATOR)
    for channel in (SYSTEM_INTERFACE, IPMB):
        assert bmc.raw(APP, CMD, b"\x05", origin=Origin(channel, local=True)) == b"\x00\x05"


def test_g_1_some_commands_come_before_a_session() -> None:
    bmc = bmc_with(session_less=True)
    for origin in (Origin(LAN), bmc.origin(LAN, 1), bmc.origin()):
        assert bmc.raw(APP, CMD, b"\x05", origin=origin) == b"\x00\x05"


@pytest.mark.parametrize(
    ("interfaces", "ipmb"),
    [(Interfaces.SYSTEM_INTERFACE_ONLY, b"\xd4"), (Interfaces.LOCAL_INTERFACE_ONLY, b"\x00\x05")],
)
def test_g_1_some_commands_come_over_local_interfaces_only(interfaces: Interfaces, ipmb: bytes) -> None:
    bmc = bmc_with(interfaces=interfaces)
    assert bmc.raw(APP, CMD, b"\x05") == b"\x00\x05"
    assert bmc.raw(APP, CMD, b"\x05", origin=Origin(IPMB, local=True)) == ipmb
    assert over_lan(bmc, 5) == b"\xd4"


@pytest.mark.parametrize("size", [0, 2, 3, 40, 255])
def test_7_16_a_wrong_length_is_told_to_those_who_may(size: int) -> None:
    bmc = bmc_with(privilege=Privilege.OPERATOR)
    assert bmc.raw(APP, CMD, bytes(size), origin=bmc.origin(LAN, 3)) == b"\xc7"
    assert bmc.raw(APP, CMD, bytes(size), origin=bmc.origin(LAN, 2)) == b"\xd4"


class Few(enum.IntEnum):
    """A list of codes without others."""

    ONE = 1


def test_bytes_that_say_nothing_are_invalid_data() -> None:
    @command(NetFn.APP, CMD, section="1.2")
    class Picky(Request[EchoResponse]):
        """Ask for what few can be."""

        value: Few = at("1")

    handlers.handles(Picky)(echo)
    bmc = make_bmc()
    assert bmc.raw(APP, CMD, b"\x01") == b"\x00\x01"
    assert bmc.raw(APP, CMD, b"\x05") == b"\xcc"


def test_5_1_reserved_bits_are_ignored_unless_the_bmc_is_strict() -> None:
    bmc = bmc_with()
    assert bmc.raw(APP, CMD, b"\x85") == b"\x00\x05"
    strict = make_bmc(strict=True)
    assert strict.raw(APP, CMD, b"\x85") == b"\xcc"
    assert strict.raw(APP, CMD, b"\x05") == b"\x00\x05"


def test_29_3_the_system_interface_may_have_a_form_of_its_own() -> None:
    bmc = make_bmc()
    event = bytes.fromhex("04 01 30 01 57")  # without the generator ID that system software puts in front
    assert bmc.raw(SENSOR, 0x02, event) == b"\xc7"
    assert bmc.raw(SENSOR, 0x02, b"\x41" + event) == b"\x00"
    assert bmc.raw(SENSOR, 0x02, event, origin=bmc.origin(LAN)) != b"\xc7"


def test_26_3_a_group_extension_is_known_by_its_first_byte_which_the_answer_repeats() -> None:
    bmc = bmc_with(netfn=NetFn.GROUP_EXTENSION, group=BODY)
    assert bmc.raw(0x2C, CMD, bytes((BODY, 5))) == bytes((0, BODY, 5))
    assert bmc.raw(0x2C, CMD, bytes((BODY,))) == b"\xc7"
    assert bmc.raw(0x2C, CMD, bytes((BODY + 1, 5))) == b"\xc1"
    assert bmc.raw(0x2C, CMD, b"") == b"\xc1"


def test_5_1_a_maker_is_known_by_three_bytes_which_the_answer_repeats() -> None:
    bmc = bmc_with(netfn=NetFn.OEM_GROUP, group=0x0102FE)
    assert bmc.raw(0x2E, CMD, bytes.fromhex("fe 02 01 05")) == bytes.fromhex("00 fe 02 01 05")
    assert bmc.raw(0x2E, CMD, bytes.fromhex("fe 02 01")) == b"\xc7"
    assert bmc.raw(0x2E, CMD, bytes.fromhex("fe 02")) == b"\xc1"
    assert bmc.raw(0x2E, CMD, bytes.fromhex("fe 02 02 05")) == b"\xc1"


@pytest.mark.parametrize(
    ("netfn", "cmd", "data"),
    [
        (0x2C, 0x01, b"\xdc"),
        (0x02, 0x00, b""),
        (0x06, 0x36, b""),
        (0x2C, 0x2E, b"\x00"),
        (0x2C, 0x00, b"\x00"),
        (0x2C, 0x00, b"\x03"),
    ],
)
def test_what_a_bmc_has_not_is_unknown_to_anybody_though_others_have_it(
    netfn: int, cmd: int, data: bytes
) -> None:
    bmc = make_bmc()
    assert key_of(netfn, cmd, data[0] if data else None) in absent(bmc.services)
    for origin in (bmc.origin(), bmc.origin(LAN, 1), Origin(LAN)):
        assert bmc.raw(netfn, cmd, data, origin=origin) == b"\xc1"
    assert absent(make_bmc().services) is absent(bmc.services)
    has = make_bmc(dcmi=DcmiSpec(), icmb=IcmbSpec(), interface=InterfaceSpec(kind="bt"), **OTHERS)
    assert absent(has.services) == frozenset()
    assert has.raw(netfn, cmd, data)[0] != 0xC1


# The firewall


@pytest.mark.parametrize("channel", [SYSTEM_INTERFACE, IPMB, LAN])
def test_18_a_command_that_is_off_is_refused_wherever_it_comes_from(channel: int) -> None:
    bmc = bmc_with()
    origin = bmc.origin(LAN) if channel == LAN else Origin(channel, local=True)
    assert bmc.raw(APP, CMD, b"\x05", origin=origin) == b"\x00\x05"
    bmc.services.firewall.switch_off(channel, 0, APP, 1 << CMD)
    assert bmc.raw(APP, CMD, b"\x05", origin=origin) == b"\xd4"
    assert bmc.raw(APP, 0x01, origin=origin)[0] == 0
    bmc.services.firewall.switch_off(channel, 0, APP, 0)
    assert bmc.raw(APP, CMD, b"\x05", origin=origin) == b"\x00\x05"


def test_18_a_command_that_is_off_is_refused_before_its_length_is_looked_at_and_after_its_lun() -> None:
    bmc = bmc_with()
    bmc.services.firewall.switch_off(SYSTEM_INTERFACE, 0, APP, 1 << CMD)
    assert bmc.raw(APP, CMD, b"") == bmc.raw(APP, CMD, bytes(9)) == b"\xd4"
    assert bmc.raw(APP, CMD, b"\x05", lun=1) == b"\xc2"
    assert bmc.raw(APP, 0x7E) == b"\xc1"


def test_18_a_part_that_is_off_is_refused_after_the_length_and_before_reserved_bits() -> None:
    for strict in (False, True):
        bmc = make_bmc(strict=strict)
        bmc.services.firewall.switch_parts_off(SYSTEM_INTERFACE, 0, 0x0002, 0b10)
        assert bmc.raw(0x00, 0x02, b"\x01") == b"\xd6"
        assert bmc.raw(0x00, 0x02, b"") == bmc.raw(0x00, 0x02, b"\x01\x01") == b"\xc7"
        assert bmc.raw(0x00, 0x02, b"\xf1") == b"\xd6"
        assert bmc.raw(0x00, 0x02, b"\x01", origin=bmc.origin(LAN, 2)) == b"\xd4"
        assert bmc.raw(0x00, 0x02, b"\x01", origin=bmc.origin(LAN, 3)) == b"\x00"


def test_a_bmc_with_nothing_off_does_not_ask_its_firewall(monkeypatch: pytest.MonkeyPatch) -> None:
    bmc = bmc_with()
    asked: list[object] = []
    kind = type(bmc.services.firewall)
    for name in ("blocks", "blocks_part"):
        monkeypatch.setattr(kind, name, lambda *what: asked.append(what))
    assert bmc.raw(APP, CMD, b"\x05") == b"\x00\x05"
    assert asked == []
    bmc.services.firewall.switch_off(LAN, 0, APP, 1 << 0x02)
    assert bmc.raw(APP, CMD, b"\x05") == b"\x00\x05"
    assert len(asked) == 2


def test_5_5_luns_are_those_that_the_firewall_tells_of() -> None:
    bmc = bmc_with()
    for netfn, cmd in ((APP, 0x01), (SENSOR, 0x2D)):
        served = tuple(lun for lun in range(4) if bmc.raw(netfn, cmd, b"", lun) != b"\xc2")
        assert served == luns(netfn)
        assert SMS_LUN not in served


def test_a_command_has_one_handler() -> None:
    request = declare()
    with pytest.raises(ValueError, match="Echo has a handler already"):
        handlers.handles(request)(echo)


# What a handler does


def test_a_refusal_is_its_code_alone() -> None:
    async def refuses(ctx: Context, request: Any) -> EchoResponse:
        raise CompletionError(Cc.NODE_BUSY)

    assert bmc_with(refuses).raw(APP, CMD, b"\x05") == b"\xc0"


async def broken(ctx: Context, request: Any) -> EchoResponse:
    raise KeyError("a bug")


async def forgetful(ctx: Context, request: Any) -> EchoResponse:
    return None  # type: ignore[return-value]  # the bug that is looked for


@pytest.mark.parametrize(("handler", "bug"), [(broken, "a bug"), (forgetful, "NoneType")])
def test_a_bug_is_an_unspecified_error_and_a_traceback_in_the_log(
    handler: Handler, bug: str, caplog: pytest.LogCaptureFixture
) -> None:
    bmc = bmc_with(handler)
    assert bmc.raw(APP, CMD, b"\x05") == b"\xff"
    (record,) = caplog.records
    assert (record.levelno, record.getMessage()) == (logging.ERROR, "Echo failed")
    assert bug in caplog.text
    assert bmc.raw(APP, 0x01)[0] == 0


class Waiting:
    """A handler that waits for what the test decides, after a turn of the loop."""

    def __init__(self) -> None:
        self.outcome: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self.ended = asyncio.Event()

    async def __call__(self, ctx: Context, request: Any) -> EchoResponse:
        try:
            await asyncio.sleep(0)
            return EchoResponse(value=request.value + await self.outcome)
        finally:
            self.ended.set()


def sent(bmc: Bench, data: bytes = b"\x05") -> asyncio.Future[bytes]:
    """Send a request; its answer comes in its time."""
    answer: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
    bmc.controller.request(APP, 0, CMD, data, answer.set_result)
    return answer


async def test_a_handler_that_waits_is_answered_when_it_is_done() -> None:
    waiting = Waiting()
    bmc = bmc_with(waiting)
    answer = sent(bmc)
    for _ in range(5):
        await asyncio.sleep(0)
    assert not answer.done()
    assert bmc.raw(APP, 0x01)[0] == 0  # others are served meanwhile
    waiting.outcome.set_result(2)
    assert await answer == b"\x00\x07"


@pytest.mark.parametrize(
    ("error", "code", "logged"),
    [(CompletionError(Cc.TIMEOUT), b"\xc3", []), (KeyError("a bug"), b"\xff", ["Echo failed"])],
)
async def test_errors_after_a_wait_are_answered_like_others(
    error: Exception, code: bytes, logged: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    waiting = Waiting()
    answer = sent(bmc_with(waiting))
    waiting.outcome.set_exception(error)
    assert await answer == code
    assert [record.getMessage() for record in caplog.records] == logged


async def test_a_handler_may_catch_what_it_waits_for() -> None:
    async def patient(ctx: Context, request: Any) -> EchoResponse:
        try:
            return EchoResponse(value=await outcome)
        except OSError:
            return EchoResponse(value=0x66)

    outcome: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    answer = sent(bmc_with(patient))
    outcome.set_exception(OSError())
    assert await answer == b"\x00\x66"


async def test_a_bmc_that_ends_gives_up_what_its_handlers_wait_for() -> None:
    waiting = Waiting()
    bmc = bmc_with(waiting)
    answer = sent(bmc)
    await asyncio.sleep(0)
    bmc.controller.stop()
    await waiting.ended.wait()
    assert not answer.done()


# Answers are held until what they acknowledge is on the disk


class Held:
    """A BMC over such a store; handlers put something into it if the request's value is not 0."""

    def __init__(self, handler: Handler) -> None:
        declare(handler)
        self.store = HeldStore()
        self.bmc = Bench(BLUEPRINT, self.store, VirtualClock())
        self.answers: list[bytes] = []

    def send(self, value: int) -> None:
        self.bmc.controller.request(APP, 0, CMD, bytes((value,)), self.answers.append)


async def writes(ctx: Context, request: Any) -> EchoResponse:
    if request.value:
        ctx.services.home.journal.put("echo", request.value, b"x")
    if request.value == 0x66:
        raise CompletionError(Cc.OUT_OF_SPACE)
    return EchoResponse(value=request.value)


@pytest.mark.parametrize(("written", "answer"), [(True, b"\x00\x01"), (False, b"\xff")])
def test_a_change_is_never_answered_before_it_is_durable(written: bool, answer: bytes) -> None:
    held = Held(writes)
    held.send(1)
    assert held.answers == []
    held.store.report(written)
    assert held.answers == [answer]


def test_what_changes_nothing_is_answered_at_once_even_while_others_are_held() -> None:
    held = Held(writes)
    held.send(1)
    held.send(0)
    assert held.answers == [b"\x00\x00"]
    held.store.report(True)
    assert held.answers == [b"\x00\x00", b"\x00\x01"]


@pytest.mark.parametrize(("written", "answer"), [(True, b"\xc4"), (False, b"\xff")])
def test_a_refusal_that_changed_something_is_held_too(written: bool, answer: bytes) -> None:
    held = Held(writes)
    held.send(0x66)
    assert held.answers == []
    held.store.report(written)
    assert held.answers == [answer]


@pytest.mark.parametrize(("written", "answer"), [(True, b"\x00\x01"), (False, b"\xff")])
async def test_the_answer_of_a_handler_that_waited_is_held_too(written: bool, answer: bytes) -> None:
    async def slow(ctx: Context, request: Any) -> EchoResponse:
        await asyncio.sleep(0)
        return await writes(ctx, request)

    held = Held(slow)
    held.send(1)
    await held.store.asked.wait()
    assert held.answers == []
    held.store.report(written)
    assert held.answers == [answer]


def test_every_handler_is_registered_under_its_commands_number() -> None:
    assert len(handlers.table) > 60
    for key, entry in handlers.table.items():
        assert key == key_of_command(entry.command)
        assert entry.command.request is entry.request


def test_an_answer_that_is_told_again_is_encoded_once() -> None:
    same, other = EchoResponse(value=1), EchoResponse(value=2)
    answers = [same, same, other, same]

    async def told(ctx: Context, request: Any) -> EchoResponse:
        return answers.pop(0)

    encoded: list[EchoResponse] = []
    encode = EchoResponse.encode

    def noted(self: EchoResponse) -> bytes:
        encoded.append(self)
        return encode(self)

    bmc = bmc_with(told)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(EchoResponse, "encode", noted)
        heard = [bmc.raw(APP, CMD, b"\x05") for _ in range(4)]
    assert heard == [b"\0\x01", b"\0\x01", b"\0\x02", b"\0\x01"]
    assert [one is same for one in encoded] == [True, False, True]
