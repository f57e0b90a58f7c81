"""What a BMC tells of its machine."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from baseboard.bmc.blueprint.interfaces import InterfaceKind, InterfaceSpec
from baseboard.bmc.makeups import makeup
from baseboard.cli.dmi_identity import identity, interface, inventories, system_text
from baseboard.client.bmc import Bmc
from baseboard.codes import Cc
from tests.client.harness import desk

GUID = bytes(range(16))


def a_server(**made: Any) -> Bmc:
    blueprint = makeup(0, "server", GUID)
    return desk(sensors=blueprint.sensors, frus=blueprint.frus, **made).bmc


async def test_identity_comes_from_several_commands() -> None:
    bmc = a_server()
    found = await identity(bmc)
    device = await bmc.identity()
    assert found.guid == await bmc.controller.system_guid()
    assert isinstance(found.guid, UUID)
    assert found.controller_version == (device.firmware_major, int(device.firmware_minor))


async def test_what_a_bmc_does_not_have_is_left_out() -> None:
    refused = bytes((Cc.INVALID_COMMAND,))
    bmc = desk({(6, 0x37): refused, (6, 0x59): refused, (0x0A, 0x20): refused}).bmc
    found = await identity(bmc)
    assert (found.guid, found.name, found.firmware_version) == (None, "", "")
    assert len(await inventories(bmc)) <= 1  # without SDRs no more is known of than its own


@pytest.mark.parametrize("kind", ["kcs", "smic", "bt", "ssif"])
async def test_the_interface_is_the_one_that_it_tells_of(kind: InterfaceKind) -> None:
    assert await interface(a_server(interface=InterfaceSpec(kind=kind))) == kind


async def test_the_inventories_are_its_own() -> None:
    found = await inventories(a_server())
    assert found[0].product is not None
    assert len(found) > 1


@pytest.mark.parametrize(
    ("blocks", "text"),
    [
        ([b"\0\x11\0\0\x05node1" + bytes(9)], "node1"),
        ([b"\0\x11\0\0\x10abcdefghijklmn", b"\0\x11\x01op" + bytes(14)], "abcdefghijklmnop"),
        ([b"\0\x11\0\0\x00" + bytes(14)], ""),
        ([b"\0\x11\0\0"], ""),
        ([b"\0\x11\0"], ""),
        ([b"\x80"], ""),
    ],
)
async def test_a_text_comes_in_blocks(blocks: list[bytes], text: str) -> None:
    left = list(blocks)
    bmc = desk({(6, 0x59): lambda *asked: left.pop(0)}).bmc
    assert await system_text(bmc, 2) == text
    assert not left
