"""What a file may say about domains."""

from __future__ import annotations

import msgspec
import pytest

from baseboard.bmc.configuration.libvirt_layout import Libvirt


@pytest.mark.parametrize(
    "value",
    [{}, {"domain": ""}, {"domain": "a/b"}, {"domain": "a", "uri": ""}, {"domain": "a", "timeout_s": 0}],
)
def test_values_that_cannot_be(value: dict[str, object]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(value, Libvirt)
