"""What a verb of the native face is given."""

from __future__ import annotations

import pytest

from baseboard.cli.failures import FAILED, Failure
from baseboard.cli.native_call import NativeCall
from baseboard.cli.options import Options
from baseboard.client.bmc import Bmc


async def nowhere() -> Bmc:
    raise AssertionError("nobody connects here")


def make(**given: str) -> tuple[NativeCall, list[str], list[str]]:
    out: list[str] = []
    err: list[str] = []
    return NativeCall("bmc1", Options(), nowhere, given, out.append, err.append), out, err


def test_what_a_verb_says_on_standard_error_is_a_failure_and_shown() -> None:
    call, _, err = make()
    call.err("Invalid command\n\tfoo")
    assert err == ["Invalid command\n\tfoo\n"]
    assert call.failures == [
        Failure(FAILED, "Message", "Invalid command"),
        Failure(FAILED, "Message", "foo"),
    ]


def test_a_note_is_no_failure() -> None:
    call, _, err = make()
    call.note("the log was cleared")
    assert err == ["baseboard: bmc1: the log was cleared\n"]
    assert not call.failures


def test_results_wait_unless_they_are_streamed() -> None:
    call, _, _ = make()
    call.found(1)
    assert (call.results, call.streamed) == ([1], False)
    seen: list[object] = []
    call.stream = seen.append
    call.found(2)
    assert (call.results, seen, call.streamed) == ([1], [2], True)


def test_a_muted_verb_prints_and_finds_nothing_but_what_is_true() -> None:
    call, out, _ = make()
    call.muted = True
    call.out("Chassis Power Control: Up/On")
    call.result(1)
    call.show("would send\n")
    assert (out, call.results) == (["would send\n"], [])


def test_nobody_looks_at_json_as_it_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("TERM", "dumb")
    assert not make()[0].terminal
    monkeypatch.setenv("TERM", "xterm")
    assert make()[0].terminal
    call = make(json="")[0]
    assert call.json
    assert not call.terminal
