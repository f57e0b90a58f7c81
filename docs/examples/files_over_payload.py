"""Files from a console to a BMC, over an OEM payload inside the session: a protocol of one's own, in full.

Datagrams get lost, doubled and overtaken, so the files have acknowledgements and hashes of their own:

    console -> BMC   "N" size (4) SHA-256 (32) name      a new file
                     "D" number (4) bytes                a block of it
    BMC -> console   "A" number (4)                      blocks there are, without a gap
                     "K"                                 the file is whole, its hash right, and it is stored
                     "X" reason                          it is not wanted

Numbers are little-endian. Run it, and it sends itself from a console to a BMC on loopback.
"""

from __future__ import annotations

import asyncio
import hashlib
import sys
import tempfile
from pathlib import Path

from baseboard import connect
from baseboard.bmc.backends.memory import SimulatedServer
from baseboard.bmc.blueprint import UserSpec
from baseboard.bmc.makeups import makeup
from baseboard.bmc.server import Place, Server
from baseboard.bmc.services.payloads import OemService, PayloadLink
from baseboard.client.bmc import Bmc
from baseboard.rmcp.payloads import OemPayload

IANA, FILES = 0, 0x0001
"""Whose payload it is: put your own enterprise number here."""

BLOCK = 512
WINDOW = 16
"""Blocks that are under way at a time."""

LARGEST = 16 << 20
"""Bytes of the largest file that the BMC takes."""


class FileReceiver(OemService):
    """The BMC's end: stores files in a folder.

    Args:
        folder: where they go; an existing file of that name is replaced.
    """

    payload = OemPayload(IANA, FILES, handle=0x20)
    largest = 5 + BLOCK
    privilege = 4

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._name, self._size, self._hash = "", 0, b""
        self._blocks: list[bytes] = []
        self._early: dict[int, bytes] = {}

    def deactivated(self, link: PayloadLink) -> None:
        """What is not whole by now never will be."""
        self._begin("", 0, b"")

    def received(self, link: PayloadLink, data: bytes) -> None:
        """A datagram of the console; each is answered, so that a lost answer is said again."""
        kind, number, rest = data[:1], int.from_bytes(data[1:5], "little"), data[5:]
        if kind == b"N" and len(rest) >= 32:
            self._announced(link, number, rest[:32], rest[32:])
        elif kind == b"D" and self._name:
            self._block(number, rest)
            self._answer(link)

    def _announced(self, link: PayloadLink, size: int, digest: bytes, name: bytes) -> None:
        text = name.decode("utf-8", "replace")
        if size > LARGEST or not text or text != Path(text).name or text.startswith("."):
            link.send(b"Xthis name or size is not wanted")
            return
        if (text, size, digest) != (self._name, self._size, self._hash):
            self._begin(text, size, digest)
        self._answer(link)

    def _begin(self, name: str, size: int, digest: bytes) -> None:
        self._name, self._size, self._hash = name, size, digest
        self._blocks, self._early = [], {}

    def _block(self, number: int, data: bytes) -> None:
        there = len(self._blocks)
        if there <= number < there + WINDOW:
            self._early[number] = data
        while len(self._blocks) in self._early:
            self._blocks.append(self._early.pop(len(self._blocks)))

    def _answer(self, link: PayloadLink) -> None:
        if len(self._blocks) < -(-self._size // BLOCK):
            link.send(b"A" + len(self._blocks).to_bytes(4, "little"))
            return
        content = b"".join(self._blocks)
        if len(content) != self._size or hashlib.sha256(content).digest() != self._hash:
            self._begin("", 0, b"")
            link.send(b"Xthe hash is wrong")
            return
        (self._folder / self._name).write_bytes(content)
        link.send(b"K")


class NotStoredError(Exception):
    """The BMC does not want a file, or does not answer."""


async def send_file(bmc: Bmc, path: Path, *, patience: float = 30.0, again: float = 0.2) -> None:
    """The console's end: send a file, and return when the BMC has stored it.

    Args:
        patience: seconds without progress after which it is given up.
        again: seconds after which what was not acknowledged is sent again.

    Raises:
        NotStoredError: it is not there.
    """
    content = path.read_bytes()  # noqa: ASYNC240 - an example, and a local file
    blocks = [content[at : at + BLOCK] for at in range(0, len(content), BLOCK)]
    start = b"N" + len(content).to_bytes(4, "little") + hashlib.sha256(content).digest() + path.name.encode()
    loop = asyncio.get_running_loop()
    async with bmc.payloads.open(iana=IANA, payload_id=FILES) as payload:
        there, sent, begun = 0, 0, False
        progress = loop.time()
        while loop.time() < progress + patience:
            if not begun:
                payload.send(start)
            while begun and sent < min(there + WINDOW, len(blocks)):
                payload.send(b"D" + sent.to_bytes(4, "little") + blocks[sent])
                sent += 1
            answer = await payload.receive(again)
            if answer is None:
                sent = there  # silence: something was lost; begin again behind what is there
                if there == len(blocks):
                    begun = False
            elif answer == b"K":
                return
            elif answer[:1] == b"X":
                raise NotStoredError(f"{path.name}: {answer[1:].decode(errors='replace')}")
            else:
                number = int.from_bytes(answer[1:5], "little")
                if not begun or number > there:
                    begun, there, progress = True, number, loop.time()
                    sent = max(sent, there)
    raise NotStoredError(f"{path.name}: no progress for {patience:g} s")


async def main() -> None:
    """Send this file from a console to a BMC, both in this process."""
    password = "an example's"  # noqa: S105 - it is one
    with tempfile.TemporaryDirectory() as folder:
        server = Server()
        user = UserSpec(2, b"admin", password.encode())
        blueprint = makeup(0, "files", bytes(16), users=(user,), powered=True)
        running = server.add(blueprint, SimulatedServer, Place("127.0.0.1", 0))
        running.controller.services.payloads.register(FileReceiver(Path(folder)))
        try:
            async with connect(
                "127.0.0.1", port=running.port, username="admin", password=password, learn=False
            ) as bmc:
                await bmc.payloads.set_access(2, 0x20, enabled=True)
                await send_file(bmc, Path(__file__))
            stored = (Path(folder) / Path(__file__).name).read_bytes()
            sys.stdout.write(f"{len(stored)} bytes, SHA-256 {hashlib.sha256(stored).hexdigest()}\n")
        finally:
            await server.close()


if __name__ == "__main__":
    asyncio.run(main())
