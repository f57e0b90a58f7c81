"""``ipmitool lan set``: addresses, gateways, VLAN, ARPs, authentication, access, alerting, ciphers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Final

from baseboard.cli.ipmitool import lan_parameters as parameters
from baseboard.cli.ipmitool import lan_usage as usage
from baseboard.cli.ipmitool.channel_facts import is_lan
from baseboard.cli.ipmitool.lan_print import coloned, dotted
from baseboard.cli.ipmitool.text import byte
from baseboard.cli.ipmitool.word_values import integer, ipv4_address, mac_address, raw, unsigned
from baseboard.cli.results.lan import LanChange

if TYPE_CHECKING:
    from baseboard.cli.call import Call

AUTH_ENABLES, SOURCE, ARP, ARP_INTERVAL, COMMUNITY = 2, 4, 10, 11, 16
VLAN_ID, VLAN_PRIORITY, SUITE_PRIVILEGES, BAD_PASSWORDS = 20, 21, 24, 26

COMMUNITY_SIZE: Final = 18
HIGHEST_VLAN: Final = 4094
LONGEST_ARP_INTERVAL: Final = 127

SOURCES: Final = {"none": 0, "static": 1, "dhcp": 2, "bios": 3}
TYPES: Final = {"none": 0, "md2": 1, "md5": 2, "password": 4, "key": 4, "oem": 5}
LEVELS: Final = {"callback": 0, "user": 1, "operator": 2, "admin": 3}
PRIVILEGES: Final = {"X": 0, "c": 1, "u": 2, "o": 3, "a": 4, "O": 5}
SUITES: Final = 15

# Word, selector and name of a parameter that is one address.
ADDRESSES: Final = {
    "ipaddr": (3, "IP Address"),
    "netmask": (6, "Subnet Mask"),
    "macaddr": (5, "MAC Address"),
}
GATEWAYS: Final = {
    ("defgw", "ipaddr"): (12, "Default Gateway IP"),
    ("defgw", "macaddr"): (13, "Default Gateway MAC"),
    ("bakgw", "ipaddr"): (14, "Backup Gateway IP"),
    ("bakgw", "macaddr"): (15, "Backup Gateway MAC"),
}


async def run(call: Call, words: list[str]) -> int:
    """Run ``lan set`` and its words."""
    if len(words) < 2:
        call.err(usage.SET)
        return 1
    if "help" in words[:2]:
        call.err(usage.SET)
        return 0
    channel = byte(words[0])
    if channel is None:
        call.err(f"Invalid channel: {words[0]}")
        return 1
    if not await is_lan(call, channel):
        call.err(f"Channel {channel} is not a LAN channel!")
        call.err(usage.SET)
        return 1
    verb = _VERBS.get(words[1])
    if verb is None:
        call.err(usage.SET)
        return 1
    return await verb(call, channel, words[1:])


async def _written(call: Call, channel: int, selector: int, data: bytes, name: str, value: str) -> int:
    done = await parameters.put(call, channel, selector, data)
    if done:
        call.result(LanChange(channel=channel, parameter=name, value=value))
    return 0 if done else 1


# ---- addresses


async def _address(call: Call, channel: int, words: list[str]) -> int:
    if len(words) != 2:
        call.err(usage.SET)
        return 1
    selector, name = ADDRESSES[words[0]]
    return await _set_address(call, channel, words[0], words[1], selector, name)


async def _set_address(call: Call, channel: int, kind: str, word: str, selector: int, name: str) -> int:
    mac = kind.endswith("macaddr")
    data = mac_address(call, word) if mac else ipv4_address(call, word)
    if data is None:
        return 1
    text = coloned(data) if mac else dotted(data)
    call.out(f"Setting LAN {name} to {text}")
    return await _written(call, channel, selector, data, kind, text)


async def _gateway(call: Call, channel: int, words: list[str]) -> int:
    help_text = usage.DEFAULT_GATEWAY if words[0] == "defgw" else usage.BACKUP_GATEWAY
    if len(words) < 3:
        call.err(help_text)
        return 1
    if words[1] == "help":
        call.err(help_text)
        return 0
    known = GATEWAYS.get((words[0], words[1]))
    if known is None:
        call.err(usage.SET)
        return 1
    selector, name = known
    mac = words[1] == "macaddr"
    if (mac_address if mac else ipv4_address)(call, words[2]) is None:
        call.err(usage.SET)
        return 1
    return await _set_address(call, channel, f"{words[0]} {words[1]}", words[2], selector, name)


async def _source(call: Call, channel: int, words: list[str]) -> int:
    if len(words) < 2:
        call.err(usage.SOURCE)
        return 1
    if words[1] == "help":
        call.err(usage.SOURCE)
        return 0
    source = SOURCES.get(words[1])
    if source is None:
        call.err(usage.SOURCE)
        return 1
    return await _written(call, channel, SOURCE, bytes((source,)), "ipsrc", words[1])


async def _community(call: Call, channel: int, words: list[str]) -> int:
    if len(words) < 2:
        call.err(usage.COMMUNITY)
        return 1
    if words[1] == "help":
        call.err(usage.COMMUNITY)
        return 0
    data = raw(words[1])[:COMMUNITY_SIZE]
    text = data.decode("utf-8", "surrogateescape")
    call.out(f"Setting LAN SNMP Community String to {text}")
    return await _written(call, channel, COMMUNITY, data.ljust(COMMUNITY_SIZE, b"\0"), "snmp", text)


# ---- VLAN


async def _vlan(call: Call, channel: int, words: list[str]) -> int:
    if len(words) < 3:
        call.err(usage.VLAN)
        return 1
    if words[1] == "help":
        call.err(usage.VLAN)
        return 0
    # Whatever comes of it, ipmitool ends well.
    if words[1] == "id":
        await (_vlan_off(call, channel) if words[2] == "off" else _vlan_id(call, channel, words[2]))
    elif words[1] == "priority":
        await _vlan_priority(call, channel, words[2])
    else:
        call.err(usage.VLAN)
        return 1
    return 0


async def _vlan_off(call: Call, channel: int) -> None:
    now = await parameters.get(call, channel, VLAN_ID)
    data = bytes(2)
    if now is not None and len(now) > 1:
        number = int.from_bytes(now[:2], "little") & 0xFFF
        if number == 0:
            call.out(f"VLAN is already disabled for channel {channel}")
            return
        if number > HIGHEST_VLAN:
            call.err(f"Retrieved VLAN ID {number} is out of range <1..{HIGHEST_VLAN}>.")
            return
        data = bytes((now[0], now[1] & 0x0F))
    await _written(call, channel, VLAN_ID, data, "vlan id", "off")


async def _vlan_id(call: Call, channel: int, word: str) -> None:
    number = integer(word)
    if number is None:
        call.err(f"Given VLAN ID '{word}' is invalid.")
    elif not 1 <= number <= HIGHEST_VLAN:
        call.err(f"VLAN ID must be between 1 and {HIGHEST_VLAN}.")
    else:
        data = (number | 0x8000).to_bytes(2, "little")
        await _written(call, channel, VLAN_ID, data, "vlan id", str(number))


async def _vlan_priority(call: Call, channel: int, word: str) -> None:
    priority = integer(word)
    if priority is None:
        call.err(f"Given VLAN priority '{word}' is invalid.")
    elif not 0 <= priority <= 7:
        call.err("VLAN priority must be between 0 and 7.")
    else:
        await _written(call, channel, VLAN_PRIORITY, bytes((priority,)), "vlan priority", str(priority))


# ---- ARP


async def _arp(call: Call, channel: int, words: list[str]) -> int:
    if len(words) < 2:
        call.err(usage.ARP)
        return 1
    if words[1] == "interval":
        return await _arp_interval(call, channel, words[2] if len(words) > 2 else None)
    if words[1] not in {"generate", "respond"}:
        call.err(usage.ARP)
        return 0
    if len(words) < 3 or words[2] not in {"on", "off"}:
        call.err(usage.ARP)
        return 1
    now = await parameters.get(call, channel, ARP)
    if not now:
        return 1
    bit, what = (1, "Gratuitous ARPs") if words[1] == "generate" else (2, "ARP responses")
    on = words[2] == "on"
    call.out(f"{'En' if on else 'Dis'}abling BMC-generated {what}")
    data = bytes((now[0] | bit if on else now[0] & ~bit,))
    return await _written(call, channel, ARP, data, f"arp {words[1]}", words[2])


async def _arp_interval(call: Call, channel: int, word: str | None) -> int:
    seconds = None if word is None else byte(word)
    if seconds is None:
        call.err(f"Given ARP interval '{'(null)' if word is None else word}' is invalid.")
        return 1
    now = await parameters.get(call, channel, ARP_INTERVAL)
    if not now:
        return 1
    interval, code = now[0], 0
    if seconds:
        if seconds > LONGEST_ARP_INTERVAL:
            call.err(f"Given ARP interval '{seconds}' is too big.")
            return 1
        interval = 2 * seconds - 1
        code = await _written(call, channel, ARP_INTERVAL, bytes((interval,)), "arp interval", str(seconds))
    call.out(f"BMC-generated Gratuitous ARP interval:  {(interval + 1) // 2}.0 seconds")
    return code


# ---- who may come in


async def _auth(call: Call, channel: int, words: list[str]) -> int:
    if len(words) < 2:
        call.err(usage.AUTH)
        return 1
    if words[1] == "help":
        call.err(usage.AUTH)
        return 0
    if len(words) < 3:
        return 1
    now = await parameters.get(call, channel, AUTH_ENABLES)
    if not now:
        return 1
    bits, data = 0, bytearray(now[:5].ljust(5, b"\0"))
    for word in words[2].split(","):
        if word.lower() in TYPES:
            bits |= 1 << TYPES[word.lower()]
        else:
            call.err(f"Invalid authentication type: {word}")
    for word in words[1].split(","):
        if word.lower() in LEVELS:
            data[LEVELS[word.lower()]] = bits
        else:
            call.err(f"Invalid authentication level: {word}")
    return await _written(call, channel, AUTH_ENABLES, bytes(data), f"auth {words[1]}", words[2])


async def _cipher_privileges(call: Call, channel: int, words: list[str]) -> int:
    if len(words) != 2:
        call.err(usage.CIPHER_PRIVILEGES)
        return 1
    levels = [] if words[1] == "help" else _levels(call, words[1])
    if not levels:
        call.err(usage.CIPHER_PRIVILEGES)
        return 0
    nibbles = [*levels, 0]
    data = bytes((0, *(low | high << 4 for low, high in zip(nibbles[::2], nibbles[1::2], strict=True))))
    return await _written(call, channel, SUITE_PRIVILEGES, data, "cipher_privs", words[1])


def _levels(call: Call, word: str) -> list[int]:
    """The levels of fifteen letters; none and a line on standard error if they are wrong."""
    size = len(raw(word))
    if size != SUITES:
        call.err(f"Invalid privilege specification length: {size}")
        return []
    wrong = next((letter for letter in word if letter not in PRIVILEGES), None)
    if wrong is not None:
        call.err(f"Invalid privilege specification char: {wrong}")
        return []
    return [PRIVILEGES[letter] for letter in word]


async def _bad_passwords(call: Call, channel: int, words: list[str]) -> int:
    if words[1:] == ["help"]:
        call.err(usage.BAD_PASSWORDS)
        return 0
    data = _threshold(words[1:5]) if len(words) >= 5 else None
    if data is None:
        call.err(usage.BAD_PASSWORDS)
        return 1
    return await _written(call, channel, BAD_PASSWORDS, data, "bad_pass_thresh", " ".join(words[1:5]))


def _threshold(words: list[str]) -> bytes | None:
    count, event = byte(words[0]), byte(words[1])
    reset, lockout = unsigned(words[2], 16), unsigned(words[3], 16)
    if count is None or event not in {0, 1} or reset is None or lockout is None:
        return None
    return bytes((event, count)) + reset.to_bytes(2, "little") + lockout.to_bytes(2, "little")


async def _user(call: Call, channel: int, words: list[str]) -> int:
    from baseboard.cli.ipmitool import lan_access

    del words
    return await lan_access.user(call, channel)


async def _password(call: Call, channel: int, words: list[str]) -> int:
    from baseboard.cli.ipmitool import lan_access

    return await lan_access.password(call, channel, words[1] if len(words) > 1 else None)


async def _access(call: Call, channel: int, words: list[str]) -> int:
    if len(words) < 2:
        call.err(usage.ACCESS)
        return 1
    if words[1] not in {"on", "off"}:
        call.err(usage.ACCESS)
        return 0 if words[1] == "help" else 1
    from baseboard.cli.ipmitool import lan_access

    return await lan_access.messaging(call, channel, on=words[1] == "on")


async def _alert(call: Call, channel: int, words: list[str]) -> int:
    on = len(words) > 1 and words[1] in {"on", "enable"}
    if len(words) < 2 or not (on or words[1] in {"off", "disable"}):
        call.err("LAN set alert must be 'on' or 'off'")
        return 1 if len(words) < 2 else 0
    from baseboard.cli.ipmitool import lan_access

    return await lan_access.alerting(call, channel, on=on)


Verb = Callable[["Call", int, list[str]], Awaitable[int]]

_VERBS: Final[dict[str, Verb]] = {
    "user": _user,
    "access": _access,
    "arp": _arp,
    "auth": _auth,
    "ipsrc": _source,
    "password": _password,
    "snmp": _community,
    "ipaddr": _address,
    "netmask": _address,
    "macaddr": _address,
    "defgw": _gateway,
    "bakgw": _gateway,
    "vlan": _vlan,
    "alert": _alert,
    "cipher_privs": _cipher_privileges,
    "bad_pass_thresh": _bad_passwords,
}
