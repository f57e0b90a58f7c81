"""Outputs of several hosts, folded or with prefixes."""

from __future__ import annotations

from baseboard.cli.fold import ended, fold, prefixed


def test_equal_outputs_are_printed_once() -> None:
    outputs = [("node1", "on\n"), ("node2", "off\n"), ("node3", "on\n")]
    assert "".join(fold(outputs)) == "node[1,3]: (2)\non\n\nnode2:\noff\n"


def test_nothing_is_folded_into_nothing() -> None:
    assert list(fold([])) == []


def test_each_line_has_its_host() -> None:
    assert prefixed("n1", "a\nb") == "n1: a\nn1: b\n"
    assert prefixed("n1", "") == ""


def test_text_ends_its_last_line() -> None:
    assert (ended(""), ended("a"), ended("a\n")) == ("", "a\n", "a\n")
