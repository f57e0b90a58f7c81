"""prometheus-ipmi-exporter with our ipmimonitoring where it looks for FreeIPMI's."""

from __future__ import annotations

import http.client
import math
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests import peers
from tests.interop.faces import daemon, faces, free_port
from tests.interop.lab import Bmc, Lab
from tests.interop.lineup import readable
from tests.interop.patience import eventually

_LINE = re.compile(r'^(\w+)\{(?:collector|id)="(\w+)"(?:,name="([^"]*)")?.*\} (\S+)$')
_DRIFT = 0.1
"""How far a reading may have moved between two looks at it."""


@contextmanager
def exporter(bmc: Bmc, folder: Path, *, password: str = "") -> Iterator[str]:
    """Run the exporter for a BMC.

    Returns: the address of its metrics of that BMC.
    """
    configuration = folder / "exporter.yml"
    configuration.write_text(
        f'modules:\n  default:\n    user: "{bmc.username}"\n    pass: "{password or bmc.password}"\n'
        '    driver: "LAN_2_0"\n    privilege: "operator"\n    timeout: 10000\n    collectors:\n    - ipmi\n'
    )
    programs = faces(folder / "programs", "ipmimonitoring", "ipmi-sensors")
    port = free_port()
    command = [
        peers.require("ipmi_exporter"),
        f"--config.file={configuration}",
        f"--freeipmi.path={programs}",
    ]
    command.append(f"--web.listen-address=127.0.0.1:{port}")
    with daemon(command, {"TMPDIR": str(folder), "XDG_CACHE_HOME": str(folder)}):
        yield f"127.0.0.1:{port}/ipmi?target={bmc.address}:{bmc.port}"


def scraped(address: str) -> dict[tuple[str, str], float]:
    """The metrics by name and the sensor's name, or the collector's; none while the exporter starts."""
    host, _, path = address.partition("/")
    connection = http.client.HTTPConnection(host, timeout=60)
    try:
        connection.request("GET", f"/{path}")
        text = connection.getresponse().read().decode()
    except ConnectionRefusedError:
        return {}
    finally:
        connection.close()
    found = (_LINE.match(line) for line in text.splitlines())
    return {(one[1], one[3] or one[2]): float(one[4]) for one in found if one}


def test_metrics_are_what_the_bmc_says(shared_lab: Lab, tmp_path: Path) -> None:
    bmc = shared_lab[0]
    with exporter(bmc, tmp_path) as address:
        metrics = eventually(lambda: scraped(address), bool)
    assert metrics["ipmi_up", "ipmi"] == 1
    rows = bmc.ipmitool("-c", "sdr", "list").ok().table(",")
    kinds = {
        "RPM": "ipmi_fan_speed_rpm",
        "degrees C": "ipmi_temperature_celsius",
        "Volts": "ipmi_voltage_volts",
    }
    kinds |= {"Watts": "ipmi_power_watts", "Amps": "ipmi_current_amperes"}
    compared = 0
    for name, value, unit, *_ in (row for row in rows if row[2:3] and row[2] in kinds):
        assert math.isclose(metrics[kinds[unit], name], float(value), rel_tol=_DRIFT, abs_tol=1), name
        compared += 1
    assert compared > 20
    states = {name: value for (kind, name), value in metrics.items() if kind.endswith("_state")}
    assert len(states) == readable(0)
    # FreeIPMI has no rules for this kind of sensor, so the exporter has no number for its state.
    assert math.isnan(states.pop("OS Stop"))
    assert set(states.values()) == {0}


def test_a_bmc_that_refuses_the_login_is_down(shared_lab: Lab, tmp_path: Path) -> None:
    with exporter(shared_lab[0], tmp_path, password="wrong") as address:
        assert eventually(lambda: scraped(address), bool)["ipmi_up", "ipmi"] == 0
