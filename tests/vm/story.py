"""What a machine goes through in front of a BMC of ours, whichever interface lies between them.

Linux arms, kicks and neglects the watchdog timer, hears of events and of consoles, is warned, reset, panics;
consoles interrupt, reset, shut down, cycle and switch off the machine, and so does its own software. It takes
five machines, the first of which is reset three times.
"""

from __future__ import annotations

import re
import shlex
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from tests.vm import guest
from tests.vm.guest import Hook, Outcome
from tests.vm.hardware import Hardware
from tests.vm.scripts import RACING, drivers
from tests.vm.served import Served
from tests.vm.vm_tap import Tap, tapped

_BMC_WATCHDOG = "bmc-watchdog -D OPENIPMI"
_PROGRAM = shlex.quote(str(Path(__file__).with_name("listening.py")))
_LISTENER = f"inroot {shlex.quote(sys.executable)} -P -S -B {_PROGRAM}"
# FreeIPMI's program, alone and as a daemon that kicks.
_FREEIPMI = f"""
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
awaited 20 sh -c 'ipmitool mc watchdog get | grep Started'
host served
kill -TERM $(pidof bmc-watchdog); awaited 20 sh -c '! pidof bmc-watchdog'
host ended
"""
# A timer of 12 s is kicked for longer than that while events and a console's message come; then no more, and
# it warns 3 s before it resets the machine.
_KICKED = f"""
modprobe ipmi_watchdog timeout=12 pretimeout=3 action=reset preaction=pre_int preop=preop_give_data
exec 7<>/dev/watchdog
armed=$(cut -d . -f 1 /proc/uptime)
# One kick that fails, as may happen where hardware races with the BMC, is followed by another.
(while :; do printf . >&7; usleep 300000; done) 2>/dev/null & kicker=$!
section before
counters
{_LISTENER} >/tmp/heard 2>&1 & listener=$!
awaited 60 grep -q listening /tmp/heard
host platform
awaited 20 grep -q '^event' /tmp/heard
host sensor
awaited 20 sh -c '[ $(grep -c ^event /tmp/heard) = 2 ]'
host message
section heard
cat /tmp/heard
section after
counters
kill $listener; awaited 10 sh -c "! kill -0 $listener"
host silence
while [ $(($(cut -d . -f 1 /proc/uptime) - armed)) -lt 14 ]; do usleep 200000; done
section kicked
counters
host kicked
section log
ask ipmitool sel elist
section warned
kill $kicker
head -c 1 <&7 | wc -c
counters
sleep 100
"""
# It was reset. Now the timer interrupts 2 s after it is kicked, on which the kernel panics; the timer gets
# 3 s more for that, and nobody but the BMC starts the machine again.
_INTERRUPTED = """
section neglected
ask ipmitool chassis restart_cause
ask ipmitool sel list
ask ipmitool mc watchdog get
modprobe pvpanic-mmio
sysctl -w kernel.panic=0
modprobe ipmi_watchdog timeout=8 pretimeout=6 panic_wdt_timeout=3 action=reset preaction=pre_nmi \\
    preop=preop_panic
dmesg | grep -i watchdog
printf . >/dev/watchdog
sleep 100
"""
_CONSOLES = """
section panicked
ask ipmitool chassis restart_cause
section diagnostics
host diagnostics
awaited 20 sh -c 'dmesg | grep -q "NMI received"'; dmesg | grep -i nmi
host reset
sleep 100
"""
# Somebody who reads the power button, as an operating system does.
_SHUT_DOWN = """
section reset
ask ipmitool chassis restart_cause
modprobe button; modprobe evdev; awaited 20 test -e /dev/input/event0
for event in /dev/input/event*; do
    exec 8<$event
    (head -c 1 <&8 >/dev/null; poweroff -f) &
done
host soft
sleep 100
"""
_FIRST = f"""
case $BOOT in
1) {_FREEIPMI}{_KICKED} ;;
2) {_INTERRUPTED} ;;
3) {_CONSOLES} ;;
4) {_SHUT_DOWN} ;;
esac
"""
_CAUSE = "section cause\nask ipmitool chassis restart_cause\n"
_OFF = "host off\nsleep 100\n"
_POWEROFF = "modprobe ipmi_poweroff {}\npoweroff -f\nsleep 100\n"
LOOKS = ("started", "counted", "stopped", "served", "ended", "kicked")
# How a console asks for what is to happen.
WORDS = {
    "platform": ("event", "1"),
    "sensor": ("sensor", "thresh", "Inlet Temp", "unc", "10"),
    "message": ("-l", "2", "raw", "6", "1"),
    "silence": ("event", "2"),
    "diagnostics": ("chassis", "power", "diag"),
    "reset": ("chassis", "power", "reset"),
    "soft": ("chassis", "power", "soft"),
    "cycle": ("chassis", "power", "cycle"),
    "off": ("chassis", "power", "off"),
}


