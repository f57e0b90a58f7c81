"""Requests of others that software on the host answers."""

from __future__ import annotations

from pathlib import Path

import pytest

from baseboard.client.bmc import Bmc
from baseboard.client.ipmidev import DeviceInterface
from baseboard.client.settings import Settings
from baseboard.codes import Cc
from baseboard.errors import LocalProtocolError, SessionClosed, TransportError
from baseboard.transports.ipmidev_abi import AddressType, DeviceAddress
from tests.client.harness import desk
from tests.transports.kernel import Kernel

IPMB = DeviceAddress(AddressType.IPMB, 0, 2, 0x82)


def a_device(kernel: Kernel) -> Bmc:
    return Bmc(
        DeviceInterface(Settings(interface="open", device=kernel.path), ioctl=kernel.ioctl),
        Settings(interface="open"),
    )


async def test_a_request_is_taken_and_answered(tmp_path: Path) -> None:
    kernel = Kernel(tmp_path)
    bmc = a_device(kernel)
    requests = bmc.messaging.requests()
    await requests.register(0x30, 0x01)
    await requests.register(0x32, 0x02, channels=0b10)
    assert kernel.registered == [(0x30, 1, None), (0x32, 2, 0b10)]
    kernel.put(77, b"\x05\x06", kind=3, sender=IPMB, netfn=0x30, cmd=1)
    request = await anext(aiter(requests))
    assert (request.channel, request.address, request.lun) == (0, 0x82, 2)
    assert (request.netfn, request.cmd, request.data) == (0x30, 1, b"\x05\x06")
    await requests.answer(request, b"\x07")
    await requests.answer(request, code=Cc.NODE_BUSY)
    first, second = kernel.answered
    assert (first.address, first.msgid, first.netfn, first.cmd, first.data) == (IPMB, 77, 0x31, 1, b"\0\x07")
    assert second.data == b"\xc0"
    assert requests.lost == 0
    await requests.unregister(0x30, 1)
    assert kernel.registered == [(0x32, 2, 0b10)]
    await requests.close()
    await requests.close()
    assert kernel.registered == []
    with pytest.raises(SessionClosed, match="nobody takes"):
        await anext(requests)
    await bmc.close()
    kernel.close()


async def test_what_another_program_has_is_not_given(tmp_path: Path) -> None:
    kernel = Kernel(tmp_path)
    kernel.registered.append((0x30, 1, None))
    bmc = a_device(kernel)
    requests = bmc.messaging.requests()
    with pytest.raises(TransportError, match="the command was not given to us"):
        await requests.register(0x30, 1)
    with pytest.raises(TransportError, match="the command was not ours"):
        await requests.unregister(0x30, 9)
    await bmc.close()
    with pytest.raises(SessionClosed):
        await anext(requests)
    with pytest.raises(SessionClosed):
        await requests.register(0x30, 2)
    await requests.close()
    kernel.close()


async def test_what_concerns_answers_is_for_nobody(tmp_path: Path) -> None:
    """The driver tells how an answer went (type 4), and makers have messages of their own (type 5)."""
    kernel = Kernel(tmp_path)
    bmc = a_device(kernel)
    requests = bmc.messaging.requests()
    for kind in (4, 5):
        kernel.put(77, b"\0", kind=kind)
    kernel.put(78, b"", kind=3, sender=IPMB, netfn=0x30, cmd=2)
    assert (await anext(requests)).cmd == 2
    await bmc.close()
    kernel.close()


async def test_only_a_driver_hands_them_out() -> None:
    with pytest.raises(LocalProtocolError, match="requests of others come only in band"):
        desk().bmc.messaging.requests()
