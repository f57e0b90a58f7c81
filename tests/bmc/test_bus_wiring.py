"""BMCs on one IPMB: in a process, over a socket, at a device; and what follows from their addresses."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from baseboard.bmc import bus_wiring
from baseboard.bmc.blueprint.bridging import IpmbSpec
from baseboard.bmc.bus_wiring import Buses
from baseboard.bmc.clock import LoopClock
from baseboard.bmc.services.bus import Ipmb
from baseboard.bmc.services.events import Event
from baseboard.bmc.store import MemoryStore
from baseboard.codes import EventReadingType, SensorType
from baseboard.errors import TransportError
from baseboard.records.sdr import FullSensorRecord, ManagementControllerDeviceLocatorRecord, read_sdr
from baseboard.rmcp import lan_message
from baseboard.testing.clock import VirtualClock
from baseboard.transports.ipmb_device import IpmbDevice
from tests.bmc.bridges import SATELLITE, TEMPERATURE
from tests.bmc.fakes import BLUEPRINT
from tests.bmc.harness import Bench
from tests.transports.device_files import DeviceFile
from tests.transports.wires import until

CHASSIS, BLADE = 0x20, 0x82
APP, SENSOR, STORAGE = 0x06, 0x04, 0x0A
HOT = Event(SensorType.TEMPERATURE, 1, EventReadingType.THRESHOLD, b"\x57\x48\x3c")


def bench(clock: VirtualClock, spec: IpmbSpec) -> Bench:
    identity = replace(BLUEPRINT.identity, name=f"at-{spec.address:02x}", device_id=spec.address)
    blueprint = replace(BLUEPRINT, identity=identity, ipmb=spec, sensors=(TEMPERATURE,))
    return Bench(blueprint, MemoryStore(), clock)


def two(receiver: int = CHASSIS) -> tuple[Bench, Bench, Ipmb]:
    """A chassis manager, and a blade whose events are for that one."""
    clock = VirtualClock(now=1000.0)
    bus = Ipmb(clock)
    chassis, blade = bench(clock, IpmbSpec()), bench(clock, IpmbSpec(BLADE, event_receiver=receiver))
    for one in (chassis, blade):
        one.services.bridging.join(bus)
    return chassis, blade, bus


def ask(asker: Bench, to: int, netfn: int, cmd: int, data: bytes = b"") -> bytes:
    """What comes back of a Send Message of the host's software (§6.13.3)."""
    frame = lan_message.wrap_request(netfn, cmd, data, 5, rs_addr=to, rq_addr=asker.services.home.address,
                                     rq_lun=2)  # fmt: skip
    assert asker.raw(APP, 0x34, b"\x00" + frame) == b"\0"
    asker.advance(0.2)
    code, channel, *came = asker.raw(APP, 0x33)
    assert (code, channel) == (0, 0)
    own = bytes((asker.services.home.address,))
    return lan_message.unwrap(own + bytes(came)).data


def log(bmc: Bench) -> list[str]:
    """The generators and what they tell, of the log."""
    sel = bmc.services.sel
    records: list[str] = []
    number = 0
    while len(sel) and number != 0xFFFF:
        record, number = sel.read(number)
        records.append(record[7:].hex())
    return records


def test_two_bmcs_on_one_bus_ask_each_other() -> None:
    chassis, blade, _ = two()
    assert ask(chassis, BLADE, APP, 1)[:2] == bytes((0, BLADE))
    assert ask(blade, CHASSIS, APP, 1)[:2] == bytes((0, CHASSIS))
    assert ask(blade, BLADE, APP, 1)[:2] == bytes((0, BLADE)), "its own address is not 20h"


def test_20_9_a_broadcast_finds_the_blade() -> None:
    chassis, _, bus = two()
    frame = lan_message.wrap_request(APP, 1, b"", 5, rs_addr=BLADE, rq_addr=CHASSIS, rq_lun=2)
    assert chassis.raw(APP, 0x52, b"\x00\x00\x00" + frame) == b"\0"
    chassis.advance(0.2)
    assert chassis.raw(APP, 0x33)[:1] == b"\0"
    assert bus.addresses() == bytes((CHASSIS, BLADE))


