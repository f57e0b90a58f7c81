"""``ipmitool sol``: info, set, payload, activate, deactivate, looptest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from baseboard.cli.ipmitool.questions import ask
from baseboard.cli.ipmitool.text import byte
from baseboard.cli.ipmitool.word_values import CURRENT_CHANNEL, channel_number, integer, user_id
from baseboard.cli.results.sol import SolAccess, SolEnd
from baseboard.commands.app.payload import (
    AccessOperation,
    DeactivatePayload,
    GetUserPayloadAccess,
    SetUserPayloadAccess,
    StandardPayloads,
)

if TYPE_CHECKING:
    from baseboard.cli.call import Call

USAGE: Final = """\
SOL Commands: info [<channel number>]
              set <parameter> <value> [channel]
              payload <enable|disable|status> [channel] [userid]
              activate [<usesolkeepalive|nokeepalive>] [instance=<number>]
              deactivate [instance=<number>]
              looptest [<loop times> [<loop interval(in ms)> [<instance>]]]"""

SET_USAGE: Final = """\

SOL set parameters and values:\x20

  set-in-progress             set-complete | set-in-progress | commit-write
  enabled                     true | false
  force-encryption            true | false
  force-authentication        true | false
  privilege-level             user | operator | admin | oem
  character-accumulate-level  <in 5 ms increments>
  character-send-threshold    N
  retry-count                 N
  retry-interval              <in 10 ms increments>
  non-volatile-bit-rate       serial | 9.6 | 19.2 | 38.4 | 57.6 | 115.2
  volatile-bit-rate           serial | 9.6 | 19.2 | 38.4 | 57.6 | 115.2
