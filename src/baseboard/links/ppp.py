"""A PPP link over a serial line, from the first byte to IP packets: either end (RFC 1661, RFC 1332).

Bytes of the line go in by `receive`; what is to be sent is fetched by `outgoing`; `events` tell that the link
came up with its addresses, that it went down, and the IP packets that came. Time is an argument.
"""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass, field
from ipaddress import IPv4Address
from typing import Final, NamedTuple

from baseboard.links.ppp_automaton import Automaton, Code, Options, State, packet, read_packet
from baseboard.links.ppp_frame import ALL_CONTROLS, Buffer, Deframer, Frame, frame
from baseboard.links.ppp_proof import Outcome, Prover, Verifier
from baseboard.links.ppp_terms import CHAP, NOWHERE, PAP, AddressTerms, LinkTerms, Proof

LCP, IPCP, IP = 0xC021, 0x8021, 0x0021

_PROTOCOL_REJECT, _ECHO_REQUEST, _ECHO_REPLY, _DISCARD = 8, 9, 10, 11
_ASKED: Final = bytes((Code.CONFIGURE_REQUEST,))
_MAGIC_SIZE: Final = 4


class Phase(enum.Enum):
    """Where the link is (RFC 1661 §3.2)."""

    DEAD = "nothing is there"
    ESTABLISH = "the ends agree on the link itself"
    AUTHENTICATE = "they prove who they are"
    NETWORK = "they agree on addresses, and IP packets go"
    TERMINATE = "the link is being taken down"


class LinkUp(NamedTuple):
    """IP packets go from now on.

    Attributes:
        ours: our address.
        theirs: the other end's; 0.0.0.0 = it did not say.
        peer: name of who proved itself; empty = nobody had to.
    """

    ours: IPv4Address
    theirs: IPv4Address
    peer: bytes


class LinkDown(NamedTuple):
    """No more IP packets go.

    Attributes:
        reason: why, in words.
        unproven: the other end did not prove who it is.
    """

    reason: str
    unproven: bool = False


class Arrived(NamedTuple):
    """An IP packet came.

    Attributes:
        data: from its header on.
    """

    data: bytes


Event = LinkUp | LinkDown | Arrived


def _no_secret(name: bytes) -> bytes | None:
    del name
    return None


@dataclass(frozen=True, slots=True)
class PppSettings:
    """What an end of a link wants, and what it bears.

    Attributes:
        address: ours; 0.0.0.0 = the other end names one.
        fixed_address: ours is not changed.
        given: address for an end that has none.
        wanted: how the other end has to prove who it is.
        name: ours, for proofs.
        password: ours, for proofs; empty = we prove nothing.
        asks_as: ours, for challenges.
        offered: how we prove who we are, the best first.
        secret: gives the secret of a name of the other end; None = there is no such name.
        accm: control characters to be escaped on the way to us; None = all.
        filtered: of these, the ones that are ignored where they come unescaped.
        addressed: addresses are negotiated; else ours is taken to be known.
        pfc: take short protocol numbers.
        acfc: take frames without address and control.
        send_pfc: send short protocol numbers where the other end takes them.
        send_acfc: send without address and control where the other end takes that.
        least_accm: control characters that we escape whatever the other end says.
    """

    address: IPv4Address = NOWHERE
    fixed_address: bool = False
    given: IPv4Address = NOWHERE
    wanted: Proof = Proof.NONE
    name: bytes = b""
    password: bytes = field(default=b"", repr=False)
    asks_as: bytes = b""
    offered: tuple[Proof, ...] = (Proof.CHAP_MD5, Proof.PAP)
    secret: Callable[[bytes], bytes | None] = _no_secret
    accm: int | None = 0
    filtered: int = ALL_CONTROLS
    addressed: bool = True
    pfc: bool = True
    acfc: bool = True
    send_pfc: bool = True
    send_acfc: bool = True
    least_accm: int = 0


