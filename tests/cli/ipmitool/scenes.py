"""Scenes: what a BMC answers, what is typed, and what ipmitool 1.8.19 made of it.

``recorded/NAME.json`` is a list of groups ``{given, scenes}``. ``given`` are the BMC's answers, completion
code and data in hex: by command, ``"06/44"``, or by command and how its data begins, ``"06/44 0e02"``; null
is silence, and a list is given out in turn, its last one for ever. ``"fru 0"`` is the content of a FRU
device, which can be read and written. Whatever is not given is refused (C1h).

A scene is ``{run, stdin, out, err, code, written}``: the words with their options; what is piped in; what
``tools/record_ipmitool.py`` saw ipmitool print (``err`` is null with ``-v``, its debug lines are its own),
how it exited, and which requests it sent that change something. Where ours is to do otherwise, ``ours`` has
what it does, and ``reason``.
"""

from __future__ import annotations

import io
import json
import os
import re
import shlex
import time
from collections.abc import Iterator
from contextlib import ExitStack, chdir, contextmanager
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest import mock

import pytest

from baseboard.cli.call import Call
from baseboard.cli.options import Options
from baseboard.client.bmc import Bmc
from baseboard.client.memory import MemoryInterface
from baseboard.client.settings import Settings

FOLDER = Path(__file__).parent / "recorded"

INVALID = b"\xc1"

# Commands that change something, by network function.
WRITES = {
    0x00: {0x02, 0x04, 0x06, 0x08},
    0x04: {0x02, 0x12},
    0x06: {
        0x02,
        0x03,
        0x22,
        0x24,
        0x2E,
        0x40,
        0x43,
        0x45,
        0x47,
        0x48,
        0x49,
        0x4C,
        0x52,
        0x56,
        0x58,
        0x60,
        0x62,
    },
    0x0A: {0x25, 0x27, 0x44, 0x46, 0x47, 0x49},
    0x0C: {0x01, 0x04, 0x21},
    0x2C: {0x04, 0x05, 0x08, 0x0A, 0x0B, 0x12},
}


@dataclass(frozen=True)
class Scene:
    """A command, typed at a BMC that gives these answers."""

    given: dict[str, Any]
    run: str
    stdin: str = ""
    out: str = ""
    err: str | None = ""
    code: int = 0
    written: tuple[str, ...] = ()

    @property
    def words(self) -> list[str]:
        """Options and words."""
        return shlex.split(self.run)


class Given:
    """The BMC's answers, and a note of what was asked that changes something."""

    def __init__(self, given: dict[str, Any]) -> None:
        self._given = {
            key: list(value) if isinstance(value, list) else [value]
            for key, value in given.items()
            if not key.startswith("fru ")
        }
        self._frus = {
            int(key.split()[1]): bytearray.fromhex(value)
            for key, value in given.items()
            if key.startswith("fru ")
        }
        self._shipped = {number: bytes(data) for number, data in self._frus.items()}
        self._written: list[str] = []

    @property
    def written(self) -> list[str]:
        """The requests that changed something, then the FRU devices that are not what they were."""
        changed = {number: data for number, data in self._frus.items() if data != self._shipped[number]}
        return [*self._written, *(f"fru {number} {data.hex()}" for number, data in changed.items())]

    def knows(self, netfn: int, cmd: int) -> bool:
        """Whether the scene says anything of that command."""
        return any(key.startswith(f"{netfn:02x}/{cmd:02x}") for key in self._given)

    def __call__(self, netfn: int, cmd: int, data: bytes) -> bytes | None:
        """Completion code and data; None for silence."""
        if cmd in WRITES.get(netfn, ()):
            self._written.append(f"{netfn:02x}/{cmd:02x} {data.hex()}".rstrip())
        if netfn == 0x0A and cmd in {0x10, 0x11, 0x12} and data[:1] and data[0] in self._frus:
            return _fru(self._frus[data[0]], cmd, data[1:])
        asked = f"{netfn:02x}/{cmd:02x} {data.hex()}"
        fitting = [key for key in self._given if asked.startswith(key)]
        if not fitting:
            return INVALID
        answers = self._given[max(fitting, key=len)]
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        return None if answer is None else bytes.fromhex(answer)


def _fru(image: bytearray, cmd: int, data: bytes) -> bytes:
    """A FRU device that is accessed by bytes, at most 32 at a time."""
    if cmd == 0x10:
        return b"\0" + len(image).to_bytes(2, "little") + b"\0"
    offset = int.from_bytes(data[:2], "little")
    if cmd == 0x11:
        piece = image[offset : offset + data[2]]
        return b"\xca" if data[2] > 32 else bytes((0, len(piece))) + piece
    if len(data) - 2 > 32:
        return b"\xc7"
    image[offset : offset + len(data) - 2] = data[2:]
    return bytes((0, len(data) - 2))


