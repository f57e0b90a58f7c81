"""LAN parameters against their table, and what they are made of (Table 23-4)."""

from __future__ import annotations

from ipaddress import IPv4Address

import pytest

from baseboard.codes import Privilege
from baseboard.commands.parameters.lan import (
    AddressFormat,
    CipherSuiteEntries,
    CipherSuitePrivilegeLevels,
    DestinationAddresses,
    Ipv4Destination,
    LanParameter,
    VlanId,
)
from baseboard.errors import EncodeError
from tests.commands.parameters.tables import hold, rows


def test_every_row_of_the_table_has_its_class() -> None:
    hold(LanParameter, "lan_params", {19, 23, 58, 61, 63, 80})


def test_what_is_read_only_is_so_in_the_table() -> None:
    assert {number for number, member in LanParameter.members().items() if member.read_only} == {
        number for number, row in rows("lan_params").items() if row["access"].split(" (")[0] == "ro"
    }


def test_what_the_table_does_not_confirm_is_marked() -> None:
    doubtful = {n for n, row in rows("lan_params").items() if "not confirmed" in row["notes"] + row["access"]}
    marked = {number for number, member in LanParameter.members().items() if member.unverified}
    assert doubtful <= marked


def test_levels_are_nibbles_the_low_one_first() -> None:
    levels = CipherSuitePrivilegeLevels.of_levels([0, 4, 3, 2])
    assert levels.encode() == bytes.fromhex("00 40 23 000000000000")
    assert levels.levels[:4] == (Privilege.NONE, Privilege.ADMINISTRATOR, Privilege.OPERATOR, Privilege.USER)
    assert CipherSuitePrivilegeLevels.of_levels(levels.levels) == levels


@pytest.mark.parametrize("levels", [range(17), [16]])
def test_levels_that_do_not_fit_are_refused(levels: list[int]) -> None:
    with pytest.raises(EncodeError):
        CipherSuitePrivilegeLevels.of_levels(levels)


def test_suites_follow_a_reserved_byte() -> None:
    assert CipherSuiteEntries(suites=bytes((3, 17))).encode() == b"\0\x03\x11"


def test_a_destination_is_addressed_by_its_format() -> None:
    target = Ipv4Destination(address=IPv4Address("192.0.2.7"), mac=b"\x52\x54\0\0\0\x01")
    stored = DestinationAddresses(destination=1, format=AddressFormat.IPV4, address=target.encode())
    assert stored.encode() == bytes.fromhex("01 00 00 c0000207 525400000001")
    assert Ipv4Destination.decode(stored.address) == target


def test_vlan_bits_lie_in_a_little_endian_word() -> None:
    assert VlanId(enabled=True, vlan_id=0x123).encode() == b"\x23\x81"
