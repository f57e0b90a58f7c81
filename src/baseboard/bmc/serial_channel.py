"""A serial line of a BMC: Basic Mode or Terminal Mode, with one session at a time (§14.4, §14.7).

Bytes go in and out by calls, so that the line may be a terminal, a pseudo-terminal or a socket. Users have
on it what they have on the LAN channel, and that is the channel that their requests seem to come over.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from baseboard.bmc.context import SYSTEM_INTERFACE, Origin
from baseboard.codes import AuthType, Cc, NetFn
from baseboard.commands.app.sessions import (
    ActivateSession,
    ActivateSessionResponse,
    CloseSession,
    GetSessionChallenge,
    GetSessionChallengeResponse,
)
from baseboard.commands.chassis.control import ChassisControl, ChassisIdentify
from baseboard.crypto.authcode import activation_code
from baseboard.errors import CompletionError, DecodeError, LocalProtocolError
from baseboard.links.serial_basic import BasicController
from baseboard.links.serial_terminal import TerminalController, TerminalSettings
from baseboard.links.terminal_message import TerminalMessage, is_text, read_message, write_message
from baseboard.rmcp import lan_message
from baseboard.rmcp.session import Account, Session

if TYPE_CHECKING:
    from baseboard.bmc.controller import Controller

HANDLE: Final = 0xFE
_KEY_SIZE: Final = 16
_OK: Final = b"\0"

Reply = Callable[[bytes], None]
Write = Callable[[bytes], None]


class SerialSession(Session):
    """The session of a serial line; its messages carry no authentication of their own."""

    __slots__ = ()
    version = 0


class _Asked:
    """A request, as the controller takes it."""

    __slots__ = ("cmd", "data", "lun", "netfn")

    def __init__(self, netfn: int, lun: int, cmd: int, data: bytes) -> None:
        self.netfn, self.lun, self.cmd, self.data = netfn, lun, cmd, data


class SerialChannel:
    """What both modes have in common: who is logged in, and what that lets pass.

    Args:
        controller: the BMC.
        write: takes what is to be sent over the line.
        random: gives that many unpredictable bytes.
        login: sessions are wanted; False: the line is as trusted as the system interface.

    Attributes:
        session: who is logged in; None = nobody.
    """

    def __init__(
        self, controller: Controller, write: Write, random: Callable[[int], bytes], *, login: bool = True
    ) -> None:
        services = controller.services
        self.session: SerialSession | None = None
        self._controller, self._write, self._random, self._login = controller, write, random, login
        self._channel = services.home.blueprint.lan.channel
        self._policy = services.login.policy(self._channel, services.device.guid)

    def ask(self, netfn: int, lun: int, cmd: int, data: bytes, reply: Reply) -> None:
        """Have a request answered with the rights of who is logged in."""
        if not self._login:
            self._controller.handle(
                _Asked(netfn, lun, cmd, data), Origin(SYSTEM_INTERFACE, local=True), reply
            )
        elif self._closes(netfn, cmd, data):
            self.session = None
            reply(_OK)
        else:
            origin = Origin(self._channel, self.session)
            self._controller.handle(_Asked(netfn, lun, cmd, data), origin, reply)

    def open(self, account: Account, level: int) -> SerialSession:
        """Begin a session; the one before, if there is one, is over."""
        session_id = int.from_bytes(self._random(4), "little") or 1
        self._policy.login_succeeded(account)
        self.session = SerialSession(session_id, HANDLE, account, level, self._channel)
        return self.session

    def limit(self, account: Account) -> int:
        """The highest level that a user may have here."""
        return min(account.limit, self._policy.channel_limit())

    def _closes(self, netfn: int, cmd: int, data: bytes) -> bool:
        wanted = CloseSession.command
        if self.session is None or (netfn, cmd) != (wanted.netfn, wanted.cmd):
            return False
        return data == self.session.id.to_bytes(4, "little")


class BasicChannel(SerialChannel):
    """A line in Basic Mode; a login is Get Session Challenge and Activate Session."""

    def __init__(
        self, controller: Controller, write: Write, random: Callable[[int], bytes], *, login: bool = True
    ) -> None:
        super().__init__(controller, write, random, login=login)
        self._link = BasicController()
        self._challenge: tuple[int, AuthType, Account | None, bytes] | None = None

    def receive(self, data: bytes, now: float) -> None:
        """Take what came over the line, and answer it."""
        self._link.receive(data, now)
        for raw in self._link.events():
            try:
                message = lan_message.unwrap(raw)
            except DecodeError:
                continue
            if not message.is_response and message.rs_addr == lan_message.BMC:
                self._request(message)
        self._flush()

    def _request(self, message: lan_message.LanMessage) -> None:
        def reply(data: bytes) -> None:
            self._link.send(lan_message.wrap_response(message, data))
            self._flush()

        try:
            match message.netfn, message.cmd:
                case NetFn.APP, GetSessionChallenge.command.cmd if self._login:
                    reply(_OK + self._challenged(GetSessionChallenge.decode(message.data)).encode())
                case NetFn.APP, ActivateSession.command.cmd if self._login:
                    reply(_OK + self._activated(ActivateSession.decode(message.data)).encode())
                case _:
                    self.ask(message.netfn, message.rs_lun, message.cmd, message.data, reply)
        except CompletionError as error:
            reply(bytes((error.code,)))
        except DecodeError as error:
            reply(bytes((Cc.INVALID_LENGTH if error.wrong_length else Cc.INVALID_DATA,)))

    def _challenged(self, request: GetSessionChallenge) -> GetSessionChallengeResponse:
        """§22.16: that there is no such user shows at the activation only."""
        account = self._policy.find_v15(request.user_name.rstrip(b"\0"))
        session_id, challenge = int.from_bytes(self._random(4), "little") or 1, self._random(_KEY_SIZE)
        self._challenge = session_id, request.auth_type, account, challenge
        return GetSessionChallengeResponse(session_id=session_id, challenge=challenge)

    def _activated(self, request: ActivateSession) -> ActivateSessionResponse:
        """§22.17: on a line with one session the AuthCode stands where a LAN's challenge does."""
        if self._challenge is None:
            raise CompletionError(ActivateSession.INVALID_SESSION_ID)
        (session_id, auth_type, account, challenge), self._challenge = self._challenge, None
        level = int(request.privilege)
        if not 1 << auth_type & self._policy.auth_types(level):
            raise CompletionError(Cc.INVALID_DATA)
        password = account.password if account is not None else self._random(_KEY_SIZE)
        try:
            wanted = activation_code(auth_type, password, session_id, challenge).ljust(_KEY_SIZE, b"\0")
        except LocalProtocolError as error:
            raise CompletionError(Cc.INVALID_DATA) from error
        if account is None or not hmac.compare_digest(wanted, request.challenge):
            self._policy.login_failed(account)
            raise CompletionError(Cc.INSUFFICIENT_PRIVILEGE)
        if level > self.limit(account):
            raise CompletionError(ActivateSession.PRIVILEGE_EXCEEDED)
        session = self.open(account, level)
        return ActivateSessionResponse(
            auth_type=AuthType.NONE, session_id=session.id, inbound_sequence=0, privilege=request.privilege
        )

    def _flush(self) -> None:
        for out in self._link.outgoing():
            self._write(out)


