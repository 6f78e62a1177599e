#!/usr/bin/env python3
"""python-socketio as a server that speaks what tests/client/interop.test.mjs needs of tests/conformance/FIXTURE.md.

    PYTHONPATH=build/interop/python tests/client/others/python_server.py --port 3000

One namespace differs: this server answers a namespace that it does not have with a message of its own.
"""

import argparse
import asyncio
import json
import math

import socketio
import uvicorn

NAMESPACES = ["/", "/custom", "/admin", "/bye"]
BYE = "/bye"


def as_answer(args):
    """What a handler returns for an acknowledgement with these arguments."""
    return tuple(args)


class Server:
    def __init__(self, options):
        self.io = socketio.AsyncServer(
            async_mode="asgi",
            # It tells clients whole seconds only.
            ping_interval=math.ceil(options.ping_interval / 1000),
            ping_timeout=math.ceil(options.ping_timeout / 1000),
            max_http_buffer_size=1_000_000,
        )
        self.app = socketio.ASGIApp(self.io, other_asgi_app=self.on_request)
        for namespace in NAMESPACES:
            self.serve(namespace)

    def serve(self, namespace):
        async def connected(sid, _environ, auth=None):
            if namespace == "/admin" and (auth or {}).get("token") != "secret":
                raise socketio.exceptions.ConnectionRefusedError("not authorized", {"code": 401})
            if namespace == BYE:
                self.io.start_background_task(self.say_bye, sid)

        async def echo(_sid, *args):
            return as_answer(args)

        async def message(sid, *args):
            await self.io.emit("message-back", as_answer(args), to=sid, namespace=namespace)

        # This server's handlers answer once, whatever they do.
        async def ack_twice(_sid):
            return 1

        async def ack_after(_sid, milliseconds, value):
            await asyncio.sleep(milliseconds / 1000)
            return as_answer([value])

        async def count(sid, number, size):
            for i in range(number):
                await self.io.emit("count", (i, "x" * size), to=sid, namespace=namespace)

        async def do(sid, command, *args):
            return {"ok": await self.run(command, args, sid, namespace)}

        handlers = {
            "connect": connected,
            "echo": echo,
            "message": message,
            "ack-twice": ack_twice,
            "ack-after": ack_after,
            "count": count,
            "do": do,
        }
        for event, handler in handlers.items():
            self.io.on(event, handler, namespace=namespace)

    async def say_bye(self, sid):
        await self.io.emit("bye", to=sid, namespace=BYE)
        await self.io.disconnect(sid, namespace=BYE)

    async def run(self, command, args, sid, namespace):
        what = command["do"]
        if what == "info":
            return {"id": sid, "conn": {"transport": self.io.transport(sid, namespace)}}
        if what != "emit":
            raise ValueError(f"unknown command {what}")
        to = None if command.get("from") == "io" else sid
        if not command.get("ack"):
            return await self.io.emit(command["event"], as_answer(args), to=to, namespace=namespace)
        answer = await self.io.call(command["event"], as_answer(args), to=to, namespace=namespace, timeout=10)
        return {"err": None, "responses": list(answer) if isinstance(answer, tuple) else [answer]}

    async def on_request(self, scope, receive, send):
        """What is not Socket.IO's: POST /__do."""
        if scope["type"] != "http" or scope["path"] != "/__do":
            raise ValueError(f"unexpected {scope['type']} {scope.get('path')}")
        body = b""
        more = True
        while more:
            part = await receive()
            body += part.get("body", b"")
            more = part.get("more_body", False)
        command = json.loads(body)
        answer = json.dumps({"ok": await self.run(command, command.get("args", []), None, "/")}).encode()
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(answer)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": answer})


class Listener(uvicorn.Server):
    """Says when it listens, and ends on SIGTERM as a program that was asked to."""

    async def startup(self, sockets=None):
        await super().startup(sockets=sockets)
        print(f"listening on http://127.0.0.1:{self.config.port}", flush=True)

    def handle_exit(self, sig, frame):
        super().handle_exit(sig, frame)
        self._captured_signals.clear()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--ping-interval", type=int, default=25_000)
    parser.add_argument("--ping-timeout", type=int, default=20_000)
    parser.add_argument("--threads", type=int, default=1, help="ignored: it has one")
    options = parser.parse_args()
    config = uvicorn.Config(
        Server(options).app,
        host="127.0.0.1",
        port=options.port,
        lifespan="off",
        log_level="error",
        timeout_graceful_shutdown=1,
    )
    Listener(config).run()


if __name__ == "__main__":
    main()
