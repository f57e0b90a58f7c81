"""SOL packets of the vectors, both directions."""

from __future__ import annotations

from typing import Any

from baseboard.rmcp.sol_packet import Operation, SolPacket, Status
from tests.session_vectors import octets, vectors

FLAGS: dict[str, dict[str, int]] = {
    "console_to_bmc": {"nack": Operation.NACK, "break": Operation.BREAK},
    "bmc_to_console": {
        "nack": Status.NACK,
        "unavailable": Status.UNAVAILABLE,
        "deactivating": Status.DEACTIVATED,
    },
}


@vectors("sol_payload")
def test_packets_both_ways(given: dict[str, Any], expected: dict[str, Any]) -> None:
    packet = SolPacket(
        sequence=given["seq"],
        acknowledged=given["ack_seq"],
        accepted=given["accepted"],
        flags=sum(FLAGS[given["dir"]][name] for name in given["flags"]),
        data=octets(given["data"]),
    )
    assert packet.encode() == octets(expected["payload"])
    assert SolPacket.decode(octets(expected["payload"])) == packet
