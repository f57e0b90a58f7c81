"""A kernel that panics has the BMC keep its last words, and a watchdog timer makes an end of it."""

from __future__ import annotations

import re

import pytest

from tests import peers
from tests.vm import guest
from tests.vm.scripts import drivers
from tests.vm.served import served

pytestmark = pytest.mark.timeout(600)

SCRIPT = f"""
{drivers("bt", before="modprobe ipmi_msghandler panic_op=string")}
modprobe pvpanic-mmio
# With a timer that runs the panic gets a time of its own, after which the BMC resets the machine.
modprobe ipmi_watchdog timeout=100 panic_wdt_timeout=3 action=reset
if [ $BOOT = 1 ]; then
    sysctl -w kernel.panic=0
    printf . >/dev/watchdog
    echo c >/proc/sysrq-trigger
    sleep 100
fi
section again
ask ipmitool sel elist
ask ipmitool chassis restart_cause
"""


def test_the_last_words_are_in_the_log_and_the_machine_starts_again() -> None:
    """Nobody resets it but the BMC: the kernel is told to stay where it is."""
    peers.require("ipmitool")
    with served("bt") as bmc:
        outcome = guest.run(SCRIPT, hardware=bmc.hardware(), reboots=1).ended("script")
        log = bmc.ipmitool("sel", "elist").out
        cause = bmc.ipmitool("chassis", "restart_cause").out
    assert outcome.boots == 2
    assert [event.boot for event in outcome.events if event.name == "GUEST_PANICKED"] == [1]
    assert re.search(r"\| OS Critical Stop #0x73 \| Run-time critical stop \| Asserted$", log, re.MULTILINE)
    assert "Linux kernel panic: sysrq trigg" in log
    assert "ered crash" in log
    assert re.search(r"\| Watchdog2 Watchdog \| Hard reset \| Asserted$", log, re.MULTILINE)
    assert "System restart cause: watchdog expired\n" in cause
    # What it says of itself it says inside too.
    text = outcome.sections["again"]
    assert "Linux kernel panic: sysrq trigg" in text
    assert "System restart cause: watchdog expired\n" in text
