"""Logging in over a serial line: what is sent, and what becomes of refusals."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from baseboard.client.serial_login import (
    check_credentials,
    log_in,
    password_line,
    raise_privilege,
    read_verdict,
)
from baseboard.client.settings import Settings
from baseboard.commands.app.sessions import ActivateSession
from baseboard.errors import (
    CredentialTooLong,
    EncodeError,
    LoginError,
    LoginRefused,
    NoResponse,
    NoSessionSlot,
    RoleRefused,
    SuiteRefused,
    Unreachable,
)

SETTINGS = Settings(interface="serial-basic", username=b"admin", password=b"adminpw")
ID, CHALLENGE = bytes.fromhex("01000000"), bytes(range(16))


class Controller:
    """Answers a login by the book, but for what a test changes."""

    def __init__(self, changed: dict[int, bytes] | None = None, auth_types: int = 0x17) -> None:
        self.asked: list[tuple[int, bytes]] = []
        capabilities = bytes((0, 1, auth_types, 0, 0, 0, 0, 0, 0))
        self.answers = {
            0x38: capabilities,
            0x39: b"\0" + ID + CHALLENGE,
            0x3A: b"\0\0" + b"\x09\0\0\0" + bytes(4) + b"\x04",
            0x3B: b"\0\x04",
            **(changed or {}),
        }

    async def ask(self, netfn: int, cmd: int, data: bytes) -> bytes:
        assert netfn == 6
        self.asked.append((cmd, data))
        answer = self.answers[cmd]
        if not answer:
            raise NoResponse("silence")
        return answer


async def test_the_strongest_type_on_offer_is_taken() -> None:
    for offered, taken in [(0x17, 2), (0x13, 1), (0x11, 4), (0x01, 0)]:
        controller = Controller(auth_types=0x10 if taken == 4 else offered)
        assert await log_in(controller.ask, SETTINGS) == (9, 4)
        assert [cmd for cmd, _ in controller.asked] == [0x38, 0x39, 0x3A, 0x3B]
        assert controller.asked[1][1] == bytes((taken,)) + b"admin".ljust(16, b"\0")


async def test_the_activation_carries_the_authcode_in_the_place_of_the_challenge() -> None:
    controller = Controller()
    await log_in(controller.ask, Settings(username=b"admin", password=b"adminpw", auth_type=4, privilege=3))
    assert [cmd for cmd, _ in controller.asked] == [0x39, 0x3A, 0x3B]
    sent = ActivateSession.decode(controller.asked[1][1])
    assert (sent.auth_type, sent.privilege, sent.challenge) == (4, 3, b"adminpw".ljust(16, b"\0"))
    assert sent.outbound_sequence == 1


@pytest.mark.parametrize(
    ("cmd", "answer", "error", "stage"),
    [
        (0x38, b"\xcc", LoginError, "Get Channel Authentication Capabilities"),
        (0x39, b"\x81", LoginRefused, "Get Session Challenge"),
        (0x39, b"\x82", LoginRefused, "Get Session Challenge"),
        (0x39, b"\xcc", SuiteRefused, "Get Session Challenge"),
        (0x3A, b"\x81", NoSessionSlot, "Activate Session"),
        (0x3A, b"\x86", RoleRefused, "Activate Session"),
        (0x3A, b"\xd4", LoginRefused, "Activate Session"),
        (0x3A, b"\xff", LoginError, "Activate Session"),
        (0x3B, b"\x81", RoleRefused, "Set Session Privilege Level"),
        (0x38, b"", Unreachable, "Get Channel Authentication Capabilities"),
    ],
)
async def test_a_refusal_names_stage_and_cause(
    cmd: int, answer: bytes, error: type[LoginError], stage: str
) -> None:
    with pytest.raises(error) as caught:
        await log_in(Controller({cmd: answer}).ask, SETTINGS)
    assert type(caught.value) is error
    assert (caught.value.stage, caught.value.status) == (stage, answer[0] if answer else None)
    assert "adminpw" not in str(caught.value)


async def test_a_line_that_offers_nothing_known_is_left() -> None:
    with pytest.raises(SuiteRefused, match="no authentication type"):
        await log_in(Controller(auth_types=0x20).ask, SETTINGS)


async def test_the_level_is_raised_alone_too() -> None:
    assert await raise_privilege(Controller({0x3B: b"\0\x03"}).ask, SETTINGS) == 3
    refusing = Controller({0x3B: b"\xd4"}).ask
    assert await raise_privilege(refusing, Settings(username=b"admin", privilege=1)) == 1


@pytest.mark.parametrize(
    "settings", [Settings(username=b"x" * 17), Settings(password=b"x" * 17)], ids=["name", "password"]
)
@pytest.mark.parametrize("check", [check_credentials, password_line])
async def test_too_long_a_name_or_password_is_not_sent(
    settings: Settings, check: Callable[[Settings], object]
) -> None:
    with pytest.raises(CredentialTooLong, match="17 bytes, at most 16"):
        check(settings)


@pytest.mark.parametrize(
    ("name", "password", "line"),
    [
        (b"admin", b"adminpw", b"SYS PWD -U admin adminpw"),
        (b"admin", b"", b"SYS PWD -U admin"),
        (b"", b"nullpw", b"SYS PWD -N nullpw"),
    ],
)
def test_14_7_the_password_line(name: bytes, password: bytes, line: bytes) -> None:
    assert password_line(Settings(username=name, password=password)) == line


@pytest.mark.parametrize("word", [b"a b", b"a]", b"[", b"a\\", b"\x1b", b"\xc3\xa9"])
def test_what_the_line_cannot_carry_is_refused(word: bytes) -> None:
    for settings in (Settings(username=word), Settings(username=b"a", password=word)):
        with pytest.raises(EncodeError, match="Terminal Mode"):
            password_line(settings)


def test_the_verdict_is_read() -> None:
    read_verdict(b"OK")
    read_verdict(b"ok welcome")
    for content, status in [(b"ERR CC", 0xCC), (b"ERR", None), (b"ERR ??", None), (b"ERR 123", None)]:
        with pytest.raises(LoginRefused) as caught:
            read_verdict(content)
        assert caught.value.status == status
