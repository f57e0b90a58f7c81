"""What the simulated host's firmware shows on the serial console, 80 by 24 and light on ANSI."""

from __future__ import annotations

from baseboard.bmc.backends.memory.boot import NO_MEDIUM, Boot
from baseboard.bmc.backends.memory.line import Script
from baseboard.bmc.blueprint import Blueprint
from baseboard.codes import BootDevice

CLEAR = "\x1b[2J\x1b[H"
BOLD, REVERSE, PLAIN = "\x1b[1m", "\x1b[7m", "\x1b[0m"
WIDTH = 80
RULE = "-" * WIDTH + "\n"

DEVICE_NAMES: dict[int, str] = {
    BootDevice.NO_OVERRIDE: "as set up",
    BootDevice.PXE: "network (PXE)",
    BootDevice.HARD_DRIVE: "disk",
    BootDevice.HARD_DRIVE_SAFE_MODE: "disk, safe mode",
    BootDevice.DIAGNOSTIC_PARTITION: "diagnostic partition",
    BootDevice.CD_DVD: "CD/DVD",
    BootDevice.BIOS_SETUP: "firmware setup",
    BootDevice.REMOTE_FLOPPY: "remote floppy",
    BootDevice.REMOTE_CD_DVD: "remote CD/DVD",
    BootDevice.PRIMARY_REMOTE_MEDIA: "remote media",
    BootDevice.REMOTE_HARD_DRIVE: "remote disk",
    BootDevice.FLOPPY: "floppy or removable medium",
}


def device_name(device: int) -> str:
    """A boot device in words."""
    return DEVICE_NAMES.get(device, f"device {device}, unknown here")


def banner(title: str) -> str:
    """A full line in reverse."""
    return f"{REVERSE} {title:<{WIDTH - 1}}{PLAIN}\n"


def dotted(label: str, text: str) -> str:
    """A line of the inventory."""
    return f"  {label + ' ':.<24} {text}\n"


def mac_text(blueprint: Blueprint) -> str:
    """The LAN's hardware address as text."""
    return ":".join(f"{byte:02x}" for byte in blueprint.lan.mac)


def inventory(blueprint: Blueprint) -> list[str]:
    """The lines of the machine's inventory."""
    host, identity = blueprint.host, blueprint.identity
    processor = f"{host.processor}, {host.cores} cores, {host.mhz / 1000:.2f} GHz"
    lines = [dotted(f"Processor {socket}", processor) for socket in range(host.sockets)]
    version = f"{identity.firmware_major}.{identity.firmware_minor}"
    bmc = f"IPMI 2.0, firmware {version}, {len(blueprint.sensors)} sensors"
    return [
        *lines,
        dotted("Management controller", bmc),
        dotted("Disk 0", host.disk),
        dotted("Network 0", f"{host.network}, {mac_text(blueprint)}"),
    ]


def obeyed(boot: Boot) -> list[str]:
    """What the boot options changed, a line each."""
    choice = boot.choice
    scope = "until cleared" if choice.persistent else "this time only"
    lines = [f"  Boot option: {device_name(choice.device)}, {scope}\n"] if choice.device else []
    if choice.clear_cmos:
        lines.append("  Boot option: settings cleared, defaults loaded\n")
    if choice.bypass_password:
        lines.append("  Boot option: setup password not asked for\n")
    if choice.lock_keyboard:
        lines.append("  Boot option: keyboard locked\n")
    return lines


def post(blueprint: Blueprint, boot: Boot) -> Script:
    """The power-on self test."""
    if boot.choice.console_redirection == 1:  # suppressed by the boot options: the screen stays local
        return ()
    host = blueprint.host
    mode = "UEFI" if boot.efi(blueprint) else "legacy"
    head = f"{CLEAR}{banner(f'{host.model}   firmware {host.firmware}   {mode} boot')}\n"
    if boot.quiet:
        return [(0.0, head), (0.9, "".join(obeyed(boot)))]
    script: list[tuple[float, str]] = [(0.0, head + f"  {blueprint.identity.name}\n\n")]
    for step in range(1, 9):
        tested = f"{host.memory_mib * step // 8} MiB" + (" good\n" if step == 8 else "")
        script.append(
            (0.05 * step, "\r" + dotted("Memory", tested).rstrip("\n") + ("\n" if step == 8 else ""))
        )
    lines = inventory(blueprint)
    script += [(0.42 + 0.3 * n / len(lines), line) for n, line in enumerate(lines)]
    if boot.verbose:
        guid = blueprint.identity.guid.hex()
        extra = dotted("System GUID", guid) + dotted(
            "Start", f"number {boot.number}, {boot.cause.name.lower()}"
        )
        script.append((0.74, extra))
    script.append((0.78, "\n" + "".join(obeyed(boot))))
    keys = (
        "  Keyboard locked.\n"
        if boot.choice.lock_keyboard
        else "  Press S for setup, N to boot from the network.\n"
    )
    script.append((0.80, keys + "\n"))
    if boot.choice.device in NO_MEDIUM:
        script.append((0.95, f"  {device_name(boot.choice.device)}: no medium, going on with the disk\n"))
    return script


