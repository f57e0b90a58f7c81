"""``bmc.serial``: parameters, mux, callback, paging, the UDP proxy."""

from __future__ import annotations

from typing import Any

import pytest

from baseboard.bmc.blueprint.serial import CallbackSpec, SerialSpec
from baseboard.bmc.services.serial_mux import SHARED
from baseboard.client.serial_settings import CallbackOptions, SerialChannel
from baseboard.commands.parameters.serial import (
    CbcpOptions,
    ConnectionMode,
    DeleteStyle,
    SerialParameter,
    SessionInactivityTimeout,
    SystemSerialPortAssociation,
    TerminalModeConfiguration,
    TerminalOperation,
)
from baseboard.commands.parameters.serial_dialing import (
    DestinationDialString,
    DestinationInfo,
    DestinationKind,
    ModemInitString,
    NumberOfDialStrings,
    SystemPhoneNumber,
    TapPassword,
)
from baseboard.commands.transport.serial import MuxSetting
from baseboard.errors import CompletionError, NoEffect
from tests.client.harness import Desk, desk


def made(lines: Any = None, **spec: Any) -> tuple[Desk, SerialChannel]:
    front = desk(lines, serial=SerialSpec(**spec))
    return front, front.bmc.serial.channel(2)


async def test_the_first_serial_channel_is_found_or_not() -> None:
    front, line = made()
    assert await front.bmc.serial.first() is line
    assert await desk().bmc.serial.first() is None


async def test_every_parameter_is_read_tables_and_strings_entry_by_entry() -> None:
    _, line = made()
    found = await line.read_all()
    numbers = [one.selector for one in found]
    assert set(numbers) == set(SerialParameter.members()) - {26, 42}
    assert numbers == sorted(numbers)
    assert (numbers.count(17), numbers.count(21), numbers.count(10), numbers.count(51)) == (9, 27, 3, 2)
    assert len(await line.read_kind(DestinationInfo)) == 9
    assert len(await line.read_kind(SystemSerialPortAssociation)) == 2
    (mode,) = await line.read_kind(ConnectionMode)
    assert mode == ConnectionMode(direct=True, terminal=True, basic=True)


async def test_a_controller_with_fewer_parameters_gives_those_it_has() -> None:
    def few(data: bytes) -> bytes:
        return b"\0\x11\x02" if data[1] == 4 else b"\x80"

    _, line = made({(0x0C, 0x11): few})
    assert await line.read_all() == [SessionInactivityTimeout(timeout=2)]
    assert await line.read_kind(DestinationInfo) == []


async def test_parameters_are_changed_under_set_in_progress_and_read_back() -> None:
    front, line = made()
    info = DestinationInfo(destination=1, kind=DestinationKind.DIAL_PAGE, upper=1)
    text = DestinationDialString(set_selector=1, block_selector=1, text=b"555")
    password = TapPassword(set_selector=1, password=b"secret")
    await line.change([ConnectionMode(direct=True, basic=True), info, text, password])
    assert await line.get(ConnectionMode) == ConnectionMode(direct=True, basic=True)
    assert await line.get(DestinationInfo, 1) == info
    sets = [data for netfn, cmd, data in front.script.asked if (netfn, cmd) == (0x0C, 0x10)]
    states = [data[2] for data in sets if not data[1]]
    assert (states[0], states[-1]) == (1, 0)


async def test_29_the_stored_copy_is_written_without_a_look_at_the_volatile_one() -> None:
    front, line = made()
    wanted = TerminalModeConfiguration(
        operation=TerminalOperation.SET_NON_VOLATILE,
        line_editing=False,
        delete=DeleteStyle(0),
        echo=False,
        handshake=True,
    )
    await line.change([wanted])
    assert front.bench.services.serial.parameters.stored_terminal.handshake


async def test_what_is_refused_and_what_does_not_take_effect() -> None:
    _, line = made()
    with pytest.raises(CompletionError, match="82h"):
        await line.change([NumberOfDialStrings(count=1)])
    _, stubborn = made({(0x0C, 0x10): b"\0"})
    with pytest.raises(NoEffect, match=r"SessionInactivityTimeout \(4\)"):
        await stubborn.change([SessionInactivityTimeout(timeout=9)])


@pytest.mark.parametrize("text", ["", "555", "1234567890123456", "x" * 20, "y" * 47, "z" * 48])
async def test_strings_are_written_in_blocks(text: str) -> None:
    front, line = made()
    await line.set_text(DestinationDialString, "w" * 40, 2)
    await line.set_text(DestinationDialString, text, 2)
    assert await line.text(DestinationDialString, 2) == text
    assert front.bench.services.serial.parameters.text(21, 2) == text.encode()


async def test_strings_without_a_set_and_too_long_ones() -> None:
    _, line = made()
    await line.set_text(ModemInitString, "ATE0")
    assert await line.text(ModemInitString) == "ATE0"
    await line.set_text(SystemPhoneNumber, "5" * 32)
    assert await line.text(SystemPhoneNumber) == "5" * 32
    with pytest.raises(CompletionError, match="C9h"):
        await line.set_text(ModemInitString, "x" * 49)


async def test_the_mux_and_the_routing() -> None:
    _, line = made(sharing=True, access=SHARED)
    assert (await line.mux()).at_bmc is False
    answer = await line.mux(MuxSetting.FORCE_TO_BMC)
    assert (answer.accepted, answer.at_bmc) == (True, True)
    assert [await line.route(), await line.route(1), await line.route()] == [0, 1, 1]


async def test_callback() -> None:
    _, line = made(callbacks=(CallbackSpec(2, "555"),))
    assert await line.callback_options(2) == CallbackOptions(
        ipmi=True, cbcp=True, options=CbcpOptions.PRE_SPECIFIED, destinations=(1,)
    )
    wanted = CallbackOptions(ipmi=True, cbcp=False, options=CbcpOptions(0), destinations=(1, 2))
    await line.set_callback_options(3, wanted)
    assert await line.callback_options(3) == wanted
    with pytest.raises(CompletionError, match="D5h"):
        await line.call_back(1)


async def test_tap_codes_that_there_are() -> None:
    front, line = made()
    assert await line.tap_codes() == ()
    front.bench.services.serial.page_answered(b"110")
    front.bench.services.serial.page_answered(b"211")
    assert await line.tap_codes() == ("211", "110")


async def test_the_udp_proxy() -> None:
    front, line = made()
    data = bytes(range(40))
    await line.proxy_write(data)
    assert await line.proxy_read(40) == data
    with pytest.raises(CompletionError, match="80h"):
        await line.proxy_send(40, "192.0.2.1", 162)
    proxy = front.bench.services.serial.proxy
    sent: list[Any] = []
    proxy.link = sent.append
    await line.proxy_send(4, "192.0.2.1", 162)
    assert sent[0].data == data[:4]
    assert await line.proxy_receive() == b""
    proxy.arrived(data)
    assert await line.proxy_receive(clear=False) == data
    assert await line.proxy_receive() == data
    assert await line.proxy_receive() == b""
    _, broken = made({(0x0C, 0x17): b"\xc1"})
    with pytest.raises(CompletionError, match="C1h"):
        await broken.proxy_receive()
