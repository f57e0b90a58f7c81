"""``ipmitool channel getciphers``: the cipher suites that a channel offers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from baseboard.cli.ipmitool.questions import ask, known
from baseboard.cli.results.channel import CipherSuite
from baseboard.codes import PayloadType
from baseboard.commands.app.channels import GetChannelCipherSuites

if TYPE_CHECKING:
    from baseboard.cli.call import Call

AUTHENTICATION: Final = {0: "none", 1: "hmac_sha1", 2: "hmac_md5", 3: "hmac_sha256"}
INTEGRITY: Final = {0: "none", 1: "hmac_sha1_96", 2: "hmac_md5_128", 3: "md5_128", 4: "sha256_128"}
CONFIDENTIALITY: Final = {0: "none", 1: "aes_cbc_128", 2: "xrc4_128", 3: "xrc4_40"}

STANDARD, OEM = 0xC0, 0xC1
"""First bytes of the two kinds of records (Table 22-18)."""

PIECE, PIECES = 16, 0x40
SHOWN: Final = 12
"""ipmitool has room for a dozen suites and leaves out the others."""


async def show(call: Call, channel: int, *, sol: bool) -> int:
    """Print the suites of a channel."""
    data = b""
    for index in range(PIECES):
        answer = await ask(
            call,
            GetChannelCipherSuites(
                channel=channel,
                payload_type=PayloadType.SOL if sol else PayloadType.IPMI_MESSAGE,
                list_index=index,
            ),
        )
        if answer is None:
            call.err("Unable to Get Channel Cipher Suites")
            return 1
        if answer.code or not 1 <= len(answer.data) <= 1 + PIECE:
            call.err(f"Get Channel Cipher Suites failed: {answer.text()}")
            return 1
        data += answer.data[1:]
        if len(answer.data) <= PIECE:
            break
    if not call.csv:
        call.out("ID   IANA    Auth Alg        Integrity Alg   Confidentiality Alg")
    for suite in _suites(data)[:SHOWN]:
        call.result(suite)
        iana = "N/A" if suite.iana is None else f"{suite.iana:06x}"
        row = (suite.id, iana, suite.authentication, suite.integrity, suite.confidentiality)
        call.out(
            ",".join(str(cell) for cell in row)
            if call.csv
            else "{:<4d} {:<7} {:<15} {:<15} {:<15}".format(*row)
        )
    return 0


def _suites(data: bytes) -> list[CipherSuite]:
    """The records, up to the first that is none; ipmitool takes one of each algorithm (Table 22-18)."""
    found: list[CipherSuite] = []
    while data[:1] in (b"\xc0", b"\xc1"):
        size = 5 if data[0] == STANDARD else 8
        if len(data) < size:
            break
        record, data = data[:size], data[size:]
        iana = int.from_bytes(record[2:5], "little") if size == 8 else 0
        authentication, integrity, confidentiality = (tag & 0x3F for tag in record[-3:])
        found.append(
            CipherSuite(
                id=record[1],
                iana=iana or None,
                authentication=known(authentication, AUTHENTICATION),
                integrity=known(integrity, INTEGRITY),
                confidentiality=known(confidentiality, CONFIDENTIALITY),
            )
        )
    return found
