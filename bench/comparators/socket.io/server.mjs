// The official server with its default WebSocket engine, ws.
import { createServer } from "node:http";
import { Server } from "socket.io";
import { announce, fulfil, port } from "../contract.mjs";

const http = createServer();
fulfil(new Server(http));
http.listen(port, "127.0.0.1", () => announce(http.address().port));
