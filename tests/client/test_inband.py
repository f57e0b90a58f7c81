"""The interface ``inband``: choosing the hardware, exchanges, bridging, errors that name their cause."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

import baseboard
from baseboard.client import inband
from baseboard.client.inband import InbandInterface, choose, open_inband
from baseboard.client.inband_discovery import Found
from baseboard.client.inband_link import End, Job, Link
from baseboard.client.inband_place import Place
from baseboard.client.interface import Target
from baseboard.client.settings import Settings
from baseboard.errors import EncodeError, LocalProtocolError, NoResponse, SessionClosed, TransportError
from baseboard.links.host_machine import Done, Failed, Reason
from baseboard.rmcp import lan_message
from tests.client.inband_bench import SOON, Bmc, kcs

KCS = Place(kind="kcs", address=0xCA2)
SATELLITE = Target(address=0x30)


class Scripted:
    """A link that ends as a test says."""

    def __init__(self, *ends: End | Exception) -> None:
        self.largest_request, self.largest_response = 38, 35
        self.ends, self.jobs, self.closed = list(ends), list[Job](), 0

    def greet(self, job: Job) -> End:
        self.largest_request = 100
        return self.ask(job)

    def ask(self, job: Job) -> End:
        self.jobs.append(job)
        end = self.ends.pop(0)
        if isinstance(end, Exception):
            raise end
        return end

    def close(self) -> None:
        self.closed += 1


def on(link: Link, retries: int = 2, my_address: int | None = None) -> InbandInterface:
    return InbandInterface(KCS, link, Settings(interface="inband", retries=retries, my_address=my_address))


async def test_a_request_and_its_answer() -> None:
    bmc, registers, link = kcs()
    interface = on(link)
    assert (interface.name, interface.depth, interface.largest_request) == ("inband", 1, 38)
    await interface.greet()
    assert await interface.exchange(6, 1, b"\x07", timeout=SOON) == b"\0\x07"
    assert await interface.exchange(6, 1, b"", target=Target(lun=3), timeout=SOON) == b"\0"
    assert bmc.requests == [b"\x18\x01\x07", b"\x1b\x01"]
    await interface.close()
    await interface.close()
    assert registers.closed == 1
    with pytest.raises(SessionClosed):
        await interface.exchange(6, 1, b"", timeout=SOON)


async def test_requests_at_the_same_time_come_one_after_the_other() -> None:
    bmc, _, link = kcs()
    interface = on(link)
    answers = await asyncio.gather(*(interface.exchange(6, 1, bytes((n,)), timeout=SOON) for n in range(20)))
    assert answers == [bytes((0, n)) for n in range(20)]
    assert bmc.requests == [bytes((0x18, 1, n)) for n in range(20)]
    await interface.close()


async def test_the_event_loop_goes_on_meanwhile() -> None:
    bmc, _, link = kcs()
    bmc.answers = [None]
    interface = on(link)
    waiting = asyncio.create_task(interface.exchange(6, 1, b"", timeout=SOON))
    assert await asyncio.to_thread(bmc.asked.wait, SOON)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert await interface.exchange(6, 2, b"", timeout=SOON) == b"\0"
    await interface.close()


async def test_what_is_not_answered_in_time_is_told_and_the_next_request_works() -> None:
    bmc, _, link = kcs()
    bmc.answers = [None]
    interface = on(link)
    with pytest.raises(NoResponse, match="kcs@0xca2: no answer in the time given"):
        await interface.exchange(6, 1, b"", timeout=0.05)
    assert await interface.exchange(6, 2, b"", timeout=SOON) == b"\0"
    await interface.close()


async def test_a_request_whose_answer_was_lost_is_sent_again_where_that_does_no_harm() -> None:
    lost, silent, done = Failed(Reason.LOST), Failed(Reason.SILENT), Done(b"\x1c\x01\x00")
    link = Scripted(lost, silent, done, lost, done)
    interface = on(link)
    assert await interface.exchange(6, 1, b"", timeout=SOON) == b"\0"
    assert len(link.jobs) == 3
    with pytest.raises(NoResponse, match="its answer did not come through"):
        await interface.exchange(6, 1, b"", timeout=SOON, retry=False)
    assert len(link.jobs) == 4
    await interface.close()


@pytest.mark.parametrize(
    ("reason", "kind", "hint"),
    [
        (Reason.ABSENT, TransportError, "firmware's setup"),
        (Reason.BUSY, NoResponse, "starting"),
        (Reason.SILENT, NoResponse, "more time"),
        (Reason.LOST, NoResponse, "resetting"),
        (Reason.CONFUSED, TransportError, ""),
        (Reason.TOO_LONG, EncodeError, ""),
    ],
)
async def test_an_error_names_its_cause(reason: Reason, kind: type[Exception], hint: str) -> None:
    interface = on(Scripted(Failed(reason)), retries=0)
    with pytest.raises(kind) as caught:
        await interface.exchange(6, 1, b"", timeout=SOON)
    assert str(caught.value) == f"kcs@0xca2: {reason.value}"
    assert hint in getattr(caught.value, "hint", "")
    assert type(caught.value) is kind
    await interface.close()


async def test_an_error_of_the_hardware_is_told_as_it_is() -> None:
    interface = on(Scripted(TransportError("/dev/port: closed")))
    with pytest.raises(TransportError, match="/dev/port: closed"):
        await interface.exchange(6, 1, b"", timeout=SOON)
    await interface.close()


# ---- behind the BMC


class Bridge(Bmc):
    """A BMC with a bus: what is sent to 30h is answered into the queue, after some looks that are in vain."""

    def __init__(self, silent: int = 0) -> None:
        super().__init__()
        self.queue: list[bytes] = []
        self.silent = silent

    def __call__(self, request: bytes) -> None:
        match request[:2]:
            case b"\x18\x34":
                frame = lan_message.unwrap(request[3:])
                if self.silent:
                    self.silent -= 1
                else:
                    self.queue.append(b"\0\0" + lan_message.wrap_response(frame, b"\0\x30")[1:])
            case b"\x18\x33":
                # QUIRK ipmi_sim 2.0.33: wrong checksums in the queue.
                self.answers = [self.queue.pop(0)[:-1] + b"\x55" if self.queue else b"\x80"]
        super().__call__(request)


async def bridged(bmc: Bridge, timeout: float = SOON) -> tuple[bytes, int]:
    """The answer, and how often it was asked for; an answer that is lost costs a third of the time given."""
    _, registers, link = kcs()
    registers.model._deliver = bmc  # type: ignore[attr-defined] # the model's own, whose type is not in the protocol
    bmc.hardware = registers.model
    interface = on(link)
    try:
        answer = await interface.exchange(6, 1, b"", target=SATELLITE, timeout=timeout)
    finally:
        await interface.close()
    return answer, sum(request[:2] == b"\x18\x34" for request in bmc.requests)


async def test_6_13_3_who_is_behind_the_bmc_is_asked_through_its_queue() -> None:
    assert await bridged(Bridge()) == (b"\0\x30", 1)


async def test_a_bridged_request_without_an_answer_is_sent_again() -> None:
    assert await bridged(Bridge(silent=1), timeout=6.0) == (b"\0\x30", 2)
    with pytest.raises(NoResponse, match="from 30h"):
        await bridged(Bridge(silent=9), timeout=0.3)


async def test_the_own_address_is_the_bmc() -> None:
    bmc, _, link = kcs()
    interface = on(link, my_address=0x30)
    assert await interface.exchange(6, 1, b"", target=SATELLITE, timeout=SOON) == b"\0"
    assert bmc.requests == [b"\x18\x01"]
    await interface.close()


# ---- which one


def machine(root: Path, **files: str) -> str:
    """A tree of files: ``sys_bus`` stands for ``sys/bus``."""
    for name, text in files.items():
        path = root / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return str(root)


@pytest.fixture
def told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Has the firmware tell of these interfaces; the root to look in."""

    def tell(*found: Found, broken: str = "") -> str:
        def find(root: str, trouble: list[str]) -> list[Found]:
            assert root == str(tmp_path)
            trouble += [broken] if broken else []
            return list(found)

        monkeypatch.setattr(inband, "find", find)
        return str(tmp_path)

    return tell


