"""How a user says where a system interface is."""

from __future__ import annotations

import pytest

from baseboard.client.inband_place import DEFAULTS, GRAMMAR, KINDS, Place, Wanted, parse
from baseboard.errors import LocalProtocolError


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("kcs@0xca2", Place(kind="kcs", address=0xCA2)),
        ("kcs@3234", Place(kind="kcs", address=0xCA2)),
        ("kcs@0xca8,spacing=4", Place(kind="kcs", address=0xCA8, spacing=4)),
        ("smic@0xca9,spacing=16", Place(kind="smic", address=0xCA9, spacing=16)),
        ("bt@0xe4,spacing=1", Place(kind="bt", address=0xE4)),
        ("kcs@mem:0xfed00000,spacing=4", Place(kind="kcs", address=0xFED00000, space="memory", spacing=4)),
        ("bt@mem:0xf000000000", Place(kind="bt", address=0xF000000000, space="memory")),
        ("ssif@i2c-3:0x12", Place(kind="ssif", address=0x12, space="smbus", bus=3)),
        ("ssif@/dev/i2c-0:0x10", Place(kind="ssif", address=0x10, space="smbus", bus=0)),
        ("ssif@i2c-3", Place(kind="ssif", address=0x10, space="smbus", bus=3)),
        ("ssif@0x42", Place(kind="ssif", address=0x42, space="smbus")),
    ],
)
def test_a_place(text: str, place: Place) -> None:
    assert parse(text) == Wanted(place, False)
    assert parse(f"{text},force") == Wanted(place, True)
    assert parse(place.name) == Wanted(place, False)


@pytest.mark.parametrize("kind", KINDS)
def test_an_interface_where_it_usually_is(kind: str) -> None:
    place = parse(kind).place
    assert place is not None
    assert (place.kind, place.address) == (kind, DEFAULTS[kind])


def test_the_interface_that_the_firmware_tells_of() -> None:
    assert parse("") == Wanted(None, False)
    assert parse("force") == Wanted(None, True)


@pytest.mark.parametrize(
    "text",
    [
        "ipmb@0x20", "kcs@", "kcs@here", "kcs@0", "kcs@0x10000", "kcs@-1", "kcs@mem:",
        "kcs@mem:0x1ffffffffffffffff",
        "kcs@0xca2,spacing=3", "kcs@0xca2,spacing=1,spacing=4", "kcs@0xca2,spacing=4,spacing=4",
        "kcs@0xca2,force,force", "kcs,what", "ssif@0x80", "ssif@i2c-x:0x10", "ssif@i2c-0:0x10,spacing=4",
        ",spacing=4", "spacing=4", "force,spacing=4", "KCS@0xca2", "/dev/ipmi0", "1", ",",
    ],
)  # fmt: skip
def test_what_is_no_place(text: str) -> None:
    with pytest.raises(LocalProtocolError) as caught:
        parse(text)
    assert str(caught.value) == f"device {text!r} is no system interface; it is one such as {GRAMMAR}"
