"""The text commands of Terminal Mode: ``SYS`` and what follows (§14.8, Appendix E).

What a text command does an IPMI command does, with the rights that this asks for; the specification has no
table of its own for them.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from typing import Final

from baseboard.bmc.serial_channel.front import Front
from baseboard.bmc.serial_channel.health import LONG, PARTS, SHORT, power_word, survey
from baseboard.codes import AuthType, Cc, ChassisControl, Privilege
from baseboard.commands.chassis import boot, control
from baseboard.commands.parameters.boot import BootFlags, BootInfoAcknowledge
from baseboard.commands.parameters.serial import TerminalModeConfiguration, TerminalOperation
from baseboard.commands.transport.serial import GetSerialModemConfiguration, SetSerialModemConfiguration
from baseboard.errors import CompletionError, DecodeError
from baseboard.rmcp.session import Account, Reason

Say = Callable[[bytes], None]

_PAIRS: Final = 4
"""Hex pairs of a boot option that a line shows at most."""

_VALID: Final = 0x80
_EVERYBODY: Final = b"\x1f\x1f"
_HERE: Final = 0xE
_LONGEST_PASSWORD: Final = 16


class TextCommands:
    """Answers text commands.

    Args:
        front: the channel.
        address: software ID of a console in Terminal Mode.
    """

    def __init__(self, front: Front, address: int) -> None:
        self._front, self._address = front, address

    def answer(self, content: bytes, say: Say) -> None:
        """Answer one; words are told apart whatever their case, names and passwords are not."""
        if not self._front.policy.channel_open():
            return
        words = content.split()
        try:
            self._dispatch([word.upper() for word in words], words, say)
        except CompletionError as error:
            say(b"ERR %02X" % error.code)
        except ValueError:  # what should be hex digits is something else
            say(b"ERR %02X" % Cc.INVALID_DATA)

    def _dispatch(self, upper: list[bytes], words: list[bytes], say: Say) -> None:
        match upper:
            case [b"SYS", b"PWD", *_]:
                say(_verdict(self._password(words[2:])))
            case [b"SYS", b"TMODE"]:
                say(b"OK TMODE")
            case [b"SYS", b"RESET"]:
                self._control(ChassisControl.HARD_RESET, say)
            case [b"SYS", b"POWER", b"ON"]:
                self._control(ChassisControl.POWER_UP, say)
            case [b"SYS", b"POWER", b"OFF"]:
                self._control(ChassisControl.POWER_DOWN, say)
            case [b"SYS", b"IDENTIFY", *rest]:
                self._ask(control.ChassisIdentify, _identify(rest), lambda _: say(b"OK"), say)
            case [b"SYS", b"SET", b"BOOT", *pairs]:
                self._set_boot(_bytes(pairs, len(BootFlags().encode())), say)
            case [b"SYS", b"SET", b"BOOTOPT", *pairs]:
                self._ask(boot.SetSystemBootOptions, _bytes(pairs), lambda _: say(b"OK"), say)
            case [b"SYS", b"GET", b"BOOTOPT", *pairs]:
                data = _bytes(pairs, 3)
                self._ask(boot.GetSystemBootOptions, data, lambda found: say(_shown(found)), say)
            case [b"SYS", b"SET", b"TCFG"]:
                self._show_settings(say)
            case [b"SYS", b"SET", b"TCFG", (b"-V" | b"-N") as copy, *pairs]:
                self._set_settings(_bytes(pairs, 2), copy == b"-N", say)
            case [b"SYS", b"HEALTH", b"QUERY"]:
                self._need(Privilege.USER)
                say(self._health().encode())
            case [b"SYS", b"HEALTH", b"QUERY", b"-V"]:
                self._need(Privilege.USER)
                say(self._health_in_full().encode())
            case [b"SYS", maker, *_] if _is_iana(maker):
                self._oem(int(maker, 16), maker, words, say)
            case _:
                raise CompletionError(Cc.INVALID_COMMAND)

    # ---- sessions

    def _password(self, words: list[bytes]) -> int:
        """Log in or out; returns a completion code."""
        match [words[0].upper() if words else b"", *words[1:]]:
            case [b"-X"]:
                self._front.table.close_all(Reason.CLOSED)
                return Cc.OK
            case [b"-U", name, *rest] if len(rest) < 2:
                return self._entered(name, b"".join(rest))
            case [b"-N", *rest] if len(rest) < 2:
                return self._entered(b"", b"".join(rest))
            case _:
                return Cc.INVALID_DATA

    def _entered(self, name: bytes, password: bytes) -> int:
        """§14.7: a wrong password also ends the session that there was."""
        front = self._front
        front.table.close_all(Reason.ENDED)
        account = front.policy.find_v15(name)
        key = front.table.nobody if account is None else account.password
        # Padded, so that how long the password is shows no more than what it is.
        right = hmac.compare_digest(_padded(key), _padded(password)) and len(password) <= _LONGEST_PASSWORD
        if account is None or not right:
            front.policy.login_failed(account)
            return Cc.INVALID_DATA
        level = self._level(account)
        if not 1 << AuthType.PASSWORD & front.policy.auth_types(level):
            return Cc.INSUFFICIENT_PRIVILEGE
        # There is no text command that raises a session: it has at once what the user may have.
        front.table.enter(account, level, front.now).privilege = level
        return Cc.OK

    def _level(self, account: Account) -> int:
        return self._front.policy.limit(account, called_back=self._front.table.called_back)

    def _need(self, level: int) -> None:
        session = self._front.session
        if self._front.login and (session is None or session.privilege < level):
            raise CompletionError(Cc.INSUFFICIENT_PRIVILEGE)

    # ---- what IPMI commands do

    def _ask(
        self,
        request: type[control.ChassisControl | control.ChassisIdentify]
        | type[boot.SetSystemBootOptions | boot.GetSystemBootOptions]
        | type[GetSerialModemConfiguration | SetSerialModemConfiguration],
        data: bytes,
        then: Callable[[bytes], None],
        say: Say,
    ) -> None:
        """Have a command carried out; a refusal is told, what it answers is handed on."""
        known = request.command

        def answered(answer: bytes) -> None:
            if answer[0]:
                say(_verdict(answer[0]))
            else:
                then(answer[1:])

        self._front.command(known.netfn, known.cmd, data, answered, self._address)

    def _control(self, action: ChassisControl, say: Say) -> None:
        self._ask(control.ChassisControl, bytes((action,)), lambda _: say(b"OK"), say)

    def _set_boot(self, flags: bytes, say: Say) -> None:
        """Boot flags that hold: the valid bit, and every party is asked to see them (parameters 4 and 5)."""
        acknowledge = bytes((BootInfoAcknowledge.selector,)) + _EVERYBODY
        valid = bytes((BootFlags.selector, flags[0] | _VALID)) + flags[1:]

        def then(_: bytes) -> None:
            self._ask(boot.SetSystemBootOptions, valid, lambda _: say(b"OK"), say)

        self._ask(boot.SetSystemBootOptions, acknowledge, then, say)

    def _show_settings(self, say: Say) -> None:
        """Both copies of parameter 29."""
        self._need(Privilege.OPERATOR)
        parameters = self._front.serial.parameters
        now, kept = parameters.terminal.encode(), parameters.stored_terminal.encode()
        say(b"OK V:%b\nN:%b" % (_hex(now), _hex(kept)))

    def _set_settings(self, data: bytes, stored: bool, say: Say) -> None:
        operation = TerminalOperation.SET_NON_VOLATILE if stored else TerminalOperation.SET_VOLATILE
        try:
            wanted = TerminalModeConfiguration.decode(data).replace(operation=operation)
        except DecodeError as error:
            raise CompletionError(Cc.INVALID_DATA) from error
        request = bytes((_HERE, wanted.selector)) + wanted.encode()
        self._ask(SetSerialModemConfiguration, request, lambda _: say(b"OK"), say)

    # ---- health

    def _health(self) -> str:
        found = survey(self._front.services)
        parts = " ".join(f"{short}:{SHORT[health]}" for short, health in found.items())
        return f"OK PWR:{power_word(self._front.services)} {parts}"

    def _health_in_full(self) -> str:
        found = survey(self._front.services)
        lines = [f"Health:{LONG[found['H']]}", f"Power:{power_word(self._front.services)}"]
        lines += [f"{name}:{LONG[found[short]]}" for short, name in PARTS]
        return "OK\n" + "\n".join(lines)

    # ---- manufacturers

    def _oem(self, iana: int, maker: bytes, words: list[bytes], say: Say) -> None:
        known = self._front.serial.oem_texts.get(iana)
        if known is None:
            raise CompletionError(Cc.INVALID_COMMAND)
        self._need(Privilege.USER)
        answer = known(b" ".join(words[2:]).decode("ascii")).encode("ascii")
        say(b" ".join((b"OK", maker, answer)).rstrip())


def _verdict(code: int) -> bytes:
    return b"ERR %02X" % code if code else b"OK"


def _padded(password: bytes) -> bytes:
    return password.rstrip(b"\0")[:_LONGEST_PASSWORD].ljust(_LONGEST_PASSWORD, b"\0")


def _hex(data: bytes) -> bytes:
    return data.hex(" ").upper().encode()


def _shown(data: bytes) -> bytes:
    """Hex pairs, a few a line."""
    return b"OK " + b"\n".join(_hex(data[start : start + _PAIRS]) for start in range(0, len(data), _PAIRS))


def _bytes(pairs: list[bytes], size: int = 0) -> bytes:
    """Hex pairs as bytes.

    Raises:
        CompletionError: CCh, they are none, or not as many as wanted.
    """
    if not pairs or (size and len(pairs) != size) or any(len(pair) != 2 for pair in pairs):
        raise CompletionError(Cc.INVALID_DATA)
    return bytes(int(pair, 16) for pair in pairs)


def _identify(words: list[bytes]) -> bytes:
    """The request that ``SYS IDENTIFY`` stands for."""
    match words:
        case []:
            return b""
        case [b"-ON"]:
            return b"\x00\x01"
        case [b"-ON", seconds]:
            return _bytes([seconds])
        case [b"-OFF"]:
            return b"\x00"
        case _:
            raise CompletionError(Cc.INVALID_DATA)


def _is_iana(word: bytes) -> bool:
    return len(word) == 6 and all(character in b"0123456789ABCDEF" for character in word)
