"""Messages between a run and the engine, over one pair of sockets.

Every packet is whole by the kernel's own doing (SOCK_SEQPACKET), so threads of a notebook, and processes that it forks,
may send at once; a long message goes in several packets and is put together again. A sender that is killed leaves at
most a message that is never complete, and harms no other.
"""

from __future__ import annotations

import itertools
import os
import socket
import struct
from collections.abc import Iterator

_HEAD = struct.Struct("!IIB")  # process, number of its message, whether more of it follows
_LARGEST = 60_000  # bytes in one packet, well below the least buffer that a system gives a socket
_PARTS = 256  # messages that may be under way at once


def pair() -> tuple[socket.socket, socket.socket]:
    """Return the two ends of a new channel."""
    return socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)


class Packets:
    """Cuts messages into packets, and puts packets together again."""

    def __init__(self) -> None:
        self._numbers = itertools.count()
        self._parts: dict[tuple[int, int], list[bytes]] = {}

    def cut(self, message: bytes) -> Iterator[bytes]:
        """Yield the packets of a message."""
        sender, number = os.getpid() & 0xFFFFFFFF, next(self._numbers) & 0xFFFFFFFF
        for start in range(0, max(len(message), 1), _LARGEST):
            more = start + _LARGEST < len(message)
            yield _HEAD.pack(sender, number, more) + message[start : start + _LARGEST]

    def join(self, packet: bytes) -> bytes | None:
        """Take one packet; return the message that it completes, None if more of it is to come."""
        sender, number, more = _HEAD.unpack_from(packet)
        parts = self._parts.setdefault((sender, number), [])
        parts.append(packet[_HEAD.size :])
        if more:
            if len(self._parts) > _PARTS:  # left behind by senders that were killed
                del self._parts[next(iter(self._parts))]
            return None
        del self._parts[(sender, number)]
        return b"".join(parts)


def received(end: socket.socket) -> bytes | None:
    """Return the next packet at an end of a channel; None if the other end is closed."""
    try:
        return end.recv(_LARGEST + _HEAD.size) or None
    except (ConnectionResetError, BrokenPipeError):
        return None
