"""What the simulated BMCs are made of: ipmi_sim's configuration, the responder's records, a file of our own.

All have the same sensors, of four kinds in turns, the same inventory and one administrator.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.interop.simulator import controller_record, inventory, inventory_record, sensor_record
from tests.interop.simulator import write_configuration as write_simulator

__all__ = ["description", "inventory", "records", "write"]

# How a BMC of ours has the four kinds: name, type, unit, value, upper critical and non-recoverable threshold.
KINDS = (
    ("Temp", "temperature", "degrees_c", 40, 80, 95),
    ("Volt", "voltage", "volts", 12, 13, 14),
    ("Fan", "fan", "rpm", 6750, 15000, 16000),
    ("Power", "other_units_based_sensor", "watts", 240, 500, 600),
)
AT_ONCE = 25
# Twenty fields.
INVENTORY = """[[bmc.fru]]
id = 0
name = "Mainboard"
[bmc.fru.chassis]
part_number = "CH-0001"
serial_number = "CHSN{n:04}"
custom = ["rack 7", "unit 12"]
[bmc.fru.board]
manufacturer = "Acme"
product_name = "Mainboard"
serial_number = "BSN{n:04}"
part_number = "BPN-0001"
fru_file_id = "frufile"
custom = ["revision 2", "line 4"]
[bmc.fru.product]
manufacturer = "Acme"
product_name = "Server 9000"
part_number = "P9000"
version = "v1"
serial_number = "PSN{n:04}"
asset_tag = "asset{n}"
fru_file_id = "frufile"
custom = ["owner", "contract"]"""


def write(
    folder: Path,
    port: int,
    *,
    sensors: int,
    sel: int,
    kg: str | None,
    extra: Sequence[str],
    sel_capacity: int = 1000,
) -> list[str]:
    """Write what ipmi_sim reads; returns its arguments."""
    types = "md5 md2 straight none"
    return write_simulator(
        folder,
        port,
        sensors=sensors,
        sel=sel,
        kg=kg,
        auth_types=types,
        extra=extra,
        sel_capacity=sel_capacity,
    )


def records(sensors: int) -> Iterator[bytes]:
    """The same SDR repository, record by record."""
    yield controller_record()
    yield inventory_record()
    for number in range(1, sensors + 1):
        yield sensor_record(number)


def description(
    count: int,
    port: int,
    *,
    shared: bool,
    sensors: int,
    sel_capacity: int,
    login: tuple[str, str],
    lan: str = "",
    lines: str = "",
) -> str:
    """A file for ``baseboard bmc run``: so many BMCs alike.

    Args:
        shared: they have an address each and share a socket.
        lan: more of ``[bmc.lan]``.
        lines: more of ``[[bmc]]``.
    """
    username, password = login
    told = [
        "[[bmc]]",
        'name = "node-{n}"',
        f"count = {count}",
        f"sel_capacity = {sel_capacity}",
        *([lines] if lines else []),
        "[bmc.lan]",
        f"port = {port}",
        *(['spread = "addresses"'] if shared else []),
        "suites = [3, 17]",
        *([lan] if lan else []),
        "[[bmc.user]]",
        f'name = "{username}"',
        f'password = "{password}"',
        *_sensors(sensors),
        INVENTORY,
    ]
    return "\n".join(told) + "\n"


def _sensors(count: int) -> Iterator[str]:
    """Sensors of four kinds in turns, 25 of a kind, since an entity has at most 127 instances."""
    for first in range(0, count, AT_ONCE):
        name, kind, unit, value, critical, fatal = KINDS[first // AT_ONCE % len(KINDS)]
        yield "[[bmc.sensor]]"
        yield f'name = "{name} {first // AT_ONCE}.{{n}}"'
        yield f'type = "{kind}"'
        yield f"count = {min(AT_ONCE, count - first)}"
        yield f'unit = "{unit}"'
        yield f"value = {value}"
        yield f"upper = {{ critical = {critical}, non_recoverable = {fatal} }}"
