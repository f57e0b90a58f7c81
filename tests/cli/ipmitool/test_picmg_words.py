"""What ``picmg`` and ``vita`` print of the same things."""

from __future__ import annotations

from baseboard.cli.ipmitool.picmg_words import color, color_list, control, function, given
from tests.cli.ipmitool.scenes import Stage


def test_names() -> None:
    assert [color(number) for number in (0, 1, 7, 8)] == ["reserved", "BLUE", "reserved", "invalid"]
    assert color_list(0b10110) == "BLUE, RED, AMBER, "
    assert [function(number) for number in (0, 20, 255)] == ["[OFF]", "[BLINKING]", "[ON]"]
    assert (control(4), control(9)) == ("Quiesce", "Unknown (0x09)")


def test_a_word_that_is_no_byte_is_told() -> None:
    stage = Stage({})
    assert given(stage.call, "LED ID", "0x1f") == 0x1F
    assert given(stage.call, "LED ID", "256") is None
    assert stage.err == "Given LED ID '256' is invalid.\n"
