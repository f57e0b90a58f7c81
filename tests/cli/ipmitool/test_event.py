"""``event``: the samples, events from a file, and over which channel they go."""

from __future__ import annotations

from pathlib import Path

import pytest

from baseboard.cli.results.event import EventSent
from tests.cli.ipmitool.typed import Typed

LAN = b"\x00\x01\x04\x01\x80\xf2\x1b\x00\x00\x00"
SYSTEM = b"\x00\x0f\x0c\x05\x00\xf2\x1b\x00\x00\x00"
DEVICE_ID = b"\x00\x20\x01\x02\x10\x02\xbf\x00\x00\x00\x01\x01"
EMPTY_SDR = {
    (6, 1): DEVICE_ID,
    (0x0A, 0x20): b"\x00\x51" + bytes(13),
    (0x0A, 0x22): b"\x00\x01\x00",
    (0x0A, 0x23): b"\xcb",
}


def typed(channel: bytes | None = LAN, answer: bytes | None = b"\x00") -> Typed:
    return Typed({(6, 0x42): channel, (4, 2): answer, **EMPTY_SDR})


# What ipmitool 1.8.19 prints for its three samples, and sends (Table 29-6).
@pytest.mark.parametrize(
    ("number", "printed", "sent"),
    [
        (
            "1",
            "Sending SAMPLE event: Temperature - Upper Critical - Going High\n"
            "   0 |  Pre-Init  |0000000000| Temperature #0x30 | Upper Critical going high | Asserted\n",
            "0401300109ffff",
        ),
        (
            "2",
            "Sending SAMPLE event: Voltage Threshold - Lower Critical - Going Low\n"
            "   0 |  Pre-Init  |0000000000| Voltage #0x60 | Lower Critical going low  | Asserted\n",
            "0402600102ffff",
        ),
        (
            "3",
            "Sending SAMPLE event: Memory - Correctable ECC\n"
            "   0 |  Pre-Init  |0000000000| Memory #0x53 | Correctable ECC | Asserted\n",
            "040c536f00ffff",
        ),
    ],
)
async def test_a_sample_is_printed_and_sent(number: str, printed: str, sent: str) -> None:
    command = typed()
    assert await command("event", number) == 0
    assert command.out == printed
    assert command.sent(4, 2) == [bytes.fromhex(sent)]
    assert command.call.results == [EventSent(message=sent)]


async def test_over_a_system_interface_the_generator_comes_first() -> None:
    command = typed(SYSTEM)
    assert await command("event", "3") == 0
    assert command.sent(4, 2) == [bytes.fromhex("41040c536f00ffff")]


@pytest.mark.parametrize(
    ("channel", "err"),
    [
        (None, "IPMI response is NULL.\n"),
        (b"\xd4", "Get Channel Info command failed: Insufficient privilege level\n"),
        (b"\xcc", ""),
        (b"\x00\x01", "Unexpected data length received.\n"),
    ],
)
async def test_nothing_is_sent_over_an_unknown_channel(channel: bytes | None, err: str) -> None:
    command = typed(channel)
    assert await command("event", "1") == 1
    assert command.err == err + "Failed to send the platform event via an unknown channel\n"
    assert not command.sent(4, 2)


@pytest.mark.parametrize(
    ("answer", "err"),
    [
        (None, "Platform Event Message command failed\n"),
        (b"\xc1", "Platform Event Message command failed: Invalid command\n"),
    ],
)
async def test_a_refused_event_is_told(answer: bytes | None, err: str) -> None:
    command = typed(answer=answer)
    assert await command("event", "1") == 1
    assert command.err == err


async def test_events_of_a_file_are_sent_in_order(tmp_path: Path) -> None:
    path = tmp_path / "events"
    path.write_text("# none\n\n0x04 0x01 0x30 0x01 0x09 0xff 0xff # one\n4 2 0x60 1 2 255 255\n")
    command = typed()
    assert await command("event", "file", str(path)) == 0
    assert command.sent(4, 2) == [bytes.fromhex("0401300109ffff"), bytes.fromhex("0402600102ffff")]


async def test_a_line_that_is_no_event_is_told_and_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "events"
    path.write_text("4 1 foo\n4 1 2\n")
    command = typed()
    assert await command("event", "file", str(path)) == 1
    assert command.err == (
        "Invalid token in file: [foo]\nInvalid Event: 04010000000000\nInvalid Event: 04010200000000\n"
    )
    assert not command.sent(4, 2)


async def test_the_first_refused_event_of_a_file_is_the_last(tmp_path: Path) -> None:
    path = tmp_path / "events"
    path.write_text("4 1 2 1 9 255 255\n4 1 3 1 9 255 255\n")
    command = typed(answer=b"\xd4")
    assert await command("event", "file", str(path)) == 1
    assert len(command.sent(4, 2)) == 1


async def test_a_file_that_is_not_there_is_told() -> None:
    command = typed()
    assert await command("event", "file", "/nowhere/at/all") == 1
    assert command.err == "File /nowhere/at/all does not exist\n"


@pytest.mark.parametrize("words", [(), ("help",), ("file",)])
async def test_help(words: tuple[str, ...]) -> None:
    command = typed()
    assert await command("event", *words) == 0
    assert command.err.startswith("\nusage: event <num>\n   Send generic test events\n")
    assert not command.asked


async def test_verbose_prints_a_block() -> None:
    command = Typed({(6, 0x42): LAN, (4, 2): b"\x00", **EMPTY_SDR}, verbose=1)
    assert await command("event", "1") == 0
    assert "SEL Record ID          : 0000\n" in command.out
