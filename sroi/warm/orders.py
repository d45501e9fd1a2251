"""An order for a run, as it goes from process to process: its length, itself as JSON, and the files that go with it."""

from __future__ import annotations

import array
import json
import os
import socket
import struct
from collections.abc import Mapping, Sequence
from typing import Any

_LENGTH = struct.Struct("!I")
_MOST_FILES = 8


def send_order(connection: socket.socket, order: Mapping[str, Any], fds: Sequence[int]) -> None:
    """Send an order; `order["fds"]` names the files, in their order. OSError if nobody takes it."""
    body = json.dumps(order).encode("utf-8")
    rights = (socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", fds))
    connection.sendmsg([_LENGTH.pack(len(body))], [rights])
    connection.sendall(body)


def received_order(connection: socket.socket) -> tuple[dict[str, Any], list[int]]:
    """Return an order and the files that came with it; EOFError or ValueError if it did not come whole."""
    fds = array.array("i")
    head, extras, _, _ = connection.recvmsg(_LENGTH.size, socket.CMSG_LEN(_MOST_FILES * fds.itemsize))
    for level, kind, content in extras:
        if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
            fds.frombytes(content[: len(content) - len(content) % fds.itemsize])
    try:
        order = _body(connection, head)
        if len(order["fds"]) != len(fds):
            raise ValueError("the order's files did not come with it")
    except BaseException:
        for number in fds:
            os.close(number)
        raise
    return order, list(fds)


def _body(connection: socket.socket, head: bytes) -> dict[str, Any]:
    if len(head) < _LENGTH.size:
        raise EOFError("there is no order")
    (length,) = _LENGTH.unpack(head)
    body = bytearray()
    while len(body) < length:
        more = connection.recv(min(length - len(body), 1 << 20))
        if not more:
            raise EOFError("the order broke off")
        body += more
    order: dict[str, Any] = json.loads(body)
    return order
