"""How one logs in: which suites, levels and authentication types are tried, in which order, and when to stop.

* RMCP+ tries suite 17, then 3, and never a weaker one unless it is named.
* Any refusal of Open Session means "try the next suite", whatever its status says; silence means so too, if
  the BMC has answered something else meanwhile.
* A password that was refused is not tried again, with no suite: BMCs lock users out.
* What the BMC says that it offers is asked for only when a first Open Session was not accepted, and never
  waited for: BMCs ignore the question, or lie. It only makes the error's hint better.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from baseboard.client.lan import LanInterface
from baseboard.client.quirks import consented, named_by, told
from baseboard.client.sockets import find, peer_at
from baseboard.codes import AuthType, Cc, Privilege
from baseboard.crypto.suites import SUITES
from baseboard.errors import (
    CredentialTooLong,
    LoginError,
    LoginRefused,
    NoSessionSlot,
    RoleRefused,
    SuiteRefused,
    Unreachable,
)
from baseboard.rmcp.console import Phase
from baseboard.rmcp.console_v20 import ConsoleV20
from baseboard.rmcp.flight import Pace
from baseboard.rmcp.login import Login, Quirks
from baseboard.transports import waiting

if TYPE_CHECKING:
    import asyncio

    from baseboard.client.inquiry import Inquiry
    from baseboard.client.settings import Settings
    from baseboard.client.sockets import Place
    from baseboard.commands.app.channels import (
        GetChannelAuthenticationCapabilitiesResponse as Capabilities,
    )
    from baseboard.crypto.suites import SuiteRecord
    from baseboard.rmcp.console import Console

SUITES_BY_ITSELF: Final = (17, 3)
"""The cipher suites that are tried when none is named, the best first."""

LONGEST_NAME: Final = 16
LONGEST_PASSWORD: Final = {"lan": 16}
"""Bytes, by interface; 20 elsewhere (§22.30)."""

_LONGEST_KEY: Final = 20
_OPEN_SESSION: Final = Phase.OPEN_SESSION.value
_AT_ONCE: Final = 2
_MORE_IF_KNOWN: Final = 3
_HIGHEST: Final = 0
_LAST_WORD: Final = 0.5
_CAPABILITIES: Final = "Get Channel Authentication Capabilities"
_BY_STRENGTH: Final = (AuthType.MD5, AuthType.MD2, AuthType.PASSWORD, AuthType.NONE)


def check(settings: Settings) -> None:
    """See that what one logs in with fits the protocol, before anything is sent.

    Raises:
        CredentialTooLong: a name, a password or a key is too long.
        SuiteRefused: there is no such cipher suite or authentication type.
        RoleRefused: there is no such privilege level.
    """
    longest = LONGEST_PASSWORD.get(settings.interface, _LONGEST_KEY)
    for what, value, limit in (
        ("user name", settings.username, LONGEST_NAME),
        ("password", settings.password, longest),
        ("K_G", settings.kg, _LONGEST_KEY),
    ):
        if len(value) > limit:
            text = f"a {what} has at most {limit} bytes over {settings.interface}, this one has {len(value)}"
            raise CredentialTooLong("before the login", None, text)
    if settings.cipher_suite is not None and settings.cipher_suite not in SUITES:
        raise SuiteRefused("before the login", None, f"there is no cipher suite {settings.cipher_suite}")
    if settings.auth_type is not None:
        from baseboard.rmcp.console_v15 import AUTH_TYPES  # who logs in by v2.0 needs nothing of v1.5

        if settings.auth_type not in AUTH_TYPES:
            text = f"authentication type {settings.auth_type} cannot log in"
            raise SuiteRefused("before the login", None, text)
    if not Privilege.CALLBACK <= settings.privilege <= Privilege.OEM:
        raise RoleRefused("before the login", None, f"privilege level {settings.privilege} is not 1-5")


async def log_in(settings: Settings) -> LanInterface:
    """Open a session over the network.

    Raises:
        LoginError: why not.
    """
    check(settings)
    place = await find(settings.host, settings.port, settings.family)
    attempt = _LoginV15(settings, place) if settings.interface == "lan" else _LoginV20(settings, place)
    try:
        try:
            return await attempt.run()
        except NoSessionSlot:
            # Somebody else's session may end, or one of ours whose end the BMC has not yet noticed.
            await waiting.sleep(settings.timeout)
            return await attempt.run()
    except LoginError as error:
        told(settings.quirks, error)
        raise


class _LoginBase:
    """What the logins of both versions have in common."""

    def __init__(self, settings: Settings, place: Place) -> None:
        self._settings, self._place = settings, place
        self._pace = Pace(settings.timeout, min(settings.timeout, 1.0), settings.retries + 1)
        self._login = Login(
            username=settings.username,
            password=settings.password,
            kg=settings.kg,
            privilege=settings.privilege,
            name_only=settings.name_only,
            keep_lower=True,
        )

    async def _open(self, console: Console, name: str, *, fresh: bool = False) -> LanInterface:
        """Try one login.

        Args:
            fresh: from a port that the BMC has not seen.

        Raises:
            ConsentNeeded: it failed for a departure that nobody allowed.
            LoginError: why else it failed.
        """
        interface = LanInterface(name, console, peer_at(self._place, fresh=fresh), self._pace)
        try:
            await interface.open()
        except LoginError as error:
            raise named_by(console.symptoms, error) or error from None
        return interface

    def _other_levels(self, login: Login) -> list[Login]:
        """Logins to try when a level below Administrator was refused: the level of the login alone differs.

        QUIRK Xyratex HB-F8: only the user's own limit is accepted; QUIRK early Tyan: only the suite's. §13.20
        has any level up to the limit. The session is brought to the level that was asked for all the same.
        """
        if login.asked is not None or login.privilege >= Privilege.ADMINISTRATOR:
            return []
        return [login.replace(asked=int(Privilege.ADMINISTRATOR))]


class _LoginV20(_LoginBase):
    """Suite after suite."""

    def __init__(self, settings: Settings, place: Place) -> None:
        super().__init__(settings, place)
        chosen = settings.cipher_suite
        self._suites = SUITES_BY_ITSELF if chosen is None else (chosen,)
        self._inquiry: Inquiry | None = None
        self._capabilities: asyncio.Task[Capabilities | None] | None = None
        self._listed: asyncio.Task[list[SuiteRecord] | None] | None = None

    async def run(self) -> LanInterface:
        """Try what there is to try; see `log_in`."""
        try:
            return await self._every_level()
        except LoginError as error:
            await self._explain(error)
            raise
        finally:
            self._stop_asking()

    async def _every_level(self) -> LanInterface:
        try:
            return await self._every_suite(self._login)
        except RoleRefused:
            others = self._other_levels(self._login)
            if not others:
                raise
            if len(self._suites) == 1:
                others.append(self._login.replace(asked=_HIGHEST))
            for place, other in enumerate(others):
                try:
                    return await self._every_suite(other)
                except RoleRefused:
                    if place == len(others) - 1:
                        raise
            raise

    async def _every_suite(self, login: Login) -> LanInterface:
        refusals: list[LoginError] = []
        for number in self._suites:
            try:
                return await self._patiently(login, number)
            except LoginRefused:
                raise
            except LoginError as error:
                if error.stage != _OPEN_SESSION:
                    raise
                refusals.append(error)
                self._ask()
        raise self._what_they_say(refusals)

    def _what_they_say(self, refusals: list[LoginError]) -> LoginError:
        """One error for all suites: what is not about suites says more, and the best suite's comes first."""
        if self._others_answered() and all(isinstance(error, Unreachable) for error in refusals):
            return SuiteRefused(_OPEN_SESSION, None, "the BMC answers, but not to RMCP+ Open Session")
        told = [error for error in refusals if not isinstance(error, Unreachable)] or refusals
        return next((error for error in told if not isinstance(error, SuiteRefused)), told[0])

    async def _patiently(self, login: Login, number: int) -> LanInterface:
        """Try a suite; of a BMC that is silent to Open Session and to that alone, no longer than needed.

        One that has answered it is tried longer, since then it is the network that loses packets.
        """
        done, known = 0, False
        while True:
            attempts = _AT_ONCE if known else min(self._pace.attempts - done, _AT_ONCE)
            done += attempts
            console = ConsoleV20(
                login,
                SUITES[number],
                os.urandom,
                pace=self._pace.replace(attempts=attempts),
                quirks=consented(self._settings.quirks),
                keep_alive=self._settings.keep_alive,
                tag=os.urandom(1)[0],
            )
            try:
                return await self._open(console, "lanplus")
            except Unreachable:
                known = known or console.bmc_session_id != 0
                most = self._pace.attempts * (_MORE_IF_KNOWN if known else 1)
                if done >= most or (not known and self._others_answered()):
                    raise
                self._ask()

    # ---- what the BMC says that it offers

    def _ask(self) -> None:
        """Ask for it in both wrappers, at the same time as the next Open Session goes out."""
        from baseboard.client.inquiry import Inquiry

        if self._inquiry is None:
            self._inquiry = Inquiry(peer_at(self._place), self._pace)
            self._capabilities = waiting.task(self._inquiry.capabilities(self._settings.privilege))
            self._listed = waiting.task(self._inquiry.suites())

    def _others_answered(self) -> bool:
        return self._inquiry is not None and self._inquiry.answered

    def _stop_asking(self) -> None:
        for task in (self._capabilities, self._listed):
            if task is not None:
                task.cancel()
        if self._inquiry is not None:
            self._inquiry.close()
        self._inquiry = self._capabilities = self._listed = None

    async def _explain(self, error: LoginError) -> None:
        """Put what the BMC said into the hint of an error of Open Session."""
        if error.stage != _OPEN_SESSION or self._capabilities is None or self._listed is None:
            return
        if self._others_answered() or not isinstance(error, Unreachable):
            # Nothing is lost by this wait: the login has failed.
            await waiting.settled([self._capabilities, self._listed], min(self._pace.timeout, _LAST_WORD))
        said = self._capabilities.result() if self._capabilities.done() else None
        listed = self._listed.result() if self._listed.done() else None
        if said is not None and not (said.has_extended and said.supports_v20):
            error.hint = "the BMC says that it has IPMI v1.5 alone: use interface='lan'"
        elif listed and isinstance(error, SuiteRefused):
            numbers = sorted(record.id for record in listed if record.id is not None)
            error.hint = (
                f"the BMC says that it offers cipher suites {', '.join(map(str, numbers))}; choose one "
                "with cipher_suite="
            )


