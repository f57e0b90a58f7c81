"""What is dialled, and how long its strings may be (Table 25-4)."""

from __future__ import annotations

from baseboard.commands.parameters.serial import SerialParameter
from baseboard.commands.parameters.serial_dialing import DestinationDialString, TapPassword


def test_a_string_may_be_shorter_than_its_block() -> None:
    assert DestinationDialString.decode(b"\x01\x02123").text == b"123"


def test_what_lies_in_this_module() -> None:
    ours = {number for number, kind in SerialParameter.members().items() if "dialing" in kind.__module__}
    assert ours == {*range(9, 15), *range(16, 29), 49}


def test_a_password_is_not_shown() -> None:
    assert "hidden" not in repr(TapPassword(set_selector=1, password=b"hidden"))
