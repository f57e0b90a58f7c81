"""What scripts in a guest begin with: the drivers of its interface, and a few words of their own."""

from __future__ import annotations

from tests.vm.hardware import INTERFACES

RACING = ("ssif", "ssif-piix4")
"""QUIRK QEMU 7.2: its SSIF device answers a read that comes before the BMC's answer with the answer before,
where hardware would not acknowledge it. So commands fail by chance there, however quick the BMC is."""

RETRIES = 8
"""How often a command is given to such an interface at most."""

_WORDS = """
section() { echo "=== $1"; }
# ask COMMAND...: what it says, and its exit status; where hardware races with the BMC it is given again
# until it succeeds, some times, which are counted.
ask() {
    left=TRIES
    while :; do
        "$@" >/tmp/said 2>/tmp/complaints </dev/null; status=$?
        left=$((left - 1))
        [ $status = 0 ] || [ $left = 0 ] && break
        echo "$*" >>/tmp/retried
    done
    cat /tmp/said /tmp/complaints
    echo "exit $status"
}
# awaited SECONDS COMMAND...: whether it succeeds before the time is up
awaited() {
    tenths=$(($1 * 10)); shift
    while ! "$@" >/dev/null 2>&1; do
        tenths=$((tenths - 1)); [ $tenths -gt 0 ] || return 1
        usleep 100000
    done
}
counters() { (cd /sys/class/ipmi/ipmi0/device && grep . attentions interrupts long_timeouts events \\
    short_timeouts hosed_count watchdog_pretimeouts flag_fetches incoming_messages 2>/dev/null); }
"""


def drivers(interface: str, *, before: str = "") -> str:
    """Load the drivers and wait for ``/dev/ipmi0``.

    Args:
        before: words of the shell that come before a driver is loaded.
    """
    loads = "\n".join(f"modprobe {name}" for name in INTERFACES[interface].drivers)
    tries = RETRIES if interface in RACING else 1
    return f"""{_WORDS.replace("TRIES", str(tries))}
{before}
{loads}
awaited 20 test -e /dev/ipmi0 || {{ dmesg | grep -i -e ipmi -e ssif; exit 100; }}
"""
