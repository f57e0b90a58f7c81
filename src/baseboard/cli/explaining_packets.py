"""Whole RMCP packets told apart, layer by layer: ASF, sessions of both versions, logins, SOL, messages."""

from __future__ import annotations

from dataclasses import replace
from typing import Final, NamedTuple

from baseboard.cli import annotated
from baseboard.errors import DecodeError
from baseboard.wire import Line, Message, annotate
from baseboard.wire.annotation import shown_value


class Part(NamedTuple):
    """A part of the bytes: a header, a message, an area.

    Attributes:
        title: what it is.
        raw: its bytes.
        lines: what they say.
    """

    title: str
    raw: bytes
    lines: list[Line]


RMCP_HEADER: Final = 4
UNREADABLE: Final = "what cannot be read"
"""Title of a part whose line says why."""

_SETUP_TYPES: Final = {
    0x10: "OpenSessionRequest",
    0x11: "OpenSessionResponse",
    0x12: "Rakp1",
    0x13: "Rakp2",
    0x14: "Rakp3",
    0x15: "Rakp4",
}
_ANSWERS: Final = (0x11, 0x13, 0x15)
_SOL: Final = 0x01
_SHORTEST: Final = 7


def packet(data: bytes) -> list[Part]:
    """Explain a datagram.

    Raises:
        DecodeError: it has no RMCP header.
    """
    from baseboard.rmcp import header

    kind = header.message_class(data)
    names = {header.ASF: "ASF", header.IPMI: "IPMI", header.OEM: "OEM", header.ASF | header.ACK: "ASF, ACK"}
    lines = [
        _line(1, data[0:1], "version", f"{data[0]:02X}h", "06h = RMCP 1.0"),
        _line(3, data[2:3], "sequence", f"{data[2]:02X}h", "FFh = no acknowledgement wanted"),
        _line(4, data[3:4], "class", names.get(kind, f"{kind:02X}h"), "[7] ACK, [4:0] class"),
    ]
    head = Part("RMCP header (Table 13-2)", data[:RMCP_HEADER], lines)
    rest = data[RMCP_HEADER:]
    try:
        if kind == header.ASF:
            return [head, _asf(data)]
        if kind == header.IPMI and rest:
            return [head, *(_v20(data) if rest[0] & 0x0F == 6 else _v15(data))]
    except DecodeError as error:
        return [head, Part(UNREADABLE, rest, _rest(5, rest, str(error)))]
    note = "an acknowledgement has nothing more" if kind & header.ACK else "not of class IPMI or ASF"
    return [head, Part("message", rest, _rest(5, rest, note))]


def _asf(data: bytes) -> Part:
    from baseboard.rmcp import asf

    found = asf.decode(data)
    kind, name = (asf.PING, "ping") if isinstance(found, asf.Ping) else (asf.PONG, "pong")
    lines = [
        _line(5, data[4:8], "iana", str(asf.IANA), "the ASF's enterprise number"),
        _line(9, data[8:9], "type", f"{kind:02X}h", f"presence {name}"),
        _line(10, data[9:10], "tag", str(found.tag), "the pong has that of the ping"),
        _line(12, data[11:12], "length", str(data[11]), "of what follows"),
    ]
    if isinstance(found, asf.Pong):
        ipmi = "yes" if found.supports_ipmi else "no"
        lines += [
            _line(13, data[12:16], "oem_iana", str(found.iana), "whose bytes follow; 4542 = nobody's"),
            _line(17, data[16:20], "oem_defined", data[16:20].hex(" "), ""),
            _line(21, data[20:21], "supports_ipmi", ipmi, "[7]; [3:0] 1 = ASF 1.0"),
            _line(22, data[21:22], "interactions", f"{found.interactions:02X}h",
                  "[7] RMCP security extensions, [5] DASH"),
        ]  # fmt: skip
    return Part(f"presence {name} (§13.2)", data[RMCP_HEADER:], lines)


def _v15(data: bytes) -> list[Part]:
    from baseboard.rmcp import v15

    packet = v15.unwrap(data)
    start = RMCP_HEADER
    lines = [
        _line(
            5, data[start : start + 1], "auth_type", str(packet.auth_type), "0 none, 1 MD2, 2 MD5, 4 password"
        ),
        _line(6, data[start + 1 : start + 5], "sequence", str(packet.sequence), "0 outside a session"),
        _line(
            10, data[start + 5 : start + 9], "session_id", f"{packet.session_id:08X}h", "0 outside a session"
        ),
    ]
    if packet.code:
        # A password sent straight is a password; nobody pastes that into a report unseen.
        code = Line(
            14,
            29,
            packet.code,
            "auth_code",
            "",
            packet.code.hex(" "),
            "16 bytes",
            secret=packet.auth_type == 4,
        )
        lines.append(code)
    end = start + 9 + len(packet.code)
    lines.append(_line(end + 1, data[end : end + 1], "length", str(data[end]), "of the message"))
    return [
        Part("session header of v1.5 (Table 13-8)", data[start : end + 1], lines),
        *_inside(packet.message),
    ]


