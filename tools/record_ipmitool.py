"""Lets the installed ipmitool play the scenes of the command line's tests and writes down what it does.

    python -m tools.record_ipmitool [--check] [NAME...]

A scene is a BMC's answers and a command: tests/cli/ipmitool/scenes.py. Give the answers and the words, run
this, and look at what came: it is ipmitool's, and our program has to do the same. `--check` writes nothing
and tells what would change.
"""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from baseboard.bmc.backends.memory import SimulatedServer
from baseboard.bmc.blueprint import UserSpec
from baseboard.bmc.makeups import makeup
from baseboard.codes import Privilege
from baseboard.testing.scripted import Script, ScriptedBmc
from tests.cli.ipmitool.scenes import FOLDER, Given, groups

USER, PASSWORD = "admin", "pw123456"

# With these ipmitool makes its session, and the BMC behind the scene answers them, unless it says otherwise.
SESSION = {(0x06, 0x01), (0x06, 0x38), (0x06, 0x39), (0x06, 0x3A), (0x06, 0x3B), (0x06, 0x3C), (0x06, 0x54)}


class SceneScript(Script):
    """Answers as the scene says, refuses the rest, and lets the session be."""

    def __init__(self) -> None:
        super().__init__()
        self.given = Given({})

    def attach(self, controller: Any) -> None:
        """Stand in front of a controller."""
        behind = controller.handle

        def handle(request: Any, origin: Any, reply: Any) -> None:
            key = (request.netfn, request.cmd)
            if key in SESSION and (not self.given.knows(*key) or origin.session is None):
                behind(request, origin, reply)
                return
            answer = self.given(request.netfn, request.cmd, bytes(request.data))
            if answer is not None:
                reply(answer)

        controller.handle = handle


def play(bmc: ScriptedBmc, group: dict[str, Any], scene: dict[str, Any]) -> dict[str, Any]:
    """What ipmitool does in a scene."""
    program = shutil.which("ipmitool")
    if program is None:
        raise SystemExit("ipmitool is not installed")
    assert isinstance(bmc.script, SceneScript)
    bmc.script.given = Given(group["given"])
    login = ["-I", "lanplus", "-H", bmc.host, "-p", str(bmc.port), "-U", USER, "-P", PASSWORD, "-C", "3"]
    words = shlex.split(scene["run"])
    with tempfile.TemporaryDirectory() as home:
        done = subprocess.run(
            [program, *login, "-N", "1", "-R", "1", *words],
            input=scene.get("stdin", "").encode(),
            capture_output=True,
            timeout=120,
            check=False,
            cwd=home,
            start_new_session=True,
            env={**os.environ, "TZ": "UTC", "LC_ALL": "C", "HOME": home},
        )
    verbose = any(word[:1] == "-" and "v" in word for word in words if word[1:2].isalpha())
    kept = {key: scene[key] for key in ("run", "stdin", "ours") if key in scene}
    return kept | {
        "out": done.stdout.decode("utf-8", "backslashreplace"),
        "err": None if verbose else done.stderr.decode("utf-8", "backslashreplace"),
        "code": done.returncode,
        "written": bmc.script.given.written,
    }


def main(words: list[str]) -> int:
    """Record the scenes of the files named, or of all."""
    check = "--check" in words
    names = [word for word in words if word != "--check"] or [
        path.stem for path in sorted(FOLDER.glob("*.json"))
    ]
    changed = 0
    admin = UserSpec(2, USER.encode(), PASSWORD.encode(), Privilege.ADMINISTRATOR)
    blueprint = makeup(0, "scene", bytes(range(16)), users=(admin,))
    with ScriptedBmc(blueprint, SimulatedServer, SceneScript()) as bmc:
        for name in names:
            before = groups(name)
            after = [
                {"given": group["given"], "scenes": [play(bmc, group, scene) for scene in group["scenes"]]}
                for group in before
            ]
            if after != before:
                changed += 1
                print(f"{name}: changed")
                if not check:
                    path: Path = FOLDER / f"{name}.json"
                    path.write_text(json.dumps(after, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return 1 if check and changed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
