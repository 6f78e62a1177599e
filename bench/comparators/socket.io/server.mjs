// The official server with its default WebSocket engine, ws: [--deflate context|shared] compresses messages of 64 B and more;
// [--parser msgpack] writes packets in MessagePack; [--certificate FILE --key FILE] makes it HTTPS.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { Server } from "socket.io";
import { announce, fulfil, option, port } from "../contract.mjs";

const secure = process.argv.includes("--certificate");
const http = secure
  ? createSecureServer({ cert: readFileSync(option("certificate")), key: readFileSync(option("key")) })
  : createServer();
const perMessageDeflate = process.argv.includes("--deflate") && {
  threshold: 64,
  serverNoContextTakeover: option("deflate") === "shared",
};
const parser = process.argv.includes("--parser") && { parser: (await import("socket.io-msgpack-parser")).default };
fulfil(new Server(http, { perMessageDeflate, ...parser }));
http.listen(port, "127.0.0.1", () => announce(http.address().port));
