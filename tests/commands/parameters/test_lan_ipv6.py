"""IPv6 parameters of a LAN channel (Table 23-4, errata)."""

from __future__ import annotations

from ipaddress import IPv6Address

from baseboard.commands.parameters.lan import LanParameter
from baseboard.commands.parameters.lan_ipv6 import (
    Ipv6FlowLabel,
    Ipv6Source,
    Ipv6StaticAddress,
)


def test_the_family_knows_them() -> None:
    assert set(range(50, 81)) <= set(LanParameter.members())


def test_an_address_is_sent_most_significant_byte_first() -> None:
    static = Ipv6StaticAddress(
        set_selector=0, enabled=True, address=IPv6Address("2001:db8::1"), prefix_length=64
    )
    assert static.source == Ipv6Source.STATIC
    assert static.encode() == b"\0\x80" + bytes.fromhex("20010db8000000000000000000000001") + b"\x40\0"


def test_the_flow_label_has_20_bits() -> None:
    assert Ipv6FlowLabel(flow_label=0xFFFFF).encode() == b"\x0f\xff\xff"
    assert Ipv6FlowLabel.decode(b"\xf1\x23\x45").flow_label == 0x12345
