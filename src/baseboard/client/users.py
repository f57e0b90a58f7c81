"""`bmc.users`: who may log in, and what each may do (§22.26-22.30), in the order that controllers accept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from baseboard.client.together import together, unless
from baseboard.codes import Cc, Privilege
from baseboard.commands.app.payload import (
    AccessOperation,
    GetUserPayloadAccess,
    SetUserPayloadAccess,
    StandardPayloads,
)
from baseboard.commands.app.users import (
    EnableStatus,
    GetUserAccess,
    GetUserName,
    PasswordOperation,
    SetUserAccess,
    SetUserName,
    SetUserPassword,
)
from baseboard.errors import CompletionError, EncodeError, NoEffect

if TYPE_CHECKING:
    from baseboard.client.bmc import Bmc
    from baseboard.commands.app.users import GetUserAccessResponse

Verify: TypeAlias = Literal["read", "login"]
"""How it is proven that a user was set up."""

HERE: Final = 0xE
"""The channel that the requests come in on."""

NAME_SIZE: Final = 16
SHORT, LONG = 16, 20
"""Bytes of the two kinds of passwords; the long kind is for IPMI v2.0 logins only."""

POLICY: Final = 0x8F
"""An OEM code of several makers for a password that their policy refuses."""

_NOBODY: Final = (Cc.INVALID_DATA, Cc.NOT_PRESENT, Cc.PARAMETER_OUT_OF_RANGE)
_MISSING_COMMAND: Final = (Cc.INVALID_COMMAND, Cc.NOT_SUPPORTED_IN_STATE)
_WRONG_LENGTH: Final = (Cc.INVALID_LENGTH, Cc.LENGTH_LIMIT_EXCEEDED, Cc.INVALID_DATA)


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """A user ID, and what it may do on a channel.

    Attributes:
        user_id: 1-63.
        name: empty for none; what is no text is shown as Latin 1.
        raw_name: the name's 16 bytes.
        channel: that the rest is about.
        privilege: the highest level; NO_ACCESS = none.
        messaging: IPMI messages are taken from this user.
        link: name and password serve to authenticate a PPP link.
        callback_only: the user may only be called back.
        status: whether the ID is enabled, where the controller tells.
        fixed_name: the name cannot be changed.
    """

    user_id: int
    name: str
    raw_name: bytes
    channel: int
    privilege: Privilege
    messaging: bool
    link: bool
    callback_only: bool
    status: EnableStatus
    fixed_name: bool

    @property
    def enabled(self) -> bool | None:
        """Whether the ID is enabled; None if the controller does not tell."""
        return None if self.status == EnableStatus.UNSPECIFIED else self.status == EnableStatus.ENABLED


@dataclass(frozen=True, slots=True, kw_only=True)
class UserList:
    """All user IDs of a channel.

    Attributes:
        users: every ID, those without a name too.
        max_users: the highest ID.
        enabled_users: how many the controller counts as enabled.
        fixed_names: how many IDs have names that cannot be changed.
    """

    users: tuple[User, ...]
    max_users: int
    enabled_users: int
    fixed_names: int


class Users:
    """The users of a controller."""

    def __init__(self, bmc: Bmc) -> None:
        self._bmc = bmc

    # ---- reading

    async def list(self, channel: int = HERE) -> UserList:
        """List all user IDs: two requests each, the first of which also tells how many there are."""
        first = await self._access(1, channel)

        async def ask(user_id: int) -> User:
            access = first if user_id == 1 else await self._access(user_id, channel)
            return _user(user_id, channel, access, await self.raw_name(user_id))

        users = await together(self._bmc, ask, range(1, first.max_users + 1))
        return UserList(
            users=tuple(users),
            max_users=first.max_users,
            enabled_users=first.enabled_users,
            fixed_names=first.fixed_names,
        )

    async def get(self, user_id: int, channel: int = HERE) -> User:
        """Ask about one user ID.

        Raises:
            CompletionError: there is no such ID.
        """
        access = await self._access(user_id, channel)
        return _user(user_id, channel, access, await self.raw_name(user_id))

    async def find(self, name: str, channel: int = HERE) -> User | None:
        """Find the first user of a name; None if there is none."""
        return next((user for user in (await self.list(channel)).users if user.name == name), None)

    async def raw_name(self, user_id: int) -> bytes:
        """Read a user's name as 16 bytes; an ID without one has zeros."""
        # QUIRK Q-NAMEFIRST Inventec, Supermicro X8DTH, Sun X4140: CCh for an ID without a name.
        found = await unless(self._bmc.execute(GetUserName(user_id=user_id)), *_NOBODY)
        return bytes(NAME_SIZE) if found is None else found.user_name

    async def _access(self, user_id: int, channel: int) -> GetUserAccessResponse:
        return await self._bmc.execute(GetUserAccess(channel=channel, user_id=user_id))

    async def payloads(self, user_id: int, channel: int = HERE) -> StandardPayloads:
        """Ask which payloads a user may use; SOL is one."""
        request = GetUserPayloadAccess(channel=channel, user_id=user_id)
        return (await self._bmc.execute(request)).standard

    # ---- changing

    async def create(
        self,
        name: str | bytes,
        password: str | bytes,
        privilege: Privilege = Privilege.OPERATOR,
        *,
        channel: int = HERE,
        user_id: int | None = None,
        sol: bool = True,
        size: int | None = None,
        verify: Verify = "read",
    ) -> User:
        """Make a user who can log in, in the one order that all controllers accept, and verify it.

        Args:
            name: 1-16 bytes.
            password: at most 20 bytes; more than 16 need IPMI v2.0 for each login.
            user_id: the ID to use; left out: the first that has no name and takes one.
            sol: let the user use Serial Over LAN, where the controller has that.
            size: 16 or 20, how the password is stored; left out: 16 if it fits and is accepted.
            verify: ``read``: ask for the user afterwards; ``login``: log in as that user too, over the
                network, which is the one proof with controllers that call every password right.

        Raises:
            CompletionError: refused; a note says at which step. The user is not enabled then.
            NoEffect: all was acknowledged, but the user is not what was asked for.
            LocalProtocolError: no ID is free.
        """
        _padded(_bytes(name), NAME_SIZE, "user name")
        _padded(_bytes(password), LONG, "password")
        number = await self._name_one(name, channel) if user_id is None else user_id
        await self._set_up(
            number, None if user_id is None else name, password, privilege, channel, sol=sol, size=size
        )
        user = await self._verified(number, channel, _bytes(name), privilege)
        if verify == "login" and not await self.can_log_in(name, password, privilege):
            raise NoEffect(f"user {number} was set up, but the controller does not let it log in")
        return user

    async def _set_up(
        self,
        number: int,
        name: str | bytes | None,
        password: str | bytes,
        privilege: Privilege,
        channel: int,
        *,
        sol: bool,
        size: int | None,
    ) -> None:
        """Take the steps in their order; a name of None is there already."""
        step = "name"
        try:
            if name is not None:
                await self.set_name(number, name)
            step = "password"
            await self.set_password(number, password, size=size)
            step = "access"
            # QUIRK Q-PRIVFIRST Supermicro: messaging is refused before the level is set.
            # QUIRK Q-CALLBACKBIT Gigabyte MD90: with the bit on, the user may not even log in over the LAN.
            await self.set_access(number, channel, privilege=privilege, messaging=False, callback_only=False)
            step = "messaging"
            await self.set_access(number, channel, privilege=privilege, messaging=True)
            step = "enable"
            await self.enable(number, channel)
            step = "SOL"
            if sol:
                await unless(self.set_payloads(number, StandardPayloads.SOL, channel), *_MISSING_COMMAND)
        except CompletionError as error:
            error.add_note(f"user {number}, step {step!r}")
            raise

    async def can_log_in(
        self, name: str | bytes, password: str | bytes, privilege: Privilege = Privilege.USER
    ) -> bool:
        """Log in as a user in a session of its own, and tell whether that is let in.

        One try: controllers lock users out. What a read-back or `test_password` says is not always true
        (Q-PWTEST, Q-USERIGN).

        Args:
            privilege: the level to ask for.

        Raises:
            LoginError: it could not be tried, for another reason than name, password or level.
            LocalProtocolError: this is no session over the network.
        """
        from dataclasses import replace

        from baseboard.client.login import log_in
        from baseboard.errors import LocalProtocolError, LoginRefused, RoleRefused

        settings = self._bmc.settings
        if settings.interface not in {"lanplus", "lan"}:
            raise LocalProtocolError("a login can be tried over the network only (interface lanplus or lan)")
        own = replace(
            settings,
            username=_bytes(name),
            password=_bytes(password),
            privilege=int(privilege),
            name_only=True,
        )
        try:
            session = await log_in(own)
        except (LoginRefused, RoleRefused):
            return False
        granted = session.privilege
        await session.close()
        return granted >= privilege

    async def _name_one(self, name: str | bytes, channel: int) -> int:
        """Find an ID that takes the name (Q-FIXEDNAME, Q-USER1: not every free one does)."""
        from baseboard.errors import LocalProtocolError

        known = await self.list(channel)
        for user in known.users[1:]:
            if user.name or user.fixed_name:
                continue
            if await unless(self._named(user.user_id, name), *_NOBODY, *_MISSING_COMMAND) is not None:
                return user.user_id
        raise LocalProtocolError(f"none of the {known.max_users} user IDs is free")

    async def _named(self, user_id: int, name: str | bytes) -> bool:
        await self.set_name(user_id, name)
        return True

    async def _verified(self, user_id: int, channel: int, name: bytes, privilege: Privilege) -> User:
        user = await self.get(user_id, channel)
        wrong = [
            text
            for right, text in (
                (user.raw_name.rstrip(b"\0") == name, "its name is another one"),
                (user.privilege == privilege, f"its level is {user.privilege.name}"),
                (user.messaging, "messaging is off"),
                (user.enabled is not False, "it is disabled"),
            )
            if not right
        ]
        if wrong:
            raise NoEffect(f"user {user_id} was set up, but {', '.join(wrong)}")
        return user

    async def set_name(self, user_id: int, name: str | bytes) -> None:
        """Name a user; an empty name frees the ID.

        Raises:
            EncodeError: it has more than 16 bytes.
        """
        padded = _padded(_bytes(name), NAME_SIZE, "user name")
        if await self.raw_name(user_id) == padded:
            return  # some controllers refuse the name that a user has
        await self._bmc.execute(SetUserName(user_id=user_id, user_name=padded))

    async def set_password(self, user_id: int, password: str | bytes, *, size: int | None = None) -> int:
        """Set a user's password.

        Args:
            size: 16 or 20, how it is stored; left out: 16 if it fits and is accepted, else 20.

        Returns: how it is stored.

        Raises:
            EncodeError: it is too long.
            CompletionError: refused; the text says so where a policy is the reason.
        """
        secret = _bytes(password)
        _padded(secret, size or LONG, "password")
        # QUIRK Q-PW20: controllers that take only the one or only the other form.
        sizes = [size] if size else [LONG] if len(secret) > SHORT else [SHORT, LONG]
        for number in sizes:
            request = SetUserPassword(
                twenty_bytes=number == LONG,
                user_id=user_id,
                operation=PasswordOperation.SET_PASSWORD,
                password=secret.ljust(number, b"\0"),
            )
            try:
                await self._bmc.execute(request)
            except CompletionError as error:
                if error.code in _WRONG_LENGTH and number != sizes[-1]:
                    continue
                # QUIRK Q-PWPOLICY Wistron C6220, Huawei and others: complexity rules.
                if error.code in {POLICY, Cc.INVALID_DATA}:
                    raise CompletionError(error.code, "refused by the controller's password policy") from None
                raise
            return number
        raise AssertionError("the last size returns or raises")

    async def test_password(self, user_id: int, password: str | bytes) -> int:
        """Test a password.

        Some controllers call any password right; a login is the better proof.

        Returns: 16 or 20, how it is stored; 0 if it is wrong.
        """
        secret = _bytes(password)
        _padded(secret, LONG, "password")
        for size in [LONG] if len(secret) > SHORT else [SHORT, LONG]:
            request = SetUserPassword(
                twenty_bytes=size == LONG,
                user_id=user_id,
                operation=PasswordOperation.TEST_PASSWORD,
                password=secret.ljust(size, b"\0"),
            )
            right = await unless(
                self._bmc.execute(request),
                SetUserPassword.TEST_FAILED,
                SetUserPassword.TEST_FAILED_SIZE,
                *((Cc.INVALID_LENGTH, Cc.LENGTH_LIMIT_EXCEEDED) if size == LONG else ()),
            )
            if right is not None:
                return size
        return 0

    async def enable(self, user_id: int, channel: int = HERE) -> None:
        """Enable a user ID."""
        await self._switch(user_id, channel, PasswordOperation.ENABLE_USER, EnableStatus.ENABLED)

    async def disable(self, user_id: int, channel: int = HERE) -> None:
        """Disable a user ID; sessions that it has may go on."""
        await self._switch(user_id, channel, PasswordOperation.DISABLE_USER, EnableStatus.DISABLED)

    async def _switch(
        self, user_id: int, channel: int, operation: PasswordOperation, wanted: EnableStatus
    ) -> None:
        # QUIRK Q-REDUNDANT: enabling an enabled user is answered by CCh.
        if (await self._access(user_id, channel)).enable_status == wanted:
            return
        error: CompletionError | None = None
        # QUIRK Q-PWNEEDED Sun X4140, Windmill: a password has to be there, which is not looked at.
        for size in (0, SHORT, LONG):
            request = SetUserPassword(
                twenty_bytes=size == LONG, user_id=user_id, operation=operation, password=bytes(size)
            )
            try:
                await self._bmc.execute(request)
            except CompletionError as refused:
                error = error or refused
                if refused.code not in _WRONG_LENGTH:
                    break
            else:
                return
        assert error is not None
        raise error

    async def set_access(
        self,
        user_id: int,
        channel: int = HERE,
        *,
        privilege: Privilege | None = None,
        messaging: bool | None = None,
        link: bool | None = None,
        callback_only: bool | None = None,
        session_limit: int | None = None,
    ) -> None:
        """Say what a user may do on a channel; what is left out stays as it is.

        All fields are written in one go: some controllers refuse a part (Q-PIECEMEAL).
        """
        now = await self._access(user_id, channel)
        level = now.privilege_limit if privilege is None else privilege
        request = SetUserAccess(
            channel=channel,
            user_id=user_id,
            privilege_limit=Privilege.NO_ACCESS if level == Privilege.RESERVED else level,
            messaging=now.messaging if messaging is None else messaging,
            link_authentication=now.link_authentication if link is None else link,
            callback_only=now.callback_only if callback_only is None else callback_only,
            session_limit=session_limit,
        )
        await self._bmc.execute(request)

    async def set_privilege(self, user_id: int, privilege: Privilege, channel: int = HERE) -> None:
        """Set a user's highest level, and verify it.

        Raises:
            NoEffect: acknowledged, but the level is another one (Q-USERIGN).
        """
        await self.set_access(user_id, channel, privilege=privilege)
        level = (await self._access(user_id, channel)).privilege_limit
        if level != privilege:
            raise NoEffect(f"user {user_id}: the level was set to {privilege.name} and is {level.name}")

    async def set_payloads(
        self, user_id: int, payloads: StandardPayloads, channel: int = HERE, *, allowed: bool = True
    ) -> None:
        """Let a user use payloads, or not; those not named stay as they are."""
        request = SetUserPayloadAccess(
            channel=channel,
            operation=AccessOperation.ENABLE if allowed else AccessOperation.DISABLE,
            user_id=user_id,
            standard=payloads,
        )
        await self._bmc.execute(request)

    async def delete(self, user_id: int, channel: int = HERE) -> None:
        """Take everything from a user: the ID is disabled, without access, and without a name.

        Raises:
            NoEffect: the user can still log in (Q-USER1, Q-USERIGN).
        """
        await self.disable(user_id, channel)
        await self.set_access(
            user_id, channel, privilege=Privilege.NO_ACCESS, messaging=False, link=False, callback_only=False
        )
        # Fixed names stay; so does user 1, who has none.
        if any(await self.raw_name(user_id)):
            await unless(self.set_name(user_id, b""), *_NOBODY, *_MISSING_COMMAND)
        left = await self._access(user_id, channel)
        if left.messaging and left.enable_status != EnableStatus.DISABLED:
            raise NoEffect(f"user {user_id} was deleted, but is enabled still")


def _user(user_id: int, channel: int, access: GetUserAccessResponse, raw_name: bytes) -> User:
    raw = raw_name.split(b"\0", 1)[0]
    try:
        name = raw.decode()
    except UnicodeDecodeError:
        name = raw.decode("latin-1")
    return User(
        user_id=user_id,
        name=name,
        raw_name=raw_name,
        channel=channel,
        privilege=access.privilege_limit,
        messaging=access.messaging,
        link=access.link_authentication,
        callback_only=access.callback_only,
        status=access.enable_status,
        # Fixed names are those of the first IDs, user 1 among them (Table 22-32).
        fixed_name=user_id <= access.fixed_names,
    )


def _bytes(value: str | bytes) -> bytes:
    return value.encode() if isinstance(value, str) else value


def _padded(value: bytes, size: int, what: str) -> bytes:
    if len(value) > size:
        raise EncodeError(f"{what}: {len(value)} bytes, at most {size} fit")
    return value.ljust(size, b"\0")
