"""What is compared: every verb by some run side by side; and what deviates: all of it, with its reason."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from baseboard.cli import pef_own, verbs
from baseboard.cli.console import OURS as OWN_MODULES
from baseboard.cli.verbs.bridging import BRIDGING
from baseboard.cli.verbs.controller import CONTROLLER
from baseboard.cli.verbs.dmi import DMI
from baseboard.cli.verbs.firewall import FIREWALL
from baseboard.cli.verbs.lan import LAN
from baseboard.cli.verbs.logs import LOGS
from baseboard.cli.verbs.payload import PAYLOAD
from baseboard.cli.verbs.pef import PEF
from baseboard.cli.verbs.sensors import SENSORS
from baseboard.cli.verbs.serial import SERIAL
from tests.cli.ipmitool.scenes import FOLDER, groups
from tests.golden.side_by_side import DIFFERENCES

HERE = Path(__file__).parent
LISTED: dict[str, list[dict[str, Any]]] = tomllib.loads(DIFFERENCES.read_text())
SCENES = sorted(path.stem for path in FOLDER.glob("*.json"))
# Verbs that ipmitool does not have: all of these modules, and a few of a noun of its own.
OURS = {
    verb.words
    for rows in (BRIDGING, CONTROLLER, DMI, FIREWALL, LAN, LOGS, PAYLOAD, PEF, SENSORS, SERIAL)
    for verb in rows
}
OURS |= {"sel follow", "sensor watch", "sensor plot", "sol log", "sol watch"}
# Needs a terminal on both sides: compared in tests/interop/test_ipmitool_sol.py and tests/cli.
TERMINAL = {"sol activate"}


def literals(path: Path) -> Iterator[str]:
    """The texts in a test module, and those that stand one after the other in a call or a list, as one."""
    for node in ast.walk(ast.parse(path.read_text())):
        match node:
            case ast.Constant(value=str(text)):
                yield from text.splitlines()
            case ast.Call(args=several) | ast.Tuple(elts=several) | ast.List(elts=several):
                yield " ".join(
                    one.value
                    for one in several
                    if isinstance(one, ast.Constant) and isinstance(one.value, str)
                )
            case _:
                continue


def said() -> dict[str, set[str]]:
    """The texts of each module, by its noun: ``test_sdr.py`` is about ``sdr``."""
    return {
        path.stem.removeprefix("test_"): set(literals(path))
        for path in HERE.glob("test_*.py")
        if path.stem != "test_listed"
    }


TEXTS = said()


def begins(text: str, words: str) -> bool:
    """Whether a command line begins so, or does behind an option and its value."""
    given, wanted = text.split(), words.split()
    places = [0, *(place + more for place, word in enumerate(given) if word[:1] == "-" for more in (1, 2))]
    return any(given[place : place + len(wanted)] == wanted for place in places)


def compared(verb: str) -> bool:
    """Whether the verb stands in a module that runs it, whole or without its noun in the noun's own."""
    noun, _, rest = verb.partition(" ")
    if any(begins(text, verb) for texts in TEXTS.values() for text in texts):
        return True
    return any(begins(text, rest or noun) for text in TEXTS.get(noun, set()))


@pytest.mark.parametrize("verb", [verb.words for verb in verbs.VERBS if verb.words not in OURS | TERMINAL])
def test_every_verb_runs_beside_ipmitools(verb: str) -> None:
    assert compared(verb)


def test_a_verb_that_does_not_run_is_found() -> None:
    assert not compared("sdr made-up")
    assert compared("sdr elist")
    assert compared("sel time get")
    assert {verb.words for verb in verbs.VERBS} >= OURS | TERMINAL


def test_a_verb_that_ipmitool_has_not_is_done_by_a_module_of_ours() -> None:
    """So that none of ipmitool's gets out of the comparison by a place among ours."""
    for words in OURS:
        noun, *rest = words.split()
        own = words in OWN_MODULES or (noun == "pef" and pef_own.find(rest) is not None)
        assert own or noun in verbs.OWN_NOUNS, words


@pytest.mark.parametrize("name", SCENES)
def test_every_scene_that_goes_another_way_is_listed_with_its_reason(name: str) -> None:
    found = {
        (scene["run"], scene["ours"]["reason"])
        for group in groups(name)
        for scene in group["scenes"]
        if "ours" in scene
    }
    listed = {
        (command, one["reason"])
        for one in LISTED["scene"]
        if one["file"] == name
        for command in one["commands"]
    }
    assert found == listed
    assert all(len(reason) > 20 for _, reason in found)


def test_no_listed_scene_is_of_a_file_that_is_not_there() -> None:
    assert {one["file"] for one in LISTED["scene"]} <= set(SCENES)


def test_what_is_only_noted_has_a_command_and_a_reason() -> None:
    for one in LISTED["note"]:
        assert set(one) == {"command", "reason"}
        assert re.compile(one["command"])
        assert len(one["reason"]) > 20
    assert set(LISTED) == {"difference", "scene", "note"}
