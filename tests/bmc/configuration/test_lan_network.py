"""The network below a described LAN channel."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from baseboard.bmc.blueprint import LanSpec
from baseboard.bmc.configuration import load
from baseboard.bmc.configuration.building import Described
from baseboard.bmc.lan_wiring import Wiring
from baseboard.errors import ConfigurationError

FILE = """\
[[bmc]]
name = "one"
{more}
[bmc.lan]
{lan}
[[bmc.user]]
name = "admin"
password = "secret"
"""


def described(folder: Path, lan: str, more: str = "") -> Described:
    path = folder / "bmc.toml"
    path.write_text(FILE.format(lan=lan, more=more))
    (one, *_) = load([path]).bmcs
    return one


@pytest.mark.parametrize(
    ("lan", "wiring", "spec"),
    [
        ("", None, {"ip": "127.0.0.1", "ipv6": "", "ipv6_enables": 0, "dhcp": False}),
        ('ipv6 = "::1/128"', None, {"ip": "127.0.0.1", "ipv6": "::1/128", "ipv6_enables": 2}),
        (
            'interface = "eth1"\nnamespace = "bmc"\nip = "10.0.0.5"\nnetmask = "255.255.255.0"',
            Wiring(interface="eth1", namespace="bmc"),
            {"ip": "10.0.0.5", "mask": "255.255.255.0", "dhcp": False},
        ),
        ('interface = "eth1"', Wiring(interface="eth1"), {"ip": "0.0.0.0", "dhcp": True}),  # noqa: S104 - none
        (
            'interface = "eth1"\nipv6 = "fd00::5/64"',
            Wiring(interface="eth1"),
            {"ip": "0.0.0.0", "ipv6": "fd00::5/64", "ipv6_enables": 2, "dhcp": False},  # noqa: S104 - none
        ),
        (
            'interface = "eth1"\nstack = "own"\nip = "10.0.0.5"',
            Wiring(interface="eth1", stack="own"),
            {"ip": "10.0.0.5"},
        ),
        ('tap = "bmc0"\nip = "10.0.0.5"', Wiring(tap="bmc0"), {"ip": "10.0.0.5", "port": 623}),
    ],
)
def test_a_network_is_described(
    tmp_path: Path, lan: str, wiring: Wiring | None, spec: dict[str, Any]
) -> None:
    one = described(tmp_path, lan)
    assert one.place.wiring == wiring
    assert {key: getattr(one.blueprint.lan, key) for key in spec} == spec
    assert one.place.port == LanSpec().port


@pytest.mark.parametrize(
    ("lan", "more", "text"),
    [
        ('namespace = "bmc"', "", "lan.namespace: .*there is no lan.interface"),
        ('stack = "own"', "", "lan.stack: .*there is no lan.interface"),
        ('interface = "eth1"\ntap = "bmc0"\nip = "10.0.0.5"', "", "lan.tap: .*not both"),
        ('tap = "bmc0"', "", "lan.tap: .*needs lan.ip or lan.ipv6"),
        ('interface = "eth1"\nstack = "own"', "", "lan.interface: .*needs lan.ip or lan.ipv6"),
        ('interface = "eth1"', "count = 2", "lan.interface: .*for one BMC alone, and these are 2"),
        ('tap = "bmc0"\nip = "10.0.0.5"\nspread = "addresses"', "", "lan.spread: .*there is lan.tap"),
        ('interface = "a name too long for it"', "", "lan.interface"),
        ('ipv6 = "::1"', "", "lan.ipv6: .*with its prefix length"),
        ('ipv6 = "10.0.0.5/8"', "", "lan.ipv6: .*with its prefix length"),
        ('ipv6 = "::1/129"', "", "lan.ipv6: .*with its prefix length"),
        ('ipv6 = "ff02::1/64"', "", "lan.ipv6: .*with its prefix length"),
        ('tap = "bmc0"\nip = "10.0.0.5"\nv15 = ["md5"]', "", "lan.v15: .*an interface of its own"),
    ],
)
def test_what_does_not_go_together_is_told_with_its_key(
    tmp_path: Path, lan: str, more: str, text: str
) -> None:
    with pytest.raises(ConfigurationError, match=text):
        described(tmp_path, lan, more)
