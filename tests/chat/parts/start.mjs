import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdirSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { json } from "node:stream/consumers";

export const name = "start";
export const oneThreadIsEnough = true;

export async function run({ check, newServer }) {
  const refuses = async (server, words, expected) => {
    const { code } = await server.launch(words);
    if (code === null) await server.end();
    assert.ok(code > 0, `it must not start: ${server.output}`);
    assert.match(server.output, expected);
    assert.match(server.output, /^aerie-chat: /);
    // One line; the settings that are wrong have one each below it.
    assert.ok(server.output.trim().split("\n").slice(1).every((line) => line.startsWith("  set ")), server.output);
  };

  await check("it says where it listens, in one line", async () => {
    const server = newServer();
    await server.start();
    assert.match(server.output, new RegExp(`^aerie-chat listening on http://127.0.0.1:${server.port}$`, "m"));
    assert.equal(statSync(`${server.database}.secret`).mode & 0o777, 0o600);
  });

  await check("it serves the page, and its assets for a year", async () => {
    const server = newServer();
    const page = join(server.directory, "page");
    mkdirSync(join(page, "assets"), { recursive: true });
    writeFileSync(join(page, "index.html"), "<!doctype html><title>chat</title>");
    writeFileSync(join(page, "assets/index-1.js"), "export {}");
    await server.start("--page", page);
    const root = await fetch(server.url);
    assert.match(await root.text(), /<title>chat/);
    const deep = await fetch(`${server.url}/rooms/5`, { headers: { Accept: "text/html" } });
    assert.equal(deep.status, 200);
    const asset = await fetch(`${server.url}/assets/index-1.js`);
    assert.match(asset.headers.get("cache-control"), /immutable/);
  });

  await check("traces go where the environment says", async () => {
    const spans = [];
    const collector = createServer(async (request, response) => {
      for (const { scopeSpans } of (await json(request)).resourceSpans) spans.push(...scopeSpans[0].spans);
      response.end("{}");
    }).listen(0, "127.0.0.1");
    await once(collector, "listening");
    const endpoint = `http://127.0.0.1:${collector.address().port}`;
    const server = newServer({ env: { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint } });
    await server.start();
    await fetch(`${server.url}/api/rooms`);
    // What waits is sent before the end.
    await server.end("SIGTERM");
    collector.close();
    assert.deepEqual(spans.map((span) => span.name), ["GET /api/rooms"]);
    await refuses(newServer({ env: { OTEL_EXPORTER_OTLP_ENDPOINT: "nowhere" } }), [], /use a URL such as http/);
  });

  await check("options that are unknown or impossible stop the start with the remedy", async () => {
    const server = newServer();
    await refuses(server, ["--prot", "1"], /--help/);
    await refuses(server, ["--threads", "0"], /./);
    await refuses(server, ["--token-ttl", "0"], /set TOKEN_TTL to a value between 1 and/);
    await refuses(server, ["--client-url", "localhost"], /http:\/\/localhost:5173/);
    await refuses(server, ["--page", "/nowhere"], /npm run build/);
    await refuses(server, ["--log-level", "loud"], /set LOG_LEVEL to .*debug.*info/);
  });

  await check("a short secret, a taken port and an unusable directory stop the start with the remedy", async () => {
    await refuses(newServer({ env: { JWT_SECRET: "short" } }), [], /JWT_SECRET has 5 bytes.*openssl rand -hex 32/);
    const first = newServer();
    await first.start();
    const second = newServer({ words: ["--port", first.port] });
    await refuses(second, [], /port/i);
    const lost = newServer();
    await refuses(lost, ["--host", "256.1.1.1"], /256\.1\.1\.1/);
  });

  await check("a second instance on the same SQLite file does not start, and is told of PostgreSQL", async () => {
    const first = newServer();
    await first.start();
    const second = newServer({ database: first.database });
    await refuses(second, [], /another aerie-chat uses the database.*--db postgres:\/\//);
    // A lock that a killed one has left behind is none.
    await first.end("SIGKILL");
    await second.start();
  });

  await check("it says whether it is alive and ready", async () => {
    const server = newServer();
    await server.start();
    assert.equal((await fetch(`${server.url}/live`)).status, 200);
    const ready = await fetch(`${server.url}/ready`);
    assert.equal(ready.status, 200);
    assert.equal((await ready.json()).parts.database.status, "up");
  });

  await check("a damaged database stops the start with a sentence", async () => {
    const server = newServer();
    writeFileSync(server.database, "this is no database".repeat(500));
    await refuses(server, [], /chat\.db is damaged.*restore it from a backup/);
  });
}
