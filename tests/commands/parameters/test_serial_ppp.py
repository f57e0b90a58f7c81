"""PPP parameters: addresses and maps are sent most significant byte first (Table 25-4)."""

from __future__ import annotations

from baseboard.commands.parameters.serial import SerialParameter
from baseboard.commands.parameters.serial_ppp import PppAccm, PppAccountUserPassword, PppPrimaryRmcpPort


def test_maps_are_sent_most_significant_byte_first_and_ports_least() -> None:
    assert PppAccm(receive=1, transmit=2).encode() == bytes.fromhex("00000001 00000002")
    assert PppPrimaryRmcpPort().encode() == b"\x6f\x02"


def test_what_lies_in_this_module() -> None:
    ours = {number for number, kind in SerialParameter.members().items() if kind.__module__.endswith("ppp")}
    assert ours == set(range(30, 49))


def test_a_password_is_not_shown() -> None:
    assert "hidden" not in repr(PppAccountUserPassword(set_selector=1, password=b"hidden"))
