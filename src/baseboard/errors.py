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
    |   |-- CredentialTooLong       name, password or key do not fit; nothing was sent
    |   |-- Unreachable             nothing answered
    |   |   `-- HostUnknown         the name has no address
    |   |-- NotIpmi                 something answered that is not IPMI
    |   |-- ConsentNeeded           the BMC departs from the specification in a way that needs consent
    |   |-- LoginRefused            name or password, not told apart
    |   |   |-- UserRefused         the name
    |   |   |-- PasswordRefused     the password
    |   |   `-- KeyRefused          the BMC's key, K_G
    |   |-- RoleRefused             privilege level
    |   |-- SuiteRefused            cipher suite or authentication type
    |   `-- NoSessionSlot           the BMC has no session left
    |-- NoPassword                  a password cannot be had where it was said to be
    |-- SessionClosed               the session ended
    |-- CompletionError             the command was understood and refused
    |   |-- CommandUnknown          the controller does not have it
    |   |-- PrivilegeTooLow         the session's level, or the firewall, does not allow it
    |   `-- Busy                    the controller was busy to the end
    |-- NotFound                    there is nothing of that name
    |-- NoEffect                    a write was acknowledged, and is not what one reads back
    |-- TransportError              the medium failed
    |   `-- NoResponse              no answer within the time given
    |       `-- DeadlinePassed      the time for the whole operation is over
    `-- ConfigurationError          a configuration file is wrong; knows file, line and key

No text of an error holds a key, a password or a payload.
"""

from __future__ import annotations


class BaseboardError(Exception):
    """The root of everything that Baseboard raises on purpose.

    Attributes:
        stage: what was being done; empty where the error's class says it.
        hint: what to do next, a sentence for people; empty where there is nothing to say.
    """

    stage: str = ""
    hint: str = ""


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
        text: what it means.
    """

    hint = "run 'baseboard doctor' for this BMC; it walks through the login step by step"

    def __init__(self, stage: str, status: int | None = None, text: str = "") -> None:
        super().__init__(stage, status, text)
        self.stage: str = stage
        self.status, self.text = status, text

    def __str__(self) -> str:
        code = "" if self.status is None else f" {self.status:02X}h"
        return f"{self.stage}:{code} {self.text}".rstrip(" :")


class CredentialTooLong(LoginError):
    """A name, a password or a key has more bytes than IPMI has room for; nothing was sent."""

    hint = (
        "a user name has at most 16 bytes, a password 20 (16 over lan), K_G 20; letters that are not ASCII "
        "take several"
    )


class Unreachable(LoginError):
    """Nothing answered."""

    hint = (
        "check address, UDP port, firewall, and whether IPMI over LAN is switched on: Dell, HPE and Lenovo "
        "ship with it off"
    )


class HostUnknown(Unreachable):
    """The name of the BMC has no address."""

    hint = "check the spelling, or give the address itself"


class NotIpmi(LoginError):
    """Something answered, but not IPMI."""

    hint = "check address and port; if this is a BMC, report it with a trace of the packets"


class ConsentNeeded(LoginError):
    """The BMC departs from the specification in a way that costs security to bear; nobody does so unasked.

    Attributes:
        quirk: the departure's id, to be given in ``quirks=``.
    """

    def __init__(self, stage: str, status: int | None = None, text: str = "", quirk: str = "") -> None:
        super().__init__(stage, status, text)
        self.args = (stage, status, text, quirk)
        self.quirk = quirk
        self.hint = f"if you trust this network, allow it: quirks={{{quirk!r}}}"


class LoginRefused(LoginError):
    """The name or the password was not accepted, and the BMC does not say which."""

    hint = (
        "check name, password and that the user is enabled for this channel; do not try many times, since "
        "BMCs lock users out"
    )


class UserRefused(LoginRefused):
    """The BMC says that it has no such user, or not for this channel and level."""

    hint = "check the user name and whether that user may log in over LAN ('user list')"


class PasswordRefused(LoginRefused):
    """The BMC says that the password is wrong."""

    hint = "check the password; do not try many times, since BMCs lock users out"


class KeyRefused(LoginRefused):
    """The BMC does not have the session's key: its K_G is another one."""

    hint = "give the BMC's K_G (kg=), or none if it has none"


class RoleRefused(LoginError):
    """The privilege level asked for was not granted."""

    hint = "ask for a lower level: the user, or the channel, is limited to one"


class SuiteRefused(LoginError):
    """The cipher suite (v2.0) or the authentication type (v1.5) was not accepted."""

    hint = "choose one that the BMC offers; a weaker one is never taken by itself"


class NoSessionSlot(LoginError):
    """The BMC has no session left."""

    hint = "sessions that were not closed time out after about a minute; close other consoles or wait"


class NoPassword(BaseboardError):
    """A password cannot be had where it was said to be: file, program, terminal."""

    stage = "password"


class SessionClosed(BaseboardError):
    """The session ended before the answer came."""

    stage = "session"
    hint = "log in again"


class CompletionError(BaseboardError):
    """The command was understood and refused.

    Attributes:
        code: an int that knows its text; compare it with ``Cc.NODE_BUSY`` or a command's own ``READ_ONLY``.
        text: what the code means, where known.
    """

    stage = "answer"

    def __init__(self, code: int, text: str = "") -> None:
        super().__init__(code, text)
        self.code = code
        self.text: str = text or getattr(code, "text", "")

    def __str__(self) -> str:
        return f"{self.code:02X}h {self.text}".rstrip()


class CommandUnknown(CompletionError):
    """The controller does not have this command, or not at this logical unit (C1h, C2h)."""

    hint = "the controller does not have this command; a newer firmware may"


class PrivilegeTooLow(CompletionError):
    """The session's level does not allow the command, or the firmware firewall forbids it (D4h)."""

    hint = "log in at a higher level, or as a user who has it; the firmware firewall answers so too"


class Busy(CompletionError):
    """The controller was busy, however often it was asked (C0h, D0h, D1h, D2h)."""

    hint = "try again in a while; after a reset a BMC needs up to two minutes"


_KINDS = {
    0xC0: Busy,
    0xC1: CommandUnknown,
    0xC2: CommandUnknown,
    0xD0: Busy,
    0xD1: Busy,
    0xD2: Busy,
    0xD4: PrivilegeTooLow,
}


def completion_error(code: int, text: str = "") -> CompletionError:
    """Make the error for a completion code, of the class that its cause has."""
    return _KINDS.get(int(code), CompletionError)(code, text)


class NotFound(BaseboardError):
    """There is nothing of the name that was given."""


class NoEffect(BaseboardError):
    """A write was acknowledged, but reading back shows something else."""


class TransportError(BaseboardError):
    """The medium between us and the peer failed."""

    stage = "transport"


class NoResponse(TransportError):
    """No answer came within the time given."""

    stage = "request"
    hint = "the BMC may be busy or resetting, or packets get lost: allow more time or retries"


class DeadlinePassed(NoResponse):
    """The time for the whole operation is over."""

    stage = "deadline"
    hint = "allow more time for the whole operation"


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
