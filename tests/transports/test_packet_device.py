"""Device files of whole messages: taken, written, failing, coming back."""

from __future__ import annotations

import errno
import os

import pytest

from baseboard.errors import TransportError
from baseboard.transports import packet_device
from baseboard.transports.packet_device import MISSES, WAITING, PacketDevice, open_file
from tests.transports.device_files import DeviceFile
from tests.transports.wires import until


class Bench:
    def __init__(self, *, polled: bool = False) -> None:
        self.file = DeviceFile()
        self.heard: list[bytes] = []
        self.back = 0
        self.device = PacketDevice(
            "/dev/pseudo", self.heard.append, self._came_back, self.file.open, polled=polled
        )

    def _came_back(self) -> None:
        self.back += 1


async def test_messages_come_and_go_whole() -> None:
    bench = Bench()
    for message in (b"one", b"two"):
        bench.file.give(message)
    await until(lambda: bench.heard == [b"one", b"two"])
    bench.device.send(b"answer")
    assert bench.file.taken() == b"answer"
    bench.device.write(b"at once")
    assert bench.file.taken() == b"at once"
    bench.device.close()
    bench.device.close()
    bench.device.send(b"nobody is there")
    with pytest.raises(OSError, match="No such device"):
        bench.device.write(b"")


async def test_a_polled_device_is_written_to_when_it_says_so() -> None:
    bench = Bench(polled=True)
    for number in range(WAITING + 2):
        bench.device.send(bytes((number,)))
    assert bench.file.taken() is None
    heard: list[bytes] = []

    def all_taken() -> bool:
        while (one := bench.file.taken()) is not None:
            heard.append(one)
        return len(heard) == WAITING

    await until(all_taken)
    assert heard[-1] == bytes((WAITING + 1,)), "the oldest were dropped"
    bench.device.send(b"never")
    bench.device.drop_waiting()
    bench.device.send(b"more")
    await until(lambda: bench.file.taken() == b"more")
    bench.device.close()
    bench.device.send(b"nobody is there")


async def test_an_answer_that_is_refused_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    bench = Bench()

    def refused(fd: int, data: bytes) -> int:
        raise OSError(errno.EINVAL, "Invalid argument")

    with monkeypatch.context() as patched:
        patched.setattr(os, "write", refused)
        bench.device.send(b"late")
    bench.device.send(b"next")
    assert bench.file.taken() == b"next"
    bench.device.close()


@pytest.mark.parametrize("fails", [False, True])
async def test_a_device_that_fails_is_opened_again(monkeypatch: pytest.MonkeyPatch, fails: bool) -> None:
    monkeypatch.setattr(packet_device, "AGAIN_S", 0.01)
    bench = Bench()
    bench.file.refusal = errno.ENODEV
    if fails:

        def failed(fd: int, size: int) -> bytes:
            raise OSError(errno.EIO, "Input/output error")

        with monkeypatch.context() as patched:
            patched.setattr(os, "read", failed)
            bench.file.give(b"lost")
            await until(lambda: bench.device.fd < 0)
    else:
        bench.file.close()
        await until(lambda: bench.device.fd < 0)
    bench.file.refusal = 0
    await until(lambda: bench.back == 1)
    assert bench.file.opened == 2
    bench.file.give(b"again")
    await until(lambda: bench.heard == [b"again"])
    bench.device.close()


async def test_a_read_that_fails_now_and_then_is_no_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    bench, read, left = Bench(), os.read, MISSES - 1

    def sometimes(fd: int, size: int) -> bytes:
        nonlocal left
        left -= 1
        if left == 0:
            raise BlockingIOError
        if left > 0:
            raise OSError(errno.EIO, "Input/output error")
        return read(fd, size)

    with monkeypatch.context() as patched:
        patched.setattr(os, "read", sometimes)
        bench.file.give(b"there")
        await until(lambda: bench.heard)
    assert bench.file.opened == 1
    bench.device.close()


async def test_a_device_that_is_closed_while_it_waits_stays_closed() -> None:
    bench = Bench()
    bench.file.close()
    await until(lambda: bench.device.fd < 0)
    bench.device.close()
    assert bench.back == 0


async def test_whoever_takes_a_message_may_close_it() -> None:
    file = DeviceFile()
    heard: list[bytes] = []

    def take(data: bytes) -> None:
        heard.append(data)
        device.close()

    device = PacketDevice("/dev/pseudo", take, lambda: None, file.open)
    file.give(b"one")
    file.give(b"two")
    await until(lambda: heard)
    assert heard == [b"one"]


@pytest.mark.parametrize(
    ("number", "text"),
    [(errno.EBUSY, "another program"), (errno.EACCES, "udev"), (errno.EIO, "Input/output")],
)
async def test_why_it_cannot_be_opened_is_told(number: int, text: str) -> None:
    file = DeviceFile()
    file.refusal = number
    with pytest.raises(TransportError, match=text):
        PacketDevice("/dev/pseudo", lambda data: None, lambda: None, file.open)


async def test_a_file_is_opened_for_both_ways_without_waiting() -> None:
    fd = open_file(os.devnull)
    assert os.get_blocking(fd) is False
    os.close(fd)
    with pytest.raises(TransportError, match="driver is not loaded"):
        PacketDevice("/dev/no-such-device", lambda data: None, lambda: None)
