"""What other simulated BMCs were measured to fail at, each as a test that this one passes.

`ipmi_sim` and fakebmc answer replays, lose all sessions to unfinished handshakes, die of malformed packets,
grant privilege 0, cut K_G short and stay silent where consoles wait; see each test.
"""

from __future__ import annotations

import hashlib
import hmac
import random

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES128
from cryptography.hazmat.primitives.ciphers.modes import CBC

from baseboard.crypto.suites import SUITES
from baseboard.rmcp import lan_message, v15, v20
from baseboard.rmcp.machine import Address
from baseboard.testing.raw_console import OPEN_SESSION, RAKP_1, RAKP_3
from tests.conformance.bench import ADMIN, APP, ELSEWHERE, LAN, WholeBmc, alive, bench

SEL_ADD = (0x0A, 0x44)


def entries(bmc: WholeBmc) -> int:
    return int.from_bytes(bmc.system(0x40, netfn=0x0A)[2:4], "little")


def test_ipmi_sim_and_fakebmc_answer_a_replay() -> None:
    """A recorded packet, sent again at once, later, from elsewhere, after other packets: silence."""
    for version in (15, 20):
        bmc = bench()
        console = bmc.in_v15(level=4) if version == 15 else bmc.in_v20(level=4)
        recorded = console.packet(console.message(*SEL_ADD, bytes(16)))
        assert console.send(recorded) is not None
        for _ in range(3):
            assert bmc.carry(recorded) == []
            assert bmc.carry(recorded, ELSEWHERE) == []
            bmc.advance(5)
            assert alive(console)
        assert entries(bmc) == 1


def test_ipmi_sim_and_fakebmc_replays_of_a_whole_login_open_nothing() -> None:
    bmc = bench()
    recorded: list[bytes] = []

    def recorder(data: bytes, address: Address) -> list[bytes]:
        recorded.append(data)
        return bmc.carry(data, address)

    console = bmc.v20()
    console.carry = recorder
    assert console.login() == [0, 0, 0]
    assert console.ask(APP, 0x3B, b"\x04") == b"\0\x04"
    assert console.ask(*SEL_ADD, bytes(16)) == b"\0\x01\0"
    assert console.ask(APP, 0x3C, console.sidc.to_bytes(4, "little")) == b"\0"
    for datagram in recorded:
        bmc.carry(datagram, ELSEWHERE)
    assert not bmc.sessions
    assert entries(bmc) == 1


@pytest.mark.parametrize("steps", [1, 2])
@pytest.mark.parametrize("slots", [4, 16])
def test_ipmi_sim_loses_all_its_sessions_to_unfinished_handshakes(slots: int, steps: int) -> None:
    bmc = bench(session_slots=slots)
    for number in range(500):
        stranger = bmc.v20(seed=number, address=("198.51.100.9", number))
        assert stranger.open() == 0
        if steps == 2:
            assert stranger.rakp1() == 0
        assert bmc.v15(address=("198.51.100.9", number)).get_challenge() == 0
    assert alive(bmc.in_v20())
    assert alive(bmc.in_v15())


def test_fakebmc_dies_of_malformed_packets() -> None:
    drawn = random.Random(20)
    bmc = bench()
    console = bmc.in_v20(level=4)
    valid = [
        v15.wrap(0, 0, 0, console.message(APP, 0x38, b"\x8e\x04")),
        v15.wrap(2, 1, 2, console.message(APP, 0x01), b"x"),
        v20.wrap(OPEN_SESSION, 0, 0, console.open_request()),
        v20.wrap(RAKP_1, 0, 0, console.rakp1_request()),
        v20.wrap(RAKP_3, 0, 0, console.rakp3_request()),
        console.packet(console.message(APP, 0x01), sequence=9),
        bytes.fromhex("06 00 ff 06 00 00 11 be 80 42 00 00"),
    ]
    for datagram in valid:
        for size in range(len(datagram)):
            bmc.carry(datagram[:size])
            bmc.carry(datagram[:size] + drawn.randbytes(drawn.randrange(40)))
    for size in range(300):
        bmc.carry(drawn.randbytes(size))
        bmc.carry(b"\x06\x00\xff\x07" + drawn.randbytes(size))
    assert alive(console)
    assert bmc.v20(address=ELSEWHERE, seed=8).login() == [0, 0, 0]


@pytest.mark.parametrize("suite", [11, 12])
def test_ipmi_sim_dies_of_one_unfinished_session_under_suite_12(suite: int) -> None:
    for steps in (1, 2):
        bmc = bench()
        unfinished = bmc.v20(suite=suite)
        assert unfinished.open() == 0
        if steps == 2:
            assert unfinished.rakp1() == 0
        assert bmc.v20(suite=suite, address=ELSEWHERE, seed=8).login() == [0, 0, 0]
        bmc.advance(120)
        assert not bmc.table.pending
        assert alive(bmc.in_v20(suite=suite, seed=9))


