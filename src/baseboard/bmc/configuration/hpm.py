"""Firmware upgrades of a described BMC, and the shelf or chassis that it is in, checked."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from baseboard.bmc.blueprint.hpm import HpmComponentSpec, HpmSpec
from baseboard.bmc.blueprint.picmg import PicmgSpec, VitaSpec
from baseboard.bmc.configuration.spots import Spot
from baseboard.bmc.configuration.words import code
from baseboard.commands.groups.picmg import SiteType
from baseboard.commands.groups.picmg_links import AmcLink, Link, LinkInterface
from baseboard.commands.groups.vita import VitaSiteType
from baseboard.records.hpm import HpmVersion

if TYPE_CHECKING:
    from baseboard.bmc.configuration.hpm_layout import Hpm, HpmComponent, Picmg, PicmgLink, Vita

_PLAIN = (
    "step_s", "activation_s", "automatic_rollback", "manual_rollback", "services_affected", "undesirable",
    "upgrade_timeout_s", "self_test_timeout_s", "rollback_timeout_s", "inaccessibility_timeout_s",
)  # fmt: skip


def hpm_spec(said: Hpm, spot: Spot, base: HpmSpec | None) -> HpmSpec | None:
    """What can be upgraded.

    Args:
        said: as described.
        spot: of its table.
        base: the make-up's; None = it has none, nor has a BMC without make-up.

    Raises:
        ConfigurationError: two components share a number, or there are keys of what is not there, or it takes
            longer than it may.
    """
    changes: dict[str, Any] = {key: value for key in _PLAIN if (value := getattr(said, key)) is not None}
    if said.component:
        changes["components"] = _components(said.component, spot / "component")
    if said.enabled is False or (base is None and not changes and not said.enabled):
        if changes:
            raise (spot / "enabled").wrong(
                "found false, and there are other keys, which mean that there are upgrades"
            )
        return None
    spec = replace(base or HpmSpec(), **changes)
    if spec.activation_s > spec.inaccessibility_timeout_s:
        raise (spot / "activation_s").wrong(
            f"found {spec.activation_s:g}; the inaccessibility_timeout_s is {spec.inaccessibility_timeout_s}"
        )
    if spec.step_s > spec.upgrade_timeout_s:
        raise (spot / "step_s").wrong(
            f"found {spec.step_s:g}; the upgrade_timeout_s is {spec.upgrade_timeout_s}"
        )
    return spec


def _components(listed: list[HpmComponent], spot: Spot) -> tuple[HpmComponentSpec, ...]:
    found: dict[int, HpmComponentSpec] = {}
    for place, one in enumerate(listed):
        if one.number in found:
            raise (spot / place / "number").wrong(f"found {one.number}; another component has that number")
        found[one.number] = HpmComponentSpec(
            one.number, one.name, _version(one.version), one.rollback, one.preparation, one.comparison,
            one.deferred, one.payload_reset, one.size,
        )  # fmt: skip
    return tuple(found[number] for number in sorted(found))


def _version(text: str | None) -> HpmVersion | None:
    if text is None:
        return None
    major, _, minor = text.partition(".")
    return HpmVersion(major=int(major), minor=minor)


def picmg_spec(said: Picmg | None, spot: Spot) -> PicmgSpec | None:
    """What the BMC is in a shelf.

    Raises:
        ConfigurationError: no site type or interface is of that name, or two links are the same.
    """
    if said is None:
        return None
    major, minor = (int(part) for part in said.version.split("."))
    links = tuple(_link(one, spot / "link" / place) for place, one in enumerate(said.link))
    for place, link in enumerate(links):
        if link in links[:place]:
            raise (spot / "link" / place).wrong("this link is there already")
    return PicmgSpec(
        major=major, minor=minor, hardware_address=said.hardware_address, ipmb_address=said.ipmb_address,
        site_number=said.site, site_type=code(SiteType, said.site_type, spot / "site_type"),
        modules=said.modules, leds=said.leds, levels=tuple(said.levels), links=links,
        amc_links=tuple(
            (
                one.channel,
                AmcLink(lanes=one.lanes, kind=one.type, extension=one.extension, group=one.group, state=0),
            )
            for one in said.amc
        ),
        clocks=tuple(dict.fromkeys(said.clocks)),
    )  # fmt: skip


def _link(one: PicmgLink, spot: Spot) -> Link:
    return Link(
        channel=one.channel, interface=code(LinkInterface, one.interface, spot / "interface"),
        ports=one.ports, kind=one.type, extension=one.extension, group=one.group, state=0,
    )  # fmt: skip


def vita_spec(said: Vita | None, spot: Spot) -> VitaSpec | None:
    """What the BMC is in a VPX chassis.

    Raises:
        ConfigurationError: no site type is of that name.
    """
    if said is None:
        return None
    major, minor = (int(part) for part in said.version.split("."))
    return VitaSpec(
        major=major, minor=minor, tier=said.tier, layer=said.layer,
        hardware_address=said.hardware_address, ipmb_address=said.ipmb_address, site_number=said.site,
        site_type=code(VitaSiteType, said.site_type, spot / "site_type"), modules=said.modules,
        leds=said.leds,
    )  # fmt: skip