def found(kind: str = "kcs", address: int = 0xCA2, **more: object) -> Found:
    return Found(kind=kind, address=address, **{"sources": ("smbios",), **more})  # type: ignore[arg-type] # as given


def test_the_first_that_the_firmware_tells_of(told: Callable[..., str]) -> None:
    root = told(found(spacing=4), found("bt", 0xE4))
    assert choose("", root) == (Place(kind="kcs", address=0xCA2, spacing=4), False)
    assert choose("bt@0xe4", root) == (Place(kind="bt", address=0xE4), False)
    assert choose("smic", root) == (Place(kind="smic", address=0xCA9), False)
    with pytest.raises(LocalProtocolError, match="no system interface"):
        choose("what", root)


def test_nobody_tells_of_one(told: Callable[..., str]) -> None:
    with pytest.raises(TransportError, match="no firmware table tells of .*; SMBIOS: not readable") as caught:
        choose("", told(broken="SMBIOS: not readable"))
    assert "kcs@0xca2" in caught.value.hint


def test_what_a_driver_has_is_left_to_it(told: Callable[..., str]) -> None:
    root = told(found(driver="ipmi_si", device="ipmi0"))
    for device in ("", "kcs", "kcs@0xca2"):
        with pytest.raises(TransportError, match=r"kcs@0xca2: the driver ipmi_si \(ipmi0\) has it") as caught:
            choose(device, root)
        assert "-I open" in caught.value.hint
    assert choose("force", root) == (KCS, True)
    assert choose("kcs,force", root) == (KCS, True)
    assert choose("bt", root)[0].kind == "bt"


