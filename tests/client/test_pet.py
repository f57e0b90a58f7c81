"""Traps as they come: what they say, what was there before, and what is none."""

from __future__ import annotations

import asyncio
import random
import socket
import sys
from datetime import UTC, datetime

import pytest

from baseboard.bmc.blueprint import SensorSpec
from baseboard.bmc.services.sdr_build import sensor_record
from baseboard.client.pet import QUEUED, Pet, PetListener, PetReceiver
from baseboard.client.sel_entry import SensorNames
from baseboard.commands.sensor.pef import PetAcknowledge
from baseboard.errors import BaseboardError, DecodeError
from baseboard.rmcp import lan_message, v15
from baseboard.rmcp.snmp_trap import SnmpTrap

SENDER = ("192.0.2.10", 623)
# A Dell's trap (FreeIPMI's manual page of ipmi-pet) in an SNMPv1 message made by hand by RFC 1157.
DELL = bytes.fromhex(
    "306A 020100 0406 7075626C6963 A45D 0609 2B06010401986F0101 4004 C000020A 020106 0203 056F00 4301 00"
    "303F 303D 060A 2B06010401986F010101 042F"
    "44454C4C50001059 8043B2C04F333358 0042 19EEAB64 FFFF 20 20 00 41 73 18 00 8001FF0000000000 19"
    "000002A2 0100 C1"
)
# What FreeIPMI sends to acknowledge it.
ACKNOWLEDGE = bytes.fromhex("42 00 64 AB EE 19 20 41 73 80 01 FF")


def test_what_a_real_trap_says() -> None:
    pet = Pet.received(DELL, SENDER)
    assert (pet.host, pet.port, str(pet.agent), pet.community) == ("192.0.2.10", 623, "192.0.2.10", b"public")
    assert pet.time == datetime(2011, 10, 15, 13, 17, 24, tzinfo=UTC)
    assert (pet.severity, pet.text) == ("unspecified", "")
    entry = pet.event()
    assert (entry.sensor, entry.sensor_type) == ("#73h", "Physical Security (Chassis Intrusion)")
    assert entry.event == "General Chassis Intrusion"
    assert entry.asserted


def test_its_acknowledge_is_that_of_freeipmi() -> None:
    datagram = Pet.received(DELL, SENDER).acknowledge(5)
    packet = v15.unwrap(datagram)
    message = lan_message.unwrap(packet.message)
    assert (packet.auth_type, packet.session_id) == (0, 0)
    assert (message.netfn, message.cmd, message.data) == (0x04, 0x17, ACKNOWLEDGE)
    assert PetAcknowledge.decode(message.data).sequence_number == 66


def a_trap(number: int = 0x010109, severity: int = 0x10, text: str = "", **change: bytes) -> bytes:
    variable = bytearray(DELL[-47:])
    variable[26], variable[27], variable[28] = severity, 0x20, 0x30
    variable[31:34] = bytes.fromhex("595A58")
    for place, octets in change.items():
        variable[int(place[1:]) : int(place[1:]) + len(octets)] = octets
    if text:
        variable[46:] = bytes((0x80, 0x40 | len(text), 1)) + text.encode("latin-1") + b"\xc1"
    whole = SnmpTrap.decode(DELL)
    return SnmpTrap(community=b"public", agent=whole.agent, number=number, variable=bytes(variable)).encode()


def test_the_senders_records_name_the_sensor_and_its_unit() -> None:
    inlet = SensorSpec(number=0x30, name="Inlet Temp", sensor_type=1, base_unit=1, minimum=0.0, maximum=127.5)
    names = SensorNames([sensor_record(inlet)])
    entry = Pet.received(a_trap(), SENDER).event(names)
    assert (entry.sensor, entry.event) == ("Inlet Temp", "Upper Critical - going high")
    # Half a degree a count: 5Ah and 58h.
    assert (entry.reading, entry.threshold, entry.unit) == (45.0, 44.0, "degrees C")


def test_severity_string_and_direction() -> None:
    pet = Pet.received(a_trap(0x010189, 0x20, "Too hot\0x"), SENDER)
    assert (pet.severity, pet.text) == ("non-recoverable", "Too hot")
    assert pet.event().asserted is False


@pytest.mark.parametrize("length", [45, 0])
def test_a_variable_that_is_too_short_is_no_trap(length: int) -> None:
    whole = SnmpTrap.decode(DELL)
    short = SnmpTrap(community=b"x", agent=whole.agent, number=0, variable=bytes(length)).encode()
    with pytest.raises(DecodeError):
        Pet.received(short, SENDER)


