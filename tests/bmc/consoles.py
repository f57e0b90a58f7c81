"""Consoles in memory in front of a whole BMC with its LAN channel, all on one virtual time."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any, TypeVar, cast

from baseboard.bmc.blueprint import Blueprint, LanSpec, UserSpec
from baseboard.bmc.lan_endpoint import LanEndpoint
from baseboard.bmc.store import MemoryStore
from baseboard.codes import PayloadType, Privilege
from baseboard.commands.app.payload import ActivatePayload, ActivatePayloadResponse, SolActivation
from baseboard.commands.declaration import Request, Response
from baseboard.crypto.suites import SUITES
from baseboard.errors import CompletionError
from baseboard.rmcp.console import Console
from baseboard.rmcp.console_events import (
    Answered,
    Event,
    PayloadArrived,
    SessionOpened,
    Unanswered,
)
from baseboard.rmcp.console_v15 import ConsoleV15
from baseboard.rmcp.console_v20 import ConsoleV20
from baseboard.rmcp.flight import Pace
from baseboard.rmcp.login import Login
from baseboard.rmcp.machine import Address
from baseboard.rmcp.session import Session
from baseboard.rmcp.sol import Characters
from baseboard.rmcp.sol_console import ConsoleNotice, SolConsole
from baseboard.testing.clock import VirtualClock
from tests.bmc.fakes import BLUEPRINT, FakePower, FakeSerial
from tests.bmc.harness import Bench

R = TypeVar("R", bound=Response)

ADMIN = UserSpec(2, b"admin", b"adminpw", size=16, privilege=int(Privilege.ADMINISTRATOR))
OPERATOR = UserSpec(3, b"oper", b"operpw", size=16, privilege=int(Privilege.OPERATOR))
VIEWER = UserSpec(4, b"viewer", b"viewerpw", size=16, privilege=int(Privilege.USER))
EVERYBODY = (ADMIN, OPERATOR, VIEWER)
LAN = 1
MD5 = 2
OPEN_LAN = LanSpec(suites=tuple((suite, 4) for suite in (0, 1, 2, 3, 8, 12, 17)), auth_types=0x17)
SOL = int(PayloadType.SOL)


class LanBench(Bench):
    """A BMC whose LAN channel is a wire in memory.

    Attributes:
        endpoint: the LAN channel.
        terminals: the consoles on the wire, by address.
        stray: datagrams for nobody.
        loss: share of datagrams that never arrive, 0-1, either way.
    """

    def __init__(self, blueprint: Blueprint, store: MemoryStore, clock: VirtualClock) -> None:
        super().__init__(blueprint, store, clock)
        self.drawn = random.Random(3)
        self.endpoint = LanEndpoint(self.controller, self.drawn.randbytes, clock)
        self.endpoint.bind(self._deliver)
        self.terminals: dict[Address, Terminal] = {}
        self.stray: list[tuple[bytes, Address]] = []
        self.loss = 0.0
        self._flying: list[tuple[bytes, Terminal]] = []

    @property
    def serial(self) -> FakeSerial:
        """The host's serial line."""
        assert self.backend.serial is not None
        return self.backend.serial

    @property
    def power(self) -> FakePower:
        """The host's power lines."""
        assert self.backend.power is not None
        return self.backend.power

    def _deliver(self, data: bytes, address: Address) -> None:
        terminal = self.terminals.get(address)
        if terminal is None:
            self.stray.append((data, address))
        else:
            self._flying.append((data, terminal))

    def terminal(self, console: Console, address: Address | None = None) -> Terminal:
        """Put a console on the wire."""
        address = address or ("192.0.2.1", 40000 + len(self.terminals))
        self.terminals[address] = made = Terminal(self, console, address)
        return made

    def login(
        self, user: UserSpec = ADMIN, suite: int = 3, *, privilege: int | None = None, version: int = 20
    ) -> Terminal:
        """A console that has logged in: by an RMCP+ suite, or as v1.5 with MD5."""
        level = user.privilege if privilege is None else privilege
        login = Login(username=user.name, password=user.password, privilege=level)
        terminal = self.attempt(login, suite, version=version)
        assert isinstance(terminal.events[-1], SessionOpened), terminal.events
        return terminal

    def attempt(self, login: Login, suite: int = 3, *, version: int = 20) -> Terminal:
        """A console that has tried to log in, as patiently as consoles are."""
        pace = Pace(0.5, 0.25, 5)
        console: Console = ConsoleV20(login, SUITES[suite], self.drawn.randbytes, pace=pace)
        if version != 20:
            console = ConsoleV15(login, MD5, self.drawn.randbytes, pace=pace)
        terminal = self.terminal(console)
        console.open(self.clock.now())
        self.settle()
        if not terminal.events:
            self.advance(60)
        return terminal

    def carry(self, data: bytes, address: Address) -> list[bytes]:
        """Deliver a datagram from where there is no terminal; returns what comes back."""
        self.endpoint.receive(data, address)
        sent, self.stray = self.stray, []
        return [datagram for datagram, to in sent if to == address]

    def settle(self) -> None:
        """Carry datagrams to and fro until nobody has anything to say at this moment."""
        self.clock.advance(0)
        talking = True
        while talking:
            talking = False
            for terminal in tuple(self.terminals.values()):
                for data in terminal.take_outgoing():
                    talking = True
                    if self.drawn.random() >= self.loss:
                        self.endpoint.receive(data, terminal.address)
            self.clock.advance(0)
            flying, self._flying = self._flying, []
            for data, terminal in flying:
                talking = True
                if self.drawn.random() >= self.loss:
                    terminal.receive(data)

    def advance(self, seconds: float) -> None:
        """Let time pass for the BMC and for every console."""
        end = self.clock.now() + seconds
        while True:
            self.settle()
            due = min(self._deadlines(), default=None)
            if due is None or due > end:
                break
            self.clock.advance_to(due)
            for terminal in self.terminals.values():
                terminal.expire()
        self.clock.advance_to(end)
        self.settle()

    def _deadlines(self) -> list[float]:
        dues = [self.clock.next_due(), *(terminal.deadline() for terminal in self.terminals.values())]
        return [due for due in dues if due is not None]


