"""``pet listen``: traps in words."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ipaddress import IPv4Address
from pathlib import Path

import pytest

from baseboard.cli.long_options import UsageError
from baseboard.cli.pet_listen import EVERYWHERE, place, reply_port
from baseboard.records.events import EventData
from baseboard.records.pet import PlatformEventTrap, text_field
from baseboard.rmcp.snmp_trap import SnmpTrap
from tests.cli.simulated import Simulated, Told

Program = Callable[..., Told]


def a_trap(sequence: int = 1, sensor: int = 1, text: bytes = b"Too hot") -> bytes:
    """The inlet's upper critical threshold, 54 degrees over 42."""
    trap = PlatformEventTrap(
        guid=bytes(16), sequence_number=sequence, local_timestamp=435_071_844, utc_offset=0, severity=0x10,
        sensor_device=0x20, sensor_number=sensor, event_data=EventData.decode(bytes.fromhex("596C54")),
        manufacturer_id=674, system_id=1, oem=text_field(text),
    )  # fmt: skip
    return SnmpTrap(
        community=b"public", agent=IPv4Address("192.0.2.1"), number=0x010109, variable=trap.encode()
    ).encode()


@contextmanager
def sending(*datagrams: bytes) -> Iterator[tuple[int, list[bytes]]]:
    """Send these to a free port again and again, until the block ends; gives the port and what came back."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    over, back = threading.Event(), []

    def talk() -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            sock.bind(("127.0.0.1", 0))
            sock.settimeout(0.05)
            while not over.is_set():
                for data in datagrams:
                    sock.sendto(data, ("127.0.0.1", port))
                try:
                    back.append(sock.recv(2048))
                except OSError:
                    continue

    thread = threading.Thread(target=talk)
    thread.start()
    try:
        yield port, back
    finally:
        over.set()
        thread.join()


@pytest.mark.parametrize(
    ("word", "where"),
    [
        ("", (EVERYWHERE, 162)), ("1162", (EVERYWHERE, 1162)), ("192.0.2.1", ("192.0.2.1", 162)),
        ("192.0.2.1:1162", ("192.0.2.1", 1162)), (":1162", (EVERYWHERE, 1162)), ("[::1]", ("::1", 162)),
        ("[::1]:1162", ("::1", 1162)),
    ],
)  # fmt: skip
def test_where_to_listen(word: str, where: tuple[str, int]) -> None:
    assert place(word) == where


def test_what_is_no_port() -> None:
    with pytest.raises(UsageError, match="is no port"):
        place("192.0.2.1:snmp")
    for word in ("0", "x", "70000"):
        with pytest.raises(UsageError, match="--acknowledge"):
            reply_port(word)
    assert [reply_port(word) for word in (None, "source", "623")] == [None, 0, 623]


def test_a_trap_is_told_in_a_line(program: Program) -> None:
    with sending(b"nonsense", a_trap()) as (port, back):
        told = program("pet", "listen", f"127.0.0.1:{port}", "--count", "1", login=False)
    assert told.code == 0
    (line,) = told.out.splitlines()
    assert line.split()[:4] == ["2011-10-15", "13:17:24", "127.0.0.1", "critical"]
    assert "#01h" in line
    assert "Upper Critical - going high" in line
    assert line.endswith("Too hot")
    assert told.err == f"baseboard: listening at 127.0.0.1 port {port}\n"
    assert back == []


def test_repetitions_are_told_once_and_acknowledged(program: Program) -> None:
    with sending(a_trap(1), a_trap(2)) as (port, back):
        told = program(
            "pet", "listen", f"127.0.0.1:{port}", "--count", "2", "--acknowledge", "source", login=False
        )
    assert len(told.out.splitlines()) == 2
    assert back
    assert all(data[:4] == b"\x06\x00\xff\x07" for data in back)


def test_with_json_each_is_a_document(program: Program) -> None:
    with sending(a_trap()) as (port, _):
        told = program("pet", "listen", str(port), "--count", "1", "--json", login=False)
    result = told.document["result"]
    assert (told.document["host"], told.document["command"]) == ("127.0.0.1", "pet listen")
    assert (result["severity"], result["text"], result["sequence_number"]) == ("critical", "Too hot", 1)
    assert result["time"] == "2011-10-15T13:17:24+00:00"


def test_the_senders_own_records_name_the_sensor(program: Program, bmc: Simulated) -> None:
    with sending(a_trap()) as (port, _):
        told = program("pet", "listen", str(port), "--count", "1")
    assert "Inlet Temp" in told.out
    assert "reading 54 degrees C" in told.out


def test_a_file_of_records_names_it_too(program: Program, tmp_path: Path) -> None:
    kept = tmp_path / "records"
    assert program("sdr", "dump", str(kept)).code == 0
    with sending(a_trap()) as (port, _):
        told = program("-S", str(kept), "pet", "listen", str(port), "--count", "1", login=False)
    assert "Inlet Temp" in told.out


def test_a_file_that_is_none_is_told(program: Program, tmp_path: Path) -> None:
    told = program("-S", str(tmp_path / "none"), "pet", "listen", "0", login=False)
    assert (told.code, "No such file" in told.err) == (1, True)


def test_it_ends_after_its_time(program: Program) -> None:
    assert program("pet", "listen", "127.0.0.1:0", "--timeout", "0.1", login=False).code == 0
    assert program("pet", "listen", "127.0.0.1:0", "--timeout", "0.1", "--count", "1", login=False).code == 1


def test_a_port_that_is_taken_is_told(program: Program) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        told = program("pet", "listen", f"127.0.0.1:{taken.getsockname()[1]}", login=False)
    assert told.code == 1
    assert "in use" in told.err


@pytest.mark.parametrize("words", [["pet"], ["pet", "send"], ["pet", "listen", "a", "b"]])
def test_there_is_one_verb(program: Program, words: list[str]) -> None:
    told = program(*words, login=False)
    assert (told.code, "pet listen [ADDRESS:PORT]" in told.err) == (2, True)
