"""``baseboard serial``."""

from __future__ import annotations

from typing import Any

import pytest

from baseboard.bmc.blueprint.serial import CallbackSpec
from baseboard.bmc.services.serial_mux import SHARED
from baseboard.cli.long_options import UsageError
from baseboard.commands.parameters.serial_dialing import DestinationDialString, TapPassword
from tests.cli.serial_stage import SerialStage


async def test_all_parameters_are_printed() -> None:
    lines = [" ".join(line.split()) for line in await SerialStage().says("print")]
    assert lines[0] == "PARAMETER ENTRY FIELDS"
    assert "connection-mode direct=yes terminal=yes ppp=no basic=yes" in lines
    assert "modem-init-string text=ATE1Q0V1X4&D0S0=0" in lines
    assert [line for line in lines if line.startswith("destination-dial-string")][:2] == [
        'destination-dial-string 0 text=""',
        'destination-dial-string 1 text=""',
    ]


@pytest.mark.parametrize(
    ("line", "lines"),
    [
        ("get connection-mode", ["connection-mode direct=yes terminal=yes ppp=no basic=yes"]),
        ("get 4", ["session-inactivity-timeout timeout=2"]),
        ("get 4 channel 2", ["session-inactivity-timeout timeout=2"]),
        ("get destination-dial-string 1", ["destination-dial-string 1 text=555"]),
    ],
)
async def test_one_parameter(line: str, lines: list[str]) -> None:
    on = SerialStage(callbacks=(CallbackSpec(2, "555"),))
    assert [" ".join(one.split()) for one in await on.says(line)][1 : 1 + len(lines)] == lines


async def test_a_parameter_that_there_is_not() -> None:
    on = SerialStage()
    assert await on.run("get destination-info 99") == 1
    assert on.err == "The controller has no such parameter\n"


async def test_parameters_are_changed() -> None:
    on = SerialStage()
    await on.says("set connection-mode terminal=no")
    await on.says("set session-inactivity-timeout timeout=0xA channel 2")
    await on.says("set destination-info 1 kind=dial-page upper=3")
    await on.says("set destination-dial-string 2 555 1234")
    await on.says("set modem-init-string ATE0Q0")
    await on.says("set tap-password 1 password=secret")
    lines = [" ".join(line.split()) for line in await on.says("print")]
    assert "connection-mode direct=yes terminal=no ppp=no basic=yes" in lines
    assert "session-inactivity-timeout timeout=10" in lines
    assert "modem-init-string text=ATE0Q0" in lines
    assert any(line.startswith("destination-info 1 ") and "upper=3" in line for line in lines)
    assert on.serial.parameters.text(DestinationDialString.selector, 2) == b"555 1234"
    (password,) = [data for _, cmd, data in on.asked if cmd == 0x10 and data[1] == TapPassword.selector]
    assert password[2:] == b"\x01secret"


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("mux", "The line is the system's"),
        ("mux bmc", "The line is the BMC's"),
        ("mux force bmc", "The line is the BMC's"),
        ("mux block bmc", "The line is the system's; requests to the BMC are blocked"),
    ],
)
async def test_the_mux(line: str, text: str) -> None:
    assert await SerialStage(sharing=True, access=SHARED).says(line) == [text]


async def test_a_switch_that_is_rejected() -> None:
    on = SerialStage(sharing=True, access=SHARED)
    await on.says("mux block bmc")
    assert await on.run("mux bmc") == 1
    assert on.err == "The request was rejected\n"


async def test_what_else_a_mux_says() -> None:
    on = SerialStage({(0x0C, 0x12): b"\0\x8d"})
    first, *notes = (await on.says("mux"))[0].split("; ")
    assert first == "The line is the BMC's"
    assert notes == ["an alert is in progress", "a session is open", "requests to the system are blocked"]


async def test_the_routing() -> None:
    on = SerialStage()
    assert await on.says("route") == ["Entry 0 of system-serial-port-association holds"]
    assert await on.says("route 1") == ["Entry 1 of system-serial-port-association holds"]


async def test_the_line_is_handed_to_the_system() -> None:
    on = SerialStage({(0x0C, 0x18): b"\0"})
    assert await on.says("acknowledge") == []
    assert on.asked[-1][:2] == (0x0C, 0x18)


async def test_callback() -> None:
    on = SerialStage({(0x0C, 0x19): b"\0"}, callbacks=(CallbackSpec(2, "555"),))
    assert await on.says("callback 1") == ["The BMC calls back"]
    assert await on.says("callback user 2") == ["ipmi cbcp pre-specified 1"]
    assert await on.says("callback user 3 ipmi cbcp one-of-list 1 2") == []
    assert await on.says("callback user 3") == ["ipmi cbcp one-of-list 1 2"]
    await on.says("callback user 3 off")
    assert await on.says("callback user 3") == ["off"]


async def test_over_a_serial_line_its_own_channel_is_meant() -> None:
    on = SerialStage({(0x0C, 0x19): b"\0"}, interface="serial-basic")
    await on.says("callback 1")
    assert on.asked == [(0x0C, 0x19, b"\x0e\x01")]


async def test_codes_of_a_paging_service() -> None:
    on = SerialStage()
    assert await on.says("tap") == ["no page was answered yet"]
    on.serial.page_answered(b"211")
    assert await on.says("tap") == ["211"]


async def test_the_udp_proxy() -> None:
    on = SerialStage()
    sent: list[Any] = []
    on.serial.proxy.link = sent.append
    await on.says("proxy write 010203")
    assert await on.says("proxy read 3") == ["01 02 03"]
    await on.says("proxy send 3 192.0.2.1 162 1024")
    assert sent[0].data == b"\1\2\3"
    assert await on.says("proxy receive") == ["no packet came"]
    on.serial.proxy.arrived(b"\x45")
    assert await on.says("proxy receive") == ["45"]


async def test_a_controller_without_a_serial_channel() -> None:
    on = SerialStage(without=True)
    assert await on.run("print") == 1
    assert on.err == "The controller has no serial channel\n"


@pytest.mark.parametrize(
    "line",
    [
        "", "nonsense", "print all", "get", "get nonsense", "get 4 1 1", "set 4", "set 4 nonsense=1",
        "mux up", "route 1 2", "callback", "callback user", "callback user 2 ipmi 1 2 3 4", "tap 1", "proxy",
        "proxy write xy", "print channel 99",
    ],
)  # fmt: skip
async def test_what_cannot_be_meant(line: str) -> None:
    with pytest.raises(UsageError):
        await SerialStage().run(line)
