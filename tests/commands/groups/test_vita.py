"""VITA 46.11's commands beside PICMG's of the same numbers."""

from __future__ import annotations

from baseboard.codes import GroupExtension
from baseboard.commands import lookup
from baseboard.commands.groups.picmg import PICMG
from baseboard.commands.groups.vita import (
    VITA,
    GetFruAddressInfo,
    GetFruAddressInfoResponse,
    GetVsoCapabilitiesResponse,
    VitaGetLedColorCapabilitiesResponse,
)
from tests.commands.lengths import takes


def test_they_share_numbers_and_names_with_picmg_s_but_not_the_group() -> None:
    assert GroupExtension(VITA).known
    for number in (0x04, 0x05, 0x06, 0x07, 0x08, 0x0C):
        ours, theirs = lookup(0x2C, number, VITA), lookup(0x2C, number, PICMG)
        assert ours is not None
        assert theirs is not None
        assert ours.name == theirs.name
        assert ours.request.__name__ == f"Vita{theirs.request.__name__}"


def test_tier_layer_and_bus_are_pieces_of_bytes() -> None:
    found = GetVsoCapabilitiesResponse.decode(bytes.fromhex("21 11 00 21 05 00"))
    assert (found.tier, found.layer, found.frequency, found.interfaces) == (1, 2, 1, 1)
    assert (found.major, found.minor, found.max_fru_id) == (1, 2, 5)


def test_what_may_be_missing_at_the_end() -> None:
    takes(GetFruAddressInfo, 0, 1)
    assert GetFruAddressInfoResponse.decode(bytes(6)).channel_7_address is None
    assert VitaGetLedColorCapabilitiesResponse.decode(bytes(3)).restricted is None
