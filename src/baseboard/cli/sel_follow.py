"""``baseboard sel follow``: events as they come; with a bookmark, from where the last call ended."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from baseboard.cli.failures import DONE, FAILED
from baseboard.cli.ipmitool.text import printable
from baseboard.cli.long_options import UsageError, number
from baseboard.cli.results.native import FollowedEvent
from baseboard.cli.results.times import iso, missing
from baseboard.cli.watching import until_over

if TYPE_CHECKING:
    from baseboard.cli.native_call import NativeCall
    from baseboard.client.sel_entry import SelEntry

_INTERVAL: Final = 5.0


async def run(call: NativeCall, words: list[str]) -> int:
    """Follow the log until interrupted, or until ``--count`` events have come."""
    from baseboard.client.sel_bookmark import Bookmark

    if words:
        raise UsageError("`sel follow` takes options only")
    interval = number(call.given, "interval", _INTERVAL, least=0.05)
    count = int(number(call.given, "count", 0))
    path = Path(call.given["bookmark"]) if "bookmark" in call.given else None
    try:
        mark = (
            Bookmark.parse(path.read_text(encoding="utf-8")) if path is not None and path.exists() else None
        )
    except (OSError, ValueError) as error:
        call.err(f"{path}: {getattr(error, 'strerror', None) or error}")
        return FAILED
    bmc = await call.bmc()
    names = await bmc.sdr.records()
    # A bookmark that is not there yet begins with all there is: nothing is lost between two calls.
    replay = path is not None and mark is None
    follower = bmc.sel.follow(mark, interval=interval, sdr=names, replay=replay, reconnect=True)
    told = gaps = 0
    async for entry in until_over(follower, endless=not count):
        if follower.gaps > gaps:
            gaps = follower.gaps
            call.note("the log was cleared or ran over: events may be missing before this one")
        call.out(line(entry))
        call.found(found(entry))
        if path is not None:
            keep(path, str(follower.bookmark))
        told += 1
        if told == count:
            break
    return DONE


def line(entry: SelEntry) -> str:
    """An event in a line: time, sensor, what happened."""
    happened = entry.event or entry.data.hex(" ")
    sign = {True: "", False: " (ended)", None: ""}[entry.asserted]
    values = ""
    if entry.reading is not None and entry.threshold is not None:
        values = f": {entry.reading:g} {entry.unit}, threshold {entry.threshold:g}"
    details = "".join(f"; {detail}" for detail in entry.details)
    when = entry.time_text or "-"
    what = entry.sensor or f"manufacturer {entry.manufacturer_id or 'unknown'}"
    return printable(f"{entry.record_id:5d}  {when:19}  {what:20}  {happened}{sign}{values}{details}")


def found(entry: SelEntry) -> FollowedEvent:
    """The event as data."""
    return FollowedEvent(
        record_id=entry.record_id,
        time=iso(entry.timestamp),
        time_missing=missing(entry.timestamp),
        generator=entry.generator,
        sensor=entry.sensor,
        sensor_type=entry.sensor_type,
        event=entry.event,
        details=entry.details,
        asserted=entry.asserted,
        reading=entry.reading,
        threshold=entry.threshold,
        unit=entry.unit,
        raw=entry.raw,
    )


def keep(path: Path, text: str) -> None:
    """Write a bookmark whole or not at all."""
    fresh = path.with_name(path.name + ".new")
    fresh.write_text(text + "\n", encoding="utf-8")
    os.replace(fresh, path)
