"""Every verb and every way to log in: the commands that it says it sends arrive at the BMC."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest

from baseboard.bmc.blueprint import UserSpec
from baseboard.cli import program, verbs
from baseboard.cli.verbs.options import OPTIONS
from baseboard.cli.verbs.verb import Verb
from baseboard.commands import Command, commands, lookup
from tests.cli.simulated import EVERYTHING, SHELF, Simulated, running
from tests.cli.verbs.lines import LINES

SENDING = [verb for verb in (*verbs.VERBS, *verbs.OWN) if verb.sends]
ALONE = ("sdr clear", "sdr fill", "mc reset", "hpm upgrade", "hpm activate", "hpm rollback")
"""Verbs that leave nothing for those that come after them."""

SAID: dict[str, dict[tuple[int, int], bytes]] = {
    "hpm compare": {(0x2C, 0x32): b"\x80\0", (0x2C, 0x34): b"\0\0\x32\0"},
    "hpm activate": {(0x2C, 0x35): b"\x80\0", (0x2C, 0x34): b"\0\0\x35\0"},
    "hpm rollback": {(0x2C, 0x38): b"\x80\0", (0x2C, 0x37): b"\0\0\x01"},
}
"""What lasts, or was done before: a controller that says so is asked on."""

RECORD = bytes.fromhex("0000 51 c0 0a f21b00 01020304050607")
GROUP_EXTENSION = 0x2C
BY_NAME = {command.request.__name__: command for command in commands()}


@pytest.fixture(scope="module")
def bmc() -> Iterator[Simulated]:
    with running(**EVERYTHING) as simulated:
        yield simulated


@pytest.fixture(scope="module")
def shelf() -> Iterator[Simulated]:
    with running(**SHELF) as simulated:
        yield simulated


MD5 = 0x04
OLD = UserSpec(2, b"admin", b"adminpw", size=16)


def asked(bmc: Simulated) -> set[Command]:
    """The commands that came, and forget them."""
    came = set()
    for netfn, cmd, data in bmc.script.asked:
        known = lookup(netfn, cmd, data[0] if netfn == GROUP_EXTENSION and data else None)
        if known is not None:
            came.add(known)
    bmc.script.asked.clear()
    return came


def run(bmc: Simulated, words: list[str], interface: str = "lanplus") -> None:
    program.main(["-I", interface, *bmc.login, "--yes", *words])


@pytest.mark.parametrize("verb", SENDING, ids=lambda verb: verb.words)
def test_a_verb_sends_what_it_says(
    verb: Verb, bmc: Simulated, shelf: Simulated, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("XDG_CACHE_HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.setenv("IPMITOOL_PASSWORD", bmc.password)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "events").write_text("0x04 0x01 0x30 0x01 0x57 0x50 0x46 # up\n")
    (tmp_path / "image").write_bytes(bytes(256))
    (tmp_path / "records").write_bytes(RECORD)
    assert program.main(["firmware", "build", "image.hpm", "0=99.00"]) == 0
    assert program.main(["firmware", "build", "bad.hpm", "0=99.01", "--fails"]) == 0
    there = shelf if verb.words.split()[0] in SHELF else bmc
    with running(**EVERYTHING) if verb.words in ALONE else nullcontext(there) as server:
        asked(server)
        with server.answers(SAID.get(verb.words, {})):
            for line in LINES.get(verb.words, ("",)):
                run(server, [*verb.words.split(), *shlex.split(line)])
        came = asked(server)
    assert not [name for name in verb.sends if BY_NAME.get(name) not in came and " " not in name]


def test_the_ways_to_log_in_send_what_they_say(monkeypatch: pytest.MonkeyPatch) -> None:
    with running((OLD,), auth_types=MD5) as bmc:
        monkeypatch.setenv("IPMITOOL_PASSWORD", bmc.password)
        for words in (["mc", "info"], ["-t", "0x82", "mc", "info"]):
            run(bmc, words)
        run(bmc, ["mc", "info"], "lan")
        came = asked(bmc)
    named = {name for option in OPTIONS for name in option.sends}
    assert not [name for name in named if BY_NAME[name] not in came]


def test_lines_are_of_verbs_that_there_are() -> None:
    known = {verb.words for verb in (*verbs.VERBS, *verbs.OWN)}
    assert not set(LINES) - known