def network(blueprint: Blueprint, boot: Boot) -> Script:
    """Booting from a network on which nobody answers."""
    mode = "IPv4, UEFI" if boot.efi(blueprint) else "IPv4, legacy"
    head = f"{CLEAR}{banner(f'Network boot ({mode})')}\n"
    script: list[tuple[float, str]] = [
        (
            0.0,
            head
            + dotted("Adapter", blueprint.host.network)
            + dotted("Hardware address", mac_text(blueprint)),
        ),
        (0.08, dotted("Link", "up, 1000 Mbit/s, full duplex") + "\n"),
    ]
    for attempt in range(3):
        begin = 0.12 + 0.26 * attempt
        script.append((begin, f"  DHCP discover, attempt {attempt + 1} of 3 "))
        script += [(begin + 0.04 * dot, ".") for dot in range(1, 5)]
        script.append((begin + 0.22, " no offer\n"))
    script.append((0.95, "\n  Nobody offers a boot file here; going on with the disk.\n"))
    return script


def diagnostics(blueprint: Blueprint, boot: Boot) -> Script:
    """The diagnostic partition: tests that always pass, then a key is awaited."""
    host = blueprint.host
    tests = [
        f"{host.sockets * host.cores} processor cores",
        f"{host.memory_mib} MiB of memory, moving inversions",
        f"{host.disk}, read of every sector",
        f"{host.network}, loop back",
        f"{len(blueprint.sensors)} sensors of the management controller",
    ]
    script: list[tuple[float, str]] = [(0.0, f"{CLEAR}{banner(f'{host.model}   diagnostics')}\n")]
    for n, test in enumerate(tests):
        begin = 0.05 + 0.18 * n
        script.append((begin, f"  {n + 1}. {test + ' ':.<52} "))
        script.append((begin + 0.15, "passed\n"))
    script.append((0.98, "\n  All tests passed. Press any key to restart the server.\n"))
    return script


def _main_page(blueprint: Blueprint, boot: Boot) -> list[str]:
    memory = dotted("Memory", f"{blueprint.host.memory_mib} MiB")
    return [dotted("Model", blueprint.host.model), dotted("Firmware", blueprint.host.firmware), memory]


def _boot_page(blueprint: Blueprint, boot: Boot) -> list[str]:
    mode = "UEFI" if boot.efi(blueprint) else "legacy"
    return [
        dotted("Boot mode", mode),
        dotted("Boot order", "disk, network, CD/DVD, removable medium"),
        dotted("Next boot, by the BMC", device_name(boot.choice.device)),
    ]


def _server_page(blueprint: Blueprint, boot: Boot) -> list[str]:
    identity, lan = blueprint.identity, blueprint.lan
    return [
        dotted("BMC name", identity.name),
        dotted("BMC firmware", f"{identity.firmware_major}.{identity.firmware_minor}"),
        dotted("LAN address", lan.ip),
        dotted("LAN hardware address", mac_text(blueprint)),
        dotted("Console redirection", "115200 bit/s, 8 bits, no parity, VT100"),
    ]


SETUP_PAGES = (("Main", _main_page), ("Boot", _boot_page), ("Server management", _server_page))


def setup(blueprint: Blueprint, boot: Boot, page: int) -> str:
    """One page of the setup screen, drawn whole."""
    tabs = "".join(
        f"{REVERSE} {name} {PLAIN}  " if n == page else f" {name}   "
        for n, (name, _) in enumerate(SETUP_PAGES)
    )
    body = SETUP_PAGES[page][1](blueprint, boot)
    body += ["\n"] * (16 - len(body))
    head = f"{CLEAR}{banner(f'{blueprint.host.model}   firmware setup')}  {tabs}\n{RULE}\n"
    return head + "".join(body) + f"{RULE}  Tab: next page      Enter: leave setup and start the server\n"
