"""§24.3: Suspend/Resume Payload Encryption, each operation, under AES and under xRC4."""

from __future__ import annotations

import pytest

from baseboard.bmc.blueprint import LanSpec
from baseboard.commands.app.payload import SuspendResumePayloadEncryption
from tests.bmc.consoles import ADMIN, OPERATOR, LanBench, Terminal, make_lan_bmc
from tests.conformance.marks import exercises
from tests.conformance.sol.bench import APP, ENCRYPTION, SET, TRANSPORT, told

AES, XRC4_128, XRC4_40, CLEAR = 3, 4, 5, 2
SUITES = LanSpec(suites=tuple((suite, 4) for suite in (AES, XRC4_128, XRC4_40, CLEAR)))
SUSPEND, RESUME, NEW_IV = "01 01 00", "01 01 01", "01 01 02"


def opened(suite: int, *, free: bool = True, encrypted: bool = True) -> tuple[LanBench, Terminal]:
    """A console that has SOL under a suite; ``free``: it controls encryption."""
    bmc = make_lan_bmc(lan=SUITES)
    bmc.power.turn_on()
    if free:
        assert bmc.raw(TRANSPORT, SET, bytes.fromhex("01 02 02")) == b"\0"
    console = bmc.login(ADMIN, suite)
    console.activate_sol(encrypted=encrypted and suite != CLEAR)
    return bmc, console


def says(bmc: LanBench, console: Terminal, text: bytes) -> set[bool]:
    """Have the host print; returns how the packets came, after the text is found to be whole."""
    console.sealed.clear()
    before = len(console.screen)
    bmc.serial.say(text)
    bmc.advance(1)
    assert bytes(console.screen[before:]) == text
    return set(console.sealed)


@exercises(SuspendResumePayloadEncryption)
@pytest.mark.parametrize("suite", [AES, XRC4_128, XRC4_40])
def test_24_3_suspended_and_resumed_at_once_and_for_the_bmcs_packets_only(suite: int) -> None:
    bmc, console = opened(suite)
    assert says(bmc, console, b"one") == {True}
    assert told(console, APP, ENCRYPTION, SUSPEND) == b"\0"
    assert says(bmc, console, b"two") == {False}
    console.type(b"still encrypted")
    assert bmc.serial.typed == b"still encrypted"
    assert told(console, APP, ENCRYPTION, RESUME) == b"\0"
    assert says(bmc, console, b"three") == {True}


@exercises(SuspendResumePayloadEncryption)
def test_24_3_resume_starts_the_encryption_of_what_was_activated_without() -> None:
    bmc, console = opened(AES, encrypted=False)
    assert says(bmc, console, b"clear") == {False}
    assert told(console, APP, ENCRYPTION, RESUME) == b"\0"
    assert says(bmc, console, b"hidden") == {True}


@exercises(SuspendResumePayloadEncryption)
@pytest.mark.parametrize("suite", [XRC4_128, XRC4_40])
def test_24_3_under_xrc4_the_key_stream_begins_anew_with_a_new_iv(suite: int) -> None:
    bmc, console = opened(suite)
    assert says(bmc, console, b"before") == {True}
    raw: list[bytes] = []
    receive = console.receive

    def tap(data: bytes) -> None:
        raw.append(data)
        receive(data)

    console.receive = tap  # type: ignore[method-assign]  # what comes is looked at on its way
    assert told(console, APP, ENCRYPTION, NEW_IV) == b"\0"
    assert says(bmc, console, b"after") == {True}
    # The first packet after it, the command's own answer, has data offset 0 and an IV (Table 13-21).
    assert raw[0][16:20] == bytes(4)
    assert raw[1][16:20] != bytes(4)


@exercises(SuspendResumePayloadEncryption)
@pytest.mark.parametrize(
    ("suite", "free", "data", "code"),
    [
        (AES, True, NEW_IV, 0x80),  # each packet has its own IV
        (AES, True, "00 01 00", 0x80),  # IPMI messages
        (AES, True, "21 01 00", 0x80),  # nobody's
        (AES, False, SUSPEND, 0x81),  # encryption is forced
        (AES, False, RESUME, 0x00),
        (CLEAR, True, SUSPEND, 0x82),
        (CLEAR, True, RESUME, 0x82),
        (AES, True, "01 02 00", 0x83),
        (AES, True, "01 01 03", 0xCC),
    ],
)
def test_24_3_what_cannot_be(suite: int, free: bool, data: str, code: int) -> None:
    _, console = opened(suite, free=free)
    assert told(console, APP, ENCRYPTION, data) == bytes((code,))


@exercises(SuspendResumePayloadEncryption)
def test_24_3_only_the_owner_may() -> None:
    bmc, _ = opened(AES)
    assert told(bmc.login(OPERATOR), APP, ENCRYPTION, SUSPEND) == b"\x83"
    assert bmc.raw(APP, ENCRYPTION, bytes.fromhex(SUSPEND)) == b"\x83"
