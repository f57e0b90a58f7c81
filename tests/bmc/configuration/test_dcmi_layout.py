"""The tables of DCMI and of the system interface: what they take."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bmc.configuration.files import HERE, ONE, assert_mistake


@pytest.mark.parametrize(
    ("table", "key", "value"),
    [
        ("dcmi", "lowest", "0"), ("dcmi", "highest", "65536"), ("dcmi", "enabled", '"yes"'),
        ("dcmi", "power", "1"),
        ("interface", "kind", '"usb"'), ("interface", "output_size", "37"),
        ("interface", "input_size", "256"),
        ("interface", "response_s", "31"), ("interface", "outstanding", "0"), ("interface", "retries", "256"),
    ],
)  # fmt: skip
def test_values_that_cannot_be(tmp_path: Path, table: str, key: str, value: str) -> None:
    text = f"{ONE}[bmc.{table}]\n{key} = {value} {HERE}\n"
    assert_mistake(tmp_path, text, f"bmc[0].{table}.{key}")
