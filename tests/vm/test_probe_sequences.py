"""What Linux's drivers ask a BMC while they probe it, message by message: nothing makes them ask twice.

A driver that does not believe an answer asks again, or asks for less; so the sequence is a judgement too.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from tests.vm import guest
from tests.vm.hardware import Hardware
from tests.vm.scripts import RACING, drivers
from tests.vm.served import served
from tests.vm.vm_tap import Tap, tapped

pytestmark = pytest.mark.timeout(600)

TRIES = 10
"""Guests at most where QEMU races with the BMC."""

CHANNELS = [f"06/42 [{channel:02X}]" for channel in range(16)]
IDENTITY, GUID, ENABLES, CLEARED = "06/01 []", "06/08 []", "06/2F []", "06/30 [08]"
WITH_INTERRUPTS = [
    IDENTITY,
    # Can interrupts be turned off, and on? The answer has to be what was set.
    ENABLES,
    ENABLES,
    "06/2E [09]",
    ENABLES,
    "06/2E [0D]",
    CLEARED,
    GUID,
    ENABLES,
    "06/2E [0F]",
    "06/35 []",
    IDENTITY,
    *CHANNELS,
]
POLLED = [IDENTITY, ENABLES, ENABLES, "06/2E [0C]", CLEARED, GUID, IDENTITY, *CHANNELS]
# As many bytes as one multi-part write has.
MULTI_PART = f"06/01 [{' '.join(['00'] * 63)}]"
SWITCHED_ON = ["06/2E [0C]", "06/2E [0D]"]
"""Events and alerts of SSIF; where the race took the answer to what is on, the driver leaves them be."""


def over_the_smbus(interface: str, said: str) -> list[str]:
    first = [MULTI_PART] if interface == "ssif" else [IDENTITY, MULTI_PART]
    switched = [] if "Error getting global enables" in said else SWITCHED_ON
    return [*first, CLEARED, ENABLES, *switched, GUID, IDENTITY, *CHANNELS]


def probed(interface: str, options: str = "") -> tuple[Tap, str]:
    """Have a guest load its drivers: what went over the wire, and what the drivers said."""
    # The last request of the probe is under way when the device is there.
    script = f"{drivers(interface)}\nusleep 300000\nsection kernel\ndmesg -r | grep -i -e ipmi -e ssif\n"
    with served(interface) as bmc, tempfile.TemporaryDirectory() as folder:
        place = Path(folder, "tap")
        with tapped(place, bmc.socket) as tap:
            machine = Hardware(interface, str(place), options, steady=True, root=False)
            hold = tap.hold if interface in RACING else None
            outcome = guest.run(script, hardware=machine, started=hold)
    return tap, outcome.ended("script").sections["kernel"]


def check(tap: Tap, wanted: list[str]) -> None:
    """The driver asked this, and then began to ask for the channels again, which it does not wait for."""
    requests = tap.requests()
    again = requests[len(wanted) :]
    assert requests[: len(wanted)] == wanted, tap
    assert again == CHANNELS[: len(again)], tap


def orderly(tap: Tap) -> None:
    """Every frame was one, and what is answered was asked for, in that order."""
    assert not tap.broken(), tap
    asked = [(frame.sequence, frame.text[:5]) for frame in tap.frames if frame.kind == "request"]
    answered = [(frame.sequence, frame.text[:5]) for frame in tap.frames if frame.kind == "response"]
    assert answered == asked


@pytest.mark.parametrize("interface", ["kcs", "bt"])
def test_with_an_interrupt(interface: str) -> None:
    tap, said = probed(interface)
    check(tap, WITH_INTERRUPTS)
    assert "Using irq 5" in said
    orderly(tap)
    # The hardware has its interrupt before the driver hears that it may count on it.
    texts = [frame.text for frame in tap.frames]
    assert texts.index("06/2E [09]") < texts.index("enable interrupt") < texts.index("06/2E: 00 []")


@pytest.mark.parametrize("interface", ["kcs", "bt"])
def test_without_an_interrupt(interface: str) -> None:
    tap, said = probed(interface, "irq=0")
    check(tap, POLLED)
    assert "Using irq" not in said
    orderly(tap)
    assert "enable interrupt" not in tap.controls()


@pytest.mark.parametrize("interface", RACING)
def test_on_the_smbus(interface: str) -> None:
    """The driver tries how long a message may be; it asks the rest whatever it was answered there."""
    for left in reversed(range(TRIES)):
        try:
            tap, said = probed(interface)
            check(tap, over_the_smbus(interface, said))
        except AssertionError:
            if not left:
                raise
        else:
            orderly(tap)
            return
