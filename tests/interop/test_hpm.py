"""Firmware upgrades of our BMC by other agents: ipmitool, killed in the middle too, and python-ipmi."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from baseboard.cli.firmware_build import make
from baseboard.records.hpm import build_hpm
from tests import peers
from tests.interop.lab import Bmc, Lab, described_lab, lab
from tests.interop.patience import eventually
from tests.interop.test_python_ipmi_rmcpplus import connection, library

PRODUCTS = {"rack": "0x0101", "blade": "0x0202"}


@pytest.fixture(scope="module")
def upgradable() -> Iterator[Lab]:
    with lab("--count", "2") as running:
        yield running


def image(folder: Path, *pairs: str, size: int = 2000, **given: str) -> Path:
    """An image for the rack, with firmware of about a size."""
    content = folder / "content"
    content.write_bytes(os.urandom(size))
    path = folder / "image.hpm"
    path.write_bytes(build_hpm(make(list(pairs), {"content": str(content), **given})))
    return path


def version(bmc: Bmc) -> str:
    """What `mc info` says runs."""
    (line,) = [one for one in bmc.ipmitool("mc", "info").ok().lines if one.startswith("Firmware Revision")]
    return line.partition(":")[2].strip()


def test_ipmitool_upgrades_and_the_new_version_runs(upgradable: Lab, tmp_path: Path) -> None:
    for bmc, name in zip(upgradable, PRODUCTS, strict=True):
        path = image(tmp_path, "0=3.01", product=PRODUCTS[name])
        done = bmc.ipmitool("hpm", "upgrade", str(path), "activate").ok()
        assert "Firmware upgrade procedure successful" in done.err
        assert version(bmc) == "3.01"
        assert "Comparison passed" in bmc.ipmitool("hpm", "compare", str(path)).ok().out
        assert "Result1 = 55" in bmc.ipmitool("hpm", "selftestresult").ok().err


def test_ipmitool_is_killed_in_the_middle_and_does_it_again(upgradable: Lab, tmp_path: Path) -> None:
    bmc = upgradable[0]
    before = version(bmc)
    path = image(tmp_path, "0=3.02", size=400_000)
    command = [peers.require("ipmitool"), "-I", "lanplus", "-C", "17", "-H", bmc.address, "-p", str(bmc.port)]
    command += ["-U", bmc.username, "-E", "hpm", "upgrade", str(path), "activate"]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        env={**os.environ, "IPMITOOL_PASSWORD": bmc.password},
    )  # fmt: skip
    assert process.stdout is not None
    seen = b""
    while b"  3%" not in seen:
        data = os.read(process.stdout.fileno(), 4096)
        assert data, seen
        seen += data
    process.kill()
    process.communicate()
    assert b"100%" not in seen
    assert version(bmc) == before
    assert "Command in progress" in bmc.ipmitool("hpm", "upgstatus").ok().err
    small = image(tmp_path, "0=3.02")
    bmc.ipmitool("hpm", "upgrade", str(small), "activate").ok()
    assert version(bmc) == "3.02"


def test_ipmitool_goes_back(upgradable: Lab, tmp_path: Path) -> None:
    bmc = upgradable[0]
    before = version(bmc)
    path = image(tmp_path, "0=4.00")
    bmc.ipmitool("hpm", "upgrade", str(path), "activate").ok()
    assert version(bmc) == "4.00"
    assert "Rollback occurred on component mask: 0x01" in bmc.ipmitool("hpm", "rollback").ok().err
    assert version(bmc) == before


@pytest.fixture(scope="module")
def quick() -> Iterator[Bmc]:
    """One that answers at once: python-ipmi takes Get Upgrade Status, 34h, for Send Message (Q-HPM-CMD)."""
    with described_lab({"rack": "[bmc.hpm]\nstep_s = 0"}, strict=True) as running:
        yield running[0]


@pytest.fixture
def ipmi(quick: Bmc) -> Iterator[Any]:
    """A session of python-ipmi."""
    with connection(quick) as made:
        yield made


def test_python_ipmi_looks(ipmi: Any) -> None:
    assert ipmi.get_target_upgrade_capabilities().components == [0, 1]
    names = [str(one) for one in ipmi.get_component_properties(1)]
    assert names[0] == (
        "General: rollback_is_supported, preparation, comparison, deferred_activation, "
        "payload_cold_reset_required"
    )
    assert names[1].startswith("Current version: 2.7")
    assert ipmi.find_component_id_by_descriptor("BIOS") == 1


def test_python_ipmi_installs_what_begins_when_the_host_is_reset(
    ipmi: Any, quick: Bmc, tmp_path: Path
) -> None:
    hpm = library().hpm
    quick.ipmitool("power", "on").ok()
    path = image(tmp_path, "1=5.01")
    found = hpm.UpgradeImage(str(path))
    assert found.header.components == [1]
    ipmi.abort_firmware_upgrade()
    ipmi.preparation_stage(found)
    ipmi.upgrade_stage(found, 1)
    ipmi.activate_firmware_and_wait(timeout=30, interval=0.2)

    def current() -> str:
        return str(ipmi.get_component_property(1, hpm.PROPERTY_CURRENT_VERSION))

    assert current().startswith("Current version: 2.7")
    quick.ipmitool("power", "reset").ok()
    assert current().startswith("Current version: 5.1")
    ipmi.compare_component_from_file(str(path), 1)
    with pytest.raises(library().errors.HpmError):
        ipmi.compare_component_from_file(str(image(tmp_path, "1=5.01")), 1)


def test_python_ipmi_upgrades_the_controller_itself(quick: Bmc, tmp_path: Path) -> None:
    path = image(tmp_path, "0=6.07")
    with connection(quick) as ipmi:
        found = ipmi.open_upgrade_image(str(path))
        ipmi.abort_firmware_upgrade()
        ipmi.preparation_stage(found)
        ipmi.upgrade_stage(found, 0)
        errors = library().errors
        with pytest.raises(errors.CompletionCodeError) as caught:
            ipmi.activate_firmware()
        assert caught.value.cc == 0x80
        ipmi.session.close = lambda: None  # it is over with the controller's restart
    # It answers before it starts anew, and not while it does.
    eventually(lambda: quick.ipmitool("mc", "info").out, lambda told: "6.07" in told)
