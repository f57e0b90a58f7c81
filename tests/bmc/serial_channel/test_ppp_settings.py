"""What the parameters say about a link, and who may have one."""

from __future__ import annotations

from ipaddress import IPv4Address
from typing import Any

import pytest

from baseboard.bmc.serial_channel.ppp_settings import link_settings, link_user
from baseboard.commands.parameters.serial import SerialParameter
from baseboard.links.ppp import PppSettings, Proof
from baseboard.links.ppp_frame import ALL_CONTROLS
from tests.serial_line import bench


def settings(*parameters: tuple[int, str], account: int = 1, ask: bool = True) -> PppSettings:
    kept = bench().services.serial.parameters
    for selector, data in parameters:
        kept.set(SerialParameter.parse(selector, bytes.fromhex(data), True))
    return link_settings(kept, account, lambda name: None, ask=ask)


def test_as_shipped_anybody_may_call_and_names_the_addresses() -> None:
    made = settings()
    assert (made.address, made.given, made.wanted) == (IPv4Address(0), IPv4Address(0), Proof.NONE)
    assert (made.fixed_address, made.addressed, made.offered) == (False, True, ())
    assert (made.accm, made.least_accm, made.filtered) == (0, ALL_CONTROLS, ALL_CONTROLS)
    assert (made.pfc, made.acfc, made.send_pfc, made.send_acfc) == (True, True, False, False)


def test_table_25_4_each_parameter_has_its_place() -> None:
    made = settings(
        (30, "00 03 08"), (33, "01"), (34, "626d63" + "00" * 13), (35, "000a0000 00000011"),
        (39, "02 0a000001"), (40, "02 72"), (41, "02 445c"), (42, "02 7077"), (43, "02 02"), (48, "0a000002"),
        account=2,
    )  # fmt: skip
    assert (str(made.address), str(made.given)) == ("10.0.0.1", "10.0.0.2")
    assert (made.wanted, made.asks_as) == (Proof.CHAP_MD5, b"bmc")
    assert (made.name, made.password, made.offered) == (b"D\\r", b"pw", (Proof.PAP,))
    assert (made.fixed_address, made.addressed) == (True, True)
    assert (made.accm, made.least_accm, made.filtered) == (None, 0x11, 0)
    assert (made.pfc, made.acfc, made.send_pfc, made.send_acfc) == (False, False, True, True)
    assert "pw" not in repr(made)


@pytest.mark.parametrize(("ask", "wanted"), [(True, Proof.PAP), (False, Proof.NONE)])
def test_whom_the_bmc_calls_is_not_asked(ask: bool, wanted: Proof) -> None:
    assert settings((33, "02"), ask=ask).wanted is wanted
    assert not settings((30, "00 00 10")).addressed


def allowed(services: Any, name: bytes) -> int:
    user = link_user(services.users, services.login, 2, name)
    return 0 if user is None else int(user.user_id)


def test_6_9_link_authentication_is_a_right_of_its_own() -> None:
    made = bench()
    services = made.services
    assert allowed(services, b"admin") == 0
    assert made.raw(6, 0x43, b"\xa2\x02\x04") == b"\0"  # link authentication without messaging
    assert allowed(services, b"admin") == 2
    assert allowed(services, b"") == allowed(services, b"oper") == 0
    assert made.raw(6, 0x47, b"\x02\x00") == b"\0"  # disabled
    assert allowed(services, b"admin") == 0
