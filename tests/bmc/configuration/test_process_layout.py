"""What a file may say about commands."""

from __future__ import annotations

import msgspec
import pytest

from baseboard.bmc.configuration.process import COMMANDS
from baseboard.bmc.configuration.process_layout import Process

NEEDED = {"on": ["a"], "off": ["b"], "status": ["c"]}


def test_every_command_has_a_key() -> None:
    assert set(COMMANDS) < {field.name for field in msgspec.structs.fields(Process)}
    assert msgspec.convert(NEEDED, Process).reset is None


@pytest.mark.parametrize(
    "value", [{"on": "a"}, {"reset": []}, {"timeout_s": 0}, {"interval_s": 0}, {"off_s": -1}]
)
def test_values_that_cannot_be(value: dict[str, object]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(NEEDED | value, Process)
