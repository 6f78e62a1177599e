// The official server with the official adapters: --redis URL --adapter redis|redis-sharded|redis-streams, and
// --recovery SECONDS.
import { createServer } from "node:http";
import { createAdapter, createShardedAdapter } from "@socket.io/redis-adapter";
import { createAdapter as createStreamsAdapter } from "@socket.io/redis-streams-adapter";
import { createClient } from "redis";
import { Server } from "socket.io";
import { announce, fulfil, option, port } from "../contract.mjs";

const pub = createClient({ url: option("redis") });
const sub = pub.duplicate();
await Promise.all([pub.connect(), sub.connect()]);
const adapters = {
  redis: () => createAdapter(pub, sub),
  "redis-sharded": () => createShardedAdapter(pub, sub),
  "redis-streams": () => createStreamsAdapter(pub),
};

const http = createServer();
const recovery = process.argv.includes("--recovery") && {
  connectionStateRecovery: { maxDisconnectionDuration: Number(option("recovery")) * 1000, skipMiddlewares: false },
};
fulfil(new Server(http, { adapter: adapters[option("adapter")](), ...recovery }));
http.listen(port, "127.0.0.1", () => announce(http.address().port));
