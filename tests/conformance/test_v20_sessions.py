"""Packets of an RMCP+ session: what is signed and encrypted, numbers, time-out (§13.28, §13.29, §6.12)."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES128
from cryptography.hazmat.primitives.ciphers.modes import CBC

from baseboard.crypto import rakp
from baseboard.rmcp import v20
from baseboard.testing.raw_console import RawConsoleV20
from tests.conformance.bench import (
    ADMIN,
    APP,
    ELSEWHERE,
    GET_DEVICE_ID,
    LAN,
    OPERATOR,
    alive,
    bench,
)

SIGNED = pytest.mark.parametrize("suite", [2, 3, 7, 8, 11, 12, 16, 17])
ENCRYPTED = pytest.mark.parametrize("suite", [3, 8, 12, 17])
EVERY = (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19)
SOL = 0x01


def session(suite: int) -> RawConsoleV20:
    return bench(suites=(suite,)).in_v20(suite=suite)


def request(console: RawConsoleV20, **how: object) -> bytes:
    return console.packet(console.message(*GET_DEVICE_ID), **how)  # type: ignore[arg-type]  # as packet() has them


def answered(console: RawConsoleV20, datagram: bytes) -> bool:
    answers = console.carry(datagram, console.address)
    assert len(answers) < 2
    return bool(answers)


@pytest.mark.parametrize("suite", EVERY)
def test_13_28_answers_have_the_strongest_protection_of_the_suite(suite: int) -> None:
    console = session(suite)
    for _ in range(3):
        answer = console.send(request(console))
        assert answer is not None
        flags, _, payload = console.unwrap(answer)
        signed, encrypted = bool(console.signer.size), bool(console.cipher.algorithm)
        assert flags == signed * v20.AUTHENTICATED | encrypted * v20.ENCRYPTED
        assert payload[6:8] == b"\x00\x20"
        assert (GET_DEVICE_ID[1] in answer) or encrypted


@pytest.mark.parametrize("suite", EVERY)
def test_6_12_9_numbers_of_both_directions_start_at_one(suite: int) -> None:
    console = session(suite)
    for number in range(1, 5):
        answer = console.send(request(console))
        assert answer is not None
        assert console.unwrap(answer)[1] == number
        assert max(console.sequence, console.plain_sequence) == number


@pytest.mark.parametrize("suite", EVERY)
def test_6_12_9_a_console_may_start_above_one(suite: int) -> None:
    console = session(suite)
    assert answered(console, request(console, sequence=3))
    assert not answered(console, request(console, sequence=0)), "zero is never valid"


@pytest.mark.parametrize("suite", EVERY)
def test_6_12_10_a_replay_gets_silence(suite: int) -> None:
    bmc = bench(suites=(suite,))
    console = bmc.in_v20(suite=suite, level=4)
    add = console.packet(console.message(0x0A, 0x44, bytes(16)))
    assert answered(console, add)
    assert not any(answered(console, add) for _ in range(3))
    assert bmc.carry(add, ELSEWHERE) == []
    entries = bmc.system(0x40, netfn=0x0A)
    assert int.from_bytes(entries[2:4], "little") == 1, "and it is not executed again"


@pytest.mark.parametrize("suite", EVERY)
def test_6_12_12_the_window_is_15_ahead_and_16_behind(suite: int) -> None:
    console = session(suite)

    def number(wanted: int) -> bool:
        # Under a stream cipher each packet stands for itself: those that are dropped are not missed.
        console.cipher.restart()
        return answered(console, request(console, sequence=wanted))

    assert not number(16)
    assert number(15)
    assert number(30)
    assert number(14), "sixteen behind"
    assert not number(13)
    assert not number(15), "seen"
    assert number(29)
    assert not number(29)
    assert not number(46)
    assert number(45)
    assert not number(0)
    assert not number(0xFFFFFFFF)


@SIGNED
def test_6_12_11_a_forged_packet_does_not_move_the_window(suite: int) -> None:
    console = session(suite)
    for number in (1, 10, 15):
        packet = request(console, sequence=number)
        assert not answered(console, packet[:-1] + bytes((packet[-1] ^ 1,)))
    assert answered(console, request(console, sequence=1))
    assert answered(console, request(console, sequence=16))


@SIGNED
def test_13_28_4_every_byte_from_the_authentication_type_on_is_signed(suite: int) -> None:
    console = session(suite)
    packet = request(console)
    for place in range(4, len(packet)):
        changed = packet[:place] + bytes((packet[place] ^ 0x10,)) + packet[place + 1 :]
        assert not answered(console, changed), place
    assert answered(console, packet)


@SIGNED
def test_13_28_4_a_truncated_packet_is_dropped(suite: int) -> None:
    console = session(suite)
    packet = request(console)
    assert not any(answered(console, packet[:size]) for size in range(len(packet)))
    assert answered(console, packet)


@pytest.mark.parametrize("suite", [2, 3, 7, 8, 16, 17])
def test_13_28_4_another_sessions_key_is_wrong(suite: int) -> None:
    bmc = bench(suites=(2, 3, 7, 8, 16) if suite != 17 else (17,))
    console = bmc.in_v20(suite=suite)
    other = bmc.in_v20(suite=suite, address=ELSEWHERE, seed=8)
    # Signed and encrypted by one, addressed to the other.
    assert not answered(console, other.packet(other.message(*GET_DEVICE_ID), session_id=console.sidc))
    console.signer, other.signer = other.signer, console.signer
    assert not answered(console, request(console))


@SIGNED
def test_13_28_an_unsigned_packet_in_a_signed_session_is_dropped(suite: int) -> None:
    console = session(suite)
    assert not answered(console, request(console, signed=False))
    assert not answered(console, request(console, signed=False, encrypted=False))
    assert alive(console)


@SIGNED
def test_13_28_a_trailer_without_its_bit_is_no_signature(suite: int) -> None:
    console = session(suite)
    packet = request(console)
    assert not answered(console, packet[:5] + bytes((packet[5] & ~v20.AUTHENTICATED,)) + packet[6:])


@ENCRYPTED
def test_13_29_cleartext_in_an_encrypted_session_is_dropped(suite: int) -> None:
    console = session(suite)
    assert not answered(console, request(console, encrypted=False))
    assert alive(console)


@pytest.mark.parametrize("suite", [0, 1, 2, 6, 7, 11, 15, 16])
def test_13_29_an_encrypted_bit_where_no_algorithm_was_agreed_is_dropped(suite: int) -> None:
    console = session(suite)
    packet = request(console, encrypted=False)
    if console.signer.size:
        size = console.signer.size
        body = packet[4:5] + bytes((packet[5] | v20.ENCRYPTED,)) + packet[6:-size]
        forged = packet[:4] + body + console.signer.sign(body)
    else:
        forged = packet[:5] + bytes((packet[5] | v20.ENCRYPTED,)) + packet[6:]
    assert not answered(console, forged)
    assert alive(console)


@pytest.mark.parametrize("suite", [0, 1, 6, 15])
def test_13_28_a_signature_where_no_algorithm_was_agreed_is_dropped(suite: int) -> None:
    console = session(suite)
    packet = request(console)
    for trailer in (b"", b"\xff\xff\x02\x07", b"\x00\x07", b"\xff\xff\x02\x07" + bytes(12)):
        assert not answered(console, packet[:5] + b"\x40" + packet[6:] + trailer)
    assert alive(console)


@ENCRYPTED
def test_13_29_the_confidentiality_pad_is_checked(suite: int) -> None:
    """Table 13-20: each pad byte is its own index; the packet is signed, so it is the pad that is judged."""
    console = session(suite)
    message = console.message(*GET_DEVICE_ID)
    assert len(message) == 7
    good = bytes(range(1, 9)) + b"\x08"
    plain = message + good
    for wrong in (
        message + bytes(8) + b"\x08",
        message + bytes(range(2, 10)) + b"\x08",
        plain[:-1] + b"\x10",
    ):
        assert not answered(console, sealed(console, wrong))
        assert not answered(console, sealed(console, wrong[:-1] + b"\xff"))
    assert answered(console, sealed(console, plain))


def sealed(console: RawConsoleV20, blocks: bytes) -> bytes:
    """Encrypt whole blocks as they are, and sign the packet."""
    key = rakp.k2(console.suite.authentication, console.sik)[:16]
    iv = bytes(range(16))
    payload = iv + Cipher(AES128(key), CBC(iv)).encryptor().update(blocks)
    console.sequence += 1
    return v20.wrap(v20.ENCRYPTED, console.sidc, console.sequence, payload, console.signer)


def test_13_29_an_iv_may_be_used_twice() -> None:
    """A known controller has one IV for all packets of a session; nobody requires them to differ."""
    console = session(17)
    plain = console.message(*GET_DEVICE_ID) + bytes(range(1, 9)) + b"\x08"
    assert [answered(console, sealed(console, plain)) for _ in range(3)] == [True] * 3


@ENCRYPTED
@pytest.mark.parametrize("size", [0, 1, 15, 16, 17, 31, 33])
def test_13_29_an_encrypted_payload_has_an_iv_and_whole_blocks(suite: int, size: int) -> None:
    console = session(suite)
    console.sequence += 1
    packet = v20.wrap(v20.ENCRYPTED, console.sidc, console.sequence, bytes(size), console.signer)
    assert not answered(console, packet)
    assert alive(console)


def test_13_28_another_session_id_gets_silence() -> None:
    console = session(17)
    for number in (1, console.sidm, console.sidc ^ 1, console.sidc ^ 0x80000000):
        assert not answered(console, request(console, session_id=number, sequence=1))
    assert alive(console)


def test_13_6_a_v20_session_is_not_entered_in_v15_packets_nor_the_other_way() -> None:
    bmc = bench()
    new, old = bmc.in_v20(), bmc.in_v15(address=ELSEWHERE)
    message = old.message(*GET_DEVICE_ID)
    for auth_type in (0, 1, 2, 4):
        packet = old.packet(message, auth_type=auth_type, session_id=new.sidc, sequence=1)
        assert bmc.carry(packet) == []
    for console in (new, bmc.v20()):
        packet = console.packet(message, session_id=old.session_id, sequence=old.inbound)
        assert bmc.carry(packet, ELSEWHERE) == []
    assert alive(new)
    assert alive(old)


def test_13_28_a_payload_that_was_not_activated_is_dropped() -> None:
    console = session(17)
    for kind in (SOL, 0x02, 0x03, 0x10, 0x12, 0x20, 0x27, 0x3F):
        assert not answered(console, console.packet(bytes(16), kind))
    assert alive(console)


def test_13_28_signed_and_unsigned_packets_are_counted_apart() -> None:
    """SOL may run unsigned in a session whose commands are signed; each kind has numbers of its own."""
    bmc = bench()
    console = bmc.in_v20(level=4)
    # SOL parameter 2: neither encryption nor authentication is forced.
    assert bmc.system(0x21, bytes((LAN, 2, 2)), netfn=0x0C) == b"\0"
    activated = console.ask(APP, 0x48, bytes((SOL, 1, 0, 0, 0, 0)))
    assert activated is not None
    assert activated[0] == 0
    typed = console.packet(bytes((1, 0, 0, 0)) + b"ls", SOL, signed=False, encrypted=False)
    assert console.plain_sequence == 1
    assert bmc.backend.power is not None
    assert bmc.backend.serial is not None
    bmc.backend.power.turn_on()
    for _ in range(2):
        bmc.endpoint.receive(typed, console.address)
        bmc.advance(1)
        assert bytes(bmc.backend.serial.typed) == b"ls", "the second is a replay"
    bmc.sent.clear()
    assert console.sequence == 2
    assert alive(console)


def test_13_28_no_packet_is_encrypted_without_being_signed() -> None:
    bmc = bench()
    console = bmc.in_v20(level=4)
    bmc.system(0x21, bytes((LAN, 2, 2)), netfn=0x0C)
    assert console.ask(APP, 0x48, bytes((SOL, 1, 0, 0, 0, 0))) is not None
    assert bmc.backend.power is not None
    assert bmc.backend.serial is not None
    bmc.backend.power.turn_on()
    typed = bytes((1, 0, 0, 0)) + b"ls"
    bmc.endpoint.receive(console.packet(typed, SOL, signed=False), console.address)
    bmc.advance(1)
    assert bytes(bmc.backend.serial.typed) == b""
    bmc.endpoint.receive(console.packet(typed, SOL), console.address)
    bmc.advance(1)
    assert bytes(bmc.backend.serial.typed) == b"ls"


@SIGNED
def test_11_an_integrity_pad_counted_otherwise_is_accepted_if_it_is_signed(suite: int) -> None:
    console = session(suite)
    size = console.signer.size
    packet = request(console)
    end = 16 + int.from_bytes(packet[14:16], "little")
    for trailer in (b"\x00\x07", b"\xff\x01\x07", b"\x00\x00\x02\x07"):
        console.sequence += 1
        head = packet[4:10] + console.sequence.to_bytes(4, "little") + packet[14:end]
        body = head + trailer
        assert answered(console, packet[:4] + body + console.signer.sign(body))
    assert size


def test_table_6_7_a_silent_session_ends_after_a_minute() -> None:
    bmc = bench()
    console = bmc.in_v20()
    bmc.advance(57)
    assert alive(console)
    bmc.advance(57)
    assert bmc.sessions
    bmc.advance(6)
    assert not bmc.sessions
    assert bmc.sent == [], "the console is not told"
    assert not answered(console, request(console))


def test_table_6_7_what_is_dropped_does_not_keep_a_session() -> None:
    bmc = bench()
    console = bmc.in_v20()
    used = request(console)
    assert answered(console, used)
    bmc.advance(50)
    packet = request(console)
    for wrong in (
        used,
        packet[:-1] + bytes((packet[-1] ^ 1,)),
        request(console, signed=False),
        request(console, encrypted=False),
        request(console, sequence=console.sequence + 30),
        request(console, session_id=console.sidc ^ 1),
        console.packet(bytes(8), SOL),
    ):
        assert not answered(console, wrong)
    broken = console.message(*GET_DEVICE_ID)
    assert not answered(console, console.packet(broken[:-1] + bytes((broken[-1] ^ 1,))))
    bmc.advance(11)
    assert not bmc.sessions


def test_table_6_7_any_valid_payload_keeps_a_session() -> None:
    bmc = bench()
    console = bmc.in_v20(level=4)
    activated = console.ask(APP, 0x48, bytes((SOL, 1, 0xC0, 0, 0, 0)))
    assert activated is not None
    assert activated[0] == 0
    for number in range(1, 4):
        bmc.advance(50)
        bmc.endpoint.receive(console.packet(bytes((number, 0, 0, 0)) + b"x", SOL), console.address)
        bmc.sent.clear()
    assert bmc.sessions
    bmc.advance(61)
    assert not bmc.sessions


def test_6_12_the_payloads_of_a_session_end_with_it() -> None:
    bmc = bench()
    console = bmc.in_v20(level=4)
    assert console.ask(APP, 0x48, bytes((SOL, 1, 0xC0, 0, 0, 0))) is not None
    assert bmc.system(0x4A, bytes((SOL,))) == b"\0\x01\x01\x00"
    bmc.advance(61)
    assert bmc.system(0x4A, bytes((SOL,))) == b"\0\x01\x00\x00"


def test_9_answers_go_to_where_the_latest_valid_packet_came_from() -> None:
    bmc = bench()
    console = bmc.in_v20()
    console.address = ELSEWHERE
    assert alive(console)
    assert bmc.sessions[0].address == ELSEWHERE
    forged = request(console, signed=False, encrypted=False)
    assert bmc.carry(forged, ("192.0.2.66", 6)) == []
    assert bmc.sessions[0].address == ELSEWHERE


def test_6_12_9_before_the_numbers_run_out_the_session_ends() -> None:
    bmc = bench()
    console = bmc.in_v20()
    (active,) = bmc.sessions
    active.outbound = 0xFFFFFFFE  # type: ignore[attr-defined]  # a v2.0 session
    assert answered(console, request(console))
    assert not bmc.sessions
    assert not answered(console, request(console))


def test_6_3_at_least_four_sessions_for_one_address_and_one_user() -> None:
    bmc = bench()
    consoles = [bmc.in_v20(seed=n) for n in range(4)] + [bmc.in_v15(OPERATOR) for _ in range(4)]
    assert len({session.handle for session in bmc.sessions}) == 8
    assert all(alive(console) for console in consoles)
    assert bmc.system(0x42, bytes((LAN,)))[4] == 0x80 | 8
    assert ADMIN.user_id in {session.user_id for session in bmc.sessions}
