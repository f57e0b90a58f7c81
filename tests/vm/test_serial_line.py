"""Serial over LAN on the second serial port of a guest, which waits at a socket for the BMC."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.interop.test_sol_backings import ipmitool, leave
from tests.vm import guest
from tests.vm.scripts import drivers
from tests.vm.served import served

pytestmark = pytest.mark.timeout(600)

SCRIPT = f"""
{drivers("kcs")}
stty 115200 raw -echo </dev/ttyS1
(while read -r line; do echo "the guest heard $line"; done) </dev/ttyS1 >/dev/ttyS1 &
host talk || exit 101
"""


def test_a_console_talks_with_software_of_the_guest() -> None:
    with served("kcs", more='[bmc.sol]\nbacking = "unix"\npath = "line"') as bmc:

        def talk() -> int:
            with ipmitool(bmc.lan) as screen:
                for word in ("this", "that"):
                    screen.type(f"{word}\n")
                    screen.wait_for(f"the guest heard {word}")
                leave(screen)
            return 0

        machine = replace(bmc.hardware(), sol=bmc.lan.folder / "line")
        guest.run(SCRIPT, hardware=machine, hooks={"talk": talk}).ended("script")
