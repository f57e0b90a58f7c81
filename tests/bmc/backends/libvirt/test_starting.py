"""Starts of domains with boot devices: what they were started by, and what is left of it."""

from __future__ import annotations

import pytest

from baseboard.bmc.backends.libvirt.boot_order import order_of
from baseboard.bmc.backends.libvirt.starting import needs_restart, restarted, started
from baseboard.bmc.ports import BootChoice
from baseboard.codes import BootDevice
from baseboard.errors import TransportError
from tests.bmc.backends.libvirt.fake_libvirt import FakeConnection, Hypervisor

PXE, LASTING_PXE = BootChoice(device=BootDevice.PXE), BootChoice(device=BootDevice.PXE, persistent=True)
NOTHING = BootChoice()
USUAL, NETWORK = ("hd", "cdrom"), ("network", "hd", "cdrom")


@pytest.fixture
def libvirt() -> Hypervisor:
    return Hypervisor()


@pytest.fixture
def connection(libvirt: Hypervisor) -> FakeConnection:
    return FakeConnection(libvirt, "guest", lambda event: None)


def orders(libvirt: Hypervisor) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What it runs by, and what it would be started by."""
    return order_of(libvirt.live), order_of(libvirt.kept)


def test_without_a_choice_nothing_is_changed(libvirt: Hypervisor, connection: FakeConnection) -> None:
    assert started(connection, "guest", NOTHING) == ""
    assert libvirt.calls == ["create"]
    assert not needs_restart(connection, "guest", NOTHING)


def test_a_choice_for_one_start(libvirt: Hypervisor, connection: FakeConnection) -> None:
    assert started(connection, "guest", PXE) == ""
    assert orders(libvirt) == (NETWORK, USUAL)
    assert needs_restart(connection, "guest", NOTHING)
    assert restarted(connection, "guest", NOTHING) == ""
    assert orders(libvirt) == (USUAL, USUAL)
    assert not needs_restart(connection, "guest", NOTHING)


def test_a_choice_that_lasts(libvirt: Hypervisor, connection: FakeConnection) -> None:
    started(connection, "guest", LASTING_PXE)
    assert orders(libvirt) == (NETWORK, NETWORK)
    assert needs_restart(connection, "guest", LASTING_PXE)
    restarted(connection, "guest", LASTING_PXE)
    assert orders(libvirt) == (NETWORK, NETWORK)
    assert needs_restart(connection, "guest", NOTHING)
    restarted(connection, "guest", NOTHING)
    assert orders(libvirt) == (USUAL, USUAL)


def test_one_that_does_not_start_keeps_its_description(
    libvirt: Hypervisor, connection: FakeConnection
) -> None:
    libvirt.refused = {"create"}
    with pytest.raises(TransportError, match="create"):
        started(connection, "guest", PXE)
    assert order_of(libvirt.kept) == USUAL


def test_a_device_that_it_has_not_is_told_and_it_starts(
    libvirt: Hypervisor, connection: FakeConnection
) -> None:
    assert "no boot device 12" in started(connection, "guest", BootChoice(device=12))
    assert orders(libvirt) == (USUAL, USUAL)


def test_one_without_a_description(libvirt: Hypervisor, connection: FakeConnection) -> None:
    libvirt.persistent = False
    assert "transient" in started(connection, "guest", PXE)
    assert started(connection, "guest", NOTHING) == ""
    assert libvirt.calls == ["create", "create"]
    assert not needs_restart(connection, "guest", PXE)
