"""Boot orders in descriptions of both kinds."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baseboard.bmc.backends.libvirt.boot_order import order_of, restored, with_boot
from baseboard.codes import BootDevice
from baseboard.errors import TransportError
from tests.bmc.backends.libvirt.descriptions import LISTED, NUMBERED

B = BootDevice


@pytest.mark.parametrize(
    ("device", "order"),
    [
        (B.PXE, ("network", "hd", "cdrom")),
        (B.HARD_DRIVE, ("hd", "cdrom")),
        (B.HARD_DRIVE_SAFE_MODE, ("hd", "cdrom")),
        (B.DIAGNOSTIC_PARTITION, ("hd", "cdrom")),
        (B.CD_DVD, ("cdrom", "hd")),
        (B.REMOTE_CD_DVD, ("cdrom", "hd")),
        (B.FLOPPY, ("fd", "hd", "cdrom")),
        (B.BIOS_SETUP, ("bootmenu", "hd", "cdrom")),
    ],
)
def test_a_list_of_kinds(device: BootDevice, order: tuple[str, ...]) -> None:
    assert order_of(LISTED) == ("hd", "cdrom")
    assert order_of(with_boot(LISTED, device, lasting=False)) == order


@pytest.mark.parametrize(
    ("device", "order"),
    [
        (B.PXE, ("3", "4", "0", "2")),  # both network devices, the numbered one or not
        (B.HARD_DRIVE, ("0", "1", "3", "2")),
        (B.CD_DVD, ("2", "0", "3")),
    ],
)
def test_numbers_of_devices(device: BootDevice, order: tuple[str, ...]) -> None:
    assert order_of(NUMBERED) == ("0", "3", "2")
    made = with_boot(NUMBERED, device, lasting=False)
    assert order_of(made) == order
    numbers = re.findall(r'<boot order="([0-9]+)"', made)
    assert len(set(numbers)) == len(numbers)
    assert re.search(r'<hostdev [^>]*><boot order="3"', made)


def test_a_domain_that_says_nothing_of_its_boot_order() -> None:
    plain = "<domain><name>guest</name></domain>"
    assert order_of(plain) == ()
    made = with_boot(plain, B.PXE, lasting=True)
    assert order_of(made) == ("network",)
    assert order_of(restored(made) or "") == ()


def test_what_a_domain_has_not() -> None:
    with pytest.raises(TransportError, match="no device to boot from that is fd"):
        with_boot(NUMBERED, B.FLOPPY, lasting=False)
    with pytest.raises(TransportError, match="no boot device 12"):
        with_boot(LISTED, 12, lasting=False)


@pytest.mark.parametrize("text", [LISTED, NUMBERED])
@pytest.mark.parametrize("device", [B.PXE, B.CD_DVD, B.BIOS_SETUP])
def test_a_lasting_choice_can_be_taken_back(text: str, device: BootDevice) -> None:
    assert restored(text) is None
    assert restored(with_boot(text, device, lasting=False)) is None
    once = with_boot(text, device, lasting=True)
    twice = with_boot(once, B.HARD_DRIVE, lasting=True)
    for made in (once, twice):
        back = restored(made)
        assert back is not None
        assert order_of(back) == order_of(text)
        assert "metadata" not in back
        assert restored(back) is None


def test_what_else_is_in_the_metadata_and_a_menu_of_its_own_stay() -> None:
    text = LISTED.replace(
        "<os>", '<metadata><x:y xmlns:x="urn:x">z</x:y></metadata><os><bootmenu enable="no"/>'
    )
    back = restored(with_boot(text, B.PXE, lasting=True))
    assert back is not None
    assert order_of(back) == ("bootmenu", "hd", "cdrom")
    assert "urn:x" in back


def test_devices_that_have_gone_are_passed_over() -> None:
    made = with_boot(NUMBERED, B.PXE, lasting=True)
    fewer = re.sub(r"<interface.*?</interface>|<interface[^>]*/>", "", made, flags=re.DOTALL)
    assert order_of(restored(fewer) or "") == ("0", "2")


def test_the_rest_is_left_alone() -> None:
    made = with_boot(LISTED, B.PXE, lasting=False)
    assert 'passwd="hush"' in made
    assert 'xmlns:qemu="http://libvirt.org/schemas/domain/qemu/1.0"' in made
    assert '<qemu:arg value="-no-hpet"' in made


@pytest.mark.parametrize("text", ["", "<domain", '<!DOCTYPE d [<!ENTITY a "b">]><domain>&a;</domain>'])
def test_what_is_no_description(text: str) -> None:
    with pytest.raises(TransportError):
        with_boot(text, B.PXE, lasting=False)


@given(st.text(max_size=200))
def test_no_text_does_harm(text: str) -> None:
    try:
        order_of(text)
    except TransportError as error:
        assert "description" in str(error)  # noqa: PT017 - most texts are none
