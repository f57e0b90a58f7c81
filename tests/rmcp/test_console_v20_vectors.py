"""Whole v2.0 sessions of a console byte for byte, by vectors."""

from __future__ import annotations

from typing import Any

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from baseboard.crypto.suites import SUITES
from baseboard.rmcp import setup, v20
from baseboard.rmcp.console import Phase
from baseboard.rmcp.console_events import (
    Answered,
    Reason,
    SessionEnded,
    SessionOpened,
)
from baseboard.rmcp.console_v20 import ConsoleV20
from baseboard.rmcp.login import Login
from tests.session_vectors import number, octets, vectors


class Tape:
    """Random bytes in the order in which a login draws them, then what puts given IVs on the wire."""

    def __init__(self, *drawn: bytes) -> None:
        self.queue = list(drawn)

    def __call__(self, size: int) -> bytes:
        drawn = self.queue.pop(0)
        assert len(drawn) == size
        return drawn


def block_before(iv: bytes, key: bytes, last: bytes) -> bytes:
    """The block whose ciphertext is this IV in an AES-CBC context whose last ciphertext block is known."""
    return Cipher(algorithms.AES128(key), modes.CBC(last)).decryptor().update(iv)


def login_of(given: dict[str, Any]) -> Login:
    """What the console of a vector knows."""
    role = octets(given["role"])[0]
    return Login(
        username=octets(given["username"]),
        password=octets(given["password"]),
        kg=octets(given["kg"] or ""),
        privilege=role & 0x0F,
        name_only=bool(role & setup.NAME_ONLY),
        guid=octets(given["guid"]),
    )


@vectors("v20_session")
def test_whole_sessions_byte_for_byte(given: dict[str, Any], expected: dict[str, Any]) -> None:
    datagrams = {name: octets(text) for name, text in expected["datagrams"].items()}
    role, login = octets(given["role"])[0], login_of(given)
    tape = Tape(octets(given["console_sid_wire"]), octets(given["rm"]))
    machine = ConsoleV20(login, SUITES[given["suite"]], tape)
    aes, last, ivs = given["confidentiality"] == 1, bytes(16), [octets(iv) for iv in given["ivs"]]
    key = octets(expected["keys"]["k2"])[:16]

    def expect(request: str, response: str, iv: int | None = None) -> None:
        nonlocal last
        (sent,) = machine.outgoing()
        assert sent == datagrams[request], request
        if aes and iv is not None:
            start, end = v20.parse(sent)[3:]
            last = sent[end - 16 : end]
            assert sent[start : start + 16] == ivs[iv]
        machine.receive(datagrams[response], 0.0)
        assert machine.dropped == 0

    def prepare(iv: int) -> None:
        if aes:
            tape.queue.append(block_before(ivs[iv], key, last))
        elif given["confidentiality"] and not iv:
            tape.queue.append(ivs[0])

    machine.open(0.0)
    expect("open_req", "open_rsp")
    expect("rakp1", "rakp2")
    prepare(0)
    expect("rakp3", "rakp4")
    expect("set_priv_req", "set_priv_rsp", 0)
    assert machine.events() == [SessionOpened(number(given["bmc_sid_wire"]), role & 0x0F, login.guid or b"")]
    prepare(2)
    token = machine.request(0x06, 0x01, b"", 0.0)
    expect("get_device_id_req", "get_device_id_rsp", 2)
    (answer,) = machine.events()
    assert isinstance(answer, Answered)
    assert (answer.token, answer.data) == (token, octets(expected["plaintexts"]["get_device_id_rsp"])[6:-1])
    prepare(4)
    machine.close(0.0)
    expect("close_req", "close_rsp", 4)
    assert machine.events() == [SessionEnded(Reason.CLOSED)]
    assert machine.phase is Phase.CLOSED
    assert not tape.queue


@vectors("v20_session_capture")
def test_a_captured_bmc_is_understood(given: dict[str, Any], expected: dict[str, Any]) -> None:
    login = Login(username=octets(given["username"]), privilege=octets(given["role"])[0] & 0x0F)
    datagrams = {name: octets(text) for name, text in expected["datagrams"].items()}
    rakp1 = setup.Rakp1.decode(datagrams["rakp1"][16:])
    machine = ConsoleV20(login, SUITES[0], Tape(octets(given["console_sid_wire"]), rakp1.rm))

    def tagged(name: str) -> bytes:
        # The captured console gave every message the tag 0.
        sent = machine.outgoing()[0]
        return datagrams[name][:16] + sent[16:17] + datagrams[name][17:]

    machine.open(0.0)
    for name in ("open_rsp", "rakp2", "rakp4"):
        machine.receive(tagged(name), 0.0)
    assert machine.phase is Phase.SET_PRIVILEGE
    assert machine.dropped == 0
