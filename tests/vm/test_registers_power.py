"""A virtual server of one file whose interface is our own hardware: KCS, SMIC, BT and SSIF, by registers.

The BMC runs QEMU. For each kind there is one story of four boots, told to a shell on the guest's console over
SOL: its timer is kicked, left alone, and resets the machine; it warns, by a message and by an NMI; the guest
panics; a console interrupts, cycles and shuts down. There are no interrupts here: drivers poll for attention.
"""

from __future__ import annotations

import re
import shlex
import signal
import sys
import time
from pathlib import Path

import pytest

from tests import peers
from tests.interop.patience import eventually
from tests.vm import rates
from tests.vm.scripts import drivers
from tests.vm.test_registers import adapted
from tests.vm.virtual_server import linux

pytestmark = pytest.mark.timeout(900)

KINDS = ("kcs", "smic", "bt", "ssif")
# The guest sees this machine's file system, for a program that listens to events.
MORE = """
interface = "registers"
arguments = [
    "-virtfs", "local,path=/,mount_tag=root,security_model=none,readonly=on,multidevs=remap",
]
[bmc.interface]
kind = "@KIND@"
registers = "unix:registers"
"""
# QUIRK Linux 6.1: of a BT without interrupts it looks for attention only when it has something to send.
POLLS = "force_kipmid=1"
PROGRAM = shlex.quote(str(Path(__file__).with_name("listening.py")))
LISTENER = f"inroot {shlex.quote(sys.executable)} -P -S -B {PROGRAM}"
BMC_WATCHDOG = "bmc-watchdog -D OPENIPMI"
# Resets after 7 s, and warns 2 s before that by a message, which wakes who reads.
WARNS = "ipmi_watchdog timeout=7 pretimeout=2 action=reset preaction=pre_int preop=preop_give_data"
# Interrupts 2 s after the last kick, on which the kernel panics, and has 3 s for that.
INTERRUPTS = (
    "ipmi_watchdog timeout=8 pretimeout=6 panic_wdt_timeout=3"
    " action=reset preaction=pre_nmi preop=preop_panic"
)


class Story:
    """What was seen of one machine.

    Attributes:
        inside: by what was looked at.
        outside: the same.
    """

    def __init__(self, kind: str, folder: Path) -> None:
        self.inside: dict[str, str] = {}
        self.outside: dict[str, str] = {}
        begun = time.monotonic()
        text = adapted(drivers("registers"), kind)
        if kind == "bt":
            text = text.replace("modprobe ipmi_si\n", f"modprobe ipmi_si {POLLS}\n")
        with linux(folder, more=MORE.replace("@KIND@", kind), drivers=text) as server:
            self._server = server
            with server.console() as screen:
                self._screen = screen
                self._tell()
            eventually(lambda: self._ask("off", "chassis", "power", "status"), lambda now: "is off" in now)
            self._ask("log at the end", "sel", "elist")
            self.left = server.machine()
            self.complaints = server.errors
        self.seconds = time.monotonic() - begun

    def _tell(self) -> None:
        server, screen = self._server, self._screen
        server.ipmitool("chassis", "power", "on")
        screen.booted()
        self._run("type", "cat /sys/class/ipmi/ipmi0/device/type")
        self._run("locate", "ipmi-locate")
        self._freeipmi()
        self._kicked_while_events_come()
        self._left_alone()
        self._interrupted()
        self._cycled()
        server.ipmitool("chassis", "power", "soft")
        screen.wait_for("@@button")

    def _run(self, name: str, command: str) -> str:
        self.inside[name] = self._screen.run(command)
        return self.inside[name]

    def _ask(self, name: str, *words: str) -> str:
        self.outside[name] = self._server.ipmitool(*words)
        return self.outside[name]

    def _freeipmi(self) -> None:
        options = "--timer-use=4 --timeout-action=1 --initial-countdown=60 --clear-sms-os"
        self._run("set", f"mkdir -p /var/run; {BMC_WATCHDOG} --set {options} && {BMC_WATCHDOG} --reset")
        self._run("get", f"{BMC_WATCHDOG} --get")
        self._ask("started by FreeIPMI", "mc", "watchdog", "get")
        self._run("stopped", f"{BMC_WATCHDOG} --stop && {BMC_WATCHDOG} --get")

    def _kicked_while_events_come(self) -> None:
        """Longer than the timer runs, so that it would have expired."""
        self._run("armed", f"modprobe {WARNS} && exec 7<>/dev/watchdog")
        begun = time.monotonic()
        self._run("kicking", "(while printf . >&7; do usleep 300000; done) & kicker=$!")
        self._run("before", "counters || true")
        self._run("listening", f"{LISTENER} >/tmp/heard 2>&1 & awaited 60 grep -q listening /tmp/heard")
        self._run("listener", "listener=$!")
        self._server.ipmitool("event", "1")
        self._run("event", "awaited 20 grep '^event' /tmp/heard && cat /tmp/heard")
        self._ask("message", "-l", "2", "raw", "6", "1")
        self._run("after", "kill $listener; counters || true")
        left = 8.0 - (time.monotonic() - begun)
        self._run("kicked", f"usleep {max(0, int(left * 1e6))}; counters || true")
        self._ask("kicked", "mc", "watchdog", "get")

    def _left_alone(self) -> None:
        self._ask("log before", "sel", "elist")
        self._run("warned", "kill $kicker; head -c 1 <&7 | wc -c; counters || true")
        self._screen.booted()
        self._ask("cause after the timeout", "chassis", "restart_cause")
        self._ask("log after the timeout", "sel", "elist")
        self._ask("timer after the timeout", "mc", "watchdog", "get")
        self._run("cause", "ipmitool chassis restart_cause")

    def _interrupted(self) -> None:
        """Nobody starts the machine again but the BMC: the kernel is told to stay where it is."""
        parameters = "/sys/module/ipmi_msghandler/parameters"
        self._run("panic", f"echo string >{parameters}/panic_op; sysctl kernel.panic=0")
        self._run("tried", f"modprobe {INTERRUPTS}; dmesg | grep -i -e watchdog -e nmi")
        self._screen.type("printf . >/dev/watchdog\n")
        self.inside["panicked"] = self._screen.wait_for("@@guest boot")
        self._ask("cause after the panic", "chassis", "restart_cause")
        self._ask("log after the panic", "sel", "elist")

    def _cycled(self) -> None:
        before = self._server.machine()
        self._server.ipmitool("chassis", "power", "cycle")
        self._screen.booted()
        self.cycled = before, self._server.machine()
        self._ask("cause after the cycle", "chassis", "restart_cause")
        self._run("after the cycle", "ipmitool mc info")

    def counters(self, name: str) -> dict[str, int]:
        """The driver's own counts at that moment."""
        found = re.findall(r"^(\w+):(\d+)$", self.inside[name], re.MULTILINE)
        return {key: int(value) for key, value in found}


