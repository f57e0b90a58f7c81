"""Why a login fails: the stages of a login, walked one by one, each with a finding and what to do about it.

A password that was refused is not tried a second time: BMCs lock users out.
"""

from __future__ import annotations

import asyncio
import enum
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from baseboard.client.bmc import Bmc
from baseboard.client.inquiry import Inquiry
from baseboard.client.login import SUITES_BY_ITSELF, check, log_in
from baseboard.client.pipelining import WORTH_IT, learned_depth
from baseboard.client.sockets import find, peer_at
from baseboard.codes import Privilege
from baseboard.commands.app.sessions import GetSessionInfo, GetSessionInfoResponse
from baseboard.errors import (
    BaseboardError,
    ConsentNeeded,
    CredentialTooLong,
    KeyRefused,
    LoginError,
    LoginRefused,
    NoSessionSlot,
    PasswordRefused,
    RoleRefused,
    SuiteRefused,
    Unreachable,
    UserRefused,
)
from baseboard.rmcp.discovery import Form
from baseboard.rmcp.flight import Pace

if TYPE_CHECKING:
    from baseboard.client.lan import LanInterface
    from baseboard.client.settings import Settings
    from baseboard.client.sockets import Place
    from baseboard.commands.app.channels import (
        GetChannelAuthenticationCapabilitiesResponse as Capabilities,
    )
    from baseboard.rmcp.asf import Pong

WEAK: Final = frozenset({0, 1, 2, 6, 7, 11, 15, 16})
"""Cipher suites without encryption, or without anything."""


class Stage(enum.Enum):
    """A step of a login."""

    CREDENTIALS = "what one logs in with"
    NAME = "name resolution"
    PING = "presence ping"
    IPMI = "IPMI"
    V15 = "IPMI v1.5"
    V20 = "IPMI v2.0"
    SUITES = "cipher suites offered"
    SUITE = "cipher suite accepted"
    USER = "user and password"
    KEY = "K_G"
    ROLE = "privilege level of the login"
    PRIVILEGE = "privilege level of the session"
    SLOTS = "session slots"
    QUIRKS = "departures from the specification"
    DEPTH = "requests under way"


