"""What a file may say about serial ports."""

from __future__ import annotations

import msgspec
import pytest

from baseboard.bmc.configuration.sol_layout import Sol, SolPort


def test_the_first_port_has_the_keys_of_the_others_and_the_speed() -> None:
    keys = {field.name for field in msgspec.structs.fields(SolPort)}
    assert {field.name for field in msgspec.structs.fields(Sol)} - keys == {"baud", "port"}


@pytest.mark.parametrize("value", [{"baud": 300}, {"backing": "usb"}, {"command": []}, {"path": ""}])
def test_values_that_cannot_be(value: dict[str, object]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(value, Sol)