def test_29_3_the_events_of_a_blade_go_to_its_event_receiver() -> None:
    chassis, blade, _ = two()
    blade.services.events.send(HOT)
    blade.advance(1)
    assert log(chassis) == ["8200" + "0401" + "01" + "01" + "57483c"]
    assert log(blade) == []
    assert blade.raw(SENSOR, 1) == bytes((0, CHASSIS, 0))


def test_29_1_its_own_log_is_the_receiver_unless_told_otherwise() -> None:
    chassis, blade, _ = two(receiver=0)
    blade.services.events.send(HOT)
    blade.advance(1)
    assert (log(chassis), [one[:4] for one in log(blade)]) == ([], ["8200"])
    assert blade.raw(SENSOR, 0, bytes((CHASSIS, 0))) == b"\0"
    blade.services.events.send(replace(HOT, generator_id=0x0320, deassertion=True))
    blade.advance(1)
    assert log(chassis) == ["8203" + "0401" + "01" + "81" + "57483c"], "with the sensor's LUN"
    assert blade.raw(SENSOR, 0, b"\xff\0") == b"\0"
    blade.services.events.send(HOT)
    blade.advance(1)
    assert (len(log(chassis)), len(log(blade))) == (1, 1)
    assert blade.reopen().raw(SENSOR, 1) == b"\0\xff\0"


def test_29_3_an_event_that_comes_again_is_logged_once() -> None:
    chassis, _, bus = two()
    frame = lan_message.wrap_request(
        SENSOR, 2, bytes.fromhex("0401010157483c"), 7, rs_addr=CHASSIS, rq_addr=BLADE
    )
    for _ in range(3):
        bus.write(frame)
        chassis.advance(0.3)
    assert len(log(chassis)) == 1


def test_29_3_an_event_whose_answer_was_lost_is_sent_again_and_logged_once() -> None:
    chassis, blade, bus = two()
    station = blade.services.bridging.station
    lost: list[bytes] = []

    class Deaf:
        """Hears nothing but the third answer."""

        def receive(self, frame: bytes) -> None:
            if len(lost) < 2:
                lost.append(frame)
            else:
                station.receive(frame)

    bus.detach(BLADE)
    bus.attach(BLADE, Deaf())
    blade.services.events.send(HOT)
    blade.advance(10)
    assert len(lost) == 2
    assert lost[0] == lost[1]
    assert len(log(chassis)) == 1
    assert station.under_way() == []


def test_an_event_for_nobody_is_given_up() -> None:
    chassis, blade, _ = two(receiver=0x30)
    blade.services.events.send(HOT)
    blade.advance(10)
    assert (log(chassis), log(blade)) == ([], [])
    lone = bench(VirtualClock(), IpmbSpec(event_receiver=0x30))
    lone.services.events.send(HOT)
    lone.advance(10)
    assert log(lone) == []


def test_its_records_and_capabilities_name_its_address() -> None:
    _, blade, _ = two()
    records = [read_sdr(one) for one in blade.services.sdr.records()]
    owners = {one.owner_id for one in records if isinstance(one, FullSensorRecord)}
    locators = [
        one.slave_address for one in records if isinstance(one, ManagementControllerDeviceLocatorRecord)
    ]
    assert (owners, locators) == ({BLADE}, [BLADE])
    assert blade.raw(0x00, 0x00)[2:6] == bytes((BLADE,)) * 4
    assert blade.raw(APP, 1)[6] & 0x20, "it sends its events over the bus"
    own = bench(VirtualClock(), IpmbSpec())
    assert not own.raw(APP, 1)[6] & 0x20
    assert own.raw(0x00, 0x00)[2:6] == bytes((CHASSIS,)) * 4


