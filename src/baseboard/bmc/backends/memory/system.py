"""What the simulated host's boot loader and operating system print on the serial console."""

from __future__ import annotations

import time

from baseboard.bmc.backends.memory.boot import Boot, Source
from baseboard.bmc.backends.memory.firmware import CLEAR, mac_text
from baseboard.bmc.backends.memory.line import Script
from baseboard.bmc.blueprint import Blueprint

GREEN, PLAIN = "\x1b[32m", "\x1b[0m"
BOX = 74


def stamp(seconds: float) -> str:
    """A kernel message's time."""
    return f"[{seconds:12.6f}] "


def host_name(blueprint: Blueprint) -> str:
    """The server's name as a host name."""
    name = "".join(
        letter if letter.isalnum() or letter in "-." else "-" for letter in blueprint.identity.name
    )
    return name.strip("-.").lower() or "localhost"


def loader(blueprint: Blueprint, boot: Boot) -> Script:
    """The boot loader's menu, and its count-down."""
    if boot.choice.console_redirection == 1:
        return ()
    system = blueprint.host.system + (" (from CD/DVD)" if boot.source is Source.CD else "")
    entries = [system, f"{system}, safe mode", "Firmware setup"]
    marked = 1 if boot.safe else 0
    frame = "  +" + "-" * BOX + "+\n"
    rows = [
        f"  |{'*' if n == marked else ' '} {n + 1}. {entry:<{BOX - 5}}|\n" for n, entry in enumerate(entries)
    ]
    menu = f"{CLEAR}\n  Boot menu of {host_name(blueprint)}\n{frame}{''.join(rows)}{frame}\n"
    ask = "\r  1 to 3 starts an entry, Enter the marked one; it starts by itself in {}s."
    return [(0.0, menu), *((0.2 * (3 - left), ask.format(left)) for left in (3, 2, 1)), (0.9, "\n\n")]


def kernel_messages(blueprint: Blueprint, boot: Boot, seconds: float) -> Script:
    """The kernel's log of one boot, whether or not it is shown.

    Args:
        blueprint: the server.
        boot: the start.
        seconds: how long the kernel and the services take.
    """
    host, mac = blueprint.host, mac_text(blueprint)
    cores = host.sockets * host.cores
    date = time.strftime("%Y-%m-%dT%H:%M:%S UTC", time.gmtime(boot.wall))
    disk = "sr0: CD/DVD, 680 MiB" if boot.source is Source.CD else f"sda: {host.disk}, partitions sda1 sda2"
    texts = [
        f"Linux version {host.kernel} (simulated by Baseboard) #1 SMP",
        f"Command line: {boot.command_line()}",
        f"x86: {host.processor}, {host.mhz} MHz",
        f"Memory: {host.memory_mib * 1024 - 131072}K/{host.memory_mib * 1024}K available",
        "efi: runtime services version 2.7" if boot.efi(blueprint) else "bios: legacy boot, no EFI services",
        f"dmi: {host.model}, firmware {host.firmware}",
        f"smp: brought up {cores} CPUs, sockets: {host.sockets}",
        f"rtc: system clock set to {date}",
        "serial8250: ttyS0 at I/O 0x3f8 (irq = 4) is a 16550A",
        "pci: root bus 0000:00, 23 devices",
        "usb: 2 hubs, 1 device",
        "ipmi_si: KCS interface at I/O 0xca2, register spacing 1",
        f"ipmi: BMC found, {len(blueprint.sensors)} sensors, watchdog not started",
        f"net eth0: {host.network}, {mac}",
        f"scsi: {disk}",
        f"ext4: {'/dev/sr0' if boot.source is Source.CD else '/dev/sda2'} mounted read-only",
        "random: generator initialised",
        "init: process 1 starts" + (", single user" if boot.safe else ""),
        "ext4: / mounted read-write" if boot.source is Source.DISK else "overlay: / mounted in memory",
        "net eth0: link up, 1000 Mbit/s, full duplex",
    ]
    if boot.verbose:
        texts[10:10] = [f"pci 0000:00:{slot:02x}.0: device {slot}, enabled" for slot in range(4, 12)]
    # most of it comes at once, then the drivers take their time
    places = [0.62 * (n / len(texts)) ** 2 for n in range(len(texts))]
    return [(at, f"{stamp(at * seconds)}{text}\n") for at, text in zip(places, texts, strict=True)]


SERVICES = (
    "Journal",
    "Device events",
    "Local file systems",
    "Network",
    "Time synchronisation",
    "IPMI event daemon",
)
RESCUE_SERVICES = ("Journal", "Device events", "Local file systems")


def kernel(blueprint: Blueprint, boot: Boot, seconds: float) -> Script:
    """From the kernel's first word to the login prompt."""
    script = [] if boot.quiet else list(kernel_messages(blueprint, boot, seconds))
    services = RESCUE_SERVICES if boot.safe else SERVICES
    if not boot.quiet:
        for n, service in enumerate(services):
            script.append((0.66 + 0.05 * n, f"[{GREEN}  OK  {PLAIN}] {service} started\n"))
    script.append((1.0, issue(blueprint, boot)))
    return script


def issue(blueprint: Blueprint, boot: Boot) -> str:
    """What stands above the login prompt; it tells how to log in, for this host is a demonstration."""
    host = blueprint.host
    mode = ", safe mode" if boot.safe else ", live system" if boot.source is Source.CD else ""
    hint = ""
    if host.accounts:
        name, password = host.accounts[0]
        word = f'the password "{password}"' if password else "no password"
        hint = f'This host is simulated: log in as "{name}" with {word}.\n'
    return f"\n{host.system} on {host_name(blueprint)} (ttyS0{mode})\n{hint}\n{host_name(blueprint)} login: "


def farewell(uptime: float, seconds: float, last: str) -> Script:
    """Shutting down.

    Args:
        uptime: of the system as it begins.
        seconds: how long it takes.
        last: the kernel's last word.
    """
    script: list[tuple[float, str]] = [(0.0, "\n\nThe system is going down NOW.\n")]
    for n, service in enumerate(reversed(SERVICES)):
        script.append((0.08 + 0.12 * n, f"[{GREEN}  OK  {PLAIN}] {service} stopped\n"))
    script.append((0.85, f"{stamp(uptime + 0.85 * seconds)}ext4: / mounted read-only\n"))
    script.append((0.95, f"{stamp(uptime + 0.95 * seconds)}{last}\n"))
    return script


def interrupt_report(cores: int) -> list[str]:
    """The kernel's words on a diagnostic interrupt (NMI)."""
    return [
        "NMI: diagnostic interrupt received, reason 2c, on CPU 0",
        f"NMI: 1 of {cores} CPUs dumped; process 0, swapper/0, kernel mode",
        "RIP: 0010:cpu_idle+0x1a/0x30   RSP: 0018:ffffa6c0000b7ec8",
        "Call trace:",
        " do_idle+0x1d2/0x230",
        " cpu_startup_entry+0x19/0x20",
        " start_secondary+0x115/0x140",
        "NMI: no handler for it; going on",
    ]


def panic_report(reason: str) -> list[str]:
    """The kernel's last words."""
    return [
        f"Kernel panic - not syncing: {reason}",
        "CPU: 0  process 1, init   simulated",
        "Call trace:",
        " panic+0x107/0x2c4",
        " handle_trigger+0x16/0x20",
        " vfs_write+0xc3/0x250",
        f"---[ end: {reason}; reset the server to go on ]---",
    ]
