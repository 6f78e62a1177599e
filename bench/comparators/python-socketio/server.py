"""The contract of bench_server on python-socketio: asyncio on uvloop, with uvicorn and websockets.

Everything has its defaults but compression, which uvicorn alone would agree to.
"""

import argparse
import socket

import socketio
import uvicorn

io = socketio.AsyncServer(async_mode="asgi")
room_of: dict[str, str] = {}


@io.event
async def connect(sid: str, _environ: dict, _auth: dict) -> None:
    room_of[sid] = "bench"


@io.event
async def disconnect(sid: str, _reason: str) -> None:
    del room_of[sid]


@io.on("echo")
async def echo(_sid: str, *arguments):
    return arguments


@io.on("join")
async def join(sid: str, room: str) -> None:
    room_of[sid] = room
    await io.enter_room(sid, room)


@io.on("msg")
async def message(sid: str, payload) -> None:
    await io.emit("msg", payload, room=room_of[sid])


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=0)
    listener = socket.create_server(("127.0.0.1", parser.parse_args().port))
    application = socketio.ASGIApp(io)
    config = uvicorn.Config(application, log_level="warning", ws_per_message_deflate=False)
    print(f"listening on http://127.0.0.1:{listener.getsockname()[1]}", flush=True)
    uvicorn.Server(config).run(sockets=[listener])


main()
