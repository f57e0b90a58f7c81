"""What a console is told before it logs in: who, as what, and which BMCs' habits to bear."""

from __future__ import annotations

from typing import Final

from baseboard.codes import Privilege
from baseboard.errors import EncodeError
from baseboard.rmcp.setup import LONGEST_NAME
from baseboard.wire.value import Value, told


class Login(Value, kw_only=True):
    """Who logs in, and as what.

    Attributes:
        username: at most 16 bytes; empty for the null user, and for a role-only login.
        password: at most 20 bytes; at most 16 for v1.5.
        kg: the BMC's key, at most 20 bytes; empty or all zero for a one-key login (v2.0).
        privilege: the highest level that the session is to have, and the one that it is raised to, 1-5.
        name_only: look the user up by name alone; if False by name and privilege, and with an empty
            name by privilege alone: a role-only login (v2.0, §13.20).
        guid: the GUID that the BMC must give in RAKP 2; None = any (v2.0).
        asked: the level that Open Session, RAKP 1 and Activate Session name where it differs from
            ``privilege``, which the session is then brought to; 0 = the highest that there is (v2.0).
        keep_lower: stay logged in at the level that the BMC grants when it refuses to raise it.
    """

    username: bytes = b""
    password: bytes = told(default=b"", repr=False)
    kg: bytes = told(default=b"", repr=False)
    privilege: int = Privilege.ADMINISTRATOR
    name_only: bool = True
    guid: bytes | None = None
    asked: int | None = None
    keep_lower: bool = False

    @property
    def level(self) -> int:
        """The level that the login itself asks for."""
        return self.privilege if self.asked is None else self.asked

    def _made(self) -> None:
        from baseboard.crypto.rakp import KEY_SIZE  # cryptography, which who names a quirk does not need

        for what, value, limit in (
            ("user name", self.username, LONGEST_NAME),
            ("password", self.password, KEY_SIZE),
            ("K_G", self.kg, KEY_SIZE),
        ):
            if len(value) > limit:
                raise EncodeError(f"Login: a {what} has at most {limit} bytes, not {len(value)}")
        if not Privilege.CALLBACK <= self.privilege <= Privilege.OEM:
            raise EncodeError(f"Login: privilege {self.privilege} is not 1-5 (§6.8)")


class Quirks(Value, kw_only=True):
    """Departures from the specification that a console tolerates when it is told to.

    Attributes:
        no_icv: accept RAKP 4 without its integrity check value; then nothing proves K_G.
        ignore_checksums: accept IPMI messages whose checksums are wrong.
        ignore_authcodes: accept v1.5 packets whose AuthCode is wrong or missing.
        ignore_bridged_authcodes: the same, of answers of controllers behind the BMC alone.
        zero_ids: accept v1.5 packets of session 0 whose AuthCode is right.
        swapped_numbers: accept v1.5 packets whose session sequence number has its bytes the wrong way round.
        padded_names: fill user names up to 16 bytes, cut passwords to 16 for HMAC-MD5, look users up by name
            and level, and check RAKP 4 by the integrity algorithm.
        always_authenticate: send v1.5 AuthCodes even where the BMC says that it wants none.
        ahead: how far a session sequence number may be above the highest one seen.
        behind: how far below.
    """

    no_icv: bool = False
    ignore_checksums: bool = False
    ignore_authcodes: bool = False
    ignore_bridged_authcodes: bool = False
    zero_ids: bool = False
    swapped_numbers: bool = False
    padded_names: bool = False
    always_authenticate: bool = False
    # §6.12.9 asks for 8 and some BMCs keep to 15 and 16, but others skip numbers, and a burst of lost
    # answers must not end a session; each number is accepted once all the same.
    ahead: int = 64
    behind: int = 16


NO_QUIRKS: Final = Quirks()
