"""``baseboard payload``: what sessions carry besides IPMI messages, who may use it, whose it is (§24)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Final

from baseboard.cli.failures import DONE, FAILED
from baseboard.cli.long_options import UsageError
from baseboard.cli.results.payload import (
    OemPayloadOwner,
    PayloadAccess,
    PayloadDone,
    PayloadKind,
    PayloadOwner,
    PayloadUse,
    PayloadVersion,
)
from baseboard.client.payloads import HERE, payload_name
from baseboard.codes import PayloadType
from baseboard.commands.transport.sol import SolActivating

if TYPE_CHECKING:
    from baseboard.cli.call import Call
    from baseboard.client.payloads import Payloads

TYPES: Final = {
    "ipmi": int(PayloadType.IPMI_MESSAGE),
    "sol": int(PayloadType.SOL),
    "oem": int(PayloadType.OEM_EXPLICIT),
    **{f"oem{n}": int(PayloadType.OEM0) + n for n in range(8)},
}
"""Words for payload types; any other is a number."""

_LAST_TYPE: Final = 0x3F
_LAST_USER: Final = 63


async def run(call: Call, words: list[str]) -> int:
    """Run ``payload`` and its words.

    Raises:
        UsageError: they are no verb's.
        CompletionError: the controller refused.
    """
    verb = " ".join(words[:2]) if words[:1] == ["access"] else " ".join(words[:1])
    action = _VERBS.get(verb)
    if action is None:
        raise UsageError(f"`payload {verb}` is no verb; there are {', '.join(_VERBS)}")
    payloads = (await call.bmc()).payloads
    return await action(call, payloads, words[len(verb.split()) :])


async def _support(call: Call, payloads: Payloads, words: list[str]) -> int:
    (channel,) = _rest("support", words, 0, 1)
    for kind in await payloads.supported(_channel(channel)):
        _show_kind(call, kind)
    return DONE


async def _version(call: Call, payloads: Payloads, words: list[str]) -> int:
    word, channel = _rest("version", words, 1, 2)
    kind = _type(word)
    version = await payloads.version(kind, _channel(channel))
    call.out(f"{payload_name(kind)}: {'not there' if version is None else version}")
    call.result(PayloadVersion(payload_type=kind, name=payload_name(kind), version=version))
    return DONE


async def _oem(call: Call, payloads: Payloads, words: list[str]) -> int:
    if words[:1] and words[0].startswith("oem"):
        word, channel = _rest("oem", words, 1, 2)
        told = await payloads.oem_info(_type(word), channel=_channel(channel))
    else:
        iana, number, channel = _rest("oem", words, 2, 3)
        told = await payloads.oem_info(
            iana=_number("IANA", iana, 0xFFFFFF),
            payload_id=_number("ID", number, 0xFFFF),
            channel=_channel(channel),
        )
    if told is None:
        call.err("the controller has no such payload")
        return FAILED
    call.out(f"Payload Type                    : {payload_name(told.payload_type)}")
    call.out(f"IANA                            : {told.iana}")
    call.out(f"Payload ID                      : 0x{told.payload_id:04x}")
    call.out(f"Version                         : {told.version}")
    call.result(
        OemPayloadOwner(
            payload_type=told.payload_type,
            iana=told.iana,
            payload_id=told.payload_id,
            version=told.version,
        )
    )
    return DONE


async def _status(call: Call, payloads: Payloads, words: list[str]) -> int:
    (word,) = _rest("status", words, 0, 1)
    kind = _type(word)
    told = await payloads.status(kind)
    active = " ".join(map(str, told.active)) or "none"
    call.out(f"{payload_name(kind)}: {told.capacity} instances, active: {active}")
    call.result(
        PayloadUse(payload_type=kind, name=payload_name(kind), capacity=told.capacity, active=told.active)
    )
    return DONE


async def _instance(call: Call, payloads: Payloads, words: list[str]) -> int:
    kind, number = _place("instance", words)
    told = await payloads.instance(kind, number)
    owner = f"session 0x{told.session_id:08x}" if told.session_id else "not active"
    call.out(f"{payload_name(kind)} {number}: {owner}, information {told.information.hex(' ')}")
    call.result(
        PayloadOwner(
            payload_type=kind,
            name=payload_name(kind),
            instance=number,
            session_id=told.session_id,
            information=told.information,
        )
    )
    return DONE


async def _access_get(call: Call, payloads: Payloads, words: list[str]) -> int:
    user, channel = _rest("access get", words, 1, 2)
    for kind in await payloads.access(_number("USER", user, _LAST_USER), _channel(channel)):
        _show_kind(call, kind)
    return DONE


async def _access_set(call: Call, payloads: Payloads, words: list[str]) -> int:
    channel = HERE
    if words[-2:-1] == ["channel"]:
        channel, words = _channel(words[-1]), words[:-2]
    if len(words) < 3 or words[1] not in ("enable", "disable"):
        raise UsageError("`payload access set` takes USER enable|disable TYPE ... [channel N]")
    user, enabled = _number("USER", words[0], _LAST_USER), words[1] == "enable"
    kinds = tuple(_type(word) for word in words[2:])
    await payloads.set_access(user, *kinds, enabled=enabled, channel=channel)
    call.result(PayloadAccess(channel=channel, user_id=user, payload_types=kinds, enabled=enabled))
    return DONE


async def _deactivate(call: Call, payloads: Payloads, words: list[str]) -> int:
    kind, number = _place("deactivate", words)
    done = await payloads.deactivate(kind, number)
    if not done:
        call.out(f"{payload_name(kind)} {number} was not active")
    call.result(PayloadDone(payload_type=kind, instance=number, done=done))
    return DONE


def _encryption(verb: str, method: str) -> Callable[[Call, Payloads, list[str]], Awaitable[int]]:
    async def change(call: Call, payloads: Payloads, words: list[str]) -> int:
        kind, number = _place(verb, words)
        await getattr(payloads, method)(kind, number)
        call.result(PayloadDone(payload_type=kind, instance=number, done=True))
        return DONE

    return change


async def _activating(call: Call, payloads: Payloads, words: list[str]) -> int:
    del payloads
    (word,) = _rest("activating", words, 0, 1)
    number = 1 if word is None else _number("N", word, 15)
    await (await call.bmc()).execute(SolActivating(instance=number))
    call.result(PayloadDone(payload_type=int(PayloadType.SOL), instance=number, done=True))
    return DONE


_VERBS: Final[dict[str, Callable[[Call, Payloads, list[str]], Awaitable[int]]]] = {
    "support": _support,
    "version": _version,
    "oem": _oem,
    "status": _status,
    "instance": _instance,
    "access get": _access_get,
    "access set": _access_set,
    "deactivate": _deactivate,
    "suspend": _encryption("suspend", "suspend_encryption"),
    "resume": _encryption("resume", "resume_encryption"),
    "new-iv": _encryption("new-iv", "new_iv"),
    "activating": _activating,
}


def _show_kind(call: Call, kind: PayloadType) -> None:
    call.out(f"0x{kind:02x}  {payload_name(kind)}")
    call.result(PayloadKind(payload_type=int(kind), name=payload_name(kind)))


def _rest(verb: str, words: list[str], least: int, most: int) -> list[str | None]:
    """The words of a verb, None for those that may be left out and are."""
    if not least <= len(words) <= most:
        raise UsageError(f"`payload {verb}` takes {least} to {most} words")
    return [*words, *[None] * (most - len(words))]


def _place(verb: str, words: list[str]) -> tuple[int, int]:
    word, number = _rest(verb, words, 0, 2)
    return _type(word), 1 if number is None else _number("N", number, 15)


def _type(word: str | None) -> int:
    if word is None:
        return int(PayloadType.SOL)
    known = TYPES.get(word)
    return _number("TYPE", word, _LAST_TYPE) if known is None else known


def _channel(word: str | None) -> int:
    return HERE if word is None else _number("CHANNEL", word, 0xF)


def _number(what: str, word: str | None, largest: int) -> int:
    try:
        number = int(word or "", 0)
    except ValueError:
        number = -1
    if not 0 <= number <= largest:
        raise UsageError(f"{what} is a number from 0 to {largest}")
    return number
