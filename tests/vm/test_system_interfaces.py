"""A BMC of ours behind each of the system interfaces that QEMU has, under Linux's own drivers.

A guest is booted once for each; `inband.see` lets it say everything that is compared here. Beside our BMC
stands ``ipmi_sim``, for how fast it is.
"""

from __future__ import annotations

import hashlib
import re
import statistics
from collections.abc import Callable

import pytest

from tests import peers
from tests.interop.simulator import simulator
from tests.vm import beside, inband, rates
from tests.vm.guest import free_port
from tests.vm.hardware import Hardware
from tests.vm.inband import Seen
from tests.vm.scripts import drivers
from tests.vm.served import served

# Some guests one after another, where QEMU has its race.
pytestmark = pytest.mark.timeout(1200)

INTERFACES = ("kcs", "bt", "pci-kcs", "pci-bt", "ssif", "ssif-piix4")
TRIES = 20
"""How many guests are booted at most where QEMU races with the BMC; most end in two seconds."""

# What Linux says when it was given the answer before.
RACE = "BMC returned incorrect response"
# Counted by the driver where it waits for interrupts.
WITH_INTERRUPTS = INTERFACES[:4]
# What firmware tells of: QEMU's describes no interface on PCI.
DESCRIBED = ("kcs", "bt", "ssif", "ssif-piix4")
KINDS = {"kcs": "KCS", "bt": "BT", "ssif": "SSIF", "ssif-piix4": "SSIF"}


def section(seen: Seen, name: str, *, programs: int = 1) -> str:
    """What programs printed, once it is certain that they were content."""
    text = seen.inside[name]
    assert re.findall(r"^exit (\d+)$", text, re.MULTILINE) == ["0"] * programs, text
    return text


def rows(text: str, separator: str, column: int) -> list[str]:
    """One column of a table."""
    table = [line.split(separator) for line in text.splitlines() if separator in line]
    return [row[column].strip() for row in table]


def check_probe(seen: Seen) -> None:
    """Nothing of the drivers is a warning, and what they found is this BMC."""
    for name in ("kernel", "complaints"):
        lines = seen.inside[name].splitlines()
        assert lines
        warnings = [line for line in lines if int(re.findall(r"^<(\d+)>", line)[0]) & 7 <= 4]
        if name == "complaints" and inband.racing(seen.interface):
            warnings = [line for line in warnings if RACE not in line]
        assert not warnings
    assert "Found new BMC (man_id: 0x000000, prod_id: 0x0101, dev_id: 0x20)" in seen.inside["kernel"]


def check_identity(seen: Seen) -> None:
    """The same ipmitool says the same on both sides, and FreeIPMI agrees."""
    text = section(seen, "who", programs=2)
    assert seen.outside["mc info"].rstrip() in text
    assert re.search(r"^Firmware Revision +: 2\.10$", text, re.MULTILINE)
    assert re.search(r"^System Name +: virtual$", text, re.MULTILINE)


def check_records(seen: Seen) -> None:
    """The SDR repository is the same to the byte, with what either side wrote."""
    for record in inband.RECORDS:
        assert record.replace(" ", "") in seen.outside["dump"]
    digest = hashlib.md5(bytes.fromhex(seen.outside["dump"]), usedforsecurity=False).hexdigest()
    assert digest in section(seen, "dump")


def check_sensors(seen: Seen) -> None:
    """The sensors are the same; their readings are simulated, and move."""
    outside = rows(seen.outside["sdr list"], "|", 0)
    assert len(outside) > 40
    assert rows(section(seen, "sdr"), "|", 0) == outside
    assert set(rows(section(seen, "sdr"), "|", 2)) == {"ok"}
    listed = rows(section(seen, "sensors"), ",", 1)
    assert sorted(listed) == sorted(outside)
    assert re.search(r"^\d+,Inlet Temp,Temperature,2\d\.\d\d,C,'OK'$", section(seen, "sensors"), re.MULTILINE)


def check_inventory(seen: Seen) -> None:
    inside = section(seen, "fru")
    assert seen.outside["fru print 0"].rstrip() in inside
    serial = re.findall(r"^ Product Serial +: (\S+)$", inside, re.MULTILINE)
    assert f"FRU Product Serial Number: {serial[0]}\n" in section(seen, "ipmi-fru")


def check_log(seen: Seen) -> None:
    """What either side writes the other reads, as do both programs."""
    section(seen, "written", programs=2)
    for number in ("0x30", "0x31"):
        line = rf"^ +[0-9a-f]+ \|.*\| Temperature #{number} \| Upper Critical going high \| Asserted$"
        assert re.search(line, section(seen, "sel"), re.MULTILINE)
        assert re.search(line, seen.outside["sel list"], re.MULTILINE)
    for sensor in (48, 49):
        line = rf"^\d+,[^,]+,[^,]+,Sensor #{sensor},Upper Critical - going high"
        assert re.search(line, section(seen, "ipmi-sel"), re.MULTILINE)


