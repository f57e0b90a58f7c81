"""OEM payloads that a BMC offers; what consoles see of them is in the conformance tests."""

from __future__ import annotations

import pytest

from baseboard.bmc.services.oem_payloads import LAST_INSTANCE, OemPayloads, OemService, PayloadLink
from baseboard.errors import LocalProtocolError
from baseboard.rmcp.payloads import OemPayload
from tests.bmc.consoles import ADMIN, make_lan_bmc
from tests.conformance.payloads.test_oem import Echo, Explicit, offering
from tests.conformance.sol.bench import ACTIVATE, APP, told


class Handle(OemService):
    payload = OemPayload(1, 1, handle=0x20)


class Many(OemService):
    payload = OemPayload(1, 2)
    capacity = LAST_INSTANCE


class Seven(OemService):
    payload = OemPayload(1, 3)
    capacity = 7


def test_a_number_a_handle_and_an_instance_are_given_once() -> None:
    oem = OemPayloads(lambda: None)
    oem.register(Handle())
    with pytest.raises(LocalProtocolError, match="taken"):
        oem.register(Handle())
    oem.register(Seven())
    with pytest.raises(LocalProtocolError, match="room for 8"):
        oem.register(Many())
    assert (oem.capacity(0x20), oem.capacity(2), oem.capacity(0x21)) == (1, 7, 0)
    assert oem.service(2, 7) is not None
    assert oem.service(2, 8) is None


def test_a_service_without_a_will_of_its_own_listens() -> None:
    bmc = offering(Handle())
    console = bmc.login(ADMIN)
    assert told(console, APP, ACTIVATE, "20 01 c0 00 00 00")[:5] == bytes(5)
    assert bmc.services.payloads.get(0x20).owner(1) is console.session
    bmc.services.payloads.get(0x20).deactivate(1, told=True)
    bmc.services.payloads.get(0x20).deactivate(1, told=True)
    assert console.alive


def test_what_is_too_large_is_not_sent() -> None:
    echo = Echo()
    bmc = offering(echo)
    console = bmc.login(ADMIN)
    assert told(console, APP, ACTIVATE, "20 01 c0 00 00 00")[0] == 0
    (link,) = echo.links
    assert (link.user_id, link.privilege, link.encrypted, link.authenticated) == (2, 4, True, True)
    with pytest.raises(LocalProtocolError, match="65 bytes; the payload carries 64"):
        link.send(bytes(65))


def test_nothing_can_be_sent_before_the_console_has_its_answer() -> None:
    class Eager(Explicit):
        def activated(self, link: PayloadLink) -> bytes:
            with pytest.raises(LocalProtocolError):
                link.send(b"early")
            return b""

    bmc = offering(Eager())
    assert told(bmc.login(ADMIN), APP, ACTIVATE, "02 01 c0 00 00 00")[0] == 0


def test_a_bmc_without_any_knows_none() -> None:
    payloads = make_lan_bmc().services.payloads
    assert payloads.get(0x20) is None
    assert payloads.registry.supported() == (0x0003, 0x3F, 0)