"""

ACCESS_SIZE: Final = 4
INSTANCE: Final = "instance="
ROUNDS, INTERVAL_MS = 200, 100
"""How often, and how long each time, if the words do not say."""


async def run(call: Call, words: list[str]) -> int:
    """Run ``sol`` and its words."""
    await call.bmc()
    if not words or words[0] == "help":
        _usage(call)
        return 0
    match words[0]:
        case "info":
            return await _info(call, words)
        case "payload":
            return await _payload(call, words)
        case "set":
            return await _set(call, words)
        case "activate":
            return await _activate(call, words)
        case "deactivate":
            return await _deactivate(call, words)
        case "looptest":
            return await _looptest(call, words)
        case _:
            return _usage(call)


def _usage(call: Call) -> int:
    call.err(USAGE)
    return 1


async def _info(call: Call, words: list[str]) -> int:
    if len(words) > 2:
        return _usage(call)
    channel = channel_number(call, words[1]) if len(words) == 2 else CURRENT_CHANNEL
    if channel is None:
        return 1
    from baseboard.cli.ipmitool.sol_parameters import info

    return await info(call, channel)


async def _set(call: Call, words: list[str]) -> int:
    if not 3 <= len(words) <= 5:
        call.err(SET_USAGE)
        return 1
    guarded, channel = "noguard" not in words[3:], CURRENT_CHANNEL
    if len(words) == 5 or (len(words) == 4 and guarded):
        given = channel_number(call, words[3])
        if given is None:
            return 1
        channel = given
        guarded = words[4:] != ["noguard"]
    from baseboard.cli.ipmitool.sol_parameters import put

    return await put(call, channel, words[1], words[2], guarded=guarded)


# ---- who may use it


async def _payload(call: Call, words: list[str]) -> int:
    if not 2 <= len(words) <= 4:
        return _usage(call)
    channel = channel_number(call, words[2]) if len(words) >= 3 else CURRENT_CHANNEL
    if channel is None:
        return 1
    number = user_id(call, words[3]) if len(words) == 4 else 1
    if number is None:
        return 1
    if words[1] == "status":
        return await _status(call, channel, number)
    if words[1] not in {"enable", "disable"}:
        return _usage(call)
    enable = words[1] == "enable"
    answer = await ask(
        call,
        SetUserPayloadAccess(
            channel=channel,
            operation=AccessOperation.ENABLE if enable else AccessOperation.DISABLE,
            user_id=number,
            standard=StandardPayloads.SOL,
        ),
    )
    if answer is None or answer.code:
        why = "" if answer is None else f": {answer.text()}"
        what = "enabling" if enable else "disabling"
        call.err(f"Error {what} SOL payload for user {number} on channel {channel}{why}")
        return 1
    call.result(SolAccess(channel=channel, user_id=number, enabled=enable))
    return 0


async def _status(call: Call, channel: int, number: int) -> int:
    answer = await ask(call, GetUserPayloadAccess(channel=channel, user_id=number))
    where = f"SOL payload status for user {number} on channel {channel}"
    if answer is None:
        call.err("Error. No valid response received.")
    elif answer.code:
        call.err(f"Error getting {where}: {answer.text()}")
    elif len(answer.data) != ACCESS_SIZE:
        call.err(f"Error parsing {where}")
    else:
        enabled = StandardPayloads.SOL in answer.decode().standard
        call.out(f"User {number} on channel {channel} is {'en' if enabled else 'dis'}abled")
        call.result(SolAccess(channel=channel, user_id=number, enabled=enabled))
        return 0
    return 1


# ---- the console


def _instance(call: Call, word: str) -> int | None:
    """The instance that ``instance=N`` names; None and the usage if it is none."""
    number = byte(word)
    if number is None:
        call.err(f"Given instance '{word}' is invalid.")
        _usage(call)
    return number


async def _activate(call: Call, words: list[str]) -> int:
    instance, keep_alive = 1, True
    for word in words[1:]:
        if word == "nokeepalive":
            keep_alive = False
        elif word.startswith(INSTANCE):
            given = _instance(call, word.removeprefix(INSTANCE))
            if given is None:
                return 1
            instance = given
        elif word != "usesolkeepalive":  # ours always uses SOL packets, which harm nobody
            return _usage(call)
    from baseboard.cli.ipmitool.sol_console import activate

    return await activate(call, instance, keep_alive=keep_alive)


async def _deactivate(call: Call, words: list[str]) -> int:
    instance = 1
    for word in words[1:]:
        if not word.startswith(INSTANCE):
            return _usage(call)
        given = _instance(call, word.removeprefix(INSTANCE))
        if given is None:
            return 1
        instance = given
    code = await deactivate(call, instance)
    if not code:
        call.result(SolEnd(instance=instance, why="closed"))
    return code


async def deactivate(call: Call, instance: int) -> int:
    """End a console, whoever has it."""
    from baseboard.codes import PayloadType

    if not 1 <= instance <= 15:
        call.err("Error: Instance must range from 1 to 15")
        return 1
    answer = await ask(call, DeactivatePayload(payload_type=PayloadType.SOL, instance=instance))
    if answer is None:
        call.err("Error: No response de-activating SOL payload")
    elif answer.code == DeactivatePayload.ALREADY_DEACTIVATED:
        call.err("Info: SOL payload already de-activated")
    elif answer.code == DeactivatePayload.TYPE_DISABLED:
        call.err("Info: SOL payload type disabled")
    elif answer.code:
        call.err(f"Error de-activating SOL payload: {answer.text()}")
    else:
        return 0
    return 1


async def _looptest(call: Call, words: list[str]) -> int:
    if len(words) > 4:
        return _usage(call)
    rounds = integer(words[1]) if len(words) > 1 else ROUNDS
    if rounds is None:
        call.err(f"Given cnt '{words[1]}' is invalid.")
        return 1
    interval = integer(words[2]) if len(words) > 2 else INTERVAL_MS
    if interval is None:
        call.err(f"Given interval '{words[2]}' is invalid.")
        return 1
    instance = _instance(call, words[3]) if len(words) > 3 else 1
    if instance is None:
        return 1
    from baseboard.cli.ipmitool.sol_console import looptest

    return await looptest(call, rounds if rounds > 0 else ROUNDS, max(0, interval), instance)
