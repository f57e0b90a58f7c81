"""powermand, which keeps our ipmipower running at its prompt as it would FreeIPMI's."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests import peers
from tests.interop.faces import daemon, faces, free_port
from tests.interop.lab import Bmc, Done, Lab
from tests.interop.patience import eventually

DEVICES = Path("/etc/powerman/ipmipower.dev")
"""What powerman knows of ipmipower's prompt."""


@contextmanager
def powerman(bmc: Bmc, folder: Path) -> Iterator[Callable[..., Done]]:
    """Run powermand for one node, ``rack``, on loopback.

    Returns: runs its client.
    """
    port = free_port()
    program = faces(folder / "programs", "ipmipower") / "ipmipower"
    words = f"{program} -h {bmc.address}:{bmc.port} -D LAN_2_0 -u {bmc.username} -p {bmc.password} -I 17"
    configuration = folder / "powerman.conf"
    configuration.write_text(
        f'include "{DEVICES}"\nlisten "127.0.0.1:{port}"\n'
        f'device "ipmi" "ipmipower" "{words} --wait-until-on --wait-until-off |&"\n'
        f'node "rack" "ipmi" "{bmc.address}"\n'
    )

    def client(*arguments: str) -> Done:
        command = [peers.require("powerman", "powerman"), "-h", f"127.0.0.1:{port}", *arguments]
        done = subprocess.run(command, capture_output=True, text=True, timeout=90, check=False)
        return Done(command, done.returncode, done.stdout, done.stderr)

    with daemon([peers.require("powerman"), "-f", "-c", str(configuration)], {}):
        yield client


@pytest.fixture
def client(own_lab: Lab, tmp_path: Path) -> Iterator[Callable[..., Done]]:
    with powerman(own_lab[0], tmp_path) as run:
        yield run


def node(client: Callable[..., Done]) -> str:
    """What the node is: on, off or unknown; empty while powermand starts."""
    done = client("-q")
    return next((word for word, names in done.values.items() if names == "rack"), "")


def test_power_by_powerman(client: Callable[..., Done]) -> None:
    eventually(lambda: node(client), lambda state: state == "on")
    assert client("-0", "rack").ok().out == "Command completed successfully\n"
    assert node(client) == "off"
    assert client("-1", "rack").ok().out == "Command completed successfully\n"
    assert node(client) == "on"
    assert client("-c", "rack").ok().out == "Command completed successfully\n"
    assert node(client) == "on"