def groups(name: str) -> list[dict[str, Any]]:
    """A file as it is."""
    found: list[dict[str, Any]] = json.loads((FOLDER / f"{name}.json").read_text())
    return found


def scene(given: dict[str, Any], one: dict[str, Any]) -> Scene:
    """A scene of a file, as ours is to play it."""
    ours = {key: value for key, value in one.get("ours", {}).items() if key != "reason"}
    assert not ours or len(one["ours"]["reason"]) > 20
    fields = {key: value for key, value in one.items() if key != "ours"} | ours
    return Scene(given, **fields | {"written": tuple(fields.get("written", ()))})


def scenes(*names: str, only: str = "", besides: str = "") -> list[Any]:
    """The scenes of some files, as parameters of a test.

    Args:
        only: a regular expression that the words have to have; ``besides`` one that they must not have.
    """
    return [
        pytest.param(
            scene(group["given"], one),
            id=f"{name}-{number}-{one['run'].replace(' ', '_')}",
        )
        for name in names
        for number, (group, one) in enumerate(
            (group, one) for group in groups(name) for one in group["scenes"]
        )
        if re.search(only, one["run"]) and not (besides and re.search(besides, one["run"]))
    ]


@contextmanager
def utc() -> Iterator[None]:
    """The local time zone is UTC, as it was when the scenes were recorded."""
    with mock.patch.dict(os.environ, {"TZ": "UTC"}):
        time.tzset()
        try:
            yield
        finally:
            os.environ.pop("TZ")
    time.tzset()


class Stage:
    """A call in memory, and what it printed."""

    def __init__(self, given: dict[str, Any], *, name: str = "lanplus", **options: Any) -> None:
        self.given = Given(given)
        self.printed: list[str] = []
        self.complained: list[str] = []

        def ask(netfn: int, lun: int, cmd: int, data: bytes, reply: Any) -> None:
            del lun
            answer = self.given(netfn, cmd, data)
            if answer is not None:
                reply(answer)

        settings = Settings(interface="lanplus", host="127.0.0.1", timeout=0.001, retries=0)
        interface = MemoryInterface(ask)
        interface.name = name

        async def reach() -> Bmc:
            return Bmc(interface, settings)

        self.call = Call(
            Options(settings=settings, **options), reach, self.printed.append, self.complained.append
        )

    @property
    def out(self) -> str:
        """What went to standard output."""
        return "".join(self.printed)

    @property
    def err(self) -> str:
        """What went to standard error."""
        return "".join(self.complained)

    @property
    def results(self) -> list[object]:
        """What ``--json`` would print."""
        return self.call.results


def parsed(words: list[str]) -> tuple[dict[str, Any], str, list[str]]:
    """Options, noun, and the words after it; of the options only -c, -v and -Z are known here."""
    flags = "".join(word[1:] for word in words if word[:1] == "-" and word[1:2].isalpha())
    noun, *rest = [word for word in words if not (word[:1] == "-" and word[1:2].isalpha())]
    options = {"csv": "c" in flags, "verbose": flags.count("v"), "utc": "Z" in flags}
    return options, noun, rest


async def replay(scene: Scene) -> Stage:
    """Play a scene with our own verbs and hold it against what ipmitool did.

    Returns: the stage, for what a test wants to know besides.
    """
    options, noun, rest = parsed(scene.words)
    stage = Stage(scene.given, **options)
    module = import_module(f"baseboard.cli.ipmitool.{noun}")
    with ExitStack() as stack:
        stack.enter_context(utc())
        stack.enter_context(chdir(stack.enter_context(TemporaryDirectory())))
        # A BMC that says that it is busy is believed at once.
        stack.enter_context(mock.patch("baseboard.client.bmc._PAUSES", ()))
        stack.enter_context(mock.patch("baseboard.client.bmc._MOST_TIMEOUTS", 0))
        stack.enter_context(mock.patch("baseboard.cli.ipmitool.lan_parameters.PAUSE", 0.0))
        stack.enter_context(mock.patch("baseboard.cli.terminal.TERMINAL", "/nowhere"))
        stack.enter_context(mock.patch("sys.stdin", _stdin(scene.stdin)))
        code = await module.run(stage.call, rest)
    assert stage.out == scene.out
    if scene.err is not None:
        assert stage.err[: len(scene.err)] == scene.err
    assert code == scene.code
    assert tuple(stage.given.written) == scene.written
    return stage


def _stdin(text: str) -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(text.encode()))


__all__ = ["FOLDER", "Given", "Scene", "Stage", "groups", "replace", "replay", "scenes", "utc"]
