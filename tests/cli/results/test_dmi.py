"""What ``dmi`` notes for ``--json``."""

from __future__ import annotations

from baseboard.cli.json_output import value
from baseboard.cli.results import shapes
from baseboard.cli.results.dmi import BuiltTables, DmiStructure, FoundInterface


def test_the_verbs_have_their_shapes() -> None:
    found = shapes()
    assert found["dmi show"] is DmiStructure
    assert found["dmi find"] is FoundInterface
    assert found["dmi build"] is BuiltTables
    assert found["event listen"] is found["sel follow"]


def test_bytes_are_hex_digits() -> None:
    made = DmiStructure(handle=1, type=38, name="x", facts={"spacing": 4, "present": True}, raw=b"\x26\x12")
    assert value(made) == {
        "handle": 1, "type": 38, "name": "x", "facts": {"spacing": 4, "present": True}, "raw": "2612",
    }  # fmt: skip
