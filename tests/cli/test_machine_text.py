"""What is said of virtual machines that BMCs wait for."""

from __future__ import annotations

import shlex

import pytest

from baseboard.cli import machine_text

PLACES = [("tcp:127.0.0.1:9002", "host=127.0.0.1,port=9002"), ("tcp:[::1]:9002", "host=::1,port=9002"),
          ("unix:/run/vm", "path=/run/vm"), ("unix:/run/a, b", "path=/run/a,, b")]  # fmt: skip


@pytest.mark.parametrize(("place", "option"), PLACES)
def test_the_options_of_qemu(place: str, option: str) -> None:
    words = shlex.split(machine_text.qemu_options(place))
    assert words[:2] == ["-chardev", f"socket,id=bmc,{option},reconnect=1"]
    assert words[2:] == ["-device", "ipmi-bmc-extern,id=bmc0,chardev=bmc", "-device", "isa-ipmi-kcs,bmc=bmc0"]


def test_nothing_where_nobody_waits() -> None:
    assert machine_text.lines([]) == []


def test_of_many_the_first() -> None:
    lines = machine_text.lines([(f"rack-{n}", f"unix:/run/vm-{n}") for n in range(1, 11)])
    assert sum(line.startswith("qemu-system") for line in lines) == 3
    assert lines[-2] == "... 10 in all, up to rack-10 at unix:/run/vm-10"
    assert machine_text.lines([("a", "unix:/vm")])[0] == "\n# a waits for a virtual machine at unix:/vm"
