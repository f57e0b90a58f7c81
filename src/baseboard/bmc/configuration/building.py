"""From what files say to blueprints and endpoints: everything is checked before anything starts."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from baseboard.bmc.blueprint import Blueprint, FruSpec, Identity, SensorSpec
from baseboard.bmc.configuration.bridging import icmb_spec, satellite_specs
from baseboard.bmc.configuration.credentials import beside
from baseboard.bmc.configuration.dcmi import dcmi_spec, interface_spec
from baseboard.bmc.configuration.firewall import firewall_spec
from baseboard.bmc.configuration.hpm import hpm_spec, picmg_spec, vita_spec
from baseboard.bmc.configuration.interface_endpoint import interface_specs
from baseboard.bmc.configuration.inventory import differ, fru_specs
from baseboard.bmc.configuration.ipmb import Members, ipmb_specs, join
from baseboard.bmc.configuration.lan import Channel
from baseboard.bmc.configuration.machines import behind, machine_specs
from baseboard.bmc.configuration.neighbors import with_neighbors
from baseboard.bmc.configuration.pef import destination_specs, pef_spec
from baseboard.bmc.configuration.qemu import check_interface
from baseboard.bmc.configuration.reading import read
from baseboard.bmc.configuration.sdr_records import records
from baseboard.bmc.configuration.sensors import sensor_specs
from baseboard.bmc.configuration.serial import serial_specs
from baseboard.bmc.configuration.sol import sol_specs
from baseboard.bmc.configuration.spots import Spot
from baseboard.bmc.configuration.users import user_specs
from baseboard.bmc.configuration.words import numbered, varies
from baseboard.bmc.makeups import makeup
from baseboard.bmc.server import Place
from baseboard.bmc.services.satellite_records import records as satellite_records

if TYPE_CHECKING:
    from baseboard.bmc.configuration import layout

MAKEUP_NUMBERS = {"rack": 0, "blade": 1, "veteran": 2}
"""Names of the make-ups, and their places in the line-up."""

_OURS = uuid.UUID("5d5f1c0e-8a35-4b6c-9f0d-6a1f62e7c3b4")


@dataclass(frozen=True, slots=True)
class Described:
    """A BMC that a file describes, ready for :meth:`baseboard.bmc.server.Server.add`."""

    blueprint: Blueprint
    place: Place


@dataclass(frozen=True, slots=True)
class Configuration:
    """What a number of files describe.

    Attributes:
        bmcs: in the order of the files.
        store: the directory of the store; None = a temporary one.
    """

    bmcs: tuple[Described, ...]
    store: Path | None


def load(paths: Sequence[Path]) -> Configuration:
    """Read files that describe BMCs, and check all that can be checked before a BMC runs.

    Raises:
        ConfigurationError: the first mistake.
        BaseboardError: msgspec is not installed.
    """
    bmcs: list[Described] = []
    store: Path | None = None
    names: set[str] = set()
    listening: dict[tuple[str, int], str] = {}
    members: Members = {}
    hubs: dict[str, bool] = {}
    neighborly: dict[str, tuple[layout.Bmc, Spot]] = {}
    for path in paths:
        file, spot = read(path)
        if file.store is not None:
            named = beside(path, file.store)
            if store not in (None, named):
                raise (spot / "store").wrong(
                    f"found {file.store}; a process has one store, another file names {store}"
                )
            store = named
        for number, bmc in enumerate(file.bmc):
            here = spot / "bmc" / number
            for described in _Bmc(bmc, here).all():
                _check_alone(described, here, names, listening)
                join(described.blueprint, here, members, hubs)
                if bmc.neighbor:
                    neighborly[described.blueprint.identity.name] = bmc, here
                bmcs.append(described)
    return Configuration(_acquainted(bmcs, neighborly), store)


def _acquainted(
    bmcs: Sequence[Described], neighborly: dict[str, tuple[layout.Bmc, Spot]]
) -> tuple[Described, ...]:
    """The BMCs, those that have records of others with these; the others may stand anywhere in the files."""
    others = {one.blueprint.identity.name: one.blueprint for one in bmcs}
    made: list[Described] = []
    for one in bmcs:
        said = neighborly.get(one.blueprint.identity.name)
        if said is None:
            made.append(one)
            continue
        bmc, here = said
        known = with_neighbors(one.blueprint, bmc.neighbor, here / "neighbor", others)
        made.append(replace(one, blueprint=known))
    return tuple(made)


def _check_alone(one: Described, spot: Spot, names: set[str], listening: dict[tuple[str, int], str]) -> None:
    """No two BMCs of a process have one name, or listen at one place."""
    name = one.blueprint.identity.name
    if name in names:
        raise (spot / "name").wrong(
            f"another BMC is named {name}; its state would be kept under the same name"
        )
    names.add(name)
    place = (one.place.host, one.place.port)
    if place[1] and place in listening:
        raise (spot / "lan" / "port").wrong(f"{listening[place]} listens at {place[0]} port {place[1]} too")
    listening[place] = name


def stable_guid(name: str) -> bytes:
    """A GUID that is the same for the same name, in every run."""
    return uuid.uuid5(_OURS, name).bytes


class _Bmc:
    """One ``[[bmc]]`` of a file, and the BMCs that it makes."""

    def __init__(self, bmc: layout.Bmc, spot: Spot) -> None:
        self._bmc = bmc
        self._spot = spot
        self._channel = Channel(bmc.lan, spot / "lan", bmc.count)
        base = self._base("", bytes(16))
        self._maximum = bmc.max_users or base.max_users
        restricted = self._channel.restricted
        short = bool(bmc.lan.v15) or bmc.serial is not None  # a serial line takes passwords of 16 bytes
        self._users = user_specs(bmc.user, spot / "user", self._maximum, restricted, v15=short)
        self._sensors: tuple[SensorSpec, ...] = sensor_specs(bmc.sensor, spot / "sensor", base.sensors)
        self._satellites = satellite_specs(bmc.satellite, spot / "satellite", bmc.ipmb.address)
        self._ipmb = ipmb_specs(bmc.ipmb, spot / "ipmb", bmc.count)
        self._records = (
            *records(bmc.association, bmc.record, spot),
            *(record for one in self._satellites if not one.behind for record in satellite_records(one)),
        )
        self._firewall = firewall_spec(bmc.firewall, spot / "firewall", serial=bmc.serial is not None)
        self._sol = sol_specs(bmc.sol, spot / "sol", bmc.count)
        taken = (bmc.lan.channel,)
        self._numbers = taken if bmc.serial is None else (*taken, bmc.serial.channel)
        self._serial = serial_specs(bmc.serial, spot / "serial", bmc.count, self._users, taken)
        self._pef = pef_spec(bmc.pef, spot / "pef", bmc.lan.channel, self._sensors)
        self._destinations = destination_specs(bmc.pef, spot / "pef")
        self._host = replace(base.host, **self._host_changes())
        self._dcmi = dcmi_spec(bmc.dcmi, spot / "dcmi", base.dcmi, self._sensors)
        interface, there = interface_spec(bmc.interface, spot / "interface"), spot / "interface"
        self._interfaces = interface_specs(interface, bmc.interface, there, bmc.count)
        self._machines = machine_specs(bmc.host, spot / "host", bmc.count)
        if bmc.host.qemu is not None:
            check_interface(bmc.host.qemu, spot / "host" / "qemu", self._interfaces[0])
        self._hpm = hpm_spec(bmc.hpm, spot / "hpm", base.hpm)
        self._picmg = picmg_spec(bmc.picmg, spot / "picmg")
        self._vita = vita_spec(bmc.vita, spot / "vita")
        self._frus: tuple[FruSpec, ...] | None = None

    def all(self) -> list[Described]:
        """Every BMC that it makes."""
        return [self._one(turn) for turn in range(self._bmc.count)]

    def _one(self, turn: int) -> Described:
        name = self._name(turn)
        guid = self._guid(turn, name)
        base = self._base(name, guid)
        host = self._bmc.host
        seed = base.seed if host.seed is None else host.seed + turn
        optional = {"sel_capacity": self._bmc.sel_capacity, "sdr_capacity": self._bmc.sdr_capacity}
        blueprint = replace(
            base,
            identity=self._identity(base.identity, turn),
            users=self._users,
            lan=replace(
                self._channel.spec(base.lan, turn, _mac(guid)),
                community=self._bmc.pef.community.encode("ascii"),
                destinations=self._destinations,
            ),
            pef=self._pef,
            sensors=self._sensors,
            records=self._records,
            ipmb=self._ipmb[turn],
            satellites=self._satellites,
            icmb=icmb_spec(self._bmc.icmb, self._spot / "icmb", self._numbers, turn),
            frus=self._inventories(base.frus, turn, name),
            host=self._host,
            dcmi=self._dcmi,
            interface=self._interfaces[turn],
            hpm=self._hpm,
            picmg=self._picmg,
            vita=self._vita,
            max_users=self._maximum,
            boot_seconds=host.boot_seconds,
            powered=host.powered,
            seed=seed,
            strict=self._bmc.strict,
            reveal_login_errors=self._bmc.reveal_login_errors,
            firewall=self._firewall,
            sol=self._sol[turn],
            serial=self._serial[turn],
            **_given(optional),
        )
        return Described(behind(blueprint, self._machines[turn]), self._channel.places[turn])

    def _base(self, name: str, guid: bytes) -> Blueprint:
        if self._bmc.makeup is None:
            return Blueprint(Identity(name=name, guid=guid), seed=int.from_bytes(guid[:8], "big"))
        return makeup(MAKEUP_NUMBERS[self._bmc.makeup], name, guid)

    def _name(self, turn: int) -> str:
        pattern = self._bmc.name
        if self._bmc.count > 1 and not varies(pattern):
            pattern += "-{n}"
        return numbered(pattern, turn + 1)

    def _guid(self, turn: int, name: str) -> bytes:
        given = self._bmc.identity.guid
        if given is None:
            return stable_guid(name)
        first = uuid.UUID(given)
        return uuid.uuid5(first, str(turn)).bytes if turn else first.bytes

    def _identity(self, base: Identity, turn: int) -> Identity:
        said = self._bmc.identity
        changes: dict[str, Any] = {
            "device_id": said.device_id,
            "device_revision": said.device_revision,
            "manufacturer_id": said.manufacturer_id,
            "product_id": said.product_id,
            "aux_firmware": None if said.aux_firmware is None else bytes.fromhex(said.aux_firmware),
            "guid_encoding": said.guid_encoding,
        }
        if said.firmware is not None:
            major, _, changes["firmware_minor"] = said.firmware.partition(".")
            changes["firmware_major"] = int(major)
        if said.device_guid is not None:
            own = uuid.UUID(said.device_guid)
            changes["device_guid"] = uuid.uuid5(own, str(turn)).bytes if turn else own.bytes
        return replace(base, **_given(changes))

    def _inventories(self, base: tuple[FruSpec, ...], turn: int, name: str) -> tuple[FruSpec, ...]:
        frus = self._bmc.fru
        if self._frus is None or differ(frus):
            self._frus = fru_specs(frus, self._spot / "fru", turn + 1, name)
        described = {fru.device_id for fru in self._frus}
        return (*(fru for fru in base if fru.device_id not in described), *self._frus)

    def _host_changes(self) -> dict[str, Any]:
        said = self._bmc.host
        keys = (
            "model", "firmware", "efi", "processor", "sockets", "cores", "mhz", "memory_mib", "disk",
            "network", "system", "kernel",
        )  # fmt: skip
        changes = _given({key: getattr(said, key) for key in keys})
        if said.account is not None:
            changes["accounts"] = tuple((one.name, one.password) for one in said.account)
        return changes


def _mac(guid: bytes) -> bytes:
    """A hardware address that is nobody's: locally administered."""
    return b"\x02" + guid[-5:]


def _given(changes: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in changes.items() if value is not None}