class Terminal:
    """A console of somebody, with SOL in it where it was activated.

    Attributes:
        events: what its session reported.
        screen: what SOL brought.
        notices: what else SOL reported.
        sealed: for each SOL packet that came, whether it was sent encrypted.
        statuses: byte 4 of each of them (Table 15-2).
        sol_signed, sol_encrypted: how its own SOL packets go.
        unplugged: nothing of what it sends or is sent arrives.
    """

    def __init__(self, bench: LanBench, console: Console, address: Address) -> None:
        self.bench, self.console, self.address = bench, console, address
        self.events: list[Event] = []
        self.sol: SolConsole | None = None
        self.sol_signed = self.sol_encrypted = True
        self.screen = bytearray()
        self.notices: list[ConsoleNotice] = []
        self.sealed: list[bool] = []
        self.statuses: list[int] = []
        self.unplugged = False
        self._early: list[bytes] = []

    @property
    def session(self) -> Session:
        """The BMC's side of the session."""
        return self.bench.endpoint.table.sessions[self.console.bmc_session_id]

    @property
    def alive(self) -> bool:
        """Whether the BMC still has the session."""
        return self.console.bmc_session_id in self.bench.endpoint.table.sessions

    def ask(self, netfn: int, cmd: int, data: bytes = b"", lun: int = 0) -> bytes | None:
        """Completion code and data of the answer to a request; None = there is none."""
        token = self.console.request(netfn, cmd, data, self.bench.clock.now(), rs_lun=lun)
        self.bench.settle()
        if not self._ends_of(token):
            self.bench.advance(30)
        (end,) = self._ends_of(token)
        return end.data if isinstance(end, Answered) else None

    def _ends_of(self, token: int) -> list[Answered | Unanswered]:
        return [
            event
            for event in self.events
            if isinstance(event, Answered | Unanswered) and event.token == token
        ]

    def execute(self, request: Request[R]) -> R:
        """The response to one request.

        Raises:
            CompletionError: it was refused.
        """
        known = request.command
        answer = self.ask(known.netfn, known.cmd, request.encode())
        assert answer is not None
        if answer[0]:
            raise CompletionError(answer[0])
        return cast(R, known.response.decode(answer[1:]))

    def activate_sol(
        self,
        *,
        encrypted: bool = True,
        authenticated: bool = True,
        handshake: bool = False,
        ready: bool = True,
        instance: int = 1,
        test_mode: bool = False,
    ) -> ActivatePayloadResponse:
        """Activate SOL and begin to listen; with a handshake the first packet says that it is ready."""
        wanted = SolActivation(
            encrypted=encrypted, authenticated=authenticated, handshake=handshake, test_mode=test_mode
        )
        request = ActivatePayload(payload_type=PayloadType.SOL, instance=instance, auxiliary=wanted.encode())
        console = self.console
        assert isinstance(console, ConsoleV20)
        # It listens before it asks, to hear whether the BMC speaks before it answers.
        console.accept_payload(SOL, authenticated=False, encrypted=False)
        before = len(self.events)
        answer = self.execute(request)
        assert isinstance(self.events[before], Answered)
        self.sol_signed, self.sol_encrypted = authenticated, encrypted
        self.sol = SolConsole(answer.inbound_size, self.bench.clock.now(), handshake=handshake and ready)
        early, self._early = self._early, []
        for payload in early:
            self._listen(payload)
        self.bench.settle()
        return answer

    def type(self, text: bytes) -> None:
        """Type into SOL."""
        assert self.sol is not None
        self.sol.write(text, self.bench.clock.now())
        self.bench.settle()

    # ---- what the wire does with it

    def take_outgoing(self) -> list[bytes]:
        console, now = self.console, self.bench.clock.now()
        if self.sol is not None and isinstance(console, ConsoleV20):
            for payload in self.sol.outgoing():
                console.send_payload(
                    SOL, payload, now, authenticated=self.sol_signed, encrypted=self.sol_encrypted
                )
        outgoing = console.outgoing()
        return [] if self.unplugged else outgoing

    def receive(self, data: bytes) -> None:
        if self.unplugged:
            return
        self.console.receive(data, self.bench.clock.now())
        for event in self.console.events():
            if not isinstance(event, PayloadArrived):
                self.events.append(event)
                continue
            self.sealed.append(bool(data[5] & 0x80))
            if self.sol is None:
                assert isinstance(self.events[-1], Answered), "SOL came before the answer to its activation"
                self._early.append(event.data)
            else:
                self._listen(event.data)

    def _listen(self, payload: bytes = b"") -> None:
        """Take a SOL packet, and what came of it."""
        assert self.sol is not None
        if payload:
            self.statuses.append(payload[3])
        self.sol.receive(payload, self.bench.clock.now())
        for event in self.sol.events():
            if isinstance(event, Characters):
                self.screen += event.data
            else:
                self.notices.append(event)

    def deadline(self) -> float | None:
        dues = [self.console.deadline(), None if self.sol is None else self.sol.deadline()]
        return min((due for due in dues if due is not None), default=None)

    def expire(self) -> None:
        now = self.bench.clock.now()
        self.console.expire(now)
        self.events += self.console.events()
        if self.sol is not None:
            self.sol.expire(now)
            self._listen()


def make_lan_bmc(
    *, users: tuple[UserSpec, ...] = EVERYBODY, lan: LanSpec = OPEN_LAN, **changes: Any
) -> LanBench:
    """A BMC with a LAN channel and these users on it."""
    blueprint = replace(BLUEPRINT, users=users, lan=lan, **changes)
    return LanBench(blueprint, MemoryStore(), VirtualClock(now=1000.0))
