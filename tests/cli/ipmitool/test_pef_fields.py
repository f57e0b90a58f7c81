"""How ``pef`` prints fields and flags."""

from __future__ import annotations

from baseboard.cli.ipmitool.pef_fields import Fields
from tests.cli.ipmitool.scenes import Stage

BITS = {1: "one", 2: "two", 4: "four"}


def test_a_row_has_bars_between_its_fields() -> None:
    stage = Stage({})
    fields = Fields(stage.call)
    fields.add("A", 1)
    fields.add("B", "x")
    assert fields.flags(5, BITS, "on", "off") == ["one", "four"]
    assert stage.out == " 1 | x | one,four"
    assert fields.facts == {"A": "1", "B": "x"}


def test_no_flag_is_nothing() -> None:
    stage = Stage({})
    assert Fields(stage.call).flags(0, BITS, "on", "off") == []
    assert stage.out == ""


def test_verbose_has_a_line_for_each() -> None:
    stage = Stage({}, verbose=1)
    fields = Fields(stage.call)
    fields.add("Label", "value")
    fields.flags(2, BITS, "enabled", "disabled")
    assert stage.out.splitlines() == [
        "Label                    : value",
        "one                      : disabled",
        "two                      : enabled",
        "four                     : disabled",
    ]


def test_a_field_can_have_its_bar_at_once() -> None:
    stage = Stage({})
    Fields(stage.call).bar("GUID", "0")
    assert stage.out == " | 0"
