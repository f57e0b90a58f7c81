"""Completion codes are ints that know their words."""

from __future__ import annotations

import copy
import pickle

import pytest

from baseboard.codes import Cc, CompletionCode


def test_a_code_is_its_number_and_knows_its_text() -> None:
    assert Cc.NODE_BUSY == 0xC0
    assert Cc.NODE_BUSY.text == "Node busy"
    assert Cc.NODE_BUSY.name == "Cc.NODE_BUSY"
    assert repr(Cc.NODE_BUSY) == "<Cc.NODE_BUSY C0h: Node busy>"
    assert str(Cc.NODE_BUSY) == "C0h Node busy"


def test_a_code_outside_a_class_is_named_by_its_number() -> None:
    assert CompletionCode(0x82, "parameter is read-only").name == "82h"


def test_a_copy_says_the_same() -> None:
    again = pickle.loads(pickle.dumps(Cc.NODE_BUSY))  # noqa: S301 - made on this line
    assert (again, again.text, again.name) == (0xC0, "Node busy", "Cc.NODE_BUSY")
    assert repr(copy.copy(Cc.NODE_BUSY)) == repr(Cc.NODE_BUSY)


@pytest.mark.parametrize("code", [-1, 256])
def test_a_code_is_one_byte(code: int) -> None:
    with pytest.raises(ValueError, match="not a byte"):
        CompletionCode(code, "")
