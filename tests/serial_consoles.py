"""People and programs at a serial line: in Basic Mode, in Terminal Mode."""

from __future__ import annotations

from baseboard.codes import AuthType, Privilege
from baseboard.commands.app.sessions import ActivateSession, GetSessionChallenge, GetSessionChallengeResponse
from baseboard.crypto.authcode import activation_code
from baseboard.links.serial_basic import BasicConsole, frame
from baseboard.rmcp.lan_message import LanMessage, unwrap, wrap_request
from tests.serial_line import Cable


class BasicTerminal:
    """A console in Basic Mode."""

    def __init__(self, cable: Cable) -> None:
        self.cable = cable
        self._console = BasicConsole()

    def raw(self, message: bytes) -> list[LanMessage]:
        """Messages that come back for one."""
        return self.read(self.cable.type(frame(message)))

    def read(self, data: bytes) -> list[LanMessage]:
        """The messages in what the BMC sent."""
        self._console.receive(data, 0.0)
        return [unwrap(one) for one in self._console.events()]

    def ask(self, netfn: int, cmd: int, data: bytes = b"", lun: int = 0) -> bytes:
        """Completion code and data of the answer to a request."""
        answers = self.raw(wrap_request(netfn, cmd, data, 5, rs_lun=lun))
        found = [one for one in answers if one.is_response]
        (message,) = found
        assert (message.netfn, message.cmd, message.rq_seq) == (netfn | 1, cmd, 5)
        return message.data

    def challenge(self, name: bytes, auth_type: int) -> GetSessionChallengeResponse:
        """Get Session Challenge."""
        request = GetSessionChallenge(auth_type=AuthType(auth_type), user_name=name.ljust(16, b"\0"))
        answer = self.ask(6, 0x39, request.encode())
        assert answer[0] == 0
        return GetSessionChallengeResponse.decode(answer[1:])

    def activate(self, code: bytes, auth_type: int = 2, privilege: int = 4) -> bytes:
        """Activate Session."""
        request = ActivateSession(
            auth_type=AuthType(auth_type),
            privilege=Privilege(privilege),
            challenge=code.ljust(16, b"\0"),
            outbound_sequence=1,
        )
        return self.ask(6, 0x3A, request.encode())

    def login(
        self, name: bytes = b"admin", password: bytes = b"adminpw", auth_type: int = 2, privilege: int = 4
    ) -> bytes:
        """The answer to Activate Session."""
        told = self.challenge(name, auth_type)
        code = activation_code(auth_type, password, told.session_id, told.challenge)
        return self.activate(code, auth_type, privilege)


class Typist:
    """Somebody at a terminal; echo is taken away from what is shown."""

    def __init__(self, cable: Cable) -> None:
        self.cable = cable

    def type(self, text: str) -> str:
        """What is shown after a line was typed, without its echo and the newline that ends it."""
        line = f"[{text}]"
        shown = self.cable.type(f"{line}\r".encode()).decode()
        return shown.removeprefix(f"{line}\r\n").removesuffix("\r\n")
