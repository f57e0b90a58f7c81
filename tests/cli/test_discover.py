"""Ranges of addresses, and what answers in them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from baseboard.cli.discover import targets
from baseboard.cli.long_options import UsageError
from tests.cli.simulated import Simulated, Told

Program = Callable[..., Told]


@pytest.mark.parametrize(
    ("words", "hosts"),
    [
        (["192.0.2.0/30"], ["192.0.2.1", "192.0.2.2"]),
        (["192.0.2.9/32"], ["192.0.2.9"]),
        (["192.0.2.254-192.0.3.1"], ["192.0.2.254", "192.0.2.255", "192.0.3.0", "192.0.3.1"]),
        (["192.0.2.1-3"], ["192.0.2.1", "192.0.2.2", "192.0.2.3"]),
        (["2001:db8::1-2001:db8::2"], ["2001:db8::1", "2001:db8::2"]),
        (["node[1-2]", "my-host"], ["node1", "node2", "my-host"]),
        (["a", "a"], ["a"]),
    ],
)
def test_ranges(words: list[str], hosts: list[str]) -> None:
    assert [place.host for place in targets(words)] == hosts


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        ([], "needs a range"),
        (["10.0.0.0/8"], "more than"),
        (["192.0.2.0/99"], "99"),
        (["10.0.0.0-10.9.0.0"], "more than"),
        (["192.0.2.9-192.0.2.1"], "ends before"),
        (["192.0.2.9-nonsense"], "nonsense"),
        (["a[1-2"], "no partner"),
        (["a[1-60000]", "b[1-60000]"], "more than"),
    ],
)
def test_what_is_no_range(words: list[str], complaint: str) -> None:
    with pytest.raises(UsageError, match=complaint):
        targets(words)


def test_who_answers_is_listed(bmc: Simulated, program: Program) -> None:
    told = program("discover", f"127.0.0.1:9,{bmc.place}", "-N", "1", login=False)
    assert told.code == 0
    heads, row = told.out.splitlines()
    assert heads.split()[:2] == ["HOST", "PORT"]
    assert row.split()[:3] == ["127.0.0.1", str(bmc.port), "2.0"]
    assert told.err == "baseboard: 1 of 2 addresses answer\n"


def test_each_is_a_document(bmc: Simulated, program: Program) -> None:
    told = program("discover", "--json", bmc.place, login=False)
    assert told.document["result"]["versions"] == ["2.0"]
    assert told.document["result"]["ipmi"] is True


def test_nobody_answers(program: Program) -> None:
    told = program("discover", "127.0.0.1:9", "-N", "1", login=False)
    assert (told.code, told.out) == (1, "")


def test_the_time_is_kept_and_what_answered_is_listed(bmc: Simulated, program: Program) -> None:
    told = program("discover", bmc.place, "127.0.0.1:9", "--timeout", "0.5", "-N", "60", login=False)
    assert told.code == 1
    assert str(bmc.port) in told.out
    assert "not done within 0.5 s" in told.err
