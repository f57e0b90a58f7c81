"""Words for boot devices."""

from __future__ import annotations

from baseboard.bmc.backends.boot_words import WORDS, word
from baseboard.codes import BootDevice


def test_every_device_has_a_word_of_its_own() -> None:
    known = [device for device in BootDevice.__members__.values() if device.known]
    assert set(WORDS) == set(known)
    assert len(set(WORDS.values())) == len(WORDS)


def test_a_code_that_nobody_knows_is_none() -> None:
    assert (word(0), word(1), word(0x0C)) == ("none", "pxe", "none")
