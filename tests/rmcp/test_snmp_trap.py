"""The SNMPv1 message around a trap: bytes that were written down, and bytes of anybody."""

from __future__ import annotations

import random
import sys
from ipaddress import IPv4Address

import pytest

from baseboard.errors import BaseboardError, DecodeError
from baseboard.rmcp.snmp_trap import LARGEST, SnmpTrap

# A Dell's octets (FreeIPMI's manual page of ipmi-pet), in a message made by hand by RFC 1157.
OCTETS = bytes.fromhex(
    "44454C4C50001059 8043B2C04F333358 0042 19EEAB64 FFFF 20 20 00 41 73 18 00 8001FF0000000000 19"
    "000002A2 0100 C1"
)
HEAD = bytes.fromhex(
    "306A 020100 0406 7075626C6963 A45D 0609 2B06010401986F0101 4004 C000020A 020106 0203 056F00 4301 00"
    "303F 303D 060A 2B06010401986F010101 042F"
)
TRAP = SnmpTrap(
    community=b"public", agent=IPv4Address("192.0.2.10"), number=0x056F00, uptime=0, variable=OCTETS
)


def test_a_trap_is_written_as_by_hand() -> None:
    assert TRAP.encode() == HEAD + OCTETS


def test_a_trap_is_read() -> None:
    assert SnmpTrap.decode(HEAD + OCTETS) == TRAP


def test_a_sensor_type_above_7f_keeps_its_sign_octet() -> None:
    """BER integers are signed: 80 6F 00h needs an octet of zeros in front."""
    trap = SnmpTrap(community=b"x", agent=TRAP.agent, number=0x806F00, uptime=7, variable=OCTETS)
    assert bytes.fromhex("0204 00806F00") in trap.encode()
    assert SnmpTrap.decode(trap.encode()) == trap


def test_a_negative_number_of_a_careless_agent_is_read_as_it_was_meant() -> None:
    assert SnmpTrap.decode((HEAD + OCTETS).replace(b"\x05\x6f\x00", b"\xc0\x6f\x00", 1)).number == 0xC06F00


@pytest.mark.parametrize(
    ("was", "becomes", "says"),
    [
        ("020100 0406", "020101 0406", "no SNMPv1 message"),
        ("0609 2B06010401986F0101 4004", "0609 2B06010401986F0102 4004", "no Platform Event Trap"),
        ("C000020A 020106", "C000020A 020103", "no Platform Event Trap"),
        ("060A 2B06010401986F010101", "060A 2B06010401986F010102", "without its variable"),
        ("A45D", "A55D", "PyAsn1Error"),
    ],
)
def test_what_is_no_trap_of_ours_is_told(was: str, becomes: str, says: str) -> None:
    before, after = bytes.fromhex(was), bytes.fromhex(becomes)
    data = HEAD + OCTETS
    assert before in data
    with pytest.raises(DecodeError, match=says):
        SnmpTrap.decode(data.replace(before, after, 1))


def test_another_pdu_is_no_trap() -> None:
    """A GetRequest (RFC 1157 §4.1.2) for sysDescr."""
    get = bytes.fromhex(
        "3026 020100 0406 7075626C6963 A019 020101 020100 020100 300E 300C 0608 2B06010201010100 0500"
    )
    with pytest.raises(DecodeError, match="no trap"):
        SnmpTrap.decode(get)


def test_what_stands_behind_the_message_makes_it_none() -> None:
    with pytest.raises(DecodeError):
        SnmpTrap.decode(HEAD + OCTETS + b"\0")


def test_what_is_too_long_is_not_looked_at() -> None:
    with pytest.raises(DecodeError, match="more than"):
        SnmpTrap.decode(bytes(LARGEST + 1))


def test_deep_nesting_is_told_too() -> None:
    """Constructed octet strings in each other, far deeper than any reader goes."""
    with pytest.raises(DecodeError):
        SnmpTrap.decode(bytes.fromhex("3080 020100") + b"\x24\x80" * 1000)


def test_bytes_of_anybody_raise_nothing_else() -> None:
    drawn = random.Random(25)
    read = 0
    for _ in range(600):
        data = bytearray(HEAD + OCTETS)
        for _ in range(drawn.randint(1, 5)):
            data[drawn.randrange(len(data))] = drawn.randrange(256)
        del data[drawn.randrange(1, len(data) + 40) :]
        try:
            SnmpTrap.decode(bytes(data))
            read += 1
        except DecodeError:
            continue
    assert read  # a change of the variable's octets alone does no harm here


def test_without_pysnmp_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pysnmp.proto.api.v1", None)
    with pytest.raises(BaseboardError, match=r"baseboard\[snmp\]"):
        TRAP.encode()
    with pytest.raises(BaseboardError):
        SnmpTrap.check()