def test_ipmi_sim_dies_of_get_channel_payload_support_for_channel_eh() -> None:
    bmc = bench()
    console = bmc.in_v20()
    # IPMI messages and SOL; Open Session and RAKP 1 to 4; no OEM payloads.
    expected = bytes((0, 0x03, 0x00, 0x3F, 0x00, 0, 0, 0, 0))
    assert console.ask(APP, 0x4E, b"\x0e") == expected
    assert console.ask(APP, 0x4E, bytes((LAN,))) == expected
    for channel in range(16):
        answer = console.ask(APP, 0x4E, bytes((channel,)))
        assert answer is not None
        assert answer[0] == (0 if channel in (0, LAN, 0xE, 0xF) else 0xCC)
    assert bmc.system(0x4E, b"\x0e") == bytes(9), "the system interface has none"
    assert alive(console)


def test_granting_privilege_0_makes_every_tool_of_freeipmi_fail() -> None:
    """Asked for the highest level there is, a BMC tells which that is."""
    for suite, level in ((3, 4), (17, 3), (8, 2)):
        bmc = bench(suites=((suite, level),))
        console = bmc.v20(suite=suite, privilege=0, role=0x10 | level)
        if level == ADMIN.privilege:
            assert console.login() == [0, 0, 0]
        else:
            assert console.open() == 0
        assert console.granted == level


@pytest.mark.parametrize("asked", [(0x38, b"\x8e\x04"), (0x37, b""), (0x54, b"\x0e\x00\x80")], ids=str)
def test_unanswered_session_less_commands_in_rmcp_plus_stall_ipmitool(
    asked: tuple[int, bytes],
) -> None:
    bmc = bench()
    answer = bmc.v20().ask_outside(APP, *asked)
    assert answer is not None
    assert answer[0] == 0
    assert answer == bmc.v15().ask_outside(APP, *asked), "the same as in the older form"


@pytest.mark.parametrize("suite", [3, 8, 12, 17])
def test_a_kg_has_20_bytes_and_the_last_one_counts(suite: int) -> None:
    kg = bytes(range(0xA0, 0xB4))
    assert len(kg) == 20
    bmc = bench(kg=kg)
    assert alive(bmc.in_v20(suite=suite, kg=kg))
    for wrong in (kg[:19], kg[:19] + b"\0", kg[:19] + b"\xb4", kg[:16]):
        console = bmc.v20(suite=suite, kg=wrong, address=ELSEWHERE, seed=8)
        assert console.login() == [0, 0, 0]
        assert not console.keyed
        assert console.ask(APP, 0x01) is None


@pytest.mark.parametrize("suite", [7, 8, 11, 12])
def test_wrong_constants_for_the_keys_of_the_md5_suites(suite: int) -> None:
    """The constants have 20 bytes for MD5 too, and the HMAC is keyed with all of K1; all by hand here."""
    bmc = bench()
    console = bmc.v20(suite=suite)
    assert console.login() == [0, 0, 0]
    name = ADMIN.name
    body = console.rm + console.rc + bytes((console.role, len(name))) + name
    sik = hmac.digest(ADMIN.password, body, "md5")
    k1, k2 = (hmac.digest(sik, bytes((n,)) * 20, "md5") for n in (1, 2))
    message = lan_message.wrap_request(APP, 0x01, b"", 5)
    payload, flags = message, 0x40
    if SUITES[suite].confidentiality:
        payload, flags = encrypted(k2, message), 0xC0
    head = bytes((6, flags)) + console.sidc.to_bytes(4, "little") + (1).to_bytes(4, "little")
    body = head + len(payload).to_bytes(2, "little") + payload
    pad = -(len(body) + 2) % 4
    body += b"\xff" * pad + bytes((pad, 7))
    if SUITES[suite].integrity == 2:
        code = hmac.digest(k1, body, "md5")
    else:
        key = ADMIN.password.ljust(20, b"\0")
        code = hashlib.md5(key + body + key, usedforsecurity=False).digest()
    (answer,) = bmc.carry(b"\x06\x00\xff\x07" + body + code)
    assert answer[5] == flags
    assert lan_message.unwrap(console.unwrap(answer)[2]).data[:2] == b"\0\x20"


def encrypted(k2: bytes, data: bytes) -> bytes:
    pad = -(len(data) + 1) % 16
    iv = bytes(range(16))
    blocks = data + bytes(range(1, pad + 1)) + bytes((pad,))
    return iv + Cipher(AES128(k2[:16]), CBC(iv)).encryptor().update(blocks)


def test_fakebmc_does_not_answer_the_ping_that_python_ipmi_waits_for() -> None:
    bmc = bench()
    for tag in (0, 0x55, 0xFE):
        (pong,) = bmc.carry(bytes((6, 0, 0xFF, 6, 0, 0, 0x11, 0xBE, 0x80, tag, 0, 0)))
        assert pong[8:12] == bytes((0x40, tag, 0, 0x10))
        assert pong[20] == 0x81
