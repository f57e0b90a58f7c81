"""Bytes told apart and explained: requests, responses, whole RMCP packets, SDR, SEL and FRU records."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from typing import Final

from baseboard.cli import annotated
from baseboard.cli.explaining_packets import RMCP_HEADER, Part, is_message, message, packet
from baseboard.errors import DecodeError
from baseboard.wire import Line, Message, annotate, fields
from baseboard.wire.annotation import shown_value

_SEL_SIZE: Final = 16
_SDR_HEADER: Final = 5
_FRU_HEADER: Final = 8
_SDR_VERSIONS: Final = (0x01, 0x51, 0x02)
_EVENT: Final = 0x02
_FIRST_OEM: Final = 0xC0
_GET_SEL_ENTRY: Final = (0x0B, 0x43)
_GET_SDR: Final = ((0x0B, 0x23), (0x05, 0x21))
_RESERVED: Final = range(0x0E, 0x2C)
"""Network functions that there are not (Table 5-1)."""
_UNKNOWN: Final = {0x2C: "the next byte names the group: 00h PICMG, 03h VITA, DCh DCMI",
                   0x2E: "the next three bytes name the maker"}  # fmt: skip
_READ: Final = 5
"""Before what such a response read: network function, command, completion code, number of the next one."""


def guess(data: bytes) -> str:
    """What bytes most likely are; a request if nothing speaks for anything else."""
    if len(data) >= RMCP_HEADER and data[0] == 6 and data[1] == 0 and data[3] & 0x7F in (6, 7):
        return "packet"
    if len(data) >= _FRU_HEADER and data[0] == 1 and sum(data[:_FRU_HEADER]) & 0xFF == 0:
        return "fru"
    if _records(data):
        return "sdr"
    if data and len(data) % _SEL_SIZE == 0 and all(_is_sel(kind) for kind in data[2::_SEL_SIZE]):
        return "sel"
    if is_message(data):
        return "message"
    return "response" if data and data[0] & 1 else "request"


def _records(data: bytes) -> list[bytes]:
    """The sensor data records that bytes are, one behind the other as `sdr dump` writes them; none if not."""
    found: list[bytes] = []
    while data:
        if len(data) < _SDR_HEADER or data[2] not in _SDR_VERSIONS or len(data) < _SDR_HEADER + data[4]:
            return []
        size = _SDR_HEADER + data[4]
        found.append(data[:size])
        data = data[size:]
    return found


def _is_sel(kind: int) -> bool:
    return kind == _EVENT or kind >= _FIRST_OEM


def explain(data: bytes, kind: str) -> list[Part]:
    """Explain bytes.

    Args:
        kind: ``request``, ``response``, ``message``, ``packet``, ``sdr``, ``sel`` or ``fru``.

    Raises:
        DecodeError: they are not of that kind at all.
    """
    kinds: dict[str, Callable[[bytes], list[Part]]] = {
        "request": _request,
        "response": _response,
        "message": message,
        "packet": packet,
        "sdr": _sdr,
        "sel": _sel,
        "fru": _fru,
    }
    return kinds[kind](data)


def _request(data: bytes) -> list[Part]:
    if len(data) < 2:
        raise DecodeError("it begins with network function and command")
    netfn, cmd = data[0] & ~1, data[1]
    told = annotated.request(netfn, cmd, data[2:])
    command, _ = annotated.known(netfn, cmd, data[2:])
    if command is None:
        lines = told.lines or [Line(0, 0, b"", "", "", "", _UNKNOWN.get(netfn, "command not declared"))]
        return [Part(told.title, data[2:], [*lines, *_as_sent(data)])]
    parts = [Part(told.title, data[2:], told.lines)]
    if any(line.note and not line.raw for line in told.lines):
        parts.append(_table("what the request has to hold", command.request))
    if fields(command.response):
        parts.append(_table("what is answered, behind the completion code", command.response))
    return parts


def _as_sent(data: bytes) -> list[Line]:
    """A hint where the network function is shifted to the left of a LUN, as a message has it."""
    netfn = data[0] >> 2
    if data[0] not in _RESERVED:
        return []
    command, _ = annotated.known(netfn & ~1, data[1], data[2:])
    if command is None:
        return []
    text = f"as in a message {data[0]:02X}h is netfn {netfn:02X}h, LUN {data[0] & 3}: {command.name}"
    return [Line(0, 0, b"", "", "", "", f"{text}; explain {netfn:02x} {data[1]:02x} ...")]


def _table(title: str, cls: type[Message]) -> Part:
    """The rows of a table, without values."""
    lines: list[Line] = []
    for field in fields(cls):
        first, last = field.place.first, field.place.last
        known = 0 if field.place.relative else first
        lines.append(
            Line(known, first if last is None else last, b"", field.name, field.column, "", field.note)
        )
    return Part(title, b"", lines)


def _response(data: bytes) -> list[Part]:
    if len(data) < 3:
        raise DecodeError("it begins with network function, command and completion code")
    netfn, cmd = data[0] | 1, data[1]
    told = annotated.response(netfn, cmd, data[2:])
    command, _ = annotated.known(netfn & ~1, cmd, data[2:], 1)
    parts = [Part(told.title, data[2:], [*told.lines, *(_as_sent(data) if command is None else [])])]
    if command is not None and any(line.note and not line.raw for line in told.lines):
        parts.append(_table("what the response has to hold, behind the completion code", command.response))
    return [*parts, *_record_in(netfn, cmd, b"" if data[2] else data[_READ:])]


def _record_in(netfn: int, cmd: int, read: bytes) -> list[Part]:
    """The record that was read, where the whole of it was."""
    if (netfn, cmd) == _GET_SEL_ENTRY and len(read) == _SEL_SIZE:
        return _sel(read)
    return _sdr(read) if (netfn, cmd) in _GET_SDR and len(_records(read)) == 1 else []


# ---- records


def _sdr(data: bytes) -> list[Part]:
    from baseboard.cli.ipmitool.text import printable
    from baseboard.records.sdr import read_sdr

    parts: list[Part] = []
    for raw in _records(data) or [data]:
        record = read_sdr(raw)
        name = printable(str(getattr(record, "id_string", "")))
        title = f"{_titled(record)}: {name}" if name else _titled(record)
        parts.append(Part(title, raw, annotate(record, raw)))
    return parts


def _sel(data: bytes) -> list[Part]:
    if len(data) > _SEL_SIZE and len(data) % _SEL_SIZE == 0:
        places = range(0, len(data), _SEL_SIZE)
        return [part for place in places for part in _sel(data[place : place + _SEL_SIZE])]
    from baseboard.client.sel_entry import SensorNames, describe
    from baseboard.records.sel import SelRecord

    record = SelRecord.unpack(data)
    entry = describe(data, int.from_bytes(data[:2], "little"), SensorNames())
    says = "; ".join([text for text in (entry.time_text, entry.event, *entry.details) if text])
    return [Part(f"{_titled(record)}: {says}" if says else _titled(record), data, annotate(record, data))]


def _fru(data: bytes) -> list[Part]:
    from baseboard.records.fru import CommonHeader, read_fru

    fru = read_fru(data)
    parts = [
        Part(
            _titled(CommonHeader.decode(data)), data[:_FRU_HEADER], annotate(CommonHeader, data[:_FRU_HEADER])
        )
    ]
    for name in ("chassis", "board", "product"):
        area = getattr(fru, name)
        if area is not None:
            parts.append(Part(f"{name} info area", area.stored or b"", list(_values(area))))
    parts += [
        Part(_titled(record), record.encode(), annotate(record))
        for record in fru.multirecords
        if isinstance(record, Message)
    ]
    if fru.problems:
        problems = [Line(one.offset, one.offset, b"", "", "", "", str(one)) for one in fru.problems]
        parts.append(Part("what is wrong with it", b"", problems))
    return parts


def _values(area: object) -> Iterator[Line]:
    """The fields of an area; they have no fixed places."""
    for field in dataclasses.fields(area):  # type: ignore[arg-type]  # every area is a dataclass
        value = getattr(area, field.name)
        if field.name != "stored" and value not in (None, (), ""):
            yield Line(0, 0, b"", field.name, "", shown_value(value), "")


def _titled(message: object) -> str:
    return str(type(message).__doc__).split("\n", 1)[0].rstrip(".")