class TerminalChannel(SerialChannel):
    """A line in Terminal Mode; a login is ``SYS PWD``."""

    def __init__(
        self,
        controller: Controller,
        write: Write,
        random: Callable[[int], bytes],
        *,
        login: bool = True,
        settings: TerminalSettings | None = None,
    ) -> None:
        super().__init__(controller, write, random, login=login)
        self._link = TerminalController(settings)

    def receive(self, data: bytes, now: float) -> None:
        """Take what came over the line, and answer it."""
        self._link.receive(data, now)
        for content in self._link.events():
            if is_text(content):
                self._command(content.split())
            else:
                self._message(content)
        self._flush()

    def _message(self, content: bytes) -> None:
        try:
            message = read_message(content)
        except DecodeError:
            return
        if message.netfn & 1 or message.bridge:
            return

        def reply(data: bytes) -> None:
            answer = TerminalMessage(message.netfn | 1, message.lun, message.rq_seq, 0, message.cmd, data)
            self._say(write_message(answer))

        self.ask(message.netfn, message.lun, message.cmd, message.data, reply)

    def _command(self, words: list[bytes]) -> None:
        """Answer a text command; words are told apart whatever their case, names and passwords are not."""
        match [word.upper() for word in words]:
            case [b"SYS", b"PWD", *_]:
                self._verdict(self._password(words[2:]))
            case [b"SYS", b"TMODE"]:
                self._say(b"OK TMODE")
            case [b"SYS", b"RESET"]:
                self._control(ChassisControl, b"\x03")
            case [b"SYS", b"POWER", b"ON"]:
                self._control(ChassisControl, b"\x01")
            case [b"SYS", b"POWER", b"OFF"]:
                self._control(ChassisControl, b"\x00")
            case [b"SYS", b"IDENTIFY"]:
                self._control(ChassisIdentify, b"")
            case [b"SYS", b"IDENTIFY", b"-ON"]:
                self._control(ChassisIdentify, b"\x00\x01")
            case [b"SYS", b"IDENTIFY", b"-ON", seconds] if _is_byte(seconds):
                self._control(ChassisIdentify, bytes.fromhex(seconds.decode()))
            case [b"SYS", b"IDENTIFY", b"-OFF"]:
                self._control(ChassisIdentify, b"\x00")
            case _:
                self._verdict(Cc.INVALID_COMMAND)

    def _control(self, request: type[ChassisControl | ChassisIdentify], data: bytes) -> None:
        """Do what an IPMI command does, and tell how it went."""
        command = request.command
        self.ask(command.netfn, 0, command.cmd, data, lambda answer: self._verdict(answer[0]))

    def _password(self, words: list[bytes]) -> int:
        """Log in or out; returns a completion code."""
        match [words[0].upper() if words else b"", *words[1:]]:
            case [b"-X"]:
                self.session = None
                return Cc.OK
            case [b"-U", name, *rest] if len(rest) < 2:
                return self._entered(name, b"".join(rest))
            case [b"-N", *rest] if len(rest) < 2:
                return self._entered(b"", b"".join(rest))
            case _:
                return Cc.INVALID_DATA

    def _entered(self, name: bytes, password: bytes) -> int:
        """§14.7: a wrong password also ends the session that there was."""
        self.session = None
        account = self._policy.find_v15(name)
        key = account.password if account is not None else self._random(_KEY_SIZE)
        right = hmac.compare_digest(key.rstrip(b"\0"), password)
        if account is None or not right:
            self._policy.login_failed(account)
            return Cc.INVALID_DATA
        level = self.limit(account)
        if not 1 << AuthType.PASSWORD & self._policy.auth_types(level):
            return Cc.INSUFFICIENT_PRIVILEGE
        self.open(account, level).privilege = level
        return Cc.OK

    def _verdict(self, code: int) -> None:
        self._say(b"ERR %02X" % code if code else b"OK")

    def _say(self, content: bytes) -> None:
        self._link.send(content)
        self._flush()

    def _flush(self) -> None:
        for out in self._link.outgoing():
            self._write(out)


def _is_byte(word: bytes) -> bool:
    return len(word) == 2 and all(character in b"0123456789ABCDEF" for character in word)


__all__ = ["BasicChannel", "SerialChannel", "SerialSession", "TerminalChannel"]
