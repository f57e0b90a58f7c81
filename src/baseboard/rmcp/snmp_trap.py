"""The SNMPv1 message around a Platform Event Trap (PET v1.0; RFC 1157 §4.1.6), by pysnmp.

pysnmp is an extra (``snmp``) and has no types: it is imported where it is used, and what it makes goes no
further than this module.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from ipaddress import IPv4Address
from typing import Any, Final

from baseboard.errors import BaseboardError, DecodeError

ENTERPRISE: Final = (1, 3, 6, 1, 4, 1, 3183, 1, 1)
"""wired for management, PET, version 1."""

VARIABLE: Final = (*ENTERPRISE, 1)
PORT: Final = 162
LARGEST: Final = 2048
"""Bytes of a datagram that is looked at; a trap has some 180 at most."""

_ENTERPRISE_SPECIFIC: Final = 6
_CARELESS: Final = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
"""What a reader of somebody else's might raise besides its own errors, given bytes of anybody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SnmpTrap:
    """What an SNMPv1 message carries a trap with.

    Attributes:
        community: shared by those who may send and receive; no secret, it travels in clear.
        agent: address that the sender gives as its own.
        number: the specific trap; see :func:`baseboard.records.pet.specific_trap`.
        uptime: hundredths of a second that the sender has been running; 0 = not told.
        variable: the octets of the trap's one variable.
    """

    community: bytes
    agent: IPv4Address
    number: int
    uptime: int = 0
    variable: bytes

    @staticmethod
    def check() -> None:
        """See whether traps can be read and written at all.

        Raises:
            BaseboardError: pysnmp is not installed.
        """
        _library()

    def encode(self) -> bytes:
        """Make the datagram.

        Raises:
            BaseboardError: pysnmp is not installed.
        """
        v1, ber = _library()
        pdu = v1.TrapPDU()
        trap = v1.apiTrapPDU
        trap.set_defaults(pdu)
        trap.set_enterprise(pdu, ENTERPRISE)
        trap.set_agent_address(pdu, str(self.agent))
        trap.set_generic_trap(pdu, _ENTERPRISE_SPECIFIC)
        trap.set_specific_trap(pdu, self.number)
        trap.set_timestamp(pdu, self.uptime)
        trap.set_varbinds(pdu, [(VARIABLE, v1.OctetString(self.variable))])
        message = v1.Message()
        v1.apiMessage.set_defaults(message)
        v1.apiMessage.set_community(message, self.community)
        v1.apiMessage.set_pdu(message, pdu)
        return bytes(ber.encoder.encode(message))

    @classmethod
    def decode(cls, data: bytes) -> SnmpTrap:
        """Read a datagram.

        Raises:
            DecodeError: it is no SNMPv1 trap of PET's enterprise with PET's one variable.
            BaseboardError: pysnmp is not installed.
        """
        v1, ber = _library()
        if len(data) > LARGEST:
            raise DecodeError(f"SnmpTrap: {len(data)} bytes, more than {LARGEST}")
        try:
            message, rest = ber.decoder.decode(bytes(data), asn1Spec=v1.Message())
            return cls._of(v1, message, bytes(rest))
        except (ber.error, *_CARELESS) as error:
            raise DecodeError(f"SnmpTrap: {type(error).__name__}") from None

    @classmethod
    def _of(cls, v1: Any, message: Any, rest: bytes) -> SnmpTrap:
        if rest or message[0] != 0:
            raise DecodeError("SnmpTrap: no SNMPv1 message")
        pdu, trap = v1.apiMessage.get_pdu(message), v1.apiTrapPDU
        if not pdu.isSameTypeWith(v1.TrapPDU()):
            raise DecodeError("SnmpTrap: no trap")
        enterprise = tuple(trap.get_enterprise(pdu))
        if enterprise != ENTERPRISE or trap.get_generic_trap(pdu) != _ENTERPRISE_SPECIFIC:
            raise DecodeError("SnmpTrap: no Platform Event Trap")
        variables = [bytes(value) for name, value in trap.get_varbinds(pdu) if tuple(name) == VARIABLE]
        if not variables:
            raise DecodeError("SnmpTrap: a Platform Event Trap without its variable")
        return cls(
            community=bytes(v1.apiMessage.get_community(message)),
            agent=IPv4Address(bytes(trap.get_agent_address(pdu))),
            # QUIRK some agents: sensor types from 80h on come without the sign's octet, as negative numbers.
            number=int(trap.get_specific_trap(pdu)) & 0xFFFFFF,
            uptime=int(trap.get_timestamp(pdu)),
            variable=variables[0],
        )


class _Ber:
    """pyasn1's two halves, and what they raise."""

    __slots__ = ("decoder", "encoder", "error")

    def __init__(self) -> None:
        self.decoder: Any = import_module("pyasn1.codec.ber.decoder")
        self.encoder: Any = import_module("pyasn1.codec.ber.encoder")
        self.error: type[Exception] = import_module("pyasn1.error").PyAsn1Error


def _library() -> tuple[Any, _Ber]:
    try:
        return import_module("pysnmp.proto.api.v1"), _Ber()
    except ModuleNotFoundError as error:
        raise BaseboardError(f"{error.name} is missing: pip install 'baseboard[snmp]' brings it") from error
