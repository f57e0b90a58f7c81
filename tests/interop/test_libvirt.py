"""A domain of libvirt's own test driver, switched by ipmitool from outside."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Iterator
from functools import partial

import pytest

from tests import peers
from tests.interop.test_sol_backings import PASSWORD, Place, described

HOST = """
[bmc.host]
backend = "libvirt"
[bmc.host.libvirt]
domain = "test"
uri = "test:///default"
"""


@pytest.fixture(scope="module")
def place() -> Iterator[Place]:
    peers.require("libvirt-python")
    with described(HOST) as running:
        yield running


def ipmitool(place: Place, *words: str) -> str:
    bmc = place.bmc
    command = [peers.require("ipmitool"), "-I", "lanplus", "-C", "17", "-H", bmc.address, "-p", str(bmc.port)]
    return subprocess.run(
        [*command, "-U", "admin", "-P", PASSWORD, *words],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    ).stdout


def until(condition: Callable[[], object]) -> None:
    """Wait for what another process does."""
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)  # polls


def power(place: Place) -> str:
    return ipmitool(place, "chassis", "power", "status").split()[-1]


def reached(place: Place, state: str) -> bool:
    return power(place) == state


def test_a_domain_that_runs_is_on_as_the_bmc_starts(place: Place) -> None:
    assert power(place) == "on"


STEPS = (
    ("off", "off"), ("on", "on"), ("diag", "on"), ("soft", "off"), ("on", "on"), ("cycle", "on"),
    ("off", "off"),
)  # fmt: skip


def test_power(place: Place) -> None:
    for action, state in STEPS:
        ipmitool(place, "chassis", "power", action)
        until(partial(reached, place, state))
        assert "Power Control Fault  : false" in ipmitool(place, "chassis", "status")


def test_a_boot_device_is_used_up_by_one_start(place: Place) -> None:
    ipmitool(place, "chassis", "bootdev", "pxe")
    assert "Force PXE" in ipmitool(place, "chassis", "bootparam", "get", "5")
    ipmitool(place, "chassis", "power", "on")
    until(lambda: power(place) == "on")
    assert "Boot Flag Invalid" in ipmitool(place, "chassis", "bootparam", "get", "5")
    ipmitool(place, "chassis", "power", "reset")
    until(lambda: "power control command" in ipmitool(place, "chassis", "restart_cause"))
    assert power(place) == "on"