@pytest.fixture(scope="module", params=KINDS)
def story(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Story:
    for peer in ("ipmitool", "FreeIPMI", "QEMU"):
        peers.require(peer)
    kind: str = request.param
    told = Story(kind, tmp_path_factory.mktemp(kind))
    rates.note(f"registers {kind}: a virtual server in {told.seconds:.0f} s, with four boots")
    return told


def value(text: str, name: str) -> str:
    """What stands behind a name."""
    found = re.search(rf"^{re.escape(name)}: +(.*)$", text, re.MULTILINE)
    assert found, text
    return found[1]


def logged(story: Story, name: str) -> list[str]:
    """The events of one log, what of them and no date."""
    lines = [line.split("|") for line in story.outside[name].splitlines()]
    return [" | ".join(part.strip() for part in line[3:]) or line[1].strip() for line in lines]


def new(story: Story, before: str, after: str) -> list[str]:
    """What came into the log between the two looks at it."""
    first, second = logged(story, before), logged(story, after)
    assert second[: len(first)] == first
    return second[len(first) :]


def test_the_guests_interface_is_ours(story: Story, request: pytest.FixtureRequest) -> None:
    assert story.inside["type"].strip() in request.node.name
    assert re.search(r"^Device ID +: 32$", story.inside["after the cycle"], re.MULTILINE)
    assert not story.complaints


def test_freeipmi_looks_for_it(story: Story) -> None:
    """It looks, and finds no device of PCI, ours or QEMU's."""
    looks = re.findall(r"^Probing \w+ device using (\w+)\.\.\. FAILED$", story.inside["locate"], re.MULTILINE)
    assert looks == [way for way in ("DMIDECODE", "SMBIOS", "ACPI", "PCI") for _ in range(4)]


def test_freeipmi_sets_and_stops_the_timer(story: Story) -> None:
    assert value(story.inside["get"], "Timer") == "Running"
    assert value(story.inside["get"], "Timeout Action") == "Hard Reset"
    assert value(story.inside["get"], "Initial Countdown") == "60 seconds"
    assert value(story.outside["started by FreeIPMI"], "Watchdog Timer Is") == "Started/Running"
    assert value(story.inside["stopped"], "Timer") == "Stopped"


def test_an_event_and_a_console_reach_who_listens(story: Story) -> None:
    """Attention that is polled, the event buffer, and the queue of messages; back by Send Message."""
    assert re.search(r"^event 07/35 .* 81 10 04 01 30 01 09 ff ff *$", story.inside["event"], re.MULTILINE)
    assert story.outside["message"] == f" {b'guest'.hex(' ')}\n"
    before, after = story.counters("before"), story.counters("after")
    assert after["events"] == before["events"] + 1
    assert "Temperature #0x30 | Upper Critical going high | Asserted" in logged(story, "log before")


def test_a_timer_that_is_kicked_does_not_expire(story: Story) -> None:
    assert value(story.outside["kicked"], "Watchdog Timer Is") == "Started/Running"
    assert value(story.outside["kicked"], "Initial Countdown") == "7.0 sec"
    assert story.counters("kicked")["watchdog_pretimeouts"] == 0


def test_a_warning_before_the_timeout_wakes_who_reads(story: Story) -> None:
    assert value(story.outside["kicked"], "Pre-timeout interrupt") == "Messaging"
    assert story.inside["warned"].startswith("1\n")
    assert story.counters("warned")["watchdog_pretimeouts"] == 1


def test_nobody_kicks_and_the_bmc_resets_the_machine(story: Story) -> None:
    assert new(story, "log before", "log after the timeout") == [
        "Watchdog2 Watchdog | Timer interrupt | Asserted",
        "Watchdog2 Watchdog | Hard reset | Asserted",
        "System Boot Initiated Restart | System Restart | Asserted",
    ]
    for said in (story.outside["cause after the timeout"], story.inside["cause"]):
        assert "System restart cause: watchdog expired\n" in said
    assert value(story.outside["timer after the timeout"], "Watchdog Timer Is") == "Stopped"
    assert "                        * SMS/OS\n" in story.outside["timer after the timeout"]


def test_an_nmi_before_the_timeout_panics_the_kernel(story: Story) -> None:
    """The driver tries the NMI when it is loaded, and complains if none comes."""
    assert "IPMI Watchdog: driver initialized" in story.inside["tried"]
    assert "NMI didn't seem to occur" not in story.inside["tried"]
    assert "Kernel panic - not syncing: pre-timeout" in story.inside["panicked"]
    assert "ipmi_nmi+" in story.inside["panicked"]


def test_the_panic_is_in_the_log_and_the_machine_starts_again(
    story: Story, request: pytest.FixtureRequest
) -> None:
    """Linux 6.1 says nothing over an SSIF when it panics; its watchdog timer runs on there."""
    record = ["OS Critical Stop #0x70 | Run-time critical stop | Asserted", "Linux kernel panic: pre-timeout"]
    assert new(story, "log after the timeout", "log after the panic") == [
        "Watchdog2 Watchdog | Timer interrupt | Asserted",
        "Watchdog2 Watchdog | Timer interrupt | Asserted",
        *([] if "ssif" in request.node.name else record),
        "Watchdog2 Watchdog | Hard reset | Asserted",
        "System Boot Initiated Restart | System Restart | Asserted",
    ]
    assert story.outside["cause after the panic"] == "System restart cause: watchdog expired\n"


def test_a_power_cycle_is_a_new_machine_with_the_same_interface(story: Story) -> None:
    before, after = story.cycled
    assert before != after
    assert None not in story.cycled
    assert story.outside["cause after the cycle"] == "System restart cause: chassis power control command\n"


def test_a_soft_shutdown_presses_the_power_button(story: Story) -> None:
    assert story.left is None
    last = logged(story, "log at the end")[-1]
    assert last == "System ACPI Power State ACPI State | S5/G2: soft-off | Asserted"


def test_a_bmc_that_was_killed_has_no_interface_until_the_next_cycle(tmp_path: Path) -> None:
    """QEMU's device does not connect again; the machine goes on without, and everything else works."""
    with linux(tmp_path, more=MORE.replace("@KIND@", "kcs")) as server:
        with server.console() as screen:
            server.ipmitool("chassis", "power", "on")
            screen.booted()
            first = screen.run("ipmitool mc guid")
        process = server.machine()
        server.end(signal.SIGKILL)
        server.start()
        assert server.machine() == process
        assert "no system interface until the next power cycle" in server.errors
        with server.console() as screen:
            screen.connected()
            assert "No data available" in screen.run("ipmitool mc guid 2>&1 || true")
            server.ipmitool("chassis", "power", "cycle")
            screen.booted()
            assert screen.run("ipmitool mc guid") == first
        assert server.machine() not in (None, process)
