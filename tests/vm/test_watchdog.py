"""The watchdog timer in the hands of Linux: kicked, left alone, with a warning before; and in FreeIPMI's.

One machine, which is reset twice: by the BMC when nobody kicks any more, and by a panic after the BMC's NMI.
"""

from __future__ import annotations

import re

import pytest

from tests import peers
from tests.vm import guest
from tests.vm.guest import Outcome
from tests.vm.scripts import drivers
from tests.vm.served import Served, served

pytestmark = pytest.mark.timeout(600)

_BMC_WATCHDOG = "bmc-watchdog -D OPENIPMI"
_FIRST = f"""
mkdir -p /var/run
section freeipmi
ask {_BMC_WATCHDOG} --set --timer-use=4 --timeout-action=1 --initial-countdown=60 --clear-sms-os
ask {_BMC_WATCHDOG} --start
host started
ask {_BMC_WATCHDOG} --get
usleep 1500000
host counted
ask {_BMC_WATCHDOG} --reset
ask {_BMC_WATCHDOG} --stop
host stopped
{_BMC_WATCHDOG} --daemon --timer-use=4 --timeout-action=0 --initial-countdown=20 --reset-period=1
host served
kill -TERM $(pidof bmc-watchdog); awaited 10 sh -c '! pidof bmc-watchdog'
host ended
section message
modprobe ipmi_watchdog timeout=30 pretimeout=29 action=reset preaction=pre_int preop=preop_give_data
exec 7<>/dev/watchdog
printf . >&7
host warned
head -c 1 <&7 >/tmp/warning & awaited 20 test -s /tmp/warning
wc -c </tmp/warning
counters
printf V >&7
exec 7>&-
rmmod ipmi_watchdog
host disarmed
section reset
modprobe ipmi_watchdog timeout=4 action=reset
(while :; do printf .; usleep 500000; done) >/dev/watchdog &
usleep 5500000
counters
host kicked
kill $!
sleep 100
"""
_SECOND = """
section causes
ask ipmitool chassis restart_cause
ask ipmitool sel list
ask ipmitool mc watchdog get
modprobe pvpanic-mmio
modprobe ipmi_watchdog timeout=60 pretimeout=58 action=reset preaction=pre_nmi preop=preop_panic
dmesg | grep -i watchdog
printf . >/dev/watchdog
host armed
sleep 100
"""
SCRIPT = f"""
{drivers("kcs", before="modprobe ipmi_msghandler panic_op=string")}
case $BOOT in
1) {_FIRST} ;;
2) {_SECOND} ;;
esac
section end
"""
HOOKS = ("started", "counted", "stopped", "served", "ended", "warned", "disarmed", "kicked", "armed")


class Told:
    """What the guest said, and what the BMC said of its timer at each of the guest's words."""

    def __init__(self, bmc: Served) -> None:
        self.timer: dict[str, str] = {}
        hooks = {name: self._hook(bmc, name) for name in HOOKS}
        outcome = guest.run(SCRIPT, hardware=bmc.hardware(), hooks=hooks, reboots=2, seconds=60)
        self.outcome: Outcome = outcome.ended("script")
        self.inside = outcome.sections
        self.log = bmc.ipmitool("sel", "elist").out
        self.cause = bmc.ipmitool("chassis", "restart_cause").out

    def _hook(self, bmc: Served, name: str) -> guest.Hook:
        def look() -> int:
            self.timer[name] = bmc.ipmitool("mc", "watchdog", "get").out
            return 0

        return look

    def value(self, when: str, name: str) -> str:
        found = re.search(rf"^{name}: +(.*)$", self.timer[when], re.MULTILINE)
        assert found, self.timer[when]
        return found[1]


@pytest.fixture(scope="module")
def told() -> Told:
    for peer in ("ipmitool", "FreeIPMI"):
        peers.require(peer)
    with served("kcs") as bmc:
        return Told(bmc)


def exits(text: str) -> list[str]:
    return re.findall(r"^exit (\d+)$", text, re.MULTILINE)


