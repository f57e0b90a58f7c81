"""A relay that counts: how many datagrams a console sends for what it does."""

from __future__ import annotations

import selectors
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from bench.peers import Server

_LARGEST = 2048
_LOOK = 0.1


@contextmanager
def counted(server: Server) -> Iterator[tuple[Server, Callable[[], int]]]:
    """Stand in front of a server while the block lasts.

    Yields: where consoles send to, and what tells how many datagrams they have sent.
    """
    front = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    front.bind(("127.0.0.1", 0))
    sent = [0]
    over = threading.Event()

    def work() -> None:
        # Each console speaks to the server by a socket of its own.
        behind: dict[tuple[str, int], socket.socket] = {}
        with selectors.DefaultSelector() as waiting:
            waiting.register(front, selectors.EVENT_READ)
            while not over.is_set():
                for key, _ in waiting.select(_LOOK):
                    if key.fileobj is not front:
                        front.sendto(behind[key.data].recv(_LARGEST), key.data)
                        continue
                    data, console = front.recvfrom(_LARGEST)
                    if console not in behind:
                        behind[console] = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
                        behind[console].connect((server.address, server.port))
                        waiting.register(behind[console], selectors.EVENT_READ, console)
                    sent[0] += 1
                    behind[console].send(data)
        for one in (front, *behind.values()):
            one.close()

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield replace(server, port=front.getsockname()[1], addresses=1), lambda: sent[0]
    finally:
        over.set()
        thread.join()