def check_thousand(seen: Seen) -> None:
    """Each command was answered, by the answer that belongs to it."""
    text = seen.inside["thousand"]
    counted = inband.answers(text)
    commands = len(inband.COMMANDS)
    total = sum(counted.values())
    assert total >= 1000
    # The SEL says when something was added to it last.
    lengths: dict[int, int] = {}
    for answer, count in counted.items():
        length = len(answer.split())
        lengths[length] = lengths.get(length, 0) + count
    assert lengths == {1: total // commands, 11: total // commands, 14: 2 * total // commands}, text
    if not inband.racing(seen.interface):
        assert inband.rate(text).again == 0
        assert not re.search("fail|unable|error", text, re.IGNORECASE)


def check_interrupts(seen: Seen) -> None:
    """Each command is ended by an interrupt, and not by the driver's timeout of 10 ms.

    Without the interrupts there would be a timeout for each command at least. A machine that is busy lets
    some pass all the same, before the BMC has answered; so the best of the batches is judged.
    """
    if seen.interface in WITH_INTERRUPTS:
        before, after = seen.counters("sooner"), seen.counters("later")
        interrupts = after["interrupts"] - before["interrupts"]
        assert interrupts >= sum(inband.answers(seen.inside["thousand"]).values())
        assert min(inband.rate(seen.inside["thousand"]).waits) < 0.5
        assert after["hosed_count"] == after["short_timeouts"] == 0


CHECKS: tuple[Callable[[Seen], None], ...] = (
    check_probe,
    check_identity,
    check_records,
    check_sensors,
    check_inventory,
    check_log,
    check_thousand,
    check_interrupts,
)


def settle(interface: str) -> Seen:
    """See a BMC; where QEMU races with it, in some guests one after another until all is well."""
    for tries in range(1, TRIES + 1):
        with served(interface) as bmc:
            try:
                seen = inband.see(bmc)
                seen.tries = tries
                if not inband.racing(interface):
                    return seen
                for check in CHECKS:
                    check(seen)
            except AssertionError:
                if tries == TRIES or not inband.racing(interface):
                    raise
            else:
                return seen
    raise AssertionError(interface)


@pytest.fixture(scope="module", params=INTERFACES)
def seen(request: pytest.FixtureRequest) -> Seen:
    for peer in ("ipmitool", "FreeIPMI"):
        peers.require(peer)
    found = settle(request.param)
    again = inband.rate(found.inside["thousand"]).again + len(found.inside["retried"].splitlines())
    if inband.racing(request.param):
        rates.note(
            f"{request.param}: {found.tries} guests, and {again} commands given again, for QEMU's race"
        )
    return found


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__.removeprefix("check_"))
def test_behind_an_interface(seen: Seen, check: Callable[[Seen], None]) -> None:
    check(seen)


def test_what_firmware_tells_of_the_interface_is_found(seen: Seen) -> None:
    """QEMU's firmware describes what is no PCI device (SMBIOS type 38)."""
    if seen.interface in DESCRIBED:
        kind = KINDS[seen.interface]
        assert re.search(rf"^\tInterface Type: {kind} \(", seen.inside["dmidecode"], re.MULTILINE)
        assert re.search(
            rf"^Probing {kind} device using SMBIOS... done$", seen.inside["locate"], re.MULTILINE
        )
    else:
        assert "IPMI Device Information" not in seen.inside["dmidecode"]
        assert " done" not in seen.inside["locate"]


def rates_of(seen: Seen, port: int) -> tuple[float, float]:
    """Commands a second, ours and those of the BMC that listens there."""
    if seen.interface in beside.SECOND:
        with served(seen.interface) as bmc:
            batches = beside.batches(bmc.hardware(), port, commands=200, rounds=5)
        assert not any(batch.refused for batch in batches)
        ours, theirs = (
            statistics.median(batch.commands / batch.seconds for batch in batches if batch.name == name)
            for name in (beside.OURS, beside.THEIRS)
        )
        return ours, theirs
    script = f"{drivers(seen.interface)}\nsection thousand\n{inband.thousand()}\n"
    told = inband.run(Hardware(seen.interface, str(port), steady=True, root=False), script).sections
    assert sum(inband.answers(told["thousand"]).values()) >= 1000
    return inband.rate(seen.inside["thousand"]).median, inband.rate(told["thousand"]).median


def test_the_rate_beside_that_of_ipmi_sim(seen: Seen) -> None:
    """Printed, not judged: it is the machine's affair."""
    port = free_port()
    with simulator(sensors=6, sel=3, extra=[f"serial 15 127.0.0.1 {port} codec VM"]):
        ours, theirs = rates_of(seen, port)
    rates.note(f"{seen.interface}: {ours:.0f} commands/s, ipmi_sim {theirs:.0f}, ratio {ours / theirs:.2f}")
