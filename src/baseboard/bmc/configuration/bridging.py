"""Other controllers as a file describes them: satellites, and the ICMB bridge."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from baseboard.bmc.blueprint.bridging import ConnectorSpec, IcmbSpec, SatelliteSpec
from baseboard.bmc.configuration.icmb_line import line_of
from baseboard.bmc.configuration.inventory import fru_specs
from baseboard.bmc.configuration.sensors import sensor_specs
from baseboard.bmc.configuration.spots import Spot
from baseboard.bmc.configuration.words import code
from baseboard.codes import EntityId
from baseboard.commands.app.device import DeviceSupport, SelfTestFailure

if TYPE_CHECKING:
    from baseboard.bmc.blueprint import FruSpec
    from baseboard.bmc.configuration.bridging_layout import Icmb
    from baseboard.bmc.configuration.layout import Satellite

_IPMB = 0
_BEHIND = 7
"""A bridge's own bus, unless the file counts its channels otherwise."""


def satellite_specs(satellites: Sequence[Satellite], spot: Spot, own: int) -> tuple[SatelliteSpec, ...]:
    """The satellites, those behind one of them last.

    Args:
        own: slave address of the BMC.

    Raises:
        ConfigurationError: two share an address, or one is behind nobody.
    """
    made: dict[tuple[int, int], SatelliteSpec] = {}
    direct = {one.address for one in satellites if one.behind is None}
    for place, one in enumerate(satellites):
        here = spot / place
        if one.behind is not None and one.behind not in direct:
            raise (here / "behind").wrong(
                f"found {one.behind:#04x}; no satellite on the IPMB has that address"
            )
        if one.behind is None and one.channel:
            raise (here / "channel").wrong(f"found {one.channel}; the IPMB of the BMC is channel 0")
        key = (one.behind or 0, one.address)
        if key in made or one.address in (own, one.behind):
            raise (here / "address").wrong(f"{one.address:#04x} is somebody else's on that bus")
        made[key] = _satellite(one, here)
    return tuple(sorted(made.values(), key=lambda spec: spec.behind))


def _satellite(one: Satellite, spot: Spot) -> SatelliteSpec:
    major, _, minor = one.firmware.partition(".")
    channel = one.channel if one.channel is not None else _IPMB if one.behind is None else _BEHIND
    from baseboard.bmc.configuration.layout import Sensor

    described = [
        Sensor(**{key: getattr(sensor, key) for key in sensor.__struct_fields__}) for sensor in one.sensor
    ]
    sensors = sensor_specs(described, spot / "sensor", ())
    return SatelliteSpec(
        address=one.address,
        name=one.name,
        behind=one.behind or 0,
        channel=channel,
        device_id=one.device_id,
        device_revision=one.device_revision,
        firmware_major=int(major),
        firmware_minor=minor,
        manufacturer_id=one.manufacturer_id,
        product_id=one.product_id,
        aux_firmware=None if one.aux_firmware is None else bytes.fromhex(one.aux_firmware),
        capabilities=sum(DeviceSupport[word.upper()] for word in set(one.capabilities)),
        self_test_failures=sum(SelfTestFailure[word.upper()] for word in set(one.self_test)),
        entity_id=code(EntityId, one.entity, spot / "entity"),
        entity_instance=one.instance,
        events=one.events,
        sensors=sensors,
        frus=_frus(one, spot / "fru"),
    )


def _frus(one: Satellite, spot: Spot) -> tuple[FruSpec, ...]:
    from baseboard.bmc.configuration.layout import Fru

    described = [Fru(**{key: getattr(fru, key) for key in fru.__struct_fields__}) for fru in one.fru]
    return fru_specs(described, spot, 1, one.name)


def icmb_spec(icmb: Icmb | None, spot: Spot, others: Sequence[int], turn: int = 0) -> IcmbSpec | None:
    """The bridge; of several BMCs alike each has the next address.

    Args:
        others: numbers of the channels that there are besides.

    Raises:
        ConfigurationError: its channel is taken, its line cannot be, or the addresses do not suffice.
    """
    if icmb is None:
        return None
    if icmb.channel in others:
        raise (spot / "channel").wrong(f"channel {icmb.channel} is another one of this BMC")
    address = icmb.address + turn if icmb.address else 0
    if address > 0xFFFE:
        raise (spot / "address").wrong(f"found {icmb.address:#06x}; the last of these BMCs would have none")
    connectors = tuple(ConnectorSpec(one.name, one.type) for one in icmb.connector)
    line = line_of(icmb, spot)
    return IcmbSpec(
        line, icmb.channel, address, icmb.enabled, connectors or IcmbSpec().connectors, icmb.listen
    )
