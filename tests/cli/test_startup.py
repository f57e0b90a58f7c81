"""What a short command imports: nobody pays for what is not used. Lists, not clocks."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.simulated import Simulated

# Never, whatever the verb of a BMC.
NEVER = {"rich", "msgspec", "tomlkit", "sqlite3", "hypothesis", "_ssl", "argparse", "pkgutil"}
# Not for one command to one BMC, which the small loop drives: each takes 1 to 30 ms.
LOOP = {"asyncio", "concurrent", "logging", "subprocess", "threading"}
# Not for the shortest of them.
SLOW = {
    "dataclasses", "inspect", "ipaddress", "pathlib", "tempfile", "json", "datetime", "random", "secrets",
    "hmac", "hashlib", "_hashlib", "locale", "encodings.idna", "urllib", "socket", "selectors",
}  # fmt: skip
# Not for a power status: other subjects of commands and of the library, and texts for people.
OTHERS = {
    "baseboard.bmc",
    "baseboard.commands.app.device",
    "baseboard.commands.app.sessions",
    "baseboard.commands.chassis.control",
    "baseboard.commands.sensor",
    "baseboard.commands.storage",
    "baseboard.commands.transport",
    "baseboard.records",
    "baseboard.codes.entities",
    "baseboard.codes.manufacturers",
    "baseboard.codes.channels",
    "baseboard.codes.inventories",
    "baseboard.codes.storage",
    "baseboard.codes.units",
    "baseboard.codes.generic_offsets",
    "baseboard.wire.annotation",
    "baseboard.cli.json_output",
    "baseboard.cli.many",
    "baseboard.cli.annotated",
    "baseboard.cli.help_text",
    "baseboard.cli.ipmitool.absent",
    "baseboard.cli.ipmitool.beforehand",
    "baseboard.cli.ipmitool.chassis_boot",
    "baseboard.cli.ipmitool.failures",
    "baseboard.cli.ipmitool.sdr",
    "baseboard.cli.results.chassis",
    "baseboard.cli.trace",
    "baseboard.client.inquiry",
    "baseboard.client.sensors",
    "baseboard.client.sdr",
    "baseboard.client.sel",
    "baseboard.rmcp.console_v15",
    "baseboard.rmcp.v15",
    "baseboard.crypto.authcode",
}
# Not for a verb that is ipmitool's too: who helps and completes needs the rows of all.
ROWS = {"baseboard.cli.verbs.ipmitool", "baseboard.cli.verbs.own"}


# -X importtime would leave out what `importlib.import_module` imports.
_CODE = """
import sys
before = set(sys.modules)
from baseboard.cli import main
code = main(sys.argv[1:])
print("\\n".join(set(sys.modules) - before), file=sys.stderr)
sys.exit(code)
"""


def imported(words: list[str], password: str = "", home: Path | None = None) -> set[str]:
    """The modules that a call of the program imports."""
    command = [sys.executable, "-c", _CODE, *words]
    settings = {"IPMITOOL_PASSWORD": password, "XDG_STATE_HOME": str(home), "XDG_CACHE_HOME": str(home)}
    done = subprocess.run(
        command,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
        env={**os.environ, **settings},
    )
    assert done.returncode == 0, done.stderr
    return set(done.stderr.split())


def under(modules: set[str], names: set[str]) -> set[str]:
    """Those that are in one of the packages named."""
    return {
        module for module in modules if any(module == name or module.startswith(name + ".") for name in names)
    }


@pytest.mark.parametrize("words", [["-V"], ["--version"]])
def test_the_version_takes_three_modules_of_ours(words: list[str]) -> None:
    modules = imported(words)
    assert {name for name in modules if name.partition(".")[0] == "baseboard"} == {
        "baseboard",
        "baseboard.errors",
        "baseboard.cli.program",
        "baseboard.cli",
    }
    assert not under(modules, NEVER | {"asyncio", "cryptography", "dataclasses", "inspect", "logging"})


def test_help_asks_for_no_library() -> None:
    modules = imported(["--help"])
    assert not under(
        modules, NEVER | (OTHERS - {"baseboard.cli.help_text"}) | {"asyncio", "baseboard.client"}
    )


def test_a_power_status_imports_what_it_needs(bmc: Simulated, tmp_path: Path) -> None:
    modules = imported([*bmc.login, "chassis", "power", "status"], bmc.password, tmp_path)
    assert "baseboard.cli.ipmitool.power" in modules
    assert not under(modules, NEVER | LOOP | SLOW | OTHERS | ROWS)


def test_so_does_an_mc_info(bmc: Simulated, tmp_path: Path) -> None:
    modules = imported([*bmc.login, "mc", "info"], bmc.password, tmp_path)
    assert not under(modules, NEVER | LOOP | SLOW | OTHERS | ROWS)


def test_the_state_of_the_log_needs_no_sensors(bmc: Simulated, tmp_path: Path) -> None:
    modules = imported([*bmc.login, "sel", "info"], bmc.password, tmp_path)
    own = {"baseboard.records", "datetime"}
    assert not under(modules, NEVER | LOOP | (SLOW - own) | (OTHERS - own) | {"baseboard.records.sdr"})


def test_sensors_whose_records_are_kept_need_no_second_library(bmc: Simulated, tmp_path: Path) -> None:
    imported([*bmc.login, "sdr", "elist"], bmc.password, tmp_path)
    modules = imported([*bmc.login, "sdr", "elist"], bmc.password, tmp_path)
    assert "baseboard.client.sdr_cache" in modules
    slow = {
        "dataclasses",
        "inspect",
        "tempfile",
        "json",
        "datetime",
        "random",
        "hashlib",
        "_hashlib",
        "socket",
    }
    assert not under(modules, NEVER | LOOP | slow | {"baseboard.commands.sensor.sensors"})


@pytest.mark.parametrize("words", ["sel info", "sdr elist", "sensor", "user list", "lan print", "fru"])
def test_no_command_to_one_bmc_needs_an_event_loop(bmc: Simulated, tmp_path: Path, words: str) -> None:
    modules = imported([*bmc.login, *words.split()], bmc.password, tmp_path)
    assert not under(modules, NEVER | {"asyncio", "subprocess"})


def test_so_does_the_personality(bmc: Simulated, tmp_path: Path) -> None:
    host = ["-I", "lanplus", "-H", "127.0.0.1", "-p", str(bmc.port), "-U", bmc.username, "-E"]
    modules = imported(["ipmitool", *host, "chassis", "power", "status"], bmc.password, tmp_path)
    ours = {"baseboard.cli.native", "baseboard.cli.verbs", "baseboard.cli.console", "baseboard.cli.hosts"}
    assert not under(modules, NEVER | LOOP | OTHERS | ours)


def test_completion_and_explanations_need_no_event_loop() -> None:
    assert not under(imported(["completion", "bash"]), NEVER | OTHERS | {"asyncio", "cryptography"})
    assert not under(
        imported(["explain", "06", "01"]),
        (NEVER - {"pkgutil"}) | {"asyncio", "cryptography", "baseboard.client"},
    )
