import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { call, refusal, socketOf } from "../lib/person.mjs";
import { sleep, until } from "../../conformance/lib/wait.mjs";

export const name = "tokens";

const secret = "a secret for tests, 32 bytes long or more";
const base64url = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");

/** A token's claims, changed and signed again. */
function forged(token, change, { alg = "HS256", key = secret } = {}) {
  const claims = JSON.parse(Buffer.from(token.split(".")[1], "base64url"));
  const content = `${base64url({ alg, typ: "JWT" })}.${base64url({ ...claims, ...change })}`;
  return `${content}.${alg === "none" ? "" : createHmac("sha256", key).update(content).digest("base64url")}`;
}

export async function run({ check, newServer }) {
  const server = newServer({ env: { JWT_SECRET: secret }, words: ["--token-ttl", 3, "--token-grace", 1] });
  await server.start();
  const ann = await server.person("Ann");

  await check("a socket without a token is refused", async () => {
    for (const auth of [undefined, {}, { token: "" }, { token: null }]) {
      const error = await refusal(server.url, auth);
      assert.equal(error.message, "MISSING_TOKEN");
      assert.deepEqual(error.data, { code: "MISSING_TOKEN", retry: false });
    }
  });

  await check("a socket with a token that is not ours is refused, as are requests", async () => {
    const bad = [
      "nonsense",
      5,
      `${ann.token}x`,
      forged(ann.token, {}, { key: "another secret of thirty-two bytes" }),
      forged(ann.token, {}, { alg: "none" }),
      forged(ann.token, { aud: "another database" }),
      forged(ann.token, { sub: 1 }),
      forged(ann.token, { exp: undefined }),
    ];
    for (const token of bad) {
      const error = await refusal(server.url, { token });
      assert.equal(error.message, "INVALID_TOKEN", token);
      assert.deepEqual(error.data, { code: "INVALID_TOKEN", retry: false });
      assert.equal((await call(server.url, "GET", "/api/me", { token })).body.code, "INVALID_TOKEN", token);
    }
  });

  await check("a page of a foreign origin gets no socket, one of ours and our own do", async () => {
    const fresh = await server.person("Ann");
    const connects = async (origin) => {
      const socket = socketOf(server.url, { token: fresh.token }, { extraHeaders: { Origin: origin } });
      const outcome = await new Promise((resolve) => {
        socket.on("connect", () => resolve(true));
        socket.on("connect_error", () => resolve(false));
      });
      socket.disconnect();
      return outcome;
    };
    assert.equal(await connects("http://evil.example"), false);
    assert.equal(await connects("http://localhost:5173"), true);
    assert.equal(await connects(server.url), true);
  });

  await check("a token that expires while connected is told, and ends the connection after the grace", async () => {
    const bob = await server.person("Bob");
    const expires = Date.parse(bob.expiresAt);
    const tab = await bob.open([1]);
    const ended = new Promise((resolve) => tab.socket.once("disconnect", (reason) => resolve([reason, Date.now()])));
    const told = await tab.hears("tokenExpired");
    assert.deepEqual(told, { code: "EXPIRED_TOKEN", retry: true });
    assert.ok(tab.socket.connected, "still connected for the grace");
    const [reason, at] = await ended;
    assert.equal(reason, "io server disconnect");
    assert.ok(at >= expires + 950 && at < expires + 3_000, `${at - expires} ms after the end of the token`);

    const error = await refusal(server.url, { token: bob.token });
    assert.equal(error.message, "EXPIRED_TOKEN");
    assert.deepEqual(error.data, { code: "EXPIRED_TOKEN", retry: true });
    const { status, body } = await bob.call("GET", "/api/me");
    assert.deepEqual([status, body.code], [401, "EXPIRED_TOKEN"]);
  });

  await check("an expired token that was changed is invalid", async () => {
    await sleep(Math.max(0, Date.parse(ann.expiresAt) - Date.now() + 50));
    assert.equal((await refusal(server.url, { token: ann.token })).message, "EXPIRED_TOKEN");
    assert.equal((await refusal(server.url, { token: `${ann.token}x` })).message, "INVALID_TOKEN");
  });

  await check("tokens survive a restart, with a given secret and with a kept one", async () => {
    const keeper = newServer({ words: ["--token-ttl", 60] });
    for (const each of [server, keeper]) {
      if (each === keeper) await each.start();
      const carl = await each.person("Carl");
      await each.end("SIGTERM");
      await each.start();
      const again = await carl.open([1]);
      assert.ok(again.socket.connected);
      assert.deepEqual((await carl.call("GET", "/api/me")).body, { user: carl.user });
      await until(() => again.socket.connected, "connected");
      again.close();
    }
  });
}
