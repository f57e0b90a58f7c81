"""The interface ``open``: who is asked, how long, and what becomes of it."""

from __future__ import annotations

import asyncio
import errno
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from baseboard.client.bmc import Bmc
from baseboard.client.interface import Target
from baseboard.client.ipmidev import LONGEST, DeviceInterface, open_device
from baseboard.client.settings import Settings
from baseboard.commands.app.device import GetDeviceId
from baseboard.errors import CompletionError, EncodeError, NoResponse, SessionClosed, TransportError
from baseboard.rmcp.lan_message import unwrap, wrap_response
from baseboard.transports.ipmidev_abi import AddressType, DeviceAddress
from tests.client.harness import desk
from tests.transports.kernel import SYSTEM_INTERFACE, Answer, Asked, Kernel


class Machine:
    """This machine: a driver, and the interface on it."""

    def __init__(self, folder: Path) -> None:
        self.kernel = Kernel(folder, lambda asked: self.answer(asked))
        self.answer: Answer = lambda asked: b"\0"

    def open(self, **settings: Any) -> DeviceInterface:
        wanted = {"interface": "open", "timeout": 0.25, "retries": 2, **settings}
        return DeviceInterface(Settings(device=self.kernel.path, **wanted), ioctl=self.kernel.ioctl)


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    made = Machine(tmp_path)
    yield made
    made.kernel.close()


async def test_the_bmc_itself_is_asked_over_the_system_interface(machine: Machine) -> None:
    interface = machine.open()
    assert (interface.name, interface.privilege, interface.depth) == ("open", 4, 1)
    assert await interface.exchange(6, 1, b"\x01", target=Target(lun=3), timeout=9) == b"\0"
    (asked,) = machine.kernel.asked
    assert (asked.netfn, asked.cmd, asked.data, asked.retries) == (6, 1, b"\x01", 0)
    assert asked.address == SYSTEM_INTERFACE._replace(lun=3)
    await interface.close()


async def test_a_controller_answers_a_whole_library(machine: Machine) -> None:
    bench = desk().bench

    def ask(asked: Asked) -> bytes:
        return bench.raw(asked.netfn, asked.cmd, asked.data, asked.address.lun)

    machine.answer = ask
    async with Bmc(machine.open(), Settings(interface="open")) as bmc:
        assert (await bmc.execute(GetDeviceId())).device_id == bench.blueprint.identity.device_id
        with pytest.raises(CompletionError, match="C1h"):
            await bmc.raw(0x3E, 0x77)


async def test_another_controller_is_asked_over_the_drivers_ipmb(machine: Machine) -> None:
    interface = machine.open()
    await interface.exchange(6, 1, b"", target=Target(address=0x82, channel=7, lun=1), timeout=9)
    await interface.exchange(6, 1, b"", target=Target(address=0x82), timeout=9, retry=False)
    await interface.exchange(6, 1, b"", target=Target(address=0x82), timeout=0.4)
    first, second, third = machine.kernel.asked
    assert first.address == DeviceAddress(AddressType.IPMB, 7, 1, 0x82)
    assert (first.retries, first.retry_ms, second.retries) == (2, 250, 0)
    assert (third.retries, third.retry_ms) == (2, 100)  # all three within the time given
    await interface.close()


async def test_beyond_another_controller_send_message_goes_to_that_one(machine: Machine) -> None:
    target = Target(address=0x72, channel=7, lun=1, transit_address=0x82, transit_channel=0)

    def carry(asked: Asked) -> bytes:
        inside = unwrap(asked.data[1:])
        assert (asked.netfn, asked.cmd, asked.data[0]) == (6, 0x34, 0x47)
        assert (inside.rs_addr, inside.rs_lun, inside.netfn, inside.cmd) == (0x72, 1, 6, 1)
        return b"\0" + wrap_response(inside, b"\0" + inside.data)

    machine.answer = carry
    interface = machine.open()
    assert await interface.exchange(6, 1, b"\x05\x06", target=target, timeout=9) == b"\0\x05\x06"
    assert machine.kernel.asked[0].address == DeviceAddress(AddressType.IPMB, 0, 0, 0x82)
    machine.answer = lambda asked: b"\xc3"
    assert await interface.exchange(6, 1, b"", target=target, timeout=9) == b"\xc3"
    machine.answer = lambda asked: b"\0"
    with pytest.raises(NoResponse, match="on the way"):
        await interface.exchange(6, 1, b"", target=target, timeout=9)
    await interface.close()


