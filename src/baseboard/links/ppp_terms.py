"""What the ends of a PPP link may ask of each other: the options of LCP and IPCP (RFC 1661 §6, RFC 1332)."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from ipaddress import IPv4Address
from typing import Final

from baseboard.crypto import chap
from baseboard.links.ppp_automaton import Code, Options, Verdict
from baseboard.links.ppp_frame import ALL_CONTROLS

PAP, CHAP = 0xC023, 0xC223
NOWHERE: Final = IPv4Address(0)

_MRU, _ACCM, _AUTHENTICATION, _MAGIC, _PFC, _ACFC = 1, 2, 3, 5, 7, 8
_ADDRESS: Final = 3
_SMALLEST_MRU: Final = 128
_USUAL_MRU: Final = 1500
_SIZES: Final = {_MRU: 2, _ACCM: 4, _MAGIC: 4, _PFC: 0, _ACFC: 0}
_INSISTS: Final = 3


class Proof(enum.Enum):
    """How an end proves who it is."""

    NONE = b""
    PAP = PAP.to_bytes(2, "big")
    CHAP_MD5 = CHAP.to_bytes(2, "big") + bytes((chap.MD5,))


@dataclass(slots=True)
class LinkTerms:
    """Options of LCP; also what both ends agreed on.

    Attributes:
        wanted: how the other end is to prove who it is; NONE = it need not.
        offered: how we can prove who we are, the best first.
        accm: control characters that are to be escaped on the way to us; None = all, as without the option.
        pfc: offer to take short protocol numbers.
        acfc: offer to take frames without address and control.
        magic: our magic number.
        send_accm: control characters that the other end wants escaped.
        send_pfc: the other end takes short protocol numbers.
        send_acfc: the other end takes frames without address and control.
        proving: how we are to prove who we are.
        mru: longest information field that the other end takes.
        unwilling: the other end will not prove who it is.
    """

    wanted: Proof = Proof.NONE
    offered: tuple[Proof, ...] = ()
    accm: int | None = 0
    pfc: bool = True
    acfc: bool = True
    magic: int = 0
    send_accm: int = ALL_CONTROLS
    send_pfc: bool = False
    send_acfc: bool = False
    proving: Proof = Proof.NONE
    mru: int = _USUAL_MRU
    unwilling: bool = False

    def request(self) -> Options:
        """See `Terms`."""
        found: list[tuple[int, bytes]] = []
        if self.accm is not None:
            found.append((_ACCM, self.accm.to_bytes(4, "big")))
        if self.wanted is not Proof.NONE:
            found.append((_AUTHENTICATION, self.wanted.value))
        if self.magic:
            found.append((_MAGIC, self.magic.to_bytes(4, "big")))
        if self.pfc:
            found.append((_PFC, b""))
        if self.acfc:
            found.append((_ACFC, b""))
        return tuple(found)

    def judge(self, options: Options, *, final: bool) -> Verdict:
        """See `Terms`."""
        rejected = tuple(one for one in options if not self._known(*one))
        if rejected:
            return Verdict(Code.CONFIGURE_REJECT, rejected)
        unborne = tuple(self._counter(*one) for one in options if not self._borne(*one))
        if unborne and final:
            kinds = {kind for kind, _ in unborne}
            return Verdict(Code.CONFIGURE_REJECT, tuple(one for one in options if one[0] in kinds))
        if unborne:
            return Verdict(Code.CONFIGURE_NAK, unborne)
        self._agree(dict(options))
        return Verdict(Code.CONFIGURE_ACK, options)

    def refused(self, options: Options, *, rejected: bool) -> None:
        """See `Terms`; what the other end will not do is not asked for again."""
        for kind, data in options:
            match kind:
                case 2:
                    self.accm = None if rejected or len(data) != _SIZES[_ACCM] else self._both(data)
                case 3:
                    # What it would do instead is another proof, which was not asked for.
                    self.unwilling = True
                case 5:
                    self.magic = 0 if rejected else (self.magic * 5 + 1) & 0xFFFFFFFF
                case 7:
                    self.pfc = False
                case 8:
                    self.acfc = False
                case _:
                    continue

    def _both(self, data: bytes) -> int:
        return (self.accm or 0) | int.from_bytes(data, "big")

    def _known(self, kind: int, data: bytes) -> bool:
        if kind == _AUTHENTICATION:
            return bool(self.offered)
        return kind in _SIZES and len(data) == _SIZES[kind]

    def _borne(self, kind: int, data: bytes) -> bool:
        match kind:
            case 1:
                return int.from_bytes(data, "big") >= _SMALLEST_MRU
            case 3:
                return any(data == one.value for one in self.offered)
            case 5:
                # Our own number means that the line leads back to us (RFC 1661 §6.4).
                return not self.magic or int.from_bytes(data, "big") != self.magic
            case _:
                return True

    def _counter(self, kind: int, data: bytes) -> tuple[int, bytes]:
        """What would be borne in the place of an option."""
        if kind == _MRU:
            return kind, _USUAL_MRU.to_bytes(2, "big")
        if kind == _AUTHENTICATION:
            return kind, self.offered[0].value
        return kind, ((int.from_bytes(data, "big") ^ 0x5A5A5A5A) & 0xFFFFFFFF).to_bytes(4, "big")

    def _agree(self, options: dict[int, bytes]) -> None:
        self.send_accm = int.from_bytes(options.get(_ACCM, ALL_CONTROLS.to_bytes(4, "big")), "big")
        self.send_pfc, self.send_acfc = _PFC in options, _ACFC in options
        self.mru = int.from_bytes(options.get(_MRU, _USUAL_MRU.to_bytes(2, "big")), "big")
        asked = options.get(_AUTHENTICATION, b"")
        self.proving = next((one for one in self.offered if one.value == asked), Proof.NONE)


@dataclass(slots=True)
class AddressTerms:
    """Options of IPCP; also what both ends agreed on.

    Attributes:
        ours: our address; 0.0.0.0 = the other end names one.
        fixed: it is not changed for another one; the third time that it is refused there is no link.
        given: address for an end that has none; 0.0.0.0 = it must have one.
        theirs: address of the other end.
        insisted: how often another address was proposed to us and not taken.
        silent: nothing is said about our address.
    """

    ours: IPv4Address = NOWHERE
    fixed: bool = False
    given: IPv4Address = NOWHERE
    theirs: IPv4Address = NOWHERE
    insisted: int = 0
    silent: bool = False

    def request(self) -> Options:
        """See `Terms`."""
        return () if self.silent else ((_ADDRESS, self.ours.packed),)

    def judge(self, options: Options, *, final: bool) -> Verdict:
        """See `Terms`."""
        rejected = tuple(
            (kind, data) for kind, data in options if kind != _ADDRESS or len(data) != len(NOWHERE.packed)
        )
        if rejected:
            return Verdict(Code.CONFIGURE_REJECT, rejected)
        if not options:
            # An end that says nothing of its address has the one that it is known to have.
            self.theirs = self.given
            return Verdict(Code.CONFIGURE_ACK, options)
        asked = IPv4Address(dict(options)[_ADDRESS])
        if asked == NOWHERE:
            if self.given == NOWHERE or final:
                return Verdict(Code.CONFIGURE_REJECT, options)
            return Verdict(Code.CONFIGURE_NAK, ((_ADDRESS, self.given.packed),))
        self.theirs = asked
        return Verdict(Code.CONFIGURE_ACK, options)

    def refused(self, options: Options, *, rejected: bool) -> None:
        """See `Terms`."""
        for kind, data in options:
            if kind != _ADDRESS or len(data) != len(NOWHERE.packed):
                continue
            if rejected:
                self.silent = True
            elif self.fixed:
                self.insisted += 1
            else:
                self.ours = IPv4Address(data)

    @property
    def hopeless(self) -> bool:
        """Whether the ends cannot come to an agreement about our address."""
        return self.insisted >= _INSISTS