class PppLink:
    """One end of a link.

    Args:
        settings: what it wants and bears; what is changed holds when the link is negotiated next.
        random: gives that many unpredictable bytes.

    Attributes:
        settings: see above.
        phase: where the link is.
        terms: what was agreed on about the link.
        addresses: what was agreed on about addresses.
    """

    def __init__(self, settings: PppSettings, random: Callable[[int], bytes]) -> None:
        self.settings = settings
        self.phase = Phase.DEAD
        self._random = random
        self._out: list[bytes] = []
        self._events: list[Event] = []
        self._now = 0.0
        self._begin_anew()

    @property
    def is_up(self) -> bool:
        """Whether IP packets go."""
        return self._ipcp.state is State.OPENED

    @property
    def over(self) -> bool:
        """Whether the link has been taken down, by either end, or never was begun."""
        return self._lcp.state in (State.CLOSED, State.STOPPED, State.CLOSING)

    @property
    def _ended(self) -> bool:
        return self._lcp.state in (State.CLOSED, State.STOPPED)

    def open(self, now: float) -> None:
        """Begin to speak; the other end may begin as well."""
        self._now = now
        if self.phase is Phase.DEAD:
            self._begin_anew()
            self.phase = Phase.ESTABLISH
            self._lcp.open(now)

    def assume(self, heard: Options = ()) -> None:
        """Take the link to be up as it is set, without a word about it: others have negotiated it.

        Args:
            heard: options that the other end asked for of whom it negotiated with.
        """
        self._begin_anew()
        settings = self.settings
        self.terms.send_accm, self.terms.send_pfc, self.terms.send_acfc = settings.least_accm, True, True
        if heard:
            self.terms.judge(heard, final=True)
        self.addresses.theirs = settings.given
        self.phase = Phase.NETWORK
        self._lcp.assume()
        self._ipcp.assume()
        self._network_up()

    def close(self, now: float) -> None:
        """Take the link down, and tell the other end."""
        self._now = now
        self._lcp.close(now)

    def lost(self) -> None:
        """The line is gone: nobody is told."""
        was_up = self.is_up
        self.phase = Phase.DEAD
        self._begin_anew()
        self._out.clear()
        if was_up:
            self._events.append(LinkDown("the line is gone"))

    def send(self, data: bytes) -> bool:
        """Send an IP packet.

        Returns: whether the link is up.
        """
        if self.is_up:
            self._send(IP, data)
        return self.is_up

    def receive(self, data: Buffer, now: float) -> None:
        """Take what came over the line; a link that is down comes up when the other end begins."""
        self._now = now
        for found in self._deframer.receive(data):
            if found.protocol == LCP and found.data[:1] == _ASKED and self._ended:
                # Who begins again begins with nothing left of what was, and with the settings of now.
                self.phase = Phase.DEAD
                self.open(now)
            self._take(found)
            self._settle()

    def outgoing(self) -> list[bytes]:
        """Hand over what is to be sent over the line."""
        out, self._out = self._out, []
        return out

    def events(self) -> list[Event]:
        """Hand over what happened, oldest first."""
        events, self._events = self._events, []
        return events

    def deadline(self) -> float | None:
        """When `expire` is due."""
        due = [one.deadline() for one in self._timed()]
        return min((when for when in due if when is not None), default=None)

    def expire(self, now: float) -> None:
        """Repeat what got no answer."""
        self._now = now
        for one in self._timed():
            one.expire(now)
        self._settle()

    # ---- the parts

    def _begin_anew(self) -> None:
        settings = self.settings
        self.terms = LinkTerms(
            wanted=settings.wanted,
            offered=settings.offered if settings.password else (),
            accm=settings.accm,
            pfc=settings.pfc,
            acfc=settings.acfc,
            magic=int.from_bytes(self._random(_MAGIC_SIZE), "big"),
        )
        self.addresses = self._address_terms()
        self._deframer = Deframer(
            (ALL_CONTROLS if settings.accm is None else settings.accm) & settings.filtered
        )
        self._lcp = Automaton(self.terms, lambda data: self._send(LCP, data))
        self._lcp.on_up, self._lcp.on_down = self._link_up, self._link_down
        self._lcp.on_finished = self._link_finished
        self._ipcp = Automaton(self.addresses, lambda data: self._send(IPCP, data))
        self._ipcp.on_up, self._ipcp.on_down = self._network_up, self._network_down
        self._verifier: Verifier | None = None
        self._prover: Prover | None = None
        self._rejects = 0

    def _address_terms(self) -> AddressTerms:
        settings = self.settings
        return AddressTerms(
            ours=settings.address,
            fixed=settings.fixed_address,
            given=settings.given,
            silent=not settings.addressed,
        )

    def _timed(self) -> list[Automaton | Verifier | Prover]:
        optional = (self._verifier, self._prover)
        return [self._lcp, self._ipcp, *(one for one in optional if one is not None)]

    def _send(self, protocol: int, data: bytes) -> None:
        if protocol == LCP:
            # What negotiates the link goes as on a link about which nothing is known (RFC 1662 §7).
            self._out.append(frame(protocol, data))
            return
        terms, settings = self.terms, self.settings
        self._out.append(
            frame(
                protocol,
                data,
                accm=terms.send_accm | settings.least_accm,
                acfc=terms.send_acfc and settings.send_acfc,
                pfc=terms.send_pfc and settings.send_pfc,
            )
        )

    def _take(self, found: Frame) -> None:
        match found.protocol:
            case 0xC021:
                self._link_control(found.data)
            case 0xC023 | 0xC223 if self.phase in (Phase.AUTHENTICATE, Phase.NETWORK):
                for one in (self._verifier, self._prover):
                    if one is not None:
                        one.receive(found.protocol, found.data)
            case 0x8021 if self.phase is Phase.NETWORK:
                self._ipcp.receive(found.data, self._now)
            case 0x0021 if self.phase is Phase.NETWORK:
                if self.is_up:
                    self._events.append(Arrived(found.data))
            case 0xC023 | 0xC223 | 0x8021 | 0x0021:
                return
            case protocol if self._lcp.state is State.OPENED:
                self._reject(protocol, found.data)
            case _:
                return

    def _link_control(self, data: bytes) -> None:
        """LCP; what only an open link has is dealt with here (RFC 1661 §5.7-5.9)."""
        known = read_packet(data)
        if known is None or known[0] not in (_PROTOCOL_REJECT, _ECHO_REQUEST, _ECHO_REPLY, _DISCARD):
            self._lcp.receive(data, self._now)
            return
        code, identifier, body = known
        if self._lcp.state is not State.OPENED:
            return
        if code == _ECHO_REQUEST:
            answer = self.terms.magic.to_bytes(_MAGIC_SIZE, "big") + body[_MAGIC_SIZE:]
            self._send(LCP, packet(_ECHO_REPLY, identifier, answer))
        elif code == _PROTOCOL_REJECT and int.from_bytes(body[:2], "big") == IPCP:
            self._fail("the other end has no IP")

    def _reject(self, protocol: int, data: bytes) -> None:
        self._rejects = (self._rejects + 1) & 0xFF
        room = self.terms.mru - 6
        body = (protocol.to_bytes(2, "big") + data)[:room]
        self._send(LCP, packet(_PROTOCOL_REJECT, self._rejects, body))

    # ---- from phase to phase

    def _link_up(self) -> None:
        settings = self.settings
        if self.terms.wanted is not Proof.NONE:
            self._verifier = Verifier(
                self.terms.wanted, settings.asks_as, settings.secret, self._random, self._send
            )
            self._verifier.begin(self._now)
        if self.terms.proving is not Proof.NONE:
            self._prover = Prover(self.terms.proving, settings.name, settings.password, self._send)
            self._prover.begin(self._now)
        self.phase = Phase.AUTHENTICATE

    def _settle(self) -> None:
        """Go on where what was waited for has happened."""
        if self.terms.unwilling and self.phase is Phase.ESTABLISH:
            self._fail("the other end does not prove who it is", unproven=True)
        elif self.addresses.hopeless and self.phase is Phase.NETWORK:
            self._fail("the other end does not bear our address")
        elif self.phase is Phase.AUTHENTICATE:
            proofs = [one.outcome for one in (self._verifier, self._prover) if one is not None]
            if Outcome.FAILED in proofs:
                ours = self._verifier is None or self._verifier.outcome is not Outcome.FAILED
                self._fail("the proof of who is there failed", unproven=not ours)
            elif Outcome.OPEN not in proofs:
                self.phase = Phase.NETWORK
                self._ipcp.open(self._now)

    def _network_up(self) -> None:
        peer = b"" if self._verifier is None else self._verifier.peer
        self._events.append(LinkUp(self.addresses.ours, self.addresses.theirs, peer))

    def _network_down(self) -> None:
        self._events.append(LinkDown("the other end, or we, have ended it"))

    def _link_down(self) -> None:
        """What goes over the link goes down with it; it may be negotiated anew."""
        self._ipcp.down()
        self._verifier = self._prover = None
        self.addresses = self._address_terms()
        self._ipcp = Automaton(self.addresses, lambda data: self._send(IPCP, data))
        self._ipcp.on_up, self._ipcp.on_down = self._network_up, self._network_down
        self.terms.wanted, self.terms.unwilling = self.settings.wanted, False
        self.phase = Phase.TERMINATE if self._lcp.state is State.CLOSING else Phase.ESTABLISH

    def _link_finished(self) -> None:
        self.phase = Phase.DEAD
        self._begin_anew()

    def _fail(self, reason: str, *, unproven: bool = False) -> None:
        self._events.append(LinkDown(reason, unproven))
        self.phase = Phase.TERMINATE
        self._lcp.close(self._now)


__all__ = [
    "CHAP", "IP", "IPCP", "LCP", "PAP", "Arrived", "Event", "LinkDown", "LinkUp", "Phase", "PppLink",
    "PppSettings", "Proof",
]  # fmt: skip
