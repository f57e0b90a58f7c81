"""``chassis bootdev`` and ``chassis bootparam``: what the host boots next (§28.12, Table 28-14)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from baseboard.cli.ipmitool import boot_options
from baseboard.cli.ipmitool.text import byte

if TYPE_CHECKING:
    from collections.abc import Sequence

    from baseboard.cli.call import Call

_DEVICES: Final = {
    "none": 0x00,
    "pxe": 0x04,
    "disk": 0x08,
    "safe": 0x0C,
    "diag": 0x10,
    "cdrom": 0x14,
    "floppy": 0x3C,
    "bios": 0x18,
}
"""Byte 2 of the boot flags."""

_DEV_USAGE: Final = """\
bootdev <device> [clear-cmos=yes|no]
bootdev <device> [options=help,...]
  none  : Do not change boot device order
  pxe   : Force PXE boot
  disk  : Force boot from default Hard-drive
  safe  : Force boot from default Hard-drive, request Safe Mode
  diag  : Force boot from Diagnostic Partition
  cdrom : Force boot from CD/DVD
  bios  : Force boot into BIOS Setup
  floppy: Force boot from Floppy/primary removable media"""

_FLAG_USAGE: Final = """\
bootparam set bootflag <device> [options=...]
 Legal devices are:
  none        : No override
  force_pxe   : Force PXE boot
  force_disk  : Force boot from default Hard-drive
  force_safe  : Force boot from default Hard-drive, request Safe Mode
  force_diag  : Force boot from Diagnostic Partition
  force_cdrom : Force boot from CD/DVD
  force_bios  : Force boot into BIOS Setup"""

_OPTIONS: Final = (
    ("valid", 0, 0x80, 0x80, "Boot flags valid"),
    ("persistent", 0, 0x40, 0x40, "Changes are persistent for all future boots"),
    ("efiboot", 0, 0x20, 0x20, "Extensible Firmware Interface Boot (EFI)"),
    ("clear-cmos", 1, 0x80, 0x80, "CMOS clear"),
    ("lockkbd", 1, 0x40, 0x40, "Lock Keyboard"),
    ("screenblank", 1, 0x02, 0x02, "Screen Blank"),
    ("lockoutreset", 1, 0x01, 0x01, "Lock out Reset buttons"),
    ("lockout_power", 2, 0x80, 0x80, "Lock out (power off/sleep request) via Power Button"),
    ("verbose=default", 2, 0x60, 0x00, "Request quiet BIOS display"),
    ("verbose=no", 2, 0x60, 0x20, "Request quiet BIOS display"),
    ("verbose=yes", 2, 0x60, 0x40, "Request verbose BIOS display"),
    ("force_pet", 2, 0x10, 0x10, "Force progress event traps"),
    ("upw_bypass", 2, 0x08, 0x08, "User password bypass"),
    ("lockout_sleep", 2, 0x04, 0x04, "Lock out the Sleep button"),
    ("cons_redirect=default", 2, 0x03, 0x00, "Console redirection occurs per BIOS configuration setting"),
    ("cons_redirect=skip", 2, 0x03, 0x01, "Suppress (skip) console redirection if enabled"),
    ("cons_redirect=enable", 2, 0x03, 0x02, "Request console redirection be enabled"),
)
"""Words of ``bootdev ... options=``: byte of the boot flags, mask, value, help."""

_CLEARINGS: Final = (
    ("PEF", 0x10, "Clear valid bit on reset/power cycle cause by PEF"),
    ("timeout", 0x08, "Automatically clear boot flag valid bit on timeout"),
    ("watchdog", 0x04, "Clear valid bit on reset/power cycle cause by watchdog"),
    ("reset", 0x02, "Clear valid bit on push button reset/soft reset"),
    ("power", 0x01, "Clear valid bit on power up via power push button or wake event"),
)
"""Words of ``bootparam set bootflag ... options=``: the bit that keeps the flags valid, help."""

_PREFIX: Final = "options="


async def bootdev(call: Call, words: Sequence[str]) -> int:
    """``chassis bootdev DEVICE [options=...]``."""
    if not words or words[0] == "help":
        call.err(_DEV_USAGE)
        return 1
    flags, option = bytearray(5), words[1] if words[1:] else ""
    options = "clear-cmos" if option == "clear-cmos=yes" else ""
    if option.startswith(_PREFIX):
        options = option.removeprefix(_PREFIX)
    if options and not _take_options(call, options, flags):
        return 1
    return await _set_device(call, words[0], flags)


def _take_options(call: Call, options: str, flags: bytearray) -> bool:
    wrong = False
    for word in filter(None, options.split(",")):
        if word == "help":
            wrong = True
            break
        known = next((one for one in _OPTIONS if one[0] == word), None)
        if known is None:
            call.err(f"Invalid option: {word}")
            wrong = True
            continue
        _, place, mask, value, _ = known
        flags[place] = flags[place] & ~mask | value
    if wrong:
        call.err("Legal options settings are:")
        call.err(f"  {'help':<22}: print this message")
        for name, _, _, _, text in _OPTIONS:
            call.err(f"  {name:<22}: {text}")
    return not wrong


async def _set_device(call: Call, word: str, flags: bytearray) -> int:
    from baseboard.cli.results.chassis import BootDeviceChange

    device = _DEVICES.get(word.removeprefix("force_") if word != "force_none" else word)
    if device is None:
        # ipmitool has asked for "set in progress" by now; nothing is sent for a word that is wrong.
        call.err(f"Invalid argument: {word}")
        return 1
    writer = boot_options.Writer(call)
    await writer.mark(boot_options.IN_PROGRESS)
    code = await writer.clear_acknowledge(boot_options.BIOS_POST)
    if code >= 0:
        flags[0] |= 0x80
        flags[1] |= device
        code = await writer.write(boot_options.FLAGS, bytes(flags))
        if not code:
            await writer.mark(boot_options.COMMIT)
            call.out(f"Set Boot Device to {word}")
            call.result(BootDeviceChange(device=word.removeprefix("force_"), flags=flags.hex()))
    await writer.mark(boot_options.COMPLETE)
    # A refusal is a positive number inside ipmitool, and so its exit code is 0.
    return 1 if code < 0 else 0


# ---- bootparam


async def bootparam(call: Call, words: Sequence[str]) -> int:
    """``chassis bootparam get N`` and ``chassis bootparam set bootflag DEVICE``."""
    if len(words) < 2 or words[0] == "help":
        call.err("bootparam get <param #>")
        _print_flag_usage(call)
        return 1
    if words[0] == "get":
        return await _get(call, words[1:])
    if words[0] != "set":
        call.err("bootparam get|set <option> [value ...]")
        return 1
    if words[1] != "bootflag" or len(words) < 3:
        _print_flag_usage(call)
        return 1
    keep, clear = _clearings(call, words[3]) if len(words) == 4 else (0, 0)
    code = await _set_device(call, words[2], bytearray(5))
    if keep or clear:
        code = await _set_clearing(call, keep, clear)
    return code


def _print_flag_usage(call: Call) -> None:
    call.err(_FLAG_USAGE)
    _print_clearings(call)


def _print_clearings(call: Call) -> None:
    call.err(" Legal options are:")
    call.err(f"  {'help':<8}: print this message")
    for name, _, text in _CLEARINGS:
        call.err(f"  {name:<8}: {text}")
    call.err(" Any Option may be prepended with no- to invert sense of operation\n")


def _clearings(call: Call, options: str) -> tuple[int, int]:
    """Which bits to set and to clear; ``no-`` before a word keeps the flags valid."""
    if not options.startswith(_PREFIX):
        call.err(f'No options= keyword found "{options}"')
        return 0, 0
    keep = clear = 0
    wrong = False
    for word in filter(None, options.removeprefix(_PREFIX).split(",")):
        if word == "help":
            wrong = True
            break
        bit = next((bit for name, bit, _ in _CLEARINGS if name == word.removeprefix("no-")), 0)
        if not bit:
            call.err(f"Invalid option: {word}")
            wrong = True
        elif word.startswith("no-"):
            keep |= bit
        else:
            clear |= bit
    if wrong:
        _print_clearings(call)
    return keep, clear


async def _set_clearing(call: Call, keep: int, clear: int) -> int:
    writer = boot_options.Writer(call)
    await writer.mark(boot_options.IN_PROGRESS)
    code = await writer.clear_acknowledge(boot_options.BIOS_POST)
    if not code:
        option = await boot_options.read(call, boot_options.VALID_CLEARING)
        if option is None:
            call.err("Failed to read boot valid flag")
            code = -1
        else:
            flags = option[2] if len(option) > 2 else 0
            flags = flags & ~clear | keep
            code = await writer.write(boot_options.VALID_CLEARING, bytes((flags,)))
            if not code:
                await writer.mark(boot_options.COMMIT)
    await writer.mark(boot_options.COMPLETE)
    return 1 if code < 0 else 0


async def _get(call: Call, words: Sequence[str]) -> int:
    from baseboard.cli.ipmitool.chassis_boot_text import print_option
    from baseboard.cli.results.chassis import BootParameter

    selector = byte(words[0])
    if selector is None:
        call.err(f"Invalid parameter '{words[0]}' given instead of bootparam.")
        return 1
    block = byte(words[1]) if words[1:] else 0
    if block is None:
        call.err(f"Invalid argument '{words[1]}' given to bootparam 0")
        return 1
    option = await boot_options.read(call, selector & 0x7F, block)
    if option is None:
        return 1
    lines = print_option(call, option)
    call.result(
        BootParameter(
            parameter=option[1] & 0x7F if option[1:] else 0,
            valid=not (option[1:] and option[1] & 0x80),
            data=option[2:].hex(),
            meaning=tuple(line.strip(" -") for line in lines),
        )
    )
    return 0