class Verdict(enum.Enum):
    """How a stage went."""

    GOOD = "ok"
    NOTE = "note"
    BAD = "failed"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found at a stage.

    Attributes:
        stage: where.
        verdict: how it went.
        text: what was found.
        advice: what to do; empty where nothing is.
    """

    stage: Stage
    verdict: Verdict
    text: str
    advice: str = ""


_STAGES: Final[tuple[tuple[type[LoginError], Stage], ...]] = (
    (KeyRefused, Stage.KEY),
    (LoginRefused, Stage.USER),
    (RoleRefused, Stage.ROLE),
    (SuiteRefused, Stage.SUITE),
    (NoSessionSlot, Stage.SLOTS),
    (ConsentNeeded, Stage.QUIRKS),
    (CredentialTooLong, Stage.CREDENTIALS),
    (Unreachable, Stage.IPMI),
)


async def examine(settings: Settings, tell: Callable[[Finding], None] | None = None) -> list[Finding]:
    """Walk the stages of a login over the network, up to the first that fails.

    Args:
        settings: as for `connect`, of interface ``lanplus`` or ``lan``.
        tell: called with each finding as soon as it is one; a stage may take seconds.
    """
    return await _Examination(settings, tell).run()


class _Examination:
    def __init__(self, settings: Settings, tell: Callable[[Finding], None] | None) -> None:
        self.settings = settings
        self.findings: list[Finding] = []
        self._tell = tell
        self._silent = False

    def note(self, stage: Stage, verdict: Verdict, text: str, advice: str = "") -> None:
        finding = Finding(stage, verdict, text, advice)
        self.findings.append(finding)
        if self._tell is not None:
            self._tell(finding)

    def failed(self, error: LoginError) -> None:
        stage = next((stage for kind, stage in _STAGES if isinstance(error, kind)), Stage.IPMI)
        self.note(stage, Verdict.BAD, str(error), error.hint)

    async def run(self) -> list[Finding]:
        settings = self.settings
        try:
            check(settings)
            self.note(Stage.CREDENTIALS, Verdict.GOOD, "name, password and key have lengths that IPMI allows")
            place = await find(settings.host, settings.port, settings.family)
        except LoginError as error:
            self.note(
                Stage.NAME if isinstance(error, Unreachable) else Stage.CREDENTIALS,
                Verdict.BAD,
                str(error),
                error.hint,
            )
            return self.findings
        self.note(Stage.NAME, Verdict.GOOD, f"{settings.host} is {place[1][0]}")
        await self._before_login(place)
        await self._login()
        return self.findings

    # ---- before the login

    async def _before_login(self, place: Place) -> None:
        """Ask what needs none; silence decides nothing, since some BMCs know Open Session only."""
        pace = Pace(self.settings.timeout, 0.0, 2)
        inquiries = {form: Inquiry(peer_at(place), pace, form=form) for form in (Form.V15, Form.V20)}
        try:
            said = await self._asked(inquiries)
        finally:
            for inquiry in inquiries.values():
                inquiry.close()
        capabilities = said[Form.V15] or said[Form.V20]
        if capabilities is None:
            text = "no answer to Get Channel Authentication Capabilities in either wrapper"
            self.note(Stage.IPMI, Verdict.NOTE, text)
            return
        wrappers = " and ".join(
            name for form, name in ((Form.V15, "v1.5"), (Form.V20, "RMCP+")) if said[form] is not None
        )
        self.note(Stage.IPMI, Verdict.GOOD, f"it answers in the wrapper of {wrappers}")
        self._versions(capabilities)
        if capabilities.has_extended and capabilities.supports_v20:
            await self._suites(place, pace)

    async def _asked(self, inquiries: dict[Form, Inquiry]) -> dict[Form, Capabilities | None]:
        """Ask everything at once, so that a silent address costs the time of one question."""
        level = self.settings.privilege
        async with asyncio.TaskGroup() as group:
            asked = {
                form: group.create_task(inquiry.capabilities(level)) for form, inquiry in inquiries.items()
            }
            self._pinged(await inquiries[Form.V15].ping(self.settings.timeout))
        said = {form: task.result() for form, task in asked.items()}
        self._silent = not any(inquiry.answered for inquiry in inquiries.values())
        if not self._silent:
            # QUIRK Q-ONEBUF: of packets that come together some BMCs keep one.
            for form, inquiry in inquiries.items():
                said[form] = said[form] or await inquiry.capabilities(level)
        return said

    def _pinged(self, pong: Pong | None) -> None:
        if pong is None:
            self.note(Stage.PING, Verdict.NOTE, "no pong; many BMCs and firewalls keep it back")
            return
        text = "IPMI is supported" if pong.supports_ipmi else "it does not say that IPMI is supported"
        self.note(Stage.PING, Verdict.GOOD, f"pong: {text}")

    def _versions(self, said: Capabilities) -> None:
        over_lan = self.settings.interface == "lan"
        offers_v15 = bool(said.auth_types) and (said.supports_v15 or not said.has_extended)
        offers_v20 = said.has_extended and said.supports_v20
        for stage, offered, wanted, other in (
            (Stage.V15, offers_v15, over_lan, "lanplus"),
            (Stage.V20, offers_v20, not over_lan, "lan"),
        ):
            if offered:
                self.note(stage, Verdict.GOOD, f"the BMC says that it offers {stage.value}")
            elif wanted:
                # It may lie, so the login is tried all the same.
                advice = f"if the login fails, use interface={other!r}"
                self.note(stage, Verdict.NOTE, f"the BMC says that it does not offer {stage.value}", advice)
        if said.anonymous_login:
            advice = "switch the user without name and password off"
            self.note(Stage.USER, Verdict.NOTE, "anybody may log in without name and password", advice)
        if offers_v20 and said.kg_set and not any(self.settings.kg):
            self.note(Stage.KEY, Verdict.NOTE, "the BMC says that it has a K_G", "give it: kg=")

    async def _suites(self, place: Place, pace: Pace) -> None:
        inquiry = Inquiry(peer_at(place), pace)
        try:
            listed = await inquiry.suites()
        finally:
            inquiry.close()
        if not listed:
            self.note(Stage.SUITES, Verdict.NOTE, "the BMC does not list its cipher suites")
            return
        numbers = sorted({record.id for record in listed if record.id is not None})
        text = ", ".join(map(str, numbers)) or "algorithms without numbers"
        weak = sorted(WEAK.intersection(numbers))
        advice = f"switch off those that do not encrypt: {', '.join(map(str, weak))}" if weak else ""
        self.note(Stage.SUITES, Verdict.NOTE if weak else Verdict.GOOD, text, advice)

    # ---- the login itself

    async def _login(self) -> None:
        settings = self.settings
        if settings.interface == "lan" or settings.cipher_suite is not None:
            suites: tuple[int | None, ...] = (settings.cipher_suite,)
        else:
            suites = SUITES_BY_ITSELF
        last: LoginError | None = None
        # Where nothing at all answered, one packet a suite tells whether the login does: a BMC that answers
        # that one is waited for longer by the login itself.
        retries = 0 if self._silent else min(settings.retries, 2)
        for number in suites:
            try:
                interface = await log_in(replace(settings, cipher_suite=number, retries=retries))
            except (SuiteRefused, NoSessionSlot, Unreachable) as error:
                last = error
                if number is not None and number != suites[-1] and not self._silent:
                    self.note(Stage.SUITE, Verdict.NOTE, f"suite {number}: {error}")
                continue
            except LoginError as error:
                self._refused(error, number)
                return
            try:
                await self._in_session(interface, number)
            finally:
                await interface.close()
            return
        if last is not None:
            self.failed(last)

    def _refused(self, error: LoginError, number: int | None) -> None:
        if number is not None and error.stage != "Open Session":
            self.note(Stage.SUITE, Verdict.GOOD, f"suite {number}")
        if isinstance(error, KeyRefused):
            self.note(Stage.USER, Verdict.GOOD, "the BMC knows the user and the password")
        elif isinstance(error, LoginRefused) and not isinstance(error, UserRefused | PasswordRefused):
            text = f"{error}; the BMC does not tell which of the two"
            self.note(Stage.USER, Verdict.BAD, text, error.hint)
            return
        self.failed(error)

    async def _in_session(self, interface: LanInterface, number: int | None) -> None:
        settings = self.settings
        if number is not None:
            self.note(Stage.SUITE, Verdict.GOOD, f"suite {number}")
        self.note(Stage.USER, Verdict.GOOD, "the login succeeded")
        if any(settings.kg):
            self.note(Stage.KEY, Verdict.GOOD, "K_G is right")
        wanted, granted = Privilege(settings.privilege), Privilege(interface.privilege)
        if granted < wanted:
            text = f"{granted.name} instead of {wanted.name}"
            self.note(
                Stage.PRIVILEGE, Verdict.NOTE, text, "the user, or the channel, is limited to that level"
            )
        else:
            self.note(Stage.PRIVILEGE, Verdict.GOOD, granted.name)
        for symptom in sorted(interface.symptoms):
            self.note(Stage.QUIRKS, Verdict.NOTE, f"{symptom} was borne")
        await self._slots(interface)
        if settings.learn:
            depth = await learned_depth(Bmc(interface, settings), WORTH_IT)
            self.note(Stage.DEPTH, Verdict.GOOD, f"{depth} at a time")

    async def _slots(self, interface: LanInterface) -> None:
        request, patience = GetSessionInfo(), self.settings.patience
        try:
            answer = await interface.exchange(
                request.command.netfn, request.command.cmd, request.encode(), timeout=patience
            )
            if answer[0]:
                self.note(Stage.SLOTS, Verdict.NOTE, f"Get Session Info is answered by {answer[0]:02X}h")
                return
            info = GetSessionInfoResponse.decode(answer[1:])
        except BaseboardError as error:
            self.note(Stage.SLOTS, Verdict.NOTE, f"Get Session Info: {error}")
            return
        free = info.slots - info.active_sessions
        text = f"{info.active_sessions} of {info.slots} sessions are in use, this one included"
        advice = "" if free > 0 else "close sessions that nobody uses, or wait until they time out"
        self.note(Stage.SLOTS, Verdict.GOOD if free > 0 else Verdict.NOTE, text, advice)
