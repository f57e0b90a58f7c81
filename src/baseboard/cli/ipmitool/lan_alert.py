"""``ipmitool lan alert``: where the alerts of a LAN channel go."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from baseboard.cli.ipmitool import lan_parameters as parameters
from baseboard.cli.ipmitool import lan_usage as usage
from baseboard.cli.ipmitool.channel_facts import first_lan, is_lan
from baseboard.cli.ipmitool.lan_print import coloned, dotted, line
from baseboard.cli.ipmitool.text import byte
from baseboard.cli.ipmitool.word_values import ipv4_address, mac_address
from baseboard.cli.results.lan import AlertDestination, LanChange

if TYPE_CHECKING:
    from baseboard.cli.call import Call

DESTINATIONS, TYPE, ADDRESS = 17, 18, 19
TYPE_SIZE, ADDRESS_SIZE = 4, 13

TYPES: Final = {0: "PET Trap", 6: "OEM 1", 7: "OEM 2"}
GATEWAYS: Final = {"def": 0, "default": 0, "bak": 1, "backup": 1}
ACKNOWLEDGED: Final = {"on": True, "yes": True, "off": False, "no": False}
KINDS: Final = {"pet": (0, "PET Trap"), "oem1": (6, "OEM 1"), "oem2": (7, "OEM 2")}


async def run(call: Call, words: list[str]) -> int:
    """Run ``lan alert`` and its words."""
    if not words or words[0].lower() == "help":
        call.err(usage.ALERT_PRINT)
        call.err(usage.ALERT_SET)
        return 0 if words else 1
    match words[0].lower():
        case "print":
            return await _print(call, words[1:])
        case "set":
            return await _set(call, words[1:])
        case _:
            return 0


async def _checked(call: Call, word: str) -> int | None:
    """The channel that a word names, if it is a LAN; None after a complaint."""
    channel = byte(word)
    if channel is None:
        call.err(f"Invalid channel: {word}")
        return None
    if not await is_lan(call, channel):
        call.err(f"Channel {channel} is not a LAN channel")
        return None
    return channel


async def _destination(call: Call, channel: int, word: str) -> int | None:
    """The alert destination that a word names, if there is one; None after a complaint."""
    number = byte(word)
    if number is None:
        call.err(f"Invalid alert: {word}")
        return None
    count = await parameters.get(call, channel, DESTINATIONS)
    if not count or number > count[0] & 0xF:
        call.err(f"Alert {number} is not a valid destination")
        return None
    return number


async def _print(call: Call, words: list[str]) -> int:
    if not words:
        channel = await first_lan(call)
        if not await is_lan(call, channel):
            call.err(f"Channel {channel} is not a LAN channel")
            return 1
        return await _print_all(call, channel)
    if words[0].lower() == "help":
        call.err(usage.ALERT_PRINT)
        return 0
    named = await _checked(call, words[0])
    if named is None:
        return 1
    if len(words) < 2:
        return await _print_all(call, named)
    number = await _destination(call, named, words[1])
    return 1 if number is None or not await _show(call, named, number) else 0


async def _print_all(call: Call, channel: int) -> int:
    count = await parameters.get(call, channel, DESTINATIONS)
    if not count:
        return 1
    for number in range((count[0] & 0xF) + 1):
        await _show(call, channel, number)
    return 0


async def _show(call: Call, channel: int, number: int) -> bool:
    kind = await parameters.get(call, channel, TYPE, number)
    if kind is None or len(kind) < TYPE_SIZE:
        return False
    address = await parameters.get(call, channel, ADDRESS, number)
    if address is None or len(address) < ADDRESS_SIZE:
        return False
    ipv4 = not address[1] & 0xF0
    found = AlertDestination(
        channel=channel,
        destination=kind[0],
        acknowledged=bool(kind[1] & 0x80),
        type=TYPES.get(kind[1] & 0x7, "Unknown"),
        seconds=kind[2],
        retries=kind[3] & 0x7,
        gateway=("Backup" if address[2] & 1 else "Default") if ipv4 else None,
        address=dotted(address[3:]) if ipv4 else None,
        mac=coloned(address[7:]) if ipv4 else None,
    )
    call.result(found)
    line(call, "Alert Destination", found.destination)
    line(call, "Alert Acknowledge", "Acknowledged" if found.acknowledged else "Unacknowledged")
    line(call, "Destination Type", found.type)
    line(call, "Acknowledge Timeout" if found.acknowledged else "Retry Interval", found.seconds)
    line(call, "Number of Retries", found.retries)
    if ipv4:
        line(call, "Alert Gateway", found.gateway)
        line(call, "Alert IP Address", found.address)
        line(call, "Alert MAC Address", found.mac)
    call.out()
    return True


# ---- set


async def _set(call: Call, words: list[str]) -> int:
    if len(words) < 4:
        call.err(usage.ALERT_SET)
        return 1
    if words[0].lower() == "help":
        call.err(usage.ALERT_SET)
        return 0
    channel = await _checked(call, words[0])
    number = None if channel is None else await _destination(call, channel, words[1])
    if channel is None or number is None:
        return 1
    if "help" in words[2:4]:
        call.err(usage.ALERT_SET)
        return 0
    change = _Change(call, channel, number, words[2].lower(), words[3])
    return 0 if await change.make() else 1


class _Change:
    """One setting of a destination: the parameter is read, changed in one place, and written."""

    def __init__(self, call: Call, channel: int, number: int, name: str, word: str) -> None:
        self._call, self._channel, self._number = call, channel, number
        self._name, self._word = name, word
        self._data = bytearray()

    async def make(self) -> bool:
        """Make the change; False after a complaint."""
        match self._name:
            case "ipaddr" | "macaddr":
                return await self._address()
            case "gateway":
                return await self._gateway()
            case "ack":
                return await self._acknowledged()
            case "type":
                return await self._kind()
            case "time" | "retry":
                return await self._number_of()
            case _:
                self._call.err(usage.ALERT_SET)
                return False

    async def _read(self, selector: int) -> bool:
        data = await parameters.get(self._call, self._channel, selector, self._number)
        if not data:
            return False
        size = TYPE_SIZE if selector == TYPE else ADDRESS_SIZE
        self._data = bytearray(data.ljust(size, b"\0"))
        return True

    async def _write(self, selector: int, text: str) -> bool:
        self._call.out(f"Setting LAN Alert {self._number} {text}")
        done = await parameters.put(self._call, self._channel, selector, bytes(self._data), read_back=False)
        if done:
            self._call.result(
                LanChange(
                    channel=self._channel,
                    destination=self._number,
                    parameter=self._name,
                    value=self._word,
                )
            )
        return done

    def _wrong(self) -> bool:
        self._call.err(usage.ALERT_SET)
        return False

    async def _address(self) -> bool:
        mac = self._name == "macaddr"
        given = (mac_address if mac else ipv4_address)(self._call, self._word)
        if given is None:
            return self._wrong()
        if not await self._read(ADDRESS):
            return False
        if mac:
            self._data[7:13] = given
            return await self._write(ADDRESS, f"MAC Address to {coloned(given)}")
        self._data[3:7] = given
        return await self._write(ADDRESS, f"IP Address to {dotted(given)}")

    async def _gateway(self) -> bool:
        if not await self._read(ADDRESS):
            return False
        backup = GATEWAYS.get(self._word.lower())
        if backup is None:
            return self._wrong()
        self._data[2] = backup
        return await self._write(ADDRESS, f"to use {'Backup' if backup else 'Default'} Gateway")

    async def _acknowledged(self) -> bool:
        if not await self._read(TYPE):
            return False
        acknowledged = ACKNOWLEDGED.get(self._word.lower())
        if acknowledged is None:
            return self._wrong()
        self._data[1] = self._data[1] & 0x7F | acknowledged << 7
        return await self._write(TYPE, f"to {'Acknowledged' if acknowledged else 'Unacknowledged'}")

    async def _kind(self) -> bool:
        if not await self._read(TYPE):
            return False
        if self._word.lower() not in KINDS:
            return self._wrong()
        number, text = KINDS[self._word.lower()]
        self._data[1] = self._data[1] & ~0x07 | number
        return await self._write(TYPE, f"destination to {text}")

    async def _number_of(self) -> bool:
        if not await self._read(TYPE):
            return False
        value = byte(self._word)
        if value is None:
            self._call.err(f"Invalid {self._name}: {self._word}")
            return False
        if self._name == "time":
            self._data[2] = value
            return await self._write(TYPE, f"timeout/retry to {value} seconds")
        self._data[3] = value & 0x7
        return await self._write(TYPE, f"number of retries to {value & 0x7}")
