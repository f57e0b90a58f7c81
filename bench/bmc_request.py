"""BMC: processor time for one request, from ten sessions with four requests in flight each, cipher suite 3.

The time is the server's own, user and system; the client is a program in C. The peers: OpenIPMI's
``ipmi_sim``; pyghmi's ``fakebmc``, which knows Get Device ID alone of the three commands; and a responder in
C that keeps no state, the floor.
"""

from __future__ import annotations

from contextlib import ExitStack
from functools import partial

from bench import peers
from bench.measuring import OURS, Table, interleave, main, rounds

# What is asked, for `peers.load`: a sensor that all have, and of the first record what it has in all.
COMMANDS = {
    "Get Device ID": "0x06,0x01,",
    "Get Sensor Reading": "0x04,0x2d,01",
    "Get SDR, 16 bytes": "0x0a,0x23,000000000010",
}
SENSORS = 100


def cost(server: peers.Server, request: str, seconds: float) -> float:
    """Processor time of a server for one request, microseconds."""
    return peers.load(server, seconds=seconds, request=request).cpu_us


def measure(short: bool) -> list[Table]:
    """A table: command by command, who needs how long."""
    seconds = 0.3 if short else 2.0
    table = Table(
        "BMC: processor time for one request, 10 sessions with 4 in flight, suite 3",
        unit="µs",
        peer="ipmi_sim",
        goal="at most 1.0 of ipmi_sim; then 0.8",
    )
    with ExitStack() as started:
        servers = {
            "ipmi_sim": started.enter_context(peers.ipmi_sim(sensors=SENSORS)),
            "fakebmc": started.enter_context(peers.fakebmc()),
            "C responder": started.enter_context(peers.responder(sensors=SENSORS)),
            OURS: started.enter_context(peers.bmcs(sensors=SENSORS)),
        }
        for name, request in COMMANDS.items():
            taking_part = {
                who: partial(cost, server, request, seconds)
                for who, server in servers.items()
                if who != "fakebmc" or name == "Get Device ID"
            }
            table.add(name, interleave(taking_part, rounds(short)))
    return [table]


if __name__ == "__main__":
    main(measure)
