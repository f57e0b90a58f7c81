"""The modular server with a process for each BMC, one of which is killed."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import pytest

from tests.interop.lab import STOP, Bmc, first_line
from tests.interop.modular_server import BLADES, PASSWORD, apart
from tests.interop.patience import eventually

AT = {blade: ("-t", f"{address:#04x}", "-b", "0") for blade, address in enumerate(BLADES, 1)}


class Controller:
    """A BMC in a process that can end as though its power had gone."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.start()

    def start(self) -> None:
        command = [sys.executable, "-P", "-m", "baseboard", "bmc", "run", "--json", str(self._file)]
        self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
        (one,) = json.loads(first_line(self._process))
        self.bmc = Bmc(one["address"], one["port"], "admin", PASSWORD, None, one["name"], self._file.parent)

    def cut(self) -> None:
        self._process.kill()
        self._process.communicate(timeout=STOP)

    def stop(self) -> None:
        if self._process.poll() is None:
            self._process.terminate()
            self._process.communicate(timeout=STOP)


@pytest.fixture
def controllers() -> Iterator[list[Controller]]:
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        made: list[Controller] = []
        for turn, described in enumerate(apart("unix:ipmb")):
            file = Path(name, f"{turn}.toml")
            file.write_text(described)
            made.append(Controller(file))
            stack.callback(made[-1].stop)
        yield made


def reached(chassis: Bmc, blade: int) -> str:
    """The product that the manager finds in a slot; empty where nobody answers."""
    return chassis.ipmitool("mc", "info", options=AT[blade]).values.get("Product ID", "")


def assert_there(chassis: Bmc, *blades: int) -> None:
    for blade in blades:
        assert eventually(partial(reached, chassis, blade), bool).startswith("514")


def generators(chassis: Bmc) -> set[str]:
    """Who has events in the manager's log."""
    ids = [line.split("|")[0].strip() for line in chassis.ipmitool("sel", "list").ok().lines if "|" in line]
    return {chassis.ipmitool("sel", "get", f"0x{one}").ok().values["Generator ID"] for one in ids}


def test_a_blade_that_is_killed_takes_nobody_with_it_and_comes_back(controllers: list[Controller]) -> None:
    chassis, one, two, three = controllers
    assert_there(chassis.bmc, 1, 2, 3)
    two.cut()
    gone = eventually(
        lambda: chassis.bmc.ipmitool("raw", "6", "1", options=AT[2]), lambda done: done.code != 0
    )
    assert "0x83" in gone.out + gone.err  # nobody acknowledges the address
    assert_there(chassis.bmc, 1, 3)
    assert_there(one.bmc, 3)
    three.bmc.ipmitool("power", "cycle").ok()
    eventually(lambda: generators(chassis.bmc), lambda found: found == {"0086"})
    two.start()
    assert_there(chassis.bmc, 2)
    assert_there(one.bmc, 2)
    chassis.bmc.ipmitool("power", "reset", options=AT[2]).ok()
    assert "chassis power control command" in two.bmc.ipmitool("chassis", "restart_cause").ok().out
    eventually(lambda: generators(chassis.bmc), lambda found: found == {"0084", "0086"})


def test_a_manager_that_is_killed_leaves_the_blades_at_work_and_finds_them_again(
    controllers: list[Controller],
) -> None:
    chassis, one, two, _ = controllers
    assert_there(chassis.bmc, 1, 2, 3)
    chassis.cut()
    assert "is on" in two.bmc.ipmitool("power", "status").ok().out
    lost = eventually(lambda: one.bmc.ipmitool("raw", "6", "1", options=AT[2]), lambda done: done.code != 0)
    assert "0x82" in lost.out + lost.err  # there is no bus
    chassis.start()
    assert_there(chassis.bmc, 1, 2, 3)
    assert_there(one.bmc, 2)
    chassis.bmc.ipmitool("power", "reset", options=AT[2]).ok()
    eventually(lambda: generators(chassis.bmc), lambda found: found == {"0084"})
