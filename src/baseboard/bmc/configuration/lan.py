"""The LAN channel of a described BMC: where it listens, who gets in how, what its parameters show."""

from __future__ import annotations

from ipaddress import AddressValueError, IPv4Address
from typing import TYPE_CHECKING

from baseboard.bmc.blueprint import LanSpec
from baseboard.bmc.configuration.credentials import secret
from baseboard.bmc.configuration.endpoints import endpoints, is_loopback, parsed
from baseboard.bmc.configuration.lan_network import checked_ipv6, wiring
from baseboard.bmc.configuration.spots import Spot
from baseboard.bmc.server import Place
from baseboard.codes import AuthType, ConfidentialityAlgorithm, Privilege
from baseboard.crypto.suites import SUITES
from baseboard.errors import TransportError

if TYPE_CHECKING:
    from baseboard.bmc.configuration.layout import Lan

_KG_SIZE = 20
_BOTH = 2
"""LAN parameter 51: IPv4 and IPv6."""

_ADDRESSES = ("ip", "netmask", "gateway")


class Channel:
    """A described LAN channel, checked.

    Args:
        lan: as described.
        spot: of its table.
        count: how many BMCs have it.

    Attributes:
        places: where each of them listens.
        restricted: why logins that can be overheard, or need no password, are refused; empty = they are not.
    """

    def __init__(self, lan: Lan, spot: Spot, count: int) -> None:
        self._lan = lan
        self._spot = spot
        self._wiring = wiring(lan, spot, count)
        self._ipv6 = checked_ipv6(lan, spot)
        self.places = self._endpoints(count)
        self._suites = self._suite_limits()
        self._kg = self._key()
        for key in _ADDRESSES:
            self._check_address(key)
        only = "is for loopback addresses only, and "
        self.restricted = "" if is_loopback(lan.address) else f"{only}lan.address is {lan.address}"
        if self._wiring is not None:
            self.restricted = f"{only}the channel has an interface of its own"
        if self.restricted:
            self._check_strength()

    def spec(self, base: LanSpec, turn: int, mac: bytes) -> LanSpec:
        """The channel of one BMC.

        Args:
            base: the make-up's.
            turn: which one of the BMCs that have it, from 0.
            mac: the hardware address if none is described.
        """
        lan, place = self._lan, self.places[turn]
        on_ipv4 = self._wiring is None and isinstance(parsed(place.host), IPv4Address)
        ip = lan.ip or (place.host if on_ipv4 else str(IPv4Address(0)))
        mask = lan.netmask or ("255.0.0.0" if IPv4Address(ip).is_loopback else "255.255.255.0")
        if lan.mac is not None:
            first = int(lan.mac.replace(":", "").replace("-", ""), 16)
            mac = ((first + turn) & 0xFFFF_FFFF_FFFF).to_bytes(6, "big")
        return LanSpec(
            channel=lan.channel,
            suites=self._suites,
            auth_types=sum({1 << AuthType[name.upper()] for name in lan.v15}),
            ip=ip,
            mask=mask,
            gateway=lan.gateway or base.gateway,
            mac=mac,
            kg=self._kg,
            port=place.port or base.port,
            session_slots=lan.sessions or base.session_slots,
            bad_password_threshold=lan.bad_password_threshold,
            lockout_s=lan.lockout_s,
            dhcp=self._wiring is not None and not lan.ip and not self._ipv6,
            ipv6=self._ipv6,
            ipv6_enables=_BOTH if self._ipv6 else 0,
        )

    def _endpoints(self, count: int) -> list[Place]:
        lan = self._lan
        if self._wiring is not None:
            host = lan.ip or self._ipv6.partition("/")[0] or str(IPv4Address(0))
            return [Place(host, lan.port, wiring=self._wiring)]
        try:
            parsed(lan.address)
        except TransportError as error:
            raise (self._spot / "address").wrong(str(error)) from error
        try:
            return endpoints(lan.address, lan.port, count, lan.spread)
        except TransportError as error:
            key = "spread" if lan.spread == "addresses" else "port"
            raise (self._spot / key).wrong(str(error)) from error

    def _suite_limits(self) -> tuple[tuple[int, int], ...]:
        limits: dict[int, int] = {}
        for number, entry in enumerate(self._lan.suites):
            suite = entry if isinstance(entry, int) else entry.suite
            level = "administrator" if isinstance(entry, int) else entry.privilege
            if suite in limits:
                raise (self._spot / "suites" / number).wrong(f"suite {suite} is there twice")
            limits[suite] = int(Privilege[level.upper()])
        return tuple(sorted(limits.items()))

    def _key(self) -> bytes:
        lan = self._lan
        found = secret(self._spot, "kg", lan.kg, lan.kg_env, lan.kg_file)
        if found is None:
            return b""
        text, there = found
        try:
            key = bytes.fromhex(text)
        except ValueError:
            raise there.wrong("not of hexadecimal digits, two a byte") from None
        if len(key) > _KG_SIZE:
            raise there.wrong(f"found {len(key)} bytes; allowed are at most {_KG_SIZE}")
        return key

    def _check_address(self, key: str) -> None:
        value: str | None = getattr(self._lan, key)
        try:
            IPv4Address(value or 0)
        except AddressValueError:
            raise (self._spot / key).wrong(f'found "{value}"; allowed is an IPv4 address') from None

    def _check_strength(self) -> None:
        if self._lan.v15:
            raise (self._spot / "v15").wrong(f"IPMI v1.5, which encrypts nothing, {self.restricted}")
        for number, entry in enumerate(self._lan.suites):
            suite = entry if isinstance(entry, int) else entry.suite
            if SUITES[suite].confidentiality == ConfidentialityAlgorithm.NONE:
                text = f"cipher suite {suite}, which encrypts nothing, {self.restricted}"
                raise (self._spot / "suites" / number).wrong(text)
