"""The proof of CHAP."""

from __future__ import annotations

from baseboard.crypto.chap import proof


def test_4_1_the_hash_is_of_identifier_secret_and_challenge_in_this_order() -> None:
    # RFC 1321, A.5: MD5 ("message digest") = f96b697d7cb7938d525a2f31aaf161d0; its first letter is 109.
    assert proof(ord("m"), b"essage ", b"digest").hex() == "f96b697d7cb7938d525a2f31aaf161d0"
    assert proof(ord("m"), b"essage", b" digest").hex() == "f96b697d7cb7938d525a2f31aaf161d0"
    assert proof(0, b"secret", b"x") != proof(1, b"secret", b"x")
