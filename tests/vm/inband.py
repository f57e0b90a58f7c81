"""One boot in which a guest tries all that a system interface carries, and the outside does its part."""

from __future__ import annotations

import re
import statistics
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from tests.vm import guest
from tests.vm.guest import Hook, Outcome
from tests.vm.hardware import Hardware
from tests.vm.scripts import RACING, drivers
from tests.vm.served import Served
from tests.vm.vm_tap import tapped

COMMANDS = ("0x06 0x01", "0x06 0x2f", "0x0a 0x40", "0x0a 0x20")
"""Without data, and answered the same as long as nobody changes anything."""

WRITTEN_INSIDE = "0x0a 0x44 0 0 2 0 0 0 0 0x41 0 4 1 0x30 1 0x59 0x60 0x70"
WRITTEN_OUTSIDE = "0x0a 0x44 0 0 2 0 0 0 0 0x41 0 4 1 0x31 1 0x59 0x61 0x71"
"""Add SEL Entry: a temperature's threshold, of sensors 30h and 31h, as software with ID 41h tells it."""

RECORDS = ("51 c0 05 9d 1a 00 69 6e", "51 c0 05 9d 1a 00 6f 75")
"""SDRs of a maker, by the sides that write them, inside and outside; without their IDs."""


def add_record(record: str) -> str:
    """Add SDR."""
    return "0x0a 0x24 0 0 " + " ".join(f"0x{byte}" for byte in record.split())


def thousand() -> str:
    """Give 1,000 commands one after another, in batches of a program, timed, with their answers."""
    count, batches = 200, 5
    each = "; ".join(f"echo raw {words}" for words in COMMANDS)
    return f"""
now() {{ read -r up rest </proc/uptime; echo "${{up%.*}}${{up#*.}}"; }}
cp /proc/uptime /tmp/uptime
for n in $(seq {count // len(COMMANDS)}); do {each}; done >/tmp/commands
: >/tmp/nothing; : >/tmp/answers
# What the program's own start takes: the first time it is read from the disk, and then the shortest of some.
ipmitool exec /tmp/nothing; idle=
for try in 1 2 3 4 5; do
    begun=$(now); ipmitool exec /tmp/nothing; took=$(($(now) - begun))
    [ -n "$idle" ] && [ $took -ge $idle ] || idle=$took
done
# How often the driver went on because its time was over, where it can also be interrupted.
waited() {{ cat /sys/class/ipmi/ipmi0/device/long_timeouts 2>/dev/null || echo 0; }}
for batch in $(seq {batches}); do
    again=0; waits=$(waited); cp /tmp/commands /tmp/todo
    begun=$(now)
    while :; do
        ipmitool exec /tmp/todo >/tmp/told 2>/tmp/refused
        cat /tmp/told >>/tmp/answers
        # What was refused says which command it was; it is given again.
        sed -n 's/.* netfn=\\(0x.*\\) lun=0x0 cmd=\\(0x.*\\) rsp.*/raw \\1 \\2/p' /tmp/refused >/tmp/todo
        [ -s /tmp/todo ] && [ $again -lt {count} ] || break
        again=$((again + $(wc -l </tmp/todo)))
    done
    echo "batch {count} $(($(now) - begun)) $idle $again $(($(waited) - waits))"
    head -n 3 /tmp/refused
done
sort /tmp/answers | uniq -c
"""


def script(interface: str) -> str:
    """Everything; what FreeIPMI finds by itself comes before the kernel's driver has it."""
    driver = "-D OPENIPMI"
    return f"""{drivers(interface)}
section kernel
dmesg -r | grep -i -e ipmi -e ssif
# No use to go on where the race was lost at once; the next guest may have more luck.
{"dmesg -r | grep -q '^<4>.*ssif' && exit 102" if racing(interface) else ""}
section counters
counters
section who
ask ipmitool mc info
ask bmc-info {driver}
section sdr
ask ipmitool sdr list
section written
ask ipmitool raw {WRITTEN_INSIDE}
ask ipmitool raw {add_record(RECORDS[0])}
host outside || exit 101
section dump
ask ipmitool sdr dump /tmp/sdr; md5sum </tmp/sdr
section sensors
ask ipmi-sensors {driver} --no-header-output --comma-separated-output
section fru
ask ipmitool fru print 0
section ipmi-fru
ask ipmi-fru {driver}
section sel
ask ipmitool sel list
section ipmi-sel
ask ipmi-sel {driver} --no-header-output --comma-separated-output --no-sensor-type-output
section dmidecode
dmidecode -t 38
section locate
ipmi-locate
section sooner
counters
section thousand
{thousand()}
section later
counters
section complaints
dmesg -r | grep -i -e ipmi -e ssif
section retried
cat /tmp/retried 2>/dev/null
section end
"""


