// The official server with its default WebSocket engine, ws: [--deflate context|shared] compresses messages of 1 KiB and more;
// [--parser msgpack] writes packets in MessagePack.
import { createServer } from "node:http";
import { Server } from "socket.io";
import { announce, fulfil, option, port } from "../contract.mjs";

const http = createServer();
const perMessageDeflate = process.argv.includes("--deflate") && {
  threshold: 1024,
  serverNoContextTakeover: option("deflate") === "shared",
};
const parser = process.argv.includes("--parser") && { parser: (await import("socket.io-msgpack-parser")).default };
fulfil(new Server(http, { perMessageDeflate, ...parser }));
http.listen(port, "127.0.0.1", () => announce(http.address().port));
