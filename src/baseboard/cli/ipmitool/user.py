"""``ipmitool user``: list, summary, set name and password, enable, disable, priv, test."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from weakref import WeakSet

from baseboard.cli.ipmitool.names import padded, shown
from baseboard.cli.ipmitool.questions import Answer, ask, known, refused
from baseboard.cli.ipmitool.text import PRIVILEGES, byte
from baseboard.cli.ipmitool.word_values import (
    CURRENT_CHANNEL,
    channel_number,
    integer,
    privilege_limit,
    raw,
    user_id,
)
from baseboard.cli.results.user import PasswordTest, User, UserChange, UserSummary
from baseboard.codes import Cc, Privilege
from baseboard.commands.app.users import (
    GetUserAccess,
    GetUserAccessResponse,
    GetUserName,
    PasswordOperation,
    SetUserAccess,
    SetUserName,
    SetUserPassword,
)

if TYPE_CHECKING:
    from baseboard.cli.call import Call

ACCESS_SIZE: Final = 4
NAME_SIZE: Final = 16
SHORT, LONG = 16, 20
"""Bytes of an IPMI v1.5 password, and of a v2.0 one."""

USAGE: Final = """\
User Commands:
               summary      [<channel number>]
               list         [<channel number>]
               set name     <user id> <username>
               set password <user id> [<password> [<16|20>]]
               disable      <user id>
               enable       <user id>
               priv         <user id> <privilege level> [<channel number>]
                     Privilege levels:
                      * 0x1 - Callback
                      * 0x2 - User
                      * 0x3 - Operator
                      * 0x4 - Administrator
                      * 0x5 - OEM Proprietary
                      * 0xF - No Access

               test         <user id> <16|20> [<password]>
"""

# ipmitool prints the header of a list once in its life, however many lists a script asks for.
_headed: WeakSet[Call] = WeakSet()


async def run(call: Call, words: list[str]) -> int:
    """Run ``user`` and its words."""
    await call.bmc()
    if not words:
        call.err("Not enough parameters given.")
        return _usage(call)
    match words[0], words[1:2]:
        case "help", _:
            _usage(call)
            return 0
        case "summary", _:
            return await _on_channel(call, words, _summary)
        case "list", _:
            return await _on_channel(call, words, _list)
        case "test", _:
            return await _test(call, words)
        case "set", ["password"] if len(words) >= 3:
            return await _set_password(call, words)
        case "set", ["name"]:
            return await _set_name(call, words)
        case "set", _:
            return _usage(call)
        case "priv", _:
            return await _priv(call, words)
        case (("disable" | "enable"), _):
            return await _enable(call, words)
        case _:
            call.err(f"Invalid user command: '{words[0]}'\n")
            return _usage(call)


def _usage(call: Call) -> int:
    call.err(USAGE)
    return 1


async def access(call: Call, channel: int, number: int) -> Answer[GetUserAccessResponse] | None:
    """Ask what a user may do."""
    return await ask(call, GetUserAccess(channel=channel, user_id=number))


async def name(call: Call, number: int) -> bytes | None:
    """Ask for a user's name, up to its first 00h; None when nothing can be made of the answer."""
    answer = await ask(call, GetUserName(user_id=number))
    if answer is not None and answer.code == Cc.INVALID_DATA:
        return b""  # so some controllers say that there is no such user
    if refused(call, answer, NAME_SIZE):
        return None
    assert answer is not None
    return answer.data.partition(b"\0")[0]


async def _on_channel(call: Call, words: list[str], verb: Any) -> int:
    """Run a verb that takes nothing but a channel."""
    if len(words) > 2:
        return _usage(call)
    channel = channel_number(call, words[1]) if len(words) == 2 else CURRENT_CHANNEL
    if channel is None:
        return 1
    code: int = await verb(call, channel)
    return code


async def _summary(call: Call, channel: int) -> int:
    answer = await access(call, channel, 1)
    if refused(call, answer, ACCESS_SIZE):
        return 1
    assert answer is not None
    said = answer.decode()
    if call.csv:
        call.out(f"{said.max_users},{said.enabled_users},{said.fixed_names}")
    else:
        call.out(f"Maximum IDs\t    : {said.max_users}")
        call.out(f"Enabled User Count  : {said.enabled_users}")
        call.out(f"Fixed Name Count    : {said.fixed_names}")
    call.result(
        UserSummary(
            channel=channel,
            maximum_ids=said.max_users,
            enabled=said.enabled_users,
            fixed_names=said.fixed_names,
        )
    )
    return 0


async def _list(call: Call, channel: int) -> int:
    number = 1
    while True:
        answer = await access(call, channel, number)
        if refused(call, answer, ACCESS_SIZE):
            return 1
        assert answer is not None
        said = answer.decode()
        user_name = await name(call, number)
        if user_name is None:
            return 1
        _row(call, number, user_name, channel, said)
        number += 1
        if number > said.max_users:
            return 0


def _row(call: Call, number: int, user_name: bytes, channel: int, said: GetUserAccessResponse) -> None:
    user = User(
        id=number,
        name=shown(user_name),
        channel=channel,
        callin=not said.callback_only,
        link_authentication=said.link_authentication,
        messaging=said.messaging,
        privilege=known(said.privilege_limit, PRIVILEGES),
    )
    call.result(user)
    callin, link, messaging = (
        str(flag).lower() for flag in (user.callin, user.link_authentication, user.messaging)
    )
    if call.csv:
        call.out(f"{number},{user.name},{callin},{link},{messaging},{user.privilege}")
        return
    if call not in _headed:
        _headed.add(call)
        call.out("ID  Name\t     Callin  Link Auth\tIPMI Msg   Channel Priv Limit")
    call.out(
        f"{number:<4d}{padded(user_name, 17)}{callin:<8}{link:<11}{messaging:<11}{user.privilege}",
    )