@dataclass
class Rate:
    """How many commands a second, of each batch, and how many had to be given again.

    Attributes:
        waits: timeouts of the driver for each command, of each batch.
    """

    per_second: list[float]
    again: int
    waits: list[float]

    @property
    def median(self) -> float:
        return statistics.median(self.per_second)


def rate(text: str) -> Rate:
    """Of what :func:`thousand` printed.

    On a busy machine a start alone may have taken longer than a whole batch; then nothing is taken off.
    """
    found = re.findall(r"^batch (\d+) (\d+) (\d+) (\d+) (\d+)$", text, re.MULTILINE)
    batches = [tuple(map(int, batch)) for batch in found]
    assert len(batches) == 5, text
    return Rate(
        [100 * count / max(took - idle if took > idle else took, 1) for count, took, idle, *_ in batches],
        sum(again for _, _, _, again, _ in batches),
        [waits / count for count, *_, waits in batches],
    )


def answers(text: str) -> dict[str, int]:
    """How often each answer came, of what :func:`thousand` printed."""
    found = re.findall(r"^ +(\d+)  ([0-9a-f]{2}(?: [0-9a-f]{2})*) *$", text, re.MULTILINE)
    return {answer: int(count) for count, answer in found}


@dataclass
class Seen:
    """What was seen of a BMC from inside and from outside.

    Attributes:
        inside: by section.
        outside: by what was asked.
        tries: how many guests it took.
    """

    interface: str
    inside: dict[str, str]
    outside: dict[str, str] = field(default_factory=dict[str, str])
    tries: int = 1

    def counters(self, section: str) -> dict[str, int]:
        """The driver's own counts."""
        lines = self.inside[section].splitlines()
        return {name: int(value) for name, _, value in (line.partition(":") for line in lines)}


def see(bmc: Served, text: str = "") -> Seen:
    """Boot a guest in front of a BMC, and look at the BMC from both sides.

    Args:
        text: what the guest is to do; else what `script` says.
    """
    outside: dict[str, str] = {}

    def look() -> int:
        bmc.ipmitool("raw", *WRITTEN_OUTSIDE.split())
        bmc.ipmitool("raw", *add_record(RECORDS[1]).split())
        bmc.ipmitool("sdr", "dump", f"{bmc.lan.folder}/sdr")
        for words in ("mc info", "sdr list", "fru print 0", "sel list"):
            outside[words] = bmc.ipmitool(*words.split()).out
        outside["dump"] = (bmc.lan.folder / "sdr").read_bytes().hex()
        return 0

    text = text or script(bmc.interface)
    outcome = run(bmc.hardware(), text, {"outside": look})
    return Seen(bmc.interface, outcome.sections, outside)


def run(machine: Hardware, text: str, hooks: Mapping[str, Hook] | None = None) -> Outcome:
    """Run a script to its end; a machine whose device races with the BMC is held until that has answered."""
    if not racing(machine.interface):
        return guest.run(text, hardware=machine, hooks=hooks, seconds=280).ended("script")
    with tempfile.TemporaryDirectory() as folder, tapped(Path(folder, "tap"), machine.bmc) as tap:
        held = replace(machine, bmc=str(Path(folder, "tap")))
        return guest.run(text, hardware=held, hooks=hooks, seconds=280, started=tap.hold).ended("script")


def racing(interface: str) -> bool:
    """Whether commands may fail there by chance; see ``RACING``."""
    return interface in RACING
