"""Parameters of a serial channel in words."""

from __future__ import annotations

from ipaddress import IPv4Address

import pytest

from baseboard.cli.long_options import UsageError
from baseboard.cli.serial_fields import kind_of, made, name_of, parsed, shown, words
from baseboard.commands.authentication import AuthTypes
from baseboard.commands.parameters.serial import (
    AuthenticationTypeEnables,
    CallbackKinds,
    ChannelCallbackControl,
    CommunityString,
    ConnectionMode,
    FlowControl,
    LineRate,
    MessagingCommSettings,
    SerialParameter,
)
from baseboard.commands.parameters.serial_dialing import DestinationIpAddress, TapPagerId
from baseboard.commands.parameters.serial_ppp import PppProxyIpHeader


def test_every_parameter_has_a_name_of_its_own() -> None:
    kinds = SerialParameter.members()
    assert len({name_of(kind) for kind in kinds.values()}) == len(kinds)
    for number, kind in kinds.items():
        assert kind_of(str(number)) is kind_of(name_of(kind).upper()) is kind
    assert name_of(PppProxyIpHeader) == "ppp-proxy-ip-header"
    with pytest.raises(UsageError, match=r"nonsense: there is no such parameter; there are set-in-progress"):
        kind_of("nonsense")


def test_what_is_shown_is_what_is_typed() -> None:
    mode = ConnectionMode(direct=True, basic=True)
    assert words(mode) == "direct=yes terminal=no ppp=no basic=yes"
    settings = MessagingCommSettings(flow_control=FlowControl.RTS_CTS, bit_rate=LineRate.BPS_115200)
    address = DestinationIpAddress(set_selector=3, address=IPv4Address("192.0.2.1"))
    text = CommunityString(community=b"two words".ljust(18, b"\0"))
    for one in (mode, settings, address):
        again = parsed(type(one), words(one).split())
        kept = {} if one is not address else {"set_selector": 3}
        assert made(type(one), again | kept) == one
    assert words(address) == "address=192.0.2.1"
    assert words(text) == 'community="two words"'
    assert shown(text) == {"community": "two words"}


def test_texts_and_bytes() -> None:
    assert parsed(CommunityString, ["community=public"]) == {"community": b"public".ljust(18, b"\0")}
    assert parsed(CommunityString, ["community=0x80ff"]) == {"community": b"\x80\xff"}
    assert shown(CommunityString(community=b"\xff".ljust(18, b"\0"))) == {"community": "ff" + "00" * 17}
    assert parsed(TapPagerId, ["text=555"]) == {"text": b"555"}


def test_flags() -> None:
    assert parsed(AuthenticationTypeEnables, ["user=md5+password"]) == {
        "user": AuthTypes.MD5 | AuthTypes.PASSWORD
    }
    assert parsed(ChannelCallbackControl, ["kinds=none"]) == {"kinds": CallbackKinds(0)}
    with pytest.raises(UsageError, match="is wanted"):
        parsed(AuthenticationTypeEnables, ["user=rot13"])


@pytest.mark.parametrize(
    ("kind", "word", "complaint"),
    [
        (ConnectionMode, "nonsense=1", "has direct="),
        (ConnectionMode, "direct", "has direct="),
        (ConnectionMode, "direct=perhaps", "yes, no is wanted"),
        (DestinationIpAddress, "address=here", "an IPv4 address is wanted"),
        (MessagingCommSettings, "bit_rate=fast", "bps-9600"),
        (CommunityString, "community=0xzz", "hexadecimal"),
    ],
)
def test_what_cannot_be_meant(kind: type[SerialParameter], word: str, complaint: str) -> None:
    with pytest.raises(UsageError, match=complaint):
        parsed(kind, [word])


def test_a_parameter_wants_all_its_fields_in_range() -> None:
    with pytest.raises(UsageError, match="destination-ip-address"):
        made(DestinationIpAddress, {})
    with pytest.raises(UsageError, match="session-inactivity-timeout"):
        made(kind_of("4"), {"timeout": 9999})
