"""Packet error codes, by the worked vectors."""

from __future__ import annotations

import pytest

from baseboard.links.smbus import pec, read_head, write_head
from tests.records.vectors import vector


@pytest.mark.parametrize("name", ["single_write_pec", "single_read_pec"])
def test_the_code_of_a_transfer(name: str) -> None:
    raw = vector("ssif", "single_write_pec")[0] if "write" in name else vector("ssif", "single_read_pec")[0]
    assert pec(raw[:-1]) == raw[-1]
    assert pec(raw) == 0


def test_the_empty_transfer_has_none() -> None:
    assert pec(b"") == 0


def test_what_stands_before_a_block() -> None:
    assert vector("ssif", "single_write_pec")[0].startswith(write_head(0x10))
    assert vector("ssif", "single_read_pec")[0].startswith(read_head(0x10, 3))