class _LoginV15(_LoginBase):
    """The best authentication type that the BMC offers."""

    async def run(self) -> LanInterface:
        """Try what there is to try; see `log_in`."""
        auth_type = self._settings.auth_type
        if auth_type is None:
            auth_type = await self._best()
        quirks = consented(self._settings.quirks)
        try:
            return await self._try(self._login, auth_type, quirks)
        except Unreachable as error:
            if error.stage == Phase.GET_SESSION_CHALLENGE.value:
                # QUIRK Intel SR870BN4: ignores a repeated Get Session Challenge from a port that it knows.
                return await self._try(self._login, auth_type, quirks, fresh=True)
            if error.stage != Phase.SET_PRIVILEGE.value or quirks.always_authenticate:
                raise
            # QUIRK IBM 325, Supermicro H8QME: say that they want no AuthCodes, and ignore packets without.
            return await self._try(self._login, auth_type, quirks.replace(always_authenticate=True))
        except LoginError as error:
            # QUIRK Xyratex HB-F8: refuses any level but the user's own limit, with D4h at this place.
            refused = isinstance(error, RoleRefused) or error.status == Cc.INSUFFICIENT_PRIVILEGE
            others = self._other_levels(self._login) if refused else []
            if not others:
                raise
            return await self._try(others[0], auth_type, quirks)

    async def _try(
        self, login: Login, auth_type: int, quirks: Quirks, *, fresh: bool = False
    ) -> LanInterface:
        from baseboard.rmcp.console_v15 import ConsoleV15

        console = ConsoleV15(
            login,
            auth_type,
            os.urandom,
            pace=self._pace,
            quirks=quirks,
            keep_alive=self._settings.keep_alive,
        )
        return await self._open(console, "lan", fresh=fresh)

    async def _best(self) -> int:
        """Ask the BMC what it offers at this level; MD5 if it does not say.

        Raises:
            SuiteRefused: it offers nothing.
            Unreachable: it does not answer.
        """
        from baseboard.client.inquiry import Inquiry

        inquiry = Inquiry(peer_at(self._place), self._pace)
        try:
            said = await inquiry.capabilities(self._settings.privilege)
            answered = inquiry.answered
        finally:
            inquiry.close()
        if said is None and not answered:
            raise Unreachable(_CAPABILITIES, None, "no answer")
        if said is None:
            return AuthType.MD5
        for auth_type in _BY_STRENGTH:
            if said.auth_types & 1 << auth_type:
                return auth_type
        error = SuiteRefused(_CAPABILITIES, None, "the BMC offers no IPMI v1.5 login at this level")
        error.hint = "use interface='lanplus', IPMI v2.0" if said.supports_v20 else error.hint
        if said.auth_types & 1 << AuthType.OEM:
            error.hint = (
                f"the BMC wants a type of its maker's (Q-SUPERMICRO-OEM15), not supported; {error.hint}"
            )
        raise error