def test_one_that_ends_before_its_last_field_is_taken() -> None:
    whole = SnmpTrap.decode(DELL)
    lenient = SnmpTrap(community=b"x", agent=whole.agent, number=0x56F00, variable=DELL[-47:-1]).encode()
    assert Pet.received(lenient, SENDER).text == ""


def test_repetitions_are_known_and_others_are_not() -> None:
    receiver = PetReceiver()
    found = [receiver.receive(DELL, SENDER), receiver.receive(DELL, SENDER)]
    assert [one is not None and one[1] for one in found] == [True, False]
    others = (
        receiver.receive(DELL, ("192.0.2.11", 623)),
        receiver.receive(a_trap(), SENDER),
        receiver.receive(a_trap(_16=b"\0\x43"), SENDER),
        receiver.receive(a_trap(_18=b"\0\0\0\1"), SENDER),
        receiver.receive(a_trap(_0=b"other"), SENDER),
    )
    assert all(one is not None and one[1] for one in others)
    assert (receiver.repeated, receiver.foreign) == (1, 0)


def test_what_is_remembered_has_an_end() -> None:
    receiver = PetReceiver(remembered=2)
    for host in ("a", "b", "c"):
        receiver.receive(DELL, (host, 1))
    again = receiver.receive(DELL, ("a", 1))
    assert again is not None
    assert again[1]


def test_datagrams_of_anybody_are_traps_or_nothing() -> None:
    drawn = random.Random(40)
    receiver = PetReceiver()
    for turn in range(1500):
        if turn % 2:
            data = bytearray(a_trap(text="Something"))
            for _ in range(drawn.randint(1, 6)):
                data[drawn.randrange(len(data))] = drawn.randrange(256)
        else:
            data = bytearray(drawn.randbytes(drawn.randrange(200)))
        found = receiver.receive(bytes(data), SENDER)
        if found is not None:
            pet = found[0]
            assert pet.event(SensorNames()).event
            assert isinstance(pet.text + pet.severity, str)
            assert pet.time is None or pet.time.year >= 1997
            assert pet.acknowledge()
    assert receiver.foreign > 700
    assert receiver.foreign < 1500


# ---- over a socket


def talker() -> socket.socket:
    made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    made.bind(("127.0.0.1", 0))
    made.settimeout(20)
    return made


async def heard(sock: socket.socket) -> bytes:
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(None, sock.recv, 2048)


async def test_what_arrives_is_told_once_and_acknowledged_each_time() -> None:
    with PetListener("127.0.0.1", 0, acknowledge_at=0) as listener, talker() as bmc:
        where = (listener.host, listener.port)
        for data in (b"nonsense", DELL, DELL, a_trap()):
            bmc.sendto(data, where)
        came = aiter(listener)
        numbers = [(await anext(came)).trap.sequence_number for _ in range(2)]
        assert numbers == [66, 66]
        answers = [await heard(bmc) for _ in range(3)]
        assert all(lan_message.unwrap(v15.unwrap(one).message).cmd == 0x17 for one in answers)
        assert (listener.receiver.foreign, listener.receiver.repeated) == (1, 1)


async def test_acknowledges_go_to_the_port_that_was_named() -> None:
    with talker() as bmc, talker() as trapping:
        port = bmc.getsockname()[1]
        with PetListener("127.0.0.1", 0, acknowledge_at=port) as listener:
            trapping.sendto(DELL, (listener.host, listener.port))
            assert v15.unwrap(await heard(bmc)).message


async def test_nothing_is_acknowledged_unasked() -> None:
    with PetListener("127.0.0.1", 0) as listener, talker() as bmc:
        bmc.sendto(DELL, (listener.host, listener.port))
        await anext(aiter(listener))
        bmc.settimeout(0)
        with pytest.raises(BlockingIOError):
            bmc.recv(2048)


async def test_a_flood_takes_no_memory() -> None:
    with PetListener("127.0.0.1", 0) as listener:
        for number in range(QUEUED + 5):
            listener._received(a_trap(_16=number.to_bytes(2, "big")), SENDER)
        assert listener.lost == 5
        first = await anext(aiter(listener))
        assert first.trap.sequence_number == 5


async def test_over_ipv6_the_scope_is_kept() -> None:
    sent: list[object] = []
    with PetListener("127.0.0.1", 0, acknowledge_at=623) as listener:
        listener._socket.send = lambda data, address: sent.append(address)  # type: ignore[method-assign]  # a socket that tells
        listener._received(DELL, ("fe80::1", 162, 0, 3))
    assert sent == [("fe80::1", 623, 0, 3)]


async def test_without_pysnmp_there_is_nothing_to_listen_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pysnmp.proto.api.v1", None)
    with pytest.raises(BaseboardError, match=r"baseboard\[snmp\]"):
        PetListener("127.0.0.1", 0)
