"""How several hosts' output is told apart."""

from __future__ import annotations

import pytest

from baseboard.cli.freeipmi.host_output import HostOutput, Style, consolidated


def printed(style: Style, *texts: str) -> tuple[str, str, HostOutput]:
    out: list[str] = []
    err: list[str] = []
    host = HostOutput("node1", style, out.append, err.append)
    for text in texts:
        host.out(text)
    host.err("tool: no")
    host.finish()
    return "".join(out), "".join(err), host


@pytest.mark.parametrize(
    ("style", "out", "err"),
    [
        (Style.PLAIN, "a b\nc\n", "tool: no\n"),
        (Style.PREFIXED, "node1: a b\nnode1: c\n", "node1: tool: no\n"),
        (Style.BUFFERED, f"{'-' * 16}\nnode1\n{'-' * 16}\na b\nc\n", "node1: tool: no\n"),
        (Style.CONSOLIDATED, "", "node1: tool: no\n"),
    ],
)
def test_lines_are_printed_when_they_are_whole(style: Style, out: str, err: str) -> None:
    assert printed(style, "a ", "b\nc", "\nnever ended")[:2] == (out, err)


def test_nothing_is_printed_of_a_silent_host() -> None:
    assert printed(Style.BUFFERED)[0] == ""


def test_equal_outputs_are_printed_once() -> None:
    hosts = [HostOutput(name, Style.CONSOLIDATED, print, print) for name in ("node2", "node1", "x", "silent")]
    for host, text in zip(hosts, ("a\n", "a\n", "b\n"), strict=False):
        host.out(text)
    out: list[str] = []
    consolidated(hosts, out.append)
    line = "-" * 16
    assert "".join(out) == f"{line}\nnode[1-2]\n{line}\na\n{line}\nx\n{line}\nb\n"
