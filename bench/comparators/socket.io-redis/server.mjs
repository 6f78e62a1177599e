// The official server with the official adapters: --redis URL --adapter redis|redis-sharded.
import { createServer } from "node:http";
import { createAdapter, createShardedAdapter } from "@socket.io/redis-adapter";
import { createClient } from "redis";
import { Server } from "socket.io";
import { announce, fulfil, option, port } from "../contract.mjs";

const pub = createClient({ url: option("redis") });
const sub = pub.duplicate();
await Promise.all([pub.connect(), sub.connect()]);
const adapter = option("adapter") === "redis" ? createAdapter(pub, sub) : createShardedAdapter(pub, sub);

const http = createServer();
fulfil(new Server(http, { adapter }));
http.listen(port, "127.0.0.1", () => announce(http.address().port));
