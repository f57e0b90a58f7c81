"""``bmc.controller``: the controller itself."""

from __future__ import annotations

from uuid import UUID

from baseboard.bmc.blueprint import Identity, InterfaceSpec
from baseboard.commands.app.device import AcpiDeviceState, AcpiSystemState, SelfTestResult
from baseboard.commands.app.messaging import InterfaceType
from tests.bmc.fakes import GUID
from tests.client.harness import desk

OWN = bytes.fromhex("ffeeddccbbaa99887766554433221100")


async def test_health_and_guids() -> None:
    controller = desk(identity=Identity("x", GUID, device_guid=OWN)).bmc.controller
    assert (await controller.self_test()).result == SelfTestResult.PASSED
    assert await controller.system_guid() == UUID(bytes=GUID)
    assert await controller.device_guid() == UUID(bytes=OWN)


async def test_acpi_states_are_told_one_at_a_time() -> None:
    controller = desk().bmc.controller
    await controller.tell_acpi_state(AcpiSystemState.S3)
    await controller.tell_acpi_state(device=AcpiDeviceState.D1)
    found = await controller.acpi_state()
    assert (found.system_state, found.device_state) == (AcpiSystemState.S3, AcpiDeviceState.D1)


async def test_manufacturing_test_mode() -> None:
    console = desk()
    await console.bmc.controller.manufacturing_test()
    assert console.bench.services.device.manufacturing


async def test_the_system_interface_is_one_of_four() -> None:
    for kind, number in (
        ("kcs", InterfaceType.KCS),
        ("smic", InterfaceType.SMIC),
        ("ssif", InterfaceType.SSIF),
    ):
        controller = desk(interface=InterfaceSpec(kind, input_size=77)).bmc.controller  # type: ignore[arg-type]  # a kind
        for asked in (InterfaceType.KCS, InterfaceType.SMIC, InterfaceType.SSIF):
            found = await controller.system_interface(asked)
            assert (found is not None) == (asked == number)
            assert found is None or found.input_size == 77
        assert await controller.bt_interface() is None
    bt = await desk(interface=InterfaceSpec("bt", outstanding=3)).bmc.controller.bt_interface()
    assert bt is not None
    assert bt.outstanding_requests == 3


async def test_the_key_is_read_set_and_locked() -> None:
    console = desk()
    channels = console.bmc.channels
    await channels.set_kg(b"secret", 1)
    assert await channels.kg(1) == b"secret".ljust(20, b"\0")
    await channels.lock_kg(1)
    assert await channels.kg(1) is None
