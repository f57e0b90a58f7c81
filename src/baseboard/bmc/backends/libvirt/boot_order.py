"""The boot order in a domain's description (XML): a device first, for one start or until told otherwise.

libvirt has two ways to say it, of which a domain has one: ``<boot dev='hd'/>`` in ``<os>``, or ``<boot
order='1'/>`` in the devices themselves.
"""

from __future__ import annotations

import xml.etree.ElementTree as Xml
from typing import Final

from baseboard.codes import BootDevice
from baseboard.errors import TransportError

NAMESPACE: Final = "urn:baseboard:boot"
"""Of what we keep in a domain's metadata: the order that it had before a lasting choice."""

_KEPT: Final = f"{{{NAMESPACE}}}order"
_MENU_MS: Final = "5000"

_DEVICES: Final = {
    BootDevice.PXE: "network",
    BootDevice.HARD_DRIVE: "hd",
    BootDevice.HARD_DRIVE_SAFE_MODE: "hd",
    BootDevice.DIAGNOSTIC_PARTITION: "hd",
    BootDevice.REMOTE_HARD_DRIVE: "hd",
    BootDevice.CD_DVD: "cdrom",
    BootDevice.REMOTE_CD_DVD: "cdrom",
    BootDevice.PRIMARY_REMOTE_MEDIA: "cdrom",
    BootDevice.FLOPPY: "fd",
    BootDevice.REMOTE_FLOPPY: "fd",
}
"""libvirt's words for boot devices; a domain has no diagnostic partition and no safe mode but its disk."""

_OF_DISKS: Final = {"disk": "hd", "lun": "hd", "cdrom": "cdrom", "floppy": "fd"}

# Names of other namespaces that domains have, kept as people know them.
Xml.register_namespace("qemu", "http://libvirt.org/schemas/domain/qemu/1.0")
Xml.register_namespace("baseboard", NAMESPACE)


def with_boot(text: str, device: int, *, lasting: bool) -> str:
    """A description that boots from a device first.

    Args:
        text: the domain's.
        device: boot device selector, not 0 (Table 28-14).
        lasting: the order that there was is kept in it, for `restored`.

    Raises:
        TransportError: the domain has no such device.
    """
    domain = _parsed(text)
    if lasting and domain.find(f"metadata/{_KEPT}") is None:
        kept = Xml.SubElement(_child(domain, "metadata"), _KEPT)
        kept.text = " ".join(_written(domain))
    if device == BootDevice.BIOS_SETUP:
        # The nearest that a domain has to its firmware's setup: a menu that waits for a key.
        menu = _child(_child(domain, "os"), "bootmenu")
        menu.set("enable", "yes")
        menu.set("timeout", _MENU_MS)
        return _text(domain)
    wanted = _DEVICES.get(BootDevice(device))
    if wanted is None:
        raise TransportError(f"a domain of libvirt has no boot device {device}")
    ordered = _ordered(domain)
    if ordered:
        first = [one for one in _bootable(domain) if _kind(one) == wanted]
        if not first:
            raise TransportError(f"the domain has no device to boot from that is {wanted}")
        rest = [one for one in ordered if one not in first]
        _number(domain, [*first, *rest])
    else:
        words = [one.get("dev", "") for one in domain.findall("os/boot")]
        _list(domain, [wanted, *(word for word in words if word != wanted)])
    return _text(domain)


def restored(text: str) -> str | None:
    """The description with the order that it had before a lasting choice; None = it has that."""
    domain = _parsed(text)
    metadata = domain.find("metadata")
    kept = None if metadata is None else metadata.find(_KEPT)
    if metadata is None or kept is None:
        return None
    metadata.remove(kept)
    if len(metadata) == 0:
        domain.remove(metadata)
    words = (kept.text or "").split()
    system = _child(domain, "os")
    menu = system.find("bootmenu")
    if menu is not None and "bootmenu" not in words:
        system.remove(menu)
    words = [word for word in words if word != "bootmenu"]
    if any(word.isdecimal() for word in words):
        devices = _bootable(domain)
        _number(
            domain, [devices[int(word)] for word in words if word.isdecimal() and int(word) < len(devices)]
        )
    else:
        _list(domain, words)
    return _text(domain)


def order_of(text: str) -> tuple[str, ...]:
    """What a domain boots from, in order, for comparing two descriptions."""
    return tuple(_written(_parsed(text)))


def _written(domain: Xml.Element) -> list[str]:
    """The order as a list of words: numbers of devices, or names of kinds; and that there is a menu."""
    menu = ["bootmenu"] if domain.find("os/bootmenu") is not None else []
    ordered = _ordered(domain)
    devices = _bootable(domain)
    if ordered:
        return [*menu, *(str(devices.index(one)) for one in ordered)]
    return [*menu, *(one.get("dev", "") for one in domain.findall("os/boot"))]


def _parsed(text: str) -> Xml.Element:
    # A description is libvirt's own words; one with entities, which could explode, is none.
    if "<!" in text.replace("<!--", ""):
        raise TransportError("the domain's description has entities, which libvirt never writes")
    try:
        return Xml.fromstring(text)  # noqa: S314 - see above
    except Xml.ParseError as error:
        raise TransportError(f"the domain's description is no XML: {error}") from error


def _text(domain: Xml.Element) -> str:
    return Xml.tostring(domain, encoding="unicode")


def _child(parent: Xml.Element, name: str) -> Xml.Element:
    found = parent.find(name)
    return Xml.SubElement(parent, name) if found is None else found


def _bootable(domain: Xml.Element) -> list[Xml.Element]:
    return [one for one in domain.findall("devices/*") if one.tag in ("disk", "interface")]


def _kind(device: Xml.Element) -> str:
    return "network" if device.tag == "interface" else _OF_DISKS.get(device.get("device", "disk"), "")


def _ordered(domain: Xml.Element) -> list[Xml.Element]:
    """The devices that have a number, in its order; others, such as USB devices, are left alone."""
    numbered: list[tuple[int, Xml.Element]] = []
    for device in _bootable(domain):
        boot = device.find("boot")
        order = "" if boot is None else boot.get("order", "")
        if order.isdecimal():
            numbered.append((int(order), device))
    return [device for _, device in sorted(numbered, key=lambda pair: pair[0])]


def _number(domain: Xml.Element, devices: list[Xml.Element]) -> None:
    for device in _bootable(domain):
        boot = device.find("boot")
        if boot is not None and device not in devices:
            device.remove(boot)
    others = {
        boot.get("order") for one in domain.findall("devices/*") if one not in devices
        for boot in one.findall("boot")
    }  # fmt: skip
    number = 0
    for device in devices:
        number += 1
        while str(number) in others:
            number += 1
        _child(device, "boot").set("order", str(number))


def _list(domain: Xml.Element, words: list[str]) -> None:
    system = _child(domain, "os")
    for boot in system.findall("boot"):
        system.remove(boot)
    for word in words:
        Xml.SubElement(system, "boot", {"dev": word})