def test_freeipmi_sets_starts_and_stops_it(told: Told) -> None:
    text = told.inside["freeipmi"]
    assert exits(text) == ["0"] * 5, text
    assert re.search(r"^Timer: +Running$", text, re.MULTILINE)
    assert re.search(r"^Timeout Action: +Hard Reset$", text, re.MULTILINE)
    assert told.value("started", "Watchdog Timer Is") == "Started/Running"
    assert told.value("started", "Initial Countdown") == "60.0 sec"
    assert told.value("stopped", "Watchdog Timer Is") == "Stopped"


def test_it_counts_down(told: Told) -> None:
    before, after = (
        float(told.value(when, "Present Countdown").removesuffix(" sec")) for when in ("started", "counted")
    )
    assert 1.5 <= before - after < 60


def test_freeipmis_daemon_keeps_it_running_and_stops_it_at_its_end(told: Told) -> None:
    assert told.value("served", "Watchdog Timer Is") == "Started/Running"
    assert told.value("served", "Initial Countdown") == "20.0 sec"
    assert told.value("ended", "Watchdog Timer Is") == "Stopped"


def test_a_warning_before_the_timeout_comes_as_a_message(told: Told) -> None:
    """Linux is interrupted, looks at the message flags, and wakes who reads from the watchdog."""
    assert told.value("warned", "Pre-timeout interrupt") == "Messaging"
    assert told.value("warned", "Pre-timeout interval") == "29 seconds"
    text = told.inside["message"]
    assert "\nwatchdog_pretimeouts:1\n" in text
    assert text.startswith("1\n")
    assert told.value("disarmed", "Watchdog Timer Is") == "Stopped"


def test_a_timer_that_is_kicked_does_not_expire(told: Told) -> None:
    """It was, for longer than the timer's 4 s."""
    assert told.value("kicked", "Watchdog Timer Is") == "Started/Running"
    assert told.value("kicked", "Initial Countdown") == "4.0 sec"
    assert told.value("kicked", "Watchdog Timer Action").startswith("Hard Reset ")
    assert "SMS/OS" in told.value("kicked", "Watchdog Timer Use")


def test_nobody_kicks_and_the_bmc_resets_the_machine(told: Told) -> None:
    assert told.outcome.boots == 3
    text = told.inside["causes"]
    assert "System restart cause: watchdog expired\n" in text
    assert re.search(r"\| Watchdog2 #0x\w\w \| Hard reset \| Asserted$", text, re.MULTILINE)
    assert re.search(r"^Watchdog Timer Is: +Stopped$", text, re.MULTILINE)
    assert "                        * SMS/OS\n" in text
    assert "System restart cause: watchdog expired\n" in told.cause


def test_the_log_has_each_interrupt_and_timeout_once(told: Told) -> None:
    """The second interrupt of the NMI kind is the driver's own, which tries it before it counts on it."""
    seen = re.findall(r"\| Watchdog2 Watchdog \| (.*) \| Asserted$", told.log, re.MULTILINE)
    assert seen == ["Timer interrupt", "Hard reset", "Timer interrupt", "Timer interrupt"]


def test_an_nmi_before_the_timeout_panics_the_kernel_if_it_shall(told: Told) -> None:
    assert told.value("armed", "Pre-timeout interrupt") == "NMI/Diagnostic"
    assert told.value("armed", "Pre-timeout interval") == "58 seconds"
    assert "NMI didn't seem to occur" not in told.inside["causes"]
    assert "ipmi_nmi+" in told.inside["causes"]
    assert [event.boot for event in told.outcome.events if event.name == "GUEST_PANICKED"] == [2]


def test_the_panic_is_in_the_log(told: Told) -> None:
    """An event, and its words in records of Linux's own."""
    assert re.search(
        r"\| OS Critical Stop #0x70 \| Run-time critical stop \| Asserted$", told.log, re.MULTILINE
    )
    assert "Linux kernel panic: pre-timeout" in told.log