class Machine:
    """One machine: what its guest said, what went over the wire, how it ended.

    Attributes:
        status: its power, as the BMC says when it has ended.
        marks: how many frames had gone over the wire when a console asked for something.
        answers: what the console printed.
        timer: the watchdog timer, at the guest's words.
    """

    def __init__(self, bmc: Served, script: str, *, append: str = "", reboots: int = 0) -> None:
        self.marks: dict[str, int] = {}
        self.answers: dict[str, str] = {}
        self.timer: dict[str, str] = {}
        hooks: dict[str, Hook] = {name: self._asking(bmc, name) for name in WORDS}
        hooks |= {name: self._looking(bmc, name) for name in LOOKS}
        self.outcome = self._ran(bmc, script, hooks, append, reboots).ended("poweroff")
        self.inside = self.outcome.sections
        self.status = bmc.ipmitool("chassis", "power", "status").out.strip()

    def _ran(self, bmc: Served, script: str, hooks: Mapping[str, Hook], append: str, reboots: int) -> Outcome:
        before = "modprobe ipmi_msghandler panic_op=string"
        with tempfile.TemporaryDirectory() as folder:
            place = Path(folder, "tap")
            with tapped(place, bmc.socket) as tap:
                self.tap: Tap = tap
                return guest.run(
                    drivers(bmc.interface, before=before) + script,
                    hardware=Hardware(bmc.interface, str(place), append=append, steady=True),
                    hooks=hooks,
                    reboots=reboots,
                    started=tap.hold if bmc.interface in RACING else None,
                )

    def _asking(self, bmc: Served, name: str) -> Hook:
        def ask() -> int:
            self.marks[name] = len(self.tap.frames)
            done = bmc.lan.ipmitool(*WORDS[name], suite=3)
            self.answers[name] = f"{done.out}{done.err}exit {done.code}"
            return done.code

        return ask

    def _looking(self, bmc: Served, name: str) -> Hook:
        def look() -> int:
            self.timer[name] = bmc.ipmitool("mc", "watchdog", "get").out
            return 0

        return look

    def boots(self, event: str) -> list[int]:
        """In which of the boots something happened to the machine."""
        return [one.boot for one in self.outcome.events if one.name == event]

    def exchange(self, name: str, count: int) -> list[str]:
        """What went over the wire first, once a console had asked: requests and the BMC's controls."""
        frames = self.tap.frames[self.marks[name] :]
        return [frame.text for frame in frames if frame.kind in ("request", "control")][:count]

    def counters(self, section: str) -> dict[str, int]:
        """The driver's own counts."""
        found = re.findall(r"^(\w+):(\d+)$", self.inside[section], re.MULTILINE)
        return {name: int(value) for name, value in found}


class Story:
    """All that happened, to one machine after another.

    Attributes:
        first: the one that is reset three times, and shut down.
        cycled: the one that a console cycles.
        restarted: the one after that, whose software has the BMC cycle it.
        last: the one after that, whose software has the BMC switch it off. Over SSIF Linux 6.1 can do
            neither (its ``ipmi_poweroff`` waits for a driver that does not run any more, and sends nothing):
            there the machine before is the last.
        off: the one that a console switches off.
        log: the BMC's, after the first.
        seconds: that it took.
    """

    def __init__(self, bmc: Served) -> None:
        begun = time.monotonic()
        self.interface = bmc.interface
        self.first = Machine(bmc, _FIRST, reboots=3)
        self.log = bmc.ipmitool("sel", "elist").out
        self.cycled = Machine(bmc, "host cycle\nsleep 100\n")
        if self.interface in RACING:
            self.restarted = self.last = self.off = Machine(bmc, _CAUSE + _OFF)
        else:
            # Without ACPI it is the BMC that Linux asks to switch off.
            cycling, off = _POWEROFF.format("poweroff_powercycle=1"), _POWEROFF.format("")
            self.restarted = Machine(bmc, _CAUSE + cycling, append="acpi=off")
            self.last = Machine(bmc, _CAUSE + off, append="acpi=off")
            self.off = Machine(bmc, _CAUSE + _OFF)
        self.complaints = bmc.complaints()
        self.seconds = time.monotonic() - begun