def test_who_leaves_is_gone_with_its_satellites() -> None:
    clock = VirtualClock()
    bus = Ipmb(clock)
    blueprint = replace(BLUEPRINT, satellites=(SATELLITE,))
    bmc = Bench(blueprint, MemoryStore(), clock)
    bmc.services.bridging.join(bus)
    assert bus.addresses() == b"\x20\x82"
    bmc.services.bridging.leave()
    bmc.services.bridging.leave()
    assert bus.addresses() == b""
    bmc.services.bridging.join(bus)
    with pytest.raises(ValueError, match="slave address"):
        bmc.services.bridging.join(bus)


# Where a bus is


async def test_bmcs_that_name_a_bus_are_on_it_together() -> None:
    buses = Buses(LoopClock(asyncio.get_running_loop()))
    assert buses.of(IpmbSpec()) is None
    first = buses.of(IpmbSpec(bus="midplane"))
    assert first is buses.of(IpmbSpec(0x82, "midplane"))
    assert first is not buses.of(IpmbSpec(bus="other"))
    buses.close()


async def test_a_bus_of_two_processes(tmp_path: Path) -> None:
    clock = LoopClock(asyncio.get_running_loop())
    here, there = Buses(clock), Buses(clock)
    place = f"unix:{tmp_path / 'ipmb'}"
    ours = here.of(IpmbSpec(bus=place, listen=True))
    theirs = there.of(IpmbSpec(0x82, place))
    assert isinstance(ours, Ipmb)
    assert theirs is not None
    heard: list[bytes] = []

    class Ear:
        def receive(self, frame: bytes) -> None:
            heard.append(frame)

    theirs.attach(0x82, Ear())
    await until(lambda: ours.addresses() == b"\x82")
    ours.write(b"\x82 frame")
    await until(lambda: heard == [b"\x82 frame"])
    there.close()
    await until(lambda: ours.addresses() == b"")
    here.close()
    assert not (tmp_path / "ipmb").exists()


async def test_a_bus_of_the_machines(monkeypatch: pytest.MonkeyPatch) -> None:
    buses, file = Buses(LoopClock(asyncio.get_running_loop())), DeviceFile()
    seen: list[tuple[str, bool]] = []

    def device(path: str, *, i2c: bool) -> IpmbDevice:
        seen.append((path, i2c))
        return IpmbDevice(path, i2c=i2c, opener=file.open)

    monkeypatch.setattr(bus_wiring, "IpmbDevice", device)
    assert isinstance(buses.of(IpmbSpec(bus="/dev/ipmb-3", i2c=True)), IpmbDevice)
    assert seen == [("/dev/ipmb-3", True)]
    buses.close()
    monkeypatch.undo()
    with pytest.raises(TransportError, match="driver is not loaded"):
        buses.of(IpmbSpec(bus="/dev/no-such-ipmb"))


async def test_a_bmc_at_a_device_answers_and_asks() -> None:
    """Byte by byte as the driver has it: the length, then the frame."""
    file, bmc = DeviceFile(), bench(VirtualClock(), IpmbSpec(bus="/dev/ipmb-3", event_receiver=0x30))
    device = IpmbDevice("/dev/ipmb-3", opener=file.open)
    bmc.services.bridging.join(device)
    asked = lan_message.wrap_request(APP, 1, b"", 5, rs_addr=CHASSIS, rq_addr=0x52)
    file.give(bytes((len(asked),)) + asked)
    heard: list[bytes] = []

    def answered() -> bool:
        frame = file.taken()
        heard.extend([] if frame is None else [frame])
        return bool(heard)

    await until(answered)
    (frame,) = heard
    assert frame[0] == len(frame) - 1
    answer = lan_message.unwrap(frame[1:])
    assert (answer.rq_addr, answer.rq_seq, answer.data[:2]) == (0x52, 5, bytes((0, CHASSIS)))
    bmc.services.events.send(HOT)
    event = lan_message.unwrap((file.taken() or b"")[1:])
    assert (event.rs_addr, event.netfn, event.cmd, event.data[-3:]) == (0x30, SENSOR, 2, b"\x57\x48\x3c")
    bmc.services.bridging.leave()
    device.close()
