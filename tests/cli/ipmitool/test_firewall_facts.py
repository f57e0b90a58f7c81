"""What ``firewall`` gathers, and the masks it sends."""

from __future__ import annotations

from baseboard.cli.ipmitool.firewall_facts import Masks, Place, bit, gather, set_commands, with_bit
from tests.cli.ipmitool.scenes import Stage

APP = {
    "06/09": "00 01 08" + " 00" * 15,
    "06/0a": "00" + " fe" + " ff" * 15,
    "06/0c": "00" + " 03" + " 00" * 15,
    "06/61": "00" + " 01" + " 00" * 15,
}


def test_bits_of_a_mask() -> None:
    mask = with_bit(bytes(2), 9, True)
    assert mask == b"\x00\x02"
    assert bit(mask, 9)
    assert with_bit(mask, 9, False) == bytes(2)


def test_nothing_is_there_that_nobody_told_of() -> None:
    assert Masks().flags(0) == (False, False, False)


async def test_a_pair_is_asked_for_its_commands() -> None:
    stage = Stage(APP)
    facts = await gather(stage.call, Place(lun=0, netfn=6))
    assert facts.whole
    assert facts.supports(Place(lun=0, netfn=7))
    masks = facts.of(Place(lun=0, netfn=6))
    assert masks.flags(0) == (True, True, True)
    assert masks.flags(1) == (False, True, False)


async def test_a_pair_that_is_not_there_makes_the_facts_incomplete() -> None:
    stage = Stage(APP)
    facts = await gather(stage.call, Place(lun=1, netfn=6))
    assert not facts.whole
    assert stage.err == "LUN or LUN/NetFn pair 1,6 not supported\n"


async def test_what_cannot_be_switched_stays_and_the_way_back_stays_open() -> None:
    stage = Stage({"06/60": "00"})
    # Commands 0 and 60h can be switched, both are on, and so is 1, which cannot.
    can, on = (
        with_bit(with_bit(bytes(32), 0, True), 0x60, True),
        with_bit(with_bit(bytes(32), 1, True), 0x60, True),
    )
    masks = Masks(configurable=can, enabled=on)
    assert await set_commands(stage.call, Place(lun=0, netfn=6), masks, bytes(32), force=False)
    assert await set_commands(stage.call, Place(lun=0, netfn=6), masks, bytes(32), force=True)
    low = [bytes.fromhex(line.split()[1])[3:] for line in stage.given.written[::2]]
    assert [bit(mask, 0) for mask in low] == [False, False]
    assert [bit(mask, 1) for mask in low] == [True, True]
    assert [bit(mask, 0x60) for mask in low] == [True, False]