async def test_an_address_of_its_own_is_given_to_the_driver(machine: Machine) -> None:
    interface = machine.open(my_address=0x84, target=Target(address=0x72, channel=7))
    assert (machine.kernel.addresses[7], machine.kernel.addresses[0]) == (0x84, 0x20)
    await interface.exchange(6, 1, b"", target=Target(address=0x84), timeout=9)
    assert machine.kernel.asked[0].address == SYSTEM_INTERFACE
    await interface.close()


async def test_answers_find_who_asked_for_them(machine: Machine) -> None:
    machine.answer = lambda asked: None
    interface = machine.open()
    waiting = [asyncio.ensure_future(interface.exchange(6, cmd, b"", timeout=9)) for cmd in (1, 2)]
    await asyncio.sleep(0)
    first, second = (asked.msgid for asked in machine.kernel.asked)
    machine.kernel.put(999, b"\xee")  # of nobody
    machine.kernel.put(first, b"\x10" * 16, kind=2)  # an event
    machine.kernel.put(first, b"", kind=4)
    machine.kernel.put(first, b"")  # no completion code
    machine.kernel.put(second, b"\0\x02")
    machine.kernel.put(first, b"\0\x01")
    machine.kernel.put(first, b"\0\x03")  # too late
    assert await asyncio.gather(*waiting) == [b"\0\x01", b"\0\x02"]
    await interface.close()


async def test_silence_is_told(machine: Machine) -> None:
    machine.answer = lambda asked: None
    interface = machine.open()
    with pytest.raises(NoResponse, match=r"06h/01h in 0\.0 s"):
        await interface.exchange(6, 1, b"", timeout=0.01)
    await interface.close()


async def test_too_long_a_request_is_not_sent(machine: Machine) -> None:
    interface = machine.open()
    await interface.exchange(6, 1, bytes(LONGEST), timeout=9)
    with pytest.raises(EncodeError, match="271 data bytes"):
        await interface.exchange(6, 1, bytes(LONGEST + 1), timeout=9)
    assert len(machine.kernel.asked) == 1
    await interface.close()


async def test_closing_tells_who_waits(machine: Machine) -> None:
    machine.answer = lambda asked: None
    interface = machine.open()
    waiting = asyncio.ensure_future(interface.exchange(6, 1, b"", timeout=9))
    await asyncio.sleep(0)
    await interface.close()
    await interface.close()
    with pytest.raises(SessionClosed):
        await waiting
    with pytest.raises(SessionClosed, match="closed"):
        await interface.exchange(6, 1, b"", timeout=9)


async def test_a_driver_that_goes_tells_who_waits(machine: Machine) -> None:
    machine.answer = lambda asked: None
    interface = machine.open()
    waiting = asyncio.ensure_future(interface.exchange(6, 1, b"", timeout=9))
    await asyncio.sleep(0)
    machine.kernel.refuse = errno.EIO
    machine.kernel.put(1, b"\0")
    with pytest.raises(TransportError, match="Input/output error"):
        await waiting
    with pytest.raises(TransportError, match="Input/output error"):
        await interface.exchange(6, 1, b"", timeout=9)
    await interface.close()


async def test_a_device_is_opened_by_name(machine: Machine, tmp_path: Path) -> None:
    interface = await open_device(Settings(interface="open", device=machine.kernel.path))
    assert interface.name == "open"
    with pytest.raises(TransportError, match="Inappropriate ioctl"):
        await interface.exchange(6, 1, b"", timeout=9)
    await interface.close()
    with pytest.raises(TransportError, match="Could not open device"):
        await open_device(Settings(interface="open", device=str(tmp_path / "none")))
