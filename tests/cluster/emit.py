#!/usr/bin/env python3
"""Sends an event to a room, with nothing but a Redis client: see docs/redis-format.md.

    emit.py URL NAMESPACE ROOM EVENT TEXT
"""

import struct
import sys

import redis


def pack(value):
    """The MessagePack of what JSON can say, https://github.com/msgpack/msgpack/blob/master/spec.md."""
    if value is None:
        return b"\xc0"
    if isinstance(value, bool):
        return b"\xc3" if value else b"\xc2"
    if isinstance(value, int):
        return b"\xd3" + struct.pack(">q", value)
    if isinstance(value, float):
        return b"\xcb" + struct.pack(">d", value)
    if isinstance(value, str):
        text = value.encode()
        return b"\xdb" + struct.pack(">I", len(text)) + text
    if isinstance(value, list):
        return b"\xdd" + struct.pack(">I", len(value)) + b"".join(map(pack, value))
    members = [pack(key) + pack(member) for key, member in value.items()]
    return b"\xdf" + struct.pack(">I", len(members)) + b"".join(members)


def emit(client, namespace, room, event, *args):
    packet = {"type": 2, "data": [event, *args], "nsp": namespace}
    options = {"rooms": [room], "flags": {}, "except": []}
    client.publish(f"socket.io#{namespace}#{room}#", pack(["emitter", packet, options]))


url, namespace, room, event, text = sys.argv[1:]
emit(redis.Redis.from_url(url), namespace, room, event, text)
