"""The few files of the simulated host's operating system; what they say is made when they are read."""

from __future__ import annotations

from collections.abc import Callable

from baseboard.bmc.backends.memory.machine import Machine
from baseboard.bmc.backends.memory.system import host_name


def os_release(machine: Machine) -> str:
    """Which system this is."""
    name, _, version = machine.blueprint.host.system.rpartition(" ")
    return (
        f'PRETTY_NAME="{machine.blueprint.host.system}"\nNAME="{name}"\nVERSION_ID="{version}"\n'
        f"ID=simulated\n"
    )


def motd(machine: Machine) -> str:
    """What greets who logs in."""
    return (
        f"Welcome to {host_name(machine.blueprint)}, a server that Baseboard simulates.\n"
        "Nothing here is real but the BMC. Try sensors, ipmi, load 2, reboot, panic; or help.\n"
    )


def cpuinfo(machine: Machine) -> str:
    """A paragraph per processor core."""
    host = machine.blueprint.host
    paragraphs = (
        f"processor\t: {core}\nmodel name\t: {host.processor}\ncpu MHz\t\t: {host.mhz}.000\n"
        f"physical id\t: {core // host.cores}\n"
        for core in range(host.sockets * host.cores)
    )
    return "\n".join(paragraphs)


def meminfo(machine: Machine) -> str:
    """Memory in kB."""
    total, used = memory(machine)
    return f"MemTotal:       {total:>9} kB\nMemFree:        {total - used:>9} kB\n"


def memory(machine: Machine) -> tuple[int, int]:
    """Memory in kB.

    Returns: what there is, what is in use.
    """
    total = machine.blueprint.host.memory_mib * 1024 - 131072
    return total, int(total * min(0.95, 0.03 + 0.15 * machine.load))


def uptime(machine: Machine) -> str:
    """Seconds up, and seconds idle of all cores."""
    cores = machine.blueprint.host.sockets * machine.blueprint.host.cores
    return f"{machine.uptime():.2f} {machine.uptime() * cores * 0.97:.2f}\n"


def passwd(machine: Machine) -> str:
    """The accounts."""
    return "".join(
        f"{name}:x:{n}:{n}::/root:/bin/sh\n" for n, (name, _) in enumerate(machine.blueprint.host.accounts)
    )


def boot_log(machine: Machine) -> str:
    """The kernel's log."""
    return "".join(line + "\n" for line in machine.messages())


FILES: dict[str, Callable[[Machine], str]] = {
    "/etc/hostname": lambda machine: host_name(machine.blueprint) + "\n",
    "/etc/motd": motd,
    "/etc/os-release": os_release,
    "/etc/passwd": passwd,
    "/proc/cmdline": lambda machine: machine.boot.command_line() + "\n",
    "/proc/cpuinfo": cpuinfo,
    "/proc/meminfo": meminfo,
    "/proc/uptime": uptime,
    "/root/README": lambda machine: "Press the BMC's buttons, and watch this console.\n",
    "/var/log/boot": boot_log,
}


def resolve(path: str, directory: str) -> str:
    """A path made absolute, without ``.`` and ``..``."""
    parts: list[str] = []
    for part in (path if path.startswith("/") else f"{directory}/{path}").split("/"):
        if part == "..":
            del parts[-1:]
        elif part not in ("", "."):
            parts.append(part)
    return "/" + "/".join(parts)


def is_directory(path: str) -> bool:
    """Whether files lie below it."""
    return any(name.startswith(path.rstrip("/") + "/") for name in FILES)


def entries(path: str) -> list[str]:
    """What a directory holds; directories end in a slash."""
    prefix = path.rstrip("/") + "/"
    found: set[str] = set()
    for name in FILES:
        if name.startswith(prefix):
            first, slash, _ = name[len(prefix) :].partition("/")
            found.add(first + slash)
    return sorted(found)
