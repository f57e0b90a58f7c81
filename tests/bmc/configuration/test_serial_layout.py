"""What the layout lets a serial channel be."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from baseboard.bmc.configuration.serial_layout import Serial


def made(**keys: Any) -> Serial:
    return msgspec.convert(keys, Serial)


def test_defaults() -> None:
    serial = made()
    assert (serial.line, serial.channel, serial.modes, serial.baud) == (
        "pty",
        2,
        ["basic", "terminal"],
        19200,
    )
    assert (serial.auth, serial.login, serial.sharing, serial.callback) == (
        ["md5", "password"],
        True,
        False,
        [],
    )


@pytest.mark.parametrize(
    "keys",
    [
        {"line": "usb"}, {"channel": 0}, {"channel": 12}, {"modes": []}, {"modes": ["morse"]}, {"baud": 1200},
        {"access": "never"}, {"auth": ["oem"]}, {"phone": "5 5"}, {"callback": [{"dial": ""}]},
        {"callback": [{"dial": "1"}] * 9}, {"path": ""}, {"speed": 9600},
    ],
)  # fmt: skip
def test_what_it_cannot_be(keys: dict[str, Any]) -> None:
    with pytest.raises(msgspec.ValidationError):
        made(**keys)