def _v20(data: bytes) -> list[Part]:
    from baseboard.codes import PayloadType
    from baseboard.rmcp import v20

    flags, session_id, sequence, start, end = v20.parse(data)
    kind = flags & v20.TYPE_MASK
    told = [
        name
        for bit, name in ((v20.ENCRYPTED, "encrypted"), (v20.AUTHENTICATED, "authenticated"))
        if flags & bit
    ]
    payload_type = ", ".join([f"{shown_value(PayloadType(kind))}", *told])
    at = start - 10
    lines = [
        _line(5, data[4:5], "auth_type", "6", "RMCP+"),
        _line(6, data[5:6], "payload_type", payload_type, "[7] encrypted, [6] authenticated"),
        _line(
            at + 1,
            data[at : at + 4],
            "session_id",
            f"{session_id:08X}h",
            "the receiver's; 0 outside a session",
        ),
        _line(at + 5, data[at + 4 : at + 8], "sequence", str(sequence), "0 outside a session"),
        _line(at + 9, data[at + 8 : at + 10], "length", str(end - start), "of the payload"),
    ]
    parts = [
        Part("session header of v2.0 (Table 13-8)", data[4:start], lines),
        *_payload(kind, flags, data[start:end]),
    ]
    if len(data) > end:
        rest = data[end:]
        parts.append(
            Part("session trailer", rest, _rest(end + 1, rest, "pad, pad length, next header, AuthCode"))
        )
    return parts


def _payload(kind: int, flags: int, payload: bytes) -> list[Part]:
    from baseboard.rmcp import setup, sol_packet, v20

    if flags & v20.ENCRYPTED:
        return [
            Part("payload", payload, _rest(1, payload, "encrypted: it takes the session's keys to read it"))
        ]
    if kind == 0:
        return _inside(payload)
    if kind == _SOL:
        return [Part("SOL packet (Table 15-2)", payload, annotate(sol_packet.SolPacket, payload))]
    if kind in _SETUP_TYPES:
        refused = kind in _ANSWERS and len(payload) > 1 and payload[1] != 0
        name = "Refusal" if refused else _SETUP_TYPES[kind]
        cls: type[Message] = getattr(setup, name)
        return [Part(str(cls.__doc__).rstrip("."), payload, _with_status(annotate(cls, payload)))]
    return [Part("payload", payload, _rest(1, payload, "not a payload of the specification's own"))]


def _with_status(lines: list[Line]) -> list[Line]:
    """The lines; that with a status code says what it means."""
    from baseboard.codes import RakpStatus

    return [
        replace(line, note=RakpStatus(line.raw[0]).text) if line.field == "status" else line for line in lines
    ]


def is_message(data: bytes) -> bool:
    """Whether bytes are an IPMI message with both checksums right, as IPMB and the LAN carry it."""
    return len(data) >= _SHORTEST and sum(data[:3]) & 0xFF == 0 and sum(data[3:]) & 0xFF == 0


def _inside(payload: bytes) -> list[Part]:
    """The message in a packet, or why it is none."""
    try:
        return message(payload)
    except DecodeError as error:
        return [Part(UNREADABLE, payload, _rest(1, payload, str(error)))]


def message(raw: bytes) -> list[Part]:
    """Explain an IPMI message as IPMB and the LAN carry it (§13.8).

    Raises:
        DecodeError: it is too short.
    """
    from baseboard.rmcp import lan_message

    found = lan_message.unwrap(raw, tolerate_checksums=True)
    first, second = sum(raw[:3]) & 0xFF == 0, sum(raw[3:]) & 0xFF == 0
    sides = ("rq", "rs") if found.is_response else ("rs", "rq")
    addresses = {"rs": (found.rs_addr, found.rs_lun), "rq": (found.rq_addr, found.rq_lun)}
    lines = [
        _line(1, raw[0:1], f"{sides[0]}_addr", f"{raw[0]:02X}h", ""),
        _line(
            2,
            raw[1:2],
            "netfn",
            f"{found.netfn:02X}h, LUN {addresses[sides[0]][1]}",
            "[7:2] netfn, [1:0] LUN",
        ),
        _line(3, raw[2:3], "checksum", "right" if first else "wrong", ""),
        _line(4, raw[3:4], f"{sides[1]}_addr", f"{raw[3]:02X}h", ""),
        _line(
            5,
            raw[4:5],
            "rq_seq",
            f"{found.rq_seq}, LUN {addresses[sides[1]][1]}",
            "[7:2] sequence, [1:0] LUN",
        ),
        _line(6, raw[5:6], "cmd", f"{found.cmd:02X}h", ""),
        _line(len(raw), raw[-1:], "checksum", "right" if second else "wrong", ""),
    ]
    explain_it = annotated.response if found.is_response else annotated.request
    told = explain_it(found.netfn, found.cmd, found.data)
    return [Part("IPMI message (§13.8)", raw, lines), Part(told.title, found.data, told.lines)]


def _line(first: int, raw: bytes, field: str, value: str, note: str) -> Line:
    return Line(first, first + len(raw) - 1, raw, field, "", value, note)


def _rest(first: int, raw: bytes, note: str) -> list[Line]:
    return [Line(first, first + len(raw) - 1, raw, "", "", "", note)]
