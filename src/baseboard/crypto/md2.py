"""The MD2 message digest (RFC 1319): v1.5 sessions may ask for it, and no crypto library has it any more."""

from __future__ import annotations

S = bytes.fromhex(
    "292e43c9a2d87c013d3654a1ecf0061362a705f3c0c7738c98932bd9bc4c82ca"
    "1e9b573cfdd4e01667426f188a17e512be4ec4d6da9ede49a0fbf58ebb2fee7a"
    "a968799115b2073f94c210890b225f21807f5d9a5a903227353ecce7bff79703"
    "ff1930b348a5b5d1d75e922aac56aac64fb838d296a47db676fc6be29c7404f1"
    "459d705964718720865bcf65e62da8021b6025adaeb0b9f61c46616934407e0f"
    "5547a323dd51af3ac35cf9cebac5ea262c530d6e85288409d3dfcdf441814d52"
    "6adc37c86cc1abfa24e17b080cbdb14a7888958be363e86de9cbd5fe3b001d39"
    "f2efb70e6658d0e4a67772f8eb754b0a314450b48fed1f1adb998d339f118314"
)
"""The permutation of 0-255 that RFC 1319 §3.2 makes from the digits of pi."""

BLOCK = 16
ROUNDS = 18


def md2(data: bytes) -> bytes:
    """Digest data.

    Returns: 16 bytes.
    """
    fill = BLOCK - len(data) % BLOCK
    padded = data + bytes((fill,)) * fill
    state = bytes(48)
    for start in range(0, len(padded), BLOCK):
        state = _absorb(state, padded[start : start + BLOCK])
    return _absorb(state, _checksum(padded))[:BLOCK]


def _checksum(padded: bytes) -> bytes:
    """The block that is appended (§3.2). Each byte is XORed *into* C, as the RFC's erratum says."""
    check, last = bytearray(BLOCK), 0
    for index, byte in enumerate(padded):
        last = check[index % BLOCK] = check[index % BLOCK] ^ S[byte ^ last]
    return bytes(check)


def _absorb(state: bytes, block: bytes) -> bytes:
    """Mix one block into the 48 bytes of state (§3.4)."""
    mixed = bytearray(state[:BLOCK] + block + bytes(a ^ b for a, b in zip(state, block, strict=False)))
    carry = 0
    for number in range(ROUNDS):
        for index, byte in enumerate(mixed):
            carry = mixed[index] = byte ^ S[carry]
        carry = (carry + number) & 0xFF
    return bytes(mixed)
