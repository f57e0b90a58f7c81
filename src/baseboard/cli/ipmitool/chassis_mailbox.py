"""``chassis bootmbox``: the boot initiator mailbox, words for the software that is booted (Table 28-14)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from baseboard.cli.ipmitool import boot_options
from baseboard.cli.ipmitool.text import byte, number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from baseboard.cli.call import Call

USAGE: Final = """\
bootmbox get [text] [block <block>]
  Read the entire Boot Initiator Mailbox or the specified <block>.
  If 'text' option is specified, the data is output as plain text, otherwise
  hex dump mode is used.

bootmbox set text [block <block>] <IANA_PEN> "<data_string>"
bootmbox set [block <block>] <IANA_PEN> <data_byte> [<data_byte> ...]
  Write the specified <block> or the entire Boot Initiator Mailbox.
  It is required to specify a decimal IANA Enterprise Number recognized
  by the boot initiator on the target system. Refer to your target system
  manufacturer for details. The rest of the arguments are either separate
  data byte values separated by spaces, or a single text string argument.

  When single block write is requested, the total length of <data> may not
  exceed 13 bytes for block 0, or 16 bytes otherwise.

bootmbox help
  Show this help."""

_BLOCK: Final = 16
_MAKER: Final = 3
_BLOCKS: Final = 256


async def mailbox(call: Call, words: Sequence[str]) -> int:
    """Do a verb of ``bootmbox``."""
    if not words or words[0] == "help":
        call.err(USAGE)
        return 0
    verb, rest = words[0], list(words[1:])
    text = rest[:1] == ["text"]
    rest = rest[1:] if text else rest
    block: int | None = None
    if rest[:1] == ["block"]:
        if len(rest) < 2:
            call.err(USAGE)
            return 0
        block = byte(rest[1])
        if block is None:
            call.err(f"Invalid block {rest[1]}")
            return 0
        rest = rest[2:]
    if verb == "get":
        return await _get(call, block, text=text)
    if verb == "set":
        return await _set(call, block, rest, text=text)
    return 0


# ---- reading


async def _get(call: Call, block: int | None, *, text: bool) -> int:
    from baseboard.cli.ipmitool.chassis_boot_text import print_generic
    from baseboard.cli.results.chassis import BootMailbox

    every, found = block is None, b""
    for one in range(_BLOCKS) if block is None else (block,):
        # Past the first block, the end of the mailbox is no error.
        option = await boot_options.read(call, boot_options.MAILBOX, one, quiet=one > 0 and every)
        if option is None:
            if one and every:
                break
            return 1
        if not (one and every):
            print_generic(call, option)
        for line in block_lines(option[2:], text=text, every=every):
            call.out(line)
        found += option[3:]
    call.result(BootMailbox(block=block, data=found.hex()))
    return 0


def block_lines(data: bytes, *, text: bool, every: bool) -> list[str]:
    """One block: its number, the maker's number in block 0, and its data.

    Args:
        text: the data are a string.
        every: it is one of all blocks, so that it needs its number in front.
    """
    from baseboard.cli.ipmitool.manufacturers import manufacturer_name
    from baseboard.cli.ipmitool.names import string

    if not data:
        return []
    number_of, rest = data[0], data[1:]
    lines = [] if every else [f" Selector       : {number_of}"]
    if not number_of:
        maker = int.from_bytes(rest[:_MAKER], "little")
        lines.append(f" IANA PEN       : {maker} [{manufacturer_name(maker)}]")
        rest = rest[_MAKER:]
    title = f" Block {number_of:3} Data : " if every else " Block Data     : "
    return [*lines, title + (f"'{string(rest)}'" if text else rest.hex())]


# ---- writing


async def _set(call: Call, block: int | None, words: list[str], *, text: bool) -> int:
    content = _content(call, words, text=text)
    if content is None:
        return 1
    maker, data = content
    count = 1 if block is not None else -(-(_MAKER + len(data)) // _BLOCK)
    if count > _BLOCKS:
        call.err(f"Data size {len(data)} exceeds maximum ({_BLOCK * _BLOCKS - _MAKER})")
        return 1
    writer = boot_options.Writer(call)
    await writer.mark(boot_options.IN_PROGRESS)
    code = 0
    for one in range(block or 0, (block or 0) + count):
        head = b"" if one else maker.to_bytes(_MAKER, "little")
        size = _BLOCK - len(head)
        code = await writer.write(boot_options.MAILBOX, bytes((one,)) + head + data[:size])
        data = data[size:]
        if code == boot_options.OUT_OF_RANGE:
            call.err(f"Hit end of mailbox writing block {one}")
        if code or not data:
            break
    if not code:
        await writer.mark(boot_options.COMMIT)
        code = await writer.clear_acknowledge(boot_options.BIOS_POST | boot_options.OS_LOADER)
    await writer.mark(boot_options.COMPLETE)
    return 1 if code < 0 else 0


def _content(call: Call, words: list[str], *, text: bool) -> tuple[int, bytes] | None:
    """The maker's number and the bytes to write, or None and it was told why."""
    from baseboard.cli.ipmitool.arguments import encoded

    maker = number(words[0], -(2**31), 2**31 - 1) if words else None
    if maker is None:
        call.err("No valid IANA PEN specified!\n")
        call.err(USAGE)
        return None
    if not words[1:]:
        call.err("No data provided!\n")
        call.err(USAGE)
        return None
    if text:
        return maker & 0xFFFFFF, encoded(words[1]) + b"\0"
    values = [byte(word) for word in words[1:]]
    for word, value in zip(words[1:], values, strict=True):
        if value is None:
            call.err(f"Given data byte {word} is invalid.")
            return None
    return maker & 0xFFFFFF, bytes(value for value in values if value is not None)
