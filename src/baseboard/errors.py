"""Every exception of Baseboard, one tree.

::

    BaseboardError
    |-- WireError                   bytes and values do not fit each other
    |   |-- LayoutError             a message is declared wrongly (a bug, found at import)
    |   |-- EncodeError             a value does not fit its field
    |   `-- DecodeError             received bytes do not fit their table
    |       |-- TruncatedError      there are too few of them
    |       `-- ChecksumError       their sum is wrong
    |-- LocalProtocolError          you may not do that now
    |-- RemoteProtocolError         the peer may not do that
    |-- LoginError                  a session was not opened; knows the stage and the status
    |   |-- Unreachable             nothing answered
    |   |-- NotIpmi                 something answered that is not IPMI
    |   |-- LoginRefused            name or password
    |   |-- RoleRefused             privilege level
    |   |-- SuiteRefused            cipher suite
    |   `-- NoSessionSlot           the BMC has no session left
    |-- SessionClosed               the session ended
    |-- CompletionError             the command was understood and refused
    |-- TransportError              the medium failed
    |   `-- NoResponse              no answer within the time given
    `-- ConfigurationError          a configuration file is wrong; knows file, line and key

No text of an error holds a key, a password or a payload.
"""

from __future__ import annotations


class BaseboardError(Exception):
    """The root of everything that Baseboard raises on purpose."""


class WireError(BaseboardError):
    """Bytes and values do not fit each other."""


class LayoutError(WireError):
    """A message is declared wrongly: overlapping bits, a gap that cannot be, a taken number."""


class EncodeError(WireError):
    """A value does not fit its field; the text names class, field and byte."""


class DecodeError(WireError):
    """Received bytes do not fit the table that they should follow.

    Attributes:
        wrong_length: their number alone is the reason (a controller answers C7h, not CCh).
    """

    wrong_length: bool = False


class TruncatedError(DecodeError):
    """There are fewer bytes than the table's mandatory part."""

    wrong_length = True


class ChecksumError(DecodeError):
    """The bytes do not add up to their checksum."""


class LocalProtocolError(BaseboardError):
    """The caller may not do this in the machine's present state."""


class RemoteProtocolError(BaseboardError):
    """The peer did what its present state does not allow."""


class LoginError(BaseboardError):
    """A session was not opened.

    Attributes:
        stage: the step that failed, such as ``"RAKP 2"``.
        status: the peer's status or completion code there; None when it gave none.
    """

    def __init__(self, stage: str, status: int | None = None, text: str = "") -> None:
        super().__init__(stage, status, text)
        self.stage, self.status, self.text = stage, status, text

    def __str__(self) -> str:
        code = "" if self.status is None else f" {self.status:02X}h"
        return f"{self.stage}:{code} {self.text}".rstrip(" :")


class Unreachable(LoginError):
    """Nothing answered."""


class NotIpmi(LoginError):
    """Something answered, but not IPMI."""


class LoginRefused(LoginError):
    """The name or the password was not accepted."""


class RoleRefused(LoginError):
    """The privilege level asked for was not granted."""


class SuiteRefused(LoginError):
    """The cipher suite was not accepted."""


class NoSessionSlot(LoginError):
    """The BMC has no session left."""


class SessionClosed(BaseboardError):
    """The session ended before the answer came."""


class CompletionError(BaseboardError):
    """The command was understood and refused.

    Attributes:
        code: an int that knows its text; compare it with ``Cc.NODE_BUSY`` or a command's own ``READ_ONLY``.
        text: what the code means, where known.
    """

    def __init__(self, code: int, text: str = "") -> None:
        super().__init__(code, text)
        self.code = code
        self.text: str = text or getattr(code, "text", "")

    def __str__(self) -> str:
        return f"{self.code:02X}h {self.text}".rstrip()


class TransportError(BaseboardError):
    """The medium between us and the peer failed."""


class NoResponse(TransportError):
    """No answer came within the time given."""


class ConfigurationError(BaseboardError):
    """A configuration file is wrong.

    Attributes:
        file: its path as the user gave it.
        line: where, counted from 1; None when the file as a whole is meant.
        key: the dotted path of the key, such as ``bmc.sensor[0].value``; empty for a syntax error.
        text: what was found and what is allowed.
    """

    def __init__(self, file: str, line: int | None, key: str, text: str) -> None:
        super().__init__(file, line, key, text)
        self.file, self.line, self.key, self.text = file, line, key, text

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        return f"{place}: {self.key}: {self.text}" if self.key else f"{place}: {self.text}"
