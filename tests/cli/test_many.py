"""A verb on several BMCs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from baseboard.cli.hosts import folded
from tests.cli.simulated import Simulated, Told, running

Program = Callable[..., Told]


@pytest.fixture(scope="module")
def other() -> Iterator[Simulated]:
    with running() as simulated:
        yield simulated


@pytest.fixture
def both(bmc: Simulated, other: Simulated) -> tuple[str, ...]:
    return ("-H", f"{bmc.place},{other.place}", "-U", "admin", "-E")


def test_equal_outputs_are_printed_once(
    both: tuple[str, ...], bmc: Simulated, other: Simulated, program: Program
) -> None:
    told = program(*both, "power", "status", login=False)
    assert told == Told(0, f"{folded([bmc.place, other.place])}: (2)\nChassis Power is on\n", "")


def test_one_that_fails_stops_no_other(bmc: Simulated, program: Program) -> None:
    hosts = f"127.0.0.1:9,{bmc.place}"
    told = program("-H", hosts, "-U", "admin", "-E", "-N", "1", "-R", "1", "power", "status", login=False)
    assert told.code == 11
    assert told.out == f"{bmc.place}:\nChassis Power is on\n"
    assert "baseboard: 127.0.0.1:9: " in told.err
    assert told.err.endswith("baseboard: 1 of 2 hosts failed: 127.0.0.1:9\n")


def test_lines_may_have_their_host(
    both: tuple[str, ...], bmc: Simulated, other: Simulated, program: Program
) -> None:
    told = program(*both, "--no-fold", "power", "status", login=False)
    assert set(told.out.splitlines()) == {
        f"{bmc.place}: Chassis Power is on",
        f"{other.place}: Chassis Power is on",
    }


def test_json_is_a_document_a_host(
    both: tuple[str, ...], bmc: Simulated, other: Simulated, program: Program
) -> None:
    with other.answers({(0x00, 0x01): b"\xc1"}):
        told = program(*both, "--json", "power", "status", login=False)
    assert {one["host"]: one["ok"] for one in told.documents} == {bmc.place: True, other.place: False}
    assert told.code == 11
    assert f"{other.place}: " in told.err


def test_what_goes_on_is_streamed_from_all(both: tuple[str, ...], program: Program) -> None:
    words = ("--json", "sel", "follow", "--count", "1", "--timeout", "0.3", "--interval", "0.05")
    told = program(*both, *words, login=False)
    assert told.code == 9
    assert len(told.documents) == 2


def test_hosts_come_from_a_file(bmc: Simulated, other: Simulated, program: Program, tmp_path: Path) -> None:
    path = tmp_path / "hosts"
    path.write_text(f"{bmc.place}  # the first\n{other.place}\n")
    told = program("--hosts", str(path), "-U", "admin", "-E", "power", "status", login=False)
    assert told.out.startswith(f"{folded([bmc.place, other.place])}: (2)\n")


def test_at_most_so_many_are_asked_at_a_time(
    both: tuple[str, ...], bmc: Simulated, other: Simulated, program: Program
) -> None:
    order: list[str] = []
    lines = {(0x00, 0x01): b"\x00\x21\x00\x40", (0x06, 0x3C): b"\x00"}

    def note(name: str, answer: bytes) -> Callable[[bytes], bytes]:
        def line(data: bytes) -> bytes:
            order.append(name)
            return answer

        return line

    with (
        bmc.answers({key: note("first", line) for key, line in lines.items()}),
        other.answers({key: note("second", line) for key, line in lines.items()}),
    ):
        assert program(*both, "--parallel", "1", "power", "status", login=False).code == 0
    assert order == ["first", "first", "second", "second"]


def test_yes_agrees_to_what_is_lost(both: tuple[str, ...], program: Program) -> None:
    assert program(*both, "sel", "clear", login=False).code == 2
    assert program(*both, "--yes", "sel", "clear", login=False).code == 0
