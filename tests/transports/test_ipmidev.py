"""The device file: what goes in, what comes out, and why it cannot be opened."""

from __future__ import annotations

import asyncio
import errno
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from baseboard.errors import TransportError
from baseboard.transports.ipmidev import BMC_ITSELF, DRAIN, IpmiDevice, names
from baseboard.transports.ipmidev_abi import AddressType, DeviceAddress, Received
from tests.transports.kernel import Asked, Kernel


class Heard:
    """What a device handed over."""

    def __init__(self) -> None:
        self.messages: list[tuple[DeviceAddress, Received, bytes]] = []
        self.errors: list[TransportError] = []
        self.more = asyncio.Event()

    def take(self, sender: DeviceAddress, head: Received, data: bytes) -> None:
        self.messages.append((sender, head, data))
        self.more.set()

    def lost(self, error: TransportError) -> None:
        self.errors.append(error)
        self.more.set()

    async def until(self, messages: int = 0, errors: int = 0) -> None:
        while len(self.messages) < messages or len(self.errors) < errors:
            self.more.clear()
            await self.more.wait()


@pytest.fixture
def kernel(tmp_path: Path) -> Iterator[Kernel]:
    made = Kernel(tmp_path)
    yield made
    made.close()


def opened(kernel: Kernel, heard: Heard) -> IpmiDevice:
    return IpmiDevice([kernel.path], heard.take, heard.lost, ioctl=kernel.ioctl)


async def test_a_request_goes_out_and_its_answer_comes(kernel: Kernel) -> None:
    heard = Heard()
    device = opened(kernel, heard)
    device.send(BMC_ITSELF, 5, 6, 1, b"\x01\x02", retries=3, retry_ms=250)
    await heard.until(1)
    assert kernel.asked == [Asked(BMC_ITSELF, 5, 6, 1, b"\x01\x02", 3, 250)]
    assert heard.messages == [(BMC_ITSELF, Received(1, 8, 5, 7, 1, 1), b"\0")]
    device.close()


async def test_a_controller_on_an_ipmb_is_named_by_its_address(kernel: Kernel) -> None:
    heard, satellite = Heard(), DeviceAddress(AddressType.IPMB, 7, 2, 0x82)
    device = opened(kernel, heard)
    device.send(satellite, 1, 6, 1, b"")
    await heard.until(1)
    assert heard.messages[0][0] == satellite
    device.close()


async def test_all_that_waits_is_taken_a_good_deal_at_a_time(kernel: Kernel) -> None:
    heard = Heard()
    device = opened(kernel, heard)
    for number in range(DRAIN + 3):
        kernel.put(number, bytes([number]))
    await heard.until(DRAIN + 3)
    assert [head.msgid for _, head, _ in heard.messages] == list(range(DRAIN + 3))
    device.close()


async def test_a_message_longer_than_any_is_cut(kernel: Kernel) -> None:
    heard = Heard()
    device = opened(kernel, heard)
    kernel.put(1, bytes(2000))
    await heard.until(1)
    assert heard.messages[0][2] == bytes(1024)
    device.close()


async def test_closing_while_messages_are_taken_ends_it(kernel: Kernel) -> None:
    heard = Heard()
    device = IpmiDevice([kernel.path], lambda *message: device.close(), heard.lost, ioctl=kernel.ioctl)
    kernel.put(1, b"\0")
    kernel.put(2, b"\0")
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    with pytest.raises(TransportError, match="closed"):
        device.send(BMC_ITSELF, 1, 6, 1, b"")
    device.close()
    assert not heard.errors


async def test_a_device_that_fails_is_given_up(kernel: Kernel) -> None:
    heard = Heard()
    device = opened(kernel, heard)
    kernel.put(1, b"\0")
    kernel.refuse = errno.ENODEV
    await heard.until(errors=1)
    assert str(heard.errors[0]) == f"{kernel.path}: No such device"
    with pytest.raises(TransportError, match="closed"):
        device.my_address(0)


async def test_a_refused_request_says_so(kernel: Kernel) -> None:
    device = opened(kernel, Heard())
    kernel.refuse = errno.EINVAL
    with pytest.raises(TransportError, match="not taken: Invalid argument"):
        device.send(BMC_ITSELF, 1, 6, 1, b"")
    device.close()


async def test_its_own_address_is_told_and_chosen(kernel: Kernel) -> None:
    device = opened(kernel, Heard())
    assert device.my_address(7) == 0x20
    device.set_my_address(7, 0x84)
    assert device.my_address(7) == 0x84
    assert device.my_address(0) == 0x20
    device.close()


def test_where_a_device_may_be() -> None:
    assert names() == ["/dev/ipmi0", "/dev/ipmi/0", "/dev/ipmidev/0"]
    assert names("3") == ["/dev/ipmi3", "/dev/ipmi/3", "/dev/ipmidev/3"]
    assert names("/run/ipmi") == ["/run/ipmi"]


async def test_the_first_that_is_there_is_opened(tmp_path: Path, kernel: Kernel) -> None:
    device = IpmiDevice(
        [str(tmp_path / "no"), kernel.path], lambda *_: None, lambda _: None, ioctl=kernel.ioctl
    )
    assert device.path == kernel.path
    device.close()


async def test_without_a_device_the_error_says_what_to_load(tmp_path: Path) -> None:
    paths = [str(tmp_path / name) for name in ("a", "b")]
    with pytest.raises(TransportError) as caught:
        IpmiDevice(paths, lambda *_: None, lambda _: None)
    assert (
        str(caught.value) == f"Could not open device at {paths[0]} or {paths[1]}: No such file or directory"
    )
    assert "modprobe -a ipmi_si ipmi_devintf" in caught.value.hint


async def test_a_device_that_may_not_be_opened_says_who_may(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def denied(path: str, flags: int) -> int:
        number = errno.EACCES if path.endswith("a") else errno.ENOENT
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "open", denied)
    with pytest.raises(TransportError, match="Permission denied") as caught:
        IpmiDevice([str(tmp_path / "a"), str(tmp_path / "b")], lambda *_: None, lambda _: None)
    assert "root" in caught.value.hint


async def test_an_unusual_reason_has_no_hint(tmp_path: Path) -> None:
    with pytest.raises(TransportError, match="Is a directory") as caught:
        IpmiDevice([str(tmp_path)], lambda *_: None, lambda _: None)
    assert caught.value.hint == ""
