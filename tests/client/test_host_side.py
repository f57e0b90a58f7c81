"""Which interfaces tell of events and requests by themselves."""

from __future__ import annotations

from pathlib import Path

import pytest

from baseboard.client.host_side import HostRequest, HostSide, host_side
from baseboard.client.ipmidev import DeviceInterface
from baseboard.client.memory import MemoryInterface
from baseboard.client.settings import Settings
from baseboard.errors import LocalProtocolError
from tests.transports.kernel import Kernel


async def test_a_driver_does(tmp_path: Path) -> None:
    kernel = Kernel(tmp_path)
    interface = DeviceInterface(Settings(interface="open", device=kernel.path), ioctl=kernel.ioctl)
    assert isinstance(interface, HostSide)
    assert host_side(interface, "events") is interface
    await interface.close()
    kernel.close()


def test_nothing_else_does() -> None:
    interface = MemoryInterface(lambda *asked: None)
    interface.name = "lanplus"
    with pytest.raises(LocalProtocolError, match=r"^events come only in band.* not over lanplus$"):
        host_side(interface, "events")


def test_what_is_shown_of_a_request() -> None:
    request = HostRequest(
        channel=1, address=0x20, lun=0, netfn=0x30, cmd=1, data=b"", msgid=9, sender=b"secret handle"
    )
    assert "msgid" not in repr(request)
    assert "sender" not in repr(request)
