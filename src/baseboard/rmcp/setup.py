"""The messages that open an RMCP+ session: Open Session (§13.17, §13.18) and RAKP 1 to 4 (§13.20 to §13.23).

Session IDs inside them are the addressee's: messages to the BMC hold the ID that the BMC chose, messages to
the console the one that the console chose. An answer whose second byte is not 0 is a `Refusal`, whatever
its type.
"""

from __future__ import annotations

from typing import Final

from baseboard.errors import DecodeError, EncodeError
from baseboard.wire import Record, at

NAME_ONLY: Final = 0x10
"""Bit of the role byte: look the user up by name alone, not by name and privilege."""

LONGEST_NAME: Final = 16


class UserName:
    """Length byte and name at the end of RAKP 1; some consoles pad the name, none of that is kept."""

    def decode(self, raw: bytes) -> bytes:
        """Cut the name out; it may be longer than allowed, which is answered by a status."""
        if not raw or len(raw) <= raw[0]:
            raise DecodeError("Rakp1: the user name ends early (byte 28, §13.20)")
        return bytes(raw[1 : 1 + raw[0]])

    def encode(self, value: bytes) -> bytes:
        """Put its length in front."""
        if len(value) > LONGEST_NAME:
            raise EncodeError(
                f"Rakp1: a user name has at most {LONGEST_NAME} bytes, not {len(value)} (byte 28, §13.20)"
            )
        return bytes((len(value),)) + value


class OpenSessionRequest(Record):
    """A console proposes algorithms (Table 13-9)."""

    _last = 32

    tag: int = at("1", "copied into the response")
    max_privilege: int = at("2[3:0]", "0 = highest level that matches the algorithms", default=0)
    console_session_id: int = at("5:8", "never 0")
    authentication_type: int = at("9", "00h", default=0)
    authentication_size: int = at("12", "08h; 00h = null field, the BMC chooses", default=8)
    authentication: int = at("13[5:0]", "authentication algorithm")
    integrity_type: int = at("17", "01h", default=1)
    integrity_size: int = at("20", "08h; 00h = null field, the BMC chooses", default=8)
    integrity: int = at("21[5:0]", "integrity algorithm")
    confidentiality_type: int = at("25", "02h", default=2)
    confidentiality_size: int = at("28", "08h; 00h = null field, the BMC chooses", default=8)
    confidentiality: int = at("29[5:0]", "confidentiality algorithm")


class OpenSessionResponse(Record):
    """The BMC names the algorithms and its session ID (Table 13-10)."""

    _last = 36

    tag: int = at("1", "that of the request")
    status: int = at("2", "00h; with another status only a Refusal is sent", default=0)
    max_privilege: int = at("3[3:0]", "highest level with these algorithms")
    console_session_id: int = at("5:8", "that of the request")
    bmc_session_id: int = at("9:12", "never 0")
    authentication_type: int = at("13", "00h", default=0)
    authentication_size: int = at("16", "08h", default=8)
    authentication: int = at("17[5:0]", "authentication algorithm")
    integrity_type: int = at("21", "01h", default=1)
    integrity_size: int = at("24", "08h", default=8)
    integrity: int = at("25[5:0]", "integrity algorithm")
    confidentiality_type: int = at("29", "02h", default=2)
    confidentiality_size: int = at("32", "08h", default=8)
    confidentiality: int = at("33[5:0]", "confidentiality algorithm")


class Rakp1(Record):
    """The console names the user and its random number (§13.20)."""

    tag: int = at("1", "copied into RAKP 2")
    bmc_session_id: int = at("5:8", "SIDc of the Open Session Response")
    rm: bytes = at("9:24", "the console's random number")
    role: int = at("25", "[4] 1 = name-only lookup; [3:0] requested maximum privilege")
    username: bytes = at("28:", "length byte, then at most 16 bytes of name", codec=UserName())


class Rakp2(Record):
    """The BMC gives its random number and GUID and proves that it knows the password (§13.21)."""

    tag: int = at("1", "that of RAKP 1")
    status: int = at("2", "00h; with another status only a Refusal is sent", default=0)
    console_session_id: int = at("5:8", "SIDm")
    rc: bytes = at("9:24", "the BMC's random number")
    guid: bytes = at("25:40", "as Get System GUID gives it")
    code: bytes = at("41:", "KEAC2, not truncated", default=b"")


class Rakp3(Record):
    """The console proves that it knows the password (§13.22)."""

    tag: int = at("1", "copied into RAKP 4")
    status: int = at("2", "00h, or why the console gives up (Table 13-15)", default=0)
    bmc_session_id: int = at("5:8", "SIDc")
    code: bytes = at("9:", "KEAC3, not truncated; empty with an error", default=b"")


class Rakp4(Record):
    """The BMC proves that it has the session's keys; the session is open (§13.23)."""

    tag: int = at("1", "that of RAKP 3")
    status: int = at("2", "00h; with another status only a Refusal is sent", default=0)
    console_session_id: int = at("5:8", "SIDm")
    code: bytes = at("9:", "integrity check value, truncated", default=b"")


class Refusal(Record):
    """Open Session Response, RAKP 2 or RAKP 4 with an error: the eight bytes that are left of them."""

    tag: int = at("1", "that of the message refused")
    status: int = at("2", "RMCP+ status code (Table 13-15)")
    console_session_id: int | None = at("5:8", "SIDm; some BMCs send two bytes only", default=None)
