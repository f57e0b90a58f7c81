"""``ipmitool sol info`` and ``sol set``: the SOL parameters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from baseboard.cli.ipmitool.questions import ask, known
from baseboard.cli.ipmitool.text import PRIVILEGES, byte
from baseboard.cli.results.sol import SolChange, SolSettings
from baseboard.commands.parameters.sol import SolParameter
from baseboard.commands.transport.sol import GetSolConfigurationParameters, SetSolConfigurationParameters
from baseboard.wire import Unknown

if TYPE_CHECKING:
    from baseboard.cli.call import Call
    from baseboard.cli.ipmitool.questions import Answer

NAMES: Final = (
    "Set In Progress (0)",
    "Enable (1)",
    "Authentication (2)",
    "Character Interval (3)",
    "Retry (4)",
    "Nonvolatile Bitrate (5)",
    "Volatile Bitrate (6)",
    "Payload Channel (7)",
    "Payload Port (8)",
)
SIZES: Final = (1, 1, 1, 2, 2, 1, 1, 1, 2)
PAYLOAD_CHANNEL, PAYLOAD_PORT = 7, 8

STATES: Final = {0: "set-complete", 1: "set-in-progress", 2: "commit-write"}
RATES: Final = {
    0x00: "IPMI-Over-Serial-Setting",
    0x06: "9.6",
    0x07: "19.2",
    0x08: "38.4",
    0x09: "57.6",
    0x0A: "115.2",
}
NOT_SUPPORTED = SetSolConfigurationParameters.NOT_SUPPORTED
REFUSALS: Final = {
    0x80: "Parameter not supported",
    0x81: "Attempt to set set-in-progress when not in set-complete state",
    0x82: "Attempt to write read-only parameter",
    0x83: "Attempt to read write-only parameter",
}


# ---- info


async def read(call: Call, channel: int) -> list[bytes] | None:
    """All parameters by selector, 00h where there is none; None and a line of complaint without them."""
    found: list[bytes] = []
    for selector, (name, size) in enumerate(zip(NAMES, SIZES, strict=True)):
        answer = await ask(
            call,
            GetSolConfigurationParameters(
                channel=channel, selector=selector, set_selector=0, block_selector=0
            ),
        )
        if answer is None:
            call.err(f"Error: No response requesting SOL parameter '{name}'")
            return None
        data = bytes(size)
        if answer.code == NOT_SUPPORTED:
            instead = _instead(call, channel, selector)
            if instead is None:
                return None
            data = instead or data
        elif answer.code:
            call.err(f"Error requesting SOL parameter '{name}': {answer.text()}")
            return None
        elif len(answer.data) != 1 + size:
            call.err(
                f"Error: Unexpected data length ({len(answer.data)}) received for SOL parameter '{name}'"
            )
        else:
            data = answer.data[1:]
        found.append(data)
    return found


def _instead(call: Call, channel: int, selector: int) -> bytes | None:
    """What stands for a parameter that the controller does not have; empty = 0, None = nothing can."""
    text = f"Info: SOL parameter '{NAMES[selector]}' not supported"
    if selector == PAYLOAD_CHANNEL:
        call.err(f"{text} - defaulting to 0x{channel:02x}")
        return bytes((channel,))
    if selector == PAYLOAD_PORT:
        settings = call.options.settings
        if settings.interface not in {"lan", "lanplus"}:
            call.err(f"{text} - can't determine which payload port to use on NULL session")
            return None
        call.err(f"{text} - defaulting to {settings.port}")
        return settings.port.to_bytes(2, "little")
    call.err(text)
    return b""


async def info(call: Call, channel: int) -> int:
    """Print the parameters of a channel."""
    found = await read(call, channel)
    if found is None:
        return 1
    settings = SolSettings(
        channel=channel,
        set_in_progress=known(found[0][0] & 3, STATES),
        enabled=bool(found[1][0]),
        force_encryption=bool(found[2][0] & 0x80),
        force_authentication=bool(found[2][0] & 0x40),
        privilege=known(found[2][0] & 0x0F, PRIVILEGES),
        accumulate_ms=found[3][0] * 5,
        send_threshold=found[3][1],
        retry_count=found[4][0],
        retry_interval_ms=found[4][1] * 10,
        volatile_bit_rate=known(found[6][0] & 0x0F, RATES),
        non_volatile_bit_rate=known(found[5][0] & 0x0F, RATES),
        payload_channel=found[7][0],
        payload_port=int.from_bytes(found[8], "little"),
    )
    call.result(settings)
    _show(call, settings)
    return 0


def _show(call: Call, settings: SolSettings) -> None:
    flag = {False: "false", True: "true"}
    values: dict[str, Any] = {
        "Set in progress": settings.set_in_progress,
        "Enabled": flag[settings.enabled],
        "Force Encryption": flag[settings.force_encryption],
        "Force Authentication": flag[settings.force_authentication],
        "Privilege Level": settings.privilege,
        "Character Accumulate Level (ms)": settings.accumulate_ms,
        "Character Send Threshold": settings.send_threshold,
        "Retry Count": settings.retry_count,
        "Retry Interval (ms)": settings.retry_interval_ms,
        "Volatile Bit Rate (kbps)": settings.volatile_bit_rate,
        "Non-Volatile Bit Rate (kbps)": settings.non_volatile_bit_rate,
        "Payload Channel": settings.payload_channel,
        "Payload Port": settings.payload_port,
    }
    if call.csv:
        # ipmitool prints the encryption a second time where the authentication should be.
        values["Force Authentication"] = values["Force Encryption"]
        call.out(",".join(str(value) for value in values.values()))
        return
    values["Payload Channel"] = f"{settings.payload_channel} (0x{settings.payload_channel:02x})"
    for key, value in values.items():
        call.out(f"{key:<32}: {value}")


# ---- set


@dataclass(frozen=True)
class Setting:
    """A word of ``sol set``: where its value goes.

    Attributes:
        place: byte of the parameter.
        words: values that are words; none for numbers.
        low, high: of a number.
        mask: the bits of the byte that it replaces; the others, and other bytes, are kept. 0 = all alone.
        valid: what ipmitool says the values are.
        quoted: it puts value and parameter in quotation marks when it complains.
    """

    selector: int
    place: int = 0
    words: dict[str, int] | None = None
    low: int = 0
    high: int = 255
    mask: int = 0
    valid: str = ""
    quoted: bool = False


_FLAGS: Final = "true and false"
_RATES: Final = {
    "serial": 0x00,
    **{text: value for value, text in RATES.items() if value},
}
_RATE_WORDS: Final = "serial, 9.6 19.2, 38.4, 57.6 and 115.2"
SETTINGS: Final = {
    "set-in-progress": Setting(
        0,
        words={text: value for value, text in STATES.items()},
        valid="set-complete, set-in-progress and commit-write",
    ),
    "enabled": Setting(1, words={"true": 1, "false": 0}, valid=_FLAGS),
    "force-encryption": Setting(2, words={"true": 0x80, "false": 0}, mask=0x80, valid=_FLAGS),
    "force-authentication": Setting(2, words={"true": 0x40, "false": 0}, mask=0x40, valid=_FLAGS),
    "privilege-level": Setting(
        2,
        words={"user": 2, "operator": 3, "admin": 4, "oem": 5},
        mask=0x0F,
        valid="user, operator, admin, and oem",
    ),
    "character-accumulate-level": Setting(3, low=1, mask=0xFF),
    "character-send-threshold": Setting(3, place=1, mask=0xFF),
    "retry-count": Setting(4, high=7, mask=0xFF),
    "retry-interval": Setting(4, place=1, mask=0xFF),
    "non-volatile-bit-rate": Setting(5, words=_RATES, valid=_RATE_WORDS, quoted=True),
    "volatile-bit-rate": Setting(6, words=_RATES, valid=_RATE_WORDS, quoted=True),
}


async def put(call: Call, channel: int, name: str, value: str, *, guarded: bool) -> int:
    """Set one parameter, between Set In Progress and Set Complete if ``guarded``."""
    setting = SETTINGS.get(name)
    if setting is None:
        call.err(f"Error: invalid SOL parameter {name}")
        return 1
    number = _value(call, setting, name, value)
    data = None if number is None else await _data(call, channel, setting, name, number)
    if data is None:
        return 1
    guarded = guarded and setting.selector != 0
    if guarded and await _progress(call, channel, "set-in-progress"):
        call.err(f'Error: set of parameter "{name}" failed')
        return 1
    answer = await _write(call, channel, setting.selector, data)
    if answer is None:
        call.err(f"Error setting SOL parameter '{name}'")
        return 1
    if answer.code and (name, value) != ("set-in-progress", "commit-write"):
        why = REFUSALS.get(answer.code)
        if why is None:
            call.err(f"Error setting SOL parameter '{name}' to '{value}': {answer.text()}")
        else:
            call.err(f"Error setting SOL parameter '{name}': {why}")
        if guarded and await _progress(call, channel, "set-complete"):
            call.err('Error could not set "set-in-progress" to "set-complete"')
        return 1
    if guarded:
        await _progress(call, channel, "commit-write")  # which need not be implemented
        if await _progress(call, channel, "set-complete"):
            call.err('Error could not set "set-in-progress" to "set-complete"')
            return 1
    call.result(SolChange(channel=channel, parameter=name, value=value))
    return 0


async def _progress(call: Call, channel: int, state: str) -> bool:
    """Set Set In Progress; True after a complaint that it could not be."""
    name = "set-in-progress"
    answer = await _write(call, channel, 0, bytes((_STATES[state],)))
    if answer is None:
        call.err(f"Error setting SOL parameter '{name}'")
        return True
    if not answer.code or state == "commit-write":
        return False
    why = REFUSALS.get(answer.code)
    if why is None:
        call.err(f"Error setting SOL parameter '{name}' to '{state}': {answer.text()}")
    else:
        call.err(f"Error setting SOL parameter '{name}': {why}")
    return True


_STATES: Final = {text: value for value, text in STATES.items()}


def _value(call: Call, setting: Setting, name: str, value: str) -> int | None:
    if setting.words is None:
        number = byte(value)
        if number is not None and setting.low <= number <= setting.high:
            return number
        valid = f"{setting.low}-{setting.high}"
    else:
        if value in setting.words:
            return setting.words[value]
        valid = setting.valid
    sign = '"' if setting.quoted else ""
    call.err(f"Invalid value {sign}{value}{sign} for parameter {sign}{name}{sign}")
    call.err(f"Valid values are {valid}")
    return None


async def _data(call: Call, channel: int, setting: Setting, name: str, number: int) -> bytes | None:
    """The parameter with the new value in its place, and around it what is set now."""
    if not setting.mask:
        return bytes((number,))
    found = await read(call, channel)
    if found is None:
        call.err(f"Error fetching SOL parameters for {name} update")
        return None
    data = bytearray(found[setting.selector])
    if setting.selector == 2:
        data[0] &= 0xCF
    data[setting.place] = data[setting.place] & ~setting.mask & 0xFF | number
    return bytes(data)


async def _write(call: Call, channel: int, selector: int, data: bytes) -> Answer[Any] | None:
    parameter: SolParameter | Unknown = Unknown(selector=selector, raw=data)
    return await ask(call, SetSolConfigurationParameters(channel=channel, parameter=parameter))