def test_ports_that_a_driver_has_asked_for(told: Callable[..., str], tmp_path: Path) -> None:
    root = told()
    machine(tmp_path, proc__ioports="0000-0cf7 : PCI Bus\n  0ca2-0ca2 : ipmi_si\n  0ca3-0ca3 : ipmi_si\n")
    with pytest.raises(TransportError, match="kcs@0xca2: the driver ipmi_si has it"):
        choose("kcs", root)
    assert choose("kcs@0xca8", root)[0].address == 0xCA8
    assert choose("kcs@mem:0xca2", root)[0].space == "memory"


def test_a_pci_device_that_is_switched_off(told: Callable[..., str], tmp_path: Path) -> None:
    """Nobody switches it on where no driver is."""
    place = found("smic", 0xC000, detail="0000:00:04.0", sources=("pci",))
    root = told(place, found())
    name = "sys__bus__pci__devices__0000:00:04.0__enable"
    machine(tmp_path, **{name: "0\n"})
    for device in ("", "smic@0xc000", "smic@0xc000,force"):
        with pytest.raises(
            TransportError, match=r"smic@0xc000: the PCI device 0000:00:04.0 does not"
        ) as caught:
            choose(device, root)
        assert "echo 1 >/sys/bus/pci/devices/0000:00:04.0/enable" in caught.value.hint
    assert choose("kcs", root)[0] == KCS
    machine(tmp_path, **{name: "1\n"})
    assert choose("", root)[0].address == 0xC000


def test_the_bus_of_an_ssif(told: Callable[..., str], tmp_path: Path) -> None:
    root = told(found("ssif", 0x10, space="smbus"))
    with pytest.raises(TransportError, match="nobody tells; there are: none"):
        choose("", root)
    machine(
        tmp_path,
        **{
            "sys__bus__i2c__devices__i2c-0__name": "i915 gmbus\n",
            "sys__bus__i2c__devices__i2c-7__name": "SMBus I801 adapter at 0700\n",
            "sys__bus__i2c__devices__i2c-x__name": "what\n",
        },
    )
    assert choose("", root)[0].bus == 7
    assert choose("ssif@0x12", root)[0] == Place(kind="ssif", address=0x12, space="smbus", bus=7)
    assert choose("ssif@i2c-0:0x10", root)[0].bus == 0
    machine(tmp_path, **{"sys__bus__i2c__devices__i2c-8__name": "SMBus PIIX4\n"})
    (tmp_path / "sys/bus/i2c/devices/i2c-9/name").mkdir(parents=True)
    with pytest.raises(TransportError, match="i2c-7 SMBus I801 adapter at 0700, i2c-8 SMBus PIIX4, i2c-9 "):
        choose("", root)


async def test_it_is_opened_and_greeted(told: Callable[..., str]) -> None:
    link, opened = Scripted(Done(b""), Done(b"\x1c\x01\x00")), list[tuple[Place, bool]]()

    def linked(place: Place, *, force: bool = False) -> Link:
        opened.append((place, force))
        return link

    settings = Settings(interface="inband", device="kcs,force")
    interface = await open_inband(settings, root=told(), linked=linked)
    assert opened == [(KCS, True)]
    assert interface.largest_request == 100
    assert await interface.exchange(6, 1, b"", timeout=SOON) == b"\0"
    await interface.close()
    assert link.closed == 1


async def test_one_that_is_not_there_is_closed_again(told: Callable[..., str]) -> None:
    link = Scripted(Failed(Reason.ABSENT))
    with pytest.raises(TransportError, match="no hardware is there"):
        await open_inband(Settings(device="kcs"), root=told(), linked=lambda place, *, force=False: link)
    assert link.closed == 1


async def test_it_is_reached_by_connect(monkeypatch: pytest.MonkeyPatch) -> None:
    _, registers, link = kcs()
    monkeypatch.setattr(inband, "choose", lambda device, root: (KCS, False))
    monkeypatch.setattr(inband, "link_to", lambda place, *, force=False: link)
    async with baseboard.connect(interface="inband", device="kcs@0xca2") as bmc:
        assert await bmc.raw(6, 1, b"\x05") == b"\x05"
    assert registers.closed == 1
