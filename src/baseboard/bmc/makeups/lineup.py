"""The line-up of make-ups, and a server of one of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from baseboard.bmc.blueprint import (
    Blueprint,
    DcmiSpec,
    FruSpec,
    HostSpec,
    HpmSpec,
    Identity,
    LanSpec,
    SensorSpec,
    UserSpec,
)
from baseboard.bmc.makeups import blade, rack, veteran


@dataclass(frozen=True, slots=True)
class Makeup:
    """What all servers of one make-up have in common.

    Attributes:
        model: product name.
        product_id: Get Device ID.
        firmware: of the BMC, major and minor.
        host: the computer.
        sensors: of the server.
        frus: inventories besides the BMC's own.
        own_fru: makes the BMC's own, of the server's name and serial number.
        suites: cipher suite ID and the highest privilege that may use it.
        auth_types: v1.5 authentication types as the mask of LAN parameter 1; 0 = no v1.5.
        password_size: 16 or 20 bytes, as passwords are stored by default.
        session_slots: simultaneous sessions.
        max_users: user IDs.
        sel_capacity: entries of the SEL.
        dcmi: Data Center Manageability; None = it is older than that.
        hpm: components whose firmware can be upgraded; None = it is older than that.
    """

    model: str
    product_id: int
    firmware: tuple[int, str]
    host: HostSpec
    sensors: tuple[SensorSpec, ...]
    frus: tuple[FruSpec, ...]
    own_fru: Callable[[str, str], FruSpec]
    suites: tuple[tuple[int, int], ...]
    auth_types: int = 0
    password_size: int = 20
    session_slots: int = 16
    max_users: int = 15
    sel_capacity: int = 512
    dcmi: DcmiSpec | None = None
    hpm: HpmSpec | None = None

    @property
    def weak(self) -> bool:
        """Whether it takes logins that can be overheard or forged: only for loopback."""
        return bool(self.auth_types) or any(suite not in (3, 17) for suite, _ in self.suites)

    def identity(self, name: str, guid: bytes) -> Identity:
        """Who the BMC of a server says it is."""
        major, minor = self.firmware
        return Identity(
            name=name, guid=guid, firmware_major=major, firmware_minor=minor, product_id=self.product_id
        )

    def lan(self, guid: bytes, ip: str, port: int, kg: bytes) -> LanSpec:
        """The LAN channel of a server; its hardware address is locally administered, so nobody's."""
        return LanSpec(
            suites=self.suites,
            auth_types=self.auth_types,
            ip=ip,
            mac=b"\x02" + guid[-5:],
            kg=kg,
            port=port,
            session_slots=self.session_slots,
        )


MAKEUPS = (
    Makeup(
        rack.MODEL, 0x0101, (2, "10"), rack.HOST, rack.SENSORS, rack.OTHER_FRUS, rack.own_fru, rack.SUITES,
        sel_capacity=1024, dcmi=rack.DCMI, hpm=rack.HPM,
    ),
    Makeup(
        blade.MODEL, 0x0202, (0, "94"), blade.HOST, blade.SENSORS, blade.OTHER_FRUS, blade.own_fru,
        blade.SUITES, max_users=32, dcmi=blade.DCMI, hpm=blade.HPM,
    ),
    Makeup(
        veteran.MODEL, 0x0303, (1, "12"), veteran.HOST, veteran.SENSORS, veteran.OTHER_FRUS, veteran.own_fru,
        veteran.SUITES, veteran.AUTH_TYPES, password_size=16, session_slots=4, max_users=8, sel_capacity=128,
    ),
)  # fmt: skip


def makeup(
    index: int,
    name: str,
    guid: bytes,
    *,
    users: tuple[UserSpec, ...] = (),
    ip: str = "127.0.0.1",
    port: int = 623,
    kg: bytes = b"",
    powered: bool = False,
    boot_seconds: float = 12.0,
    strict: bool = False,
    reveal_login_errors: bool = False,
) -> Blueprint:
    """A server of the lab.

    Args:
        index: its number in the lab; the make-up is this modulo three.
        name: its name.
        guid: 16 bytes in RFC 4122 order; serial number, hardware address and noise are made from it.
        users: who may log in.
        ip: LAN address.
        port: UDP port.
        kg: K_G, up to 20 bytes; empty = one-key logins.
        powered: the system is up as it begins.
        boot_seconds: from power on to the login prompt.
        strict: reserved bits are refused.
        reveal_login_errors: RAKP status codes instead of one answer for all.
    """
    kind = MAKEUPS[index % len(MAKEUPS)]
    serial = f"BB{int.from_bytes(guid[-6:], 'big') % 10**9:09}"
    return Blueprint(
        identity=kind.identity(name, guid),
        users=users,
        lan=kind.lan(guid, ip, port, kg),
        sensors=kind.sensors,
        frus=(kind.own_fru(name[:32], serial), *kind.frus),
        host=kind.host,
        sel_capacity=kind.sel_capacity,
        max_users=kind.max_users,
        dcmi=kind.dcmi,
        hpm=kind.hpm,
        boot_seconds=boot_seconds,
        powered=powered,
        seed=int.from_bytes(guid, "big") & 0xFFFF_FFFF_FFFF_FFFF,
        strict=strict,
        reveal_login_errors=reveal_login_errors,
    )
