"""``baseboard sensor watch``: a live table on a terminal, plain lines of what changed anywhere else."""

from __future__ import annotations

from collections import deque
from datetime import datetime
from typing import TYPE_CHECKING, Final

from baseboard.cli import watching
from baseboard.cli.chart import sparkline
from baseboard.cli.failures import DONE
from baseboard.cli.ipmitool.text import printable
from baseboard.cli.long_options import number

if TYPE_CHECKING:
    from rich.live import Live
    from rich.table import Table

    from baseboard.cli.native_call import NativeCall
    from baseboard.client.sensor import Sensor

_readings = watching.readings
_INTERVAL: Final = 2.0
_TRAIL: Final = 24
_STYLES: Final = {"ok": "green", "nc": "yellow", "cr": "red", "nr": "bold red", "ns": "dim"}


async def run(call: NativeCall, words: list[str]) -> int:
    """Watch sensors until interrupted, or ``--count`` times."""
    interval = number(call.given, "interval", _INTERVAL, least=0.05)
    count = int(number(call.given, "count", 0))
    bmc = await call.bmc()
    live = _live() if call.terminal else None
    if live is None:
        await _lines(call, words, interval, count)
        return DONE
    trails: dict[str, deque[float | None]] = {}
    with live:
        async for sensors in watching.until_over(_readings(bmc, words, interval, count), endless=not count):
            for sensor in sensors:
                trails.setdefault(sensor.name, deque(maxlen=_TRAIL)).append(sensor.reading)
            live.update(_table(call.name, sensors, trails), refresh=True)
    return DONE


async def _lines(call: NativeCall, words: list[str], interval: float, count: int) -> None:
    """The first reading of each sensor, then those that changed."""
    before: dict[str, tuple[str, str]] = {}
    seen = _readings(await call.bmc(), words, interval, count)
    async for sensors in watching.until_over(seen, endless=not count):
        now = datetime.now().astimezone().strftime("%H:%M:%S")
        for sensor in sensors:
            said = watching.value(sensor), sensor.status
            if before.get(sensor.name) != said:
                before[sensor.name] = said
                call.out(printable(f"{now}  {sensor.name:16}  {said[0]:24}  {said[1]}"))
            if call.json:
                call.found(watching.found(sensor))


def _live() -> Live | None:
    try:
        from rich.live import Live
    except ModuleNotFoundError:
        return None
    return Live(auto_refresh=False, vertical_overflow="crop")


def _table(host: str, sensors: list[Sensor], trails: dict[str, deque[float | None]]) -> Table:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    title = f"{host}  {datetime.now().astimezone():%H:%M:%S}  Ctrl-C ends"
    table = Table("sensor", "reading", "status", "course", box=SIMPLE_HEAD, title=title, title_justify="left")
    for sensor in sensors:
        style = _STYLES.get(sensor.status, "")
        table.add_row(
            Text(printable(sensor.name)),
            Text(printable(watching.value(sensor)), style=style),
            Text(sensor.status, style=style),
            Text(sparkline(list(trails[sensor.name]), _TRAIL)),
        )
    return table
