"""The cipher suites of RMCP+: where suite numbers and algorithms meet (§22.15.2, Table 22-19).

A suite names one algorithm of each kind. Consoles and controllers agree on the three algorithms during
Open Session; the suite's number is only used to list and to limit them (LAN parameters 22 to 24).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from baseboard.codes import AuthenticationAlgorithm, ConfidentialityAlgorithm, IntegrityAlgorithm
from baseboard.wire.value import Value

if TYPE_CHECKING:
    from collections.abc import Iterable


class CipherSuite(NamedTuple):
    """A row of Table 22-19.

    Attributes:
        id: cipher suite ID, 0-19 for the standard ones.
        authentication: how the handshake proves who is there, and what makes the keys.
        integrity: how packets are signed.
        confidentiality: how payloads are encrypted.
    """

    id: int
    authentication: AuthenticationAlgorithm
    integrity: IntegrityAlgorithm
    confidentiality: ConfidentialityAlgorithm


SUITES: dict[int, CipherSuite] = {
    number: CipherSuite(
        number,
        AuthenticationAlgorithm(authentication),
        IntegrityAlgorithm(integrity),
        ConfidentialityAlgorithm(confidentiality),
    )
    for number, authentication, integrity, confidentiality in (
        (0, 0, 0, 0),
        (1, 1, 0, 0),
        (2, 1, 1, 0),
        (3, 1, 1, 1),
        (4, 1, 1, 2),
        (5, 1, 1, 3),
        (6, 2, 0, 0),
        (7, 2, 2, 0),
        (8, 2, 2, 1),
        (9, 2, 2, 2),
        (10, 2, 2, 3),
        (11, 2, 3, 0),
        (12, 2, 3, 1),
        (13, 2, 3, 2),
        (14, 2, 3, 3),
        (15, 3, 0, 0),
        (16, 3, 4, 0),
        (17, 3, 4, 1),
        (18, 3, 4, 2),
        (19, 3, 4, 3),
    )
}
"""The standard suites by number."""

_BY_ALGORITHMS: dict[tuple[int, int, int], CipherSuite] = {suite[1:]: suite for suite in SUITES.values()}


def suite_for(authentication: int, integrity: int, confidentiality: int) -> CipherSuite | None:
    """Find the standard suite made of these three algorithms.

    Returns: the suite, or None where no suite combines them (status 11h of Open Session).
    """
    return _BY_ALGORITHMS.get((authentication, integrity, confidentiality))


STANDARD_RECORD: Final = 0xC0
OEM_RECORD: Final = 0xC1
_START: Final = 0xC0
_INTEGRITY: Final = 0x40
_CONFIDENTIALITY: Final = 0x80
_NUMBER: Final = 0x3F


class SuiteRecord(Value):
    """A cipher suite as a BMC lists it (Table 22-18).

    Attributes:
        id: its number; None where the BMC lists bare algorithms.
        iana: the maker's enterprise number of an OEM suite, else None.
        authentication: algorithm numbers, usually one; so are the others.
    """

    id: int | None
    iana: int | None
    authentication: tuple[int, ...]
    integrity: tuple[int, ...]
    confidentiality: tuple[int, ...]


def list_by_suite(suites: Iterable[CipherSuite]) -> bytes:
    """Answer Get Channel Cipher Suites by suite: the record data that is then cut into blocks of 16 bytes."""
    return b"".join(
        bytes((STANDARD_RECORD, suite.id, suite[1], _INTEGRITY | suite[2], _CONFIDENTIALITY | suite[3]))
        for suite in suites
    )


def list_algorithms(suites: Iterable[CipherSuite]) -> bytes:
    """Answer Get Channel Cipher Suites by algorithm: each one once, without records."""
    listed = list(suites)
    return bytes(
        tag | number
        for column, tag in ((1, 0), (2, _INTEGRITY), (3, _CONFIDENTIALITY))
        for number in sorted({int(suite[column]) for suite in listed})
    )


def read_records(data: bytes) -> list[SuiteRecord]:
    """Read the record data of Get Channel Cipher Suites, its blocks put together.

    A record that is cut off at the end is left out. Algorithms before the first record make one without
    a number: some BMCs list nothing else.
    """
    records: list[SuiteRecord] = []
    place = _algorithms_end(data, 0)
    if place:
        records.append(_record(None, None, data[:place]))
    while place < len(data):
        # Suite ID and IANA number may look like the start of a record, so they are skipped unseen.
        body = place + (5 if data[place] == OEM_RECORD else 2)
        end = _algorithms_end(data, body)
        if end > body:
            iana = int.from_bytes(data[place + 2 : body], "little") if data[place] == OEM_RECORD else None
            records.append(_record(data[place + 1], iana, data[body:end]))
        place = end
    return records


def _algorithms_end(data: bytes, place: int) -> int:
    """Find where the algorithm bytes from a place on end: at the next record or with the data."""
    while place < len(data) and data[place] < _START:
        place += 1
    return place


def _record(number: int | None, iana: int | None, algorithms: bytes) -> SuiteRecord:
    """Sort algorithm bytes by the tag in their upper two bits."""
    sorted_by_tag = (
        tuple(byte & _NUMBER for byte in algorithms if byte & _START == tag)
        for tag in (0, _INTEGRITY, _CONFIDENTIALITY)
    )
    return SuiteRecord(number, iana, *sorted_by_tag)
