// The chat server as its clients see it: the HTTP API and the Socket.IO events, with the official client.

import { readOptions } from "./lib/options.mjs";
import { Report } from "./lib/report.mjs";
import { ChatServer } from "./lib/server.mjs";
import { startPostgres, startRedis } from "./lib/services.mjs";
import * as channels from "./parts/channels.mjs";
import * as durability from "./parts/durability.mjs";
import * as images from "./parts/images.mjs";
import * as instances from "./parts/instances.mjs";
import * as messages from "./parts/messages.mjs";
import * as notifications from "./parts/notifications.mjs";
import * as rest from "./parts/rest.mjs";
import * as rooms from "./parts/rooms.mjs";
import * as start from "./parts/start.mjs";
import * as tokens from "./parts/tokens.mjs";

const options = readOptions();
const report = new Report();
let nextPort = options.port;
const redis = await startRedis();
const postgres = await startPostgres();

const parts = [rest, tokens, rooms, messages, images, channels, notifications, durability, start];
for (const threads of [1, 4]) for (const part of parts) await runPart(part, { threads });
for (const part of [rest, rooms, messages, images, notifications, durability]) await runPart(part, { threads: 2, kind: "postgres" });
for (const adapter of ["redis", "redis-sharded", "redis-streams"]) {
  for (const threads of adapter === "redis-streams" ? [2] : [1, 2]) await runPart(instances, { threads, kind: "postgres", adapter });
}
await redis?.close();
await postgres?.close();
process.exitCode = report.finish();
// A connection that a failed check has left open must not keep the program.
process.exit();

/** Each part has a server, or several, with databases of their own. */
async function runPart(part, { threads, kind = "sqlite", adapter }) {
  const title = [part.name, kind === "postgres" && "PostgreSQL", adapter, `${threads} ${threads === 1 ? "thread" : "threads"}`]
    .filter(Boolean)
    .join(", ");
  if (!title.includes(options.only) || (threads > 1 && part.oneThreadIsEnough && kind === "sqlite")) return;
  if ((kind === "postgres" && !postgres) || (adapter && !redis)) {
    report.skip(title, "PostgreSQL or Redis is not installed; script/bootstrap --test installs them");
    return;
  }
  const servers = [];
  const newServer = (settings = {}) => {
    const words = ["--host", "127.0.0.1", "--threads", threads, ...(settings.words ?? [])];
    const database = settings.database ?? (kind === "postgres" ? postgres.newDatabase() : null);
    const server = new ChatServer(options.program, { ...settings, database, port: nextPort++, words });
    servers.push(server);
    return server;
  };
  const check = (name, body) => report.check(`${title}: ${name}`, body);
  await part
    .run({ check, newServer, kind, adapter, redis, postgres })
    .catch((error) => check("runs to its end", () => Promise.reject(error)));
  await check("its servers end well", () => Promise.all(servers.map((server) => server.close())));
}
