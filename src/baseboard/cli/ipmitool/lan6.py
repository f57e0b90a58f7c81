"""``ipmitool lan6``: print, save, set, lock, commit, discard."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from baseboard.cli.ipmitool.channel_facts import first_lan
from baseboard.cli.ipmitool.lan6_parameters import PARAMETERS, Kept, Parameter, Store
from baseboard.cli.ipmitool.word_values import integer
from baseboard.cli.results.lan import Lan6Setting

if TYPE_CHECKING:
    from baseboard.cli.call import Call

USAGE: Final = {
    "help": "  help [command]",
    "save": "  save <channel> [<parameter> [<set_sel> [<block_sel>]]]",
    "set": "  set <channel> [nolock] <parameter> [<set_sel> [<block_sel>]] <values...>",
    "print": "  print <channel> [<parameter> [<set_sel> [<block_sel>]]]",
    "lock": "  lock <channel>",
    "commit": "  commit <channel>",
    "discard": "  discard <channel>",
}


class Wrong(Exception):
    """The words are wrong, and the user was told."""


async def run(call: Call, words: list[str]) -> int:
    """Run ``lan6`` and its words."""
    await call.bmc()
    if not words:
        _usage(call, "")
        return 0
    verb = words[0].lower()
    if verb not in USAGE:
        _usage(call, "")
        return 1
    if verb == "help":
        asked = words[1].lower() if len(words) > 1 else ""
        _usage(call, asked if asked in USAGE else "")
        return 0
    try:
        return await _verb(call, verb, words[1:])
    except Wrong:
        return 1


def _usage(call: Call, verb: str) -> None:
    for name, text in USAGE.items():
        if verb in {"", name}:
            call.out(text)
    if verb in {"save", "print", "set"}:
        call.out("\n   available parameters:")
        _formats(call, write=verb != "print")


def _formats(call: Call, *, write: bool) -> None:
    """List the parameters; those that can be written with their values."""
    for parameter in PARAMETERS:
        if not write or parameter.form:
            call.out(_form(parameter, write=write))


def _form(parameter: Parameter, *, write: bool) -> str:
    selectors = (" <set_sel>" if parameter.sets else "") + (" <block_sel>" if parameter.blocks else "")
    return f"    {parameter.name}{selectors} {parameter.form if write else ''}"


async def _verb(call: Call, verb: str, words: list[str]) -> int:
    if words:
        channel = integer(words[0])
        if channel is None:
            call.err(f"Invalid channel: {words[0]}")
            return 1
        words = words[1:]
    elif verb in {"save", "print"}:
        channel = await first_lan(call)
        if not channel:
            call.err("No LAN channel found")
            return 1
    else:
        _usage(call, verb)
        return 1
    store = Store(call, channel)
    if verb in {"lock", "commit", "discard"}:
        call.err(f"{verb.capitalize()} parameter(s)...")
        return _exit(await {"lock": store.lock, "commit": store.commit, "discard": store.discard}[verb]())
    nolock = verb == "set" and words[:1] != [] and words[0].lower() == "nolock"
    if nolock:
        words = words[1:]
    selection, rest = _selection(call, verb, words)
    if verb == "set":
        return await _set(call, store, selection, rest, nolock=nolock)
    call.err("Getting parameter(s)...")
    found = await store.read(*selection)
    if found is None:
        return 1
    if verb == "save":
        _save(call, channel, found)
        return 0
    for kept in found:
        call.out("\n".join(kept.lines()))
        call.result(
            Lan6Setting(
                channel=channel,
                parameter=kept.parameter.name,
                set=kept.set,
                block=kept.block,
                values=kept.values(),
            )
        )
    return 0


def _save(call: Call, channel: int, found: list[Kept]) -> None:
    """Print what sets everything to what it is, for ``exec``."""
    call.out(f"lan6 lock {channel}")
    for kept in found:
        if kept.parameter.form:
            selectors = (f"{kept.set} " if kept.parameter.sets else "") + (
                f"{kept.block} " if kept.parameter.blocks else ""
            )
            call.out(f"lan6 set {channel} nolock {kept.parameter.name} {selectors}{kept.saved()}")
    call.out(f"lan6 commit {channel}\nlan6 discard {channel}\nexit")


Selection = tuple[Parameter | None, int | None, int | None]


def _selection(call: Call, verb: str, words: list[str]) -> tuple[Selection, list[str]]:
    """Parameter, set and block selector, and the words after them; None = all.

    Raises:
        Wrong: there is no such parameter or selector.
    """
    if not words:
        return (None, None, None), []
    parameter = next((one for one in PARAMETERS if one.name == words[0].lower()), None)
    if parameter is None:
        call.err("invalid parameter")
        _usage(call, verb)
        raise Wrong
    chosen: list[int | None] = [None if parameter.sets else 0, None if parameter.blocks else 0]
    used = 1
    for place, (has, first, name) in enumerate(
        ((parameter.sets, parameter.first_set, "set"), (parameter.blocks, 0, "block"))
    ):
        if not has or len(words) == used:
            break
        number = integer(words[used])
        if number is None or number < first:
            call.err(f"invalid {name} selector")
            _usage(call, verb)
            raise Wrong
        chosen[place] = number
        used += 1
    return (parameter, *chosen), words[used:]  # type: ignore[return-value]  # the list has two places


async def _set(call: Call, store: Store, selection: Selection, words: list[str], *, nolock: bool) -> int:
    parameter, set_selector, block = selection
    if parameter is None:
        call.err("invalid parameter, must be one of:")
        _formats(call, write=True)
        return 1
    if set_selector is None or block is None:
        call.err(f"{'set' if set_selector is None else 'block'} selector is not specified")
        return 1
    kept = Kept.parsed(call, parameter, set_selector, block, words)
    if kept is None:
        if parameter.form:
            call.out(_form(parameter, write=True))
        return 1
    call.err("Setting parameter(s)...")
    code = 0 if nolock else await store.lock()
    if code:
        return _exit(code)
    # What can only be read is not sent, and nobody is told.
    done = await store.write(kept) if parameter.form else True
    if not nolock:
        code = await (store.commit if done else store.discard)()
    if done and not code:
        call.result(
            Lan6Setting(
                channel=store.channel,
                parameter=parameter.name,
                set=set_selector,
                block=block,
                values=kept.values(),
            )
        )
    return _exit(code) if done else 1


def _exit(code: int) -> int:
    """The exit code after a lock or a commit: a completion code is none, for ipmitool; silence is."""
    return 1 if code < 0 else 0