async def _test(call: Call, words: list[str]) -> int:
    if len(words) not in {3, 4}:
        return _usage(call)
    number = user_id(call, words[1])
    if number is None:
        return 1
    size = integer(words[2])
    if size not in {SHORT, LONG}:
        call.err(f"Given password length '{words[2]}' is invalid.")
        call.err("Expected value is either 16 or 20.")
        return 1
    password = raw(words[3]) if len(words) == 4 else _prompt(call, number) or b""
    answer = await _password(call, number, PasswordOperation.TEST_PASSWORD, password, twenty=size == LONG)
    code = -1 if answer is None else answer.code
    outcomes = {
        0: ("Success", "success"),
        SetUserPassword.TEST_FAILED: ("Failure: password incorrect", "incorrect"),
        SetUserPassword.TEST_FAILED_SIZE: ("Failure: wrong password size", "wrong size"),
    }
    text, outcome = outcomes.get(code, ("Unknown error", "unknown"))
    call.out(text)
    call.result(PasswordTest(id=number, outcome=outcome))
    return 0 if code == 0 else 1


async def _password(
    call: Call, number: int, operation: PasswordOperation, password: bytes, *, twenty: bool
) -> Answer[Any] | None:
    size = LONG if twenty else SHORT
    return await ask(
        call,
        SetUserPassword(
            twenty_bytes=twenty,
            user_id=number,
            operation=operation,
            password=password[:size].ljust(size, b"\0"),
        ),
    )


def _prompt(call: Call, number: int) -> bytes | None:
    from baseboard.cli.terminal import hidden

    return hidden(f"Password for user {number}: ", lambda text: call.err(text, end=""))


async def _priv(call: Call, words: list[str]) -> int:
    if len(words) not in {3, 4}:
        return _usage(call)
    channel = channel_number(call, words[3]) if len(words) == 4 else CURRENT_CHANNEL
    if channel is None:
        return 1
    level = privilege_limit(call, words[2])
    number = None if level is None else user_id(call, words[1])
    if level is None or number is None:
        return 1
    answer = await ask(
        call,
        SetUserAccess(
            change_bits=False,
            channel=channel,
            user_id=number,
            privilege_limit=Privilege(level),
            session_limit=0,
        ),
    )
    if refused(call, answer):
        call.err(f"Set Privilege Level command failed (user {number})")
        return 1
    call.out(f"Set Privilege Level command successful (user {number})")
    call.result(UserChange(id=number, what="privilege", value=known(level, PRIVILEGES)))
    return 0


async def _enable(call: Call, words: list[str]) -> int:
    if len(words) != 2:
        return _usage(call)
    number = user_id(call, words[1])
    if number is None:
        return 1
    enable = words[0] == "enable"
    operation = PasswordOperation.ENABLE_USER if enable else PasswordOperation.DISABLE_USER
    answer = await _password(call, number, operation, b"", twenty=False)
    if answer is None:
        # ipmitool keeps the missing answer (-1) in eight bits, where it is a completion code.
        call.err("IPMI command failed: Unspecified error")
    if answer is None or refused(call, answer):
        call.err(f"Set User Password command failed (user {number})")
        return 1
    call.result(UserChange(id=number, what="enabled", value=enable))
    return 0


async def _set_password(call: Call, words: list[str]) -> int:
    number = user_id(call, words[2])
    if number is None:
        return 1
    if len(words) == 3:
        # ipmitool has the second answer overwrite the first before comparing, and takes none for empty.
        first, again = _prompt(call, number), _prompt(call, number)
        if first is None or first != again:
            call.err(f"Passwords do not match or are longer than {LONG}")
            return 1
        password = first
    else:
        password = raw(words[3])
    size = LONG if len(password) > SHORT else SHORT
    if len(words) > 4:
        given = byte(words[4])
        if given not in {SHORT, LONG}:
            call.err(f"Invalid password length '{words[4]}'")
            return 1
        size = given
    if len(password) > size:
        call.err(f"Password is too long (> {size} bytes)")
        return 1
    operation = PasswordOperation.SET_PASSWORD
    answer = await _password(call, number, operation, password, twenty=size == LONG)
    if refused(call, answer):
        call.err(f"Set User Password command failed (user {number})")
        return 1
    call.out(f"Set User Password command successful (user {number})")
    call.result(UserChange(id=number, what="password"))
    return 0


async def _set_name(call: Call, words: list[str]) -> int:
    if len(words) != 4:
        return _usage(call)
    number = user_id(call, words[2])
    if number is None:
        return 1
    typed = raw(words[3])
    if len(typed) > NAME_SIZE:
        call.err("Username is too long (> 16 bytes)")
        return 1
    answer = await ask(call, SetUserName(user_id=number, user_name=typed.ljust(NAME_SIZE, b"\0")))
    if answer is None or answer.code:
        why = "" if answer is None else f": {answer.text()}"
        call.err(f"Set User Name command failed (user {number}, name {words[3]}){why}")
        return 1
    call.result(UserChange(id=number, what="name", value=words[3]))
    return 0
